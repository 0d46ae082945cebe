//! What the host holds by number. A number is never given twice, so that a handle that was closed is
//! recognized for as long as the process lives.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use calendar_publish::calendar::Calendar;
use calendar_publish::generation::GenerationSession;

use crate::guard;
use crate::status::{CpStatus, Failure};

/// Something the host holds.
#[derive(Clone)]
pub(crate) enum Object {
    Calendar(Arc<Mutex<Calendar>>),
    Stream(Arc<Mutex<GenerationSession>>),
}

#[derive(Default)]
struct Table {
    last: u64,
    objects: BTreeMap<u64, Object>,
}

static TABLE: LazyLock<Mutex<Table>> = LazyLock::new(Mutex::default);

fn table() -> MutexGuard<'static, Table> {
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps `object` for the host. 0 is never a handle.
pub(crate) fn keep(object: Object) -> u64 {
    let mut table = table();
    table.last += 1;
    let handle = table.last;
    table.objects.insert(handle, object);
    handle
}

/// What stands behind a handle: it lives until the call is over, also if another thread closes it.
pub(crate) fn find(handle: u64) -> Result<Object, Failure> {
    let found = table().objects.get(&handle).cloned();
    found.ok_or_else(|| CpStatus::CpClosed.into())
}

/// Locks what a call works on. A panic in an earlier call closed it for good.
pub(crate) fn lock<T>(object: &Mutex<T>) -> Result<MutexGuard<'_, T>, Failure> {
    object.lock().map_err(|_| CpStatus::CpPanic.into())
}

/// Closes a handle of any kind. `CP_CLOSED` where it was closed already. Calls that other threads are in go
/// on to their end.
#[unsafe(no_mangle)]
pub extern "C" fn cp_close(handle: u64) -> CpStatus {
    guard::done(|| {
        // Dropped when the table is free again: a large calendar takes its time.
        let closed = table().objects.remove(&handle);
        closed.map(drop).ok_or_else(|| CpStatus::CpClosed.into())
    })
}
