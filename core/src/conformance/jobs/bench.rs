//! A store, its clock, and short words for what the cases do with them.

use chrono::TimeDelta;

use crate::conformance::fixture::{account, plain, user};
use crate::conformance::{Broken, Verdict, equal};
use crate::error::{Code, Error};
use crate::job::{JobEffect, JobEvent, PostReceipt};
use crate::memory::ManualClock;
use crate::model::{
    AccountId, Channel, ChannelAccount, JobId, JobStatus, PublishJob, Timestamp, UserId,
    deterministic_uuid,
};
use crate::ports::{
    ClaimJobs, ClaimedJob, ClaimedJobs, Clock, CommandJobs, JobHistory, JobOutcome, JobResult,
    JobStore, JobWrite, NewJob, Progress, ProgressChange, ScheduleJobs, StepKind,
};
use crate::retry::RetryPolicy;

/// How long the cases' claims hold.
pub(super) const LEASE_SECONDS: u32 = 300;

pub(super) struct Bench<'a> {
    pub(super) store: &'a dyn JobStore,
    pub(super) clock: &'a ManualClock,
}

/// 2026-04-01T09:00:00Z, when every case begins.
pub(super) const fn start() -> Timestamp {
    Timestamp::from_millis(1_775_034_000_000)
}

/// So many minutes after the [start].
pub(super) fn minute(minutes: i64) -> Timestamp {
    start().plus(TimeDelta::minutes(minutes))
}

pub(super) fn later(instant: Timestamp, millis: i64) -> Timestamp {
    instant.plus(TimeDelta::milliseconds(millis))
}

pub(super) fn job_id(name: &str) -> JobId {
    JobId::new(deterministic_uuid(&["conformance job", name]))
}

pub(super) fn ana() -> UserId {
    user("ana")
}

/// A job of the entry with its name.
pub(super) fn new_job(name: &str, account_id: AccountId, at: Timestamp) -> Result<NewJob, Broken> {
    Ok(NewJob {
        id: job_id(name),
        entry: plain(name)?,
        account_id,
        scheduled_at: at,
    })
}

pub(super) fn receipt(post_id: &str) -> PostReceipt {
    PostReceipt {
        post_id: Some(post_id.to_owned()),
        permalink: Some(format!("https://instagram.example/{post_id}")),
    }
}

pub(super) fn progress(stage: &str) -> Progress {
    Progress {
        stage: stage.to_owned(),
        kind: StepKind::Decisive,
        state: r#"{"container": "17900 \u00e9"}"#.to_owned(),
    }
}

/// What most cases look at.
pub(super) type Stand = (JobStatus, u32, Option<Code>, Option<Timestamp>);

/// Status, attempts, last error and the next attempt's time.
pub(super) fn stand(job: &PublishJob) -> Stand {
    (
        job.status,
        job.attempt_count,
        job.last_error,
        job.next_attempt_at,
    )
}

pub(super) fn ids(jobs: &[ClaimedJob]) -> Vec<JobId> {
    jobs.iter().map(|claimed| claimed.job.id).collect()
}

/// The job that a result holds.
pub(super) fn done(what: &str, result: JobResult) -> Result<PublishJob, Broken> {
    match result {
        JobResult::Done { job, .. } => Ok(*job),
        JobResult::Refused { error } => Err(Broken(format!("{what}: was refused: {error}"))),
    }
}

pub(super) fn effects(what: &str, result: JobResult) -> Result<Vec<JobEffect>, Broken> {
    match result {
        JobResult::Done { effects, .. } => Ok(effects),
        JobResult::Refused { error } => Err(Broken(format!("{what}: was refused: {error}"))),
    }
}

pub(super) fn refused_with(what: &str, result: &JobResult, code: Code) -> Verdict {
    match result {
        JobResult::Refused { error } => equal(what, &error.code, &code),
        JobResult::Done { job, .. } => Err(Broken(format!(
            "{what}: expected {code}, but it was done: {job:?}"
        ))),
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self(format!("was refused: {error}"))
    }
}

