//! A platform that answers at once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::model::{Channel, Timestamp};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Clock, Post, Progress, Receipt, ReceiptKind, Reconciled, Step,
    StepKind,
};
use calendar_publish_adapters::clock::SystemClock;
use tokio::sync::Notify;

/// One decisive step, done as soon as it is asked for.
#[derive(Debug)]
pub(crate) struct InstantAdapter {
    wanted: u64,
    calls: AtomicU64,
    all: Notify,
    /// How late each call came, in milliseconds after it was due.
    lateness: Mutex<Vec<u64>>,
}

impl InstantAdapter {
    /// An adapter that waits for so many calls.
    pub(crate) fn new(wanted: u64) -> Self {
        Self {
            wanted,
            calls: AtomicU64::new(0),
            all: Notify::new(),
            lateness: Mutex::default(),
        }
    }

    /// Resolves when the last call has come.
    pub(crate) async fn all(&self) {
        self.all.notified().await;
    }

    /// How many calls have come.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// How late the calls came, in milliseconds, and forgets it.
    pub(crate) fn take_lateness(&self) -> Vec<u64> {
        let mut lateness = self.lateness.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut lateness)
    }
}

#[async_trait]
impl ChannelAdapter for InstantAdapter {
    fn channel(&self) -> Channel {
        Channel::Instagram
    }

    fn call_deadline(&self) -> Duration {
        Duration::from_secs(30)
    }

    fn begin(&self, _: &Post) -> Progress {
        Progress {
            stage: "publish".to_owned(),
            kind: StepKind::Decisive,
            state: String::new(),
        }
    }

    async fn advance(&self, post: Post, _: Progress) -> Result<Step, AdapterError> {
        let now: Timestamp = SystemClock.now();
        if let Some(due) = post.entry.scheduled_at {
            let late = u64::try_from(now.since(due).num_milliseconds()).unwrap_or(0);
            let mut lateness = self.lateness.lock().unwrap_or_else(PoisonError::into_inner);
            // Only latencies of few jobs are asked for; the memory of many must not grow.
            if lateness.len() < 10_000 {
                lateness.push(late);
            }
        }
        if self.calls.fetch_add(1, Ordering::Relaxed) + 1 == self.wanted {
            self.all.notify_one();
        }
        Ok(Step::Done(Receipt {
            kind: ReceiptKind::Published,
            external_id: post.entry.id.to_string(),
            permalink: None,
            at: now,
        }))
    }

    async fn reconcile(&self, _: Post, progress: Progress) -> Result<Reconciled, AdapterError> {
        Ok(Reconciled::StillUnknown {
            look_again_after: None,
            progress,
        })
    }
}
