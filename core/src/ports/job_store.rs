//! The store of publish jobs, in the engine's words.

use async_trait::async_trait;
use calendar_publish_derive::{DeserializeFlattened, DeserializeTagged};
use serde::{Deserialize, Serialize};

use super::{
    Command, MaybeSend, MaybeSync, Progress, SaveCalendar, SavedCalendar, Store, StoreError,
};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::job::{JobEffect, JobEvent, JobRecord};
use crate::ledger::LedgerRow;
use crate::model::{
    AccountId, CalendarEntry, CalendarId, Channel, ChannelAccount, EntryId, JobId, JobStatus,
    PublishAttempt, PublishJob, Timestamp, UserId,
};
use crate::readiness::Surroundings;
use crate::retry::RetryPolicy;

/// A job to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewJob {
    /// Its identity, chosen by the caller. Scheduling the same job twice makes it once.
    pub id: JobId,
    /// What it publishes.
    pub entry: CalendarEntry,
    /// The account it publishes to.
    pub account_id: AccountId,
    /// When it is due.
    pub scheduled_at: Timestamp,
}

/// An idempotency key and the content it was used for. The store keeps the answer beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommandKey {
    /// The key, unique for a user.
    pub key: String,
    /// The fingerprint of the command's content.
    pub fingerprint: String,
}

/// Jobs to be made for one user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScheduleJobs {
    /// Whose they are.
    pub user_id: UserId,
    /// The idempotency key, where the command carried one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandKey>,
    /// The jobs. One that is refused leaves the others alone.
    pub jobs: Vec<NewJob>,
}

/// What somebody wants of a user's jobs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommandJobs {
    /// Whose jobs they are: another user's are not found.
    pub user_id: UserId,
    /// The idempotency key, where the command carried one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandKey>,
    /// When failures are tried again.
    pub policy: RetryPolicy,
    /// The events, each for one job. None of them carries a stamp.
    pub writes: Vec<JobWrite>,
    /// Whether one refusal leaves every job as it was. What would have been done is then refused too,
    /// with the first refusal's error under `writes[…]`.
    #[serde(default)]
    pub all_or_nothing: bool,
}

/// Names one write of one worker, so that repeating it after a lost answer does nothing twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WriteStamp {
    /// The token of the claim.
    pub token: i64,
    /// Counts the writes made under it, from 1.
    pub sequence: i64,
}

/// What happens to the stored progress.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum ProgressChange {
    /// It stays.
    #[default]
    Keep,
    /// It is replaced.
    Set {
        /// Where to go on.
        progress: Progress,
    },
    /// It is forgotten: the next attempt starts afresh.
    Clear,
}

/// What the ledger keeps of a write besides its outcome; secrets were removed before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttemptNote {
    /// What the platform said, or the evidence for an outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The platform's answer, as JSON text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_meta: Option<String>,
}

/// An event for a job, with what becomes durable together with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct JobWrite {
    /// The job.
    pub job_id: JobId,
    /// What happened. A `grace_minutes` that is unset becomes the account's.
    pub event: JobEvent,
    /// A worker's name for this write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<WriteStamp>,
    /// What happens to the stored progress.
    #[serde(default)]
    pub progress: ProgressChange,
    /// What the ledger keeps of it.
    #[serde(default)]
    pub note: AttemptNote,
}

impl JobWrite {
    /// An event with nothing beside it.
    pub fn new(job_id: JobId, event: JobEvent) -> Self {
        Self {
            job_id,
            event,
            stamp: None,
            progress: ProgressChange::Keep,
            note: AttemptNote::default(),
        }
    }
}

/// What became of one job.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeFlattened)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct JobOutcome {
    /// The job.
    pub job_id: JobId,
    /// Whether it was done.
    #[serde(flatten)]
    pub result: JobResult,
}

/// Whether a job was made or changed as asked.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "result",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum JobResult {
    /// It was.
    Done {
        /// The job as it is now.
        job: Box<PublishJob>,
        /// What followed, in order; empty where the write had been made before.
        effects: Vec<JobEffect>,
    },
    /// It wasn't, and it is as it was.
    Refused {
        /// Why.
        error: Error,
    },
}

/// What became of a command's jobs, in the order they were named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobOutcomes {
    /// Whether the command was answered before, and nothing was written now.
    pub repeated: bool,
    /// One outcome a job.
    pub outcomes: Vec<JobOutcome>,
}

