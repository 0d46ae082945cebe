//! The publish engine: what people ask of publish jobs, and the worker that publishes them.
//!
//! It is the engine that all bindings share, behind ports and commands with types. A command crosses to
//! it as the document that the other languages send, so that it can't mean anything else here.

use std::fmt;
use std::sync::Arc;

use calendar_publish::ledger::LedgerRow;
use calendar_publish::model::{
    AccountId, CalendarId, CalendarRun, Channel, ChannelAccount, JobId, PublishJob, RunId,
    Timestamp, UserId,
};
use calendar_publish::operation;
use calendar_publish::ports::{
    self, ChannelPause, JobFilter, JobHistory, JobOutcome, JobOutcomes, QueueDepth, SaveCalendar,
    SavedCalendar, StoredCalendar,
};
use calendar_publish::publish::{
    BatchOutcome, CancelOutcome, CommandContext, ConfirmJob, IncidentReport, MoveAnswer,
    PublishAnswer, PublishNow, PublishRequest, Reschedule, ResumeIncident, Schedule,
    ScheduleCalendar, Scheduled, Shift, SurveyIncident, WorkReport,
};
use calendar_publish::{Code, Error};
use calendar_publish_documents::{self as documents, ENGINE_OPERATIONS, EngineSettings};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::CalendarPublishError;
use crate::ports::{
    AccessTokens, ChannelAdapter, Clock, HostAdapter, HostClock, HostMedia, HostStore,
    HostTelemetry, HostTokens, HostTransport, HttpTransport, MediaSource, Store, Telemetry,
    system_clock,
};

/// What the engine works with.
#[derive(uniffi::Record)]
pub struct EnginePorts {
    /// Where calendars, accounts and jobs are kept: `sqlite_store`, or your own.
    pub store: Arc<dyn Store>,
    /// Speaks HTTP to TikTok and Instagram: `http_transport`, or your own. Needed by both.
    #[uniffi(default = None)]
    pub transport: Option<Arc<dyn HttpTransport>>,
    /// The accounts' tokens. Needed by both.
    #[uniffi(default = None)]
    pub tokens: Option<Arc<dyn AccessTokens>>,
    /// Reads videos that are uploaded: `http_media`, or your own. Without it the platforms fetch them.
    #[uniffi(default = None)]
    pub media: Option<Arc<dyn MediaSource>>,
    /// The time; the machine's where it is left out.
    #[uniffi(default = None)]
    pub clock: Option<Arc<dyn Clock>>,
    /// Takes the events.
    #[uniffi(default = None)]
    pub telemetry: Option<Arc<dyn Telemetry>>,
    /// Platforms of your own, each in place of the library's for its channel.
    #[uniffi(default)]
    pub adapters: Vec<Arc<dyn ChannelAdapter>>,
}

impl fmt::Debug for EnginePorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnginePorts")
            .field("adapters", &self.adapters.len())
            .finish_non_exhaustive()
    }
}

impl EnginePorts {
    fn shared(self, settings: &EngineSettings) -> Result<documents::EnginePorts, Error> {
        let mut adapters: Vec<Arc<dyn ports::ChannelAdapter>> = Vec::new();
        for adapter in self.adapters {
            adapters.push(Arc::new(HostAdapter::new(adapter)?));
        }
        let transport = self
            .transport
            .map(|port| Arc::new(HostTransport(port)) as Arc<_>);
        let tokens = self.tokens.map(|port| Arc::new(HostTokens(port)) as Arc<_>);
        let platforms = settings
            .platform_ports(transport, tokens)
            .map_err(|error| error.under("ports"))?;
        Ok(documents::EnginePorts {
            store: Arc::new(HostStore(self.store)),
            clock: Arc::new(HostClock(self.clock.unwrap_or_else(system_clock))),
            telemetry: match self.telemetry {
                Some(telemetry) => Arc::new(HostTelemetry(telemetry)),
                None => Arc::new(()),
            },
            transport: platforms.transport,
            tokens: platforms.tokens,
            media: match self.media {
                Some(media) => Some(Arc::new(HostMedia(media))),
                None => None,
            },
            adapters,
        })
    }
}

/// Publishes: commands about jobs, what the store keeps, and the worker that carries the jobs out.
///
/// Commands are durable when they answer. Whoever passes documents on uses `call`.
#[derive(Debug, uniffi::Object)]
pub struct Engine {
    engine: documents::Engine,
}

