//! The calendar's operations by name, JSON in and JSON out.

use serde::{Deserialize, Serialize};

use super::{Calendar, ExportRequest, PageRequest, Regeneration};
use crate::error::{Code, Error, Measure};
use crate::merge::MergeChoices;
use crate::model::{CalendarEntry, ChannelAccount, EntryId, PublishJob, Timestamp};
use crate::operation::{CapUsages, CheckpointReports, Clashes, FreeSlot, input_of, json_error};
use crate::schedule::{
    CheckpointRequest, FreeSlotRequest, InsertRequest, RescheduleRequest, ScheduleSettings,
    ShiftPlan, ShiftRequest,
};

/// An operation of a calendar that is held.
#[derive(Clone, Copy, Debug)]
pub struct CalendarOperation {
    /// The name, in camelCase: `page`.
    pub name: &'static str,
    /// What it does and refuses, in Markdown.
    #[cfg(feature = "schema")]
    pub documentation: &'static str,
    /// The schema of its input, with the types that it names added to the generator.
    #[cfg(feature = "schema")]
    pub input: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
    /// The schema of its answer.
    #[cfg(feature = "schema")]
    pub answer: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
    run: fn(&mut Calendar, &str) -> Result<String, Error>,
}

/// Nothing to be said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoInput {}

/// Which entry is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryInput {
    /// The entry.
    pub entry_id: EntryId,
}

/// An entry to be put in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutInput {
    /// The entry.
    pub entry: CalendarEntry,
}

/// Entries, all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entries {
    /// The entries.
    pub entries: Vec<CalendarEntry>,
}

/// A job to be put in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutJobInput {
    /// The job.
    pub job: PublishJob,
}

/// The accounts, all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutAccountsInput {
    /// The accounts.
    pub accounts: Vec<ChannelAccount>,
}

/// What time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetNowInput {
    /// The present.
    pub now: Timestamp,
}

/// The limits that moves are judged by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutSettingsInput {
    /// The limits.
    pub settings: ScheduleSettings,
}

/// A plan to be applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplyInput {
    /// The plan.
    pub plan: ShiftPlan,
}

