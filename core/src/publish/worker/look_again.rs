//! Looking once more for a post of which nobody knows whether it is out.

use super::PublishWorker;
use super::journal::done;
use super::reconcile::{Found, cause};
use crate::error::{Code, Error, Measure};
use crate::job::JobEvent;
use crate::model::{JobId, JobStatus, PublishJob, Timestamp, UserId};
use crate::ports::{AttemptNote, CommandJobs, JobHistory, JobWrite, Post, Progress, StoreError};

impl PublishWorker {
    /// Looks on the platform what became of a job whose outcome is unknown, because somebody asks.
    ///
    /// It only reads. Where the platform can tell, the job leaves that state by it; where it can't yet,
    /// the job stays, and what was seen is kept for the next look.
    ///
    /// # Errors
    /// [`Code::JobNotFound`], [`Code::JobTransitionIllegal`] where the outcome isn't unknown,
    /// [`Code::JobLeaseLost`] where the job was tried again during the look,
    /// [`Code::AccountNotFound`] where the account was unlinked meanwhile,
    /// [`Code::ChannelUnsupported`] where this worker has no adapter for the channel, and what the
    /// platform or the store answered.
    pub async fn look_again(&self, user_id: UserId, job_id: JobId) -> Result<PublishJob, Error> {
        let store = &self.ports.store;
        let history = store.job(user_id, job_id).await?;
        let history = history.ok_or_else(|| Error::new(Code::JobNotFound).at("jobId"))?;
        let adapter = self.adapter(history.record.job.channel).ok_or_else(|| {
            Error::new(Code::ChannelUnsupported)
                .at("job.channel")
                .measured(Measure::text(history.record.job.channel.as_str()))
        })?;
        let accounts = store.accounts(user_id).await?;
        let account_id = history.record.job.account_id;
        let account = accounts
            .into_iter()
            .find(|account| account.id == account_id)
            .ok_or_else(|| Error::new(Code::AccountNotFound).at("job.accountId"))?;
        let last_token = history.record.last_token;
        let (post, progress) = unknown_post(history, account, self.ports.clock.now())?;
        let looked = adapter.reconcile(post, progress).await.map_err(cause)?;
        let found = Found::read(looked, AttemptNote::default());
        let event = JobEvent::Reconciled {
            // Somebody may have tried again while the platform was asked.
            token: Some(last_token),
            outcome: found.outcome,
            grace_minutes: None,
        };
        let write = JobWrite {
            progress: found.progress,
            note: found.note.redacted(),
            ..JobWrite::new(job_id, event)
        };
        let command = CommandJobs {
            user_id,
            command: None,
            policy: self.settings.retry.clone(),
            writes: vec![write],
            all_or_nothing: true,
        };
        let mut outcomes = store.command_jobs(command).await?.outcomes;
        let outcome = outcomes
            .pop()
            .ok_or_else(|| StoreError::corrupt("command_jobs", "no outcome for the write"))?;
        done(outcome).map(|(job, _)| job)
    }
}

/// What was to be published, and the step whose outcome is unknown.
fn unknown_post(
    history: JobHistory,
    account: crate::model::ChannelAccount,
    now: Timestamp,
) -> Result<(Post, Progress), Error> {
    let record = history.record;
    let is_unknown = record.job.status == JobStatus::NeedsAttention
        && record.job.last_error == Some(Code::OutcomeUnknown);
    match (record.frozen, record.progress) {
        (Some(frozen), Some(progress)) if is_unknown => Ok((
            Post {
                job_id: record.job.id,
                attempt: record.job.attempt_count,
                entry: frozen.entry,
                content_hash: frozen.hash,
                account,
                // A look only reads.
                begin_by: now,
            },
            progress,
        )),
        _ => Err(Error::new(Code::JobTransitionIllegal)
            .at("job.status")
            .measured(Measure::text(record.job.status.as_str()))),
    }
}
