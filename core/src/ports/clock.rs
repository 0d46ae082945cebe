//! Time, for what runs by itself.

use async_trait::async_trait;

use super::{MaybeSend, MaybeSync};
use crate::model::Timestamp;

/// A clock. Only a worker holds one; every function of this library takes `now` as an argument.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait Clock: MaybeSend + MaybeSync {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// Returns when `instant` has come; at once if it has passed.
    async fn sleep_until(&self, instant: Timestamp);
}
