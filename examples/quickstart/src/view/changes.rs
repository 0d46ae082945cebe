//! Moves and merges, before and after.

use std::collections::HashMap;

use calendar_publish::merge::{MergeAction, MergePlan, MergedCalendar, PieceValue};
use calendar_publish::message::{UxState, ux_text};
use calendar_publish::model::{CalendarEntry, EntryId};
use calendar_publish::schedule::{DstNote, EntryMove, ShiftPlan};
use console::style;

use super::Screen;
use super::screen::plain;

/// Titles by entry, for lines that only know ids.
struct Titles(HashMap<EntryId, String>);

impl Titles {
    fn of(entries: &[CalendarEntry]) -> Self {
        Self(
            entries
                .iter()
                .map(|entry| (entry.id, plain(&entry.piece.title)))
                .collect(),
        )
    }

    fn get(&self, id: EntryId) -> &str {
        self.0.get(&id).map(String::as_str).unwrap_or_default()
    }
}

/// Prints the corrections that were made.
pub(crate) fn show_corrections(screen: &Screen, entries: &[CalendarEntry], made: &[EntryMove]) {
    if made.is_empty() {
        screen.aside(screen.say("Nada que corregir.", "Nothing to correct."));
        return;
    }
    let titles = Titles::of(entries);
    screen.table(
        made.iter()
            .map(|change| move_row(screen, &titles, change))
            .collect(),
        &[],
    );
}

/// Prints a shift's preview.
pub(crate) fn show_shift(screen: &Screen, entries: &[CalendarEntry], plan: &ShiftPlan) {
    let titles = Titles::of(entries);
    screen.table(
        plan.moves
            .iter()
            .map(|change| move_row(screen, &titles, change))
            .collect(),
        &[],
    );
    for clash in &plan.clashes {
        screen.line(&format!(
            "  {} {}: «{}» / «{}» · {}",
            style("!").yellow(),
            screen.say("choque", "clash"),
            titles.get(clash.first),
            titles.get(clash.second),
            screen.instant(clash.second_at),
        ));
    }
    for change in &plan.readiness_changes {
        screen.line(&format!(
            "  {} «{}»: {} → {}",
            style("~").cyan(),
            titles.get(change.entry_id),
            screen.state(change.before),
            screen.state(change.after),
        ));
    }
}

fn move_row(screen: &Screen, titles: &Titles, change: &EntryMove) -> Vec<String> {
    let formatter = screen.formatter(change.zone);
    let slot = |at| formatter.instant(at);
    let note = match change.note {
        Some(DstNote::Gap { .. }) => {
            screen.say("salta por el cambio de hora", "skips the clock change")
        }
        Some(DstNote::Fold { .. }) => {
            screen.say("hora repetida: la primera", "repeated hour: the first")
        }
        None if crosses_clock_change(change) => screen.say(
            "misma hora; el instante sigue al cambio de hora",
            "same hour; the instant follows the clock change",
        ),
        None => "",
    };
    vec![
        titles.get(change.entry_id).to_owned(),
        change.before.scheduled_at.map(slot).unwrap_or_default(),
        format!(
            "→ {}",
            change.after.scheduled_at.map(slot).unwrap_or_default()
        ),
        note.to_owned(),
    ]
}

/// Whether the clocks change between the two places: the instant then moves by other than whole days.
fn crosses_clock_change(change: &EntryMove) -> bool {
    let places = change.before.scheduled_at.zip(change.after.scheduled_at);
    change.before.time == change.after.time
        && places.is_some_and(|(before, after)| {
            let moved = after.since(before);
            moved.num_seconds() % 86_400 != 0
        })
}

/// Prints what a regeneration changed, and what it wasn't allowed to.
pub(crate) fn show_merge(screen: &Screen, plan: &MergePlan, merged: &MergedCalendar) {
    let state = UxState::ChangesFound {
        added: count(merged.added.len()),
        updated: count(merged.changed.len()),
        removed: count(merged.removed.len()),
    };
    screen.line(&ux_text(state, screen.lang).body);
    let titles = Titles::of(&plan.mine);
    for change in &plan.changes {
        let (sign, text) = match &change.action {
            MergeAction::Edit {
                entry_id,
                mine,
                result,
                ..
            } => {
                let what = format!(
                    "«{}»: {} → {}",
                    titles.get(*entry_id),
                    value(mine),
                    value(result)
                );
                (style("~").cyan(), what)
            }
            MergeAction::Remove { entry_id, .. } => {
                (style("-").red(), format!("«{}»", titles.get(*entry_id)))
            }
            MergeAction::Restore { theirs, .. } | MergeAction::Add { theirs, .. } => (
                style("+").green(),
                format!("«{}»", plain(&theirs.piece.title)),
            ),
        };
        let kept = match change.conflict {
            Some(_) => style(screen.say(
                "  (se conserva lo editado a mano)",
                "  (the manual edit stays)",
            ))
            .yellow()
            .to_string(),
            None => String::new(),
        };
        screen.line(&format!("  {sign} {text}{kept}"));
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A field's value, shortened to what fits on a line.
fn value(value: &PieceValue) -> String {
    let text = match value {
        PieceValue::Title { value } | PieceValue::Copy { value } => value.clone(),
        PieceValue::Schedule { date, time } => format!("{date} {time}"),
        PieceValue::Hashtags { values } => values.join(" "),
        PieceValue::Script { value } | PieceValue::TargetAudience { value } => {
            value.clone().unwrap_or_default()
        }
        other => serde_json::to_string(other).unwrap_or_default(),
    };
    let text = plain(&text);
    let short: String = text.chars().take(44).collect();
    if short.len() < text.len() {
        format!("{short}…")
    } else {
        short
    }
}
