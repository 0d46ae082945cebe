//! Calling the database's functions for jobs, and reading what they answer.

use calendar_publish::error::{Measure, Unit};
use calendar_publish::job::{JobEvent, advance_with, content_hash};
use calendar_publish::model::{PublishJob, Timestamp};
use calendar_publish::ports::{
    CommandJobs, JobCount, JobOutcome, JobOutcomes, JobResult, JobWrite, NewJob, QueueDepth,
    SaveCalendar, SavedCalendar, ScheduleJobs, StoreError,
};
use calendar_publish::retry::RetryPolicy;
use calendar_publish::{Code, Error};
use chrono::{DateTime, Utc};
use deadpool_postgres::{Client, GenericClient, Transaction};
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::intents::check_key;
use super::row::{document, harmless, json};
use super::save;

type Now = Option<DateTime<Utc>>;

/// A job to be made, as the database's function takes it. The entry is text, since jsonb wouldn't give it
/// back to the letter.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewJobRow {
    id: String,
    entry_id: String,
    calendar_id: String,
    account_id: String,
    channel: &'static str,
    scheduled_at: String,
    entry: String,
    content_hash: String,
}

impl NewJobRow {
    fn new(job: &NewJob) -> Result<Self, StoreError> {
        Ok(Self {
            id: job.id.to_string(),
            entry_id: job.entry.id.to_string(),
            calendar_id: job.entry.calendar_id.to_string(),
            account_id: job.account_id.to_string(),
            channel: job.entry.piece.channel.as_str(),
            scheduled_at: job.scheduled_at.to_string(),
            entry: json(&job.entry)?,
            content_hash: content_hash(&job.entry).map_err(StoreError::Invalid)?,
        })
    }
}

/// A command's answer.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    conflict: bool,
    #[serde(default)]
    repeated: bool,
    #[serde(default)]
    outcomes: Vec<Outcome>,
}

/// An outcome, and the job as it is where it was refused.
#[derive(Deserialize)]
struct Outcome {
    #[serde(flatten)]
    outcome: serde_json::Value,
}

pub(super) async fn schedule(
    client: &Client,
    schedule: &ScheduleJobs,
    now: Now,
) -> Result<JobOutcomes, Failure> {
    let (key, fingerprint) = match &schedule.command {
        Some(command) => (Some(&command.key), Some(&command.fingerprint)),
        None => (None, None),
    };
    if let Some(key) = key {
        check_key(key)?;
    }
    let rows = schedule
        .jobs
        .iter()
        .map(NewJobRow::new)
        .collect::<Result<Vec<_>, _>>()?;
    let statement = client
        .prepare_cached(
            "select calendar_publish.schedule_jobs($1, $2, $3, $4::text::jsonb, $5)::text",
        )
        .await?;
    let row = client
        .query_one(
            &statement,
            &[
                &schedule.user_id.uuid(),
                &key,
                &fingerprint,
                &json(&rows)?,
                &now,
            ],
        )
        .await?;
    let answer: Answer = document(row.try_get(0)?, "schedule_jobs")?;
    Ok(outcomes(answer, key, None)?)
}

pub(super) async fn command(
    client: &impl GenericClient,
    command: &CommandJobs,
    now: Now,
) -> Result<JobOutcomes, Failure> {
    let (key, fingerprint) = match &command.command {
        Some(command) => (Some(&command.key), Some(&command.fingerprint)),
        None => (None, None),
    };
    if let Some(key) = key {
        check_key(key)?;
    }
    let statement = client
        .prepare_cached(
            "select calendar_publish.command_jobs($1, $2, $3, $4, $5::text::jsonb, $6, $7)::text,
                calendar_publish.instant(calendar_publish.store_time($7))",
        )
        .await?;
    let row = client
        .query_one(
            &statement,
            &[
                &command.user_id.uuid(),
                &key,
                &fingerprint,
                &delays(&command.policy),
                &harmless(json(&command.writes)?),
                &command.all_or_nothing,
                &now,
            ],
        )
        .await?;
    let answer: Answer = document(row.try_get(0)?, "command_jobs")?;
    let asked = Asked {
        policy: &command.policy,
        writes: &command.writes,
        by_a_person: true,
        now: time(row.try_get(1)?)?,
    };
    Ok(outcomes(answer, key, Some(&asked))?)
}

