//! The host's answers while publishing is switched off. They depend on the request alone.

use serde::{Deserialize, Serialize};

use super::{PublishAnswer, PublishRequest, PublishStatus};
use crate::model::{CalendarId, IntentId, RunId, RunRef, deterministic_uuid};
use crate::telemetry::RequestId;

/// What `meta.provider` of an answer says while publishing is switched off.
pub const DISABLED_PROVIDER: &str = "legacy-publish-disabled";

/// The reason that is given while publishing is switched off.
const FLAG_OFF: &str = "flag_off";

/// The answer to a publish request while publishing is switched off (HTTP 200).
///
/// No entry was read, nothing was written. The ids come from the request alone: the same request is
/// answered with the same ids on every machine. The intent's is the [`deterministic_uuid`] of
/// `publish-disabled`, user, calendar and run. Where the request names no run, the answer's run is the
/// [`deterministic_uuid`] of `run-disabled` and the calendar, since the host expects one.
///
/// ```
/// use calendar_publish::publish::{PublishRequest, PublishStatus, disabled_publish};
///
/// let request = PublishRequest {
///     request_id: "r-1".parse()?,
///     user_id: "018f0000-0000-7000-8000-000000000001".parse()?,
///     calendar_id: "018f0000-0000-7000-8000-000000000002".parse()?,
///     run_id: None,
///     idempotency_key: None,
/// };
/// let answer = disabled_publish(&request);
/// assert_eq!(answer.status, PublishStatus::Disabled);
/// assert_eq!(answer.reason.as_deref(), Some("flag_off"));
/// assert_eq!(answer, disabled_publish(&request));
/// # Ok::<(), calendar_publish::Error>(())
/// ```
pub fn disabled_publish(request: &PublishRequest) -> PublishAnswer {
    let user = request.user_id.to_string();
    let calendar = request.calendar_id.to_string();
    let run_id = run_or_derived(request.run_id, request.calendar_id);
    let run = run_id.to_string();
    PublishAnswer {
        intent_id: IntentId::new(deterministic_uuid(&[
            "publish-disabled",
            &user,
            &calendar,
            &run,
        ])),
        calendar_id: request.calendar_id,
        run_id,
        channels: Vec::new(),
        entries: 0,
        status: PublishStatus::Disabled,
        reason: Some(FLAG_OFF.to_owned()),
        outcomes: Vec::new(),
    }
}

/// A format that a calendar is exported in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// JSON.
    Json,
    /// CSV.
    Csv,
}

/// A request to export a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportRequest {
    /// The request's id, for logs; it decides nothing.
    pub request_id: RequestId,
    /// The calendar.
    pub calendar_id: CalendarId,
    /// A run of the calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunRef>,
    /// The format.
    pub format: ExportFormat,
}

/// The answer to an export request while publishing is switched off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportDisabled {
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The run.
    pub run_id: RunRef,
    /// The format that was asked for.
    pub format: ExportFormat,
    /// Always [`PublishStatus::Disabled`].
    pub status: PublishStatus,
}

/// The answer to an export request while publishing is switched off (HTTP 200): no entries, no CSV.
pub fn disabled_export(request: &ExportRequest) -> ExportDisabled {
    ExportDisabled {
        calendar_id: request.calendar_id,
        run_id: run_or_derived(request.run_id, request.calendar_id),
        format: request.format,
        status: PublishStatus::Disabled,
    }
}

fn run_or_derived(run: Option<RunRef>, calendar_id: CalendarId) -> RunRef {
    run.unwrap_or_else(|| {
        let calendar = calendar_id.to_string();
        RunRef::Stored(RunId::new(deterministic_uuid(&["run-disabled", &calendar])))
    })
}
