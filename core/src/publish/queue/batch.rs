//! What is noted of a batch, and how its jobs stand.

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use super::PublishQueue;
use super::context::{CommandContext, read_note};
use super::schedule::keyed_job_id;
use crate::error::{Code, Error, Measure};
use crate::model::{AccountId, CalendarEntry, EntryId, JobStatus, PublishJob, Timestamp};
use crate::ports::{JobFilter, RefusedEntry};

/// How far a batch has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BatchProgress {
    /// Entries whose outcome is durable.
    pub done: u32,
    /// Entries of the batch.
    pub total: u32,
}

/// Is told how far a batch has come, after each chunk.
#[cfg(not(target_family = "wasm"))]
pub type OnProgress<'a> = dyn FnMut(BatchProgress) + Send + 'a;

/// Is told how far a batch has come, after every chunk.
#[cfg(target_family = "wasm")]
pub type OnProgress<'a> = dyn FnMut(BatchProgress) + 'a;

/// What was decided of a batch before its first job was made. It is noted under the batch's key, so
/// that going on after a failure doesn't decide anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct BatchPlan {
    pub(super) entries: Vec<PlannedEntry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PlannedEntry {
    pub(super) entry_id: EntryId,
    pub(super) verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub(super) enum Verdict {
    Accepted {
        account_id: AccountId,
        scheduled_at: Timestamp,
    },
    Refused {
        error: Error,
    },
}

impl BatchPlan {
    /// The plan of entries and of rows that can't be read as entries, in the calendar's order.
    pub(super) fn of(
        entries: &[CalendarEntry],
        unreadable: &[RefusedEntry],
        judge: impl Fn(&CalendarEntry) -> Result<Verdict, Error>,
    ) -> Self {
        let mut rows: Vec<&RefusedEntry> = unreadable.iter().collect();
        rows.sort_by_key(|row| row.position);
        let mut rows = rows.into_iter().peekable();
        let mut planned = Vec::with_capacity(entries.len() + unreadable.len());
        for entry in entries {
            while let Some(row) = rows.next_if(|row| stands_at(row, planned.len())) {
                planned.push(unreadable_row(row));
            }
            let verdict = judge(entry).unwrap_or_else(|error| Verdict::Refused {
                error: error.under(&format!("entries[{}]", planned.len())),
            });
            planned.push(PlannedEntry {
                entry_id: entry.id,
                verdict,
            });
        }
        planned.extend(rows.map(unreadable_row));
        Self { entries: planned }
    }
}

fn stands_at(row: &RefusedEntry, place: usize) -> bool {
    usize::try_from(row.position).is_ok_and(|position| position <= place)
}

fn unreadable_row(row: &RefusedEntry) -> PlannedEntry {
    PlannedEntry {
        entry_id: row.id,
        verdict: Verdict::Refused {
            error: row
                .error
                .clone()
                .under(&format!("entries[{}]", row.position)),
        },
    }
}

/// How the jobs of a batch stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BatchOutcome {
    /// Entries of the batch.
    pub total: u32,
    /// Entries without a job of this batch: refused, or not reached yet.
    pub without_job: u32,
    /// Jobs by status, in the order of a job's life; what has none is left out.
    pub counts: Vec<StatusCount>,
    /// The jobs, in the order of the entries.
    pub jobs: Vec<PublishJob>,
}

/// Jobs in one status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StatusCount {
    /// The status.
    pub status: JobStatus,
    /// How many.
    pub count: u32,
}

impl PublishQueue {
    /// How the jobs stand now that were scheduled as a batch under the context's key.
    ///
    /// # Errors
    /// [`Code::FieldMissing`] without a key, [`Code::JobNotFound`] where no batch was scheduled under it.
    pub async fn batch_outcome(&self, context: &CommandContext) -> Result<BatchOutcome, Error> {
        let key = context
            .idempotency_key
            .clone()
            .ok_or_else(|| Error::new(Code::FieldMissing).at("idempotencyKey"))?;
        let plan = self
            .store
            .command(context.user_id, key.clone())
            .await?
            .and_then(|command| read_note::<BatchPlan>(&command.answer).ok())
            .ok_or_else(|| {
                Error::new(Code::JobNotFound)
                    .at("idempotencyKey")
                    .measured(Measure::text(key))
            })?;
        let mut jobs = Vec::new();
        for chunk in plan.entries.chunks(self.chunk()) {
            let filter = JobFilter {
                entry_ids: chunk.iter().map(|planned| planned.entry_id).collect(),
                ..JobFilter::default()
            };
            let found = self.store.jobs(context.user_id, filter).await?;
            let mut by_id: std::collections::HashMap<_, _> =
                found.into_iter().map(|job| (job.id, job)).collect();
            jobs.extend(
                chunk
                    .iter()
                    .filter_map(|planned| by_id.remove(&keyed_job_id(context, planned.entry_id)?)),
            );
        }
        let count = |status| jobs.iter().filter(|job| job.status == status).count();
        Ok(BatchOutcome {
            total: small(plan.entries.len()),
            without_job: small(plan.entries.len().saturating_sub(jobs.len())),
            counts: JobStatus::ALL
                .into_iter()
                .map(|status| StatusCount {
                    status,
                    count: small(count(status)),
                })
                .filter(|counted| counted.count > 0)
                .collect(),
            jobs,
        })
    }
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
