//! The engine's protections, each of which can be switched off around it, to see what breaks.

mod store;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::job::JobRecord;
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{Channel, JobId};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, JobFilter, JobStore, Post, Progress, Reconciled, Step,
};
use futures_util::FutureExt;

use crate::time::VirtualTime;
use store::{Unfenced, Unfrozen, WriteBehind};

/// What keeps a post from going out twice, or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Only the holder of the newest claim writes.
    Fencing,
    /// What will be done is durable before it is done.
    WriteAhead,
    /// A lost answer is looked after, never repeated.
    Reconcile,
    /// One publishing job an account.
    AccountLock,
    /// What is published is what the claim froze.
    HashFreeze,
}

impl Protection {
    /// Every protection.
    pub const ALL: [Self; 5] = [
        Self::Fencing,
        Self::WriteAhead,
        Self::Reconcile,
        Self::AccountLock,
        Self::HashFreeze,
    ];

    /// An invariant that doesn't hold without it.
    pub const fn invariant(self) -> &'static str {
        match self {
            Self::Fencing => "no_call_without_the_claim",
            Self::WriteAhead | Self::Reconcile => "never_two_posts",
            Self::AccountLock => "one_call_that_can_publish_an_account",
            Self::HashFreeze => "what_is_sent_was_frozen",
        }
    }

    /// Its name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fencing => "fencing",
            Self::WriteAhead => "write-ahead",
            Self::Reconcile => "reconcile",
            Self::AccountLock => "account-lock",
            Self::HashFreeze => "hash-freeze",
        }
    }
}

/// A worker's way to the store, without the protection.
pub(crate) fn store(
    without: Option<Protection>,
    inner: Arc<dyn JobStore>,
    base: &Arc<MemoryStore>,
    time: &VirtualTime,
) -> Arc<dyn JobStore> {
    let base = base.clone();
    match without {
        Some(Protection::Fencing) => Arc::new(Unfenced { inner, base }),
        Some(Protection::WriteAhead) => Arc::new(WriteBehind::new(inner, base, time.clone())),
        Some(Protection::HashFreeze) => Arc::new(Unfrozen { inner, base }),
        Some(Protection::Reconcile | Protection::AccountLock) | None => inner,
    }
}

/// A worker's way to a platform, without the protection.
pub(crate) fn adapter(
    without: Option<Protection>,
    inner: Arc<dyn ChannelAdapter>,
) -> Arc<dyn ChannelAdapter> {
    match without {
        Some(Protection::Reconcile) => Arc::new(Blind { inner }),
        _ => inner,
    }
}

/// The stored job, as nobody but the store knows it.
fn stored(base: &MemoryStore, job_id: JobId) -> Option<JobRecord> {
    let jobs = base.all_jobs(JobFilter::default()).now_or_never()?.ok()?;
    let job = jobs.into_iter().find(|job| job.id == job_id)?;
    let history = base.job(job.user_id, job_id).now_or_never()?.ok()??;
    Some(history.record)
}

/// Says that nothing was published, without looking.
struct Blind {
    inner: Arc<dyn ChannelAdapter>,
}

#[async_trait]
impl ChannelAdapter for Blind {
    fn channel(&self) -> Channel {
        self.inner.channel()
    }

    fn call_deadline(&self) -> Duration {
        self.inner.call_deadline()
    }

    fn begin(&self, post: &Post) -> Progress {
        self.inner.begin(post)
    }

    async fn advance(&self, post: Post, progress: Progress) -> Result<Step, AdapterError> {
        self.inner.advance(post, progress).await
    }

    async fn reconcile(&self, _: Post, _: Progress) -> Result<Reconciled, AdapterError> {
        Ok(Reconciled::NotPublished {
            evidence: "nobody looked".to_owned(),
            resume: None,
        })
    }
}
