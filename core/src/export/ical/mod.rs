//! iCalendar (RFC 5545) for calendar apps.
//!
//! No crate writes VTIMEZONE components from the zone database or streams to a writer, so the few
//! properties an export needs are written here, by the letter of the RFC.

mod event;
mod line;
mod timezone;

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};

use self::event::{Start, start};
use self::line::Lines;
use super::{BUFFER_BYTES, ExportRow, write_failed};
use crate::error::Error;
use crate::model::{Timestamp, Zone};

/// How the calendar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IcalOptions {
    /// DTSTAMP of every event: when this export was made.
    pub stamp: Timestamp,
}

/// Writes `rows` as an iCalendar object: an event an entry, a VTIMEZONE a zone.
///
/// The event begins at the instant the entry is scheduled for, or else when its date and time are in
/// its zone. It is written in the zone's wall clock; in UTC where no zone is known, or where the wall
/// clock would name another instant (the second pass of an hour that clocks go through twice);
/// without both as floating time. `UID` is the entry's id, `SEQUENCE` its revision, so that importing
/// a later export updates the events of an earlier one.
///
/// The rows are gone through twice: zones are declared before the events that use them, over the
/// time they are used and a year more. Control characters, which RFC 5545 has no place for, are left
/// out of texts.
///
/// ```
/// use calendar_publish::export::{ExportRow, IcalOptions, export_ical};
/// use calendar_publish::model::CalendarEntry;
///
/// let entry: CalendarEntry = serde_json::from_str(r#"{
///     "id": "018f0000-0000-7000-8000-000000000001",
///     "calendarId": "018f0000-0000-7000-8000-0000000000c1",
///     "piece": { "title": "Pan, y queso", "channel": "ig", "date": "2026-04-02" }
/// }"#).unwrap();
/// let row = ExportRow { timezone: Some("Europe/Madrid".parse()?), ..ExportRow::new(&entry) };
/// let mut ical = Vec::new();
/// export_ical([row], &IcalOptions { stamp: "2026-04-01T09:00:00Z".parse()? }, &mut ical)?;
/// let ical = String::from_utf8(ical).unwrap();
/// assert!(ical.contains("\r\nDTSTART;TZID=Europe/Madrid:20260402T090000\r\n"));
/// assert!(ical.contains("\r\nSUMMARY:Pan\\, y queso\r\n"));
/// # Ok::<(), calendar_publish::Error>(())
/// ```
///
/// # Errors
/// [`Code::WriteFailed`](crate::Code::WriteFailed) where the writer refuses; what was written by then
/// is no whole calendar.
pub fn export_ical<'a, I>(rows: I, options: &IcalOptions, out: impl Write) -> Result<(), Error>
where
    I: IntoIterator<Item = ExportRow<'a>>,
    I::IntoIter: Clone,
{
    let rows = rows.into_iter();
    let mut lines = Lines::new(BufWriter::with_capacity(BUFFER_BYTES, out));
    write_calendar(rows, options, &mut lines).map_err(|error| write_failed(&error))
}

fn write_calendar<'a>(
    rows: impl Iterator<Item = ExportRow<'a>> + Clone,
    options: &IcalOptions,
    lines: &mut Lines<impl Write>,
) -> std::io::Result<()> {
    lines.plain("BEGIN:VCALENDAR")?;
    lines.plain("VERSION:2.0")?;
    lines.plain("PRODID:-//calendar-publish//calendar-publish//EN")?;
    lines.plain("CALSCALE:GREGORIAN")?;
    let zones = zones_used(rows.clone());
    for (zone, (first, last)) in zones.values() {
        timezone::write(*zone, *first, *last, lines)?;
    }
    let mut empty = zones.is_empty();
    for row in rows {
        empty = false;
        event::write(&row, options.stamp, lines)?;
    }
    if empty {
        // A calendar object must hold a component (RFC 5545, 3.6).
        timezone::write(Zone::UTC, options.stamp, options.stamp, lines)?;
    }
    lines.plain("END:VCALENDAR")?;
    lines.flush()
}

/// The zones that events are written in, by name, each with the first and the last instant. There
/// are only so many zones, so this stays small however many rows there are.
fn zones_used<'a>(
    rows: impl Iterator<Item = ExportRow<'a>>,
) -> BTreeMap<&'static str, (Zone, (Timestamp, Timestamp))> {
    let mut zones = BTreeMap::new();
    for row in rows {
        if let Start::Zoned { zone, instant, .. } = start(&row) {
            let (_, (first, last)) = zones
                .entry(zone.name())
                .or_insert((zone, (instant, instant)));
            *first = instant.min(*first);
            *last = instant.max(*last);
        }
    }
    zones
}
