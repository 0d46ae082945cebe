//! What a regeneration changes, and how it is merged without losing what people did.
//!
//! Three things happen in this order. *Identity* decides which old piece a new piece is: by id, then
//! by entry key, then by likeness, so that a piece that was moved or renamed is still the same piece.
//! [`diff`] says what differs, in the host's shape. [`plan`] compares three sides (what was last
//! generated, what is saved, what is regenerated now) field by field and names every change; [`apply`]
//! carries out all of them, some or none.
//!
//! Nothing in here reads a clock or draws a random number: the same input gives the same plan, the
//! same change ids and the same ids of new entries.

mod apply;
mod change;
mod diff;
mod field;
mod identity;
mod likeness;
mod links;
mod tags;
mod three_way;

#[cfg(test)]
mod tests;

pub use apply::{ApplyMode, MergeChoice, MergeChoices, MergedCalendar, Side, apply};
pub use change::{MergeAction, MergeChange, MergePlan, MergeRequest};
pub use diff::diff;
pub use field::PieceValue;
pub use identity::KeyedPiece;
pub use three_way::plan;
