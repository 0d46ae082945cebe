//! Back-planning: what must be done by when before an entry is due.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::board::{Board, ScheduleContext};
use super::cadence::{CadenceRule, CadenceSlot, FreeLine, Slots};
use super::timeline::Placement;
use super::zone::wall_clock;
use crate::error::Error;
use crate::model::{CalendarEntry, EntryId, LocalDate, Timestamp};

/// How long before publication the media are due, in hours.
pub const MEDIA_LEAD_HOURS: u32 = 24;

/// How long before publication the review is due, in hours.
pub const REVIEW_LEAD_HOURS: u32 = 6;

/// How many days ahead another slot is looked for.
const OFFER_DAYS: i64 = 366;

/// What must be done before an entry is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CheckpointKind {
    /// Media are there, [`MEDIA_LEAD_HOURS`] before.
    Media,
    /// A person has looked it over, [`REVIEW_LEAD_HOURS`] before.
    Review,
}

/// How an entry stands towards a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Checkpoint {
    /// What must be done.
    pub kind: CheckpointKind,
    /// By when, in elapsed hours before the publication.
    pub due_at: Timestamp,
    /// Whether it has been done.
    pub met: bool,
    /// Whether it hasn't been done and its time has passed. What is published or on its way is never
    /// late.
    pub late: bool,
}

/// How an entry stands towards its checkpoints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckpointReport {
    /// The entry.
    pub entry_id: EntryId,
    /// When it is due.
    pub scheduled_at: Timestamp,
    /// Media, then review.
    pub checkpoints: Vec<Checkpoint>,
    /// Where something is late: the earliest free slot that leaves time for what isn't done yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<CadenceSlot>,
}

/// Which entries are looked at, and which slots can be offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckpointRequest {
    /// The entries.
    pub entry_ids: Vec<EntryId>,
    /// The cadence to offer slots from; without one, every day at the entry's own time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<CadenceRule>,
}

/// How entries stand towards their checkpoints, in the order they are asked for.
///
/// Media are due [`MEDIA_LEAD_HOURS`] and a review is due [`REVIEW_LEAD_HOURS`] before publication.
/// Where one is late, another slot is offered: the first that is free for the account, within its
/// cap, and from now still leaves the whole lead of whatever isn't done. Each offer is made as if it
/// were the only one.
///
/// # Errors
/// [`Code::EntryNotFound`](crate::Code::EntryNotFound) for the ids; [`Code::ChannelAuthMissing`](crate::Code::ChannelAuthMissing), [`Code::AccountAmbiguous`](crate::Code::AccountAmbiguous),
/// [`Code::AccountNotFound`](crate::Code::AccountNotFound) and [`Code::AccountChannelMismatch`](crate::Code::AccountChannelMismatch) where there is no account to take
/// the zone from; those of [`find_clashes`](super::find_clashes) for the context and of
/// [`cadence_slots`](super::cadence_slots) for the rule.
pub fn evaluate_checkpoints(
    context: &ScheduleContext<'_>,
    request: &CheckpointRequest,
) -> Result<Vec<CheckpointReport>, Error> {
    let board = Board::new(context)?;
    let placements = board.placements();
    let mut reports = Vec::with_capacity(request.entry_ids.len());
    for (i, id) in request.entry_ids.iter().enumerate() {
        let position = board
            .position(*id)
            .map_err(|error| error.at(format!("entryIds[{i}]")))?;
        let (Some(entry), Some(row)) = (context.entries.get(position), board.rows().get(position))
        else {
            continue;
        };
        let place = board
            .account_of(row)
            .map_err(|code| Error::new(code).at(format!("entries[{position}]")))?;
        let scheduled_at = board.instant_of(row, place);
        let frozen = board.is_frozen(row);
        let checkpoints = checkpoints(entry, scheduled_at, frozen, context.now);
        let offer = match checkpoints.iter().any(|checkpoint| checkpoint.late) {
            true => offer(&board, &placements, position, place, request.rule.as_ref())?,
            false => None,
        };
        reports.push(CheckpointReport {
            entry_id: entry.id,
            scheduled_at,
            checkpoints,
            offer,
        });
    }
    Ok(reports)
}

fn checkpoints(
    entry: &CalendarEntry,
    scheduled_at: Timestamp,
    frozen: bool,
    now: Timestamp,
) -> Vec<Checkpoint> {
    let checkpoint = |kind, lead, met: bool| {
        let due_at = scheduled_at.plus(-hours(lead));
        Checkpoint {
            kind,
            due_at,
            met,
            late: !met && !frozen && now > due_at,
        }
    };
    let has_media = !entry.media.is_empty();
    vec![
        checkpoint(CheckpointKind::Media, MEDIA_LEAD_HOURS, has_media),
        checkpoint(CheckpointKind::Review, REVIEW_LEAD_HOURS, entry.reviewed),
    ]
}

/// The earliest slot that leaves time for what isn't done.
fn offer(
    board: &Board<'_>,
    placements: &[Placement],
    position: usize,
    place: usize,
    rule: Option<&CadenceRule>,
) -> Result<Option<CadenceSlot>, Error> {
    let (Some(entry), Some(account)) = (board.context.entries.get(position), board.account(place))
    else {
        return Ok(None);
    };
    let lead = match entry.media.is_empty() {
        true => MEDIA_LEAD_HOURS,
        false => REVIEW_LEAD_HOURS,
    };
    let earliest = board.context.now.plus(hours(lead));
    let daily = CadenceRule::Daily {
        times: vec![entry.piece.time],
    };
    let Some((from, _)) = wall_clock(earliest, account.timezone) else {
        return Ok(None);
    };
    let Some(to) = from
        .naive()
        .checked_add_signed(TimeDelta::days(OFFER_DAYS))
        .and_then(LocalDate::new)
    else {
        return Ok(None);
    };
    let mut slots = Slots::new(rule.unwrap_or(&daily), account.timezone, from, to)?;
    // The entry's own place will be free once it has moved.
    let mut others = placements.to_vec();
    if let Some(own) = others.get_mut(position) {
        *own = Placement::NOWHERE;
    }
    let timeline = board.timeline(&others);
    let line = FreeLine::new(board, place, timeline.of(place));
    Ok(slots.find(|slot| slot.scheduled_at >= earliest && line.is_free(slot.scheduled_at)))
}

fn hours(hours: u32) -> TimeDelta {
    TimeDelta::hours(i64::from(hours))
}