/// What a worker asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimJobs {
    /// The most jobs to be claimed.
    pub limit: u32,
    /// How long the claims hold.
    pub lease_seconds: u32,
    /// The channels that the worker can publish to.
    pub channels: Vec<Channel>,
}

impl ClaimJobs {
    /// Whether a store can follow it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with [`Code::LeaseTooShort`] for a lease of 0 seconds.
    pub fn check(&self) -> Result<(), StoreError> {
        if self.lease_seconds > 0 {
            return Ok(());
        }
        Err(StoreError::Invalid(
            Error::new(Code::LeaseTooShort)
                .at("leaseSeconds")
                .measured(Measure::number(0, Unit::Seconds))
                .allowed(Allowed::at_least(1, Unit::Seconds)),
        ))
    }
}

/// A job that a worker holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimedJob {
    /// The job, with the claim in its lease. Where `write_started` is set, another worker's attempt
    /// has to be brought to its end first.
    pub job: PublishJob,
    /// What is to be published: frozen at the claim that began the attempt, whatever was saved since.
    pub entry: CalendarEntry,
    /// The SHA-256 of that content, in hexadecimal.
    pub content_hash: String,
    /// The account.
    pub account: ChannelAccount,
    /// How far the post has come; `None` where nothing was begun with this content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// When the attempt that is to be brought to its end began; `None` where none is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt_started_at: Option<Timestamp>,
    /// What else the account has published within the window of the daily cap.
    pub surroundings: Surroundings,
}

/// What a worker was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimedJobs {
    /// The store's time of the claim: leases and due times are counted in it.
    pub at: Timestamp,
    /// The jobs, the longest due first.
    pub jobs: Vec<ClaimedJob>,
    /// Jobs that were found too late, and that now need attention with `MISSED_SCHEDULE`.
    pub missed: Vec<PublishJob>,
    /// When the next job becomes due or the next lease ends, as far as the store can tell now;
    /// `None` where there is none. In the past or present where more could be claimed at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due_at: Option<Timestamp>,
    /// The channels that are paused.
    pub pauses: Vec<ChannelPause>,
}

/// A channel on which nothing is begun for a while, because many accounts failed alike.
///
/// While it lasts no job of the channel is claimed, but for those whose write was begun. After
/// `until` jobs are claimed one at a time, to see whether it is over, until the pause is lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChannelPause {
    /// The channel.
    pub channel: Channel,
    /// What the accounts failed with.
    pub code: Code,
    /// When it began.
    pub since: Timestamp,
    /// Until when nothing is claimed.
    pub until: Timestamp,
}

/// Which jobs are meant: those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct JobFilter {
    /// Of this calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_id: Option<CalendarId>,
    /// Of these entries; empty for any.
    pub entry_ids: Vec<EntryId>,
    /// On this channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// In one of these statuses; empty for any.
    pub statuses: Vec<JobStatus>,
    /// After this job, in the order of ids: where the last page ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<JobId>,
    /// The most jobs to be given; 0 for no limit.
    pub limit: u32,
}

/// A stored job with its attempts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobHistory {
    /// The job and what stands beside it.
    pub record: JobRecord,
    /// Its attempts, the first one first.
    pub attempts: Vec<PublishAttempt>,
}

/// How many jobs wait, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QueueDepth {
    /// The store's time.
    pub at: Timestamp,
    /// Unfinished jobs by channel and status; what has none is left out.
    pub counts: Vec<JobCount>,
    /// When the longest due job that nobody holds became due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_due_at: Option<Timestamp>,
}

/// Jobs of one channel in one status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobCount {
    /// The channel.
    pub channel: Channel,
    /// The status.
    pub status: JobStatus,
    /// How many.
    pub count: u64,
}

