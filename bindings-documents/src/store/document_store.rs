//! The library's store over a host's port.

use std::future::pending;

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
use calendar_publish::{Code, Error};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::requests::{
    AccountRequest, AdvanceRequest, ChannelRequest, CommandRequest, JobRequest, JobsRequest,
    LedgerRequest, NoRequest, RunRequest, SaveAndMoveRequest, UserCalendarRequest, UserRequest,
};
use crate::document::{read, write};
use crate::ports::{DocumentPort, HostFailure};

/// [`Store`] and [`JobStore`] over a host's port: each method is one call, named as the Rust method in
/// camelCase. [`requests`](super::requests) says what is asked with what.
///
/// The host refuses with a [`StoreError`] or an [`Error`] as a document. Whatever else it throws is
/// [`StoreError::Unavailable`], and an answer that can't be read [`StoreError::Corrupt`] with the method and
/// the path in it. What only writes may be answered with anything. `workArrived` is answered with `true`
/// once there may be work; a host that has no way to tell answers anything else, and isn't asked again by
/// that caller.
#[derive(Clone, Debug)]
pub struct DocumentStore<P>(P);

impl<P: DocumentPort> DocumentStore<P> {
    /// A store that `port` keeps.
    pub const fn new(port: P) -> Self {
        Self(port)
    }

    async fn call(
        &self,
        method: &'static str,
        request: Result<String, Error>,
    ) -> Result<String, StoreError> {
        let request = request.map_err(StoreError::Invalid)?;
        self.0.call(method, request).await.map_err(refusal)
    }

    async fn ask<A: DeserializeOwned>(
        &self,
        method: &'static str,
        request: &(impl Serialize + Sync),
    ) -> Result<A, StoreError> {
        let answer = self.call(method, write(request)).await?;
        read(&answer).map_err(|error| StoreError::corrupt(place(method, &error.path), error))
    }

    /// Calls what answers nothing.
    async fn tell(
        &self,
        method: &'static str,
        request: &(impl Serialize + Sync),
    ) -> Result<(), StoreError> {
        self.call(method, write(request)).await.map(drop)
    }
}

/// Where an answer can't be read: `calendar.entries[3].payload`.
fn place(method: &str, path: &str) -> String {
    match path.chars().next() {
        None => method.to_owned(),
        Some('[') => format!("{method}{path}"),
        Some(_) => format!("{method}.{path}"),
    }
}

fn refusal(failure: HostFailure) -> StoreError {
    let text = match failure {
        HostFailure::Thrown { reason } => return StoreError::unavailable(reason),
        HostFailure::Refused { document } => document,
    };
    if let Ok(error) = serde_json::from_str(&text) {
        return error;
    }
    match serde_json::from_str::<Error>(&text) {
        Ok(error) if error.code != Code::StoreUnavailable => StoreError::Invalid(error),
        _ => StoreError::unavailable(text),
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl<P: DocumentPort> Store for DocumentStore<P> {
    async fn save_calendar(&self, save: SaveCalendar) -> Result<SavedCalendar, StoreError> {
        self.ask("saveCalendar", &save).await
    }

    async fn calendar(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<StoredCalendar, StoreError> {
        let request = UserCalendarRequest {
            user_id,
            calendar_id,
        };
        self.ask("calendar", &request).await
    }

    async fn runs(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<CalendarRun>, StoreError> {
        let request = UserCalendarRequest {
            user_id,
            calendar_id,
        };
        self.ask("runs", &request).await
    }

    async fn run(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
        run_id: RunId,
    ) -> Result<StoredCalendar, StoreError> {
        let request = RunRequest {
            user_id,
            calendar_id,
            run_id,
        };
        self.ask("run", &request).await
    }

    async fn last_generation(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Option<StoredCalendar>, StoreError> {
        let request = UserCalendarRequest {
            user_id,
            calendar_id,
        };
        self.ask("lastGeneration", &request).await
    }

    async fn put_account(&self, account: ChannelAccount) -> Result<(), StoreError> {
        self.tell("putAccount", &account).await
    }

    async fn accounts(&self, user_id: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        self.ask("accounts", &UserRequest { user_id }).await
    }

    async fn remove_account(
        &self,
        user_id: UserId,
        account_id: AccountId,
    ) -> Result<(), StoreError> {
        let request = AccountRequest {
            user_id,
            account_id,
        };
        self.tell("removeAccount", &request).await
    }

    async fn record_intents(&self, record: RecordIntents) -> Result<Recorded, StoreError> {
        self.ask("recordIntents", &record).await
    }

    async fn intents(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<PublishIntent>, StoreError> {
        let request = UserCalendarRequest {
            user_id,
            calendar_id,
        };
        self.ask("intents", &request).await
    }

    async fn command(&self, user_id: UserId, key: String) -> Result<Option<Command>, StoreError> {
        self.ask("command", &CommandRequest { user_id, key }).await
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl<P: DocumentPort> JobStore for DocumentStore<P> {
    async fn schedule_jobs(&self, schedule: ScheduleJobs) -> Result<JobOutcomes, StoreError> {
        self.ask("scheduleJobs", &schedule).await
    }

    async fn command_jobs(&self, command: CommandJobs) -> Result<JobOutcomes, StoreError> {
        self.ask("commandJobs", &command).await
    }

    async fn save_calendar_and_jobs(
        &self,
        save: SaveCalendar,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<SavedCalendar, StoreError> {
        let request = SaveAndMoveRequest {
            save,
            policy,
            writes,
        };
        self.ask("saveCalendarAndJobs", &request).await
    }

    async fn claim_jobs(&self, claim: ClaimJobs) -> Result<ClaimedJobs, StoreError> {
        self.ask("claimJobs", &claim).await
    }

    async fn advance_jobs(
        &self,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        self.ask("advanceJobs", &AdvanceRequest { policy, writes })
            .await
    }

    async fn job(&self, user_id: UserId, job_id: JobId) -> Result<Option<JobHistory>, StoreError> {
        self.ask("job", &JobRequest { user_id, job_id }).await
    }

    async fn jobs(
        &self,
        user_id: UserId,
        filter: JobFilter,
    ) -> Result<Vec<PublishJob>, StoreError> {
        self.ask("jobs", &JobsRequest { user_id, filter }).await
    }

    async fn all_jobs(&self, filter: JobFilter) -> Result<Vec<PublishJob>, StoreError> {
        self.ask("allJobs", &filter).await
    }

    async fn queue_depth(&self) -> Result<QueueDepth, StoreError> {
        self.ask("queueDepth", &NoRequest {}).await
    }

    async fn pause_channel(&self, pause: ChannelPause) -> Result<bool, StoreError> {
        self.ask("pauseChannel", &pause).await
    }

    async fn lift_pause(&self, channel: Channel) -> Result<bool, StoreError> {
        self.ask("liftPause", &ChannelRequest { channel }).await
    }

    async fn ledger(
        &self,
        account_id: AccountId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<LedgerRow>, StoreError> {
        let request = LedgerRequest {
            account_id,
            after,
            limit,
        };
        self.ask("ledger", &request).await
    }

    async fn work_arrived(&self) {
        let told = self.ask("workArrived", &NoRequest {}).await;
        if !matches!(told, Ok(true)) {
            // A signal that ends at once would make the worker run in circles; it looks by itself.
            pending::<()>().await;
        }
    }
}
