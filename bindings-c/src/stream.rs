//! A generation's stream, read as it arrives.

use std::ffi::c_char;
use std::sync::{Arc, Mutex};

use calendar_publish::generation::{GenerationSession, SessionOptions};
use calendar_publish::model::Timestamp;
use serde::Serialize;

use crate::guard;
use crate::handles::{Object, find, keep, lock};
use crate::memory::{CpBuffer, Out, bytes, string, text};
use crate::status::{CpStatus, Failure};

fn stream(handle: u64) -> Result<Arc<Mutex<GenerationSession>>, Failure> {
    match find(handle)? {
        Object::Stream(stream) => Ok(stream),
        _ => Err(CpStatus::CpInvalidArgument.into()),
    }
}

fn written(answer: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(answer).map_err(|_| CpStatus::CpPanic.into())
}

/// A generation whose request was sent at `now`. `options` is a session's options as a document; with
/// length 0 they are the library's. The handle is closed with `cp_close`. `error` may be null.
///
/// # Safety
/// `options` has `options_len` bytes, `now` ends in a NUL, `handle` and `error` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_stream_start(
    options: *const u8,
    options_len: usize,
    now: *const c_char,
    handle: *mut u64,
    error: *mut CpBuffer,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (handle, error, options, now) = unsafe {
        (
            Out::new(handle, 0),
            Out::buffer(error),
            text(options, options_len),
            string(now),
        )
    };
    guard::open(handle, error, || {
        let options = SessionOptions::read(options?)?;
        let session = GenerationSession::start(options, now?.parse()?);
        Ok(keep(Object::Stream(Arc::new(Mutex::new(session)))))
    })
}

/// Takes bytes that arrived at `now`, cut anywhere; the answer is the array of the events they completed.
///
/// # Safety
/// `data` has `len` bytes, `now` ends in a NUL, `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_stream_push(
    handle: u64,
    data: *const u8,
    len: usize,
    now: *const c_char,
    out: *mut CpBuffer,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (out, data, now) = unsafe { (Out::buffer(out), bytes(data, len), string(now)) };
    guard::answer(out, || {
        let (data, now): (_, Timestamp) = (data?, now?.parse()?);
        let stream = stream(handle)?;
        let events = lock(&stream)?.push(data, now);
        written(&events)
    })
}

/// Looks at the clock while nothing arrives; the answer is the stream's state.
///
/// # Safety
/// `now` ends in a NUL, `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_stream_tick(
    handle: u64,
    now: *const c_char,
    out: *mut CpBuffer,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (out, now) = unsafe { (Out::buffer(out), string(now)) };
    guard::answer(out, || {
        let now: Timestamp = now?.parse()?;
        let state = lock(&*stream(handle)?)?.tick(now);
        written(&state)
    })
}

/// The stream ended at `now`; the answer is the snapshot.
///
/// # Safety
/// As of `cp_stream_tick`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_stream_end(
    handle: u64,
    now: *const c_char,
    out: *mut CpBuffer,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (out, now) = unsafe { (Out::buffer(out), string(now)) };
    guard::answer(out, || {
        let now: Timestamp = now?.parse()?;
        let stream = stream(handle)?;
        let mut session = lock(&stream)?;
        session.end(now);
        written(&session.snapshot())
    })
}

/// The calendar so far, in every state.
///
/// # Safety
/// `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_stream_snapshot(handle: u64, out: *mut CpBuffer) -> CpStatus {
    // SAFETY: the caller's promise.
    let out = unsafe { Out::buffer(out) };
    guard::answer(out, || written(&lock(&*stream(handle)?)?.snapshot()))
}
