//! The store of jobs.

use async_trait::async_trait;
use calendar_publish::ledger::LedgerRow;
use calendar_publish::model::{AccountId, Channel, JobId, PublishJob, UserId};
use calendar_publish::ports::{
    ChannelPause, ClaimJobs, ClaimedJobs, CommandJobs, JobFilter, JobHistory, JobOutcome,
    JobOutcomes, JobStore, JobWrite, QueueDepth, SaveCalendar, SavedCalendar, ScheduleJobs,
    StoreError,
};
use calendar_publish::retry::RetryPolicy;

use super::PostgresStore;
use super::database::attempt;
use super::{claims, job_rows, jobs, pauses};

#[async_trait]
impl JobStore for PostgresStore {
    async fn schedule_jobs(&self, schedule: ScheduleJobs) -> Result<JobOutcomes, StoreError> {
        let now = self.now();
        attempt!(&self.pool, client => jobs::schedule(&client, &schedule, now))
    }

    async fn command_jobs(&self, command: CommandJobs) -> Result<JobOutcomes, StoreError> {
        let now = self.now();
        attempt!(&self.pool, client => jobs::command(&client, &command, now))
    }

    async fn save_calendar_and_jobs(
        &self,
        save: SaveCalendar,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<SavedCalendar, StoreError> {
        let fingerprint = save.fingerprint()?;
        let writes = CommandJobs {
            user_id: save.user_id,
            command: None,
            policy,
            writes,
            all_or_nothing: true,
        };
        let now = self.now();
        attempt!(&self.pool, client => {
            jobs::save(&mut client, &save, &fingerprint, Some(&writes), now)
        })
    }

    async fn claim_jobs(&self, claim: ClaimJobs) -> Result<ClaimedJobs, StoreError> {
        claim.check()?;
        if let Some(listener) = &self.listener {
            listener.looked();
        }
        let now = self.now();
        attempt!(&self.pool, client => claims::claim(&client, &claim, now))
    }

    async fn advance_jobs(
        &self,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        let now = self.now();
        attempt!(&self.pool, client => jobs::advance(&client, &policy, &writes, now))
    }

    async fn job(&self, user_id: UserId, job_id: JobId) -> Result<Option<JobHistory>, StoreError> {
        attempt!(&self.pool, client => job_rows::history(&client, user_id, job_id))
    }

    async fn jobs(
        &self,
        user_id: UserId,
        filter: JobFilter,
    ) -> Result<Vec<PublishJob>, StoreError> {
        attempt!(&self.pool, client => job_rows::list(&client, Some(user_id), &filter))
    }

    async fn all_jobs(&self, filter: JobFilter) -> Result<Vec<PublishJob>, StoreError> {
        attempt!(&self.pool, client => job_rows::list(&client, None, &filter))
    }

    async fn queue_depth(&self) -> Result<QueueDepth, StoreError> {
        let now = self.now();
        attempt!(&self.pool, client => jobs::depth(&client, now))
    }

    async fn pause_channel(&self, pause: ChannelPause) -> Result<bool, StoreError> {
        attempt!(&self.pool, client => pauses::pause(&client, &pause))
    }

    async fn lift_pause(&self, channel: Channel) -> Result<bool, StoreError> {
        attempt!(&self.pool, client => pauses::lift(&client, channel))
    }

    async fn ledger(
        &self,
        account_id: AccountId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<LedgerRow>, StoreError> {
        attempt!(&self.pool, client => job_rows::ledger(&client, account_id, after, limit))
    }

    async fn work_arrived(&self) {
        match &self.listener {
            Some(listener) => listener.arrived().await,
            None => std::future::pending().await,
        }
    }
}
