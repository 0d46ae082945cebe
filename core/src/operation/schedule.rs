//! The operations of `schedule`.

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Measure};
use crate::model::{
    CalendarEntry, ChannelAccount, LocalDate, LocalTime, PublishJob, Timestamp, Zone,
};
use crate::readiness::preview_changes;
use crate::rules::RuleBook;
use crate::schedule::{
    self, CadenceRequest, CadenceSlot, CapUsage, CheckpointReport, CheckpointRequest, Clash,
    FreeSlotRequest, InsertRequest, RescheduleRequest, Resolution, ScheduleContext,
    ScheduleSettings, ShiftPlan, ShiftReceipt, ShiftRequest,
};

/// A calendar as a document carries it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarState {
    /// Its entries.
    pub entries: Vec<CalendarEntry>,
    /// The user's accounts.
    pub accounts: Vec<ChannelAccount>,
    /// The publish jobs of its entries.
    #[serde(default)]
    pub jobs: Vec<PublishJob>,
    /// The limits that plans are judged by.
    #[serde(default)]
    pub settings: ScheduleSettings,
    /// The present.
    pub now: Timestamp,
}

impl CalendarState {
    fn context(&self) -> ScheduleContext<'_> {
        ScheduleContext {
            entries: &self.entries,
            accounts: &self.accounts,
            jobs: &self.jobs,
            settings: &self.settings,
            now: self.now,
        }
    }

    fn with_readiness(&self, mut plan: ShiftPlan) -> Result<ShiftPlan, Error> {
        plan.readiness_changes = preview_changes(
            &plan,
            &self.entries,
            &self.accounts,
            &self.jobs,
            RuleBook::builtin(),
            self.now,
        )?;
        Ok(plan)
    }
}

/// A wall clock somewhere, for `resolveTime`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResolveTimeInput {
    /// The date.
    pub date: LocalDate,
    /// The time of day.
    pub time: LocalTime,
    /// The zone of the clock.
    pub zone: Zone,
}

pub(super) fn resolve_time(input: ResolveTimeInput) -> Result<Resolution, Error> {
    schedule::try_resolve(input.date, input.time, input.zone)
}

/// An instant to be read off a clock, for `wallClock`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WallClockInput {
    /// The instant.
    pub instant: Timestamp,
    /// The zone of the clock.
    pub zone: Zone,
}

/// What a clock shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WallClock {
    /// The date.
    pub date: LocalDate,
    /// The time of day.
    pub time: LocalTime,
}

pub(super) fn wall_clock(input: WallClockInput) -> Result<WallClock, Error> {
    match schedule::wall_clock(input.instant, input.zone) {
        Some((date, time)) => Ok(WallClock { date, time }),
        None => Err(Error::new(Code::TimestampOutOfRange)
            .at("instant")
            .measured(Measure::instant(input.instant))),
    }
}

/// What `planShift` moves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanShiftInput {
    /// The calendar.
    pub calendar: CalendarState,
    /// Which entries, and by how much.
    pub request: ShiftRequest,
}

pub(super) fn plan_shift(input: PlanShiftInput) -> Result<ShiftPlan, Error> {
    let plan = schedule::plan_shift(&input.calendar.context(), &input.request)?;
    input.calendar.with_readiness(plan)
}

/// A plan to be applied by `applyShift`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplyShiftInput {
    /// The plan.
    pub plan: ShiftPlan,
    /// The entries as they are now.
    pub entries: Vec<CalendarEntry>,
}

/// Entries that were moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppliedShift {
    /// The entries, at their new times.
    pub entries: Vec<CalendarEntry>,
    /// What takes the move back.
    pub receipt: ShiftReceipt,
}

pub(super) fn apply_shift(mut input: ApplyShiftInput) -> Result<AppliedShift, Error> {
    let receipt = input.plan.apply(&mut input.entries)?;
    Ok(AppliedShift {
        entries: input.entries,
        receipt,
    })
}

