//! The simulated month, entry by entry.

use calendar_publish::message::labels;
use calendar_publish::model::JobStatus;
use calendar_publish_simulation::CalendarReport;
use console::style;

use super::Screen;
use super::screen::plain;

pub(crate) fn show_month(screen: &Screen, month: &CalendarReport) {
    let rows = month.entries.iter().map(|entry| {
        vec![
            status(screen, entry.status),
            plain(&entry.title),
            entry
                .out_at
                .or(entry.scheduled_at)
                .map(|at| screen.formatter(entry.zone).instant(at))
                .unwrap_or_default(),
            attempts(
                screen,
                u32::try_from(entry.attempts.len()).unwrap_or(u32::MAX),
            ),
            entry
                .advice(screen.lang)
                .map(|advice| advice.message)
                .unwrap_or_default(),
        ]
    });
    screen.table(
        rows.collect(),
        &[Some(20), Some(26), Some(28), Some(11), None],
    );
    // A post that came out although nobody knows it counts among both.
    let unsure = month.attention().filter(|entry| entry.out_at.is_some());
    screen.line(&format!(
        "{}: {} · {}: {} ({} {})",
        screen.say("Han salido", "Came out"),
        month.out(),
        screen.say("necesitan a alguien", "need somebody"),
        month.attention().count(),
        screen.say(
            "de ellas, publicadas sin que se sepa:",
            "of these came out unnoticed:"
        ),
        unsure.count(),
    ));
}

pub(super) fn status(screen: &Screen, status: Option<JobStatus>) -> String {
    let Some(status) = status else {
        return style(screen.say("– sin trabajo", "– no job"))
            .dim()
            .to_string();
    };
    let label = labels(screen.lang)
        .job_statuses
        .into_iter()
        .find(|label| label.status == status)
        .map_or_else(|| status.as_str().to_owned(), |label| label.label);
    match status {
        JobStatus::Published | JobStatus::DeliveredToInbox => style(label).green(),
        JobStatus::NeedsAttention => style(label).red(),
        _ => style(label).yellow(),
    }
    .to_string()
}

pub(super) fn attempts(screen: &Screen, count: u32) -> String {
    match count {
        0 => String::new(),
        1 => format!("1 {}", screen.say("intento", "attempt")),
        count => format!("{count} {}", screen.say("intentos", "attempts")),
    }
}
