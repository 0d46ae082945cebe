//! Between a job and its row.

use calendar_publish::job::{FrozenContent, JobRecord, PostReceipt};
use calendar_publish::model::{CalendarId, JobId, Lease, PublishJob, Timestamp};
use calendar_publish::ports::{Progress, StoreError, WriteStamp};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::columns::{Columns, step_kind};
use super::content;
use super::row::{failed, json, word};

/// The columns that [`JobRow::read`] and [`read_job`] read, in their order.
macro_rules! job_columns {
    () => {
        "j.id, j.calendar_entry_id, j.user_id, j.account_id, j.channel, j.scheduled_at, j.status,
         j.attempt_count, j.last_error, j.next_attempt_at, j.held_until, j.lease_token,
         j.lease_expires_at, j.lease_write_started, j.cancel_requested, j.created_at, j.updated_at"
    };
}
pub(super) use job_columns;

const BY_ID: &str = concat!(
    "SELECT ",
    job_columns!(),
    ", j.progress_stage, j.progress_kind, j.progress_state, j.stamp_token, j.stamp_sequence,
       j.last_token, j.receipt, j.content_hash, j.calendar_id, j.content, j.frozen_content, j.lane,
       l.grace_minutes
     FROM publish_jobs j JOIN publish_lanes l ON l.id = j.lane WHERE j.id = ?1"
);

/// A job's row. What it publishes stands in other rows and is read only where it is needed: the
/// record's entries are empty stand-ins until [`JobRow::read_contents`] was called.
pub(super) struct JobRow {
    pub(super) record: JobRecord,
    pub(super) calendar_id: CalendarId,
    pub(super) lane: i64,
    pub(super) content: i64,
    pub(super) frozen_content: Option<i64>,
    pub(super) grace_minutes: Option<u32>,
}

/// The row of a job. What can't be read of it is [`StoreError::Corrupt`].
pub(super) fn find(connection: &Connection, id: JobId) -> Result<Option<JobRow>, StoreError> {
    find_text(connection, &id.to_string())
}

/// As [`find`], by the id as it is stored, which may not be one.
pub(super) fn find_text(connection: &Connection, id: &str) -> Result<Option<JobRow>, StoreError> {
    let mut statement = connection.prepare_cached(BY_ID).map_err(failed)?;
    let mut rows = statement.query([id]).map_err(failed)?;
    let row = rows.next().map_err(failed)?;
    let found = row.map(|row| JobRow::read(row)).transpose()?;
    drop(rows);
    found
        .map(|mut row| {
            row.record.attempt = super::attempts::last(connection, row.record.job.id)?;
            Ok(row)
        })
        .transpose()
}

/// The job that is stored under `id`, without what stands beside it.
pub(super) fn find_job(
    connection: &Connection,
    id: JobId,
) -> Result<Option<PublishJob>, StoreError> {
    connection
        .prepare_cached(concat!(
            "SELECT ",
            job_columns!(),
            " FROM publish_jobs j WHERE j.id = ?1"
        ))
        .map_err(failed)?
        .query_row([id.to_string()], |row| Ok(read_job(row)))
        .optional()
        .map_err(failed)?
        .transpose()
}

/// The job in the first columns of a row.
pub(super) fn read_job(row: &Row<'_>) -> Result<PublishJob, StoreError> {
    read_job_from(&mut Columns { row, next: 0 })
}

fn read_job_from(columns: &mut Columns<'_, '_>) -> Result<PublishJob, StoreError> {
    Ok(PublishJob {
        id: columns.text()?,
        calendar_entry_id: columns.text()?,
        user_id: columns.text()?,
        account_id: columns.text()?,
        channel: columns.text()?,
        scheduled_at: columns.instant()?,
        status: columns.status()?,
        attempt_count: columns.value()?,
        last_error: columns.optional_text()?,
        next_attempt_at: columns.optional_instant()?,
        held_until: columns.optional_instant()?,
        lease: {
            let token: Option<i64> = columns.value()?;
            let expires_at = columns.optional_instant()?;
            let write_started = columns.value()?;
            token.zip(expires_at).map(|(token, expires_at)| Lease {
                token,
                expires_at,
                write_started,
            })
        },
        cancel_requested: columns.value()?,
        created_at: columns.instant()?,
        updated_at: columns.instant()?,
    })
}

