//! What an interface is doing, in words: generating, comparing, saving, publishing, exporting, moving.

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use super::template::render;
use super::ux_template::templates;
use super::{Conjunction, Formatter, Lang, Tone};
use crate::model::{Channel, Zone};

/// What an interface is doing or has just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum UxState {
    /// A calendar is being generated.
    Streaming {
        /// Pieces that arrived.
        received: u32,
        /// Pieces expected, where the stream has said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        total: Option<u32>,
    },
    /// Nothing has arrived for a while.
    StreamStalled {
        /// Pieces that arrived.
        received: u32,
        /// How long nothing has arrived, in seconds.
        silent_seconds: u32,
    },
    /// The generation took too long and was cut.
    StreamTimedOut {
        /// Pieces that arrived and are kept.
        received: u32,
    },
    /// The generation failed.
    StreamFailed {
        /// Pieces that arrived and are kept.
        received: u32,
    },
    /// The person cancelled the generation.
    StreamCancelled {
        /// Pieces that arrived and are kept.
        received: u32,
    },
    /// The generation is done.
    StreamCompleted {
        /// Pieces that arrived.
        received: u32,
    },
    /// A regenerated calendar differs from the saved one.
    ChangesFound {
        /// Pieces that are new.
        added: u32,
        /// Pieces that changed.
        updated: u32,
        /// Pieces that are gone.
        removed: u32,
    },
    /// The calendar is saved.
    Saved {
        /// Entries that were saved.
        entries: u32,
    },
    /// The calendar couldn't be saved.
    SaveFailed,
    /// Somebody else saved in the meantime.
    SaveConflict,
    /// Everything that was asked for is published.
    PublishSucceeded {
        /// Entries that were published.
        published: u32,
    },
    /// Some entries are published, some aren't.
    PublishPartial {
        /// Entries that were published.
        published: u32,
        /// Entries that weren't.
        failed: u32,
    },
    /// Nothing that was asked for is published.
    PublishFailed {
        /// Entries that weren't published.
        failed: u32,
    },
    /// A dry run is done; nothing was sent.
    PublishChecked {
        /// Entries that could be published.
        ready: u32,
        /// Entries that something stands in the way of.
        blocked: u32,
    },
    /// Publishing was cancelled.
    PublishCancelled {
        /// Entries that won't be published.
        cancelled: u32,
    },
    /// There is nothing to publish.
    NothingToPublish,
    /// Publishing is switched off by a flag.
    PublishingOff,
    /// No account is linked on a channel.
    ChannelNotConnected {
        /// The channel.
        channel: Channel,
    },
    /// What was asked for waits until it can be saved.
    WaitingForStore {
        /// Requests that wait.
        waiting: u32,
    },
    /// The export is done.
    ExportSucceeded {
        /// Entries that were exported.
        entries: u32,
    },
    /// The export failed.
    ExportFailed,
    /// A shift in time is ready to be applied.
    ShiftPreview {
        /// Entries that would move.
        moved: u32,
        /// Entries that would clash with another.
        clashes: u32,
        /// Entries whose time is adjusted because the clocks change.
        adjusted: u32,
    },
    /// A change was made that can be undone.
    UndoOffered {
        /// Entries that changed.
        changed: u32,
    },
    /// A change was undone.
    Undone {
        /// Entries that are as they were.
        restored: u32,
    },
}

/// What a state offers the person to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UxAction {
    /// Start again.
    Retry,
    /// Stop, or leave everything as it is.
    Cancel,
    /// Go on with what has arrived.
    KeepPartial,
    /// Take the changes over.
    Apply,
    /// Look at the entries concerned.
    Review,
    /// Save.
    Save,
    /// Load what is stored.
    Reload,
    /// Link an account.
    LinkAccount,
    /// Take the last change back.
    Undo,
    /// Publish for real what was checked.
    Publish,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UxActionLabel {
    /// What it does.
    pub action: UxAction,
    /// Its text.
    pub label: String,
}

/// A state as a person reads, or hears, it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UxText {
    /// A few words, without a full stop.
    pub title: String,
    /// One or two sentences.
    pub body: String,
    /// What a screen reader says, for a region with `aria-live="polite"`.
    pub announcement: String,
    /// The colour.
    pub tone: Tone,
    /// The buttons, the best first.
    pub actions: Vec<UxActionLabel>,
}

