//! Stores of jobs that break one promise each.

use async_trait::async_trait;
use calendar_publish::error::{Code, Error};
use calendar_publish::job::{JobEvent, JobRecord};
use calendar_publish::ledger::LedgerRow;
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{
    AccountId, CalendarId, CalendarRun, Channel, ChannelAccount, JobId, JobStatus, PublishIntent,
    PublishJob, RunId, UserId,
};
use calendar_publish::ports::{
    ChannelPause, ClaimJobs, ClaimedJobs, Command, CommandJobs, JobFilter, JobHistory, JobOutcome,
    JobOutcomes, JobResult, JobStore, JobWrite, QueueDepth, RecordIntents, Recorded, SaveCalendar,
    SavedCalendar, ScheduleJobs, Store, StoreError, StoredCalendar,
};
use calendar_publish::retry::RetryPolicy;

/// A promise that isn't kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Nothing.
    Nothing,
    /// An old token is taken for the present one.
    Fencing,
    /// A repeated write is made again.
    Stamps,
    /// An entry gets a second job.
    OneLiveJob,
    /// An account's due jobs are all given at once.
    AccountLock,
    /// A successor publishes what was saved in the meantime.
    FrozenContent,
    /// A successor doesn't learn how far the post had come.
    Progress,
    /// The latest due jobs are given first.
    Order,
    /// Everybody who pauses a channel is told that it was them.
    PauseOnce,
    /// The ledger's texts are written anew when they are read.
    Ledger,
    /// A calendar is saved though a move was refused.
    Atomic,
    /// Every user's jobs can be commanded.
    Ownership,
}

pub(crate) struct FaultyJobStore {
    pub(crate) inner: MemoryStore,
    pub(crate) broken: Broken,
}

impl FaultyJobStore {
    fn has(&self, broken: Broken) -> bool {
        self.broken == broken
    }

    async fn find(&self, id: JobId) -> Option<PublishJob> {
        let all = self.inner.all_jobs(JobFilter::default()).await.unwrap();
        all.into_iter().find(|job| job.id == id)
    }

    /// The write with the token that the job's claim has now.
    async fn with_present_token(&self, mut write: JobWrite) -> JobWrite {
        let lease = self.find(write.job_id).await.and_then(|job| job.lease);
        if let Some(lease) = lease {
            let mut event = serde_json::to_value(&write.event).unwrap();
            if event.get("token").is_some() {
                event["token"] = lease.token.into();
                write.event = serde_json::from_value::<JobEvent>(event).unwrap();
            }
        }
        write
    }
}

#[async_trait]
impl JobStore for FaultyJobStore {
    async fn schedule_jobs(&self, schedule: ScheduleJobs) -> Result<JobOutcomes, StoreError> {
        let jobs = schedule.jobs.clone();
        let user_id = schedule.user_id;
        let mut answer = self.inner.schedule_jobs(schedule).await?;
        if self.has(Broken::OneLiveJob) {
            for (outcome, job) in answer.outcomes.iter_mut().zip(jobs) {
                let second = matches!(
                    &outcome.result,
                    JobResult::Refused {
                        error: Error {
                            code: Code::JobExists,
                            ..
                        }
                    }
                );
                if second {
                    let at = job.scheduled_at;
                    outcome.result = JobResult::Done {
                        job: Box::new(JobRecord::new(job, user_id, at).job),
                        effects: vec![],
                    };
                }
            }
        }
        Ok(answer)
    }

    async fn command_jobs(&self, mut command: CommandJobs) -> Result<JobOutcomes, StoreError> {
        if self.has(Broken::Ownership)
            && let Some(write) = command.writes.first()
            && let Some(job) = self.find(write.job_id).await
        {
            command.user_id = job.user_id;
        }
        self.inner.command_jobs(command).await
    }

