//! A store that works on a thread of its own, in virtual time.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::ledger::LedgerRow;
use calendar_publish::model::{
    AccountId, CalendarId, CalendarRun, Channel, ChannelAccount, JobId, PublishIntent, PublishJob,
    RunId, UserId,
};
use calendar_publish::ports::{
    ChannelPause, ClaimJobs, ClaimedJobs, Command, CommandJobs, JobFilter, JobHistory, JobOutcome,
    JobOutcomes, JobStore, JobWrite, QueueDepth, RecordIntents, Recorded, SaveCalendar,
    SavedCalendar, ScheduleJobs, Store, StoreError, StoredCalendar,
};
use calendar_publish::retry::RetryPolicy;
use futures_executor::block_on;

use crate::faults::store_through;

/// Waits for every operation of a store before anything else happens: while a thread of the store's own
/// works, virtual time would leap past it.
#[derive(Clone)]
pub struct SettledStore {
    inner: Arc<dyn JobStore>,
}

impl SettledStore {
    /// The store `inner`, whose operations are over at once.
    pub fn new(inner: Arc<dyn JobStore>) -> Self {
        Self { inner }
    }

    async fn around<T>(
        &self,
        _: &'static str,
        operation: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        block_on(operation)
    }
}

impl fmt::Debug for SettledStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SettledStore").finish_non_exhaustive()
    }
}

store_through!(SettledStore, {
    async fn claim_jobs(&self, claim: ClaimJobs) -> Result<ClaimedJobs, StoreError> {
        self.around("claim_jobs", self.inner.claim_jobs(claim))
            .await
    }

    async fn advance_jobs(
        &self,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        let advancing = self.inner.advance_jobs(policy, writes);
        self.around("advance_jobs", advancing).await
    }
});
