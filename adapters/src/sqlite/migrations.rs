//! The schema and its steps. Steps are only ever added, and each is applied once.

use calendar_publish::ports::StoreError;
use rusqlite::{Connection, TransactionBehavior};

use super::row::failed;

/// The steps, in order: the schema's version is how many of them were applied.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_calendars.sql"),
    include_str!("migrations/0002_jobs.sql"),
    include_str!("migrations/0003_account_tokens.sql"),
];

/// The newest schema this version knows.
pub(super) const KNOWN: i64 = STEPS.len() as i64;

/// The version stands in a table of ours and not in `user_version`, so that a host can keep its own
/// tables in the same file.
const VERSION_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS calendar_publish_schema (version INTEGER NOT NULL PRIMARY KEY)";

/// Brings the database to the newest schema. Whoever comes second, in this process or another, waits
/// and finds nothing left to do.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    transaction.execute_batch(VERSION_TABLE).map_err(failed)?;
    let found: i64 = transaction
        .query_row(
            "SELECT coalesce(max(version), 0) FROM calendar_publish_schema",
            (),
            |row| row.get(0),
        )
        .map_err(failed)?;
    if found > KNOWN {
        return Err(StoreError::SchemaNewer {
            found,
            known: KNOWN,
        });
    }
    for (step, version) in STEPS.iter().zip(1_i64..).filter(|(_, v)| *v > found) {
        transaction.execute_batch(step).map_err(failed)?;
        transaction
            .execute(
                "INSERT INTO calendar_publish_schema (version) VALUES (?1)",
                [version],
            )
            .map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}