    async fn save_calendar_and_jobs(
        &self,
        save: SaveCalendar,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<SavedCalendar, StoreError> {
        let answer = self
            .inner
            .save_calendar_and_jobs(save.clone(), policy, writes)
            .await;
        if self.has(Broken::Atomic) && answer.is_err() {
            self.inner.save_calendar(save).await?;
        }
        answer
    }

    async fn claim_jobs(&self, claim: ClaimJobs) -> Result<ClaimedJobs, StoreError> {
        let mut claimed = self.inner.claim_jobs(claim).await?;
        if self.has(Broken::Order) {
            claimed.jobs.reverse();
        }
        for job in &mut claimed.jobs {
            let history = self.inner.job(job.job.user_id, job.job.id).await?.unwrap();
            if self.has(Broken::FrozenContent) {
                job.entry = history.record.entry;
            }
            if self.has(Broken::Progress) {
                job.progress = None;
            }
        }
        if self.has(Broken::AccountLock)
            && let Some(first) = claimed.jobs.first().cloned()
        {
            let all = self.inner.all_jobs(JobFilter::default()).await?;
            let account = first.job.account_id;
            let due = |job: &PublishJob| {
                job.status == JobStatus::Scheduled && job.scheduled_at <= claimed.at
            };
            for job in all
                .into_iter()
                .filter(|job| job.account_id == account && due(job))
            {
                let mut more = first.clone();
                more.job = job;
                claimed.jobs.push(more);
            }
        }
        Ok(claimed)
    }

    async fn advance_jobs(
        &self,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        let mut outcomes = Vec::new();
        for mut write in writes {
            if self.has(Broken::Fencing) {
                write = self.with_present_token(write).await;
            }
            if self.has(Broken::Stamps) {
                write.stamp = None;
            }
            outcomes.extend(self.inner.advance_jobs(policy.clone(), vec![write]).await?);
        }
        Ok(outcomes)
    }

    async fn job(&self, user_id: UserId, job_id: JobId) -> Result<Option<JobHistory>, StoreError> {
        self.inner.job(user_id, job_id).await
    }

    async fn jobs(
        &self,
        user_id: UserId,
        filter: JobFilter,
    ) -> Result<Vec<PublishJob>, StoreError> {
        self.inner.jobs(user_id, filter).await
    }

    async fn all_jobs(&self, filter: JobFilter) -> Result<Vec<PublishJob>, StoreError> {
        self.inner.all_jobs(filter).await
    }

    async fn queue_depth(&self) -> Result<QueueDepth, StoreError> {
        self.inner.queue_depth().await
    }

    async fn pause_channel(&self, pause: ChannelPause) -> Result<bool, StoreError> {
        let began = self.inner.pause_channel(pause).await?;
        Ok(began || self.has(Broken::PauseOnce))
    }

    async fn lift_pause(&self, channel: Channel) -> Result<bool, StoreError> {
        self.inner.lift_pause(channel).await
    }

    async fn ledger(
        &self,
        account_id: AccountId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<LedgerRow>, StoreError> {
        let mut rows = self.inner.ledger(account_id, after, limit).await?;
        if self.has(Broken::Ledger) {
            for row in &mut rows {
                let value: serde_json::Value = serde_json::from_str(&row.record).unwrap();
                row.record = value.to_string();
            }
        }
        Ok(rows)
    }

    async fn work_arrived(&self) {
        self.inner.work_arrived().await;
    }
}

#[async_trait]
impl Store for FaultyJobStore {
    async fn save_calendar(&self, save: SaveCalendar) -> Result<SavedCalendar, StoreError> {
        self.inner.save_calendar(save).await
    }

    async fn calendar(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<StoredCalendar, StoreError> {
        self.inner.calendar(user_id, calendar_id).await
    }

    async fn runs(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<CalendarRun>, StoreError> {
        self.inner.runs(user_id, calendar_id).await
    }

    async fn run(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
        run_id: RunId,
    ) -> Result<StoredCalendar, StoreError> {
        self.inner.run(user_id, calendar_id, run_id).await
    }

    async fn last_generation(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Option<StoredCalendar>, StoreError> {
        self.inner.last_generation(user_id, calendar_id).await
    }

    async fn put_account(&self, account: ChannelAccount) -> Result<(), StoreError> {
        self.inner.put_account(account).await
    }

    async fn accounts(&self, user_id: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        self.inner.accounts(user_id).await
    }

    async fn remove_account(
        &self,
        user_id: UserId,
        account_id: AccountId,
    ) -> Result<(), StoreError> {
        self.inner.remove_account(user_id, account_id).await
    }

    async fn record_intents(&self, record: RecordIntents) -> Result<Recorded, StoreError> {
        self.inner.record_intents(record).await
    }

    async fn intents(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<PublishIntent>, StoreError> {
        self.inner.intents(user_id, calendar_id).await
    }

    async fn command(&self, user_id: UserId, key: String) -> Result<Option<Command>, StoreError> {
        self.inner.command(user_id, key).await
    }
}
