//! What an incident left behind, and going on with what is provably unpublished.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::PublishQueue;
use super::context::{CommandContext, part, read_note};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::job::JobEvent;
use crate::model::{
    AttemptStatus, Channel, JobId, JobStatus, PublishAttempt, PublishJob, Timestamp, UserId,
};
use crate::ports::{CommandKey, JobFilter, JobOutcome, JobWrite};

/// The most jobs that one report or one resumption looks at.
const MAX_LIMIT: u32 = 10_000;

/// Which jobs an incident is made answerable for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SurveyIncident {
    /// The channel.
    pub channel: Channel,
    /// What accounts failed with: the code of the channel's pause.
    pub code: Code,
    /// When it began: jobs that came to need attention before aren't looked at.
    pub since: Timestamp,
    /// The most jobs needing attention that are looked at: 1 to 10,000.
    pub limit: u32,
    /// After this job, in the order of ids: where the last report ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<JobId>,
}

/// Jobs to be gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResumeIncident {
    /// Which jobs.
    pub survey: SurveyIncident,
    /// How many minutes late a post may go out. What is later is left for a person, job by job. It is
    /// this command's alone and takes the place of the accounts' grace.
    pub late_by_minutes: u32,
}

/// What an incident left behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct IncidentReport {
    /// Jobs that provably didn't publish, and that can be resumed.
    pub resumable: Vec<ResumableJob>,
    /// Jobs that may be out: somebody has to look, and they are never resumed.
    pub unknown: Vec<PublishJob>,
    /// Where the next report goes on; `None` where every job was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<JobId>,
}

/// A job that provably didn't publish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ResumableJob {
    /// The job.
    pub job: PublishJob,
    /// What it stopped for: the incident's code, or a time that passed meanwhile.
    pub code: Code,
    /// How many minutes late it would be; 0 where its time is to come.
    pub late_by_minutes: i64,
}

impl PublishQueue {
    /// Says what an incident left behind, over all users: an offer, nothing changes.
    ///
    /// A job can be resumed that needs attention since the incident for its code or with
    /// [`Code::MissedSchedule`], or whose retries were spent on its code, and all of whose attempts are
    /// known to have failed.
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`] for the limit.
    pub async fn incident_report(
        &self,
        survey: &SurveyIncident,
        now: Timestamp,
    ) -> Result<IncidentReport, Error> {
        if !(1..=MAX_LIMIT).contains(&survey.limit) {
            return Err(Error::new(Code::FieldValueInvalid)
                .at("limit")
                .measured(Measure::number(survey.limit, Unit::Posts))
                .allowed(Allowed::between(1, MAX_LIMIT, Unit::Posts)));
        }
        let filter = JobFilter {
            channel: Some(survey.channel),
            statuses: vec![JobStatus::NeedsAttention],
            after: survey.after,
            limit: survey.limit,
            ..JobFilter::default()
        };
        let jobs = self.store.all_jobs(filter).await?;
        let full = u32::try_from(jobs.len()).unwrap_or(u32::MAX) >= survey.limit;
        let mut report = IncidentReport {
            resumable: Vec::new(),
            unknown: Vec::new(),
            next: jobs.last().filter(|_| full).map(|job| job.id),
        };
        for job in jobs {
            if job.updated_at < survey.since {
                continue;
            }
            if job.last_error == Some(Code::OutcomeUnknown) {
                report.unknown.push(job);
                continue;
            }
            let Some(history) = self.store.job(job.user_id, job.id).await? else {
                continue;
            };
            let attempts = &history.attempts;
            let job = history.record.job;
            if attempts.iter().any(may_be_out) {
                report.unknown.push(job);
            } else if let Some(code) = stopped_for(&job, attempts, survey.code) {
                let late = now.since(job.scheduled_at).num_minutes().max(0);
                report.resumable.push(ResumableJob {
                    job,
                    code,
                    late_by_minutes: late,
                });
            }
        }
        Ok(report)
    }

    /// Resumes what the [report](PublishQueue::incident_report) offers and isn't too late: what is due
    /// is published now, and what isn't waits for its time. One outcome for each job that was resumed, or
    /// refused because somebody was faster. `context` is whoever runs the service; the jobs' own users
    /// are named in the events.
    ///
    /// With a key, a repeated command is about the same jobs and changes nothing twice.
    ///
    /// # Errors
    /// As [`incident_report`](PublishQueue::incident_report), and [`Code::FieldValueInvalid`] and
    /// [`Code::IdempotencyConflict`] for the key.
    pub async fn resume_after_incident(
        &self,
        context: &CommandContext,
        resume: &ResumeIncident,
    ) -> Result<Vec<JobOutcome>, Error> {
        let key = context.key("resume_after_incident", resume)?;
        let wishes = self.wishes(context, key.as_ref(), resume).await?;
        let mut outcomes = Vec::new();
        for Wish { user_id, writes } in wishes {
            let context = CommandContext {
                user_id,
                ..context.clone()
            };
            let key = key.as_ref().map(|key| part(key, "incident"));
            let done = self.write(&context, key, writes).await?;
            outcomes.extend(done.outcomes);
        }
        Ok(outcomes)
    }

    /// What is asked of each user's jobs: decided now, or when the command first came.
    async fn wishes(
        &self,
        context: &CommandContext,
        key: Option<&CommandKey>,
        resume: &ResumeIncident,
    ) -> Result<Vec<Wish>, Error> {
        if let Some(key) = key
            && let Some(note) = self.noted(context, key).await?
        {
            return read_note(&note);
        }
        let report = self.incident_report(&resume.survey, context.now).await?;
        let mut by_user: BTreeMap<UserId, Vec<JobWrite>> = BTreeMap::new();
        for ResumableJob { job, .. } in report.resumable {
            let late = context.now.since(job.scheduled_at);
            if late > TimeDelta::minutes(resume.late_by_minutes.into()) {
                continue;
            }
            let event = if late < TimeDelta::zero() {
                JobEvent::Resumed {
                    grace_minutes: None,
                }
            } else {
                JobEvent::RetryNow
            };
            let writes = by_user.entry(job.user_id).or_default();
            writes.push(JobWrite::new(job.id, event));
        }
        let wishes: Vec<Wish> = by_user
            .into_iter()
            .map(|(user_id, writes)| Wish { user_id, writes })
            .collect();
        match key {
            None => Ok(wishes),
            Some(key) => match self.note(context, key, &wishes).await? {
                None => Ok(wishes),
                Some(note) => read_note(&note),
            },
        }
    }
}

/// What is asked of one user's jobs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wish {
    user_id: UserId,
    writes: Vec<JobWrite>,
}

/// Whether the attempt may have published.
const fn may_be_out(attempt: &PublishAttempt) -> bool {
    !matches!(attempt.status, AttemptStatus::Failed)
}

/// Which of the incident's causes the job stopped for, if any.
fn stopped_for(job: &PublishJob, attempts: &[PublishAttempt], code: Code) -> Option<Code> {
    let stopped = job.last_error?;
    let spent_on_it = || attempts.last().and_then(|last| last.error_code) == Some(code);
    match stopped {
        Code::MissedSchedule => Some(stopped),
        stopped if stopped == code => Some(code),
        Code::RetriesExhausted if spent_on_it() => Some(code),
        _ => None,
    }
}
