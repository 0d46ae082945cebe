//! Tasks that wait for an instant or for news, on any executor.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// Tasks to be woken, by what they wait for and their number.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    last: u64,
    wakers: BTreeMap<(i64, u64), Waker>,
}

/// A place among the waiters, given up when it is dropped.
struct Place<'a> {
    waiters: &'a Waiters,
    key: (i64, u64),
}

impl Waiters {
    /// Waits for `mark` until `is_over`: looked at first, and again at every [`wake`](Self::wake).
    pub(super) async fn wait(&self, mark: i64, is_over: impl Fn() -> bool) {
        let mut place: Option<Place<'_>> = None;
        poll_fn(|context| {
            // The place is taken before the look: a wake in between isn't missed.
            let place = place.get_or_insert_with(|| self.place(mark));
            self.lock()
                .wakers
                .insert(place.key, context.waker().clone());
            if is_over() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    /// Wakes who waits for marks up to `mark`.
    pub(super) fn wake(&self, mark: i64) {
        let woken = {
            let mut waiting = self.lock();
            let later = waiting.wakers.split_off(&(mark, u64::MAX));
            std::mem::replace(&mut waiting.wakers, later)
        };
        woken.into_values().for_each(Waker::wake);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.lock().wakers.len()
    }

    fn place(&self, mark: i64) -> Place<'_> {
        let mut waiting = self.lock();
        waiting.last = waiting.last.wrapping_add(1);
        Place {
            waiters: self,
            key: (mark, waiting.last),
        }
    }

    /// Nothing is left half done while it is held, so that a poisoned lock can be taken.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.waiters.lock().wakers.remove(&self.key);
    }
}
