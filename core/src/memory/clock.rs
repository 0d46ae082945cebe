//! A clock that is set by hand.

use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;

use super::wake::Waiters;
use crate::model::Timestamp;
use crate::ports::Clock;

/// A clock for tests and simulations: it stands still until it is set.
///
/// ```
/// use std::pin::pin;
/// use std::task::{Context, Waker};
///
/// use calendar_publish::memory::ManualClock;
/// use calendar_publish::ports::Clock;
/// use chrono::TimeDelta;
///
/// let clock = ManualClock::new("2026-04-01T09:00:00Z".parse()?);
/// let mut nine_thirty = pin!(clock.sleep_until("2026-04-01T09:30:00Z".parse()?));
/// let mut context = Context::from_waker(Waker::noop());
///
/// clock.advance(TimeDelta::minutes(29));
/// assert!(nine_thirty.as_mut().poll(&mut context).is_pending());
/// clock.advance(TimeDelta::minutes(1));
/// assert!(nine_thirty.as_mut().poll(&mut context).is_ready());
/// assert_eq!(clock.now().to_string(), "2026-04-01T09:30:00Z");
/// # Ok::<(), calendar_publish::Error>(())
/// ```
#[derive(Debug)]
pub struct ManualClock {
    millis: AtomicI64,
    sleepers: Waiters,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn new(now: Timestamp) -> Self {
        Self {
            millis: AtomicI64::new(now.millis()),
            sleepers: Waiters::default(),
        }
    }

    /// Sets the clock, also back, and wakes who slept until then.
    pub fn set(&self, now: Timestamp) {
        self.millis.store(now.millis(), Ordering::SeqCst);
        self.sleepers.wake(now.millis());
    }

    /// Moves the clock by `delta`, and wakes who slept until then.
    pub fn advance(&self, delta: TimeDelta) {
        self.set(self.now().plus(delta));
    }
}

impl Default for ManualClock {
    /// A clock that shows 1970-01-01T00:00:00Z.
    fn default() -> Self {
        Self::new(Timestamp::from_millis(0))
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.millis.load(Ordering::SeqCst))
    }

    async fn sleep_until(&self, instant: Timestamp) {
        self.sleepers
            .wait(instant.millis(), || self.now() >= instant)
            .await;
    }
}
