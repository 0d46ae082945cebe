//! VTIMEZONE components.

use std::io::{self, Write};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::event::push_local;
use super::line::{Lines, push_digits, push_text};
use crate::model::zones::Observed;
use crate::model::{Timestamp, Zone};

/// An offset, and the wall-clock times (of the offset before it) at which it came into force.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Observance {
    from_seconds: i32,
    to: Observed,
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
        let kind = if observance.to.daylight {
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
            push_offset(line, observance.to.seconds);
        })?;
        for onset in onsets {
            lines.composed("RDATE:", |line| push_local(line, *onset))?;
        }
        if let Some(name) = &observance.to.name {
            lines.composed("TZNAME:", |line| push_text(line, name))?;
        }
        lines.composed("END:", |line| line.push_str(kind))?;
    }
    lines.plain("END:VTIMEZONE")
}

/// The offsets of `zone` in force between the instants, each with the times it came into force.
fn observances(zone: Zone, first: DateTime<Utc>, last: DateTime<Utc>) -> Vec<Observance> {
    let mut observances: Vec<Observance> = Vec::new();
    let mut add = |from_seconds: i32, to: Observed, onset: NaiveDateTime| {
        let same = observances
            .iter_mut()
            .find(|known| known.from_seconds == from_seconds && known.to == to);
        match same {
            Some(known) => known.onsets.push(onset),
            None => observances.push(Observance {
                from_seconds,
                to,
                onsets: vec![onset],
            }),
        }
    };

    let first = first.naive_utc();
    let in_force = zone.observed(first);
    match zone.change_before(first) {
        Some(change) => add(change.before, in_force, change.wall()),
        None => add(in_force.seconds, in_force, first_of_year(first)),
    }
    let year = TimeDelta::days(366);
    let end = last.naive_utc().checked_add_signed(year);
    let end = end.unwrap_or(NaiveDateTime::MAX);
    let mut from = first;
    while let Some(change) = zone.change_after(from, end) {
        add(change.before, zone.observed(change.instant), change.wall());
        from = change.instant;
    }
    observances
}

/// An onset well before `instant`, for an offset that was always in force.
fn first_of_year(instant: NaiveDateTime) -> NaiveDateTime {
    NaiveDate::from_ymd_opt((instant.year() - 1).max(1), 1, 1)
        .and_then(|date| date.and_hms_opt(0, 0, 0))
        .unwrap_or(instant)
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
}
