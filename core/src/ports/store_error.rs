//! Why the store couldn't do what it was asked.

use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::RunId;
use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

/// What isn't there. Rows of other users are as absent as rows that never were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The calendar.
    Calendar,
    /// The run, of this calendar.
    Run,
    /// The account.
    Account,
}

/// Why the store couldn't do what it was asked. In every case the stored rows are as they were.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum StoreError {
    /// It can't be reached or can't write now; it may later.
    #[error("the store is unavailable: {reason}")]
    Unavailable {
        /// Why, for developers.
        reason: String,
    },
    /// Somebody else saved in the meantime.
    #[error("the calendar is at revision {found}, not {expected}")]
    RevisionConflict {
        /// The revision the caller had read.
        expected: i64,
        /// The revision the calendar has; 0 where it was never saved.
        found: i64,
    },
    /// A run of this id was saved with other content.
    #[error("run `{run_id}` was saved with other content")]
    RunConflict {
        /// The run.
        run_id: RunId,
    },
    /// The idempotency key was used for other content.
    #[error("idempotency key `{key}` was used for other content")]
    CommandConflict {
        /// The key.
        key: String,
    },
    /// There is no such row for this user.
    #[error("not found: {what:?}")]
    NotFound {
        /// What isn't there.
        what: Missing,
    },
    /// What was to be stored contradicts itself.
    #[error("invalid: {0}")]
    Invalid(Error),
    /// A stored row can't be read.
    #[error("`{place}` can't be read: {reason}")]
    Corrupt {
        /// The table and column.
        place: String,
        /// Why, for developers.
        reason: String,
    },
    /// The database was written by a newer version of this library.
    #[error("the database has schema {found}, this version knows up to {known}")]
    SchemaNewer {
        /// The schema that was found.
        found: i64,
        /// The newest schema this version knows.
        known: i64,
    },
}

impl StoreError {
    /// A store that can't be reached, and why.
    pub fn unavailable(reason: impl Into<String>) -> Self {
        Self::Unavailable {
            reason: reason.into(),
        }
    }

    /// A row that can't be read, where and why.
    pub fn corrupt(place: impl Into<String>, reason: impl ToString) -> Self {
        Self::Corrupt {
            place: place.into(),
            reason: reason.to_string(),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable { reason } => {
                Self::new(Code::StoreUnavailable).measured(Measure::text(reason))
            }
            StoreError::RevisionConflict { expected, found } => Self::new(Code::RevisionConflict)
                .at("expectedRevision")
                .measured(Measure::integer(expected, Unit::Revision))
                .allowed(Allowed::one_of([found.to_string()])),
            StoreError::RunConflict { run_id } => Self::new(Code::IdempotencyConflict)
                .at("run.id")
                .measured(Measure::text(run_id.to_string())),
            StoreError::CommandConflict { key } => Self::new(Code::IdempotencyConflict)
                .at("idempotencyKey")
                .measured(Measure::text(key)),
            StoreError::NotFound { what } => match what {
                Missing::Calendar => Self::new(Code::CalendarNotFound).at("calendarId"),
                Missing::Run => Self::new(Code::CalendarNotFound).at("runId"),
                Missing::Account => Self::new(Code::AccountNotFound).at("accountId"),
            },
            StoreError::Invalid(error) => error,
            StoreError::Corrupt { place, reason } => Self::new(Code::StoreCorrupt)
                .at(place)
                .measured(Measure::text(reason)),
            StoreError::SchemaNewer { found, known } => Self::new(Code::StoreSchemaNewer)
                .measured(Measure::integer(found, Unit::Plain))
                .allowed(Allowed::at_most(known as f64, Unit::Plain)),
        }
    }
}
