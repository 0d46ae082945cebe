//! The operations of `merge`, `flags` and `telemetry`.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::flags::{Flags, Setting};
use crate::merge::{
    KeyedPiece, MergeChoices, MergePlan, MergeRequest, MergedCalendar, apply, diff, plan,
};
use crate::model::{CalendarDiff, Timestamp, UserId};
use crate::telemetry::{Alert, Event, replay};

/// What `diffCalendar` compares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DiffCalendarInput {
    /// The old version.
    pub before: Vec<KeyedPiece>,
    /// The new version.
    pub after: Vec<KeyedPiece>,
}

pub(super) fn diff_calendar(input: DiffCalendarInput) -> Result<CalendarDiff, Error> {
    diff(&input.before, &input.after)
}

pub(super) fn plan_merge(input: MergeRequest) -> Result<MergePlan, Error> {
    plan(input)
}

/// A merge to be applied by `applyMerge`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplyMergeInput {
    /// The plan.
    pub plan: MergePlan,
    /// What a person chose of it.
    pub choices: MergeChoices,
}

pub(super) fn apply_merge(input: ApplyMergeInput) -> Result<MergedCalendar, Error> {
    apply(input.plan, &input.choices)
}

/// What `evaluateFlags` decides by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvaluateFlagsInput {
    /// The settings of all flags.
    pub settings: Vec<Setting>,
    /// Whose flags are wanted.
    pub user_id: UserId,
}

pub(super) fn evaluate_flags(input: EvaluateFlagsInput) -> Result<Flags, Error> {
    Flags::evaluate(&input.settings, input.user_id)
}

/// What `replayAlerts` looks through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplayAlertsInput {
    /// The events, in order.
    pub events: Vec<Event>,
    /// Until when it is waited for silence; until the last event if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// The alerts that events raise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplayedAlerts {
    /// The alerts, in order.
    pub alerts: Vec<Alert>,
}

pub(super) fn replay_alerts(input: ReplayAlertsInput) -> Result<ReplayedAlerts, Error> {
    Ok(ReplayedAlerts {
        alerts: replay(&input.events, input.until),
    })
}
