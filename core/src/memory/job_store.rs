//! The store of jobs.

use async_trait::async_trait;

use super::MemoryStore;
use crate::ledger::LedgerRow;
use crate::model::{AccountId, Channel, JobId, PublishJob, UserId};
use crate::ports::{
    ChannelPause, ClaimJobs, ClaimedJobs, CommandJobs, JobFilter, JobHistory, JobOutcome,
    JobOutcomes, JobStore, JobWrite, QueueDepth, SaveCalendar, SavedCalendar, ScheduleJobs,
    StoreError,
};
use crate::retry::RetryPolicy;

impl MemoryStore {
    /// Wakes the workers that wait for news.
    pub(super) fn tell_arrival(&self) {
        {
            let mut rows = self.rows();
            rows.arrivals = rows.arrivals.wrapping_add(1);
        }
        self.arrivals.wake(0);
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl JobStore for MemoryStore {
    async fn schedule_jobs(&self, schedule: ScheduleJobs) -> Result<JobOutcomes, StoreError> {
        let now = self.now();
        let outcomes = self.rows().schedule(schedule, now);
        self.tell_arrival();
        outcomes
    }

    async fn command_jobs(&self, command: CommandJobs) -> Result<JobOutcomes, StoreError> {
        let now = self.now();
        let outcomes = self.rows().command_jobs(command, now);
        self.tell_arrival();
        outcomes
    }

    async fn save_calendar_and_jobs(
        &self,
        save: SaveCalendar,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<SavedCalendar, StoreError> {
        let now = self.now();
        let saved = self.rows().save_with_jobs(save, &policy, &writes, now);
        self.tell_arrival();
        saved
    }

    async fn claim_jobs(&self, claim: ClaimJobs) -> Result<ClaimedJobs, StoreError> {
        let now = self.now();
        self.rows().claim(&claim, now)
    }

    async fn advance_jobs(
        &self,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        let now = self.now();
        self.rows().advance(&policy, &writes, now)
    }

    async fn job(&self, user_id: UserId, job_id: JobId) -> Result<Option<JobHistory>, StoreError> {
        Ok(self
            .rows()
            .jobs
            .get(job_id)
            .filter(|stored| stored.record.job.user_id == user_id)
            .map(|stored| JobHistory {
                record: stored.record.clone(),
                attempts: stored.attempts.clone(),
            }))
    }

    async fn jobs(
        &self,
        user_id: UserId,
        filter: JobFilter,
    ) -> Result<Vec<PublishJob>, StoreError> {
        Ok(self.rows().jobs_that_fit(Some(user_id), &filter))
    }

    async fn all_jobs(&self, filter: JobFilter) -> Result<Vec<PublishJob>, StoreError> {
        Ok(self.rows().jobs_that_fit(None, &filter))
    }

    async fn queue_depth(&self) -> Result<QueueDepth, StoreError> {
        let now = self.now();
        Ok(self.rows().depth(now))
    }

    async fn pause_channel(&self, pause: ChannelPause) -> Result<bool, StoreError> {
        let mut rows = self.rows();
        match rows.pauses.get_mut(&pause.channel) {
            Some(lasting) => {
                lasting.until = pause.until;
                Ok(false)
            }
            None => {
                rows.pauses.insert(pause.channel, pause);
                Ok(true)
            }
        }
    }

    async fn lift_pause(&self, channel: Channel) -> Result<bool, StoreError> {
        let lifted = self.rows().pauses.remove(&channel).is_some();
        if lifted {
            self.tell_arrival();
        }
        Ok(lifted)
    }

    async fn ledger(
        &self,
        account_id: AccountId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<LedgerRow>, StoreError> {
        Ok(self.rows().ledger_rows(account_id, after, limit))
    }

    async fn work_arrived(&self) {
        let seen = self.rows().arrivals;
        self.arrivals.wait(0, || self.rows().arrivals != seen).await;
    }
}
