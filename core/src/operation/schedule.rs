//! The operations of `schedule`.

use serde::{Deserialize, Serialize};

use super::{Operation, answer};
use crate::error::{Code, Error, Measure};
use crate::model::{
    CalendarEntry, ChannelAccount, LocalDate, LocalTime, PublishJob, Timestamp, Zone,
};
use crate::readiness::preview_changes;
use crate::rules::RuleBook;
use crate::schedule::{
    CadenceRequest, CadenceSlot, CapUsage, CheckpointReport, CheckpointRequest, Clash,
    FreeSlotRequest, InsertRequest, RescheduleRequest, ScheduleContext, ScheduleSettings,
    ShiftPlan, ShiftReceipt, ShiftRequest, cadence_slots, evaluate_caps, evaluate_checkpoints,
    find_clashes, next_free_slot, plan_insert, plan_reschedule, plan_shift, try_resolve, undo,
    wall_clock,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "resolveTime",
        run: |input| answer(input, |i: WallClock| try_resolve(i.date, i.time, i.zone)),
    },
    Operation {
        name: "wallClock",
        run: |input| answer(input, read_clock),
    },
    Operation {
        name: "planShift",
        run: |input| {
            answer(input, |i: ShiftInput| {
                let plan = plan_shift(&i.calendar.context(), &i.request)?;
                i.calendar.with_readiness(plan)
            })
        },
    },
    Operation {
        name: "applyShift",
        run: |input| answer(input, apply_shift),
    },
    Operation {
        name: "undoShift",
        run: |input| answer(input, undo_shift),
    },
    Operation {
        name: "planReschedule",
        run: |input| {
            answer(input, |i: RescheduleInput| {
                let plan = plan_reschedule(&i.calendar.context(), &i.request)?;
                i.calendar.with_readiness(plan)
            })
        },
    },
    Operation {
        name: "planInsert",
        run: |input| {
            answer(input, |i: InsertInput| {
                let plan = plan_insert(&i.calendar.context(), &i.request)?;
                i.calendar.with_readiness(plan)
            })
        },
    },
    Operation {
        name: "findClashes",
        run: |input| {
            answer(input, |i: CalendarOnly| {
                find_clashes(&i.calendar.context()).map(|clashes| Clashes { clashes })
            })
        },
    },
    Operation {
        name: "evaluateCaps",
        run: |input| {
            answer(input, |i: CalendarOnly| {
                evaluate_caps(&i.calendar.context()).map(|accounts| Caps { accounts })
            })
        },
    },
    Operation {
        name: "cadenceSlots",
        run: |input| {
            answer(input, |i: CadenceRequest| {
                cadence_slots(&i).map(|slots| Slots { slots })
            })
        },
    },
    Operation {
        name: "nextFreeSlot",
        run: |input| {
            answer(input, |i: FreeSlotInput| {
                next_free_slot(&i.calendar.context(), &i.request).map(|slot| FreeSlot { slot })
            })
        },
    },
    Operation {
        name: "evaluateCheckpoints",
        run: |input| {
            answer(input, |i: CheckpointInput| {
                evaluate_checkpoints(&i.calendar.context(), &i.request)
                    .map(|reports| Checkpoints { reports })
            })
        },
    },
];

/// A calendar as a document carries it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Calendar {
    entries: Vec<CalendarEntry>,
    accounts: Vec<ChannelAccount>,
    #[serde(default)]
    jobs: Vec<PublishJob>,
    #[serde(default)]
    settings: ScheduleSettings,
    now: Timestamp,
}

impl Calendar {
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WallClock {
    date: LocalDate,
    time: LocalTime,
    zone: Zone,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockInput {
    instant: Timestamp,
    zone: Zone,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Clock {
    date: LocalDate,
    time: LocalTime,
}

fn read_clock(input: ClockInput) -> Result<Clock, Error> {
    match wall_clock(input.instant, input.zone) {
        Some((date, time)) => Ok(Clock { date, time }),
        None => Err(Error::new(Code::TimestampOutOfRange)
            .at("instant")
            .measured(Measure::instant(input.instant))),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ShiftInput {
    calendar: Calendar,
    request: ShiftRequest,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ApplyInput {
    plan: ShiftPlan,
    entries: Vec<CalendarEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Applied {
    entries: Vec<CalendarEntry>,
    receipt: ShiftReceipt,
}

fn apply_shift(mut input: ApplyInput) -> Result<Applied, Error> {
    let receipt = input.plan.apply(&mut input.entries)?;
    Ok(Applied {
        entries: input.entries,
        receipt,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UndoInput {
    receipt: ShiftReceipt,
    entries: Vec<CalendarEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Undone {
    entries: Vec<CalendarEntry>,
}

fn undo_shift(mut input: UndoInput) -> Result<Undone, Error> {
    undo(&input.receipt, &mut input.entries)?;
    Ok(Undone {
        entries: input.entries,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RescheduleInput {
    calendar: Calendar,
    request: RescheduleRequest,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct InsertInput {
    calendar: Calendar,
    request: InsertRequest,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CalendarOnly {
    calendar: Calendar,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Clashes {
    clashes: Vec<Clash>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Caps {
    accounts: Vec<CapUsage>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Slots {
    slots: Vec<CadenceSlot>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FreeSlotInput {
    calendar: Calendar,
    request: FreeSlotRequest,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FreeSlot {
    slot: Option<CadenceSlot>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CheckpointInput {
    calendar: Calendar,
    request: CheckpointRequest,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Checkpoints {
    reports: Vec<CheckpointReport>,
}
