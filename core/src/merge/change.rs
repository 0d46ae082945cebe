//! The words of a merge: its sides, its plan and the changes in it.

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use super::field::PieceValue;
use super::identity::KeyedPiece;
use crate::error::Code;
use crate::model::{CalendarEntry, CalendarId, EntryId};

/// The three sides of a merge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MergeRequest {
    /// The calendar.
    pub calendar_id: CalendarId,
    /// What was last generated, before anybody edited it. Where nobody knows any more: empty.
    #[serde(default)]
    pub base: Vec<KeyedPiece>,
    /// What is saved, manual edits included.
    pub mine: Vec<CalendarEntry>,
    /// What is generated now.
    pub theirs: Vec<KeyedPiece>,
    /// Whether `theirs` is the whole regeneration. Where its stream broke off it isn't: what didn't
    /// arrive is then not gone, and nothing is removed.
    pub complete: bool,
    /// Entries that must stay as they are although they aren't stored as published: those that a
    /// worker is publishing, or that wait in TikTok's inbox.
    #[serde(default)]
    pub frozen: Vec<EntryId>,
}

/// What a merge would do. Nothing has happened yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MergePlan {
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The entries as they are saved.
    pub mine: Vec<CalendarEntry>,
    /// What the regeneration would change, in the order of the saved entries; then the entries it
    /// would bring back; then those it would add.
    pub changes: Vec<MergeChange>,
    /// Published and frozen entries that the regeneration would have changed. They stay as they are.
    pub untouched: Vec<EntryId>,
    /// What is generated now, each piece with the id of the entry it belongs to: stored beside the
    /// merged calendar, it is the base of the next merge. Where the regeneration isn't complete, what
    /// was generated last stands for what didn't arrive, after what did.
    #[serde(default)]
    pub next_base: Vec<KeyedPiece>,
}

/// One change of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MergeChange {
    /// The change's name: `edit:<entry>:copy`, `remove:<entry>`, `restore:<entry>`, `add:<entry>`. The
    /// same input gives the same names.
    pub id: String,
    /// [`Code::MergeConflict`] where a person and the regeneration disagree. Such a change is only
    /// carried out when it is chosen by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Code>,
    /// What it does.
    pub action: MergeAction,
}

/// What a change does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum MergeAction {
    /// A field of an entry gets another value.
    Edit {
        /// The entry.
        entry_id: EntryId,
        /// What was generated last; absent where both sides added the piece.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base: Option<PieceValue>,
        /// What is saved.
        mine: PieceValue,
        /// What is generated now.
        theirs: PieceValue,
        /// What the entry holds once the change is carried out: `theirs`, or hashtags of both sides.
        result: PieceValue,
    },
    /// An entry goes, because the regeneration doesn't have it any more.
    Remove {
        /// The entry.
        entry_id: EntryId,
        /// What a person did to it: fields of its piece, and `media`, `cover`, `accountId`, `tiktok`,
        /// `instagram`, `scheduledAt`, `draft`, `reviewed`. Not empty: a conflict.
        edited: Vec<String>,
    },
    /// An entry that a person deleted comes back, because the regeneration changed it.
    Restore {
        /// The entry.
        entry_id: EntryId,
        /// The piece as it is generated now.
        theirs: KeyedPiece,
        /// The fields of the piece that the regeneration changed.
        edited: Vec<String>,
    },
    /// An entry is added.
    Add {
        /// The new entry's id: the piece's own, or one made from the calendar and the piece.
        entry_id: EntryId,
        /// Its piece.
        theirs: KeyedPiece,
    },
}