pub(super) async fn advance(
    client: &Client,
    policy: &RetryPolicy,
    writes: &[JobWrite],
    now: Now,
) -> Result<Vec<JobOutcome>, Failure> {
    if writes.is_empty() {
        return Ok(Vec::new());
    }
    let statement = client
        .prepare_cached(
            "select calendar_publish.advance_jobs($1, $2::text::jsonb, $3)::text,
                calendar_publish.instant(calendar_publish.store_time($3))",
        )
        .await?;
    let row = client
        .query_one(
            &statement,
            &[&delays(policy), &harmless(json(&writes)?), &now],
        )
        .await?;
    let answer = Answer {
        conflict: false,
        repeated: false,
        outcomes: document(row.try_get(0)?, "advance_jobs")?,
    };
    let asked = Asked {
        policy,
        writes,
        by_a_person: false,
        now: time(row.try_get(1)?)?,
    };
    Ok(outcomes(answer, None, Some(&asked))?.outcomes)
}

fn delays(policy: &RetryPolicy) -> Vec<i32> {
    policy
        .delay_minutes()
        .iter()
        .map(|minutes| i32::try_from(*minutes).unwrap_or(i32::MAX))
        .collect()
}

fn time(text: &str) -> Result<Timestamp, StoreError> {
    text.parse()
        .map_err(|error| StoreError::corrupt("store_time", error))
}

/// What the database was asked, to say precisely why it refused.
struct Asked<'a> {
    policy: &'a RetryPolicy,
    writes: &'a [JobWrite],
    by_a_person: bool,
    now: Timestamp,
}

fn outcomes(
    answer: Answer,
    key: Option<&String>,
    asked: Option<&Asked<'_>>,
) -> Result<JobOutcomes, StoreError> {
    if answer.conflict {
        return Err(StoreError::CommandConflict {
            key: key.cloned().unwrap_or_default(),
        });
    }
    let asked = asked.filter(|_| !answer.repeated);
    let outcomes = answer
        .outcomes
        .into_iter()
        .enumerate()
        .map(|(index, found)| outcome(found.outcome, index, asked))
        .collect::<Result<_, _>>()?;
    Ok(JobOutcomes {
        repeated: answer.repeated,
        outcomes,
    })
}

fn outcome(
    found: serde_json::Value,
    index: usize,
    asked: Option<&Asked<'_>>,
) -> Result<JobOutcome, StoreError> {
    let corrupt = |error| StoreError::corrupt("outcome", error);
    let job = found.get("job").cloned();
    let mut outcome: JobOutcome = serde_json::from_value(found).map_err(corrupt)?;
    let JobResult::Refused { error } = &mut outcome.result else {
        return Ok(outcome);
    };
    if error.code == Code::JobNotFound {
        *error = calendar_publish::job::job_not_found(outcome.job_id);
    } else if let (Some(job), Some(asked)) = (job, asked) {
        let job: PublishJob = serde_json::from_value(job).map_err(corrupt)?;
        if let Some(precise) = asked.refusal(&job, index, error.code) {
            *error = precise;
        }
    }
    Ok(outcome)
}

impl Asked<'_> {
    /// The database names the code and the place; core's machine, asked the same, names the rest.
    fn refusal(&self, job: &PublishJob, index: usize, code: Code) -> Option<Error> {
        let event = self.writes.get(index)?.event.clone();
        let event = if self.by_a_person {
            event.wished(job)
        } else {
            Ok(event)
        };
        let refused = event.and_then(|event| match event {
            // Which claim was the last one stands beside the job.
            JobEvent::Reconciled {
                token: Some(token), ..
            } if job.lease.is_none() && code == Code::JobLeaseLost => Err(Error::new(code)
                .at("event.token")
                .measured(Measure::integer(token, Unit::Plain))),
            event => advance_with(self.policy, job, event, self.now),
        });
        refused.err().filter(|precise| precise.code == code)
    }
}

/// How many jobs wait, as the database's function answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Depth {
    at: Timestamp,
    counts: Vec<Count>,
    oldest_due_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Count {
    channel: calendar_publish::model::Channel,
    status: calendar_publish::model::JobStatus,
    count: u64,
}

