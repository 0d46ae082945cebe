//! What people ask of calendars, accounts and publish jobs.

use std::sync::Arc;

use calendar_publish::ledger::LedgerRow;
use calendar_publish::model::{
    AccountId, CalendarId, CalendarRun, Channel, ChannelAccount, JobId, PublishJob, RunId,
    Timestamp, UserId,
};
use calendar_publish::ports::{
    JobFilter, JobHistory, JobOutcome, JobOutcomes, QueueDepth, SaveCalendar, SavedCalendar,
    StoredCalendar,
};
use calendar_publish::publish::{
    BatchOutcome, BatchProgress, CancelOutcome, CommandContext, ConfirmJob, IncidentReport,
    MoveAnswer, PublishNow, Reschedule, ResumeIncident, Schedule, ScheduleCalendar, Scheduled,
    Shift, SurveyIncident,
};

use super::Engine;
use crate::{CalendarPublishError, HostError};

/// Is told how far a batch has come, after each chunk. What it throws is swallowed.
#[uniffi::export(with_foreign)]
pub trait ProgressObserver: Send + Sync {
    /// `progress.done` of `progress.total` entries are decided, and durable.
    fn on_progress(&self, progress: BatchProgress) -> Result<(), HostError>;
}

fn teller(observer: Option<Arc<dyn ProgressObserver>>) -> impl FnMut(BatchProgress) + Send {
    move |progress| {
        if let Some(observer) = &observer {
            // Nobody is left to tell.
            drop(observer.on_progress(progress));
        }
    }
}

