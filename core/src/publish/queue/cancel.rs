//! Withdrawing jobs.

use calendar_publish_derive::{DeserializeFlattened, DeserializeTagged};
use serde::Serialize;

use super::PublishQueue;
use super::context::CommandContext;
use crate::error::{Code, Error};
use crate::job::{CancelAnswer, JobEffect, JobEvent};
use crate::model::{JobId, JobStatus, PublishJob};
use crate::ports::{JobOutcome, JobResult};

/// What became of the wish to withdraw one job.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeFlattened)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CancelOutcome {
    /// The job.
    pub job_id: JobId,
    /// What became of it.
    #[serde(flatten)]
    pub state: CancelState,
}

/// Whether a job was withdrawn.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "state",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum CancelState {
    /// It is withdrawn: nothing was published, and nothing will be.
    Honoured,
    /// The post is out, or the draft in the inbox.
    TooLate,
    /// It is being published. It was asked for, and the job says what came of it.
    Pending,
    /// Nobody can say whether the post is out: somebody has to look first.
    Unknown,
    /// There is no such job, or its entry can't be withdrawn.
    Refused {
        /// Why.
        error: Error,
    },
}

impl PublishQueue {
    /// Withdraws jobs. One outcome a job, in order; cancelling again changes nothing.
    ///
    /// A job on which nothing was written is withdrawn at once. While a write is under way the wish is
    /// noted, and answered by what becomes of the write: [`CancelState::Pending`] until then.
    ///
    /// # Errors
    /// As [`PublishQueue::retry`].
    pub async fn cancel(
        &self,
        context: &CommandContext,
        job_ids: &[JobId],
    ) -> Result<Vec<CancelOutcome>, Error> {
        let key = context.key("cancel", &job_ids)?;
        let done = self
            .command(context, key, job_ids, &JobEvent::CancelRequested)
            .await?;
        let mut outcomes = Vec::with_capacity(done.outcomes.len());
        for JobOutcome { job_id, result } in done.outcomes {
            let state = match result {
                JobResult::Done { job, effects } => of_done(&job, &effects),
                JobResult::Refused { error } => self.of_refused(context, job_id, error).await?,
            };
            outcomes.push(CancelOutcome { job_id, state });
        }
        Ok(outcomes)
    }

    /// The machine refuses what can't be withdrawn any more; how the job stands says why.
    async fn of_refused(
        &self,
        context: &CommandContext,
        job_id: JobId,
        error: Error,
    ) -> Result<CancelState, Error> {
        if error.code != Code::JobTransitionIllegal {
            return Ok(CancelState::Refused { error });
        }
        let history = self.store.job(context.user_id, job_id).await?;
        let Some(job) = history.map(|history| history.record.job) else {
            return Ok(CancelState::Refused { error });
        };
        Ok(match job.status {
            JobStatus::Published | JobStatus::DeliveredToInbox => CancelState::TooLate,
            JobStatus::Cancelled => CancelState::Honoured,
            JobStatus::Publishing if job.cancel_requested => CancelState::Pending,
            JobStatus::NeedsAttention if job.last_error == Some(Code::OutcomeUnknown) => {
                CancelState::Unknown
            }
            _ => CancelState::Refused { error },
        })
    }
}

fn of_done(job: &PublishJob, effects: &[JobEffect]) -> CancelState {
    let answer = effects.iter().find_map(|effect| match effect {
        JobEffect::AnswerCancel { answer } => Some(*answer),
        _ => None,
    });
    match answer {
        Some(CancelAnswer::Honoured) => CancelState::Honoured,
        Some(CancelAnswer::TooLate) => CancelState::TooLate,
        Some(CancelAnswer::Unknown) => CancelState::Unknown,
        None if job.status == JobStatus::Cancelled => CancelState::Honoured,
        None => CancelState::Pending,
    }
}