/// Hands every operation of [`Calendar`] to the macro that is named: documentation, name in every language,
/// input, answer, and what it calls.
macro_rules! calendar_operations {
    ($( $(#[doc = $doc:literal])* $name:literal |$calendar:ident, $request:ident: $input:ty| -> $answer:ty { $body:expr } )*) => {
        /// The operations of a calendar that is held.
        pub const CALENDAR_OPERATIONS: &[CalendarOperation] = &[
            $(CalendarOperation {
                name: $name,
                #[cfg(feature = "schema")]
                documentation: concat!($($doc, "\n"),*),
                #[cfg(feature = "schema")]
                input: |generator| generator.subschema_for::<$input>(),
                #[cfg(feature = "schema")]
                answer: |generator| generator.subschema_for::<$answer>(),
                run: |$calendar, input| {
                    let $request: $input = input_of(input)?;
                    written(&$body?)
                },
            }),*
        ];
    };
}

calendar_operations! {
    /// A page of tiles, in chronological order.
    "page" |calendar, request: PageRequest| -> super::TilePage { calendar.page(&request) }

    /// How many entries show which badge.
    "summary" |calendar, _request: NoInput| -> super::CalendarSummary { infallible(calendar.summary()) }

    /// One entry.
    "entry" |calendar, request: EntryInput| -> CalendarEntry { calendar.entry(request.entry_id) }

    /// Every entry, in the host's order.
    "entries" |calendar, _request: NoInput| -> Entries { infallible(AllEntries { entries: calendar.entries() }) }

    /// The calendar as it could be loaded again.
    "document" |calendar, _request: NoInput| -> super::CalendarDocument { infallible(calendar.document()) }

    /// One entry's readiness, with everything that was found.
    "readiness" |calendar, request: EntryInput| -> crate::model::Readiness { calendar.readiness(request.entry_id) }

    /// Why an entry is where it is, who must act, and what can safely be done. `explainText` words it.
    "explain" |calendar, request: EntryInput| -> crate::model::Explanation { calendar.explain(request.entry_id) }

    /// Puts in an entry, in place of the one with its id if there is one.
    "put" |calendar, request: PutInput| -> super::CalendarChanges { calendar.put(request.entry) }

    /// Puts in many entries: all of them, or none.
    "putMany" |calendar, request: Entries| -> super::CalendarChanges { calendar.put_many(request.entries) }

    /// Takes an entry out.
    "remove" |calendar, request: EntryInput| -> super::CalendarChanges { calendar.remove(request.entry_id) }

    /// Puts in a publish job, in place of the one with its id if there is one.
    "putJob" |calendar, request: PutJobInput| -> super::CalendarChanges { calendar.put_job(request.job) }

    /// Replaces the accounts.
    "putAccounts" |calendar, request: PutAccountsInput| -> super::CalendarChanges { calendar.put_accounts(request.accounts) }

    /// Replaces the limits that moves are judged by.
    "putSettings" |calendar, request: PutSettingsInput| -> NoInput { calendar.put_settings(request.settings).map(|()| NoInput {}) }

    /// Says what time it is.
    "setNow" |calendar, request: SetNowInput| -> super::CalendarChanges { calendar.set_now(request.now) }

    /// Plans a shift, every move of it told. Nothing has happened yet.
    "planShift" |calendar, request: ShiftRequest| -> ShiftPlan { calendar.plan_shift(&request) }

    /// Plans to move one entry.
    "planReschedule" |calendar, request: RescheduleRequest| -> ShiftPlan { calendar.plan_reschedule(&request) }

    /// Plans to insert one entry and to push those that are in its way.
    "planInsert" |calendar, request: InsertRequest| -> ShiftPlan { calendar.plan_insert(&request) }

    /// Applies a plan: every move of it, or none.
    "apply" |calendar, request: ApplyInput| -> super::AppliedMove { calendar.apply(request.plan) }

    /// Plans a shift and applies it, without telling each move.
    "shift" |calendar, request: ShiftRequest| -> super::AppliedMove { calendar.shift(&request) }

    /// Moves one entry to another date and time.
    "reschedule" |calendar, request: RescheduleRequest| -> super::AppliedMove { calendar.reschedule(&request) }

    /// Inserts one entry and pushes those that are in its way.
    "insert" |calendar, request: InsertRequest| -> super::AppliedMove { calendar.insert(&request) }

    /// Takes the last move back; `null` where there is none left.
    "undo" |calendar, _request: NoInput| -> Option<super::CalendarChanges> { calendar.undo() }

    /// Plans the merge of a regeneration and keeps the plan.
    "planMerge" |calendar, request: Regeneration| -> super::MergeProposal { calendar.plan_merge(request) }

    /// Carries out the chosen changes of the planned merge.
    "applyMerge" |calendar, request: MergeChoices| -> super::MergeOutcome { calendar.apply_merge(&request) }

    /// Posts of one account that are too close to each other.
    "findClashes" |calendar, _request: NoInput| -> Clashes { calendar.find_clashes().map(|clashes| Clashes { clashes }) }

    /// How far the daily caps are used.
    "evaluateCaps" |calendar, _request: NoInput| -> CapUsages { calendar.evaluate_caps().map(|accounts| CapUsages { accounts }) }

    /// The first free slot of a cadence.
    "nextFreeSlot" |calendar, request: FreeSlotRequest| -> FreeSlot { calendar.next_free_slot(&request).map(|slot| FreeSlot { slot }) }

    /// How entries stand towards their checkpoints.
    "evaluateCheckpoints" |calendar, request: CheckpointRequest| -> CheckpointReports { calendar.evaluate_checkpoints(&request).map(|reports| CheckpointReports { reports }) }
}

/// [`Entries`] that stay where they are.
#[derive(Serialize)]
struct AllEntries<'a> {
    entries: &'a [CalendarEntry],
}

impl Calendar {
    /// Runs the operation `name` of [`CALENDAR_OPERATIONS`] on the JSON document `input` and gives its answer
    /// as JSON. An operation that fails has changed nothing.
    ///
    /// ```
    /// use calendar_publish::calendar::{Calendar, CalendarDocument};
    ///
    /// let now = "2026-03-01T09:00:00Z".parse()?;
    /// let mut calendar = Calendar::new(CalendarDocument::default(), now)?;
    /// assert_eq!(calendar.call("page", r#"{"limit":50}"#)?, r#"{"total":0,"tiles":[]}"#);
    /// # Ok::<(), calendar_publish::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::OperationUnknown`] where there is no such operation, [`Code::InputInvalid`] with path, line and
    /// column where the document doesn't fit, and whatever the operation refuses.
    pub fn call(&mut self, name: &str, input: &str) -> Result<String, Error> {
        let operation = CALENDAR_OPERATIONS
            .iter()
            .find(|operation| operation.name == name)
            .ok_or_else(|| Error::new(Code::OperationUnknown).measured(Measure::text(name)))?;
        (operation.run)(self, input)
    }

    /// Writes the entries as the JSON document `request`, an [`ExportRequest`], says.
    ///
    /// # Errors
    /// Those of the document, and of [`export`](Self::export).
    pub fn export_document(&self, request: &str) -> Result<Vec<u8>, Error> {
        self.export(&input_of::<ExportRequest>(request)?)
    }
}

/// What can't be refused.
#[allow(clippy::unnecessary_wraps)] // The operations are written alike.
const fn infallible<T>(answer: T) -> Result<T, Error> {
    Ok(answer)
}

fn written(answer: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(answer).map_err(|error| json_error(&error))
}
