//! The offsets of one zone, found out from a function that tells them instant by instant.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Datelike, LocalResult, NaiveDate, NaiveTime};

/// A day in seconds.
pub(super) const DAY: i64 = 86_400;
/// Standard time began in the 1840s; the compiled-in database foresees changes up to 2099, and a host's
/// zones are held to the same years.
pub(super) const YEARS: Range<i32> = 1830..2100;
/// No zone has changed its offset and changed it back within five days since 1970, which
/// `tests/tests/zone_oracle.rs` holds against the whole database.
const STEP: i64 = 4 * DAY;

/// Tells how many seconds clocks are ahead of UTC at a second since 1970-01-01T00:00:00Z.
pub(super) type Tell<'a> = &'a dyn Fn(i64) -> i32;

/// What was found out about a zone: the years that were asked about.
#[derive(Debug, Default)]
pub(super) struct Offsets {
    years: RwLock<BTreeMap<i32, Arc<Year>>>,
}

/// The offsets from the first second of a year to the first one of the next.
#[derive(Debug, Default)]
struct Year {
    /// The offset in the first second.
    opening: i32,
    /// The first seconds of other offsets, and these, in order.
    changes: Vec<(i64, i32)>,
}

impl Offsets {
    /// The offset at a second.
    pub(super) fn at(&self, second: i64, tell: Tell<'_>) -> i32 {
        let table = self.year(year_of(second), tell);
        if second < begin(YEARS.start) {
            return table.opening;
        }
        let changes = table.changes.iter().rev();
        changes
            .clone()
            .find(|(from, _)| *from <= second)
            .map_or(table.opening, |(_, offset)| *offset)
    }

    /// The offset when clocks show `wall`, in seconds since they showed 1970-01-01T00:00:00.
    pub(super) fn of(&self, wall: i64, tell: Tell<'_>) -> LocalResult<i32> {
        // No clock has ever been a day away from UTC.
        let (first, last) = (wall - DAY, wall + DAY);
        let mut since = i64::MIN;
        let mut offset = self.at(first, tell);
        let mut found = LocalResult::None;
        let mut changes = self.changes(first, last, tell);
        changes.push((i64::MAX, 0));
        for (until, next) in changes {
            if (since..until).contains(&(wall - i64::from(offset))) {
                found = match found {
                    LocalResult::None => LocalResult::Single(offset),
                    LocalResult::Single(earlier) => LocalResult::Ambiguous(earlier, offset),
                    both @ LocalResult::Ambiguous(..) => both,
                };
            }
            (since, offset) = (until, next);
        }
        found
    }

    /// The changes after the second `first` up to `last`: the first second of each new offset, and it.
    pub(super) fn changes(&self, first: i64, last: i64, tell: Tell<'_>) -> Vec<(i64, i32)> {
        let mut found = Vec::new();
        for year in year_of(first)..=year_of(last) {
            let table = self.year(year, tell);
            let inside = |(at, _): &&(i64, i32)| first < *at && *at <= last;
            found.extend(table.changes.iter().filter(inside));
        }
        found
    }

    /// The last change up to the second `last`.
    pub(super) fn change_before(&self, last: i64, tell: Tell<'_>) -> Option<i64> {
        for year in (YEARS.start..=year_of(last)).rev() {
            // Most zones keep still for decades. Looking at their months alone may miss a change that
            // was taken back within one, and an older change is as good: an iCalendar file needs to
            // know since when the offset of its first event has been in force, not if always.
            let steady = year != year_of(last) && is_steady(year, tell);
            if steady {
                continue;
            }
            let table = self.year(year, tell);
            let mut changes = table.changes.iter().rev();
            if let Some((at, _)) = changes.find(|(at, _)| *at <= last) {
                return Some(*at);
            }
        }
        None
    }

    /// The smallest offset in the year of a second.
    pub(super) fn smallest(&self, second: i64, tell: Tell<'_>) -> i32 {
        let table = self.year(year_of(second), tell);
        let changes = table.changes.iter().map(|(_, offset)| *offset);
        changes.fold(table.opening, i32::min)
    }

    fn year(&self, year: i32, tell: Tell<'_>) -> Arc<Year> {
        let known = self.years.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&year) {
            return Arc::clone(known);
        }
        drop(known);
        // Nothing is locked while the host is asked.
        let found = Arc::new(Year::find(year, tell));
        let mut years = self.years.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(years.entry(year).or_insert(found))
    }
}

impl Year {
    fn find(year: i32, tell: Tell<'_>) -> Self {
        let (mut early, end) = (begin(year), begin(year + 1));
        let opening = tell(early);
        let mut offset = opening;
        let mut changes = Vec::new();
        while early < end {
            let late = (early + STEP).min(end);
            let last = tell(late);
            while offset != last {
                early = first_other(early, late, offset, tell);
                offset = tell(early);
                changes.push((early, offset));
            }
            early = late;
        }
        Self { opening, changes }
    }
}

/// The first second after `early` with another offset, up to `late`, which has one.
fn first_other(mut early: i64, mut late: i64, offset: i32, tell: Tell<'_>) -> i64 {
    while late - early > 1 {
        let middle = early + (late - early) / 2;
        if tell(middle) == offset {
            early = middle;
        } else {
            late = middle;
        }
    }
    late
}

/// Whether the offset is the same all through a year, as far as its months show.
fn is_steady(year: i32, tell: Tell<'_>) -> bool {
    let (first, end) = (begin(year), begin(year + 1));
    let offset = tell(end);
    (0..12).all(|month| tell(first + month * (end - first) / 12) == offset)
}

/// The year that a second lies in, or the nearest one that is known.
fn year_of(second: i64) -> i32 {
    let year = DateTime::from_timestamp(second, 0).map_or(YEARS.start, |utc| utc.year());
    year.clamp(YEARS.start, YEARS.end - 1)
}

/// The first second of a year.
fn begin(year: i32) -> i64 {
    NaiveDate::from_ymd_opt(year, 1, 1).map_or(0, |date| {
        date.and_time(NaiveTime::MIN).and_utc().timestamp()
    })
}
