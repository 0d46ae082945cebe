//! Jobs that can't be read: they are stopped where they can be, set aside where not, and keep nobody
//! else waiting.

use std::collections::BTreeSet;

use calendar_publish::Code;
use calendar_publish::job::{JobEvent, advance};
use calendar_publish::model::{Lease, Timestamp};
use calendar_publish::ports::{JobWrite, StoreError};
use calendar_publish::retry::RetryPolicy;
use rusqlite::{Connection, TransactionBehavior, params};

use super::advance::Batch;
use super::job_row::{self, JobRow};
use super::lanes::{self, Candidate};
use super::row::failed;

/// Stops a job of which `place` can't be read: it needs attention with `STORE_CORRUPT`, or with
/// `OUTCOME_UNKNOWN` where its write was begun. Where not even that can be decided, the row is set
/// aside with the reason, and isn't claimed any more.
pub(super) fn stop(
    connection: &Connection,
    candidate: &Candidate,
    place: &str,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let stopped = match job_row::find_text(connection, &candidate.head) {
        Ok(Some(row)) => stop_job(connection, row, format!("{place}: {reason}"), now),
        Ok(None) => lanes::refresh(connection, candidate.lane),
        Err(error) => Err(error),
    };
    let reason = match stopped {
        Err(StoreError::Corrupt { place, reason }) => format!("{place}: {reason}"),
        Err(StoreError::Invalid(error)) => error.to_string(),
        other => return other,
    };
    connection
        .execute(
            "UPDATE publish_jobs SET unreadable = ?2 WHERE id = ?1",
            params![candidate.head, reason],
        )
        .map_err(failed)?;
    lanes::refresh(connection, candidate.lane)
}

fn stop_job(
    connection: &Connection,
    mut row: JobRow,
    reason: String,
    now: Timestamp,
) -> Result<(), StoreError> {
    let id = row.record.job.id;
    let begun = row
        .record
        .job
        .lease
        .is_some_and(|lease| lease.write_started);
    let event = if begun {
        JobEvent::LeaseExpired
    } else {
        // It is taken as a worker would take it, only to be given up at the gate.
        let held = row.record.job.lease.map_or(0, |lease| lease.token);
        let token = row.record.last_token.max(held).saturating_add(1);
        let lease = Lease {
            token,
            expires_at: Timestamp::from_millis(now.millis().saturating_add(1_000)),
            write_started: false,
        };
        let claim = JobEvent::Claim {
            lease,
            grace_minutes: row.grace_minutes,
        };
        match advance(&row.record.job, claim, now) {
            Ok((job, _)) => {
                row.record.job = job;
                row.record.last_token = token;
                JobEvent::PreflightFailed {
                    token,
                    code: Code::StoreCorrupt,
                }
            }
            Err(error) if error.code == Code::MissedSchedule => JobEvent::MissedSchedule {
                grace_minutes: row.grace_minutes,
            },
            Err(error) => return Err(StoreError::Invalid(error)),
        }
    };
    let mut write = JobWrite::new(id, event);
    write.note.message = Some(reason);
    let applied = row
        .record
        .apply(&RetryPolicy::default(), row.grace_minutes, &write, now)
        .map_err(StoreError::Invalid)?;
    let mut batch = Batch::new(connection, now);
    batch.commit(&mut row, applied)?;
    batch.finish().map(drop)
}

/// Looks again at the rows that were set aside: somebody may have mended them.
pub(super) fn look_again(connection: &mut Connection) -> Result<(), StoreError> {
    let some: bool = connection
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM publish_jobs WHERE unreadable IS NOT NULL)",
            (),
            |row| row.get(0),
        )
        .map_err(failed)?;
    if !some {
        return Ok(());
    }
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let lanes: BTreeSet<i64> = transaction
        .prepare(
            "UPDATE publish_jobs SET unreadable = NULL WHERE unreadable IS NOT NULL RETURNING lane",
        )
        .and_then(|mut statement| statement.query_map((), |row| row.get(0))?.collect())
        .map_err(failed)?;
    for lane in lanes {
        lanes::refresh(&transaction, lane)?;
    }
    transaction.commit().map_err(failed)
}
