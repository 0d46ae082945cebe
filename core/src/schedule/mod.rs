//! Moving entries in time.
//!
//! An entry keeps the wall clock that a person meant and the instant it comes to in its account's
//! zone. [`resolve`] and [`wall_clock`] lead from the one to the other. Every move is a
//! [`ShiftPlan`] first, which shows what would change; [`ShiftPlan::apply`] makes it happen, all or
//! nothing, and [`undo`] takes it back. No function reads a clock.

mod steady;
mod zone;

mod board;
mod index;
mod row;
mod timeline;

mod cadence;
mod cap;
mod clash;

mod plan;

mod apply;
mod checkpoint;
mod insert;
mod reschedule;
mod shift;

pub(crate) use apply::undo_with;
pub use apply::{MovedEntry, ShiftReceipt, undo};
pub use board::{ScheduleContext, ScheduleSettings};
pub use cadence::{
    CadenceRequest, CadenceRule, CadenceSlot, FreeSlotRequest, MAX_CADENCE_DAYS, MAX_CADENCE_SLOTS,
    Weekday, cadence_slots, next_free_slot,
};
pub use cap::{AccountCap, CapExcess, CapUsage, evaluate_caps};
pub use checkpoint::{
    Checkpoint, CheckpointKind, CheckpointReport, CheckpointRequest, MEDIA_LEAD_HOURS,
    REVIEW_LEAD_HOURS, evaluate_checkpoints,
};
pub use clash::{Clash, find_clashes};
pub use insert::{InsertRequest, plan_insert};
pub use plan::{EntryMove, PlanIssue, ReadinessChange, ShiftPlan, Slot};
pub use reschedule::{RescheduleRequest, plan_reschedule};
pub use shift::{ShiftOffset, ShiftRequest, plan_shift};
pub use zone::{DstNote, Resolution, resolve, try_resolve, wall_clock};
