//! Counts over a sliding window, in bounded memory.

use std::collections::VecDeque;

/// The length of the window that alerts look at: 15 minutes, in seconds.
pub const WINDOW_SECONDS: i64 = 15 * 60;

#[derive(Clone, Copy, Debug)]
struct Count {
    second: i64,
    samples: u64,
    failures: u64,
}

/// Samples and failures of the last [`WINDOW_SECONDS`], counted by the second: at most as many counts
/// as the window has seconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    /// In order of time.
    counts: VecDeque<Count>,
    pub(super) samples: u64,
    pub(super) failures: u64,
}

impl Window {
    /// Counts a sample of the instant `millis`, which must not lie before the window.
    pub(super) fn count(&mut self, millis: i64, failed: bool) {
        let second = second(millis);
        let failures = u64::from(failed);
        self.samples = self.samples.saturating_add(1);
        self.failures = self.failures.saturating_add(failures);
        let place = self.counts.partition_point(|count| count.second < second);
        match self.counts.get_mut(place) {
            Some(count) if count.second == second => {
                count.samples = count.samples.saturating_add(1);
                count.failures = count.failures.saturating_add(failures);
            }
            _ => self.counts.insert(
                place,
                Count {
                    second,
                    samples: 1,
                    failures,
                },
            ),
        }
    }

    /// Drops what has left the window at the instant `now`.
    pub(super) fn forget(&mut self, now: i64) {
        while let Some(count) = self.counts.front()
            && is_past(count.second, now)
        {
            self.samples = self.samples.saturating_sub(count.samples);
            self.failures = self.failures.saturating_sub(count.failures);
            self.counts.pop_front();
        }
    }

    /// Drops everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The instant at which the oldest count leaves the window.
    pub(super) fn next_change(&self) -> Option<i64> {
        let oldest = self.counts.front()?;
        Some((oldest.second + WINDOW_SECONDS) * 1000)
    }
}

/// Whether something that happened at `millis` has left the window at `now`.
pub(super) const fn has_left(millis: i64, now: i64) -> bool {
    is_past(second(millis), now)
}

const fn is_past(then: i64, now: i64) -> bool {
    second(now) - then >= WINDOW_SECONDS
}

const fn second(millis: i64) -> i64 {
    millis.div_euclid(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_leaves_after_fifteen_minutes() {
        let mut window = Window::default();
        window.count(500, true);
        window.forget(899_999);
        assert_eq!((window.samples, window.failures), (1, 1));
        window.forget(900_000);
        assert_eq!((window.samples, window.failures), (0, 0));
    }

    #[test]
    fn memory_is_bounded_by_the_seconds_of_the_window() {
        let mut window = Window::default();
        for millis in 0..2_000_000 {
            window.forget(millis);
            window.count(millis, millis % 7 == 0);
        }
        assert_eq!(window.counts.len(), 900);
        assert_eq!(window.samples, 900_000);
    }

    #[test]
    fn late_samples_are_counted_in_their_own_second() {
        let mut window = Window::default();
        for second in [5, 3, 4, 3] {
            window.count(second * 1000, false);
        }
        window.forget(903_000);
        assert_eq!(window.samples, 2);
    }
}
