//! VTIMEZONE components from the zone database.

use std::io::{self, Write};

use chrono::{
    DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Timelike, Utc,
};
use chrono_tz::{OffsetComponents, OffsetName, TzOffset};

use super::event::push_local;
use super::line::{Lines, push_text};
use crate::export::cell::push_digits;
use crate::model::{Timestamp, Zone};

/// The first and last year with a change of any zone's offset. Standard time began in the 1840s, and
/// the compiled-in database spells out changes to come up to 2100; between them every day is looked
/// at, beyond them none.
const CHANGES: (i32, i32) = (1830, 2110);

/// An offset, and the wall-clock times (of the offset before it) at which it came into force.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Observance {
    daylight: bool,
    from_seconds: i32,
    to_seconds: i32,
    /// Zones without an abbreviation of their own have none.
    name: Option<String>,
    onsets: Vec<NaiveDateTime>,
}

/// Writes the VTIMEZONE of `zone`, valid from `first` to a year after `last`.
pub(super) fn write(
    zone: Zone,
    first: Timestamp,
    last: Timestamp,
    lines: &mut Lines<impl Write>,
) -> io::Result<()> {
    lines.plain("BEGIN:VTIMEZONE")?;
    lines.composed("TZID:", |line| line.push_str(zone.name()))?;
    for observance in observances(zone, first.utc(), last.utc()) {
        let kind = if observance.daylight {
            "DAYLIGHT"
        } else {
            "STANDARD"
        };
        lines.composed("BEGIN:", |line| line.push_str(kind))?;
        let mut onsets = observance.onsets.iter();
        if let Some(onset) = onsets.next() {
            lines.composed("DTSTART:", |line| push_local(line, *onset))?;
        }
        lines.composed("TZOFFSETFROM:", |line| {
            push_offset(line, observance.from_seconds);
        })?;
        lines.composed("TZOFFSETTO:", |line| {
            push_offset(line, observance.to_seconds);
        })?;
        for onset in onsets {
            lines.composed("RDATE:", |line| push_local(line, *onset))?;
        }
        if let Some(name) = &observance.name {
            lines.composed("TZNAME:", |line| push_text(line, name))?;
        }
        lines.composed("END:", |line| line.push_str(kind))?;
    }
    lines.plain("END:VTIMEZONE")
}

/// The offsets of `zone` in force between the instants, each with the times it came into force.
fn observances(zone: Zone, first: DateTime<Utc>, last: DateTime<Utc>) -> Vec<Observance> {
    let mut observances: Vec<Observance> = Vec::new();
    let mut add = |before: &TzOffset, after: &TzOffset, onset: NaiveDateTime| {
        let observance = Observance {
            daylight: after.dst_offset() > TimeDelta::zero(),
            from_seconds: seconds(before),
            to_seconds: seconds(after),
            name: after.abbreviation().map(str::to_owned),
            onsets: Vec::new(),
        };
        let same = observances.iter_mut().find(|known| {
            (known.daylight, known.from_seconds, known.to_seconds)
                == (
                    observance.daylight,
                    observance.from_seconds,
                    observance.to_seconds,
                )
                && known.name == observance.name
        });
        match same {
            Some(known) => known.onsets.push(onset),
            None => observances.push(Observance {
                onsets: vec![onset],
                ..observance
            }),
        }
    };

    let first = first.naive_utc();
    let in_force = offset(zone, first);
    match change_before(zone, first) {
        Some(change) => add(&change.before, &in_force, change.wall()),
        None => add(&in_force, &in_force, first_of_year(first)),
    }
    let year = TimeDelta::days(366);
    let end = last.naive_utc().checked_add_signed(year);
    let end = end.unwrap_or(NaiveDateTime::MAX);
    let mut from = first;
    while let Some(change) = change_after(zone, from, end) {
        add(&change.before, &change.after, change.wall());
        from = change.instant;
    }
    observances
}

/// The offset of a zone changes.
struct Change {
    instant: NaiveDateTime,
    before: TzOffset,
    after: TzOffset,
}

impl Change {
    /// What clocks show when it happens, before they are moved.
    fn wall(&self) -> NaiveDateTime {
        let offset = TimeDelta::seconds(i64::from(seconds(&self.before)));
        self.instant
            .checked_add_signed(offset)
            .unwrap_or(self.instant)
    }
}

/// The last change at or before `instant`.
fn change_before(zone: Zone, instant: NaiveDateTime) -> Option<Change> {
    let mut late = instant.min(year_begins(CHANGES.1)?);
    let begin = year_begins(CHANGES.0)?;
    while late > begin {
        let early = late.checked_sub_signed(TimeDelta::days(1))?;
        if !same(&offset(zone, early), &offset(zone, late)) {
            return Some(narrow(zone, early, late));
        }
        late = early;
    }
    None
}

