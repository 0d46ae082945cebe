//! An engine with the threads that it works on.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use calendar_publish::Error;
use calendar_publish::error::Measure;
use calendar_publish::operation::read_document;
use calendar_publish_documents::Engine;
use futures_util::future::{Either, select};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::watch;

use super::host::{CpPorts, Host, is_within_now};
use super::options::EngineOptions;
use super::ports;
use crate::status::{CpStatus, Failure};

/// Threads that carry connections and timers. Calls work on the threads that made them.
const WORKER_THREADS: usize = 2;

/// The most callbacks and blocking calls at once. Each belongs to a job under way or to a call of the
/// host's, which are what bounds them: were there fewer threads, callbacks that call the engine could wait
/// for each other.
const MAX_BLOCKING_THREADS: usize = 60_000;

/// How long calls under way have to end after a close, and how long a close waits for threads to end.
const CLOSING_GRACE: Duration = Duration::from_secs(10);

pub(crate) struct HeldEngine {
    engine: Engine,
    host: Option<Arc<Host>>,
    is_closed: watch::Sender<bool>,
    // The last field: what the engine drops may still need it.
    runtime: Threads,
}

impl HeldEngine {
    pub(super) fn open(options: &str, table: Option<CpPorts>) -> Result<Self, Failure> {
        let options: EngineOptions = read_document(options)?;
        let runtime = Threads::start()?;
        let host = table.map(|table| Arc::new(Host::new(table)));
        let (ports, settings) = {
            // Clients and queues that are made here belong to the runtime.
            let _inside = runtime.handle().enter();
            ports::chosen(options, host.as_ref())?
        };
        let engine = Engine::new(ports, settings).map_err(|error| error.under("engine"))?;
        if let Some(host) = &host {
            host.keep_context();
        }
        Ok(Self {
            engine,
            host,
            is_closed: watch::Sender::new(false),
            runtime,
        })
    }

    pub(super) fn call(&self, name: &str, input: &str) -> Result<Vec<u8>, Failure> {
        let answer = self.finish(self.engine.call(name, input))?;
        Ok(answer.into_bytes())
    }

    pub(super) fn run(&self) -> Result<Vec<u8>, Failure> {
        let running = self.engine.run();
        if *self.is_closed.borrow() {
            // The close came between finding the handle and beginning to run.
            self.stop();
        }
        let report = self.finish(running)?;
        serde_json::to_vec(&report).map_err(|_| CpStatus::CpPanic.into())
    }

    pub(super) fn stop(&self) {
        self.engine.stop();
    }

    /// Ends what other threads are in; the handle is gone already.
    pub(crate) fn close(&self) {
        self.is_closed.send_replace(true);
        self.stop();
        if let Some(host) = &self.host {
            host.close();
        }
    }

    /// Works on the thread that called, for as long as the engine is open and a little longer.
    fn finish<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Failure> {
        if is_within_now() {
            return Err(CpStatus::CpReentered.into());
        }
        let mut closed = self.is_closed.subscribe();
        let overdue = async move {
            // A sender that is gone counts as well.
            let _ = closed.wait_for(|is_closed| *is_closed).await;
            tokio::time::sleep(CLOSING_GRACE).await;
        };
        self.runtime.handle().block_on(async {
            match select(pin!(work), pin!(overdue)).await {
                Either::Left((answer, _)) => Ok(answer?),
                Either::Right(_) => Err(CpStatus::CpClosed.into()),
            }
        })
    }
}

/// The runtime. It ends wherever the last holder of the engine is: in a close, in a call that outlived it,
/// or in a callback.
struct Threads(Option<Runtime>, Handle);

impl Threads {
    fn start() -> Result<Self, Failure> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(WORKER_THREADS)
            .max_blocking_threads(MAX_BLOCKING_THREADS)
            .thread_name("calendar-publish")
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| {
            Error::new(calendar_publish::Code::LibraryFailed)
                .measured(Measure::text(error.to_string()))
        })?;
        let handle = runtime.handle().clone();
        Ok(Self(Some(runtime), handle))
    }

    const fn handle(&self) -> &Handle {
        &self.1
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        let Some(runtime) = self.0.take() else {
            return;
        };
        if Handle::try_current().is_ok() {
            // A callback's own thread would wait for itself.
            runtime.shutdown_background();
        } else {
            runtime.shutdown_timeout(CLOSING_GRACE);
        }
    }
}
