//! The machine's time, for workers that run on tokio (feature `clock`).

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use calendar_publish::model::Timestamp;
use calendar_publish::ports::Clock;

/// The machine's clock. It never goes back while the program runs: where the machine's time is set back,
/// it counts on from where it was, so that a worker never takes a lease for longer than it is. Where the
/// machine slept or its time was set forward, it follows.
///
/// It sleeps with tokio's timer, so that it needs a tokio runtime with time enabled.
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
        static STARTED: OnceLock<Instant> = OnceLock::new();
        static AHEAD: AtomicI64 = AtomicI64::new(i64::MIN);
        let counted = millis(STARTED.get_or_init(Instant::now).elapsed());
        let told = SystemTime::now().duration_since(UNIX_EPOCH);
        Timestamp::from_millis(forward(&AHEAD, told.map_or(0, millis), counted))
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

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// What the machine's time, `told`, comes to, where `counted` milliseconds have been counted since the
/// program began. `ahead` is the most that the one was ever ahead of the other.
fn forward(ahead: &AtomicI64, told: i64, counted: i64) -> i64 {
    let now_ahead = told.saturating_sub(counted);
    let most = ahead.fetch_max(now_ahead, Ordering::Relaxed).max(now_ahead);
    most.saturating_add(counted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_is_set_back_counts_on_and_time_that_is_set_forward_is_followed() {
        let ahead = AtomicI64::new(i64::MIN);
        let readings = [
            (9_000, 0),
            (9_500, 500),
            (1_600, 600),
            (20_000, 700),
            (9_800, 800),
        ];
        let told = readings.map(|(told, counted)| forward(&ahead, told, counted));
        assert_eq!(told, [9_000, 9_500, 9_600, 20_000, 20_100]);
    }
}
