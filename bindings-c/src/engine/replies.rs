//! The host's replies: each is a number that is used once, wherever and whenever.

use std::ffi::c_char;

use calendar_publish_documents::ports::{BytesAnswer, HostFailure};
use tokio::sync::oneshot::{Receiver, Sender, channel};

use super::host::Host;
use crate::guard;
use crate::memory::{bytes, reason, text};
use crate::numbered::Numbered;
use crate::status::{CpStatus, Failure};

type Answer = Result<BytesAnswer, HostFailure>;

struct Open {
    /// Which host was asked.
    host: u64,
    answer: Sender<Answer>,
}

static REPLIES: Numbered<Open> = Numbered::new();

/// A reply that is waited for. Whoever stops waiting closes it.
pub(super) struct Awaited {
    number: u64,
    answer: Receiver<Answer>,
}

impl Awaited {
    /// A reply for `host`, or that it was closed.
    pub(super) fn new(host: &Host) -> Result<Self, HostFailure> {
        let (sender, answer) = channel();
        let number = REPLIES.keep(Open {
            host: host.number(),
            answer: sender,
        });
        let awaited = Self { number, answer };
        // Asked after the reply is there: a close fails those that it finds.
        if host.is_closed() {
            return Err(closed());
        }
        Ok(awaited)
    }

    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    pub(super) async fn answer(&mut self) -> Answer {
        (&mut self.answer).await.unwrap_or_else(|_| Err(closed()))
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        REPLIES.take(self.number);
    }
}

fn closed() -> HostFailure {
    HostFailure::thrown("the engine was closed")
}

/// Whether somebody still waits for the reply.
pub(super) fn is_awaited(number: u64) -> bool {
    REPLIES.has(number)
}

/// Fails every open reply of `host`.
pub(super) fn fail_all(host: u64) {
    drop(REPLIES.take_all(|open| open.host == host));
}

fn give(number: u64, answer: Answer) -> Result<(), Failure> {
    let open = REPLIES.take(number).ok_or(CpStatus::CpClosed)?;
    open.answer
        .send(answer)
        .map_err(|_| CpStatus::CpClosed.into())
}

/// Answers a callback: with the port's document and, for `transport` and `media`, bytes. Both are copied.
/// It may be called within the callback or later, from any thread, once: afterwards, and when the engine
/// waits no more, it is `CP_CLOSED`.
///
/// # Safety
/// `document` has `document_len` bytes, `body` has `body_len`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_reply(
    reply: u64,
    document: *const u8,
    document_len: usize,
    body: *const u8,
    body_len: usize,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (document, body) = unsafe { (text(document, document_len), bytes(body, body_len)) };
    guard::done(|| {
        let answer = BytesAnswer {
            head: document?.to_owned(),
            body: body?.to_vec(),
        };
        give(reply, Ok(answer))
    })
}

/// Refuses what a callback asked, with a document of the port's own failures or an error document. What the
/// port doesn't know counts as `cp_fail`.
///
/// # Safety
/// `document` has `document_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_refuse(
    reply: u64,
    document: *const u8,
    document_len: usize,
) -> CpStatus {
    // SAFETY: the caller's promise.
    let document = unsafe { text(document, document_len) };
    guard::done(|| give(reply, Err(HostFailure::refused(document?))))
}

/// Says that a callback failed, and in `why` what developers should know: it must hold no secret, and may
/// be null. It means what is safe: a request of `transport` may have been sent, a store may be asked again.
///
/// # Safety
/// `why` is null or ends in a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_fail(reply: u64, why: *const c_char) -> CpStatus {
    // SAFETY: the caller's promise.
    let why = unsafe { reason(why) };
    guard::done(|| give(reply, Err(HostFailure::thrown(why))))
}
