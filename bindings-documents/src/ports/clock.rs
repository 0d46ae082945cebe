//! A host's time.

use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::model::Timestamp;
use calendar_publish::ports::{Clock, MaybeSend, MaybeSync};

/// A host's time, in milliseconds. It has no way to fail: a host whose timer can't be set says so by never
/// answering, because a timer that ends at once would make a worker run in circles.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait TimePort: MaybeSend + MaybeSync {
    /// The present, in milliseconds since 1970 (UTC).
    fn now_millis(&self) -> i64;

    /// Returns after so many milliseconds; at most a day's are asked for at once.
    async fn sleep_millis(&self, millis: u64);
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl<P: TimePort + ?Sized> TimePort for Arc<P> {
    fn now_millis(&self) -> i64 {
        (**self).now_millis()
    }

    async fn sleep_millis(&self, millis: u64) {
        (**self).sleep_millis(millis).await;
    }
}

/// A [`Clock`] over a host's time.
#[derive(Clone, Debug)]
pub struct DocumentClock<P>(P);

impl<P: TimePort> DocumentClock<P> {
    /// The longest sleep that a host is asked for, in milliseconds: JavaScript's timers end at once when
    /// they are given more than 24 days.
    pub const MAX_SLEEP_MILLIS: u64 = 24 * 60 * 60 * 1000;

    /// A clock that shows what `port` says.
    pub const fn new(port: P) -> Self {
        Self(port)
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl<P: TimePort> Clock for DocumentClock<P> {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.now_millis())
    }

    async fn sleep_until(&self, instant: Timestamp) {
        loop {
            // Timers may end a little early.
            let left = instant.millis().saturating_sub(self.0.now_millis());
            match u64::try_from(left) {
                Ok(left) if left > 0 => {
                    self.0.sleep_millis(left.min(Self::MAX_SLEEP_MILLIS)).await;
                }
                _ => return,
            }
        }
    }
}
