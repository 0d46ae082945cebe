//! The publish job's state machine: the only place where a job's status changes.
//!
//! [`advance`] takes a job, an event and the present and gives the job as it is afterwards, with the
//! effects that must become durable together with it. It reads no clock and does nothing itself.
#![doc = include_str!("transitions.md")]

mod admission;
mod advance;
mod event;
mod record;
mod refusal;
mod step;
mod wish;
#[cfg(test)]
mod tests;

pub use admission::{Admission, Known, SavedEntry, admit, job_not_found};
pub use advance::{
    DEFAULT_GRACE_MINUTES, advance, advance_with, claimable_from, due_at, is_overdue,
};
pub use event::{CancelAnswer, JobEffect, JobEvent, PostReceipt, Reconciliation};
pub use record::{AppliedWrite, Claiming, FrozenContent, JobRecord, attempt_id, content_hash};
