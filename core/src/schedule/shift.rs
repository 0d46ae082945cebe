//! Shifting many entries by one offset, as a plan.

use calendar_publish_derive::DeserializeTagged;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::board::{Board, ScheduleContext};
use super::index::duplicate;
use super::plan::{PlanIssue, ShiftPlan, Target};
use super::row::Row;
use super::steady::SteadyOffsets;
use super::timeline::Placement;
use super::zone::{MINUTE, in_range, wall_clock};
use crate::error::{Code, Error, Measure, Unit};
use crate::model::{ChannelAccount, EntryId, LocalDate};

/// How far entries are shifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum ShiftOffset {
    /// By calendar days: the wall clock stays, the instant follows the zone. No days at all resolve
    /// the wall clocks anew, which gives instants to entries that never had one or whose account
    /// changed its zone.
    Days {
        /// How many; negative ones lead back.
        days: i64,
    },
    /// By elapsed minutes: the instant moves by exactly so many, the wall clock follows the zone.
    Minutes {
        /// How many; negative ones lead back.
        minutes: i64,
    },
}

/// Which entries are shifted, and how far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShiftRequest {
    /// The entries, in any order.
    pub entry_ids: Vec<EntryId>,
    /// How far.
    pub offset: ShiftOffset,
}

/// Plans to shift the chosen entries by one offset.
///
/// Whatever is published or on its way is held where it is, and so is what has no account to take a
/// zone from; the plan lists both. An entry that would land before `now` refuses the plan as a whole,
/// so that a calendar is never torn apart. Clashes and caps are judged with every other entry of the
/// context and are for a person to weigh.
///
/// # Errors
/// [`Code::EntryNotFound`] and [`Code::IdDuplicate`] for the ids, [`Code::ScheduleOffsetInvalid`]
/// where an entry would leave the years 1 to 9999, [`Code::AccountNotFound`] and
/// [`Code::FieldValueInvalid`] for the settings.
///
/// ```
/// use calendar_publish::model::{
///     AccountId, AccountStatus, CalendarEntry, CalendarId, ChannelAccount, EntryId, Timestamp,
/// };
/// use calendar_publish::schedule::{
///     ScheduleContext, ScheduleSettings, ShiftOffset, ShiftRequest, plan_shift, undo,
/// };
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let piece = r#"{"channel":"tiktok","date":"2026-03-28","time":"09:00"}"#;
/// let id: EntryId = "00000000-0000-4000-8000-000000000001".parse()?;
/// let calendar: CalendarId = "00000000-0000-4000-8000-0000000000c1".parse()?;
/// let mut entries = vec![CalendarEntry::new(id, calendar, serde_json::from_str(piece)?)];
/// let account: ChannelAccount = serde_json::from_str(
///     r#"{"id":"00000000-0000-4000-8000-0000000000a1","channel":"tiktok","status":"ok",
///         "userId":"00000000-0000-4000-8000-0000000000b1","externalAccountId":"1",
///         "displayName":"Pan","timezone":"Europe/Madrid"}"#,
/// )?;
///
/// let plan = plan_shift(
///     &ScheduleContext {
///         entries: &entries,
///         accounts: &[account],
///         jobs: &[],
///         settings: &ScheduleSettings::default(),
///         now: "2026-03-20T00:00:00Z".parse()?,
///     },
///     &ShiftRequest { entry_ids: vec![id], offset: ShiftOffset::Days { days: 1 } },
/// )?;
/// // Nine o'clock stays nine o'clock, across the change to summer time.
/// let after = &plan.moves[0].after;
/// assert_eq!(after.time.to_string(), "09:00");
/// assert_eq!(after.scheduled_at, Some("2026-03-29T07:00:00Z".parse()?));
///
/// let receipt = plan.apply(&mut entries)?;
/// undo(&receipt, &mut entries)?;
/// assert_eq!(entries[0].piece.date.to_string(), "2026-03-28");
/// # Ok(())
/// # }
/// ```
pub fn plan_shift(
    context: &ScheduleContext<'_>,
    request: &ShiftRequest,
) -> Result<ShiftPlan, Error> {
    let board = Board::new(context)?;
    let chosen = chosen(&board, &request.entry_ids)?;
    let mut moves = Vec::with_capacity(request.entry_ids.len());
    let (mut held, mut refused) = (Vec::new(), Vec::new());
    let mut placements = Vec::with_capacity(context.entries.len());
    let mut offsets = SteadyOffsets::new();
    for (row, chosen) in board.rows().iter().zip(chosen) {
        if !chosen {
            placements.push(board.placement(row));
            continue;
        }
        if board.is_frozen(row) {
            held.push(PlanIssue::held(row, Code::ScheduleFrozen));
            placements.push(board.placement(row));
            continue;
        }
        let account = match board.account_of(row) {
            Ok(place) => board.account(place).map(|account| (place, account)),
            Err(code) => {
                held.push(PlanIssue::held(row, code));
                None
            }
        };
        let Some((place, account)) = account else {
            placements.push(Placement::NOWHERE);
            continue;
        };
        let target = shifted(&board, &mut offsets, row, place, account, request.offset)?;
        if target.at < context.now {
            refused.push(PlanIssue::in_past(row, target.at, context.now));
        }
        moves.push(target.move_of(row, account));
        placements.push(match row.draft {
            true => Placement::NOWHERE,
            false => Placement::moved(place, target.at),
        });
    }
    Ok(ShiftPlan::judged(&board, moves, held, refused, &placements))
}

