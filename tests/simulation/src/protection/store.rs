//! Stores that lack one protection each.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use calendar_publish::job::{JobEvent, JobRecord, content_hash};
use calendar_publish::ledger::LedgerRow;
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{
    AccountId, CalendarId, CalendarRun, Channel, ChannelAccount, JobId, PublishIntent, PublishJob,
    RunId, UserId,
};
use calendar_publish::ports::{
    ChannelPause, ClaimJobs, ClaimedJobs, Command, CommandJobs, JobFilter, JobHistory, JobOutcome,
    JobOutcomes, JobResult, JobStore, JobWrite, QueueDepth, RecordIntents, Recorded, SaveCalendar,
    SavedCalendar, ScheduleJobs, Store, StoreError, StoredCalendar,
};
use calendar_publish::retry::RetryPolicy;

use super::stored;
use crate::faults::store_through;
use crate::time::VirtualTime;

/// Takes every worker for the holder of the newest claim.
pub(super) struct Unfenced {
    pub(super) inner: Arc<dyn JobStore>,
    pub(super) base: Arc<MemoryStore>,
}

impl Unfenced {
    async fn around<T: Send>(
        &self,
        _: &'static str,
        operation: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        operation.await
    }

    /// The write as the holder of the newest claim would make it, and the token that it had.
    fn current(&self, write: JobWrite) -> (JobWrite, Option<i64>) {
        let newest = stored(&self.base, write.job_id).and_then(|record| record.job.lease);
        let (Some(lease), Some(stamp)) = (newest, write.stamp) else {
            return (write, None);
        };
        if lease.token == stamp.token {
            return (write, None);
        }
        let renamed = serde_json::to_value(&write).ok().and_then(|mut value| {
            *value.get_mut("event")?.get_mut("token")? = lease.token.into();
            let named = value.get_mut("stamp")?;
            *named.get_mut("token")? = lease.token.into();
            // Nobody else's writes have this number.
            *named.get_mut("sequence")? = (stamp.token * 1_000_000 + stamp.sequence).into();
            serde_json::from_value(value).ok()
        });
        match renamed {
            Some(renamed) => (renamed, Some(stamp.token)),
            None => (write, None),
        }
    }
}

store_through!(Unfenced, {
    async fn claim_jobs(&self, claim: ClaimJobs) -> Result<ClaimedJobs, StoreError> {
        self.inner.claim_jobs(claim).await
    }

    async fn advance_jobs(
        &self,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        let (writes, tokens): (Vec<_>, Vec<_>) =
            writes.into_iter().map(|write| self.current(write)).unzip();
        let mut outcomes = self.inner.advance_jobs(policy, writes).await?;
        for (outcome, token) in outcomes.iter_mut().zip(tokens) {
            if let (JobResult::Done { job, .. }, Some(token)) = (&mut outcome.result, token)
                && let Some(lease) = &mut job.lease
            {
                lease.token = token;
            }
        }
        Ok(outcomes)
    }
});

/// Says that a beginning is durable before it is: only an outcome makes it so.
pub(super) struct WriteBehind {
    inner: Arc<dyn JobStore>,
    base: Arc<MemoryStore>,
    time: VirtualTime,
    held: Mutex<BTreeMap<JobId, Held>>,
}

struct Held {
    record: JobRecord,
    writes: Vec<JobWrite>,
}

impl WriteBehind {
    pub(super) fn new(inner: Arc<dyn JobStore>, base: Arc<MemoryStore>, time: VirtualTime) -> Self {
        Self {
            inner,
            base,
            time,
            held: Mutex::default(),
        }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<JobId, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn around<T: Send>(
        &self,
        _: &'static str,
        operation: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        operation.await
    }

    /// Answers a write as the store would, without making it.
    fn hold(&self, policy: &RetryPolicy, write: &JobWrite) -> Option<JobOutcome> {
        let mut all = self.held();
        let held = match all.entry(write.job_id) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => place.insert(Held {
                record: stored(&self.base, write.job_id)?,
                writes: Vec::new(),
            }),
        };
        let applied = held
            .record
            .apply(policy, None, write, self.time.now())
            .ok()?;
        held.record = applied.record;
        held.writes.push(write.clone());
        Some(JobOutcome {
            job_id: write.job_id,
            result: JobResult::Done {
                job: Box::new(held.record.job.clone()),
                effects: applied.effects,
            },
        })
    }
}

store_through!(WriteBehind, {
    async fn claim_jobs(&self, claim: ClaimJobs) -> Result<ClaimedJobs, StoreError> {
        let claimed = self.inner.claim_jobs(claim).await?;
        let mut held = self.held();
        for given in &claimed.jobs {
            held.remove(&given.job.id);
        }
        drop(held);
        Ok(claimed)
    }

    async fn advance_jobs(
        &self,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        let mut outcomes = Vec::with_capacity(writes.len());
        for write in writes {
            let begins = matches!(
                write.event,
                JobEvent::WriteStarted { .. } | JobEvent::LeaseMoved { .. }
            );
            if begins && let Some(outcome) = self.hold(&policy, &write) {
                outcomes.push(outcome);
                continue;
            }
            let held = self.held().remove(&write.job_id);
            if let Some(held) = held {
                self.inner.advance_jobs(policy.clone(), held.writes).await?;
            }
            outcomes.extend(self.inner.advance_jobs(policy.clone(), vec![write]).await?);
        }
        Ok(outcomes)
    }
});

/// Gives whoever takes over the newest content.
pub(super) struct Unfrozen {
    pub(super) inner: Arc<dyn JobStore>,
    pub(super) base: Arc<MemoryStore>,
}

impl Unfrozen {
    async fn around<T: Send>(
        &self,
        _: &'static str,
        operation: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        operation.await
    }
}

store_through!(Unfrozen, {
    async fn claim_jobs(&self, claim: ClaimJobs) -> Result<ClaimedJobs, StoreError> {
        let mut claimed = self.inner.claim_jobs(claim).await?;
        for given in &mut claimed.jobs {
            let is_taken_over = given.job.lease.is_some_and(|lease| lease.write_started);
            if is_taken_over
                && let Some(record) = stored(&self.base, given.job.id)
                && let Ok(hash) = content_hash(&record.entry)
            {
                given.entry = record.entry;
                given.content_hash = hash;
            }
        }
        Ok(claimed)
    }

    async fn advance_jobs(
        &self,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        self.inner.advance_jobs(policy, writes).await
    }
});
