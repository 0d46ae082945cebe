//! Giving workers due jobs. A job that can't be read is stopped, and keeps nobody else waiting.

use calendar_publish::Code;
use calendar_publish::model::{PublishJob, Timestamp};
use calendar_publish::ports::{
    ChannelPause, ClaimJobs, ClaimedJob, ClaimedJobs, Progress, StoreError,
};
use calendar_publish::readiness::Surroundings;
use chrono::{DateTime, Utc};
use deadpool_postgres::Client;
use serde::Deserialize;
use serde_json::{Value, json};

use super::accounts::AccountRow;
use super::failure::Failure;
use super::row::{document, harmless};

/// A claim's answer. Each job is read for itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claimed {
    at: Timestamp,
    jobs: Vec<Value>,
    missed: Vec<Value>,
    next_due_at: Option<Timestamp>,
    pauses: Vec<ChannelPause>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClaimedRow {
    job: PublishJob,
    entry: String,
    content_hash: String,
    account: AccountRow,
    progress: Option<Progress>,
    attempt_started_at: Option<Timestamp>,
    posts_in_window: u32,
}

impl ClaimedRow {
    fn claimed(self) -> Result<ClaimedJob, StoreError> {
        Ok(ClaimedJob {
            job: self.job,
            entry: document(&self.entry, "job_contents.content")?,
            content_hash: self.content_hash,
            account: self.account.account()?,
            progress: self.progress,
            attempt_started_at: self.attempt_started_at,
            surroundings: Surroundings {
                posts_in_window: self.posts_in_window,
                nearest: None,
            },
        })
    }
}

pub(super) async fn claim(
    client: &Client,
    claim: &ClaimJobs,
    now: Option<DateTime<Utc>>,
) -> Result<ClaimedJobs, Failure> {
    let channels: Vec<&str> = claim.channels.iter().map(|one| one.as_str()).collect();
    let statement = client
        .prepare_cached("select calendar_publish.claim_jobs($1, $2, $3, $4)::text")
        .await?;
    let row = client
        .query_one(
            &statement,
            &[
                &i32::try_from(claim.limit).unwrap_or(i32::MAX),
                &i32::try_from(claim.lease_seconds).unwrap_or(i32::MAX),
                &channels,
                &now,
            ],
        )
        .await?;
    let claimed: Claimed = document(row.try_get(0)?, "claim_jobs")?;
    let mut jobs = Vec::with_capacity(claimed.jobs.len());
    let mut stops = Vec::new();
    for found in claimed.jobs {
        // What stops a job is read first: reading the job uses it up.
        let lease = found["job"]["lease"].clone();
        let id = found["job"]["id"].clone();
        match read(found) {
            Ok(job) => jobs.push(job),
            Err(reason) => stops.push(stop(&id, &lease, &reason)),
        }
    }
    if !stops.is_empty() {
        let statement = client
            .prepare_cached("select calendar_publish.advance_jobs('{}', $1::text::jsonb, $2)::text")
            .await?;
        let writes = harmless(Value::from(stops).to_string());
        client.query_one(&statement, &[&writes, &now]).await?;
    }
    let missed = claimed.missed.into_iter();
    Ok(ClaimedJobs {
        at: claimed.at,
        jobs,
        missed: missed
            .filter_map(|job| serde_json::from_value(job).ok())
            .collect(),
        next_due_at: claimed.next_due_at,
        pauses: claimed.pauses,
    })
}

fn read(found: Value) -> Result<ClaimedJob, String> {
    let row: ClaimedRow = serde_json::from_value(found).map_err(|error| error.to_string())?;
    row.claimed().map_err(|error| error.to_string())
}

/// What stops a claimed job that can't be read: it needs attention with `STORE_CORRUPT`, or with
/// `OUTCOME_UNKNOWN` where its write was begun.
fn stop(id: &Value, lease: &Value, reason: &str) -> Value {
    let token = &lease["token"];
    let event = if lease["writeStarted"] == Value::Bool(false) {
        json!({"type": "preflight_failed", "token": token, "code": Code::StoreCorrupt})
    } else {
        json!({"type": "outcome_unknown", "token": token})
    };
    json!({"jobId": id, "event": event, "note": {"message": reason}})
}
