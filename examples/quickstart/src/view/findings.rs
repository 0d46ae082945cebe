//! What stands in the way, and what to do.

use calendar_publish::model::{CalendarEntry, EntryId, Readiness, Severity};
use console::style;

use super::Screen;
use super::screen::plain;

/// Prints every entry that has something blocking or worth a warning, and counts the mere notices.
pub(crate) fn show_findings<'a>(
    screen: &Screen,
    entries: &[CalendarEntry],
    readiness: impl Fn(EntryId) -> Option<&'a Readiness>,
) {
    let mut notices = 0;
    for entry in entries {
        let Some(readiness) = readiness(entry.id) else {
            continue;
        };
        let (told, rest): (Vec<_>, Vec<_>) =
            (readiness.findings.iter()).partition(|finding| finding.severity != Severity::Notice);
        notices += rest.len();
        if told.is_empty() {
            continue;
        }
        let piece = &entry.piece;
        let when = format!("{} {} {}", piece.date, piece.time, piece.channel.brand());
        screen.line(&format!(
            "{}  {}",
            style(plain(&piece.title)).bold(),
            style(when).dim()
        ));
        for finding in told {
            let (message, action) = screen.finding(finding, entry);
            let sign = match finding.severity {
                Severity::Blocking => style("✗").red(),
                _ => style("!").yellow(),
            };
            screen.line(&format!("  {sign} {message}"));
            screen.line(&format!("    {} {action}", style("→").cyan()));
        }
    }
    if notices > 0 {
        let more = screen.say("notas más, con --json", "more notices, with --json");
        screen.aside(&format!("+ {notices} {more}"));
    }
}
