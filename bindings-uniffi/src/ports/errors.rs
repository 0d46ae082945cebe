//! What ports fail with, and what becomes of an exception that a host throws without meaning to.

use std::time::Duration;

use calendar_publish::model::RunId;
use calendar_publish::ports::{self, Missing};
use calendar_publish::{Code, Error};
use calendar_publish_adapters::access;
use uniffi::UnexpectedUniFFICallbackError;

/// Why the store couldn't do what it was asked. Any other exception counts as `Unavailable`: the job
/// stays where it was, and is taken up again.
#[derive(Clone, Debug, PartialEq, thiserror::Error, uniffi::Error)]
pub enum StoreError {
    /// It can't be reached; the same request may succeed later.
    #[error("the store is unavailable: {reason}")]
    Unavailable {
        /// Why, for developers.
        reason: String,
    },
    /// Somebody else saved the calendar first.
    #[error("the calendar is at revision {found}, not {expected}")]
    RevisionConflict {
        /// The revision that was expected.
        expected: i64,
        /// The one it has.
        found: i64,
    },
    /// The run was saved before, with other content.
    #[error("run `{run_id}` was saved with other content")]
    RunConflict {
        /// The run.
        run_id: RunId,
    },
    /// The idempotency key was used before, for other content.
    #[error("idempotency key `{key}` was used for other content")]
    CommandConflict {
        /// The key.
        key: String,
    },
    /// It isn't there, or belongs to somebody else.
    #[error("not found: {what:?}")]
    NotFound {
        /// What isn't.
        what: Missing,
    },
    /// The request itself can't be meant.
    #[error("invalid: {problem}")]
    Invalid {
        /// What is wrong with it.
        problem: Error,
    },
    /// A stored row can't be read.
    #[error("`{place}` can't be read: {reason}")]
    Corrupt {
        /// Table and column.
        place: String,
        /// Why, for developers.
        reason: String,
    },
    /// The database was made by a newer version.
    #[error("the database has schema {found}, this version knows up to {known}")]
    SchemaNewer {
        /// The schema it has.
        found: i64,
        /// The newest that is known here.
        known: i64,
    },
}

impl From<UnexpectedUniFFICallbackError> for StoreError {
    fn from(error: UnexpectedUniFFICallbackError) -> Self {
        Self::Unavailable {
            reason: error.reason,
        }
    }
}

impl From<StoreError> for ports::StoreError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable { reason } => Self::Unavailable { reason },
            StoreError::RevisionConflict { expected, found } => {
                Self::RevisionConflict { expected, found }
            }
            StoreError::RunConflict { run_id } => Self::RunConflict { run_id },
            StoreError::CommandConflict { key } => Self::CommandConflict { key },
            StoreError::NotFound { what } => Self::NotFound { what },
            StoreError::Invalid { problem } => Self::Invalid(problem),
            StoreError::Corrupt { place, reason } => Self::Corrupt { place, reason },
            StoreError::SchemaNewer { found, known } => Self::SchemaNewer { found, known },
        }
    }
}

impl From<ports::StoreError> for StoreError {
    fn from(error: ports::StoreError) -> Self {
        use ports::StoreError as Core;
        match error {
            Core::Unavailable { reason } => Self::Unavailable { reason },
            Core::RevisionConflict { expected, found } => {
                Self::RevisionConflict { expected, found }
            }
            Core::RunConflict { run_id } => Self::RunConflict { run_id },
            Core::CommandConflict { key } => Self::CommandConflict { key },
            Core::NotFound { what } => Self::NotFound { what },
            Core::Invalid(problem) => Self::Invalid { problem },
            Core::Corrupt { place, reason } => Self::Corrupt { place, reason },
            Core::SchemaNewer { found, known } => Self::SchemaNewer { found, known },
        }
    }
}

/// Why a request has no answer. Any other exception counts as `NoAnswer`: the request may have taken
/// effect, so that the engine looks before it tries again. Its text is dropped, because it could name
/// an address with a token in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum TransportError {
    /// It never left this machine: trying again is safe.
    #[error("the request wasn't sent: {reason}")]
    NotSent {
        /// Why, for developers; without tokens.
        reason: String,
    },
    /// It was sent, or may have been: whether it took effect isn't known.
    #[error("the request wasn't answered: {reason}")]
    NoAnswer {
        /// Why, for developers; without tokens.
        reason: String,
    },
    /// The address isn't one that may be called; nothing was sent.
    #[error("the address isn't allowed: {reason}")]
    AddressForbidden {
        /// Why, for developers; without tokens.
        reason: String,
    },
}

impl From<UnexpectedUniFFICallbackError> for TransportError {
    fn from(_: UnexpectedUniFFICallbackError) -> Self {
        Self::NoAnswer {
            reason: "the host's transport threw an exception that isn't a TransportError"
                .to_owned(),
        }
    }
}

