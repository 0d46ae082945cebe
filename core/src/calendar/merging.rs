//! A regeneration, merged into the entries.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::Calendar;
use crate::error::{Code, Error};
use crate::merge::{self, KeyedPiece, MergeChange, MergeChoices, MergePlan, MergeRequest};
use crate::model::{CalendarId, EntryId};

/// What was generated, to be merged with the entries as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Regeneration {
    /// The calendar.
    pub calendar_id: CalendarId,
    /// What was last generated, before anybody edited it. Where nobody knows any more: empty.
    #[serde(default)]
    pub base: Vec<KeyedPiece>,
    /// What is generated now.
    pub theirs: Vec<KeyedPiece>,
    /// Whether that is the whole regeneration; where its stream broke off, nothing is removed.
    pub complete: bool,
    /// Entries that must stay as they are although they aren't stored as published.
    #[serde(default)]
    pub frozen: Vec<EntryId>,
}

/// What a merge would do. Nothing has happened yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MergeProposal {
    /// The changes, each with the name it is chosen by.
    pub changes: Vec<MergeChange>,
    /// Published and frozen entries that would have been changed. They stay as they are.
    pub untouched: Vec<EntryId>,
    /// The base of the next merge.
    pub next_base: Vec<KeyedPiece>,
}

/// What a merge did to the entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MergeOutcome {
    /// Entries of which a field changed.
    pub changed: Vec<EntryId>,
    /// Entries that were added or brought back.
    pub added: Vec<EntryId>,
    /// Entries that are gone.
    pub removed: Vec<EntryId>,
    /// Changed entries that lost their instant, since they got another date or time.
    pub reschedule: Vec<EntryId>,
}

impl Calendar {
    /// Plans the merge of a regeneration, as [`merge::plan`] does, and keeps it for
    /// [`apply_merge`](Self::apply_merge).
    ///
    /// # Errors
    /// Those of [`merge::plan`].
    pub fn plan_merge(&mut self, regeneration: Regeneration) -> Result<MergeProposal, Error> {
        self.settle();
        let plan = merge::plan(MergeRequest {
            calendar_id: regeneration.calendar_id,
            base: regeneration.base,
            mine: self.entries.clone(),
            theirs: regeneration.theirs,
            complete: regeneration.complete,
            frozen: regeneration.frozen,
        })?;
        let proposal = MergeProposal {
            changes: plan.changes.clone(),
            untouched: plan.untouched.clone(),
            next_base: plan.next_base.clone(),
        };
        self.proposal = Some(plan);
        Ok(proposal)
    }

    /// Carries out the changes of the planned merge that `choices` select. The plan stays until something
    /// changes.
    ///
    /// # Errors
    /// [`Code::ScheduleStale`] where no merge is planned, or an entry changed since; those of
    /// [`merge::apply`].
    pub fn apply_merge(&mut self, choices: &MergeChoices) -> Result<MergeOutcome, Error> {
        let plan: &MergePlan = self
            .proposal
            .as_ref()
            .ok_or_else(|| Error::new(Code::ScheduleStale).at("merge"))?;
        let merged = merge::apply(plan.clone(), choices)?;
        self.proposal = None;
        for id in &merged.removed {
            self.take_out(*id);
        }
        let touched: HashSet<EntryId> = merged
            .changed
            .iter()
            .chain(&merged.added)
            .copied()
            .collect();
        let entries = merged.entries.into_iter();
        self.store_many(
            entries
                .filter(|entry| touched.contains(&entry.id))
                .collect(),
        );
        Ok(MergeOutcome {
            changed: merged.changed,
            added: merged.added,
            removed: merged.removed,
            reschedule: merged.reschedule,
        })
    }
}
