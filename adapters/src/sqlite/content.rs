//! What jobs publish.

use std::sync::OnceLock;

use calendar_publish::model::{CalendarEntry, CalendarId, CalendarPiece, EntryId};
use calendar_publish::ports::StoreError;
use rusqlite::{Connection, params};

use super::job_row::JobRow;
use super::row::{EntryRow, entry, failed};

const TABLE: &str = "publish_job_contents";

/// Stores `entry` and gives its number.
pub(super) fn insert(connection: &Connection, entry: &CalendarEntry) -> Result<i64, StoreError> {
    let row = EntryRow::new(entry)?;
    connection
        .prepare_cached(
            "INSERT INTO publish_job_contents (id, entry_key, payload, scheduled_at, readiness,
                details, revision)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .map_err(failed)?
        .insert(params![
            entry.id.to_string(),
            entry.entry_key,
            row.payload,
            row.scheduled_at,
            row.readiness,
            row.details,
            entry.revision,
        ])
        .map_err(failed)
}

/// The content of that number.
pub(super) fn find(
    connection: &Connection,
    number: i64,
    calendar_id: CalendarId,
) -> Result<CalendarEntry, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM publish_job_contents WHERE number = ?1")
        .map_err(failed)?;
    let mut rows = statement.query([number]).map_err(failed)?;
    match rows.next().map_err(failed)? {
        None => Err(StoreError::corrupt(TABLE, format!("{number} is missing"))),
        Some(row) => entry(row, TABLE, calendar_id)?
            .map_err(|error| StoreError::corrupt(format!("{TABLE}.payload"), error)),
    }
}

/// Replaces what a live job is to publish next. What it was claimed with stays.
pub(super) fn replace(connection: &Connection, row: &mut JobRow) -> Result<(), StoreError> {
    let old = row.content;
    row.content = insert(connection, &row.record.entry)?;
    row.update(connection)?;
    if row.frozen_content == Some(old) {
        return Ok(());
    }
    remove(connection, old)
}

/// Lets the job hold to what it is to publish now, and forgets what it held to before.
pub(super) fn freeze(row: &mut JobRow) -> Option<i64> {
    let old = row.frozen_content.replace(row.content);
    old.filter(|old| *old != row.content)
}

pub(super) fn remove(connection: &Connection, number: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM publish_job_contents WHERE number = ?1")
        .map_err(failed)?
        .execute([number])
        .map(drop)
        .map_err(failed)
}

/// An entry that stands where nobody looks at the content.
pub(super) fn stand_in(id: EntryId, calendar_id: CalendarId) -> Result<CalendarEntry, StoreError> {
    static PIECE: OnceLock<Option<CalendarPiece>> = OnceLock::new();
    PIECE
        .get_or_init(|| {
            serde_json::from_str(r#"{"channel":"tiktok","date":"1970-01-01","time":"00:00"}"#).ok()
        })
        .clone()
        .map(|piece| CalendarEntry::new(id, calendar_id, piece))
        .ok_or_else(|| StoreError::corrupt(TABLE, "no empty piece"))
}