/// Marks the entries that `ids` choose. Ids that come in calendar order, as a selected range does, are
/// found without a look-up.
fn chosen(board: &Board<'_>, ids: &[EntryId]) -> Result<Vec<bool>, Error> {
    let known = board.rows();
    let mut chosen = vec![false; known.len()];
    let mut next = 0;
    for (i, id) in ids.iter().enumerate() {
        let at = |error: Error| error.at(format!("entryIds[{i}]"));
        let position = match known.get(next) {
            Some(known) if known.id == *id => next,
            _ => board.position(*id).map_err(at)?,
        };
        next = position + 1;
        if let Some(mark) = chosen.get_mut(position)
            && std::mem::replace(mark, true)
        {
            return Err(at(duplicate(id)));
        }
    }
    Ok(chosen)
}

/// Where `offset` leads the entry.
fn shifted(
    board: &Board<'_>,
    offsets: &mut SteadyOffsets,
    row: &Row,
    place: usize,
    account: &ChannelAccount,
    offset: ShiftOffset,
) -> Result<Target, Error> {
    let moved = match offset {
        ShiftOffset::Days { days } => by_days(offsets, row, account, days),
        ShiftOffset::Minutes { minutes } => by_minutes(board, row, place, account, minutes),
    };
    moved.ok_or_else(|| {
        let measured = match offset {
            ShiftOffset::Days { days } => {
                Measure::integer(days.saturating_mul(1440), Unit::Minutes)
            }
            ShiftOffset::Minutes { minutes } => Measure::integer(minutes, Unit::Minutes),
        };
        Error::new(Code::ScheduleOffsetInvalid)
            .at("offset")
            .measured(measured)
    })
}

fn by_days(
    offsets: &mut SteadyOffsets,
    row: &Row,
    account: &ChannelAccount,
    days: i64,
) -> Option<Target> {
    let days = TimeDelta::try_days(days)?;
    let date = LocalDate::new(row.date.naive().checked_add_signed(days)?)?;
    let time = row.time;
    let (at, note) = offsets.resolve(date, time, account.timezone);
    Some(Target {
        date,
        time,
        at: in_range(at)?,
        note,
    })
}

fn by_minutes(
    board: &Board<'_>,
    row: &Row,
    place: usize,
    account: &ChannelAccount,
    minutes: i64,
) -> Option<Target> {
    let before = board.instant_of(row, place).millis();
    let at = in_range(before.checked_add(minutes.checked_mul(MINUTE)?)?)?;
    let (date, time) = wall_clock(at, account.timezone)?;
    Some(Target {
        date,
        time,
        at,
        // The instant was moved, not the wall clock: a fold leaves no doubt about it.
        note: None,
    })
}
