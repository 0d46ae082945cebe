//! The machine's time, for workers that run on tokio (feature `clock`).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use calendar_publish::model::Timestamp;
use calendar_publish::ports::Clock;

/// The machine's clock. It sleeps with tokio's timer, so that it needs a tokio runtime with time
/// enabled.
///
/// ```
/// use calendar_publish::ports::Clock;
/// use calendar_publish_adapters::clock::SystemClock;
///
/// assert!(SystemClock.now() > "2025-01-01T00:00:00Z".parse()?);
/// # Ok::<(), calendar_publish::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let millis = since.map_or(0, |since| since.as_millis());
        Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    async fn sleep_until(&self, instant: Timestamp) {
        loop {
            let wait = instant.since(self.now()).num_milliseconds();
            let Ok(wait @ 1..) = u64::try_from(wait) else {
                return;
            };
            // A machine that slept, or a clock that was set, is noticed within a minute.
            tokio::time::sleep(Duration::from_millis(wait.min(60_000))).await;
        }
    }
}