impl JobRow {
    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let mut columns = Columns { row, next: 0 };
        let job = read_job_from(&mut columns)?;
        let progress = match columns.value::<Option<String>>()? {
            None => {
                columns.next += 2;
                None
            }
            Some(stage) => Some(Progress {
                stage,
                kind: step_kind(&columns.value::<String>()?)?,
                state: columns.value()?,
            }),
        };
        let stamp: (Option<i64>, Option<i64>) = (columns.value()?, columns.value()?);
        let last_token = columns.value()?;
        let receipt: Option<PostReceipt> = match columns.value::<Option<String>>()? {
            None => None,
            Some(text) => Some(
                serde_json::from_str(&text)
                    .map_err(|error| StoreError::corrupt("publish_jobs.receipt", error))?,
            ),
        };
        let hash: Option<String> = columns.value()?;
        let calendar_id = columns.text()?;
        let content = columns.value()?;
        let frozen_content = columns.value()?;
        let lane = columns.value()?;
        let grace_minutes = columns.value()?;
        let stand_in = content::stand_in(job.calendar_entry_id, calendar_id)?;
        Ok(Self {
            record: JobRecord {
                entry: stand_in.clone(),
                frozen: hash.map(|hash| FrozenContent {
                    entry: stand_in,
                    hash,
                }),
                job,
                progress,
                stamp: match stamp {
                    (Some(token), Some(sequence)) => Some(WriteStamp { token, sequence }),
                    _ => None,
                },
                last_token,
                receipt,
                attempt: None,
            },
            calendar_id,
            lane,
            content,
            frozen_content,
            grace_minutes,
        })
    }

    /// Puts what the job publishes in place of the stand-ins.
    pub(super) fn read_contents(&mut self, connection: &Connection) -> Result<(), StoreError> {
        self.record.entry = content::find(connection, self.content, self.calendar_id)?;
        if let (Some(frozen), Some(number)) = (&mut self.record.frozen, self.frozen_content) {
            frozen.entry = if number == self.content {
                self.record.entry.clone()
            } else {
                content::find(connection, number, self.calendar_id)?
            };
        }
        Ok(())
    }

    /// Writes the row as it is now. What the job publishes isn't touched.
    pub(super) fn update(&self, connection: &Connection) -> Result<(), StoreError> {
        let JobRecord {
            job,
            entry: _,
            frozen,
            progress,
            stamp,
            last_token,
            receipt,
            attempt: _,
        } = &self.record;
        connection
            .prepare_cached(
                "UPDATE publish_jobs SET scheduled_at = :scheduled_at, status = :status,
                    attempt_count = :attempt_count, last_error = :last_error,
                    next_attempt_at = :next_attempt_at, held_until = :held_until,
                    lease_token = :lease_token, lease_expires_at = :lease_expires_at,
                    lease_write_started = :lease_write_started, cancel_requested = :cancel_requested,
                    updated_at = :updated_at, claimable_at = :claimable_at, content = :content,
                    frozen_content = :frozen_content, content_hash = :content_hash,
                    progress_stage = :progress_stage, progress_kind = :progress_kind,
                    progress_state = :progress_state, stamp_token = :stamp_token,
                    stamp_sequence = :stamp_sequence, last_token = :last_token, receipt = :receipt
                 WHERE id = :id",
            )
            .map_err(failed)?
            .execute(named_params! {
                ":id": job.id.to_string(),
                ":scheduled_at": job.scheduled_at.millis(),
                ":status": job.status.as_str(),
                ":attempt_count": job.attempt_count,
                ":last_error": job.last_error.map(|code| code.as_str()),
                ":next_attempt_at": job.next_attempt_at.map(Timestamp::millis),
                ":held_until": job.held_until.map(Timestamp::millis),
                ":lease_token": job.lease.map(|lease| lease.token),
                ":lease_expires_at": job.lease.map(|lease| lease.expires_at.millis()),
                ":lease_write_started": job.lease.is_some_and(|lease| lease.write_started),
                ":cancel_requested": job.cancel_requested,
                ":updated_at": job.updated_at.millis(),
                ":claimable_at": self.record.claimable_at().map(Timestamp::millis),
                ":content": self.content,
                ":frozen_content": self.frozen_content,
                ":content_hash": frozen.as_ref().map(|frozen| frozen.hash.as_str()),
                ":progress_stage": progress.as_ref().map(|progress| progress.stage.as_str()),
                ":progress_kind": progress.as_ref().map(|progress| word(&progress.kind)).transpose()?,
                ":progress_state": progress.as_ref().map(|progress| progress.state.as_str()),
                ":stamp_token": stamp.map(|stamp| stamp.token),
                ":stamp_sequence": stamp.map(|stamp| stamp.sequence),
                ":last_token": last_token,
                ":receipt": receipt.as_ref().map(json).transpose()?,
            })
            .map(drop)
            .map_err(failed)
    }
}

/// Stores a new job in `lane`.
pub(super) fn insert(
    connection: &Connection,
    record: &JobRecord,
    lane: i64,
) -> Result<(), StoreError> {
    let content = content::insert(connection, &record.entry)?;
    let job = &record.job;
    connection
        .prepare_cached(
            "INSERT INTO publish_jobs (id, user_id, calendar_id, calendar_entry_id, account_id, lane,
                channel, scheduled_at, status, attempt_count, created_at, updated_at, claimable_at,
                content, last_token)
             VALUES (:id, :user_id, :calendar_id, :calendar_entry_id, :account_id, :lane, :channel,
                :scheduled_at, :status, :attempt_count, :created_at, :updated_at, :claimable_at,
                :content, :last_token)",
        )
        .map_err(failed)?
        .execute(named_params! {
            ":id": job.id.to_string(),
            ":user_id": job.user_id.to_string(),
            ":calendar_id": record.entry.calendar_id.to_string(),
            ":calendar_entry_id": job.calendar_entry_id.to_string(),
            ":account_id": job.account_id.to_string(),
            ":lane": lane,
            ":channel": job.channel.as_str(),
            ":scheduled_at": job.scheduled_at.millis(),
            ":status": job.status.as_str(),
            ":attempt_count": job.attempt_count,
            ":created_at": job.created_at.millis(),
            ":updated_at": job.updated_at.millis(),
            ":claimable_at": record.claimable_at().map(Timestamp::millis),
            ":content": content,
            ":last_token": record.last_token,
        })
        .map(drop)
        .map_err(failed)
}
