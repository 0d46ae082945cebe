//! The dry run's outcomes, the files, and what to try next.

use std::path::Path;

use calendar_publish::publish::{OutcomeStatus, PublishAnswer};
use console::style;

use super::Screen;
use super::screen::plain;
use crate::args::Arguments;
use crate::report::ExportedFile;

/// Prints an outcome for every entry.
pub(crate) fn show_outcomes(screen: &Screen, answer: &PublishAnswer) {
    let rows = answer.outcomes.iter().map(|outcome| {
        let status = match outcome.status {
            OutcomeStatus::DryRun => {
                style(screen.say("✓ se publicaría", "✓ would be published")).green()
            }
            OutcomeStatus::Refused => {
                style(screen.say("✗ no se intentaría", "✗ wouldn't be tried")).red()
            }
        };
        let reason = outcome.findings.first().map(|finding| {
            let (message, _) = screen.finding_on(finding, outcome.channel);
            message
        });
        let reason = reason.filter(|_| outcome.status == OutcomeStatus::Refused);
        vec![
            status.to_string(),
            plain(&outcome.title),
            reason.unwrap_or_default(),
        ]
    });
    screen.table(rows.collect(), &[Some(22), Some(36), None]);
    screen.line(&format!(
        "{}: {} · {}: {}/{} · intentId {}",
        screen.say("Estado", "Status"),
        answer.status.as_str(),
        screen.say("entradas", "entries"),
        answer.entries,
        answer.outcomes.len(),
        answer.intent_id,
    ));
}

pub(crate) fn show_files(screen: &Screen, files: &[ExportedFile], database: &Path) {
    let mut rows: Vec<_> = (files.iter())
        .map(|file| vec![file.path.clone(), format!("{} B", file.bytes)])
        .collect();
    rows.push(vec![
        database.display().to_string(),
        screen.say("la base de datos", "the database").to_owned(),
    ]);
    screen.table(rows, &[]);
}

pub(crate) fn show_farewell(screen: &Screen, arguments: &Arguments) {
    let other = screen.say("--lang en", "--lang es");
    let database = arguments.db.display();
    screen.aside(screen.say(
        "Nada ha salido de esta máquina. Prueba ahora:",
        "Nothing left this machine. Try next:",
    ));
    for (command, what) in [
        (
            format!("cargo run -p quickstart -- {other}"),
            screen.say("en inglés", "in Spanish"),
        ),
        (
            "cargo run -p quickstart".to_owned(),
            screen.say(
                "otra vez: nada cambia dos veces",
                "again: nothing changes twice",
            ),
        ),
        (
            "cargo run -p quickstart -- --json".to_owned(),
            screen.say("todo como JSON", "all of it as JSON"),
        ),
        (
            "PUBLISH_SERVICE_ENABLED=false cargo run -p quickstart".to_owned(),
            screen.say("con la publicación apagada", "with publishing off"),
        ),
        (
            format!("sqlite3 {database} .tables"),
            screen.say("lo que se ha guardado", "what was kept"),
        ),
    ] {
        screen.line(&format!("  {command:<55} {}", style(what).dim()));
    }
}