/// A move to be taken back by `undoShift`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UndoShiftInput {
    /// The receipt of the move.
    pub receipt: ShiftReceipt,
    /// The entries as they are now.
    pub entries: Vec<CalendarEntry>,
}

/// Entries whose move was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UndoneShift {
    /// The entries, at their earlier times.
    pub entries: Vec<CalendarEntry>,
}

pub(super) fn undo_shift(mut input: UndoShiftInput) -> Result<UndoneShift, Error> {
    schedule::undo(&input.receipt, &mut input.entries)?;
    Ok(UndoneShift {
        entries: input.entries,
    })
}

/// What `planReschedule` moves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanRescheduleInput {
    /// The calendar.
    pub calendar: CalendarState,
    /// Which entry, and where to.
    pub request: RescheduleRequest,
}

pub(super) fn plan_reschedule(input: PlanRescheduleInput) -> Result<ShiftPlan, Error> {
    let plan = schedule::plan_reschedule(&input.calendar.context(), &input.request)?;
    input.calendar.with_readiness(plan)
}

/// What `planInsert` makes room for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanInsertInput {
    /// The calendar.
    pub calendar: CalendarState,
    /// Where room is wanted.
    pub request: InsertRequest,
}

pub(super) fn plan_insert(input: PlanInsertInput) -> Result<ShiftPlan, Error> {
    let plan = schedule::plan_insert(&input.calendar.context(), &input.request)?;
    input.calendar.with_readiness(plan)
}

/// Where `findClashes` looks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindClashesInput {
    /// The calendar.
    pub calendar: CalendarState,
}

/// Posts that are too close to each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Clashes {
    /// The clashes.
    pub clashes: Vec<Clash>,
}

pub(super) fn find_clashes(input: FindClashesInput) -> Result<Clashes, Error> {
    schedule::find_clashes(&input.calendar.context()).map(|clashes| Clashes { clashes })
}

/// What `evaluateCaps` counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvaluateCapsInput {
    /// The calendar.
    pub calendar: CalendarState,
}

/// How far the daily caps are used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CapUsages {
    /// One usage an account.
    pub accounts: Vec<CapUsage>,
}

pub(super) fn evaluate_caps(input: EvaluateCapsInput) -> Result<CapUsages, Error> {
    schedule::evaluate_caps(&input.calendar.context()).map(|accounts| CapUsages { accounts })
}

/// The dates and times of a cadence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CadenceSlots {
    /// The slots, in order.
    pub slots: Vec<CadenceSlot>,
}

pub(super) fn cadence_slots(input: CadenceRequest) -> Result<CadenceSlots, Error> {
    schedule::cadence_slots(&input).map(|slots| CadenceSlots { slots })
}

/// Where `nextFreeSlot` looks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NextFreeSlotInput {
    /// The calendar.
    pub calendar: CalendarState,
    /// What the slot must fit.
    pub request: FreeSlotRequest,
}

/// A free slot, or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FreeSlot {
    /// The slot; `null` where none is free.
    pub slot: Option<CadenceSlot>,
}

pub(super) fn next_free_slot(input: NextFreeSlotInput) -> Result<FreeSlot, Error> {
    schedule::next_free_slot(&input.calendar.context(), &input.request)
        .map(|slot| FreeSlot { slot })
}

/// What `evaluateCheckpoints` looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvaluateCheckpointsInput {
    /// The calendar.
    pub calendar: CalendarState,
    /// The checkpoints.
    pub request: CheckpointRequest,
}

/// How an account's entries stand at each checkpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckpointReports {
    /// One report a checkpoint.
    pub reports: Vec<CheckpointReport>,
}

pub(super) fn evaluate_checkpoints(
    input: EvaluateCheckpointsInput,
) -> Result<CheckpointReports, Error> {
    schedule::evaluate_checkpoints(&input.calendar.context(), &input.request)
        .map(|reports| CheckpointReports { reports })
}
