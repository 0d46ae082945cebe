//! The words on badges, buttons and filters.

use serde::{Deserialize, Serialize};

use super::Lang;
use super::word::channel_name;
use crate::error::Actor;
use crate::model::{AccountStatus, Action, Channel, JobStatus, Severity, Tile};

/// What a badge's colour means; the host's palette has the shades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// All is well: green.
    Success,
    /// Something is missing.
    Warning,
    /// Something is broken.
    Error,
    /// Nothing to say.
    Neutral,
    /// A person should look.
    Amber,
}

/// The badge of a tile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TileLabel {
    /// The tile.
    pub tile: Tile,
    /// The badge's text.
    pub label: String,
    /// The badge's colour.
    pub tone: Tone,
}

/// The button of an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActionLabel {
    /// The action.
    pub action: Action,
    /// The button's text.
    pub label: String,
}

/// The name of a severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeverityLabel {
    /// The severity.
    pub severity: Severity,
    /// Its name.
    pub label: String,
}

/// The name of whoever must act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActorLabel {
    /// Who must act.
    pub actor: Actor,
    /// The name.
    pub label: String,
}

/// The name of a job's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobStatusLabel {
    /// The status.
    pub status: JobStatus,
    /// Its name.
    pub label: String,
}

/// The name of an account's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountStatusLabel {
    /// The status.
    pub status: AccountStatus,
    /// Its name.
    pub label: String,
}

/// Every label in one language, for an interface to load once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Labels {
    /// The badges.
    pub tiles: Vec<TileLabel>,
    /// The buttons.
    pub actions: Vec<ActionLabel>,
    /// The severities, heaviest first.
    pub severities: Vec<SeverityLabel>,
    /// Who can be asked to act.
    pub actors: Vec<ActorLabel>,
    /// The statuses of a job, in the order of its life.
    pub job_statuses: Vec<JobStatusLabel>,
    /// The statuses of an account.
    pub account_statuses: Vec<AccountStatusLabel>,
}

const TILES: [Tile; 10] = [
    Tile::Ready,
    Tile::MissingMedia,
    Tile::TokenExpired,
    Tile::FailedRetry,
    Tile::Published,
    Tile::NeedsAttention,
    Tile::Draft,
    Tile::Scheduled,
    Tile::Publishing,
    Tile::DeliveredToInbox,
];

const ACTIONS: [Action; 15] = [
    Action::UploadMedia,
    Action::ReplaceMedia,
    Action::EditContent,
    Action::LinkAccount,
    Action::RelinkAccount,
    Action::OpenPlatformApp,
    Action::Reschedule,
    Action::Schedule,
    Action::Retry,
    Action::Cancel,
    Action::LookOnPlatform,
    Action::ConfirmPublished,
    Action::ConfirmNotPublished,
    Action::FinishInInbox,
    Action::ContactSupport,
];

/// Every label in `lang`.
///
/// ```
/// use calendar_publish::message::{Lang, Tone, labels};
///
/// let labels = labels(Lang::Es);
/// assert_eq!(labels.tiles[0].label, "Listo");
/// assert_eq!(labels.tiles[0].tone, Tone::Success);
/// ```
pub fn labels(lang: Lang) -> Labels {
    Labels {
        tiles: TILES.map(|tile| tile_label(tile, lang)).to_vec(),
        actions: ACTIONS
            .map(|action| action_label(action, None, lang))
            .to_vec(),
        severities: [Severity::Blocking, Severity::Warning, Severity::Notice]
            .map(|severity| SeverityLabel {
                severity,
                label: severity_name(severity, lang).to_owned(),
            })
            .to_vec(),
        actors: [Actor::Content, Actor::Account, Actor::App, Actor::Platform]
            .map(|actor| ActorLabel {
                actor,
                label: actor_name(actor, lang).to_owned(),
            })
            .to_vec(),
        job_statuses: JobStatus::ALL
            .map(|status| JobStatusLabel {
                status,
                label: job_status_name(status, lang).to_owned(),
            })
            .to_vec(),
        account_statuses: [
            AccountStatus::Ok,
            AccountStatus::Expired,
            AccountStatus::Revoked,
        ]
        .map(|status| AccountStatusLabel {
            status,
            label: account_status_name(status, lang).to_owned(),
        })
        .to_vec(),
    }
}

