//! Which webhooks were handled already.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::model::Timestamp;
use calendar_publish::ports::{MaybeSend, MaybeSync, StoreError};

/// How long a handled webhook is remembered: TikTok sends one again for up to 72 hours (TikTok,
/// Webhooks, overview, read 2026-09-11), Meta for 36; and a day for clocks and queues.
pub const KEEP_SEEN: Duration = Duration::from_secs(96 * 60 * 60);

/// Remembers which webhooks were handled.
///
/// Handling one twice does no harm, since it only makes the engine look. This saves the looks, and tells
/// a host that does more with a webhook which ones it has had. A host with a database has a place for it
/// (a table of keys and expiries, or a cache that forgets by itself).
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait SeenWebhooks: MaybeSend + MaybeSync {
    /// Whether `key` was remembered and `now` isn't past what was said then.
    async fn seen(&self, key: &str, now: Timestamp) -> Result<bool, StoreError>;

    /// Remembers `key` until then. `now` is when it is remembered: what is past may be forgotten.
    async fn remember(&self, key: &str, now: Timestamp, until: Timestamp)
    -> Result<(), StoreError>;
}

/// The webhooks that this process has handled. Another process, or this one after a restart, knows
/// nothing of them.
#[derive(Default)]
pub struct MemorySeen(Mutex<Keys>);

#[derive(Default)]
struct Keys {
    until: HashMap<String, Timestamp>,
    by_expiry: BTreeSet<(Timestamp, String)>,
}

impl MemorySeen {
    /// The most keys that are remembered, about 20 MB: the ones that expire first make room.
    pub const MAX_KEYS: usize = 100_000;

    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemorySeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemorySeen")
            .field("keys", &self.keys().until.len())
            .finish()
    }
}

impl Keys {
    fn forget(&mut self, now: Timestamp, room_for: usize) {
        while let Some((until, key)) = self.by_expiry.pop_first() {
            if until > now && self.until.len() <= room_for {
                self.by_expiry.insert((until, key));
                return;
            }
            self.until.remove(&key);
        }
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl SeenWebhooks for MemorySeen {
    async fn seen(&self, key: &str, now: Timestamp) -> Result<bool, StoreError> {
        let until = self.keys().until.get(key).copied();
        Ok(until.is_some_and(|until| until > now))
    }

    async fn remember(
        &self,
        key: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let mut keys = self.keys();
        if let Some(before) = keys.until.insert(key.to_owned(), until) {
            keys.by_expiry.remove(&(before, key.to_owned()));
        }
        keys.by_expiry.insert((until, key.to_owned()));
        keys.forget(now, Self::MAX_KEYS);
        Ok(())
    }
}
