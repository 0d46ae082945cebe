//! The IANA database compiled into chrono-tz.

use chrono::{LocalResult, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Timelike};
use chrono_tz::{OffsetComponents, OffsetName, Tz, TzOffset};

use super::{Change, Observed};

/// The first and last year with a change of any zone's offset. Standard time began in the 1840s, and
/// the compiled-in database spells out changes to come up to 2100; between them every day is looked
/// at, beyond them none.
const CHANGES: (i32, i32) = (1830, 2110);

/// A zone of the database.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Entry(Tz);

impl Entry {
    pub(super) const UTC: Self = Self(Tz::UTC);

    pub(super) const fn new(tz: Tz) -> Self {
        Self(tz)
    }

    pub(super) const fn tz(self) -> Tz {
        self.0
    }

    pub(super) fn find(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// What names of zones look like.
    pub(super) const fn allowed() -> &'static str {
        "Area/Location"
    }

    pub(super) fn name(self) -> &'static str {
        self.0.name()
    }

    pub(super) const fn number(self) -> usize {
        self.0 as usize
    }

    pub(super) fn offset_at(self, utc: NaiveDateTime) -> i32 {
        seconds(&self.offset(utc))
    }

    pub(super) fn offset_of(self, wall: NaiveDateTime) -> LocalResult<i32> {
        let offset = self.0.offset_from_local_datetime(&wall);
        offset.map(|offset| seconds(&offset))
    }

    pub(super) fn observed(self, utc: NaiveDateTime) -> Observed {
        let offset = self.offset(utc);
        Observed {
            seconds: seconds(&offset),
            daylight: offset.dst_offset() > TimeDelta::zero(),
            name: offset.abbreviation().map(str::to_owned),
        }
    }

    /// The last change at or before `utc`.
    pub(super) fn change_before(self, utc: NaiveDateTime) -> Option<Change> {
        let mut late = utc.min(year_begins(CHANGES.1)?);
        let begin = year_begins(CHANGES.0)?;
        while late > begin {
            let early = late.checked_sub_signed(TimeDelta::days(1))?;
            if !same(&self.offset(early), &self.offset(late)) {
                return Some(self.narrow(early, late));
            }
            late = early;
        }
        None
    }

    /// The first change after `utc` and in the days that begin before `end`.
    pub(super) fn change_after(self, utc: NaiveDateTime, end: NaiveDateTime) -> Option<Change> {
        let end = end.min(year_begins(CHANGES.1)?);
        let mut early = utc.max(year_begins(CHANGES.0)?);
        while early < end {
            let late = early.checked_add_signed(TimeDelta::days(1))?;
            if !same(&self.offset(early), &self.offset(late)) {
                return Some(self.narrow(early, late));
            }
            early = late;
        }
        None
    }

    /// The change between two instants with different offsets, to the second.
    fn narrow(self, mut early: NaiveDateTime, mut late: NaiveDateTime) -> Change {
        let before = self.offset(early);
        // Changes happen on whole seconds, instants are told to the millisecond.
        early = early.with_nanosecond(0).unwrap_or(early);
        late = late.with_nanosecond(0).unwrap_or(late);
        loop {
            let half = TimeDelta::seconds((late - early).num_seconds() / 2);
            if half.is_zero() {
                break;
            }
            let middle = early + half;
            if same(&self.offset(middle), &before) {
                early = middle;
            } else {
                late = middle;
            }
        }
        Change {
            instant: late,
            before: seconds(&before),
        }
    }

    fn offset(self, utc: NaiveDateTime) -> TzOffset {
        self.0.offset_from_utc_datetime(&utc)
    }
}

fn seconds(offset: &TzOffset) -> i32 {
    offset.fix().local_minus_utc()
}

fn same(one: &TzOffset, other: &TzOffset) -> bool {
    seconds(one) == seconds(other)
        && one.dst_offset() == other.dst_offset()
        && one.abbreviation() == other.abbreviation()
}

fn year_begins(year: i32) -> Option<NaiveDateTime> {
    NaiveDate::from_ymd_opt(year, 1, 1)?.and_hms_opt(0, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_zone_changes_outside_the_years_that_are_searched() {
        let early = [1, 1000, 1700, 1829];
        let late = [2110, 2150, 3000, 9999];
        for tz in chrono_tz::TZ_VARIANTS {
            let zone = Entry::new(tz);
            let at = |year, month| {
                let instant = NaiveDate::from_ymd_opt(year, month, 1).unwrap();
                zone.offset(instant.and_hms_opt(0, 0, 0).unwrap())
            };
            for year in early {
                assert!(same(&at(year, 1), &at(CHANGES.0, 1)), "{tz} in {year}");
            }
            for year in late {
                for month in [1, 4, 7, 10] {
                    assert!(same(&at(year, month), &at(CHANGES.1, 1)), "{tz} in {year}");
                }
            }
        }
    }
}
