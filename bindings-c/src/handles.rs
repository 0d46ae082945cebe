//! What the host holds by handle.

use std::sync::{Arc, Mutex, MutexGuard};

use calendar_publish::calendar::Calendar;
use calendar_publish::generation::GenerationSession;

use crate::engine::HeldEngine;
use crate::guard;
use crate::numbered::Numbered;
use crate::status::{CpStatus, Failure};

/// Something the host holds.
#[derive(Clone)]
pub(crate) enum Object {
    Calendar(Arc<Mutex<Calendar>>),
    Stream(Arc<Mutex<GenerationSession>>),
    Engine(Arc<HeldEngine>),
}

static OBJECTS: Numbered<Object> = Numbered::new();

/// Keeps `object` for the host. 0 is never a handle.
pub(crate) fn keep(object: Object) -> u64 {
    OBJECTS.keep(object)
}

/// What stands behind a handle: it lives until the call is over, also if another thread closes it.
pub(crate) fn find(handle: u64) -> Result<Object, Failure> {
    OBJECTS
        .find(handle)
        .ok_or_else(|| CpStatus::CpClosed.into())
}

/// Locks what a call works on. A panic in an earlier call closed it for good.
pub(crate) fn lock<T>(object: &Mutex<T>) -> Result<MutexGuard<'_, T>, Failure> {
    object.lock().map_err(|_| CpStatus::CpPanic.into())
}

/// Closes a handle of any kind. `CP_CLOSED` where it was closed already. Calls that other threads are in go
/// on to their end; those of an engine have ten seconds for that, and are `CP_CLOSED` afterwards, done or
/// not.
///
/// An engine's open replies fail at once, and its `cp_engine_run`s are stopped: to end gracefully, call
/// `cp_engine_stop` and let them return first. Whoever is the last to leave the engine, this function or a
/// call of another thread, waits for callbacks that are under way: ten seconds at most, and not at all
/// within a callback. `release` is called when the last one has returned.
#[unsafe(no_mangle)]
pub extern "C" fn cp_close(handle: u64) -> CpStatus {
    guard::done(|| {
        let closed = OBJECTS.take(handle).ok_or(CpStatus::CpClosed)?;
        if let Object::Engine(engine) = &closed {
            engine.close();
        }
        // Dropped when the table is free again: a large calendar takes its time, and the end of an engine
        // calls the host.
        drop(closed);
        Ok(())
    })
}
