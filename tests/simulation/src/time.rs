//! Time that passes only when nothing else can happen.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use calendar_publish::model::Timestamp;
use calendar_publish::ports::Clock;

/// The one true time of a simulation, and who sleeps in it.
#[derive(Clone, Debug)]
pub struct VirtualTime(Arc<Mutex<Sleepers>>);

#[derive(Debug)]
struct Sleepers {
    now: Timestamp,
    next: u64,
    wakers: BTreeMap<(Timestamp, u64), Waker>,
}

impl VirtualTime {
    /// A time that begins at `start`.
    pub fn new(start: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Sleepers {
            now: start,
            next: 0,
            wakers: BTreeMap::new(),
        })))
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.sleepers().now
    }

    /// Returns when `instant` has come.
    pub fn sleep_until(&self, instant: Timestamp) -> Sleep {
        Sleep {
            time: self.clone(),
            until: instant,
            place: None,
        }
    }

    /// When the next sleeper wakes.
    pub fn next_wake(&self) -> Option<Timestamp> {
        self.sleepers().wakers.keys().next().map(|(at, _)| *at)
    }

    /// Moves on to `instant`, if it is later than now, and wakes everybody who slept until then.
    pub fn move_to(&self, instant: Timestamp) {
        let woken = {
            let mut sleepers = self.sleepers();
            sleepers.now = sleepers.now.max(instant);
            let next = next_instant(sleepers.now);
            let later = sleepers.wakers.split_off(&(next, 0));
            std::mem::replace(&mut sleepers.wakers, later)
        };
        for waker in woken.into_values() {
            waker.wake();
        }
    }

    fn sleepers(&self) -> MutexGuard<'_, Sleepers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn next_instant(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.millis() + 1)
}

/// Waits for an instant.
#[derive(Debug)]
pub struct Sleep {
    time: VirtualTime,
    until: Timestamp,
    place: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let time = self.time.clone();
        let mut sleepers = time.sleepers();
        if sleepers.now >= self.until {
            return Poll::Ready(());
        }
        let place = *self.place.get_or_insert_with(|| {
            sleepers.next += 1;
            sleepers.next
        });
        sleepers
            .wakers
            .insert((self.until, place), context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            self.time.sleepers().wakers.remove(&(self.until, place));
        }
    }
}

/// A clock that shows the virtual time with an error of its own.
///
/// It is off by `offset_millis`, and by another millisecond for each thousand seconds and unit of
/// `drift_ppm` that pass: a negative one loses time.
#[derive(Clone, Debug)]
pub struct VirtualClock {
    time: VirtualTime,
    start: Timestamp,
    offset_millis: i64,
    drift_ppm: i64,
}

impl VirtualClock {
    /// A clock that is right.
    pub fn new(time: VirtualTime) -> Self {
        Self::skewed(time, 0, 0)
    }

    /// A clock that is off now, and more so later.
    pub fn skewed(time: VirtualTime, offset_millis: i64, drift_ppm: i64) -> Self {
        Self {
            start: time.now(),
            time,
            offset_millis,
            drift_ppm,
        }
    }

    fn shown_at(&self, instant: Timestamp) -> Timestamp {
        let passed = instant.millis() - self.start.millis();
        let drift = passed * self.drift_ppm / 1_000_000;
        Timestamp::from_millis(instant.millis() + self.offset_millis + drift)
    }

    /// The first true instant at which the clock shows `shown` or later.
    fn when_shown(&self, shown: Timestamp) -> Timestamp {
        let passed = shown.millis() - self.offset_millis - self.start.millis();
        let millis = i128::from(passed) * 1_000_000 / i128::from(1_000_000 + self.drift_ppm);
        let mut instant = self.start.millis() + i64::try_from(millis).unwrap_or(0) - 1;
        while self.shown_at(Timestamp::from_millis(instant)) < shown {
            instant += 1;
        }
        Timestamp::from_millis(instant)
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.shown_at(self.time.now())
    }

    async fn sleep_until(&self, instant: Timestamp) {
        self.time.sleep_until(self.when_shown(instant)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skewed_clock_wakes_when_it_shows_the_instant() {
        let time = VirtualTime::new(Timestamp::from_millis(1_000_000_000));
        for (offset, drift) in [(0, 0), (-90_000, 200), (45_000, -350)] {
            let clock = VirtualClock::skewed(time.clone(), offset, drift);
            for ahead in [0, 1, 999, 3_600_000, 86_400_123] {
                let shown = Timestamp::from_millis(clock.now().millis() + ahead);
                let at = clock.when_shown(shown);
                assert!(clock.shown_at(at) >= shown);
                let before = Timestamp::from_millis(at.millis() - 1);
                assert!(clock.shown_at(before) < shown);
            }
        }
    }
}
