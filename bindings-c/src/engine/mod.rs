//! The publish engine: jobs, their worker, and ports that the host chooses.

mod events;
mod held;
mod host;
mod options;
mod ports;
mod replies;

use std::ffi::c_char;
use std::sync::Arc;

pub(crate) use held::HeldEngine;
pub use host::CpPorts;
pub use replies::{cp_fail, cp_refuse, cp_reply};

use crate::guard;
use crate::handles::{Object, find, keep};
use crate::memory::{CpBuffer, Out, copied, string, text};
use crate::status::{CpStatus, Failure};

fn engine(handle: u64) -> Result<Arc<HeldEngine>, Failure> {
    match find(handle)? {
        Object::Engine(engine) => Ok(engine),
        _ => Err(CpStatus::CpInvalidArgument.into()),
    }
}

/// Opens an engine, which works only while `cp_engine_run` or `cp_engine_call` does. `options` says where
/// each port comes from and how the engine works:
///
/// ```json
/// {"store": {"sqlite": {"path": "jobs.db"}}, "transport": {"http": {}}, "tokens": "host",
///  "engine": {"settings": [{"name": "PUBLISH_SERVICE_ENABLED", "value": "true"}], "instagram": {}}}
/// ```
///
/// `store` is `"memory"`, `"host"` or a file, `transport` and `media` are `"host"` or `http`, `tokens`,
/// `clock` and `telemetry` are `"host"`; all but `store` may be left out. `adapters` lists the platforms that
/// the host speaks to itself. What is `host` calls `ports`, which is copied and may be null where there is none. The handle is
/// closed with `cp_close`; until then, and until `release`, the library keeps `context`. Where opening
/// fails nothing is kept, and `release` isn't called. `error` may be null.
///
/// # Safety
/// `options` has `options_len` bytes, `ports` is null or readable, and its functions keep to what is said
/// there; `handle` and `error` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_engine_open(
    options: *const u8,
    options_len: usize,
    ports: *const CpPorts,
    handle: *mut u64,
    error: *mut CpBuffer,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (handle, error, options, ports) = unsafe {
        (
            Out::new(handle, 0),
            Out::buffer(error),
            text(options, options_len),
            copied(ports),
        )
    };
    guard::open(handle, error, || {
        let engine = HeldEngine::open(options?, ports?)?;
        Ok(keep(Object::Engine(Arc::new(engine))))
    })
}

/// Runs an operation of the engine and waits for its answer. Any number of threads may call one engine at
/// once, also from within a callback, but not from within `now`: `CP_REENTERED`.
///
/// # Safety
/// `name` ends in a NUL, `input` has `input_len` bytes, `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_engine_call(
    handle: u64,
    name: *const c_char,
    input: *const u8,
    input_len: usize,
    out: *mut CpBuffer,
) -> CpStatus {
    // SAFETY: the caller's promises.
    let (out, name, input) = unsafe { (Out::buffer(out), string(name), text(input, input_len)) };
    guard::answer(out, || engine(handle)?.call(name?, input?))
}

/// Publishes what is due until `cp_engine_stop` is called, and answers with the report of what was done. It
/// is meant for a thread of its own. A stop that was called before doesn't count; a close does.
///
/// # Safety
/// `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cp_engine_run(handle: u64, out: *mut CpBuffer) -> CpStatus {
    // SAFETY: the caller's promise.
    let out = unsafe { Out::buffer(out) };
    guard::answer(out, || engine(handle)?.run())
}

/// Tells every `cp_engine_run` of the engine to end, and returns at once. They take no further job, bring
/// those under way to a point from where any worker goes on, and answer.
#[unsafe(no_mangle)]
pub extern "C" fn cp_engine_stop(handle: u64) -> CpStatus {
    guard::done(|| {
        engine(handle)?.stop();
        Ok(())
    })
}
