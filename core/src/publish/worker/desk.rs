//! One claimed job in a worker's hands: what it writes, and for how long it may.

use std::time::Duration;

use super::incident::Incidents;
use super::journal::{Journal, done};
use super::store_time::{StoreTime, delta};
use super::{WorkerPorts, WorkerSettings};
use crate::job::{JobEffect, JobEvent, due_at, is_overdue};
use crate::model::{AttemptStatus, JobStatus, PublishJob, Timestamp};
use crate::ports::{
    AttemptNote, ChannelAdapter, ClaimedJob, JobWrite, Post, Progress, ProgressChange, WriteStamp,
};
use crate::preflight::{PreflightReport, check};
use crate::readiness::{AccountLink, Situation, Surroundings};
use crate::telemetry::{Event, EventContext, EventKind, LeaseStatus};

/// The job isn't this worker's any more, or the store can't be told what happened to it. Nothing may
/// be done for it: whoever claims it next finds all that was durable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lost;

/// What the workers' tasks share.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a> {
    pub(super) ports: &'a WorkerPorts,
    pub(super) settings: &'a WorkerSettings,
    pub(super) journal: &'a Journal,
    pub(super) incidents: &'a Incidents,
    /// Whether a job may be waited for: not in a single step, and not while shutting down.
    pub(super) patience: &'a Patience,
}

/// Whether short waits are waited for.
#[derive(Debug, Default)]
pub(super) struct Patience(std::sync::atomic::AtomicBool);

impl Patience {
    pub(super) const fn new(waits: bool) -> Self {
        Self(std::sync::atomic::AtomicBool::new(waits))
    }

    pub(super) fn end(&self) {
        self.0.store(false, std::sync::atomic::Ordering::Relaxed);
    }

    fn waits(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}

/// A claimed job, and all that its worker needs for it.
pub(super) struct Desk<'a> {
    pub(super) shared: Shared<'a>,
    pub(super) adapter: &'a dyn ChannelAdapter,
    pub(super) post: Post,
    job: PublishJob,
    surroundings: Surroundings,
    token: i64,
    writes: i64,
    time: StoreTime,
    /// When the attempt began; before it, when the job was claimed.
    begun_at: Timestamp,
}

impl<'a> Desk<'a> {
    /// The job as it was claimed, and how far its post has come.
    pub(super) fn new(
        shared: Shared<'a>,
        adapter: &'a dyn ChannelAdapter,
        claimed: ClaimedJob,
        time: StoreTime,
    ) -> (Self, Option<Progress>) {
        let lease = claimed.job.lease;
        let is_writing = lease.is_some_and(|lease| lease.write_started);
        let begun = u32::from(!is_writing);
        let begun_at = if is_writing {
            // Of an attempt whose row is gone it is certain that it is older than its job was due: nobody
            // goes on with it for ever.
            claimed
                .attempt_started_at
                .unwrap_or(claimed.job.scheduled_at)
        } else {
            time.now(&*shared.ports.clock)
        };
        let desk = Self {
            shared,
            adapter,
            post: Post {
                job_id: claimed.job.id,
                attempt: claimed.job.attempt_count.saturating_add(begun),
                entry: claimed.entry,
                content_hash: claimed.content_hash,
                account: claimed.account,
                // Before each call it is set to what the claim allows.
                begin_by: begun_at,
            },
            token: lease.map_or(0, |lease| lease.token),
            job: claimed.job,
            surroundings: claimed.surroundings,
            writes: 0,
            time,
            begun_at,
        };
        (desk, claimed.progress)
    }

    pub(super) const fn token(&self) -> i64 {
        self.token
    }

    pub(super) const fn status(&self) -> JobStatus {
        self.job.status
    }

    /// Whether a write to the platform was begun.
    pub(super) fn is_writing(&self) -> bool {
        self.job.lease.is_some_and(|lease| lease.write_started)
    }

    pub(super) const fn is_cancel_requested(&self) -> bool {
        self.job.cancel_requested
    }

    /// The store's time.
    pub(super) fn now(&self) -> Timestamp {
        self.time.now(&*self.shared.ports.clock)
    }

    pub(super) fn after(&self, wait: Duration) -> Timestamp {
        self.now().plus(delta(wait))
    }

    /// Whether the attempt, or the reading before it, has taken longer than `patience`.
    pub(super) fn has_taken_longer_than(&self, patience: Duration) -> bool {
        self.now().since(self.begun_at) > delta(patience)
    }

    /// Whether its time has passed by more than the account's grace.
    pub(super) fn is_too_late(&self) -> bool {
        let grace = self.post.account.grace_minutes;
        is_overdue(due_at(&self.job), grace, self.now())
    }

    /// What the gate before an attempt says.
    pub(super) fn gate(&self) -> PreflightReport {
        let named = self.post.entry.account_id;
        let account = if named.is_none_or(|id| id == self.post.account.id) {
            AccountLink::Linked(&self.post.account)
        } else {
            // The entry was given to another account after its job was made.
            AccountLink::Ambiguous { count: 2 }
        };
        let rules = &self.shared.settings.rules;
        let situation = Situation::new(&self.post.entry, account, rules, self.now())
            .with_job(Some(&self.job))
            .with_surroundings(self.surroundings);
        check(true, &situation)
    }

