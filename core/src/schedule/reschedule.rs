//! Moving one entry to a date and time, as dragging it does.

use chrono::Timelike;
use serde::{Deserialize, Serialize};

use super::board::{Board, ScheduleContext};
use super::plan::{ShiftPlan, Target};
use super::row::Row;
use super::timeline::Placement;
use super::zone::try_resolve;
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{ChannelAccount, EntryId, LocalDate, LocalTime};

/// Where one entry is to be moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RescheduleRequest {
    /// The entry.
    pub entry_id: EntryId,
    /// The date it was dropped on, in its account's zone.
    pub date: LocalDate,
    /// The time it was dropped on.
    pub time: LocalTime,
    /// Snap the time to the nearest 15 or 30 minutes of the hour, half-way times forward, without
    /// leaving the date. `None` takes the time to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snap_minutes: Option<u32>,
}

/// Plans to move one entry to a date and time of its account's zone.
///
/// Unlike a bulk shift, it is refused at once where the place is taken: somebody is holding the
/// entry and can drop it elsewhere. Exceeded caps are shown in the plan.
///
/// # Errors
/// [`Code::EntryNotFound`]; [`Code::ScheduleFrozen`] for what is published or on its way;
/// [`Code::ChannelAuthMissing`], [`Code::AccountAmbiguous`], [`Code::AccountNotFound`] and
/// [`Code::AccountChannelMismatch`] where there is no account to take the zone from;
/// [`Code::ScheduleInPast`]; [`Code::ScheduleClash`], naming the other entry;
/// [`Code::TimestampOutOfRange`]; [`Code::FieldValueInvalid`] for a snap other than 15 or 30.
pub fn plan_reschedule(
    context: &ScheduleContext<'_>,
    request: &RescheduleRequest,
) -> Result<ShiftPlan, Error> {
    let time = match request.snap_minutes {
        Some(step) => snapped(request.time, step)?,
        None => request.time,
    };
    let board = Board::new(context)?;
    let landing = Landing::new(&board, request.entry_id, request.date, time)?;
    let mut placements = board.placements();
    landing.take_place(&mut placements);
    let moves = vec![landing.target.move_of(&landing.row, landing.account)];
    let plan = ShiftPlan::judged(&board, moves, Vec::new(), Vec::new(), &placements);
    match plan.clashes.first() {
        Some(clash) if clash.first == request.entry_id => Err(clashing(clash.second)),
        Some(clash) => Err(clashing(clash.first)),
        None => Ok(plan),
    }
}

/// One entry and the place it is put in, which it may take as far as itself is concerned.
pub(super) struct Landing<'a> {
    pub(super) index: usize,
    pub(super) place: usize,
    pub(super) row: Row,
    pub(super) account: &'a ChannelAccount,
    pub(super) target: Target,
}

impl<'a> Landing<'a> {
    pub(super) fn new(
        board: &Board<'a>,
        id: EntryId,
        date: LocalDate,
        time: LocalTime,
    ) -> Result<Self, Error> {
        let index = board.position(id).map_err(|error| error.at("entryId"))?;
        let at_entry = |code| Error::new(code).at(format!("entries[{index}]"));
        let not_found = || at_entry(Code::EntryNotFound);
        let row = *board.rows().get(index).ok_or_else(not_found)?;
        if board.is_frozen(&row) {
            return Err(at_entry(Code::ScheduleFrozen).measured(Measure::text(id.to_string())));
        }
        let place = board.account_of(&row).map_err(at_entry)?;
        let account = board.account(place).ok_or_else(not_found)?;
        let resolution =
            try_resolve(date, time, account.timezone).map_err(|error| error.at("date"))?;
        if resolution.instant < board.context.now {
            return Err(Error::new(Code::ScheduleInPast)
                .at("date")
                .measured(Measure::instant(resolution.instant))
                .allowed(Allowed::not_before(board.context.now)));
        }
        Ok(Self {
            index,
            place,
            row,
            account,
            target: Target {
                date,
                time,
                at: resolution.instant,
                note: resolution.note,
            },
        })
    }

    /// Puts the entry there; a draft takes no place.
    pub(super) fn take_place(&self, placements: &mut [Placement]) {
        if let Some(placement) = placements.get_mut(self.index)
            && !self.row.draft
        {
            *placement = Placement::moved(self.place, self.target.at);
        }
    }
}

/// The place is taken by `other`.
pub(super) fn clashing(other: EntryId) -> Error {
    Error::new(Code::ScheduleClash)
        .at("time")
        .measured(Measure::text(other.to_string()))
}

/// `time` on the nearest multiple of `step` minutes that lies on the same date.
fn snapped(time: LocalTime, step: u32) -> Result<LocalTime, Error> {
    if step != 15 && step != 30 {
        return Err(Error::new(Code::FieldValueInvalid)
            .at("snapMinutes")
            .measured(Measure::number(step, Unit::Minutes))
            .allowed(Allowed::one_of(["15", "30"])));
    }
    let minute = time.naive().hour() * 60 + time.naive().minute();
    let nearest = ((minute + step / 2) / step * step).min(24 * 60 - step);
    Ok(LocalTime::from_hm(nearest / 60, nearest % 60).unwrap_or(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_snaps_to_the_nearest_step_of_its_day() {
        let snap = |time: &str, step| {
            snapped(time.parse().unwrap(), step)
                .map(|time| time.to_string())
                .map_err(|error| error.code)
        };
        assert_eq!(snap("09:07", 15), Ok("09:00".to_owned()));
        assert_eq!(snap("09:08", 15), Ok("09:15".to_owned()));
        assert_eq!(snap("09:14", 30), Ok("09:00".to_owned()));
        assert_eq!(snap("09:15", 30), Ok("09:30".to_owned()));
        assert_eq!(snap("23:59", 15), Ok("23:45".to_owned()));
        assert_eq!(snap("23:50", 30), Ok("23:30".to_owned()));
        assert_eq!(snap("09:00", 0), Err(Code::FieldValueInvalid));
    }
}
