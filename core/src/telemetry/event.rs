//! Events: one line of a structured log each.

use calendar_publish_derive::{DeserializeFlattened, DeserializeTagged};
use serde::{Deserialize, Deserializer, Serialize};

use super::status::{
    DeployStatus, ExportStatus, IncidentStatus, LeaseStatus, LedgerStatus, OutboxStatus,
    SaveStatus, SetupStatus, StreamStatus, WorkerStatus,
};
use super::word::{Release, RequestId};
use crate::error::{Actor, Code};
use crate::model::{
    AccountId, AttemptStatus, CalendarId, Channel, EntryId, IntentStatus, JobId, JobStatus, RunRef,
    Timestamp, UserId,
};

/// Something that happened, as it is logged: one flat object in camelCase, in which `event` says what
/// it is and `status` how it went.
///
/// There is no `Default`: whoever builds one says every required field, and says `None` where there is
/// nothing to say, which is logged as `null`. A line that lacks one of them isn't read back. Fields
/// that a logger added to the line are passed over.
///
/// ```
/// use calendar_publish::telemetry::{Event, EventContext, EventKind, StreamStatus};
///
/// let event = Event {
///     at: "2026-04-02T09:00:00Z".parse()?,
///     context: EventContext {
///         request_id: "req-1".parse()?,
///         user_id: Some("018f0000-0000-7000-8000-000000000001".parse()?),
///         channel: None, // the stream is for both
///         calendar_id: Some("018f0000-0000-7000-8000-00000000000c".parse()?),
///         run_id: Some("legacy".parse()?),
///     },
///     kind: EventKind::Stream {
///         status: StreamStatus::Completed,
///         piece_count: 7,
///         latency_ms: 840,
///         error_code: None,
///     },
/// };
/// let line = serde_json::to_string(&event)?;
/// assert!(line.contains(r#""requestId":"req-1""#) && line.contains(r#""channel":null"#));
/// assert!(line.contains(r#""event":"stream","status":"completed""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeFlattened)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(transform = all_required)
)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// Who and what it is about.
    #[serde(flatten)]
    pub context: EventContext,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// The fields that every log line has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EventContext {
    /// The request, or the worker's own run.
    pub request_id: RequestId,
    /// Whose calendar it is; `None` where no user is behind it, as in a deployment.
    #[serde(deserialize_with = "present")]
    pub user_id: Option<UserId>,
    /// The channel; `None` where it is about several or none.
    #[serde(deserialize_with = "present")]
    pub channel: Option<Channel>,
    /// The calendar; `None` where it isn't known yet or there is none.
    #[serde(deserialize_with = "present")]
    pub calendar_id: Option<CalendarId>,
    /// The run; `None` where it isn't known yet or there is none.
    #[serde(deserialize_with = "present")]
    pub run_id: Option<RunRef>,
}

/// Reads a field that may be `null` but not absent.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

/// Says of each field that it is required, as [`present`] has it.
#[cfg(feature = "schema")]
fn all_required(schema: &mut schemars::Schema) {
    if let Some(serde_json::Value::Object(fields)) = schema.get("properties") {
        let names: Vec<serde_json::Value> = fields.keys().cloned().map(Into::into).collect();
        schema.insert("required".to_owned(), names.into());
    }
    schemars::transform::transform_subschemas(&mut all_required, schema);
}