/// Each command of the queue that takes a context and one request.
macro_rules! commands {
    (
        #[uniffi::export(async_runtime = "tokio")]
        impl Engine {
            $($(#[$doc:meta])* pub async fn $name:ident($request:ident: $type:ty) -> $answer:ty;)*
        }
    ) => {
        #[uniffi::export(async_runtime = "tokio")]
        impl Engine {
            $($(#[$doc])*
            pub async fn $name(
                &self,
                context: CommandContext,
                $request: $type,
            ) -> Result<$answer, CalendarPublishError> {
                Ok(self.queue.$name(&context, &$request).await?)
            })*
        }
    };
}

commands! {
#[uniffi::export(async_runtime = "tokio")]
impl Engine {
    /// Moves one entry to a date and time of its account's zone, and its live job with it: both or neither.
    pub async fn reschedule(reschedule: Reschedule) -> MoveAnswer;
    /// Moves entries as a plan says, or back by a receipt, and their jobs with them: all of it, or nothing.
    pub async fn shift(shift: Shift) -> MoveAnswer;
    /// Asks for another attempt now: of jobs that failed, and of those that need attention for a known
    /// cause. A job that may be out is refused.
    pub async fn retry(job_ids: Vec<JobId>) -> JobOutcomes;
    /// Lets jobs go on whose cause of needing attention was mended: they wait for their time.
    pub async fn resume(job_ids: Vec<JobId>) -> JobOutcomes;
    /// Withdraws jobs, also while they are being published: then the wish is noted, and answered by what
    /// becomes of the write.
    pub async fn cancel(job_ids: Vec<JobId>) -> Vec<CancelOutcome>;
    /// Settles a job whose outcome isn't known by a person's word.
    pub async fn confirm(confirm: ConfirmJob) -> JobOutcomes;
    /// Resumes what the incident's report offers and isn't too late.
    pub async fn resume_after_incident(resume: ResumeIncident) -> Vec<JobOutcome>;
}
}

#[uniffi::export(async_runtime = "tokio")]
impl Engine {
    /// Schedules entries: a job each, due at the entry's instant or at its wall clock in the account's
    /// zone. A refused entry never keeps the others from being scheduled.
    #[uniffi::method(default(observer = None))]
    pub async fn schedule(
        &self,
        context: CommandContext,
        schedule: Schedule,
        observer: Option<Arc<dyn ProgressObserver>>,
    ) -> Result<Scheduled, CalendarPublishError> {
        let on = self.publishing()?;
        let mut told = teller(observer);
        Ok(self
            .queue
            .schedule(on, &context, &schedule, &mut told)
            .await?)
    }

    /// Schedules a calendar as it was last saved.
    #[uniffi::method(default(observer = None))]
    pub async fn schedule_calendar(
        &self,
        context: CommandContext,
        schedule: ScheduleCalendar,
        observer: Option<Arc<dyn ProgressObserver>>,
    ) -> Result<Scheduled, CalendarPublishError> {
        let on = self.publishing()?;
        let mut told = teller(observer);
        Ok(self
            .queue
            .schedule_calendar(on, &context, &schedule, &mut told)
            .await?)
    }

    /// How the jobs stand now that were scheduled as a batch under the context's key.
    pub async fn batch_outcome(
        &self,
        context: CommandContext,
    ) -> Result<BatchOutcome, CalendarPublishError> {
        Ok(self.queue.batch_outcome(&context).await?)
    }

    /// Brings one entry's time to the present; the answer is its job.
    pub async fn publish_now(
        &self,
        context: CommandContext,
        publish: PublishNow,
    ) -> Result<PublishJob, CalendarPublishError> {
        let on = self.publishing_now()?;
        Ok(self.queue.publish_now(on, &context, &publish).await?)
    }

    /// Says what an incident left behind, over all users: an offer, nothing changes.
    pub async fn incident_report(
        &self,
        survey: SurveyIncident,
        now: Timestamp,
    ) -> Result<IncidentReport, CalendarPublishError> {
        Ok(self.queue.incident_report(&survey, now).await?)
    }

    /// The calendar as a run saved it.
    pub async fn calendar_of_run(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
        run_id: RunId,
    ) -> Result<StoredCalendar, CalendarPublishError> {
        let answer = self.store.run(user_id, calendar_id, run_id).await;
        Ok(answer.map_err(calendar_publish::Error::from)?)
    }
}

/// Each reading or writing of the store that a host's pages need.
macro_rules! stored {
    (
        #[uniffi::export(async_runtime = "tokio")]
        impl Engine {
            $($(#[$doc:meta])* pub async fn $name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*
        }
    ) => {
        #[uniffi::export(async_runtime = "tokio")]
        impl Engine {
            $($(#[$doc])*
            pub async fn $name(&self, $($argument: $type),*) -> Result<$answer, CalendarPublishError> {
                let answer = self.store.$name($($argument),*).await;
                Ok(answer.map_err(calendar_publish::Error::from)?)
            })*
        }
    };
}

stored! {
#[uniffi::export(async_runtime = "tokio")]
impl Engine {
    /// Saves a calendar as a new revision; the same run with the same content answers as before.
    pub async fn save_calendar(save: SaveCalendar) -> SavedCalendar;
    /// The calendar as it stands.
    pub async fn calendar(user_id: UserId, calendar_id: CalendarId) -> StoredCalendar;
    /// The runs that saved it, the newest first.
    pub async fn runs(user_id: UserId, calendar_id: CalendarId) -> Vec<CalendarRun>;
    /// The calendar as it was last generated.
    pub async fn last_generation(user_id: UserId, calendar_id: CalendarId) -> Option<StoredCalendar>;
    /// Links an account, or replaces what is known of it.
    pub async fn put_account(account: ChannelAccount) -> ();
    /// The user's accounts, by id.
    pub async fn accounts(user_id: UserId) -> Vec<ChannelAccount>;
    /// Forgets an account.
    pub async fn remove_account(user_id: UserId, account_id: AccountId) -> ();
    /// A job with its attempts.
    pub async fn job(user_id: UserId, job_id: JobId) -> Option<JobHistory>;
    /// The user's jobs, by id.
    pub async fn jobs(user_id: UserId, filter: JobFilter) -> Vec<PublishJob>;
    /// How many jobs stand where.
    pub async fn queue_depth() -> QueueDepth;
    /// An account's ledger, behind a sequence number.
    pub async fn ledger(account_id: AccountId, after: i64, limit: u32) -> Vec<LedgerRow>;
    /// Lifts a channel's pause; whether there was one.
    pub async fn lift_pause(channel: Channel) -> bool;
}
}
