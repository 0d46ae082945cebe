//! Moves: planned, applied, taken back.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::handle::not_found;
use super::order::Key;
use super::page::count;
use super::{Calendar, CalendarChanges};
use crate::error::Error;
use crate::model::EntryId;
use crate::readiness::{Changed, preview_changes};
use crate::schedule::{
    self, CapExcess, Clash, InsertRequest, MovedEntry, PlanIssue, RescheduleRequest, ShiftPlan,
    ShiftRequest, Slot,
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
        let plan = schedule::plan_shift(&self.settled(), request)?;
        self.with_readiness(plan)
    }

    /// Plans to move one entry, as [`schedule::plan_reschedule`] does.
    ///
    /// # Errors
    /// Those of [`schedule::plan_reschedule`].
    pub fn plan_reschedule(&mut self, request: &RescheduleRequest) -> Result<ShiftPlan, Error> {
        let plan = schedule::plan_reschedule(&self.settled(), request)?;
        self.with_readiness(plan)
    }

    /// Plans to insert one entry, as [`schedule::plan_insert`] does.
    ///
    /// # Errors
    /// Those of [`schedule::plan_insert`].
    pub fn plan_insert(&mut self, request: &InsertRequest) -> Result<ShiftPlan, Error> {
        let plan = schedule::plan_insert(&self.settled(), request)?;
        self.with_readiness(plan)
    }

    /// Plans a shift and applies it, without handing out a move for each entry.
    ///
    /// # Errors
    /// Those of [`schedule::plan_shift`] and of [`ShiftPlan::apply`]; nothing has moved then.
    pub fn shift(&mut self, request: &ShiftRequest) -> Result<AppliedMove, Error> {
        let plan = schedule::plan_shift(&self.settled(), request)?;
        self.apply(plan)
    }

    /// Moves one entry to another date and time.
    ///
    /// # Errors
    /// Those of [`schedule::plan_reschedule`]; nothing has moved then.
    pub fn reschedule(&mut self, request: &RescheduleRequest) -> Result<AppliedMove, Error> {
        let plan = schedule::plan_reschedule(&self.settled(), request)?;
        self.apply(plan)
    }

    /// Inserts one entry and pushes those that are in its way.
    ///
    /// # Errors
    /// Those of [`schedule::plan_insert`]; nothing has moved then.
    pub fn insert(&mut self, request: &InsertRequest) -> Result<AppliedMove, Error> {
        let plan = schedule::plan_insert(&self.settled(), request)?;
        self.apply(plan)
    }

    /// Applies a plan: every move of it, or none.
    ///
    /// # Errors
    /// Those of [`ShiftPlan::apply`], [`Code::ScheduleStale`](crate::Code::ScheduleStale) among them where an entry was changed since the
    /// plan was made.
    pub fn apply(&mut self, plan: ShiftPlan) -> Result<AppliedMove, Error> {
        let readiness = &self.readiness;
        let find = |id| found(readiness.place(id), id);
        let (receipt, places) = plan.apply_with(&mut self.entries, find)?;
        let old = plan.moves.iter().map(|planned| planned.before);
        let changes = self.moved(&places, old);
        if !receipt.moved.is_empty() {
            self.receipts.push_back(receipt);
        }
        if self.receipts.len() > MAX_RECEIPTS {
            self.receipts.pop_front();
        }
        Ok(AppliedMove {
            moved: count(places.len()),
            held: plan.held,
            clashes: plan.clashes,
            cap_excesses: plan.cap_excesses,
            changes,
        })
    }

    /// Takes the last move back, and the one before it when called again; `None` where there is none left.
    /// The last 20 moves can be taken back; a plan that moved nothing is none.
    ///
    /// # Errors
    /// Those of [`schedule::undo`], [`Code::ScheduleStale`](crate::Code::ScheduleStale) among them where an entry was changed since;
    /// nothing has changed then.
    pub fn undo(&mut self) -> Result<Option<CalendarChanges>, Error> {
        let Some(receipt) = self.receipts.back() else {
            return Ok(None);
        };
        let readiness = &self.readiness;
        let find = |id| found(readiness.place(id), id);
        let places = schedule::undo_with(receipt, &mut self.entries, find)?;
        let undone = self
            .receipts
            .pop_back()
            .map_or(Vec::new(), |known| known.moved);
        self.rebase_receipts(&undone);
        let old = undone.iter().map(|moved| moved.after);
        Ok(Some(self.moved(&places, old)))
    }

    /// Taking a move back gives its entries another revision. The moves before it can be taken back from
    /// that one, as far as each left its entries as the next one found them.
    fn rebase_receipts(&mut self, undone: &[MovedEntry]) {
        if self.receipts.is_empty() {
            return;
        }
        let mut found: HashMap<EntryId, i64> = undone
            .iter()
            .map(|moved| (moved.entry_id, moved.revision.saturating_sub(1)))
            .collect();
        let earlier = self.receipts.iter_mut().rev();
        for moved in earlier.flat_map(|known| &mut known.moved) {
            let Some(revision) = found.get_mut(&moved.entry_id) else {
                continue;
            };
            if moved.revision == *revision {
                *revision = revision.saturating_sub(1);
                // One up for the move that was taken back, one for taking it back.
                moved.revision = moved.revision.saturating_add(2);
            } else {
                found.remove(&moved.entry_id);
            }
        }
    }

    /// Judges what moved away from the slots `old`.
    fn moved(&mut self, places: &[usize], old: impl Iterator<Item = Slot>) -> CalendarChanges {
        let places: Vec<u32> = places.iter().map(|place| count(*place)).collect();
        let keys = old.zip(&places).map(|(slot, place)| Key {
            date: slot.date,
            time: slot.time,
            place: *place,
        });
        let keys: Vec<Key> = keys.collect();
        let changed = self.refresh(&places, &keys, Changed::Time);
        self.told(&changed)
    }

    fn with_readiness(&self, mut plan: ShiftPlan) -> Result<ShiftPlan, Error> {
        plan.readiness_changes = preview_changes(
            &plan,
            &self.entries,
            self.accounts(),
            self.jobs(),
            self.readiness.rules(),
            self.now(),
        )?;
        Ok(plan)
    }
}

fn found(place: Option<u32>, id: EntryId) -> Result<usize, Error> {
    place
        .map(|place| place as usize)
        .ok_or_else(|| not_found(id))
}
