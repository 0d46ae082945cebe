//! The store's time.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use calendar_publish::model::Timestamp;
use calendar_publish::ports::Clock;

/// What decides when jobs are due and leases end.
#[derive(Clone, Default)]
pub(super) enum Time {
    /// The machine's clock.
    #[default]
    Machine,
    /// The host's.
    Clock(Arc<dyn Clock>),
}

impl Time {
    pub(super) fn now(&self) -> Timestamp {
        match self {
            Self::Machine => {
                let since = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Clock(clock) => clock.now(),
        }
    }
}
