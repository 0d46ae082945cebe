//! Applying a plan, all or nothing, and taking it back.

use serde::{Deserialize, Serialize};

use super::index::{EntryIndex, duplicate};
use super::plan::{EntryMove, ShiftPlan, Slot};
use super::row::Row;
use crate::error::{Code, Error, Measure};
use crate::model::{CalendarEntry, EntryId};

/// A plan that has been applied: what it takes to undo it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShiftReceipt {
    /// The entries that moved.
    pub moved: Vec<MovedEntry>,
}

/// An entry that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MovedEntry {
    /// The entry.
    pub entry_id: EntryId,
    /// When it was due.
    pub before: Slot,
    /// When it is due.
    pub after: Slot,
    /// The revision it was given.
    pub revision: i64,
}

impl ShiftPlan {
    /// Moves the entries as planned: every one of them, or none. Their revisions go up by one.
    ///
    /// It looks at the entries alone. Whoever applies a plan long after making it makes a new one
    /// first, since time has passed and jobs may have begun.
    ///
    /// # Errors
    /// [`Code::ScheduleInPast`] where the plan has refused entries; [`Code::EntryNotFound`] and
    /// [`Code::IdDuplicate`] for the ids; [`Code::ScheduleStale`], naming the entries, where one has
    /// another revision or another time than the plan was made from; [`Code::ScheduleFrozen`] where
    /// one has been published since; [`Code::ScheduleMissing`] for a move without an instant, which
    /// only a plan made by hand can have. In each case nothing has changed.
    pub fn apply(&self, entries: &mut [CalendarEntry]) -> Result<ShiftReceipt, Error> {
        let rows: Vec<Row> = entries.iter().map(Row::of).collect();
        let index = EntryIndex::new(&rows)?;
        let (receipt, _) = self.apply_with(entries, |id| index.position(&rows, id))?;
        Ok(receipt)
    }

    /// As [`apply`](Self::apply), where the caller knows the entries' places. Gives the places of the
    /// moved entries too.
    pub(crate) fn apply_with(
        &self,
        entries: &mut [CalendarEntry],
        find: impl Fn(EntryId) -> Result<usize, Error>,
    ) -> Result<(ShiftReceipt, Vec<usize>), Error> {
        if let Some(issue) = self.refused.first() {
            return Err(Error {
                measured: issue.measured.clone(),
                allowed: issue.allowed.clone(),
                ..Error::new(issue.code).at("plan.refused[0]")
            });
        }
        let changes: Vec<Change> = self.moves.iter().map(Change::of_move).collect();
        if let Some(i) = changes.iter().position(|c| c.to.scheduled_at.is_none()) {
            return Err(Error::new(Code::ScheduleMissing).at(format!("plan.moves[{i}].after")));
        }
        let places = change(entries, &changes, "plan.moves", find)?;
        let moved = self.moves.iter().map(|planned| MovedEntry {
            entry_id: planned.entry_id,
            before: planned.before,
            after: planned.after,
            revision: next(planned.revision),
        });
        let moved = moved.collect();
        Ok((ShiftReceipt { moved }, places))
    }
}

/// Puts the entries of `receipt` back to exactly when they were due before: every one of them, or
/// none. Their revisions go up by one more.
///
/// # Errors
/// [`Code::ScheduleStale`], naming the entries, where one was touched in between;
/// [`Code::ScheduleFrozen`] where one has been published; [`Code::EntryNotFound`] and
/// [`Code::IdDuplicate`] for the ids. In each case nothing has changed.
pub fn undo(receipt: &ShiftReceipt, entries: &mut [CalendarEntry]) -> Result<(), Error> {
    let rows: Vec<Row> = entries.iter().map(Row::of).collect();
    let index = EntryIndex::new(&rows)?;
    undo_with(receipt, entries, |id| index.position(&rows, id)).map(|_| ())
}

/// As [`undo`], where the caller knows the entries' places. Gives the places of those put back.
pub(crate) fn undo_with(
    receipt: &ShiftReceipt,
    entries: &mut [CalendarEntry],
    find: impl Fn(EntryId) -> Result<usize, Error>,
) -> Result<Vec<usize>, Error> {
    let changes: Vec<Change> = receipt.moved.iter().map(Change::of_undo).collect();
    change(entries, &changes, "receipt.moved", find)
}

/// A change of one entry, and what it must look like for that.
struct Change {
    entry_id: EntryId,
    revision: i64,
    from: Slot,
    to: Slot,
}

impl Change {
    fn of_move(planned: &EntryMove) -> Self {
        Self {
            entry_id: planned.entry_id,
            revision: planned.revision,
            from: planned.before,
            to: planned.after,
        }
    }

    fn of_undo(moved: &MovedEntry) -> Self {
        Self {
            entry_id: moved.entry_id,
            revision: moved.revision,
            from: moved.after,
            to: moved.before,
        }
    }
}

/// Checks every change, then makes them. Gives the places of what was changed.
fn change(
    entries: &mut [CalendarEntry],
    changes: &[Change],
    path: &str,
    find: impl Fn(EntryId) -> Result<usize, Error>,
) -> Result<Vec<usize>, Error> {
    let mut seen = vec![false; entries.len()];
    let mut stale: Vec<EntryId> = Vec::new();
    let mut places = Vec::with_capacity(changes.len());
    for (i, change) in changes.iter().enumerate() {
        let failed = |code| {
            Error::new(code)
                .at(format!("{path}[{i}].entryId"))
                .measured(Measure::text(change.entry_id.to_string()))
        };
        let place =
            find(change.entry_id).map_err(|error| error.at(format!("{path}[{i}].entryId")))?;
        let Some(row) = entries.get(place).map(Row::of) else {
            continue;
        };
        if let Some(seen) = seen.get_mut(place)
            && std::mem::replace(seen, true)
        {
            return Err(duplicate(change.entry_id).at(format!("{path}[{i}].entryId")));
        }
        if row.published {
            return Err(failed(Code::ScheduleFrozen));
        }
        if row.revision != change.revision || Slot::of(&row) != change.from {
            stale.push(change.entry_id);
        }
        places.push(place);
    }
    if !stale.is_empty() {
        return Err(Error::new(Code::ScheduleStale)
            .at(path)
            .measured(named(&stale)));
    }
    for (change, place) in changes.iter().zip(&places) {
        if let Some(entry) = entries.get_mut(*place) {
            entry.piece.date = change.to.date;
            entry.piece.time = change.to.time;
            entry.scheduled_at = change.to.scheduled_at;
            entry.revision = next(entry.revision);
        }
    }
    Ok(places)
}

/// The ids, as many of them as a measured text holds.
fn named(ids: &[EntryId]) -> Measure {
    let names: Vec<String> = ids.iter().take(4).map(ToString::to_string).collect();
    Measure::text(names.join(", "))
}

fn next(revision: i64) -> i64 {
    revision.saturating_add(1)
}
