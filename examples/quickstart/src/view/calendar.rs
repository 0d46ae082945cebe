//! The calendar, week by week.

use calendar_publish::message::Lang;
use calendar_publish::model::{CalendarEntry, EntryId, Readiness};
use chrono::{Datelike, NaiveDate};
use console::style;

use super::Screen;
use super::screen::plain;

const DAYS_ES: [&str; 7] = ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"];
const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Prints every entry with its badge, grouped by week.
pub(crate) fn show_calendar<'a>(
    screen: &Screen,
    entries: &[CalendarEntry],
    readiness: impl Fn(EntryId) -> Option<&'a Readiness>,
) {
    let mut sorted: Vec<&CalendarEntry> = entries.iter().collect();
    sorted.sort_by_key(|entry| (entry.piece.date, entry.piece.time));
    let mut week = None;
    let mut rows = Vec::new();
    for entry in sorted {
        let date = entry.piece.date.naive();
        if week.replace(date.iso_week()) != Some(date.iso_week()) {
            flush(screen, &mut rows);
            let label = format!(
                "{} {}",
                screen.say("Semana", "Week"),
                date.iso_week().week()
            );
            screen.line(&style(label).underlined().to_string());
        }
        let tile = readiness(entry.id).map(|readiness| screen.badge(readiness.tile));
        rows.push(vec![
            day(screen, date),
            entry.piece.time.to_string(),
            entry.piece.channel.brand().to_owned(),
            tile.unwrap_or_default(),
            plain(&entry.piece.title),
        ]);
    }
    flush(screen, &mut rows);
}

fn flush(screen: &Screen, rows: &mut Vec<Vec<String>>) {
    if !rows.is_empty() {
        let widths = [Some(9), Some(7), Some(11), Some(22), None];
        screen.table(std::mem::take(rows), &widths);
    }
}

fn day(screen: &Screen, date: NaiveDate) -> String {
    let names = match screen.lang {
        Lang::Es => DAYS_ES,
        Lang::En => DAYS_EN,
    };
    let index = date.weekday().num_days_from_monday() as usize;
    format!("{} {:02}", names.get(index).unwrap_or(&""), date.day())
}
