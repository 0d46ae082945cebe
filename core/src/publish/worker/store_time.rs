//! The store's time, told by the worker's own clock.

use std::time::Duration;

use chrono::TimeDelta;

use crate::model::Timestamp;
use crate::ports::Clock;

/// The store's time at one reading of the worker's clock. Only what has passed since then on the
/// worker's clock is added, so that a clock that is wrong by hours does no harm.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoreTime {
    store_at: Timestamp,
    local_at: Timestamp,
}

impl StoreTime {
    /// `local_at` was read before the store was asked and said `store_at`: the time that this tells is
    /// never behind the store's, and a lease never seems longer than it is.
    pub(super) const fn new(store_at: Timestamp, local_at: Timestamp) -> Self {
        Self { store_at, local_at }
    }

    pub(super) fn now(self, clock: &dyn Clock) -> Timestamp {
        self.store_at.plus(clock.now().since(self.local_at))
    }

    /// The reading of the worker's clock at the store's `instant`.
    pub(super) fn local(self, instant: Timestamp) -> Timestamp {
        self.local_at.plus(instant.since(self.store_at))
    }
}

/// A duration as a difference of instants; one that is too long to be told is the longest.
pub(super) fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
