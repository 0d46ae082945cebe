//! Offsets of a zone, remembered for the stretches of time in which they don't change.

use chrono::Datelike;

use super::zone::{self, DstNote, resolve_wall};
use crate::model::{LocalDate, LocalTime, Zone};

/// Resolves many wall clocks, remembering the offset of every four days that begin and end with the
/// same one.
///
/// From 1970 to 2098 no zone changes its offset and changes it back within five days, which
/// `tests/tests/zone_oracle.rs` holds against the whole database (Boa Vista did so within seven, in
/// October 2000). Outside those years nothing is remembered.
pub(super) struct SteadyOffsets {
    stretches: Vec<Stretch>,
}

#[derive(Clone, Copy)]
struct Stretch {
    zone: Zone,
    /// Four days, counted from the year 1; 0 has never been remembered.
    number: u32,
    /// How far the zone is ahead of UTC all the time, in milliseconds.
    offset: Option<i32>,
}

const DAYS: i32 = 4;
const YEARS: std::ops::Range<i32> = 1970..2099;
/// How many are remembered at once: some eleven years of one zone.
const SIZE: usize = 1024;

impl SteadyOffsets {
    pub(super) fn new() -> Self {
        let blank = Stretch {
            zone: Zone::UTC,
            number: 0,
            offset: None,
        };
        Self {
            stretches: vec![blank; SIZE],
        }
    }

    /// The instant of a wall clock in milliseconds, as [`zone::resolve_wall`] gives it.
    pub(super) fn resolve(
        &mut self,
        date: LocalDate,
        time: LocalTime,
        zone: Zone,
    ) -> (i64, Option<DstNote>) {
        let wall = time.on(date);
        match self.offset(date, zone) {
            Some(offset) => (wall.and_utc().timestamp_millis() - i64::from(offset), None),
            None => resolve_wall(wall, zone),
        }
    }

    /// The offset all through the stretch that `date` lies in, if it is steady.
    fn offset(&mut self, date: LocalDate, zone: Zone) -> Option<i32> {
        if !YEARS.contains(&date.naive().year()) {
            return None;
        }
        let number = (date.naive().num_days_from_ce() / DAYS) as u32;
        let place = number as usize ^ zone.number().wrapping_mul(0x9e37);
        let known = self.stretches.get_mut(place % SIZE)?;
        if known.number != number || known.zone != zone {
            *known = Stretch {
                zone,
                number,
                offset: zone::steady_offset(number as i32 * DAYS, DAYS, zone),
            };
        }
        known.offset
    }
}
