//! The store of jobs: each operation is one transaction on the store's thread.

use async_trait::async_trait;
use calendar_publish::ledger::LedgerRow;
use calendar_publish::model::{AccountId, Channel, JobId, PublishJob, UserId};
use calendar_publish::ports::{
    ChannelPause, ClaimJobs, ClaimedJobs, CommandJobs, JobFilter, JobHistory, JobOutcome,
    JobOutcomes, JobStore, JobWrite, QueueDepth, SaveCalendar, SavedCalendar, ScheduleJobs,
    StoreError,
};
use calendar_publish::retry::RetryPolicy;

use super::{SqliteStore, advance, claim, ledger, pauses, queue, save, schedule};

impl SqliteStore {
    pub(super) async fn save_with_jobs(
        &self,
        request: SaveCalendar,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<SavedCalendar, StoreError> {
        let fingerprint = request.fingerprint()?;
        let time = self.time.clone();
        let saved = self
            .run(move |connection| {
                save::save(connection, &request, &fingerprint, &policy, &writes, &time)
            })
            .await;
        self.arrivals.tell();
        saved
    }
}

#[async_trait]
impl JobStore for SqliteStore {
    async fn schedule_jobs(&self, request: ScheduleJobs) -> Result<JobOutcomes, StoreError> {
        let time = self.time.clone();
        let outcomes = self
            .run(move |connection| schedule::schedule(connection, request, &time))
            .await;
        self.arrivals.tell();
        outcomes
    }

    async fn command_jobs(&self, command: CommandJobs) -> Result<JobOutcomes, StoreError> {
        let time = self.time.clone();
        let outcomes = self
            .run(move |connection| schedule::command(connection, command, &time))
            .await;
        self.arrivals.tell();
        outcomes
    }

    async fn save_calendar_and_jobs(
        &self,
        request: SaveCalendar,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<SavedCalendar, StoreError> {
        self.save_with_jobs(request, policy, writes).await
    }

    async fn claim_jobs(&self, request: ClaimJobs) -> Result<ClaimedJobs, StoreError> {
        self.arrivals.looked();
        let time = self.time.clone();
        self.run(move |connection| claim::claim(connection, &request, &time))
            .await
    }

    async fn advance_jobs(
        &self,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        let time = self.time.clone();
        let (outcomes, freed) = self
            .run(move |connection| advance::advance(connection, &policy, &writes, &time))
            .await?;
        if freed {
            self.arrivals.tell();
        }
        Ok(outcomes)
    }

    async fn job(&self, user_id: UserId, job_id: JobId) -> Result<Option<JobHistory>, StoreError> {
        self.run(move |connection| queue::history(connection, user_id, job_id))
            .await
    }

    async fn jobs(
        &self,
        user_id: UserId,
        filter: JobFilter,
    ) -> Result<Vec<PublishJob>, StoreError> {
        self.run(move |connection| queue::list(connection, Some(user_id), &filter))
            .await
    }

    async fn all_jobs(&self, filter: JobFilter) -> Result<Vec<PublishJob>, StoreError> {
        self.run(move |connection| queue::list(connection, None, &filter))
            .await
    }

    async fn queue_depth(&self) -> Result<QueueDepth, StoreError> {
        let time = self.time.clone();
        self.run(move |connection| queue::depth(connection, &time))
            .await
    }

    async fn pause_channel(&self, pause: ChannelPause) -> Result<bool, StoreError> {
        self.run(move |connection| pauses::pause(connection, &pause))
            .await
    }

    async fn lift_pause(&self, channel: Channel) -> Result<bool, StoreError> {
        let lifted = self
            .run(move |connection| pauses::lift(connection, channel))
            .await?;
        if lifted {
            self.arrivals.tell();
        }
        Ok(lifted)
    }

    async fn ledger(
        &self,
        account_id: AccountId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<LedgerRow>, StoreError> {
        self.run(move |connection| ledger::list(connection, account_id, after, limit))
            .await
    }

    async fn work_arrived(&self) {
        self.arrivals.wait().await;
    }
}
