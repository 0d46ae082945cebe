//! Why an entry is where it is, in words.

use serde::{Deserialize, Serialize};

use super::label::{action_label, tile_label};
use super::{ActionLabel, Formatter, Lang, MessageContext, MessageText, TileLabel, finding_text};
use crate::error::Actor;
use crate::model::{Explanation, NextStep, Zone};

/// An explanation as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExplanationText {
    /// The entry's badge.
    pub title: TileLabel,
    /// What decided it, and what to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<MessageText>,
    /// Who must act.
    pub who: String,
    /// What happens next, and when.
    pub next: String,
    /// What can safely be done, the best first.
    pub actions: Vec<ActionLabel>,
}

/// Words `explanation` in `lang`, with the context's channel and zone.
///
/// ```
/// use calendar_publish::message::{Lang, MessageContext, explanation_text};
/// use calendar_publish::model::{Explanation, NextStep, Tile};
///
/// let explanation = Explanation {
///     tile: Tile::Scheduled,
///     cause: None,
///     actor: None,
///     next: NextStep::PublishesAt { at: "2026-04-02T07:00:00Z".parse()? },
///     actions: vec![],
/// };
/// let context = MessageContext { zone: Some("Europe/Madrid".parse()?), ..Default::default() };
/// let text = explanation_text(&explanation, Lang::Es, &context);
/// assert_eq!(text.next, "Se publicará el jue 2 abr 2026, 09:00 (Europe/Madrid).");
/// # Ok::<(), calendar_publish::Error>(())
/// ```
pub fn explanation_text(
    explanation: &Explanation,
    lang: Lang,
    context: &MessageContext,
) -> ExplanationText {
    ExplanationText {
        title: tile_label(explanation.tile, lang),
        cause: explanation
            .cause
            .as_ref()
            .map(|finding| finding_text(finding, lang, context)),
        who: who(explanation.actor, lang, context),
        next: next(explanation.next, lang, context),
        actions: explanation
            .actions
            .iter()
            .map(|action| action_label(*action, lang))
            .collect(),
    }
}

fn who(actor: Option<Actor>, lang: Lang, context: &MessageContext) -> String {
    let channel = match context.channel {
        Some(channel) => channel.brand(),
        None => lang.pick("la plataforma", "the platform"),
    };
    match (lang, actor) {
        (Lang::Es, None) => "Nadie tiene que hacer nada.".to_owned(),
        (Lang::En, None) => "Nobody has to do anything.".to_owned(),
        (Lang::Es, Some(Actor::Content)) => "Le toca a quien prepara el contenido.".to_owned(),
        (Lang::En, Some(Actor::Content)) => "It is up to whoever prepares the content.".to_owned(),
        (Lang::Es, Some(Actor::Account)) => {
            format!("Le toca a quien administra la cuenta de {channel}.")
        }
        (Lang::En, Some(Actor::Account)) => {
            format!("It is up to whoever owns the account on {channel}.")
        }
        (Lang::Es, Some(Actor::App)) => "Le toca al equipo de la aplicación.".to_owned(),
        (Lang::En, Some(Actor::App)) => "It is up to the app's team.".to_owned(),
        (Lang::Es, Some(Actor::Platform)) => format!("Depende de {channel}."),
        (Lang::En, Some(Actor::Platform)) => format!("It depends on {channel}."),
    }
}

fn next(step: NextStep, lang: Lang, context: &MessageContext) -> String {
    let format = Formatter::new(lang, context.zone.unwrap_or(Zone::UTC));
    match (lang, step) {
        (Lang::Es, NextStep::PublishesAt { at }) => {
            format!("Se publicará el {}.", format.instant(at))
        }
        (Lang::En, NextStep::PublishesAt { at }) => {
            format!("It will be published on {}.", format.instant(at))
        }
        (Lang::Es, NextStep::RetriesAt { at, attempt }) => {
            let at = format.instant(at);
            format!("Se volverá a intentar el {at}; será el intento {attempt}.")
        }
        (Lang::En, NextStep::RetriesAt { at, attempt }) => {
            let at = format.instant(at);
            format!("It will be tried again on {at}; that will be attempt {attempt}.")
        }
        (Lang::Es, NextStep::ResolvesBy { at }) => format!(
            "Estamos comprobando si se publicó; lo sabremos a más tardar el {}.",
            format.instant(at)
        ),
        (Lang::En, NextStep::ResolvesBy { at }) => format!(
            "We are checking whether it was published; we will know by {} at the latest.",
            format.instant(at)
        ),
        (Lang::Es, NextStep::WaitsForPerson) => {
            "No pasará nada hasta que alguien actúe.".to_owned()
        }
        (Lang::En, NextStep::WaitsForPerson) => "Nothing happens until somebody acts.".to_owned(),
        (Lang::Es, NextStep::Done) => "No queda nada por hacer.".to_owned(),
        (Lang::En, NextStep::Done) => "There is nothing left to do.".to_owned(),
    }
}
