//! What stands around every call: no panic passes the border, and every answer finds its place.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::memory::{CpBuffer, Out};
use crate::status::{CpStatus, Failure, document};

/// Runs `work` and puts its answer, or the error document, into `out`.
pub(crate) fn answer(
    out: Result<Out<CpBuffer>, Failure>,
    work: impl FnOnce() -> Result<Vec<u8>, Failure>,
) -> CpStatus {
    let out = match out {
        Ok(out) => out,
        Err(failure) => return status_of(&failure),
    };
    match caught(work) {
        Ok(bytes) => {
            out.fill(bytes);
            CpStatus::CpOk
        }
        Err(failure) => told(failure, Some(out)),
    }
}

/// Runs `work`, which makes a handle, and puts that into `handle`; the error document goes into `error`,
/// which may be left out.
pub(crate) fn open(
    handle: Result<Out<u64>, Failure>,
    error: Result<Out<CpBuffer>, Failure>,
    work: impl FnOnce() -> Result<u64, Failure>,
) -> CpStatus {
    let handle = match handle {
        Ok(handle) => handle,
        Err(failure) => return status_of(&failure),
    };
    match caught(work) {
        Ok(opened) => {
            handle.set(opened);
            CpStatus::CpOk
        }
        Err(failure) => told(failure, error.ok()),
    }
}

/// Runs `work`, which answers nothing.
pub(crate) fn done(work: impl FnOnce() -> Result<(), Failure>) -> CpStatus {
    match caught(work) {
        Ok(()) => CpStatus::CpOk,
        Err(failure) => status_of(&failure),
    }
}

fn caught<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    // What a panic leaves half done is behind a lock, which is poisoned then, or is dropped.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Failure::Status(CpStatus::CpPanic)))
}

fn told(failure: Failure, out: Option<Out<CpBuffer>>) -> CpStatus {
    let status = status_of(&failure);
    if let (Failure::Error(error), Some(out)) = (failure, out) {
        out.fill(document(&error));
    }
    status
}

const fn status_of(failure: &Failure) -> CpStatus {
    match failure {
        Failure::Error(_) => CpStatus::CpError,
        Failure::Status(status) => *status,
    }
}