pub(super) async fn depth(client: &Client, now: Now) -> Result<QueueDepth, Failure> {
    let statement = client
        .prepare_cached("select calendar_publish.queue_depth($1)::text")
        .await?;
    let row = client.query_one(&statement, &[&now]).await?;
    let depth: Depth = document(row.try_get(0)?, "queue_depth")?;
    Ok(QueueDepth {
        at: depth.at,
        counts: depth
            .counts
            .into_iter()
            .map(|count| JobCount {
                channel: count.channel,
                status: count.status,
                count: count.count,
            })
            .collect(),
        oldest_due_at: depth.oldest_due_at,
    })
}

/// Saves a calendar with what it means for its jobs, and the writes that go with it, in one transaction.
pub(super) async fn save(
    client: &mut Client,
    request: &SaveCalendar,
    fingerprint: &str,
    writes: Option<&CommandJobs>,
    now: Now,
) -> Result<SavedCalendar, Failure> {
    let transaction = client.transaction().await?;
    let saved = save::save(&transaction, request, fingerprint).await?;
    if !saved.repeated {
        if let Some(writes) = writes.filter(|writes| !writes.writes.is_empty()) {
            lock_jobs(&transaction, request, &writes.writes).await?;
            let moved = command(&transaction, writes, now).await?;
            refuse_any(&moved)?;
        }
        hand_over(&transaction, request, now).await?;
        transaction.commit().await?;
    }
    Ok(saved)
}

/// Locks all jobs that the save can touch, by id and before any account: in the order of everybody else.
async fn lock_jobs(
    transaction: &Transaction<'_>,
    request: &SaveCalendar,
    writes: &[JobWrite],
) -> Result<(), Failure> {
    let ids: Vec<uuid::Uuid> = writes.iter().map(|write| write.job_id.uuid()).collect();
    let statement = transaction
        .prepare_cached(
            "select from public.publish_jobs j
             where j.id in (
                select id from public.publish_jobs where user_id = $1 and id = any ($3)
                union
                select id from public.publish_jobs where user_id = $1 and calendar_id = $2 and live)
             order by j.id for update",
        )
        .await?;
    let (user, calendar) = (request.user_id.uuid(), request.calendar_id.uuid());
    transaction
        .execute(&statement, &[&user, &calendar, &ids])
        .await?;
    Ok(())
}

fn refuse_any(moved: &JobOutcomes) -> Result<(), StoreError> {
    for (index, outcome) in moved.outcomes.iter().enumerate() {
        if let JobResult::Refused { error } = &outcome.result {
            let error = error.clone().under(&format!("writes[{index}]"));
            return Err(StoreError::Invalid(error));
        }
    }
    Ok(())
}

/// What a saved calendar holds of an entry; the content is absent where the row can't be read.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SavedRow {
    entry_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_hash: Option<String>,
}

/// Hands the saved content to the calendar's live jobs. Most saves have none: then it costs a look.
async fn hand_over(
    transaction: &Transaction<'_>,
    request: &SaveCalendar,
    now: Now,
) -> Result<(), Failure> {
    let (user, calendar) = (request.user_id.uuid(), request.calendar_id.uuid());
    let statement = transaction
        .prepare_cached(
            "select exists (select from public.publish_jobs where user_id = $1 and calendar_id = $2
                and status in ('scheduled', 'publishing', 'failed', 'needs_attention'))",
        )
        .await?;
    let live: bool = transaction
        .query_one(&statement, &[&user, &calendar])
        .await?
        .try_get(0)?;
    if !live {
        return Ok(());
    }
    let revisions = save::revisions(transaction, request).await?;
    let mut rows = Vec::with_capacity(request.entries.len() + request.refused.len());
    for entry in &request.entries {
        let mut entry = entry.clone();
        entry.revision = revisions.get(&entry.id).copied().unwrap_or(entry.revision);
        rows.push(SavedRow {
            entry_id: entry.id.to_string(),
            entry: Some(json(&entry)?),
            content_hash: Some(content_hash(&entry).map_err(StoreError::Invalid)?),
        });
    }
    rows.extend(request.refused.iter().map(|refused| SavedRow {
        entry_id: refused.id.to_string(),
        entry: None,
        content_hash: None,
    }));
    let statement = transaction
        .prepare_cached(
            "select calendar_publish.hand_content_to_jobs($1, $2, $3::text::jsonb, $4)::text",
        )
        .await?;
    transaction
        .query_one(&statement, &[&user, &calendar, &json(&rows)?, &now])
        .await?;
    Ok(())
}
