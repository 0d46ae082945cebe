//! The attempts of jobs.

use calendar_publish::model::{AttemptStatus, JobId, PublishAttempt, Timestamp};
use calendar_publish::ports::StoreError;
use rusqlite::{Connection, Row, params};

use super::row::{failed, number, read, read_optional, word};

const TABLE: &str = "publish_attempts";

/// Stores an attempt, in place of the one of its number.
pub(super) fn put(connection: &Connection, attempt: &PublishAttempt) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO publish_attempts (id, publish_job_id, number, started_at,
                finished_at, status, error_code, error_message, response_meta)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )
        .map_err(failed)?
        .execute(params![
            attempt.id.to_string(),
            attempt.publish_job_id.to_string(),
            attempt.number,
            attempt.started_at.millis(),
            attempt.finished_at.map(Timestamp::millis),
            word(&attempt.status)?,
            attempt.error_code.map(|code| code.as_str()),
            attempt.error_message,
            attempt.response_meta,
        ])
        .map(drop)
        .map_err(failed)
}

/// The job's last attempt.
pub(super) fn last(
    connection: &Connection,
    job_id: JobId,
) -> Result<Option<PublishAttempt>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT * FROM publish_attempts WHERE publish_job_id = ?1 ORDER BY number DESC LIMIT 1",
        )
        .map_err(failed)?;
    let mut rows = statement.query([job_id.to_string()]).map_err(failed)?;
    rows.next().map_err(failed)?.map(read_attempt).transpose()
}

/// The job's attempts, the first one first.
pub(super) fn of_job(
    connection: &Connection,
    job_id: JobId,
) -> Result<Vec<PublishAttempt>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM publish_attempts WHERE publish_job_id = ?1 ORDER BY number")
        .map_err(failed)?;
    let mut rows = statement.query([job_id.to_string()]).map_err(failed)?;
    let mut attempts = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        attempts.push(read_attempt(row)?);
    }
    Ok(attempts)
}

fn read_attempt(row: &Row<'_>) -> Result<PublishAttempt, StoreError> {
    let finished_at: Option<i64> = row
        .get("finished_at")
        .map_err(|error| StoreError::corrupt("publish_attempts.finished_at", error))?;
    Ok(PublishAttempt {
        id: read(row, TABLE, "id")?,
        publish_job_id: read(row, TABLE, "publish_job_id")?,
        number: number(row, TABLE, "number")?,
        started_at: Timestamp::from_millis(number(row, TABLE, "started_at")?),
        finished_at: finished_at.map(Timestamp::from_millis),
        status: read::<AttemptStatus>(row, TABLE, "status")?,
        error_code: read_optional(row, TABLE, "error_code")?,
        error_message: read_optional(row, TABLE, "error_message")?,
        response_meta: read_optional(row, TABLE, "response_meta")?,
    })
}
