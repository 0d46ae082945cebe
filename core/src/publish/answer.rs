//! What is asked for and what is answered, in the host's words.

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error};
use crate::model::{CalendarId, Channel, EntryId, Finding, IntentId, RunRef, UserId};
use crate::ports::StoreError;
use crate::telemetry::RequestId;

/// A request to publish a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishRequest {
    /// The request's id, for logs; it decides nothing.
    pub request_id: RequestId,
    /// Who asks.
    pub user_id: UserId,
    /// The calendar.
    pub calendar_id: CalendarId,
    /// A run of the calendar. What is published is always the latest save, manual edits included;
    /// the answer names its run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunRef>,
    /// With a key, the same request is answered as it was the first time, and another request with
    /// the same key is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

impl PublishRequest {
    /// The fingerprint of what is asked for: neither the request's id nor the key belongs to it.
    pub(super) fn fingerprint(&self) -> Result<String, Error> {
        crate::ports::fingerprint(&(
            "publish_calendar",
            self.user_id,
            self.calendar_id,
            self.run_id,
        ))
    }
}

/// Whether publishing is switched on for whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PublishMode {
    /// It is off: nothing is read, written or sent.
    Off,
    /// Entries are judged and intents recorded; nothing is sent.
    DryRun,
}

/// What became of a whole request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PublishStatus {
    /// At least one entry would be published (or the calendar is empty), and every intent is stored.
    DryRun,
    /// No entry would be published; every intent is stored.
    Refused,
    /// The store is down: the intents wait in the outbox and will be stored when it is back.
    Queued,
    /// Publishing is switched off.
    Disabled,
}

impl PublishStatus {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DryRun => "dry_run",
            Self::Refused => "refused",
            Self::Queued => "queued",
            Self::Disabled => "disabled",
        }
    }
}

/// What became of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OutcomeStatus {
    /// It would be published.
    DryRun,
    /// It would not, and no attempt would be made; the reason says why.
    Refused,
}

impl OutcomeStatus {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DryRun => "dry_run",
            Self::Refused => "refused",
        }
    }
}

/// What became of one entry, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryOutcome {
    /// The entry.
    pub entry_id: EntryId,
    /// Its title, for people; empty where a row that can't be read has none.
    pub title: String,
    /// Its platform; `None` for a row that can't be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The intent that was written for it; `None` for a row that can't be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent_id: Option<IntentId>,
    /// What became of it.
    pub status: OutcomeStatus,
    /// Why it was refused: the first of its blocking findings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Code>,
    /// Everything that was found, warnings included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// The answer to a [`PublishRequest`]: the host's fields, and an outcome for every entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishAnswer {
    /// Names this publication; the same entries judged the same way give the same id.
    pub intent_id: IntentId,
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The run that was published: the latest save.
    pub run_id: RunRef,
    /// The platforms of the entries that would be published.
    pub channels: Vec<Channel>,
    /// How many entries would be published.
    pub entries: u32,
    /// What became of the request.
    pub status: PublishStatus,
    /// Why nothing was done: `flag_off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Every entry in the calendar's order, rows that can't be read included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<EntryOutcome>,
}

impl PublishAnswer {
    /// The answer that is kept with an idempotency key, as JSON text.
    pub(super) fn to_json(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(|error| crate::operation::json_error(&error))
    }

    /// Reads an answer that was kept.
    pub(super) fn from_json(json: &str) -> Result<Self, Error> {
        crate::json::from_str(json)
            .map_err(|error| StoreError::corrupt("publish_commands.answer", error).into())
    }
}
