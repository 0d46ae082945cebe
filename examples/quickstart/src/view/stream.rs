//! How the stream ended, and where it was kept.

use std::path::Path;

use calendar_publish::generation::{GenerationSnapshot, GenerationState, RefusedPiece};
use console::style;

use super::Screen;
use super::screen::plain;
use crate::steps::Shelf;

/// Prints how the stream ended, and each piece that was defaulted, refused or doubled.
pub(crate) fn show_stream(screen: &Screen, name: &str, snapshot: &GenerationSnapshot) {
    let state = match snapshot.state {
        GenerationState::Complete => style(screen.say("completo", "complete")).green(),
        _ => style(screen.say(
            "interrumpido: se conserva lo recibido",
            "cut short: what arrived is kept",
        ))
        .yellow(),
    };
    screen.line(&format!(
        "{name}: {state} · {} {} · {} {} · {} keep-alive",
        snapshot.pieces.len(),
        screen.say("piezas", "pieces"),
        snapshot.refusals.len(),
        screen.say("rechazadas", "refused"),
        snapshot.keep_alives,
    ));
    for refusal in &snapshot.refusals {
        for error in &refusal.errors {
            let name = name_of(screen, refusal);
            screen.line(&format!(
                "  {} {name}: {}",
                style("✗").red(),
                screen.error(error)
            ));
        }
    }
    let notes = snapshot
        .pieces
        .iter()
        .flat_map(|piece| &piece.defaults)
        .chain(&snapshot.problems);
    for error in notes {
        screen.line(&format!("  {} {}", style("·").dim(), screen.error(error)));
    }
}

/// Prints what the last save came to.
pub(crate) fn show_save(screen: &Screen, shelf: &Shelf, database: &Path) {
    let Some(save) = shelf.saves.last() else {
        return;
    };
    let what = match save.repeated {
        true => screen.say(
            "ya estaba guardado; nada cambia dos veces",
            "was saved before; nothing changes twice",
        ),
        false => screen.say("guardado", "saved"),
    };
    let revision = screen.say("revisión", "revision");
    screen.aside(&format!(
        "{}: {what} · {revision} {}",
        database.display(),
        save.revision
    ));
}

/// A refused piece by its title, or else by its place.
fn name_of(screen: &Screen, refusal: &RefusedPiece) -> String {
    let payload: serde_json::Value = serde_json::from_str(&refusal.payload).unwrap_or_default();
    match payload["title"].as_str() {
        Some(title) => format!("«{}»", plain(title)),
        None => format!("{} {}", screen.say("pieza", "piece"), refusal.index + 1),
    }
}
