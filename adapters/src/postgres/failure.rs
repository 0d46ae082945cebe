//! Between PostgreSQL's errors and the port's.

use calendar_publish::error::Measure;
use calendar_publish::ports::StoreError;
use calendar_publish::{Code, Error};
use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

/// Why an operation didn't come to its end.
#[derive(Debug)]
pub(super) enum Failure {
    /// The port's own refusal.
    Store(StoreError),
    /// PostgreSQL's, or the connection's.
    Database(tokio_postgres::Error),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error)
    }
}

impl Failure {
    /// Whether the same operation can succeed at once: two writers met, and this one was sent back.
    pub(super) fn is_collision(&self) -> bool {
        let Self::Database(error) = self else {
            return false;
        };
        matches!(
            error.code(),
            Some(
                &SqlState::T_R_SERIALIZATION_FAILURE
                    | &SqlState::T_R_DEADLOCK_DETECTED
                    | &SqlState::UNIQUE_VIOLATION
            )
        )
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => error,
            Failure::Database(error) => failed(&error),
        }
    }
}

/// What PostgreSQL or the connection to it said, in the port's words.
fn failed(error: &tokio_postgres::Error) -> StoreError {
    let Some(said) = error.as_db_error() else {
        return StoreError::unavailable(chain(error));
    };
    match *said.code() {
        // A null character: PostgreSQL's texts can't hold one.
        SqlState::CHARACTER_NOT_IN_REPERTOIRE | SqlState::UNTRANSLATABLE_CHARACTER => {
            StoreError::Invalid(
                Error::new(Code::FieldValueInvalid).measured(Measure::text(said.message())),
            )
        }
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => {
            StoreError::corrupt("database", said.message())
        }
        SqlState::UNDEFINED_TABLE
        | SqlState::UNDEFINED_FUNCTION
        | SqlState::UNDEFINED_COLUMN
        | SqlState::INVALID_SCHEMA_NAME => StoreError::unavailable(format!(
            "{}: the schema isn't up to date, `migrate` brings it there",
            said.message()
        )),
        // What can't be stored now can't be stored later: nobody must wait for it.
        ref code if is_refusal(code) => {
            StoreError::Invalid(Error::new(Code::FieldValueInvalid).measured(Measure::text(
                format!("{}: {}", code.code(), said.message()),
            )))
        }
        _ => StoreError::unavailable(format!("{}: {}", said.code().code(), said.message())),
    }
}

/// Whether the data themselves were refused: by their type, by a constraint, or by a limit of the server.
/// Of two writers with the same key the second is told by the operation, not by this.
fn is_refusal(code: &SqlState) -> bool {
    let class = code.code().get(..2).unwrap_or_default();
    matches!(class, "22" | "23" | "54") && *code != SqlState::UNIQUE_VIOLATION
}

pub(super) fn no_connection(error: &PoolError) -> StoreError {
    match error {
        PoolError::Backend(error) => failed(error),
        other => StoreError::unavailable(chain(other)),
    }
}

/// An error with its causes: the driver's own words alone say little.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
