//! The attempt ledger: a chain of rows for each account.

use calendar_publish::ledger::{LedgerHead, LedgerRecord, LedgerRow, chain};
use calendar_publish::model::AccountId;
use calendar_publish::ports::StoreError;
use rusqlite::{Connection, OptionalExtension, params};

use super::row::{failed, number, read};

/// Adds a row to its account's chain.
pub(super) fn append(connection: &Connection, record: &LedgerRecord) -> Result<(), StoreError> {
    let head = connection
        .prepare_cached(
            "SELECT sequence, hash FROM publish_ledger WHERE account_id = ?1
             ORDER BY sequence DESC LIMIT 1",
        )
        .map_err(failed)?
        .query_row([record.account_id.to_string()], |row| {
            Ok(LedgerHead {
                sequence: row.get(0)?,
                hash: row.get(1)?,
            })
        })
        .optional()
        .map_err(failed)?
        .unwrap_or_default();
    let row = chain(&head, record).map_err(StoreError::Invalid)?;
    connection
        .prepare_cached(
            "INSERT INTO publish_ledger (account_id, sequence, record, previous_hash, hash)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .map_err(failed)?
        .execute(params![
            row.account_id.to_string(),
            row.sequence,
            row.record,
            row.previous_hash,
            row.hash,
        ])
        .map(drop)
        .map_err(failed)
}

/// The account's rows after row `after`.
pub(super) fn list(
    connection: &Connection,
    account_id: AccountId,
    after: i64,
    limit: u32,
) -> Result<Vec<LedgerRow>, StoreError> {
    let table = "publish_ledger";
    let mut statement = connection
        .prepare_cached(
            "SELECT * FROM publish_ledger WHERE account_id = ?1 AND sequence > ?2
             ORDER BY sequence LIMIT ?3",
        )
        .map_err(failed)?;
    let mut rows = statement
        .query(params![account_id.to_string(), after, limit])
        .map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        found.push(LedgerRow {
            account_id: read(row, table, "account_id")?,
            sequence: number(row, table, "sequence")?,
            record: read(row, table, "record")?,
            previous_hash: read(row, table, "previous_hash")?,
            hash: read(row, table, "hash")?,
        });
    }
    Ok(found)
}
