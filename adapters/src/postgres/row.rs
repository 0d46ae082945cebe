//! Between our types and PostgreSQL's columns.

use calendar_publish::Error;
use calendar_publish::model::{CalendarEntry, CalendarId, EntryId, Timestamp};
use calendar_publish::ports::{StoreError, read_payload};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StringDeserializer};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;
use uuid::Uuid;

use crate::details::EntryDetails;

/// A column's value.
pub(super) fn get<'a, T: FromSql<'a>>(
    row: &'a Row,
    table: &str,
    column: &str,
) -> Result<T, StoreError> {
    row.try_get(column)
        .map_err(|error| StoreError::corrupt(format!("{table}.{column}"), error))
}

/// A number's column as the number it stands for.
pub(super) fn number<T: TryFrom<i64>>(
    row: &Row,
    table: &str,
    column: &str,
) -> Result<T, StoreError> {
    let number: i64 = get(row, table, column)?;
    T::try_from(number)
        .map_err(|_| StoreError::corrupt(format!("{table}.{column}"), "out of range"))
}

/// A column's instant.
pub(super) fn instant(
    row: &Row,
    table: &str,
    column: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let instant: Option<DateTime<Utc>> = get(row, table, column)?;
    Ok(instant.map(Timestamp::from))
}

/// The text of a column; the type's own reading decides whether it is one of its values.
pub(super) fn read<T: DeserializeOwned>(
    row: &Row,
    table: &str,
    column: &str,
) -> Result<Option<T>, StoreError> {
    let text: Option<String> = get(row, table, column)?;
    text.map(|text| {
        named(text).map_err(|error| StoreError::corrupt(format!("{table}.{column}"), error))
    })
    .transpose()
}

/// A value by its name on the wire.
pub(super) fn named<T: DeserializeOwned>(name: String) -> Result<T, ValueError> {
    let name: StringDeserializer<ValueError> = name.into_deserializer();
    T::deserialize(name)
}

/// A column that can't be null for what this library wrote.
pub(super) fn present<T>(value: Option<T>, table: &str, column: &str) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::corrupt(format!("{table}.{column}"), "is null"))
}

/// The JSON document of a text.
pub(super) fn document<T: DeserializeOwned>(json: &str, place: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::corrupt(place, error))
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

/// A value as JSON text.
pub(super) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt("column", error))
}

/// JSON text without null characters, which jsonb can't hold: each becomes U+FFFD. A backslash that is
/// itself escaped begins no escape.
pub(super) fn harmless(json: String) -> String {
    const NULL: &str = "u0000";
    if !json.contains("\\u0000") {
        return json;
    }
    let mut text = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        text.push_str(before);
        let after = &escape[1..];
        if let Some(tail) = after.strip_prefix(NULL) {
            text.push_str("\\ufffd");
            rest = tail;
        } else {
            // What is escaped is ASCII: serde_json writes no other escapes.
            let length = 1 + after.chars().next().map_or(0, char::len_utf8);
            text.push_str(&escape[..length]);
            rest = &escape[length..];
        }
    }
    text.push_str(rest);
    text
}

/// The columns of entries, each a list: one statement writes them all.
#[derive(Default)]
pub(super) struct EntryColumns {
    pub(super) ids: Vec<Uuid>,
    pub(super) keys: Vec<Option<String>>,
    pub(super) payloads: Vec<String>,
    pub(super) channels: Vec<&'static str>,
    pub(super) scheduled: Vec<Option<DateTime<Utc>>>,
    pub(super) readiness: Vec<Option<&'static str>>,
    pub(super) details: Vec<String>,
    pub(super) revisions: Vec<i64>,
}

impl EntryColumns {
    pub(super) fn of(entries: &[CalendarEntry]) -> Result<Self, StoreError> {
        let mut columns = Self::default();
        for entry in entries {
            columns.ids.push(entry.id.uuid());
            columns.keys.push(entry.entry_key.clone());
            columns.payloads.push(json(&entry.piece)?);
            columns.channels.push(entry.piece.channel.as_str());
            columns
                .scheduled
                .push(entry.scheduled_at.map(Timestamp::utc));
            columns
                .readiness
                .push(entry.readiness.map(|state| state.as_str()));
            columns.details.push(json(&EntryDetails::of(entry))?);
            columns.revisions.push(entry.revision);
        }
        Ok(columns)
    }
}

/// Reads an entry. A payload that can't be read is a matter of that row alone and comes back as the
/// inner error; anything else that can't be read means that the store is damaged.
pub(super) fn entry(
    row: &Row,
    table: &str,
    calendar_id: CalendarId,
) -> Result<Result<CalendarEntry, Error>, StoreError> {
    let payload: &str = get(row, table, "payload")?;
    let piece = match read_payload(payload) {
        Ok(piece) => piece,
        Err(error) => return Ok(Err(error)),
    };
    let details: Option<&str> = get(row, table, "details")?;
    let details: EntryDetails<'static> = match details {
        Some(json) => document(json, &format!("{table}.details"))?,
        None => EntryDetails::default(),
    };
    let mut entry = CalendarEntry::new(entry_id(row, table)?, calendar_id, piece);
    entry.entry_key = get(row, table, "entry_key")?;
    entry.scheduled_at = instant(row, table, "scheduled_at")?;
    entry.readiness = read(row, table, "readiness")?;
    entry.revision = get::<Option<i64>>(row, table, "revision")?.unwrap_or(0);
    details.give(&mut entry);
    Ok(Ok(entry))
}

pub(super) fn entry_id(row: &Row, table: &str) -> Result<EntryId, StoreError> {
    Ok(EntryId::new(get(row, table, "id")?))
}
