//! Runs and intents: the durable notes of what was generated, saved and asked for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::text_form::read_as_text;
use super::{CalendarId, Channel, EntryId, IntentId, LocalDate, PlanId, RunId, Timestamp, UserId};
use crate::error::Error;

/// A run as streams and exports name it: a stored run, or the flag-off draft's literal `legacy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(with = "String")
)]
#[serde(into = "String")]
pub enum RunRef {
    /// A run in the store.
    Stored(RunId),
    /// The draft made while the calendar's flag is off.
    Legacy,
}

read_as_text!(RunRef);

impl fmt::Display for RunRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stored(id) => id.fmt(f),
            Self::Legacy => f.write_str("legacy"),
        }
    }
}

impl FromStr for RunRef {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text == "legacy" {
            Ok(Self::Legacy)
        } else {
            text.parse().map(Self::Stored)
        }
    }
}

impl TryFrom<String> for RunRef {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<RunRef> for String {
    fn from(run: RunRef) -> String {
        run.to_string()
    }
}

/// How a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Every piece arrived.
    Completed,
    /// It was cut; what had arrived is kept.
    Timeout,
    /// It failed; what had arrived is kept.
    Failed,
}

/// How often a calendar posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Whatever a person saved.
    Manual,
}

/// One generation or save of a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarRun {
    /// The run's identity.
    pub id: RunId,
    /// The calendar it made.
    pub calendar_id: CalendarId,
    /// Whose calendar it is.
    pub user_id: UserId,
    /// The plan it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<PlanId>,
    /// How it ended.
    pub status: RunStatus,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub completed_at: Timestamp,
    /// Pieces it holds.
    pub piece_count: u32,
    /// How often it posts.
    pub cadence: Cadence,
    /// The channels it was made for.
    pub channels: Vec<Channel>,
    /// Its first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<LocalDate>,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<LocalDate>,
}

impl CalendarRun {
    /// Whether the run was generated; a manual one only saved what people edited.
    pub const fn is_generation(&self) -> bool {
        !matches!(self.cadence, Cadence::Manual)
    }
}

/// What became of a publish intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum IntentStatus {
    /// Checked, and nothing was sent: a dry run.
    DryRun,
    /// Handed to a job.
    Scheduled,
    /// Refused before any attempt; the error says why.
    Refused,
    /// Publishing is switched off.
    Disabled,
}

/// The durable note that an entry's publication was asked for, and what was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishIntent {
    /// The intent's identity.
    pub id: IntentId,
    /// The calendar the entry belongs to.
    pub calendar_id: CalendarId,
    /// The run that was published, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunId>,
    /// Who asked.
    pub user_id: UserId,
    /// The entry.
    pub entry_id: EntryId,
    /// The platform.
    pub channel: Channel,
    /// The piece as it was when it was asked for, as JSON text.
    pub payload: String,
    /// What became of it.
    pub status: IntentStatus,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
    /// When it was asked for.
    pub created_at: Timestamp,
}