/// Words `state` in `lang`.
///
/// ```
/// use calendar_publish::message::{Lang, UxState, ux_text};
///
/// let text = ux_text(UxState::PublishPartial { published: 3, failed: 1 }, Lang::Es);
/// assert_eq!(text.body, "Se publicaron 3 entradas y 1 no se pudo publicar.");
/// ```
pub fn ux_text(state: UxState, lang: Lang) -> UxText {
    let format = Formatter::new(lang, Zone::UTC);
    let (title, body) = templates(state, lang);
    let title = render(title, |name| value(state, name, &format));
    let body = render(body, |name| value(state, name, &format));
    UxText {
        announcement: format!("{title}. {body}"),
        title,
        body,
        tone: tone(state),
        actions: actions(state)
            .iter()
            .map(|action| UxActionLabel {
                action: *action,
                label: action_name(*action, lang).to_owned(),
            })
            .collect(),
    }
}

/// The value of a placeholder. `{name=1}` is empty, and there only if the count is 1.
fn value(state: UxState, name: &str, format: &Formatter) -> Option<String> {
    if let Some((name, wanted)) = name.split_once('=') {
        let wanted: u32 = wanted.parse().ok()?;
        return (count(state, name)? == wanted).then(String::new);
    }
    match (name, state) {
        ("channel", UxState::ChannelNotConnected { channel }) => Some(channel.brand().to_owned()),
        ("silence", UxState::StreamStalled { silent_seconds, .. }) => {
            Some(format.duration(f64::from(silent_seconds) * 1e3))
        }
        (
            "changes",
            UxState::ChangesFound {
                added,
                updated,
                removed,
            },
        ) => changes(added, updated, removed, format),
        _ => count(state, name).map(|count| format.number(f64::from(count), 0)),
    }
}

/// The counts of a state by their names.
fn count(state: UxState, name: &str) -> Option<u32> {
    match (state, name) {
        (
            UxState::Streaming { received, .. }
            | UxState::StreamStalled { received, .. }
            | UxState::StreamTimedOut { received }
            | UxState::StreamFailed { received }
            | UxState::StreamCancelled { received }
            | UxState::StreamCompleted { received },
            "received",
        ) => Some(received),
        (UxState::Streaming { total, .. }, "total") => total,
        (UxState::Saved { entries } | UxState::ExportSucceeded { entries }, "entries") => {
            Some(entries)
        }
        (
            UxState::PublishSucceeded { published } | UxState::PublishPartial { published, .. },
            "published",
        ) => Some(published),
        (UxState::PublishPartial { failed, .. } | UxState::PublishFailed { failed }, "failed") => {
            Some(failed)
        }
        (UxState::PublishChecked { ready, .. }, "ready") => Some(ready),
        (UxState::PublishChecked { blocked, .. }, "blocked") => Some(blocked),
        (UxState::PublishCancelled { cancelled }, "cancelled") => Some(cancelled),
        (UxState::WaitingForStore { waiting }, "waiting") => Some(waiting),
        (UxState::ShiftPreview { moved, .. }, "moved") => Some(moved),
        (UxState::ShiftPreview { clashes, .. }, "clashes") => Some(clashes),
        (UxState::ShiftPreview { adjusted, .. }, "adjusted") => Some(adjusted),
        (UxState::UndoOffered { changed }, "changed") => Some(changed),
        (UxState::Undone { restored }, "restored") => Some(restored),
        _ => None,
    }
}

/// `2 nuevas, 1 modificada y 3 eliminadas`, without what is none; `None` if all are none.
fn changes(added: u32, updated: u32, removed: u32, format: &Formatter) -> Option<String> {
    let part = |count: u32, es: [&str; 2], en: &str| {
        let word = match (format.lang, count) {
            (Lang::Es, 1) => es[0],
            (Lang::Es, _) => es[1],
            (Lang::En, _) => en,
        };
        (count > 0).then(|| format!("{} {word}", format.number(f64::from(count), 0)))
    };
    let parts: Vec<String> = [
        part(added, ["nueva", "nuevas"], "new"),
        part(updated, ["modificada", "modificadas"], "changed"),
        part(removed, ["eliminada", "eliminadas"], "removed"),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| format.list(&parts, Conjunction::And))
}

