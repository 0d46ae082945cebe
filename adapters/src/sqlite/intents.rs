//! Publish intents, and the commands that made them.

use calendar_publish::model::{CalendarId, PublishIntent, UserId};
use calendar_publish::ports::{Command, RecordIntents, Recorded, StoreError};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::row::{failed, json, read, read_optional, word};

pub(super) fn record(
    connection: &mut Connection,
    record: &RecordIntents,
) -> Result<Recorded, StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    if let Some(wanted) = &record.command {
        match command(&transaction, record.user_id, &wanted.key)? {
            Some(earlier) if earlier.fingerprint != wanted.fingerprint => {
                return Err(StoreError::CommandConflict { key: earlier.key });
            }
            Some(earlier) => {
                return Ok(Recorded::Before {
                    answer: earlier.answer,
                });
            }
            None => insert_command(&transaction, record.user_id, wanted)?,
        }
    }
    let new = insert_intents(&transaction, &record.intents)?;
    transaction.commit().map_err(failed)?;
    Ok(Recorded::Now { new })
}

pub(super) fn insert_command(
    connection: &Connection,
    user_id: UserId,
    command: &Command,
) -> Result<(), StoreError> {
    connection
        .execute(
            "INSERT INTO publish_commands (user_id, key, fingerprint, answer)
             VALUES (?1, ?2, ?3, ?4)",
            params![
                user_id.to_string(),
                command.key,
                command.fingerprint,
                command.answer
            ],
        )
        .map(drop)
        .map_err(failed)
}

fn insert_intents(
    transaction: &Transaction<'_>,
    intents: &[PublishIntent],
) -> Result<u32, StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "INSERT INTO publish_intents (user_id, id, calendar_id, run_id, entry_id, channel, payload,
                status, error, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (user_id, id) DO NOTHING",
        )
        .map_err(failed)?;
    let mut new = 0_u32;
    for intent in intents {
        let inserted = statement
            .execute(params![
                intent.user_id.to_string(),
                intent.id.to_string(),
                intent.calendar_id.to_string(),
                intent.run_id.map(|id| id.to_string()),
                intent.entry_id.to_string(),
                intent.channel.as_str(),
                intent.payload,
                word(&intent.status)?,
                intent.error.as_ref().map(json).transpose()?,
                intent.created_at.to_string(),
            ])
            .map_err(failed)?;
        if inserted > 0 {
            new = new.saturating_add(1);
        }
    }
    Ok(new)
}

pub(super) fn list(
    connection: &Connection,
    user_id: UserId,
    calendar_id: CalendarId,
) -> Result<Vec<PublishIntent>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT * FROM publish_intents WHERE user_id = ?1 AND calendar_id = ?2 ORDER BY sequence",
        )
        .map_err(failed)?;
    let mut rows = statement
        .query(params![user_id.to_string(), calendar_id.to_string()])
        .map_err(failed)?;
    let mut intents = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        intents.push(read_intent(row)?);
    }
    Ok(intents)
}

fn read_intent(row: &Row<'_>) -> Result<PublishIntent, StoreError> {
    let table = "publish_intents";
    let error: Option<String> = read_optional(row, table, "error")?;
    Ok(PublishIntent {
        id: read(row, table, "id")?,
        calendar_id: read(row, table, "calendar_id")?,
        run_id: read_optional(row, table, "run_id")?,
        user_id: read(row, table, "user_id")?,
        entry_id: read(row, table, "entry_id")?,
        channel: read(row, table, "channel")?,
        payload: read(row, table, "payload")?,
        status: read(row, table, "status")?,
        error: error
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|error| StoreError::corrupt("publish_intents.error", error))?,
        created_at: read(row, table, "created_at")?,
    })
}

pub(super) fn command(
    connection: &Connection,
    user_id: UserId,
    key: &str,
) -> Result<Option<Command>, StoreError> {
    connection
        .query_row(
            "SELECT key, fingerprint, answer FROM publish_commands WHERE user_id = ?1 AND key = ?2",
            params![user_id.to_string(), key],
            |row| {
                Ok(Command {
                    key: row.get(0)?,
                    fingerprint: row.get(1)?,
                    answer: row.get(2)?,
                })
            },
        )
        .optional()
        .map_err(failed)
}
