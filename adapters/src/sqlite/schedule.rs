//! Making jobs, and commands about them.

use std::collections::BTreeSet;

use calendar_publish::job::{Admission, Known, admit};
use calendar_publish::model::{JobId, Timestamp, UserId};
use calendar_publish::ports::{
    CommandJobs, CommandKey, JobOutcome, JobOutcomes, JobResult, NewJob, ScheduleJobs, StoreError,
};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::advance::Batch;
use super::row::{failed, read};
use super::time::Time;
use super::{accounts, intents, job_row, lanes};

/// Makes jobs in one transaction.
pub(super) fn schedule(
    connection: &mut Connection,
    schedule: ScheduleJobs,
    time: &Time,
) -> Result<JobOutcomes, StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let user_id = schedule.user_id;
    if let Some(before) = answered(&transaction, user_id, schedule.command.as_ref())? {
        return Ok(before);
    }
    let now = time.now();
    let mut changed = BTreeSet::new();
    let mut outcomes = Vec::with_capacity(schedule.jobs.len());
    for new in schedule.jobs {
        outcomes.push(JobOutcome {
            job_id: new.id,
            result: make(&transaction, new, user_id, now, &mut changed)?,
        });
    }
    for lane in changed {
        lanes::refresh(&transaction, lane)?;
    }
    let answer = answer(&transaction, user_id, schedule.command, outcomes)?;
    transaction.commit().map_err(failed)?;
    Ok(answer)
}

fn make(
    connection: &Connection,
    new: NewJob,
    user_id: UserId,
    now: Timestamp,
    changed: &mut BTreeSet<i64>,
) -> Result<JobResult, StoreError> {
    let same_id = job_row::find_job(connection, new.id)?;
    let account = accounts::find(connection, user_id, new.account_id)?;
    let of_entry = |query| find_of_entry(connection, query, user_id, &new);
    let known = Known {
        same_id: same_id.as_ref(),
        account: account.as_ref(),
        live: of_entry(
            "SELECT id FROM publish_jobs WHERE user_id = ?1 AND calendar_entry_id = ?2
                AND status IN ('scheduled', 'publishing', 'failed', 'needs_attention')",
        )?,
        published: of_entry(
            "SELECT id FROM publish_jobs WHERE user_id = ?1 AND calendar_entry_id = ?2
                AND status = 'published'",
        )?,
        now,
    };
    let job = match (admit(new, user_id, &known), &account) {
        (Ok(Admission::Made(record)), Some(account)) => {
            let lane = lanes::of_account(connection, account)?;
            job_row::insert(connection, &record, lane)?;
            changed.insert(lane);
            record.job
        }
        (Ok(Admission::Made(record)), None) => record.job,
        (Ok(Admission::Before(job)), _) => *job,
        (Err(error), _) => return Ok(JobResult::Refused { error }),
    };
    Ok(JobResult::Done {
        job: Box::new(job),
        effects: Vec::new(),
    })
}

fn find_of_entry(
    connection: &Connection,
    query: &str,
    user_id: UserId,
    new: &NewJob,
) -> Result<Option<JobId>, StoreError> {
    connection
        .prepare_cached(query)
        .map_err(failed)?
        .query_row(
            params![user_id.to_string(), new.entry.id.to_string()],
            |row| Ok(read(row, "publish_jobs", "id")),
        )
        .optional()
        .map_err(failed)?
        .transpose()
}

/// Applies what somebody wants of a user's jobs, in one transaction.
pub(super) fn command(
    connection: &mut Connection,
    command: CommandJobs,
    time: &Time,
) -> Result<JobOutcomes, StoreError> {
    let mut transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let user_id = command.user_id;
    if let Some(before) = answered(&transaction, user_id, command.command.as_ref())? {
        return Ok(before);
    }
    let mut outcomes = Vec::with_capacity(command.writes.len());
    let writes = transaction.savepoint().map_err(failed)?;
    let mut batch = Batch::new(&writes, time.now());
    for write in command.writes {
        outcomes.push(batch.write(&command.policy, Some(user_id), &write)?);
    }
    batch.finish()?;
    if command.all_or_nothing && leave_out(&mut outcomes) {
        // Dropping the savepoint takes back what was written since.
        drop(writes);
    } else {
        writes.commit().map_err(failed)?;
    }
    let answer = answer(&transaction, user_id, command.command, outcomes)?;
    transaction.commit().map_err(failed)?;
    Ok(answer)
}

/// Says of each job that would have been done, that it wasn't, and because of which one. Whether any
/// was refused.
fn leave_out(outcomes: &mut [JobOutcome]) -> bool {
    let first = outcomes
        .iter()
        .zip(0..)
        .find_map(|(outcome, index)| match &outcome.result {
            JobResult::Refused { error } => Some((index, error.clone())),
            JobResult::Done { .. } => None,
        });
    let Some((index, error)) = first else {
        return false;
    };
    let error = error.under(&format!("writes[{index}]"));
    for outcome in outcomes {
        if matches!(outcome.result, JobResult::Done { .. }) {
            outcome.result = JobResult::Refused {
                error: error.clone(),
            };
        }
    }
    true
}

/// The answer that a command with this key had before.
fn answered(
    connection: &Connection,
    user_id: UserId,
    key: Option<&CommandKey>,
) -> Result<Option<JobOutcomes>, StoreError> {
    let Some(key) = key else {
        return Ok(None);
    };
    match intents::command(connection, user_id, &key.key)? {
        None => Ok(None),
        Some(earlier) if earlier.fingerprint != key.fingerprint => {
            Err(StoreError::CommandConflict { key: earlier.key })
        }
        Some(earlier) => JobOutcomes::repeated(&earlier.answer).map(Some),
    }
}

/// Gives the answer, and keeps it where the command had a key.
fn answer(
    connection: &Connection,
    user_id: UserId,
    key: Option<CommandKey>,
    outcomes: Vec<JobOutcome>,
) -> Result<JobOutcomes, StoreError> {
    let outcomes = JobOutcomes {
        repeated: false,
        outcomes,
    };
    if let Some(key) = key {
        let command = outcomes.command(&key).map_err(StoreError::Invalid)?;
        intents::insert_command(connection, user_id, &command)?;
    }
    Ok(outcomes)
}
