//! Looking at stored jobs.

use calendar_publish::model::{Channel, JobId, JobStatus, PublishJob, Timestamp, UserId};
use calendar_publish::ports::{JobCount, JobFilter, JobHistory, QueueDepth, StoreError};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::attempts;
use super::job_row::{self, job_columns, read_job};
use super::row::failed;
use super::time::Time;

/// A user's job with its attempts.
pub(super) fn history(
    connection: &mut Connection,
    user_id: UserId,
    job_id: JobId,
) -> Result<Option<JobHistory>, StoreError> {
    let reading = connection.transaction().map_err(failed)?;
    let found = job_row::find(&reading, job_id)?;
    found
        .filter(|row| row.record.job.user_id == user_id)
        .map(|mut row| {
            row.read_contents(&reading)?;
            Ok(JobHistory {
                attempts: attempts::of_job(&reading, job_id)?,
                record: row.record,
            })
        })
        .transpose()
}

/// The jobs that fit, by id; `None` for those of every user.
pub(super) fn list(
    connection: &Connection,
    user_id: Option<UserId>,
    filter: &JobFilter,
) -> Result<Vec<PublishJob>, StoreError> {
    let JobFilter {
        calendar_id,
        entry_ids,
        channel,
        statuses,
        after,
        limit,
    } = filter;
    let mut query = Query::default();
    query.equals("user_id", user_id.map(|id| id.to_string()));
    query.equals("calendar_id", calendar_id.map(|id| id.to_string()));
    query.one_of(
        "calendar_entry_id",
        entry_ids.iter().map(ToString::to_string),
    );
    query.equals(
        "channel",
        channel.map(|channel| channel.as_str().to_owned()),
    );
    query.one_of(
        "status",
        statuses.iter().map(|status| status.as_str().to_owned()),
    );
    if let Some(after) = after {
        query.condition("j.id > ?", Value::from(after.to_string()));
    }
    let (text, values) = query.finish(*limit);
    let mut statement = connection.prepare_cached(&text).map_err(failed)?;
    let mut rows = statement.query(params_from_iter(values)).map_err(failed)?;
    let mut jobs = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        jobs.push(read_job(row)?);
    }
    Ok(jobs)
}

/// A selection of jobs, by what is asked for.
#[derive(Default)]
struct Query {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Query {
    fn condition(&mut self, condition: impl Into<String>, value: Value) {
        self.conditions.push(condition.into());
        self.values.push(value);
    }

    fn equals(&mut self, column: &str, value: Option<String>) {
        if let Some(value) = value {
            self.condition(format!("j.{column} = ?"), Value::from(value));
        }
    }

    /// The values are handed over as one JSON list, whose length has no bound.
    fn one_of(&mut self, column: &str, values: impl Iterator<Item = String>) {
        let values: Vec<_> = values.map(serde_json::Value::from).collect();
        if !values.is_empty() {
            self.condition(
                format!("j.{column} IN (SELECT value FROM json_each(?))"),
                Value::from(serde_json::Value::from(values).to_string()),
            );
        }
    }

    fn finish(mut self, limit: u32) -> (String, Vec<Value>) {
        let mut text = concat!("SELECT ", job_columns!(), " FROM publish_jobs j").to_owned();
        for (index, condition) in self.conditions.iter().enumerate() {
            text.push_str(if index == 0 { " WHERE " } else { " AND " });
            text.push_str(condition);
        }
        text.push_str(" ORDER BY j.id");
        if limit > 0 {
            text.push_str(" LIMIT ?");
            self.values.push(Value::from(i64::from(limit)));
        }
        (text, self.values)
    }
}

/// How many jobs wait, and since when.
pub(super) fn depth(connection: &mut Connection, time: &Time) -> Result<QueueDepth, StoreError> {
    let reading = connection.transaction().map_err(failed)?;
    let now = time.now();
    let mut counts = Vec::new();
    let mut oldest: Option<i64> = None;
    let mut count = reading
        .prepare_cached(
            "SELECT count(*) FROM publish_jobs WHERE channel = ?1 AND status = ?2
                AND status IN ('scheduled', 'publishing', 'failed', 'needs_attention')",
        )
        .map_err(failed)?;
    let mut first = reading
        .prepare_cached(
            "SELECT min(coalesce(next_attempt_at, scheduled_at)) FROM publish_jobs
             WHERE channel = ?1 AND status = ?2
                AND status IN ('scheduled', 'publishing', 'failed', 'needs_attention')",
        )
        .map_err(failed)?;
    for channel in Channel::ALL {
        for status in JobStatus::ALL {
            if status.is_terminal() {
                continue;
            }
            let key = params![channel.as_str(), status.as_str()];
            let jobs: i64 = count.query_row(key, |row| row.get(0)).map_err(failed)?;
            let jobs = u64::try_from(jobs).unwrap_or(0);
            if jobs > 0 {
                counts.push(JobCount {
                    channel,
                    status,
                    count: jobs,
                });
            }
            if matches!(status, JobStatus::Scheduled | JobStatus::Failed) {
                let due: Option<i64> = first.query_row(key, |row| row.get(0)).map_err(failed)?;
                oldest = [oldest, due].into_iter().flatten().min();
            }
        }
    }
    Ok(QueueDepth {
        at: now,
        counts,
        oldest_due_at: oldest.map(Timestamp::from_millis).filter(|due| *due <= now),
    })
}