/// Storage of publish jobs.
///
/// One clock decides when a job is due and when a lease ends: the store's own. Every operation is
/// one transaction. What an operation makes of a job is what [`JobRecord`]'s functions say; a store
/// that can't call them must decide the same, and the conformance suite
/// (`conformance::job_store_suite`, feature `conformance`) holds it to that.
///
/// The store enforces what a worker alone can't: one live job per entry, one publishing job per
/// account, and that only the holder of the newest claim writes.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait JobStore: Store + MaybeSend + MaybeSync {
    /// Makes jobs.
    ///
    /// A job that was made before, with the same user, entry and account, is answered as it is now;
    /// another job with its id is [`Code::JobExists`].
    /// A job is refused where the account isn't the user's ([`Code::AccountNotFound`]) or on another
    /// channel than the entry ([`Code::AccountChannelMismatch`]), the entry has a live job or a
    /// published one ([`Code::JobExists`], [`Code::EntryPublished`]), or its time has passed
    /// ([`Code::ScheduleInPast`]; exactly now is in time).
    ///
    /// # Errors
    /// [`StoreError::CommandConflict`] where the key was used for other content.
    async fn schedule_jobs(&self, schedule: ScheduleJobs) -> Result<JobOutcomes, StoreError>;

    /// Applies events that a person (or a host for one) wants, as
    /// [`JobRecord::apply_wish`] says: a worker's are refused ([`Code::FieldValueInvalid`]).
    ///
    /// # Errors
    /// [`StoreError::CommandConflict`] where the key was used for other content.
    async fn command_jobs(&self, command: CommandJobs) -> Result<JobOutcomes, StoreError>;

    /// Saves a calendar and moves jobs, both or neither: a refused event is
    /// [`StoreError::Invalid`] and nothing is saved. `writes` are events of jobs of the same user.
    ///
    /// Whatever saves a calendar, this or [`Store::save_calendar`], also hands the saved content to
    /// the calendar's live jobs (a publishing one keeps what was frozen) and asks for the
    /// cancellation of the jobs of entries that are no longer there.
    async fn save_calendar_and_jobs(
        &self,
        save: SaveCalendar,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<SavedCalendar, StoreError>;

    /// Gives a worker due jobs, at most one an account, and none of an account that is publishing,
    /// cooling down or on a paused channel; a job whose lease has ended with a write begun goes
    /// before all others and minds neither pause nor cool-down.
    ///
    /// A job that would be given but is too late is stopped instead, as [`JobEvent::MissedSchedule`]
    /// says, and the account's next one is looked at. No account's jobs can keep those of the others
    /// waiting.
    async fn claim_jobs(&self, claim: ClaimJobs) -> Result<ClaimedJobs, StoreError>;

    /// Applies what workers report, each write for itself, all durable when it answers. A write
    /// whose stamp is the job's last changes nothing and is answered with the job as it is.
    async fn advance_jobs(
        &self,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<Vec<JobOutcome>, StoreError>;

    /// A job with its attempts.
    async fn job(&self, user_id: UserId, job_id: JobId) -> Result<Option<JobHistory>, StoreError>;

    /// The user's jobs, by id.
    async fn jobs(&self, user_id: UserId, filter: JobFilter)
    -> Result<Vec<PublishJob>, StoreError>;

    /// Every user's jobs that fit, by id: for whoever runs the service.
    async fn all_jobs(&self, filter: JobFilter) -> Result<Vec<PublishJob>, StoreError>;

    /// How many jobs wait.
    async fn queue_depth(&self) -> Result<QueueDepth, StoreError>;

    /// Pauses a channel, or moves the end of its pause. `true` where there was none: the one caller
    /// who is told so says it aloud.
    async fn pause_channel(&self, pause: ChannelPause) -> Result<bool, StoreError>;

    /// Lifts the pause of a channel. `true` where there was one.
    async fn lift_pause(&self, channel: Channel) -> Result<bool, StoreError>;

    /// An account's ledger after row `after` (0 for all of it), at most `limit` rows.
    async fn ledger(
        &self,
        account_id: AccountId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<LedgerRow>, StoreError>;

    /// Returns when jobs may have been made or moved by somebody else. It may also return for
    /// nothing, or never: a worker looks again by itself.
    async fn work_arrived(&self);
}

/// Whoever made a repeated command gets the stored answer back.
impl JobOutcomes {
    /// The outcomes as the answer of a [`Command`].
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`] where they can't be written as JSON.
    pub fn command(&self, key: &CommandKey) -> Result<Command, Error> {
        let answer = serde_json::to_string(&self.outcomes)
            .map_err(|error| crate::operation::json_error(&error))?;
        Ok(Command {
            key: key.key.clone(),
            fingerprint: key.fingerprint.clone(),
            answer,
        })
    }

    /// The outcomes that a repeated command was answered with.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the stored answer can't be read.
    pub fn repeated(answer: &str) -> Result<Self, StoreError> {
        let outcomes = serde_json::from_str(answer)
            .map_err(|error| StoreError::corrupt("publish_commands.answer", error))?;
        Ok(Self {
            repeated: true,
            outcomes,
        })
    }
}
