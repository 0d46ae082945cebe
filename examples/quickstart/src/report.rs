//! What the tour came to, as `--json` prints it.

use calendar_publish::generation::GenerationSnapshot;
use calendar_publish::merge::{MergeChange, MergePlan, MergedCalendar};
use calendar_publish::model::{CalendarId, EntryId, Readiness, RunId, Timestamp};
use calendar_publish::publish::PublishAnswer;
use calendar_publish::schedule::{EntryMove, ShiftPlan};
use serde::Serialize;

/// Everything the tour did and found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    pub(crate) calendar_id: CalendarId,
    pub(crate) now: Timestamp,
    pub(crate) stream: GenerationSnapshot,
    pub(crate) saves: Vec<Save>,
    pub(crate) entries: Vec<JudgedEntry>,
    pub(crate) shift: Option<ShiftPlan>,
    pub(crate) corrections: Vec<EntryMove>,
    pub(crate) merge: Option<Merge>,
    pub(crate) publish: PublishAnswer,
    pub(crate) files: Vec<ExportedFile>,
    pub(crate) database: String,
}

/// A save, or the finding that it was made on an earlier run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Save {
    pub(crate) run_id: RunId,
    pub(crate) revision: i64,
    pub(crate) repeated: bool,
}

/// An entry and what was found about it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JudgedEntry {
    pub(crate) id: EntryId,
    pub(crate) title: String,
    pub(crate) scheduled_at: Option<Timestamp>,
    pub(crate) readiness: Readiness,
}

/// What the regeneration changed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Merge {
    pub(crate) changes: Vec<MergeChange>,
    pub(crate) changed: Vec<EntryId>,
    pub(crate) added: Vec<EntryId>,
    pub(crate) removed: Vec<EntryId>,
}

impl Merge {
    pub(crate) fn new(plan: &MergePlan, merged: &MergedCalendar) -> Self {
        Self {
            changes: plan.changes.clone(),
            changed: merged.changed.clone(),
            added: merged.added.clone(),
            removed: merged.removed.clone(),
        }
    }
}

/// A file that was written.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportedFile {
    pub(crate) path: String,
    pub(crate) bytes: u64,
}
