//! What stands in the way, and what to do.

use calendar_publish::model::{CalendarEntry, EntryId, Readiness, Severity};
use console::style;

use super::Screen;

/// Prints every entry that has a blocking finding with all of them, and counts the warnings.
pub(crate) fn show_findings<'a>(
    screen: &Screen,
    entries: &[CalendarEntry],
    readiness: impl Fn(EntryId) -> Option<&'a Readiness>,
) {
    let mut warnings = 0;
    for entry in entries {
        let Some(readiness) = readiness(entry.id) else {
            continue;
        };
        let blocking: Vec<_> = (readiness.findings.iter())
            .filter(|finding| finding.severity == Severity::Blocking)
            .collect();
        warnings += readiness.findings.len() - blocking.len();
        if blocking.is_empty() {
            continue;
        }
        let piece = &entry.piece;
        let when = format!("{} {} {}", piece.date, piece.time, piece.channel.brand());
        screen.line(&format!(
            "{}  {}",
            style(&piece.title).bold(),
            style(when).dim()
        ));
        for finding in blocking {
            let (message, action) = screen.finding(finding, entry);
            screen.line(&format!("  {} {message}", style("✗").red()));
            screen.line(&format!("    {} {action}", style("→").cyan()));
        }
    }
    let more = screen.say(
        "avisos y notas que no impiden publicar",
        "warnings and notes that don't block",
    );
    screen.aside(&format!("+ {warnings} {more} (--json)"));
}
