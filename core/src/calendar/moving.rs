//! Moves: planned, applied, taken back.

use serde::{Deserialize, Serialize};

use super::edit::MAX_CHANGED_TILES;
use super::{Calendar, CalendarChanges};
use crate::error::Error;
use crate::model::EntryId;
use crate::readiness::preview_changes;
use crate::rules::RuleBook;
use crate::schedule::{
    self, CapExcess, Clash, InsertRequest, PlanIssue, RescheduleRequest, ShiftPlan, ShiftReceipt,
    ShiftRequest,
};

/// How many moves can be taken back.
const MAX_RECEIPTS: usize = 20;

/// A move that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppliedMove {
    /// How many entries moved.
    pub moved: u32,
    /// Entries that were chosen and stayed where they are, and why.
    pub held: Vec<PlanIssue>,
    /// Clashes that a moved entry takes part in.
    pub clashes: Vec<Clash>,
    /// Posts that are too many, with a moved entry in their window.
    pub cap_excesses: Vec<CapExcess>,
    /// What it did to the tiles.
    pub changes: CalendarChanges,
}

impl Calendar {
    /// Plans a shift, as [`schedule::plan_shift`] does, with what it would do to the readiness. Nothing has
    /// happened yet.
    ///
    /// # Errors
    /// Those of [`schedule::plan_shift`].
    pub fn plan_shift(&mut self, request: &ShiftRequest) -> Result<ShiftPlan, Error> {
        let plan = schedule::plan_shift(&self.context(), request)?;
        self.with_readiness(plan)
    }

    /// Plans to move one entry, as [`schedule::plan_reschedule`] does.
    ///
    /// # Errors
    /// Those of [`schedule::plan_reschedule`].
    pub fn plan_reschedule(&mut self, request: &RescheduleRequest) -> Result<ShiftPlan, Error> {
        let plan = schedule::plan_reschedule(&self.context(), request)?;
        self.with_readiness(plan)
    }

    /// Plans to insert one entry, as [`schedule::plan_insert`] does.
    ///
    /// # Errors
    /// Those of [`schedule::plan_insert`].
    pub fn plan_insert(&mut self, request: &InsertRequest) -> Result<ShiftPlan, Error> {
        let plan = schedule::plan_insert(&self.context(), request)?;
        self.with_readiness(plan)
    }

    /// Plans a shift and applies it, without handing out a move for each entry.
    ///
    /// # Errors
    /// Those of [`schedule::plan_shift`] and of [`ShiftPlan::apply`]; nothing has moved then.
    pub fn shift(&mut self, request: &ShiftRequest) -> Result<AppliedMove, Error> {
        let plan = schedule::plan_shift(&self.context(), request)?;
        self.apply(plan)
    }

    /// Moves one entry to another date and time.
    ///
    /// # Errors
    /// Those of [`schedule::plan_reschedule`]; nothing has moved then.
    pub fn reschedule(&mut self, request: &RescheduleRequest) -> Result<AppliedMove, Error> {
        let plan = schedule::plan_reschedule(&self.context(), request)?;
        self.apply(plan)
    }

    /// Inserts one entry and pushes those that are in its way.
    ///
    /// # Errors
    /// Those of [`schedule::plan_insert`]; nothing has moved then.
    pub fn insert(&mut self, request: &InsertRequest) -> Result<AppliedMove, Error> {
        let plan = schedule::plan_insert(&self.context(), request)?;
        self.apply(plan)
    }

    /// Applies a plan: every move of it, or none.
    ///
    /// # Errors
    /// Those of [`ShiftPlan::apply`], [`Code::ScheduleStale`](crate::Code::ScheduleStale) among them where
    /// an entry was changed since the plan was made.
    pub fn apply(&mut self, plan: ShiftPlan) -> Result<AppliedMove, Error> {
        self.sort();
        let receipt = plan.apply(&mut self.entries)?;
        let changes = self.moved(&receipt);
        let moved = u32::try_from(receipt.moved.len()).unwrap_or(u32::MAX);
        if self.receipts.len() == MAX_RECEIPTS {
            self.receipts.remove(0);
        }
        self.receipts.push(receipt);
        Ok(AppliedMove {
            moved,
            held: plan.held,
            clashes: plan.clashes,
            cap_excesses: plan.cap_excesses,
            changes,
        })
    }

    /// Takes the last move back, and the one before it when called again; `None` where there is none left.
    /// The last 20 moves can be taken back.
    ///
    /// # Errors
    /// Those of [`schedule::undo`]; nothing has changed then, and the move can't be taken back any more.
    pub fn undo(&mut self) -> Result<Option<CalendarChanges>, Error> {
        let Some(receipt) = self.receipts.pop() else {
            return Ok(None);
        };
        self.sort();
        schedule::undo(&receipt, &mut self.entries)?;
        Ok(Some(self.moved(&receipt)))
    }

    /// Notices that the entries of `receipt` have other times.
    fn moved(&mut self, receipt: &ShiftReceipt) -> CalendarChanges {
        self.proposal = None;
        self.reorder();
        if receipt.moved.len() > MAX_CHANGED_TILES {
            self.stale = true;
            return CalendarChanges::reload();
        }
        let mut changed: Vec<EntryId> = receipt.moved.iter().map(|moved| moved.entry_id).collect();
        if !self.stale {
            for moved in &receipt.moved {
                if let Ok(entry) = self.entry(moved.entry_id) {
                    let entry = entry.clone();
                    for noticed in self.readiness.update(&entry) {
                        if !changed.contains(&noticed) {
                            changed.push(noticed);
                        }
                    }
                }
            }
        }
        self.refresh();
        self.told(changed)
    }

    fn with_readiness(&mut self, mut plan: ShiftPlan) -> Result<ShiftPlan, Error> {
        plan.readiness_changes = preview_changes(
            &plan,
            &self.entries,
            &self.accounts,
            &self.jobs,
            RuleBook::builtin(),
            self.now,
        )?;
        Ok(plan)
    }
}
