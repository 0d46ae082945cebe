//! Entries as events.

use std::io::{self, Write};

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike, Utc};

use super::line::{Lines, push_digits, push_text};
use crate::export::ExportRow;
use crate::model::{ReadinessState, Tile, Timestamp, Zone};
use crate::schedule::{try_resolve, wall_clock};

/// When an event begins, as it can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// A wall-clock time that names the instant in its zone.
    Zoned {
        zone: Zone,
        wall: NaiveDateTime,
        instant: Timestamp,
    },
    /// An instant in UTC.
    Utc(Timestamp),
    /// A wall-clock time without a zone.
    Floating(NaiveDateTime),
}

/// When the event of `row` begins.
pub(super) fn start(row: &ExportRow<'_>) -> Start {
    let piece = &row.entry.piece;
    match (row.timezone, row.entry.scheduled_at) {
        (None, None) => Start::Floating(piece.time.on(piece.date)),
        (None, Some(instant)) => Start::Utc(instant),
        // At the ends of the calendar a wall clock may stand for no instant that can be written.
        (Some(zone), None) => match try_resolve(piece.date, piece.time, zone) {
            Ok(resolved) => zoned(resolved.instant, zone),
            Err(_) => Start::Floating(piece.time.on(piece.date)),
        },
        (Some(zone), Some(instant)) => zoned(instant, zone),
    }
}

fn zoned(instant: Timestamp, zone: Zone) -> Start {
    if zone == Zone::UTC {
        return Start::Utc(instant);
    }
    let wall = zone.wall_at(instant);
    // RFC 5545 reads a wall-clock time that exists twice as its first pass, and `try_resolve` does too.
    match wall_clock(instant, zone) {
        Some((date, time))
            if try_resolve(date, time, zone)
                .is_ok_and(|resolved| resolved.instant == to_the_minute(instant)) =>
        {
            Start::Zoned {
                zone,
                wall,
                instant,
            }
        }
        _ => Start::Utc(instant),
    }
}

/// Zones of long ago are off by seconds; there the comparison fails and UTC is written.
fn to_the_minute(instant: Timestamp) -> Timestamp {
    Timestamp::from_millis(instant.millis() - instant.millis().rem_euclid(60_000))
}

/// Writes the event of `row`.
pub(super) fn write(
    row: &ExportRow<'_>,
    stamp: Timestamp,
    lines: &mut Lines<impl Write>,
) -> io::Result<()> {
    let entry = row.entry;
    let piece = &entry.piece;
    lines.plain("BEGIN:VEVENT")?;
    lines.composed("UID:", |line| line.push_str(&entry.id.to_string()))?;
    lines.composed("DTSTAMP:", |line| push_utc(line, stamp.utc()))?;
    match start(row) {
        Start::Zoned { zone, wall, .. } => lines.composed("DTSTART;TZID=", |line| {
            line.push_str(zone.name());
            line.push(':');
            push_local(line, wall);
        })?,
        Start::Utc(instant) => lines.composed("DTSTART:", |line| push_utc(line, instant.utc()))?,
        Start::Floating(wall) => lines.composed("DTSTART:", |line| push_local(line, wall))?,
    }
    lines.composed("SUMMARY:", |line| push_text(line, &piece.title))?;
    write_description(row, lines)?;
    lines.composed("CATEGORIES:", |line| {
        push_text(line, piece.channel.brand());
        line.push(',');
        push_text(line, piece.format.as_str());
    })?;
    lines.plain(if is_settled(row) {
        "STATUS:CONFIRMED"
    } else {
        "STATUS:TENTATIVE"
    })?;
    // A post takes nobody's time.
    lines.plain("TRANSP:TRANSPARENT")?;
    // Some readers hold SEQUENCE in 32 bits.
    let sequence = entry.revision.clamp(0, i64::from(i32::MAX));
    lines.composed("SEQUENCE:", |line| line.push_str(&sequence.to_string()))?;
    lines.plain("END:VEVENT")
}

/// Caption, hashtags, script and reason, as far as they are there, with a blank line between them.
fn write_description(row: &ExportRow<'_>, lines: &mut Lines<impl Write>) -> io::Result<()> {
    let piece = &row.entry.piece;
    let hashtags = piece.hashtags.join(" ");
    let parts = [
        piece.copy.as_str(),
        hashtags.as_str(),
        piece.script.as_deref().unwrap_or_default(),
        row.reason(),
    ];
    let mut parts = parts.into_iter().filter(|part| !part.is_empty());
    let Some(first) = parts.next() else {
        return Ok(());
    };
    lines.composed("DESCRIPTION:", |line| {
        push_text(line, first);
        for part in parts {
            line.push_str("\\n\\n");
            push_text(line, part);
        }
    })
}

/// Whether the post is out or on its way; anything else may still not happen.
fn is_settled(row: &ExportRow<'_>) -> bool {
    match row.readiness {
        Some(readiness) => matches!(
            readiness.tile,
            Tile::Published | Tile::Scheduled | Tile::Publishing
        ),
        None => row.entry.readiness == Some(ReadinessState::Published),
    }
}

/// DATE-TIME in UTC: `20260402T070000Z`; what is below a second is cut off.
fn push_utc(line: &mut String, instant: DateTime<Utc>) {
    push_local(line, instant.naive_utc());
    line.push('Z');
}

/// DATE-TIME in local time: `20260402T090000`.
pub(super) fn push_local(line: &mut String, wall: NaiveDateTime) {
    push_digits(wall.year().unsigned_abs(), 4, line);
    push_digits(wall.month(), 2, line);
    push_digits(wall.day(), 2, line);
    line.push('T');
    push_digits(wall.hour(), 2, line);
    push_digits(wall.minute(), 2, line);
    push_digits(wall.second(), 2, line);
}
