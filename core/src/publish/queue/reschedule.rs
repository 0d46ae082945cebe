//! Moving one entry and its job.

use serde::{Deserialize, Serialize};

use super::PublishQueue;
use super::context::CommandContext;
use super::moving::MoveAnswer;
use crate::error::Error;
use crate::model::CalendarId;
use crate::schedule::{RescheduleRequest, plan_reschedule};

/// An entry to be moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reschedule {
    /// The calendar.
    pub calendar_id: CalendarId,
    /// Which entry, and where to.
    pub to: RescheduleRequest,
}

impl PublishQueue {
    /// Moves one entry to a date and time of its account's zone, and its live job with it: both or
    /// neither. The wall clock is kept as it was meant, and the instant is what it comes to. A job that
    /// needs attention for a known cause is scheduled again by that.
    ///
    /// # Errors
    /// [`Code::CalendarNotFound`](crate::Code::CalendarNotFound), as
    /// [`plan_reschedule`](crate::schedule::plan_reschedule), and
    /// [`Code::ScheduleFrozen`](crate::Code::ScheduleFrozen) where the post may be out,
    /// [`Code::RevisionConflict`](crate::Code::RevisionConflict) where others keep saving the calendar,
    /// [`Code::FieldValueInvalid`](crate::Code::FieldValueInvalid) and
    /// [`Code::IdempotencyConflict`](crate::Code::IdempotencyConflict) for the key.
    pub async fn reschedule(
        &self,
        context: &CommandContext,
        reschedule: &Reschedule,
    ) -> Result<MoveAnswer, Error> {
        let key = context.key("reschedule", reschedule)?;
        let now = context.now;
        let moved = self
            .move_entries(context, key.as_ref(), reschedule.calendar_id, |loaded| {
                let plan = plan_reschedule(&loaded.context(self, now), &reschedule.to)?;
                let mut entries = loaded.calendar.entries.clone();
                plan.apply(&mut entries)?;
                Ok(entries)
            })
            .await?;
        Ok(moved.answer)
    }
}
