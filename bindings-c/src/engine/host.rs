//! The host's functions, and the ports that call them.

use std::cell::Cell;
use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish_documents::ports::{
    BytesAnswer, BytesPort, DocumentPort, HostFailure, TimePort,
};

use super::replies::{self, Awaited};

/// The host's ports. The library calls them from threads of its own, several at once, and never while a
/// function of this library holds anything: callbacks may call every function, but for `now`, from which
/// `cp_engine_call` and `cp_engine_run` are refused. No callback may throw, or jump out with `longjmp`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CpPorts {
    /// What every function is given. It must be usable from any thread.
    pub context: *mut c_void,
    /// Asks `port` for `method` with a document and, from `transport`, the body of the request. What it is
    /// given lives until it returns. It answers with `cp_reply`, `cp_refuse` or `cp_fail`, at once or
    /// later; `reply` is 0 where no answer is waited for.
    pub call: Option<
        unsafe extern "C" fn(
            context: *mut c_void,
            port: *const c_char,
            method: *const c_char,
            request: *const u8,
            request_len: usize,
            body: *const u8,
            body_len: usize,
            reply: u64,
        ),
    >,
    /// The present in milliseconds since 1970 (UTC), at once. Only the clock `host` calls it; may be
    /// null otherwise.
    pub now: Option<unsafe extern "C" fn(context: *mut c_void) -> i64>,
    /// Called once, when the engine was closed and the last callback has returned; on any thread. May be
    /// null.
    pub release: Option<unsafe extern "C" fn(context: *mut c_void)>,
}

thread_local! {
    static WITHIN_NOW: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is in the host's `now`: it may be the one that everything else waits for.
pub(super) fn is_within_now() -> bool {
    WITHIN_NOW.get()
}

/// A host, for as long as anything may call it.
pub(super) struct Host {
    table: CpPorts,
    number: u64,
    is_closed: AtomicBool,
    keeps_context: AtomicBool,
}

// SAFETY: the functions are plain code, and that `context` may be used from any thread is what the caller
// of `cp_engine_open` promises.
unsafe impl Send for Host {}
// SAFETY: as above, and several threads at once.
unsafe impl Sync for Host {}

impl Host {
    pub(super) fn new(table: CpPorts) -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self {
            table,
            number: LAST.fetch_add(1, Ordering::Relaxed),
            is_closed: AtomicBool::new(false),
            keeps_context: AtomicBool::new(false),
        }
    }

    /// Which host it is, in this process.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    pub(super) const fn can_be_called(&self) -> bool {
        self.table.call.is_some()
    }

    pub(super) const fn has_time(&self) -> bool {
        self.table.now.is_some()
    }

    /// From here on the context is the library's, to be released.
    pub(super) fn keep_context(&self) {
        self.keeps_context.store(true, Ordering::SeqCst);
    }

    /// Asks the host for nothing more that it would have to answer.
    pub(super) fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        replies::fail_all(self.number);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::SeqCst)
    }

    /// Calls the host on this thread.
    pub(super) fn call(&self, port: &CStr, method: &CStr, request: &str, body: &[u8], reply: u64) {
        let Some(call) = self.table.call else {
            return;
        };
        let body_start = match body.is_empty() {
            true => ptr::null(),
            false => body.as_ptr(),
        };
        // SAFETY: the function and its context are as the caller of `cp_engine_open` promised; what is
        // handed over lives until it returns.
        unsafe {
            call(
                self.table.context,
                port.as_ptr(),
                method.as_ptr(),
                request.as_ptr(),
                request.len(),
                body_start,
                body.len(),
                reply,
            );
        }
    }

    fn now(&self) -> Option<i64> {
        let now = self.table.now?;
        WITHIN_NOW.set(true);
        // SAFETY: the function and its context are as the caller of `cp_engine_open` promised.
        let millis = unsafe { now(self.table.context) };
        WITHIN_NOW.set(false);
        Some(millis)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let (true, Some(release)) = (*self.keeps_context.get_mut(), self.table.release) {
            // SAFETY: the function and its context are as the caller of `cp_engine_open` promised, and
            // nobody is left who could call it again.
            unsafe { release(self.table.context) };
        }
    }
}

/// One of the host's ports.
#[derive(Clone)]
pub(super) struct Port {
    pub(super) host: Arc<Host>,
    pub(super) name: &'static CStr,
    /// How long an answer is waited for; whatever is asked through something with a deadline of its own, or
    /// may take for ever, has none.
    pub(super) within: Option<Duration>,
}

/// The store's long wait, which ends when work arrives.
const UNLIMITED: &str = "workArrived";

impl Port {
    async fn ask(
        &self,
        method: &str,
        request: String,
        body: Vec<u8>,
    ) -> Result<BytesAnswer, HostFailure> {
        let unreadable = |_| HostFailure::thrown("the method's name holds a NUL");
        let (host, name, called) = (
            Arc::clone(&self.host),
            self.name,
            CString::new(method).map_err(unreadable)?,
        );
        let mut awaited = Awaited::new(&host)?;
        let reply = awaited.number();
        // A thread on which the host may block, and call the engine.
        tokio::task::spawn_blocking(move || {
            // Nothing is begun for those who gave up: a request that is sent counts as unanswered already.
            if replies::is_awaited(reply) {
                host.call(name, &called, &request, &body, reply);
            }
        });
        match self.within.filter(|_| method != UNLIMITED) {
            Some(within) => tokio::time::timeout(within, awaited.answer())
                .await
                .unwrap_or_else(|_| Err(HostFailure::thrown("the host didn't answer in time"))),
            None => awaited.answer().await,
        }
    }
}

#[async_trait]
impl DocumentPort for Port {
    async fn call(&self, method: &'static str, request: String) -> Result<String, HostFailure> {
        let answer = self.ask(method, request, Vec::new()).await?;
        Ok(answer.head)
    }
}

/// Exchanges bytes by one method.
pub(super) struct Exchange {
    pub(super) port: Port,
    pub(super) method: &'static str,
}

#[async_trait]
impl BytesPort for Exchange {
    async fn exchange(&self, head: String, body: Vec<u8>) -> Result<BytesAnswer, HostFailure> {
        self.port.ask(self.method, head, body).await
    }
}

/// The host's time.
pub(super) struct Time(pub(super) Port);

#[async_trait]
impl TimePort for Time {
    fn now_millis(&self) -> i64 {
        // It is there: `ports` refuses a clock without it.
        self.0.host.now().unwrap_or_default()
    }

    async fn sleep_millis(&self, millis: u64) {
        let request = format!(r#"{{"millis":{millis}}}"#);
        if self.0.ask("sleep", request, Vec::new()).await.is_err() {
            // A host that can't wait is waited for, so that nobody runs in circles.
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
    }
}