/// The first change after `instant` and not after `end`.
fn change_after(zone: Zone, instant: NaiveDateTime, end: NaiveDateTime) -> Option<Change> {
    let end = end.min(year_begins(CHANGES.1)?);
    let mut early = instant.max(year_begins(CHANGES.0)?);
    while early < end {
        let late = early.checked_add_signed(TimeDelta::days(1))?;
        if !same(&offset(zone, early), &offset(zone, late)) {
            return Some(narrow(zone, early, late));
        }
        early = late;
    }
    None
}

/// The change between two instants with different offsets, to the second.
fn narrow(zone: Zone, mut early: NaiveDateTime, mut late: NaiveDateTime) -> Change {
    let before = offset(zone, early);
    // Changes happen on whole seconds, instants are told to the millisecond.
    early = early.with_nanosecond(0).unwrap_or(early);
    late = late.with_nanosecond(0).unwrap_or(late);
    loop {
        let half = TimeDelta::seconds((late - early).num_seconds() / 2);
        if half.is_zero() {
            break;
        }
        let middle = early + half;
        if same(&offset(zone, middle), &before) {
            early = middle;
        } else {
            late = middle;
        }
    }
    Change {
        instant: late,
        after: offset(zone, late),
        before,
    }
}

fn offset(zone: Zone, instant: NaiveDateTime) -> TzOffset {
    zone.tz().offset_from_utc_datetime(&instant)
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

/// An onset well before `instant`, for an offset that was always in force.
fn first_of_year(instant: NaiveDateTime) -> NaiveDateTime {
    year_begins((instant.year() - 1).max(1)).unwrap_or(instant)
}

/// UTC-OFFSET: `+0200`, with seconds only where there are any (RFC 5545, 3.3.14).
fn push_offset(line: &mut String, seconds: i32) {
    line.push(if seconds < 0 { '-' } else { '+' });
    let seconds = seconds.unsigned_abs();
    push_digits(seconds / 3600, 2, line);
    push_digits(seconds / 60 % 60, 2, line);
    if !seconds.is_multiple_of(60) {
        push_digits(seconds % 60, 2, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(zone: &str, first: &str, last: &str) -> String {
        let mut out = Vec::new();
        write(
            zone.parse().unwrap(),
            first.parse().unwrap(),
            last.parse().unwrap(),
            &mut Lines::new(&mut out),
        )
        .unwrap();
        String::from_utf8(out).unwrap().replace("\r\n", "\n")
    }

    #[test]
    fn madrid_over_a_spring() {
        // The rule of the European Union: last Sundays of March and October, 01:00 UTC.
        let expected = "BEGIN:VTIMEZONE\nTZID:Europe/Madrid\n\
            BEGIN:STANDARD\nDTSTART:20251026T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n\
            RDATE:20261025T030000\nTZNAME:CET\nEND:STANDARD\n\
            BEGIN:DAYLIGHT\nDTSTART:20260329T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
            RDATE:20270328T020000\nTZNAME:CEST\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
        let text = written(
            "Europe/Madrid",
            "2026-03-01T00:00:00Z",
            "2026-04-20T00:00:00Z",
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn a_zone_that_never_changed_has_one_observance() {
        let text = written("Etc/GMT+3", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z");
        assert_eq!(
            text,
            "BEGIN:VTIMEZONE\nTZID:Etc/GMT+3\nBEGIN:STANDARD\nDTSTART:20250101T000000\n\
             TZOFFSETFROM:-0300\nTZOFFSETTO:-0300\nEND:STANDARD\nEND:VTIMEZONE\n"
        );
    }

    #[test]
    fn local_mean_time_has_seconds() {
        // Madrid was 14 min 44 s behind Greenwich until 1901.
        let text = written(
            "Europe/Madrid",
            "1850-01-01T00:00:00Z",
            "1850-01-01T00:00:00Z",
        );
        assert!(text.contains("TZOFFSETTO:-001444\n"), "{text}");
    }

    #[test]
    fn no_zone_changes_outside_the_years_that_are_searched() {
        let early = [1, 1000, 1700, 1829];
        let late = [2110, 2150, 3000, 9999];
        for tz in chrono_tz::TZ_VARIANTS {
            let zone = Zone::new(tz);
            let at = |year, month| {
                let instant = NaiveDate::from_ymd_opt(year, month, 1).unwrap();
                offset(zone, instant.and_hms_opt(0, 0, 0).unwrap())
            };
            for year in early {
                assert!(same(&at(year, 1), &at(CHANGES.0, 1)), "{zone} in {year}");
            }
            for year in late {
                for month in [1, 4, 7, 10] {
                    assert!(
                        same(&at(year, month), &at(CHANGES.1, 1)),
                        "{zone} in {year}"
                    );
                }
            }
        }
    }
}
