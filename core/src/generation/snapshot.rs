//! What an interface shows of a generation, at any moment.

use serde::{Deserialize, Serialize};

use super::event::StreamFailure;
use crate::error::Error;
use crate::model::{CalendarDiff, CalendarId, CalendarPiece, RunRef, RunStatus, Timestamp};

/// How a generation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GenerationState {
    /// Pieces are arriving.
    Streaming,
    /// Nothing has arrived for longer than expected, not even a keep-alive. It may go on.
    Stalled,
    /// It was cut, by the host or by the clock here.
    TimedOut,
    /// A person stopped it.
    Cancelled,
    /// The host said that it is complete.
    Complete,
    /// The host said that it failed, or the stream broke.
    Failed,
}

impl GenerationState {
    /// Whether nothing more can come.
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Streaming | Self::Stalled)
    }

    /// The status under which a run that ended like this is stored. `None` while it is going on, and
    /// for a cancelled one: what a person keeps of it is a save of theirs.
    pub const fn run_status(self) -> Option<RunStatus> {
        match self {
            Self::Complete => Some(RunStatus::Completed),
            Self::TimedOut => Some(RunStatus::Timeout),
            Self::Failed => Some(RunStatus::Failed),
            Self::Streaming | Self::Stalled | Self::Cancelled => None,
        }
    }
}

/// A piece that arrived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GeneratedPiece {
    /// Its place in the calendar, from 0.
    pub index: u32,
    /// The attempt it came with, from 1: after a retry, pieces of the attempt before stay until new
    /// ones take their places.
    pub attempt: u32,
    /// The piece.
    pub piece: CalendarPiece,
    /// Fields that were given a default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defaults: Vec<Error>,
}

/// A piece that arrived and can't be read. It is kept as it came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefusedPiece {
    /// Its place in the calendar, from 0.
    pub index: u32,
    /// The piece as it came, as JSON text.
    pub payload: String,
    /// Everything that is wrong with it, field by field.
    pub errors: Vec<Error>,
}

/// A generation as it stands: progress, the calendar so far, and everything that went wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenerationSnapshot {
    /// How it stands.
    pub state: GenerationState,
    /// The status to store it under, once it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<RunStatus>,
    /// The attempt, from 1.
    pub attempt: u32,
    /// When this attempt began.
    pub started_at: Timestamp,
    /// When something last arrived.
    pub last_activity_at: Timestamp,
    /// When it was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// The calendar, as soon as the stream has named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_id: Option<CalendarId>,
    /// The run, as soon as the stream has named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunRef>,
    /// Pieces of this attempt that have arrived, refused ones among them.
    pub received: u32,
    /// How many there will be, as far as the stream has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// Keep-alives that have arrived.
    pub keep_alives: u32,
    /// The calendar so far, in its own order, whatever the order of arrival.
    pub pieces: Vec<GeneratedPiece>,
    /// Pieces that arrived and can't be read.
    #[serde(default)]
    pub refusals: Vec<RefusedPiece>,
    /// Places that nothing arrived for, once the generation is over.
    #[serde(default)]
    pub missing: Vec<u32>,
    /// What else went wrong, in the order it was noticed.
    #[serde(default)]
    pub problems: Vec<Error>,
    /// Problems beyond those listed.
    #[serde(default)]
    pub problems_omitted: u32,
    /// What the host said about its failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<StreamFailure>,
    /// What the host says has changed against the calendar that was regenerated.
    #[serde(default)]
    pub diff: CalendarDiff,
}

impl GenerationSnapshot {
    /// Whether every piece of the calendar arrived and could be read. Only then does a piece that
    /// isn't there mean that it is gone: it is what
    /// [`MergeRequest::complete`](crate::merge::MergeRequest::complete) asks for.
    pub fn is_whole(&self) -> bool {
        self.state == GenerationState::Complete
            && self.refusals.is_empty()
            && self.missing.is_empty()
    }
}