const fn tone(state: UxState) -> Tone {
    match state {
        UxState::Streaming { .. }
        | UxState::StreamCancelled { .. }
        | UxState::ChangesFound { .. }
        | UxState::PublishCancelled { .. }
        | UxState::NothingToPublish
        | UxState::PublishingOff
        | UxState::ShiftPreview { clashes: 0, .. }
        | UxState::UndoOffered { .. }
        | UxState::Undone { .. } => Tone::Neutral,
        UxState::StreamCompleted { .. }
        | UxState::Saved { .. }
        | UxState::PublishSucceeded { .. }
        | UxState::PublishChecked { blocked: 0, .. }
        | UxState::ExportSucceeded { .. } => Tone::Success,
        UxState::StreamStalled { .. }
        | UxState::StreamTimedOut { .. }
        | UxState::PublishChecked { .. }
        | UxState::ChannelNotConnected { .. }
        | UxState::WaitingForStore { .. }
        | UxState::ShiftPreview { .. } => Tone::Warning,
        UxState::SaveConflict | UxState::PublishPartial { .. } => Tone::Amber,
        UxState::StreamFailed { .. }
        | UxState::SaveFailed
        | UxState::PublishFailed { .. }
        | UxState::ExportFailed => Tone::Error,
    }
}

const fn actions(state: UxState) -> &'static [UxAction] {
    use UxAction::{
        Apply, Cancel, KeepPartial, LinkAccount, Publish, Reload, Retry, Review, Save, Undo,
    };
    match state {
        UxState::Streaming { .. } => &[Cancel],
        UxState::StreamStalled { .. } => &[Cancel, Retry],
        UxState::StreamTimedOut { received: 0 }
        | UxState::StreamFailed { received: 0 }
        | UxState::StreamCancelled { received: 0 }
        | UxState::StreamCompleted { received: 0 } => &[Retry],
        UxState::StreamTimedOut { .. }
        | UxState::StreamFailed { .. }
        | UxState::StreamCancelled { .. } => &[KeepPartial, Retry],
        UxState::StreamCompleted { .. } => &[Save, Review],
        UxState::ChangesFound {
            added: 0,
            updated: 0,
            removed: 0,
        }
        | UxState::Saved { .. }
        | UxState::PublishSucceeded { .. }
        | UxState::PublishCancelled { .. }
        | UxState::PublishingOff
        | UxState::WaitingForStore { .. }
        | UxState::ExportSucceeded { .. }
        | UxState::ShiftPreview { moved: 0, .. }
        | UxState::Undone { .. } => &[],
        UxState::ChangesFound { .. } => &[Apply, Review, Cancel],
        UxState::SaveFailed | UxState::ExportFailed => &[Retry],
        UxState::SaveConflict => &[Review, Reload],
        // What failed may have gone out all the same: look at each entry before trying again.
        UxState::PublishPartial { .. } | UxState::PublishFailed { .. } => &[Review],
        UxState::PublishChecked { ready: 0, .. } => &[Review],
        UxState::PublishChecked { blocked: 0, .. } => &[Publish],
        UxState::PublishChecked { .. } => &[Review, Publish],
        UxState::NothingToPublish => &[Review],
        UxState::ChannelNotConnected { .. } => &[LinkAccount],
        UxState::ShiftPreview { clashes: 0, .. } => &[Apply, Cancel],
        UxState::ShiftPreview { .. } => &[Review, Apply, Cancel],
        UxState::UndoOffered { .. } => &[Undo],
    }
}

const fn action_name(action: UxAction, lang: Lang) -> &'static str {
    match action {
        UxAction::Retry => lang.pick("Reintentar", "Try again"),
        UxAction::Cancel => lang.pick("Cancelar", "Cancel"),
        UxAction::KeepPartial => lang.pick("Usar lo que llegó", "Use what arrived"),
        UxAction::Apply => lang.pick("Aplicar", "Apply"),
        UxAction::Review => lang.pick("Revisar", "Review"),
        UxAction::Save => lang.pick("Guardar", "Save"),
        UxAction::Reload => lang.pick("Cargar lo guardado", "Load what is saved"),
        UxAction::LinkAccount => lang.pick("Vincular la cuenta", "Link the account"),
        UxAction::Undo => lang.pick("Deshacer", "Undo"),
        UxAction::Publish => lang.pick("Publicar", "Publish"),
    }
}
