//! A calendar that lives in an interface.

use std::ffi::c_char;
use std::sync::{Arc, Mutex};

use calendar_publish::calendar::Calendar;

use crate::guard;
use crate::handles::{Object, find, keep, lock};
use crate::memory::{CpBuffer, Out, bytes, string, text};
use crate::status::{CpStatus, Failure};

fn calendar(handle: u64) -> Result<Arc<Mutex<Calendar>>, Failure> {
    match find(handle)? {
        Object::Calendar(calendar) => Ok(calendar),
        _ => Err(CpStatus::CpInvalidArgument.into()),
    }
}

/// Loads a calendar document (entries, accounts, jobs, settings) as it stands at `now`, an instant such as
/// `2026-03-01T09:00:00Z`. The handle is closed with `cp_close`. `error` may be null.
///
/// # Safety
/// `document` has `document_len` bytes, `now` ends in a NUL, `handle` and `error` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_calendar_load(
    document: *const u8,
    document_len: usize,
    now: *const c_char,
    handle: *mut u64,
    error: *mut CpBuffer,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (handle, error, document, now) = unsafe {
        (
            Out::new(handle, 0),
            Out::buffer(error),
            bytes(document, document_len),
            string(now),
        )
    };
    guard::open(handle, error, || {
        let loaded = Calendar::load(document?, now?.parse()?)?;
        Ok(keep(Object::Calendar(Arc::new(Mutex::new(loaded)))))
    })
}

/// Runs an operation of the calendar. Threads take turns.
///
/// # Safety
/// `name` ends in a NUL, `input` has `input_len` bytes, `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_calendar_call(
    handle: u64,
    name: *const c_char,
    input: *const u8,
    input_len: usize,
    out: *mut CpBuffer,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (out, name, input) = unsafe { (Out::buffer(out), string(name), text(input, input_len)) };
    guard::answer(out, || {
        let calendar = calendar(handle)?;
        let answer = lock(&calendar)?.call(name?, input?)?;
        Ok(answer.into_bytes())
    })
}

/// Writes the calendar's entries as a file, as the export request says.
///
/// # Safety
/// `request` has `request_len` bytes, `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_calendar_export(
    handle: u64,
    request: *const u8,
    request_len: usize,
    out: *mut CpBuffer,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (out, request) = unsafe { (Out::buffer(out), text(request, request_len)) };
    guard::answer(out, || {
        let calendar = calendar(handle)?;
        let file = lock(&calendar)?.export_document(request?)?;
        Ok(file)
    })
}
