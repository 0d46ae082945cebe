//! Putting an entry in a slot and pushing those behind it to the following ones.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::board::{Board, ScheduleContext};
use super::cadence::{CadenceRule, CadenceSlot, Slots, near};
use super::plan::{ShiftPlan, Target};
use super::reschedule::{Landing, clashing};
use super::timeline::{Placement, Post};
use crate::error::{Code, Error, Measure};
use crate::model::{EntryId, LocalDate, LocalTime};

/// Which entry is inserted where, and to which slots others may be pushed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InsertRequest {
    /// The entry, which is among the context's entries.
    pub entry_id: EntryId,
    /// Its date, in its account's zone.
    pub date: LocalDate,
    /// Its time.
    pub time: LocalTime,
    /// The cadence whose slots, from the entry's date on, take what is pushed.
    pub rule: CadenceRule,
    /// The last date that anything may be pushed to.
    pub until: LocalDate,
}

/// Plans to put an entry at a date and time and to push the account's later entries that are in the
/// way.
///
/// Whatever clashes with the entry goes to the first following slot of the cadence; whatever stands
/// there goes to the next, until a slot is free. The order of what is pushed stays. Entries that are
/// published or on their way aren't pushed: their slots are passed over. Nothing moves that isn't in
/// the way.
///
/// # Errors
/// Those of [`plan_reschedule`](super::plan_reschedule) for the entry itself, where
/// [`Code::ScheduleClash`] means an entry that can't be pushed; those of
/// [`cadence_slots`](super::cadence_slots) for the rule and the range;
/// [`Code::ScheduleMissing`], naming the entry, where the slots run out.
pub fn plan_insert(
    context: &ScheduleContext<'_>,
    request: &InsertRequest,
) -> Result<ShiftPlan, Error> {
    let board = Board::new(context)?;
    let landing = Landing::new(&board, request.entry_id, request.date, request.time)?;
    let slots = Slots::new(
        &request.rule,
        landing.account.timezone,
        request.date,
        request.until,
    )
    .map_err(|error| match error.path.as_str() {
        "to" => error.at("until"),
        _ => error,
    })?;
    let mut placements = board.placements();
    if let Some(own) = placements.get_mut(landing.index) {
        *own = Placement::NOWHERE;
    }
    let mut targets = BTreeMap::from([(landing.index, landing.target)]);
    if !landing.row.draft {
        let timeline = board.timeline(&placements);
        let line = timeline.of(landing.place);
        targets.extend(pushed(&board, line, landing.target, slots)?);
    }
    let mut moves = Vec::with_capacity(targets.len());
    for (index, target) in targets {
        if let (Some(row), Some(placement)) = (board.rows().get(index), placements.get_mut(index)) {
            moves.push(target.move_of(row, landing.account));
            if !row.draft {
                *placement = Placement::moved(landing.place, target.at);
            }
        }
    }
    Ok(ShiftPlan::judged(
        &board,
        moves,
        Vec::new(),
        Vec::new(),
        &placements,
    ))
}

/// Where each entry of `line` goes that is in the way of `target`, or of what is pushed.
fn pushed(
    board: &Board<'_>,
    line: &[Post],
    target: Target,
    mut slots: Slots,
) -> Result<BTreeMap<usize, Target>, Error> {
    let distance = board.min_distance();
    let mut pushed = BTreeMap::new();
    // Who waits for a slot, by place on the line and so by instant.
    let mut waiting = BTreeSet::new();
    let mut placed = vec![false; line.len()];
    let mut last = target.at.millis();
    if let Some(other) = displace(board, line, last, &mut placed, &mut waiting) {
        return Err(clashing(other));
    }
    while let Some(post) = waiting.pop_first().and_then(|place| line.get(place)) {
        let follows = |slot: &CadenceSlot| {
            let at = slot.scheduled_at.millis();
            at >= last + distance && at > post.at && !has_frozen(board, line, at)
        };
        let slot = slots.find(follows).ok_or_else(|| {
            let id = board.row_of(post).map(|row| row.id.to_string());
            Error::new(Code::ScheduleMissing)
                .at("until")
                .measured(Measure::text(id.unwrap_or_default()))
        })?;
        pushed.insert(
            post.entry as usize,
            Target {
                date: slot.date,
                time: slot.time,
                at: slot.scheduled_at,
                note: slot.note,
            },
        );
        last = slot.scheduled_at.millis();
        displace(board, line, last, &mut placed, &mut waiting);
    }
    Ok(pushed)
}

/// Adds those near `at` to who waits, each only once; names one that can't be pushed.
fn displace(
    board: &Board<'_>,
    line: &[Post],
    at: i64,
    placed: &mut [bool],
    waiting: &mut BTreeSet<usize>,
) -> Option<EntryId> {
    let range = near(line, at, board.min_distance());
    for i in range {
        let (Some(post), Some(placed)) = (line.get(i), placed.get_mut(i)) else {
            continue;
        };
        match board.row_of(post) {
            Some(row) if board.is_frozen(row) => return Some(row.id),
            _ if !std::mem::replace(placed, true) => {
                waiting.insert(i);
            }
            _ => {}
        }
    }
    None
}

/// Whether something that can't be pushed is near `at`.
fn has_frozen(board: &Board<'_>, line: &[Post], at: i64) -> bool {
    line.get(near(line, at, board.min_distance()))
        .unwrap_or_default()
        .iter()
        .any(|post| board.row_of(post).is_some_and(|row| board.is_frozen(row)))
}
