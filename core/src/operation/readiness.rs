//! The operations of `readiness`, `preflight`, `retry` and `job`.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::job::{JobEffect, JobEvent, advance_with};
use crate::model::{
    CalendarEntry, ChannelAccount, EntryId, Explanation, PublishJob, Readiness, Timestamp,
};
use crate::preflight::{PreflightReport, check};
use crate::readiness::{self, CalendarReadiness, Situation, Surroundings, evaluate, link_account};
use crate::retry::{RetryDecision, RetryPolicy, next};
use crate::rules::RuleBook;

/// One entry and what decides about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntrySituation {
    /// The entry.
    pub entry: CalendarEntry,
    /// The user's accounts.
    #[serde(default)]
    pub accounts: Vec<ChannelAccount>,
    /// The entry's publish job, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<PublishJob>,
    /// Other posts of the account in the moving window that ends at the entry's instant.
    #[serde(default)]
    pub posts_in_window: u32,
    /// The nearest other post of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest_post_at: Option<Timestamp>,
    /// The present.
    pub now: Timestamp,
}

impl EntrySituation {
    fn situation(&self) -> Situation<'_> {
        let account = link_account(&self.entry, &self.accounts);
        Situation::new(&self.entry, account, RuleBook::builtin(), self.now)
            .with_job(self.job.as_ref())
            .with_surroundings(Surroundings {
                posts_in_window: self.posts_in_window,
                nearest: self.nearest_post_at,
            })
    }
}

pub(super) fn evaluate_readiness(input: EntrySituation) -> Result<Readiness, Error> {
    Ok(evaluate(&input.situation()))
}

/// What `evaluateCalendar` judges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvaluateCalendarInput {
    /// The entries.
    pub entries: Vec<CalendarEntry>,
    /// The user's accounts.
    #[serde(default)]
    pub accounts: Vec<ChannelAccount>,
    /// The publish jobs of the entries.
    #[serde(default)]
    pub jobs: Vec<PublishJob>,
    /// The present.
    pub now: Timestamp,
}

/// A judged calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvaluatedCalendar {
    /// One readiness an entry, in the order of the entries.
    pub entries: Vec<EntryReadiness>,
}

/// The readiness of an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryReadiness {
    /// The entry.
    pub entry_id: EntryId,
    /// Its readiness.
    pub readiness: Readiness,
}

pub(super) fn evaluate_calendar(input: EvaluateCalendarInput) -> Result<EvaluatedCalendar, Error> {
    let calendar = CalendarReadiness::new(
        &input.entries,
        &input.accounts,
        &input.jobs,
        RuleBook::builtin(),
        input.now,
    )?;
    let entries = calendar
        .all()
        .map(|(entry_id, readiness)| EntryReadiness {
            entry_id,
            readiness: readiness.clone(),
        })
        .collect();
    Ok(EvaluatedCalendar { entries })
}

pub(super) fn explain(input: EntrySituation) -> Result<Explanation, Error> {
    let situation = input.situation();
    Ok(readiness::explain(&situation, &evaluate(&situation)))
}

/// What `preflight` looks at right before an attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreflightInput {
    /// Whether publishing is switched on for the user.
    pub publishing_enabled: bool,
    /// The entry and what decides about it.
    pub situation: EntrySituation,
}

pub(super) fn preflight(input: PreflightInput) -> Result<PreflightReport, Error> {
    Ok(check(
        input.publishing_enabled,
        &input.situation.situation(),
    ))
}

/// A failed attempt, for `nextRetry`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NextRetryInput {
    /// When failures are tried again; the library's delays if left out.
    #[serde(default)]
    pub policy: RetryPolicy,
    /// How many attempts were made.
    pub attempt_count: u32,
    /// When the last one ended.
    pub failed_at: Timestamp,
    /// How many seconds the platform asked to wait; it can only lengthen a wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
}

pub(super) fn next_retry(input: NextRetryInput) -> Result<RetryDecision, Error> {
    Ok(next(
        &input.policy,
        input.attempt_count,
        input.failed_at,
        input.retry_after_seconds,
    ))
}

/// What happens to a job, for `advanceJob`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdvanceJobInput {
    /// The job as it is.
    pub job: PublishJob,
    /// What happened.
    pub event: JobEvent,
    /// When failures are tried again; the library's delays if left out.
    #[serde(default)]
    pub policy: RetryPolicy,
    /// The present.
    pub now: Timestamp,
}

/// What an event made of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdvancedJob {
    /// The job as it is now.
    pub job: PublishJob,
    /// What followed, in order.
    pub effects: Vec<JobEffect>,
}

pub(super) fn advance_job(input: AdvanceJobInput) -> Result<AdvancedJob, Error> {
    let (job, effects) = advance_with(&input.policy, &input.job, input.event, input.now)?;
    Ok(AdvancedJob { job, effects })
}
