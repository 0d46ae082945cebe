//! Commands that are one event for each of some jobs.

use std::collections::HashSet;

use super::PublishQueue;
use super::context::{CommandContext, part};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::job::JobEvent;
use crate::model::JobId;
use crate::ports::{CommandJobs, CommandKey, JobOutcome, JobOutcomes, JobResult, JobWrite};

/// The most jobs that one command names.
pub const MAX_COMMAND_JOBS: usize = 100_000;

impl PublishQueue {
    /// Asks for another attempt now: of jobs that failed, and of those that need attention for a known
    /// cause, also where every retry was spent. A job that may be out is refused.
    ///
    /// One outcome a job, in order: a refused job is as it was ([`Code::JobTransitionIllegal`],
    /// [`Code::JobNotFound`]) and leaves the others alone.
    ///
    /// # Errors
    /// [`Code::IdDuplicate`] and [`Code::InputTooLarge`] for the ids, [`Code::FieldValueInvalid`] and
    /// [`Code::IdempotencyConflict`] for the key.
    pub async fn retry(
        &self,
        context: &CommandContext,
        job_ids: &[JobId],
    ) -> Result<JobOutcomes, Error> {
        let key = context.key("retry", &job_ids)?;
        self.command(context, key, job_ids, &JobEvent::RetryNow)
            .await
    }

    /// Lets jobs go on, whose cause of needing attention was mended: they wait for their time. Where that
    /// has passed by more than the account's grace they need attention still, with
    /// [`Code::MissedSchedule`].
    ///
    /// One outcome a job, in order: a refused job is as it was and leaves the others alone.
    ///
    /// # Errors
    /// As [`PublishQueue::retry`].
    pub async fn resume(
        &self,
        context: &CommandContext,
        job_ids: &[JobId],
    ) -> Result<JobOutcomes, Error> {
        let key = context.key("resume", &job_ids)?;
        let event = JobEvent::Resumed {
            grace_minutes: None,
        };
        self.command(context, key, job_ids, &event).await
    }

    /// Applies the event to every job, a chunk a transaction, each on its own.
    pub(super) async fn command(
        &self,
        context: &CommandContext,
        key: Option<CommandKey>,
        job_ids: &[JobId],
        event: &JobEvent,
    ) -> Result<JobOutcomes, Error> {
        check_ids(job_ids)?;
        let writes: Vec<JobWrite> = job_ids
            .iter()
            .map(|id| JobWrite::new(*id, event.clone()))
            .collect();
        self.write(context, key, writes).await
    }

    /// The first chunk carries the command's key, so that another content is found out before anything
    /// is done; the others carry keys derived from it.
    pub(super) async fn write(
        &self,
        context: &CommandContext,
        key: Option<CommandKey>,
        writes: Vec<JobWrite>,
    ) -> Result<JobOutcomes, Error> {
        let mut all = JobOutcomes {
            repeated: !writes.is_empty(),
            outcomes: Vec::with_capacity(writes.len()),
        };
        for (number, chunk) in writes.chunks(self.chunk()).enumerate() {
            let command = key.as_ref().map(|key| match number {
                0 => key.clone(),
                _ => part(key, &number.to_string()),
            });
            let done = self
                .store
                .command_jobs(CommandJobs {
                    user_id: context.user_id,
                    command,
                    policy: self.settings.policy.clone(),
                    writes: chunk.to_vec(),
                    all_or_nothing: false,
                })
                .await?;
            if !done.repeated {
                self.tell_all(context, &done.outcomes);
            }
            all.repeated &= done.repeated;
            all.outcomes.extend(done.outcomes);
        }
        Ok(all)
    }

    fn tell_all(&self, context: &CommandContext, outcomes: &[JobOutcome]) {
        for outcome in outcomes {
            if let JobResult::Done { job, .. } = &outcome.result {
                self.tell(context, job);
            }
        }
    }
}

pub(super) fn check_ids(job_ids: &[JobId]) -> Result<(), Error> {
    if job_ids.len() > MAX_COMMAND_JOBS {
        return Err(Error::new(Code::InputTooLarge)
            .at("jobIds")
            .measured(Measure::count(job_ids.len(), Unit::Posts))
            .allowed(Allowed::at_most(100_000, Unit::Posts)));
    }
    let mut seen = HashSet::with_capacity(job_ids.len());
    match job_ids.iter().position(|id| !seen.insert(*id)) {
        None => Ok(()),
        Some(index) => Err(Error::new(Code::IdDuplicate)
            .at(format!("jobIds[{index}]"))
            .measured(Measure::text(
                job_ids
                    .get(index)
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            ))),
    }
}