/// What happened, and how it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "event",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum EventKind {
    /// A stream of the calendar's generation started or ended. It ends once: an error that is
    /// followed by the partial result is one event.
    Stream {
        /// How it went.
        status: StreamStatus,
        /// Pieces that had arrived.
        piece_count: u32,
        /// Milliseconds since it started.
        latency_ms: i64,
        /// Why it ended early.
        #[serde(deserialize_with = "present")]
        error_code: Option<Code>,
    },
    /// The outcome for one entry when its publication was asked for.
    Publish {
        /// How it went.
        status: IntentStatus,
        /// The entry.
        entry_id: EntryId,
        /// Why it was refused.
        #[serde(deserialize_with = "present")]
        error_code: Option<Code>,
    },
    /// A job changed its status.
    Job {
        /// The new status.
        status: JobStatus,
        /// The job.
        job_id: JobId,
        /// Writes to the platform that had been started.
        attempt: u32,
        /// Why it failed or stopped.
        #[serde(deserialize_with = "present")]
        error_code: Option<Code>,
    },
    /// An attempt of a job started or ended.
    Attempt {
        /// How it went.
        status: AttemptStatus,
        /// The job.
        job_id: JobId,
        /// Which attempt of the job it is, from 1.
        attempt: u32,
        /// Milliseconds since it started.
        latency_ms: i64,
        /// Why it failed.
        #[serde(deserialize_with = "present")]
        error_code: Option<Code>,
    },
    /// Many accounts failed alike on a channel: it was paused, or goes on.
    Incident {
        /// Which of the two.
        status: IncidentStatus,
        /// What the accounts failed with.
        error_code: Code,
    },
    /// A worker began, looked for due jobs, or ended.
    Worker {
        /// Which of them.
        status: WorkerStatus,
        /// Jobs that it brought to a new status: in this look, or in its whole run.
        job_count: u32,
        /// Milliseconds that this look, or the whole run, took; 0 at the beginning.
        latency_ms: i64,
        /// Why it couldn't do its work.
        #[serde(deserialize_with = "present")]
        error_code: Option<Code>,
    },
    /// A claim ended before its work did.
    Lease {
        /// What became of it.
        status: LeaseStatus,
        /// The job.
        job_id: JobId,
        /// Writes to the platform that had been started.
        attempt: u32,
        /// Why; `JOB_LEASE_LOST` where another worker has taken over.
        #[serde(deserialize_with = "present")]
        error_code: Option<Code>,
    },
    /// An account's ledger was checked or handed out.
    Ledger {
        /// What was found.
        status: LedgerStatus,
        /// Whose ledger it is.
        account_id: AccountId,
        /// Rows that were looked at.
        row_count: u32,
        /// Why it couldn't be.
        #[serde(deserialize_with = "present")]
        error_code: Option<Code>,
    },
    /// Something that publishing needs isn't set up.
    Setup {
        /// What is missing.
        status: SetupStatus,
        /// The code that was answered.
        error_code: Code,
    },
    /// A release went live.
    Deploy {
        /// Forwards or backwards.
        status: DeployStatus,
        /// Which release runs now.
        release: Release,
    },
    /// A calendar was saved, or not.
    Save {
        /// How it went.
        status: SaveStatus,
        /// Entries of the calendar.
        entry_count: u32,
        /// Why it failed.
        #[serde(deserialize_with = "present")]
        error_code: Option<Code>,
    },
    /// Intents couldn't be stored and wait, or were stored after having waited.
    Outbox {
        /// Which of the two.
        status: OutboxStatus,
        /// How many intents.
        intent_count: u32,
        /// Why they wait.
        #[serde(deserialize_with = "present")]
        error_code: Option<Code>,
    },
    /// A calendar was exported, or not.
    Export {
        /// How it went.
        status: ExportStatus,
        /// Entries that were written.
        entry_count: u32,
        /// Why it failed.
        #[serde(deserialize_with = "present")]
        error_code: Option<Code>,
    },
}

impl EventKind {
    /// Whether an ended stream went wrong; `None` for everything else, a cancelled stream included.
    pub(super) const fn stream_error(&self) -> Option<bool> {
        match self {
            Self::Stream { status, .. } => match status {
                StreamStatus::Completed => Some(false),
                StreamStatus::Timeout | StreamStatus::Failed => Some(true),
                StreamStatus::Started | StreamStatus::Cancelled => None,
            },
            _ => None,
        }
    }

    /// Whether a publication went wrong; `None` where none was tried, or where it was refused for
    /// something that whoever writes the content must mend.
    pub(super) fn publish_failure(&self) -> Option<bool> {
        match self {
            Self::Attempt { status, .. } => match status {
                AttemptStatus::Ok => Some(false),
                AttemptStatus::Failed | AttemptStatus::Unknown => Some(true),
                AttemptStatus::Open => None,
            },
            Self::Publish {
                status, error_code, ..
            } => match status {
                IntentStatus::DryRun => Some(false),
                IntentStatus::Refused => {
                    let by_content = error_code.is_some_and(|code| code.actor() == Actor::Content);
                    (!by_content).then_some(true)
                }
                IntentStatus::Scheduled | IntentStatus::Disabled => None,
            },
            _ => None,
        }
    }

    /// Whether anything went wrong that a new release can be blamed for.
    pub(super) fn is_failure(&self) -> bool {
        let stored = match self {
            Self::Save { status, .. } => matches!(status, SaveStatus::Failed),
            Self::Export { status, .. } => matches!(status, ExportStatus::Failed),
            _ => false,
        };
        stored || self.stream_error() == Some(true) || self.publish_failure() == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"at":"2026-04-02T09:00:00Z","requestId":"req-1",
        "userId":"018f0000-0000-7000-8000-000000000001","channel":"tiktok",
        "calendarId":"018f0000-0000-7000-8000-00000000000c","runId":null,"event":"attempt",
        "status":"failed","jobId":"018f0000-0000-7000-8000-00000000000a","attempt":2,
        "latencyMs":1200,"errorCode":"RATE_LIMITED"}"#;

    #[test]
    fn a_line_is_read_back_as_it_was_written() {
        let event: Event = serde_json::from_str(LINE).unwrap();
        let line: serde_json::Value = serde_json::to_value(&event).unwrap();
        assert_eq!(
            line,
            serde_json::from_str::<serde_json::Value>(LINE).unwrap()
        );
    }

    #[test]
    fn no_required_field_may_be_absent() {
        let line: serde_json::Value = serde_json::from_str(LINE).unwrap();
        let names: Vec<String> = line.as_object().unwrap().keys().cloned().collect();
        assert_eq!(names.len(), 12);
        for name in names {
            let mut line = line.clone();
            line.as_object_mut().unwrap().remove(&name);
            let read = serde_json::from_value::<Event>(line);
            assert!(read.is_err(), "a line without `{name}` was read");
        }
    }
}
