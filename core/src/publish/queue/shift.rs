//! Moving many entries and their jobs, and taking that back.

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use super::PublishQueue;
use super::context::CommandContext;
use super::moving::MoveAnswer;
use crate::error::Error;
use crate::model::CalendarId;
use crate::schedule::{ShiftPlan, ShiftReceipt, undo};

/// A calendar's entries to be moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shift {
    /// The calendar.
    pub calendar_id: CalendarId,
    /// Which way.
    pub change: ShiftChange,
}

/// Which way entries are moved.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum ShiftChange {
    /// As a plan says that a person has seen: of [`plan_shift`](crate::schedule::plan_shift),
    /// [`plan_insert`](crate::schedule::plan_insert) or
    /// [`plan_reschedule`](crate::schedule::plan_reschedule).
    Apply {
        /// The plan.
        plan: ShiftPlan,
    },
    /// Back to where they were before a move.
    Undo {
        /// The answer's receipt of the move.
        receipt: ShiftReceipt,
    },
}

impl PublishQueue {
    /// Applies a plan to a calendar's entries and their live jobs, or takes an applied one back: all of
    /// it, or nothing.
    ///
    /// # Errors
    /// [`Code::CalendarNotFound`](crate::Code::CalendarNotFound), as
    /// [`ShiftPlan::apply`] and [`undo`](crate::schedule::undo), and
    /// [`Code::ScheduleFrozen`](crate::Code::ScheduleFrozen) where one of the posts is on its way, out,
    /// or may be out, [`Code::ScheduleInPast`](crate::Code::ScheduleInPast) where a job's new time has
    /// passed, [`Code::RevisionConflict`](crate::Code::RevisionConflict) where others keep saving the
    /// calendar, [`Code::FieldValueInvalid`](crate::Code::FieldValueInvalid) and
    /// [`Code::IdempotencyConflict`](crate::Code::IdempotencyConflict) for the key.
    pub async fn shift(
        &self,
        context: &CommandContext,
        shift: &Shift,
    ) -> Result<MoveAnswer, Error> {
        let key = context.key("shift", shift)?;
        let moved = self
            .move_entries(context, key.as_ref(), shift.calendar_id, |loaded| {
                let mut entries = loaded.calendar.entries.clone();
                match &shift.change {
                    ShiftChange::Apply { plan } => {
                        plan.apply(&mut entries)?;
                    }
                    ShiftChange::Undo { receipt } => undo(receipt, &mut entries)?,
                }
                Ok(entries)
            })
            .await?;
        Ok(moved.answer)
    }
}
