//! What the simulated platforms made of the calendar, entry by entry.

use calendar_publish::message::{MessageContext, code_text};

use super::Screen;
use super::month::{attempts, status};
use super::screen::plain;
use crate::live::{LiveEntry, LiveReport};

pub(crate) fn show_live(screen: &Screen, live: &LiveReport) {
    let rows = live.entries.iter().map(|entry| {
        vec![
            status(screen, entry.status),
            entry.channel.brand().to_owned(),
            plain(&entry.title),
            attempts(screen, entry.attempts),
            outcome(screen, entry),
        ]
    });
    screen.table(
        rows.collect(),
        &[Some(19), Some(11), Some(22), Some(12), None],
    );
    screen.line(&format!(
        "{}: {} · {}: {} · HTTP: {} · {}: {}",
        screen.say(
            "Publicadas según los trabajos",
            "Published by the jobs' word"
        ),
        live.published,
        screen.say("en las plataformas", "on the platforms"),
        live.posts,
        live.requests,
        screen.say("filas del registro verificadas", "ledger rows checked"),
        live.ledger_rows,
    ));
}

/// Where the post is, or why it isn't out and what to do.
fn outcome(screen: &Screen, entry: &LiveEntry) -> String {
    if let Some(permalink) = &entry.permalink {
        return plain(permalink.trim_start_matches("https://www."));
    }
    let Some(code) = entry.problem else {
        return String::new();
    };
    let context = MessageContext {
        channel: Some(entry.channel),
        zone: None,
        field: None,
    };
    let text = code_text(code, screen.lang, &context);
    format!("{} {}", text.message, text.action)
}