impl From<TransportError> for ports::TransportError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::NotSent { reason } => Self::NotSent { reason },
            TransportError::NoAnswer { reason } => Self::NoAnswer { reason },
            TransportError::AddressForbidden { reason } => Self::AddressForbidden { reason },
        }
    }
}

impl From<ports::TransportError> for TransportError {
    fn from(error: ports::TransportError) -> Self {
        match error {
            ports::TransportError::NotSent { reason } => Self::NotSent { reason },
            ports::TransportError::NoAnswer { reason } => Self::NoAnswer { reason },
            ports::TransportError::AddressForbidden { reason } => Self::AddressForbidden { reason },
        }
    }
}

/// Why there is no token. Any other exception counts as `Unavailable`; its text is dropped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum AccessError {
    /// The account isn't linked, or its authorisation was withdrawn: the user links it again.
    #[error("the account isn't linked, or its authorisation was withdrawn")]
    Revoked,
    /// The token has run out: the user links the account again.
    #[error("the token has run out")]
    Expired,
    /// Not at the moment; it is asked for again.
    #[error("no token at the moment: {reason}")]
    Unavailable {
        /// Why, for developers; without tokens.
        reason: String,
    },
}

impl From<UnexpectedUniFFICallbackError> for AccessError {
    fn from(_: UnexpectedUniFFICallbackError) -> Self {
        Self::Unavailable {
            reason: "the host threw an exception that isn't an AccessError".to_owned(),
        }
    }
}

impl From<AccessError> for access::AccessError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Revoked => Self::Revoked,
            AccessError::Expired => Self::Expired,
            AccessError::Unavailable { reason } => Self::Unavailable { reason },
        }
    }
}

/// Why a media file can't be read. Any other exception counts as `Unavailable`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum MediaError {
    /// The file isn't there.
    #[error("the media file isn't there")]
    Missing,
    /// The address isn't one that may be read.
    #[error("the media address isn't allowed: {reason}")]
    AddressForbidden {
        /// Why, for developers.
        reason: String,
    },
    /// Not at the moment; it is asked for again.
    #[error("the media source can't be reached: {reason}")]
    Unavailable {
        /// Why, for developers.
        reason: String,
    },
}

impl From<UnexpectedUniFFICallbackError> for MediaError {
    fn from(error: UnexpectedUniFFICallbackError) -> Self {
        Self::Unavailable {
            reason: error.reason,
        }
    }
}

impl From<MediaError> for ports::MediaError {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::Missing => Self::Missing,
            MediaError::AddressForbidden { reason } => Self::AddressForbidden { reason },
            MediaError::Unavailable { reason } => Self::Unavailable { reason },
        }
    }
}

impl From<ports::MediaError> for MediaError {
    fn from(error: ports::MediaError) -> Self {
        match error {
            ports::MediaError::Missing => Self::Missing,
            ports::MediaError::AddressForbidden { reason } => Self::AddressForbidden { reason },
            ports::MediaError::Unavailable { reason } => Self::Unavailable { reason },
        }
    }
}

/// How a step of an adapter failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error, uniffi::Error)]
pub enum AdapterError {
    /// It is known that nothing was published.
    #[error("not published: {problem}")]
    NotPublished {
        /// Why.
        problem: Error,
        /// How long the platform asks to wait.
        retry_after: Option<Duration>,
        /// What the platform said, for developers; without tokens.
        meta: Option<String>,
    },
    /// The post may be out. The engine looks before it tries again.
    #[error("outcome unknown: {problem}")]
    Unknown {
        /// Why.
        problem: Error,
        /// What the platform said, for developers; without tokens.
        meta: Option<String>,
    },
    /// An exception that isn't an `AdapterError`: it counts as `Unknown`.
    #[error("unexpected: {reason}")]
    Unexpected {
        /// What was thrown.
        reason: String,
    },
}

impl From<UnexpectedUniFFICallbackError> for AdapterError {
    fn from(error: UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected {
            reason: error.reason,
        }
    }
}

/// What went wrong in a port whose failures change nothing: a clock or a telemetry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum HostError {
    /// The host threw an exception.
    #[error("{reason}")]
    Failed {
        /// What was thrown.
        reason: String,
    },
}

impl From<UnexpectedUniFFICallbackError> for HostError {
    fn from(error: UnexpectedUniFFICallbackError) -> Self {
        Self::Failed {
            reason: error.reason,
        }
    }
}

/// What can't be set up: the HTTP client, a database file.
pub(crate) fn misconfigured(path: &str, reason: impl ToString) -> Error {
    Error::new(Code::AppMisconfigured)
        .at(path)
        .measured(calendar_publish::error::Measure::text(reason.to_string()))
}