    /// Makes `event` durable, with what stands beside it.
    pub(super) async fn write(
        &mut self,
        event: JobEvent,
        progress: ProgressChange,
        note: AttemptNote,
    ) -> Result<(), Lost> {
        self.writes += 1;
        let write = JobWrite {
            job_id: self.job.id,
            event,
            stamp: Some(WriteStamp {
                token: self.token,
                sequence: self.writes,
            }),
            progress,
            note: note.redacted(),
        };
        let outcome = self.shared.journal.write(write).await.map_err(|_| Lost)?;
        let (job, effects) = done(outcome).map_err(|_| Lost)?;
        let holder = job.lease.map(|lease| lease.token);
        if holder.is_some_and(|token| token != self.token) {
            return Err(Lost);
        }
        self.tell(&job, &effects);
        self.job = job;
        Ok(())
    }

    /// Makes the attempt's beginning durable, with the step that it begins with.
    pub(super) async fn begin_attempt(&mut self, progress: &Progress) -> Result<(), Lost> {
        let event = JobEvent::WriteStarted { token: self.token };
        self.write(event, set(progress), AttemptNote::default())
            .await
    }

    /// Makes sure that a call that begins now ends under this claim.
    pub(super) async fn hold_for_a_call(&mut self) -> Result<(), Lost> {
        loop {
            let ends = self.job.lease.ok_or(Lost)?.expires_at;
            let longest = delta(self.adapter.call_deadline());
            if ends.since(self.now()) > longest {
                self.post.begin_by = self.time.local(ends.plus(-longest));
                return Ok(());
            }
            self.move_lease(self.full_lease(), ProgressChange::Keep)
                .await?;
        }
    }

    /// Makes `next` durable and waits for `wait`, or gives the job back where that is long. Whether it
    /// is still this worker's.
    pub(super) async fn wait_for(&mut self, wait: Duration, next: &Progress) -> Result<bool, Lost> {
        let shared = self.shared;
        // Whatever a platform asks for: nobody holds an account for longer than an answer may take.
        let wait = wait.min(shared.settings.confirm_for);
        let is_short = wait <= shared.settings.park_after && shared.patience.waits();
        if wait.is_zero() || is_short {
            // What only reads is made durable with the write that follows it.
            if self.is_writing() {
                self.move_lease(self.full_lease(), set(next)).await?;
            }
            if !wait.is_zero() {
                let clock = &shared.ports.clock;
                clock.sleep_until(clock.now().plus(delta(wait))).await;
            }
            return Ok(true);
        }
        self.move_lease(self.after(wait), set(next)).await?;
        Ok(false)
    }

    async fn move_lease(&mut self, until: Timestamp, progress: ProgressChange) -> Result<(), Lost> {
        let event = JobEvent::LeaseMoved {
            token: self.token,
            until,
        };
        self.write(event, progress, AttemptNote::default()).await
    }

    fn full_lease(&self) -> Timestamp {
        self.after(Duration::from_secs(
            self.shared.settings.lease_seconds.into(),
        ))
    }

    /// Tells telemetry what a write changed.
    fn tell(&mut self, job: &PublishJob, effects: &[JobEffect]) {
        let now = self.now();
        for effect in effects {
            let (status, error_code, since) = match *effect {
                JobEffect::OpenAttempt { started_at, .. } => {
                    self.begun_at = started_at;
                    (AttemptStatus::Open, None, now)
                }
                JobEffect::FinishAttempt { status, code, .. } => (status, code, self.begun_at),
                _ => continue,
            };
            self.record(
                now,
                EventKind::Attempt {
                    status,
                    job_id: job.id,
                    attempt: self.post.attempt,
                    latency_ms: now.since(since).num_milliseconds().max(0),
                    error_code,
                },
            );
        }
        if job.status != self.job.status {
            self.record(now, job_event(job));
        }
    }

    /// Tells telemetry that the job left the worker's hands before its work was done.
    pub(super) fn tell_lost(&self) {
        self.record(
            self.now(),
            EventKind::Lease {
                status: LeaseStatus::Lost,
                job_id: self.job.id,
                attempt: self.job.attempt_count,
                error_code: None,
            },
        );
    }

    fn record(&self, at: Timestamp, kind: EventKind) {
        let entry = &self.post.entry;
        self.shared.ports.telemetry.record(Event {
            at,
            context: EventContext {
                request_id: self.shared.settings.name.clone(),
                user_id: Some(self.job.user_id),
                channel: Some(self.job.channel),
                calendar_id: Some(entry.calendar_id),
                run_id: None,
            },
            kind,
        });
    }
}

/// That a job has a new status.
pub(super) fn job_event(job: &PublishJob) -> EventKind {
    EventKind::Job {
        status: job.status,
        job_id: job.id,
        attempt: job.attempt_count,
        error_code: job.last_error,
    }
}

pub(super) fn set(progress: &Progress) -> ProgressChange {
    ProgressChange::Set {
        progress: progress.clone(),
    }
}
