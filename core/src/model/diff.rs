//! What changed between two versions of a calendar, in the host's shape.

use serde::{Deserialize, Serialize};

use super::CalendarPiece;

/// The difference between two versions of a calendar.
///
/// The host's `diff`, as the summary of a generation carries it. A summary written by the host has
/// no [`PieceUpdate::fields`]; the list is then empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarDiff {
    /// Pieces that only the new version has, in its order.
    #[serde(default)]
    pub added: Vec<CalendarPiece>,
    /// Pieces that both versions have and that changed, in the order of the old version.
    #[serde(default)]
    pub updated: Vec<PieceUpdate>,
    /// Pieces that only the old version has, in its order.
    #[serde(default)]
    pub removed: Vec<CalendarPiece>,
}

/// A piece that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PieceUpdate {
    /// The old version.
    pub before: CalendarPiece,
    /// The new version.
    pub after: CalendarPiece,
    /// The payload's names of the fields that changed, in the order of the payload: `date`, `copy`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

impl CalendarDiff {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.updated.is_empty() && self.removed.is_empty()
    }
}
