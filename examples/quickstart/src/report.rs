//! What the tour came to, as `--json` prints it.

use calendar_publish::Code;
use calendar_publish::generation::GenerationSnapshot;
use calendar_publish::merge::{MergeChange, MergePlan, MergedCalendar};
use calendar_publish::model::{
    CalendarId, EntryId, JobStatus, PublishAttempt, Readiness, RunId, Timestamp,
};
use calendar_publish::publish::PublishAnswer;
use calendar_publish::schedule::{EntryMove, ShiftPlan};
use calendar_publish_simulation::{CalendarReport, EntryReport};
use serde::Serialize;

use crate::live::LiveReport;

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
    pub(crate) month: Option<Month>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) live: Option<LiveReport>,
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

/// What would become of the calendar, in virtual time.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Month {
    pub(crate) came_out: usize,
    pub(crate) entries: Vec<SimulatedEntry>,
}

/// What would become of an entry.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SimulatedEntry {
    pub(crate) id: EntryId,
    pub(crate) status: Option<JobStatus>,
    pub(crate) out_at: Option<Timestamp>,
    pub(crate) attempts: Vec<PublishAttempt>,
    pub(crate) problem: Option<Code>,
}

impl Month {
    pub(crate) fn new(report: &CalendarReport) -> Self {
        let entry = |entry: &EntryReport| SimulatedEntry {
            id: entry.entry_id,
            status: entry.status,
            out_at: entry.out_at,
            attempts: entry.attempts.clone(),
            problem: entry.problem,
        };
        Self {
            came_out: report.out(),
            entries: report.entries.iter().map(entry).collect(),
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
