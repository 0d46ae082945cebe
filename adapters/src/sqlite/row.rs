//! Between our types and SQLite's columns, and between SQLite's errors and ours.

use calendar_publish::error::Measure;
use calendar_publish::model::{CalendarEntry, CalendarId};
use calendar_publish::ports::StoreError;
use calendar_publish::{Code, Error};
use rusqlite::{ErrorCode, Row};
use serde::Serialize;
use serde::de::value::{Error as ValueError, StringDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::details::EntryDetails;

/// The reason that is given where somebody else holds the database.
pub(super) const LOCKED: &str = "the database is locked";

/// What SQLite refused, in the port's words.
pub(super) fn failed(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::unavailable(LOCKED)
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::corrupt("file", error)
        }
        // What can't be stored now can't be stored later: nobody must wait for it.
        Some(ErrorCode::TooBig | ErrorCode::TypeMismatch) => StoreError::Invalid(
            Error::new(Code::FieldValueInvalid).measured(Measure::text(error.to_string())),
        ),
        Some(_) => StoreError::unavailable(error.to_string()),
        None => StoreError::corrupt("column", error),
    }
}

/// The text of a column; the type's own reading decides whether it is one of its values.
pub(super) fn read<T: DeserializeOwned>(
    row: &Row<'_>,
    table: &str,
    column: &str,
) -> Result<T, StoreError> {
    match read_optional(row, table, column)? {
        Some(value) => Ok(value),
        None => Err(StoreError::corrupt(format!("{table}.{column}"), "is null")),
    }
}

/// The text of a column that may be null.
pub(super) fn read_optional<T: DeserializeOwned>(
    row: &Row<'_>,
    table: &str,
    column: &str,
) -> Result<Option<T>, StoreError> {
    let place = || format!("{table}.{column}");
    let text: Option<String> = row
        .get(column)
        .map_err(|error| StoreError::corrupt(place(), error))?;
    text.map(|text| {
        let text: StringDeserializer<ValueError> = text.into_deserializer();
        T::deserialize(text).map_err(|error| StoreError::corrupt(place(), error))
    })
    .transpose()
}

/// The number in a column.
pub(super) fn number<T: TryFrom<i64>>(
    row: &Row<'_>,
    table: &str,
    column: &str,
) -> Result<T, StoreError> {
    let place = || format!("{table}.{column}");
    let number: i64 = row
        .get(column)
        .map_err(|error| StoreError::corrupt(place(), error))?;
    T::try_from(number).map_err(|_| StoreError::corrupt(place(), "out of range"))
}

/// The JSON document in a column.
pub(super) fn document<T: DeserializeOwned>(
    row: &Row<'_>,
    table: &str,
    column: &str,
) -> Result<T, StoreError> {
    let json: String = read(row, table, column)?;
    serde_json::from_str(&json)
        .map_err(|error| StoreError::corrupt(format!("{table}.{column}"), error))
}

/// A value as the text of a column: an enum's name on the wire.
pub(super) fn word(value: &impl Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(other) => Err(StoreError::corrupt(
            "column",
            format!("`{other}` is no text"),
        )),
        Err(error) => Err(StoreError::corrupt("column", error)),
    }
}

/// A value as the JSON document of a column.
pub(super) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt("column", error))
}

/// The columns of an entry: the host's own, and one document with what only this library knows.
pub(super) struct EntryRow {
    pub(super) payload: String,
    pub(super) scheduled_at: Option<String>,
    pub(super) readiness: Option<&'static str>,
    pub(super) details: String,
}

impl EntryRow {
    pub(super) fn new(entry: &CalendarEntry) -> Result<Self, StoreError> {
        Ok(Self {
            payload: json(&entry.piece)?,
            scheduled_at: entry.scheduled_at.map(|at| at.to_string()),
            readiness: entry.readiness.map(|state| state.as_str()),
            details: json(&EntryDetails::of(entry))?,
        })
    }
}

/// Reads an entry. A payload that can't be read is a matter of that row alone and comes back as the
/// inner error; anything else that can't be read means that the store is damaged.
pub(super) fn entry(
    row: &Row<'_>,
    table: &str,
    calendar_id: CalendarId,
) -> Result<Result<CalendarEntry, calendar_publish::Error>, StoreError> {
    let payload: String = read(row, table, "payload")?;
    let piece = match calendar_publish::ports::read_payload(&payload) {
        Ok(piece) => piece,
        Err(error) => return Ok(Err(error)),
    };
    let details: EntryDetails<'static> = document(row, table, "details")?;
    let mut entry = CalendarEntry::new(read(row, table, "id")?, calendar_id, piece);
    entry.entry_key = read_optional(row, table, "entry_key")?;
    entry.scheduled_at = read_optional(row, table, "scheduled_at")?;
    entry.readiness = read_optional(row, table, "readiness")?;
    entry.revision = number(row, table, "revision")?;
    details.give(&mut entry);
    Ok(Ok(entry))
}