impl Bench<'_> {
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn at(&self, instant: Timestamp) {
        self.clock.set(instant);
    }

    /// Puts an Instagram account of Ana's that knows no limits.
    pub(super) async fn account(&self, name: &str) -> Result<AccountId, Broken> {
        self.account_with(name, "instagram", |_| {}).await
    }

    pub(super) async fn account_with(
        &self,
        name: &str,
        channel: &str,
        change: impl Fn(&mut ChannelAccount),
    ) -> Result<AccountId, Broken> {
        let mut account = account(ana(), name, channel)?;
        account.cooling_down_until = None;
        account.quota = None;
        change(&mut account);
        let id = account.id;
        self.store.put_account(account).await?;
        Ok(id)
    }

    pub(super) async fn schedule(&self, jobs: Vec<NewJob>) -> Result<Vec<JobOutcome>, Broken> {
        let schedule = ScheduleJobs {
            user_id: ana(),
            command: None,
            jobs,
        };
        Ok(self.store.schedule_jobs(schedule).await?.outcomes)
    }

    /// Schedules a job of the entry with its name.
    pub(super) async fn job(
        &self,
        name: &str,
        account_id: AccountId,
        at: Timestamp,
    ) -> Result<PublishJob, Broken> {
        let outcomes = self.schedule(vec![new_job(name, account_id, at)?]).await?;
        done("scheduling", only(outcomes)?)
    }

    pub(super) async fn claim(&self, limit: u32) -> Result<ClaimedJobs, Broken> {
        let claim = ClaimJobs {
            limit,
            lease_seconds: LEASE_SECONDS,
            channels: Channel::ALL.to_vec(),
        };
        Ok(self.store.claim_jobs(claim).await?)
    }

    /// Claims, and expects exactly these jobs in this order.
    pub(super) async fn claims(&self, what: &str, names: &[&str]) -> Result<ClaimedJobs, Broken> {
        let claimed = self.claim(100).await?;
        let expected = names.iter().map(|name| job_id(name)).collect();
        equal(what, &ids(&claimed.jobs), &expected)?;
        equal(what, &claimed.missed, &vec![])?;
        Ok(claimed)
    }

    /// Claims the one job that there is to claim, and gives the claim's token.
    pub(super) async fn hold(&self, name: &str) -> Result<i64, Broken> {
        let claimed = self.claims("the claim", &[name]).await?;
        let lease = claimed.jobs.first().and_then(|claimed| claimed.job.lease);
        lease
            .map(|lease| lease.token)
            .ok_or_else(|| Broken("a claimed job has no lease".to_owned()))
    }

    /// The same, with a write begun.
    pub(super) async fn begin(&self, name: &str) -> Result<i64, Broken> {
        let token = self.hold(name).await?;
        self.does(name, JobEvent::WriteStarted { token }).await?;
        Ok(token)
    }

    pub(super) async fn writes(&self, writes: Vec<JobWrite>) -> Result<Vec<JobOutcome>, Broken> {
        let policy = RetryPolicy::default();
        Ok(self.store.advance_jobs(policy, writes).await?)
    }

    pub(super) async fn write(&self, write: JobWrite) -> Result<JobResult, Broken> {
        only(self.writes(vec![write]).await?)
    }

    /// A worker reports `event`, and it is done.
    pub(super) async fn does(&self, name: &str, event: JobEvent) -> Result<PublishJob, Broken> {
        let what = format!("{event:?}");
        let result = self.write(JobWrite::new(job_id(name), event)).await?;
        done(&what, result)
    }

    /// A worker reports `event`; it is refused, and nothing has changed.
    pub(super) async fn may_not(&self, name: &str, event: JobEvent, code: Code) -> Verdict {
        let what = format!("{event:?}");
        let before = self.stored(name).await?;
        let write = JobWrite {
            progress: ProgressChange::Set {
                progress: progress("refused"),
            },
            ..JobWrite::new(job_id(name), event)
        };
        refused_with(&what, &self.write(write).await?, code)?;
        equal(&what, &self.stored(name).await?, &before)
    }

    /// Ana wants `event`.
    pub(super) async fn wants(&self, name: &str, event: JobEvent) -> Result<JobResult, Broken> {
        let outcomes = self
            .command(vec![JobWrite::new(job_id(name), event)], false)
            .await?;
        only(outcomes)
    }

    /// Ana wants `event`, and gets it.
    pub(super) async fn gets(&self, name: &str, event: JobEvent) -> Result<PublishJob, Broken> {
        let what = format!("{event:?}");
        done(&what, self.wants(name, event).await?)
    }

    pub(super) async fn command(
        &self,
        writes: Vec<JobWrite>,
        all_or_nothing: bool,
    ) -> Result<Vec<JobOutcome>, Broken> {
        let command = CommandJobs {
            user_id: ana(),
            command: None,
            policy: RetryPolicy::default(),
            writes,
            all_or_nothing,
        };
        Ok(self.store.command_jobs(command).await?.outcomes)
    }

    pub(super) async fn stored(&self, name: &str) -> Result<JobHistory, Broken> {
        let found = self.store.job(ana(), job_id(name)).await?;
        found.ok_or_else(|| Broken(format!("the job `{name}` isn't stored")))
    }
}

pub(super) fn only(outcomes: Vec<JobOutcome>) -> Result<JobResult, Broken> {
    let [outcome] = <[JobOutcome; 1]>::try_from(outcomes)
        .map_err(|outcomes| Broken(format!("expected one outcome, got {outcomes:?}")))?;
    Ok(outcome.result)
}
