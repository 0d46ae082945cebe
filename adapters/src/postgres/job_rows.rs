//! Reading jobs, attempts and the ledger.

use calendar_publish::job::{FrozenContent, JobRecord};
use calendar_publish::ledger::LedgerRow;
use calendar_publish::model::{AccountId, AttemptId, JobId, PublishAttempt, PublishJob, UserId};
use calendar_publish::ports::{JobFilter, JobHistory, Progress, StoreError, WriteStamp};
use deadpool_postgres::Client;
use tokio_postgres::Row;
use uuid::Uuid;

use super::failure::Failure;
use super::row::{document, get, instant, number, present, read};

pub(super) async fn list(
    client: &Client,
    user_id: Option<UserId>,
    filter: &JobFilter,
) -> Result<Vec<PublishJob>, Failure> {
    let entries: Vec<Uuid> = filter.entry_ids.iter().map(|id| id.uuid()).collect();
    let statuses: Vec<&str> = filter.statuses.iter().map(|one| one.as_str()).collect();
    let limit = (filter.limit > 0).then_some(i64::from(filter.limit));
    let statement = client
        .prepare_cached(
            "select calendar_publish.job_json(j)::text from public.publish_jobs j
             where ($1::uuid is null or j.user_id = $1) and ($2::uuid is null or j.calendar_id = $2)
                and (cardinality($3::uuid[]) = 0 or j.calendar_entry_id = any ($3))
                and ($4::text is null or j.channel = $4)
                and (cardinality($5::text[]) = 0 or j.status = any ($5))
                and ($6::uuid is null or j.id > $6)
             order by j.id limit $7",
        )
        .await?;
    let rows = client
        .query(
            &statement,
            &[
                &user_id.map(UserId::uuid),
                &filter.calendar_id.map(|id| id.uuid()),
                &entries,
                &filter.channel.map(|channel| channel.as_str()),
                &statuses,
                &filter.after.map(JobId::uuid),
                &limit,
            ],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(document(row.try_get(0)?, "publish_jobs")?))
        .collect()
}

pub(super) async fn history(
    client: &Client,
    user_id: UserId,
    job_id: JobId,
) -> Result<Option<JobHistory>, Failure> {
    // One statement: what it tells belongs together, whoever writes meanwhile.
    let statement = client
        .prepare_cached(
            "select calendar_publish.job_json(j)::text as job, c.content, f.content as frozen, j.frozen_hash,
                j.progress_stage, j.progress_kind, j.progress_state, j.stamp_token, j.stamp_sequence, j.last_token,
                j.receipt::text as receipt, a.id as attempt_id, a.number::bigint as number, a.started_at,
                a.finished_at, a.status, a.error_code, a.error_message,
                coalesce(a.response_text, a.response_meta::text) as response_meta
             from public.publish_jobs j
             join calendar_publish.job_contents c on c.job_id = j.id and c.version = j.content_version
             left join calendar_publish.job_contents f on f.job_id = j.id and f.version = j.frozen_version
             left join public.publish_attempts a on a.publish_job_id = j.id
             where j.user_id = $1 and j.id = $2
             order by a.number",
        )
        .await?;
    let rows = client
        .query(&statement, &[&user_id.uuid(), &job_id.uuid()])
        .await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let attempts = rows
        .iter()
        .filter_map(|row| attempt(row, job_id).transpose())
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Some(JobHistory {
        record: record(first, attempts.last().cloned())?,
        attempts,
    }))
}

fn record(row: &Row, attempt: Option<PublishAttempt>) -> Result<JobRecord, StoreError> {
    let table = "publish_jobs";
    let frozen: Option<&str> = get(row, table, "frozen")?;
    let hash: Option<String> = get(row, table, "frozen_hash")?;
    let frozen = match (frozen, hash) {
        (Some(entry), Some(hash)) => Some(FrozenContent {
            entry: document(entry, "job_contents.content")?,
            hash,
        }),
        _ => None,
    };
    let stage: Option<String> = get(row, table, "progress_stage")?;
    let progress = match stage {
        None => None,
        Some(stage) => Some(Progress {
            stage,
            kind: present(read(row, table, "progress_kind")?, table, "progress_kind")?,
            state: present(get(row, table, "progress_state")?, table, "progress_state")?,
        }),
    };
    let token: Option<i64> = get(row, table, "stamp_token")?;
    let sequence: Option<i64> = get(row, table, "stamp_sequence")?;
    let receipt: Option<&str> = get(row, table, "receipt")?;
    Ok(JobRecord {
        job: document(get(row, table, "job")?, table)?,
        entry: document(get(row, table, "content")?, "job_contents.content")?,
        frozen,
        progress,
        stamp: token
            .zip(sequence)
            .map(|(token, sequence)| WriteStamp { token, sequence }),
        last_token: get(row, table, "last_token")?,
        receipt: receipt
            .map(|json| document(json, "publish_jobs.receipt"))
            .transpose()?,
        attempt,
    })
}

/// The row's attempt; none where the job has none.
fn attempt(row: &Row, job_id: JobId) -> Result<Option<PublishAttempt>, StoreError> {
    let table = "publish_attempts";
    let Some(id) = get::<Option<Uuid>>(row, table, "attempt_id")? else {
        return Ok(None);
    };
    Ok(Some(PublishAttempt {
        id: AttemptId::new(id),
        publish_job_id: job_id,
        number: number(row, table, "number")?,
        started_at: present(instant(row, table, "started_at")?, table, "started_at")?,
        finished_at: instant(row, table, "finished_at")?,
        status: present(read(row, table, "status")?, table, "status")?,
        error_code: read(row, table, "error_code")?,
        error_message: get(row, table, "error_message")?,
        response_meta: get(row, table, "response_meta")?,
    }))
}

pub(super) async fn ledger(
    client: &Client,
    account_id: AccountId,
    after: i64,
    limit: u32,
) -> Result<Vec<LedgerRow>, Failure> {
    let table = "publish_ledger";
    let statement = client
        .prepare_cached(
            "select sequence, record, previous_hash, hash from public.publish_ledger
             where account_id = $1 and sequence > $2 order by sequence limit $3",
        )
        .await?;
    let rows = client
        .query(&statement, &[&account_id.uuid(), &after, &i64::from(limit)])
        .await?;
    let rows = rows.iter().map(|row| {
        Ok(LedgerRow {
            account_id,
            sequence: get(row, table, "sequence")?,
            record: get(row, table, "record")?,
            previous_hash: get(row, table, "previous_hash")?,
            hash: get(row, table, "hash")?,
        })
    });
    Ok(rows.collect::<Result<_, StoreError>>()?)
}