/// The badge of one tile.
pub fn tile_label(tile: Tile, lang: Lang) -> TileLabel {
    let (es, en, tone) = match tile {
        Tile::Ready => ("Listo", "Ready", Tone::Success),
        Tile::MissingMedia => ("Faltan archivos", "Missing media", Tone::Warning),
        Tile::TokenExpired => ("Permiso caducado", "Token expired", Tone::Error),
        Tile::FailedRetry => ("Falló, se reintentará", "Failed, will retry", Tone::Error),
        Tile::Published => ("Publicado", "Published", Tone::Success),
        Tile::NeedsAttention => ("Necesita atención", "Needs attention", Tone::Amber),
        Tile::Draft => ("Borrador", "Draft", Tone::Neutral),
        Tile::Scheduled => ("Programado", "Scheduled", Tone::Neutral),
        Tile::Publishing => ("Publicando", "Publishing", Tone::Neutral),
        Tile::DeliveredToInbox => (
            "En la bandeja de TikTok",
            "In the TikTok inbox",
            Tone::Amber,
        ),
    };
    TileLabel {
        tile,
        label: lang.pick(es, en).to_owned(),
        tone,
    }
}

/// The button of an action; with a channel it names it.
pub(super) fn action_label(action: Action, channel: Option<Channel>, lang: Lang) -> ActionLabel {
    let (es, en) = match action {
        Action::UploadMedia => ("Subir archivos", "Upload media"),
        Action::ReplaceMedia => ("Cambiar el archivo", "Replace the file"),
        Action::EditContent => ("Editar el contenido", "Edit the content"),
        Action::LinkAccount => ("Vincular una cuenta", "Link an account"),
        Action::RelinkAccount => ("Volver a vincular la cuenta", "Link the account again"),
        Action::OpenPlatformApp => ("Abrir {channel}", "Open {channel}"),
        Action::Reschedule => ("Elegir otra hora", "Choose another time"),
        Action::Schedule => ("Programar", "Schedule"),
        Action::Retry => ("Reintentar ahora", "Try again now"),
        Action::Cancel => ("Cancelar la publicación", "Cancel the post"),
        Action::LookOnPlatform => ("Mirar en {channel}", "Look on {channel}"),
        Action::ConfirmPublished => ("Sí se publicó", "It was published"),
        Action::ConfirmNotPublished => ("No se publicó", "It wasn't published"),
        Action::FinishInInbox => ("Terminar en TikTok", "Finish in TikTok"),
        Action::ContactSupport => ("Avisar al equipo de la aplicación", "Tell the app's team"),
    };
    ActionLabel {
        action,
        label: lang
            .pick(es, en)
            .replace("{channel}", channel_name(channel, lang)),
    }
}

const fn severity_name(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Blocking => lang.pick("Impide publicar", "Blocks publishing"),
        Severity::Warning => lang.pick("Aviso", "Warning"),
        Severity::Notice => lang.pick("Información", "Good to know"),
    }
}

const fn actor_name(actor: Actor, lang: Lang) -> &'static str {
    match actor {
        Actor::Content => lang.pick("Quien prepara el contenido", "Whoever prepares the content"),
        Actor::Account => lang.pick("Quien administra la cuenta", "Whoever owns the account"),
        Actor::App => lang.pick("El equipo de la aplicación", "The app's team"),
        Actor::Platform => lang.pick("La plataforma", "The platform"),
    }
}

const fn job_status_name(status: JobStatus, lang: Lang) -> &'static str {
    match status {
        JobStatus::Scheduled => lang.pick("Programada", "Scheduled"),
        JobStatus::Publishing => lang.pick("Publicando", "Publishing"),
        JobStatus::Published => lang.pick("Publicada", "Published"),
        JobStatus::DeliveredToInbox => lang.pick("En la bandeja de TikTok", "In the TikTok inbox"),
        JobStatus::Failed => lang.pick("Falló, se reintentará", "Failed, will retry"),
        JobStatus::NeedsAttention => lang.pick("Necesita atención", "Needs attention"),
        JobStatus::Cancelled => lang.pick("Cancelada", "Cancelled"),
    }
}

const fn account_status_name(status: AccountStatus, lang: Lang) -> &'static str {
    match status {
        AccountStatus::Ok => lang.pick("Vinculada", "Linked"),
        AccountStatus::Expired => lang.pick("Permiso caducado", "Permission expired"),
        AccountStatus::Revoked => lang.pick("Permiso retirado", "Permission withdrawn"),
    }
}