impl Engine {
    /// Runs an operation as the other languages do.
    async fn ask<A: DeserializeOwned>(
        &self,
        name: &str,
        request: impl Serialize,
    ) -> Result<A, CalendarPublishError> {
        let unwritable = |error: serde_json::Error| {
            Error::new(Code::InputInvalid)
                .measured(calendar_publish::error::Measure::text(error.to_string()))
        };
        let request = serde_json::to_string(&request).map_err(unwritable)?;
        let answer = self.engine.call(name, &request).await?;
        Ok(operation::read_document(&answer)?)
    }
}

/// Each operation of the engine, as a method with its arguments.
macro_rules! operations {
    (
        #[uniffi::export(async_runtime = "tokio")]
        impl Engine {
            $(
                $(#[$doc:meta])*
                pub async fn $method:ident($($argument:ident: $type:ty),*) -> $answer:ty = $name:literal;
            )*
        }
    ) => {
        #[uniffi::export(async_runtime = "tokio")]
        impl Engine {
            $(
                $(#[$doc])*
                pub async fn $method(&self, $($argument: $type),*) -> Result<$answer, CalendarPublishError> {
                    #[derive(Serialize)]
                    #[serde(rename_all = "camelCase")]
                    struct Request {
                        $($argument: $type),*
                    }
                    self.ask($name, Request { $($argument),* }).await
                }
            )*
        }
    };
}

operations! {
#[uniffi::export(async_runtime = "tokio")]
impl Engine {
    /// Claims up to `limit` due jobs and works on them until each has ended or waits: for hosts that are
    /// woken by a timer. `FLAG_OFF` while publishing is off.
    pub async fn tick(limit: u32) -> WorkReport = "tick";
    /// Makes a job for every entry, due at its instant or at its wall clock in the account's zone. A refused
    /// entry never keeps the others from being scheduled. `FLAG_OFF` while publishing is off for the user.
    pub async fn schedule(context: CommandContext, schedule: Schedule) -> Scheduled = "schedule";
    /// Schedules a calendar as it was last saved. `FLAG_OFF` while publishing is off for the user.
    pub async fn schedule_calendar(context: CommandContext, schedule: ScheduleCalendar) -> Scheduled = "scheduleCalendar";
    /// How the jobs stand now that were scheduled as a batch under the context's key.
    pub async fn batch_outcome(context: CommandContext) -> BatchOutcome = "batchOutcome";
    /// Moves one entry to a date and time of its account's zone, and its live job with it: both or neither.
    pub async fn reschedule(context: CommandContext, reschedule: Reschedule) -> MoveAnswer = "reschedule";
    /// Moves entries as a plan says, or back by a receipt, and their jobs with them: all of it, or nothing.
    pub async fn shift(context: CommandContext, shift: Shift) -> MoveAnswer = "shift";
    /// Asks for another attempt now: of jobs that failed, and of those that need attention for a known
    /// cause. A job that may be out is refused.
    pub async fn retry(context: CommandContext, job_ids: Vec<JobId>) -> JobOutcomes = "retry";
    /// Lets jobs go on whose cause of needing attention was mended: they wait for their time.
    pub async fn resume(context: CommandContext, job_ids: Vec<JobId>) -> JobOutcomes = "resume";
    /// Withdraws jobs, also while they are being published: then the wish is noted, and answered by what
    /// becomes of the write.
    pub async fn cancel(context: CommandContext, job_ids: Vec<JobId>) -> Vec<CancelOutcome> = "cancel";
    /// Brings one entry's time to the present; the answer is its job. `FLAG_OFF` while it is off for the user.
    pub async fn publish_now(context: CommandContext, publish: PublishNow) -> PublishJob = "publishNow";
    /// Settles a job whose outcome isn't known by a person's word.
    pub async fn confirm(context: CommandContext, confirm: ConfirmJob) -> JobOutcomes = "confirm";
    /// Says what an incident left behind, of every user: an offer, nothing changes.
    pub async fn incident_report(survey: SurveyIncident, now: Timestamp) -> IncidentReport = "incidentReport";
    /// Resumes what the incident's report offers and isn't too late, of every user.
    pub async fn resume_after_incident(context: CommandContext, resume: ResumeIncident) -> Vec<JobOutcome> = "resumeAfterIncident";
    /// Publishes a saved calendar as a dry run: an intent and an outcome for every entry.
    pub async fn publish_dry_run(request: PublishRequest, now: Timestamp) -> PublishAnswer = "publishDryRun";
    /// The calendar as it stands.
    pub async fn calendar(user_id: UserId, calendar_id: CalendarId) -> StoredCalendar = "calendar";
    /// The runs that saved it.
    pub async fn runs(user_id: UserId, calendar_id: CalendarId) -> Vec<CalendarRun> = "runs";
    /// The calendar as a run saved it. (`run` by itself is the worker.)
    pub async fn run_of(user_id: UserId, calendar_id: CalendarId, run_id: RunId) -> StoredCalendar = "run";
    /// What the last generation made, before it was merged with manual edits.
    pub async fn last_generation(user_id: UserId, calendar_id: CalendarId) -> Option<StoredCalendar> = "lastGeneration";
    /// The user's accounts.
    pub async fn accounts(user_id: UserId) -> Vec<ChannelAccount> = "accounts";
    /// Forgets an account.
    pub async fn remove_account(user_id: UserId, account_id: AccountId) -> () = "removeAccount";
    /// The user's jobs, by id.
    pub async fn jobs(user_id: UserId, filter: JobFilter) -> Vec<PublishJob> = "jobs";
    /// A job with its attempts.
    pub async fn job(user_id: UserId, job_id: JobId) -> Option<JobHistory> = "job";
    /// How many jobs wait, and for how long.
    pub async fn queue_depth() -> QueueDepth = "queueDepth";
    /// Lifts a channel's pause; whether there was one. For whoever runs the service.
    pub async fn lift_pause(channel: Channel) -> bool = "liftPause";
    /// The ledger of the user's account, behind a sequence number.
    pub async fn ledger(user_id: UserId, account_id: AccountId, after: i64, limit: u32) -> Vec<LedgerRow> = "ledger";
}
}

#[uniffi::export(async_runtime = "tokio")]
impl Engine {
    /// An engine over `ports`. It does nothing by itself.
    ///
    /// A setting that makes no sense is refused at its path: `FIELD_VALUE_INVALID`, `LEASE_TOO_SHORT`,
    /// `APP_MISCONFIGURED` where TikTok or Instagram lack a transport or tokens.
    #[uniffi::constructor]
    pub fn new(ports: EnginePorts, settings: EngineSettings) -> Result<Self, CalendarPublishError> {
        let ports = ports.shared(&settings)?;
        Ok(Self {
            engine: documents::Engine::new(ports, settings)?,
        })
    }

    /// Works until `stop` is called, and gives what was done. Jobs under way are then brought to a point
    /// from where another worker goes on.
    ///
    /// Cancelling the task instead is safe, too: its jobs are taken over when their leases have run out.
    pub async fn run(&self) -> Result<WorkReport, CalendarPublishError> {
        Ok(self.engine.run().await?)
    }

    /// Tells every `run` of this engine to stop, and returns at once.
    pub fn stop(&self) {
        self.engine.stop();
    }

    /// Runs an operation of the engine by name, JSON in and JSON out.
    pub async fn call(&self, name: &str, request: &str) -> Result<String, CalendarPublishError> {
        Ok(self.engine.call(name, request).await?)
    }

    /// Saves a calendar as one run: all of it, or nothing. `REVISION_CONFLICT` where somebody else saved in
    /// the meantime.
    pub async fn save_calendar(
        &self,
        save: SaveCalendar,
    ) -> Result<SavedCalendar, CalendarPublishError> {
        self.ask("saveCalendar", save).await
    }

    /// Links an account, or replaces what is known of it.
    pub async fn put_account(&self, account: ChannelAccount) -> Result<(), CalendarPublishError> {
        self.ask("putAccount", account).await
    }

    /// Every user's jobs: for whoever runs the service.
    pub async fn all_jobs(
        &self,
        filter: JobFilter,
    ) -> Result<Vec<PublishJob>, CalendarPublishError> {
        self.ask("allJobs", filter).await
    }

    /// Pauses a channel; whether it wasn't paused. For whoever runs the service.
    pub async fn pause_channel(&self, pause: ChannelPause) -> Result<bool, CalendarPublishError> {
        self.ask("pauseChannel", pause).await
    }
}

/// The name of every operation that an engine's `call` knows.
#[uniffi::export]
pub fn engine_operation_names() -> Vec<String> {
    ENGINE_OPERATIONS
        .iter()
        .map(|operation| operation.name.to_owned())
        .collect()
}
