//! What one event does to a job, piece by piece.

use chrono::TimeDelta;

use super::advance::{DEFAULT_GRACE_MINUTES, Stand, claimable_from, due_at, is_overdue};
use super::event::{CancelAnswer, JobEffect, JobEvent, PostReceipt, Reconciliation};
use super::refusal::{illegal, lease_lost, too_early};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{AttemptStatus, JobStatus, Lease, PublishJob, Timestamp};
use crate::retry::{MAX_ASKED_WAIT_SECONDS, RetryDecision, RetryPolicy, next};

/// One step of a job: the job as it will be, and the effects so far.
pub(super) struct Step<'a> {
    pub(super) policy: &'a RetryPolicy,
    pub(super) now: Timestamp,
    pub(super) job: PublishJob,
    pub(super) effects: Vec<JobEffect>,
}

impl Step<'_> {
    pub(super) fn claim(&mut self, lease: Lease, grace_minutes: Option<u32>) -> Result<(), Error> {
        let from = claimable_from(&self.job);
        if self.now < from {
            return Err(too_early(self.now, from));
        }
        self.in_time(grace_minutes)?;
        self.hold(lease, false)
    }

    /// Refuses to begin what is later than the grace allows.
    fn in_time(&self, grace_minutes: Option<u32>) -> Result<(), Error> {
        let due = due_at(&self.job);
        if !is_overdue(due, grace_minutes, self.now) {
            return Ok(());
        }
        Err(Error::new(Code::MissedSchedule)
            .at("job.scheduledAt")
            .measured(Measure::instant(due))
            .allowed(Allowed::at_most(
                grace_minutes.unwrap_or(DEFAULT_GRACE_MINUTES),
                Unit::Minutes,
            )))
    }

    pub(super) fn lease_is_over(&self) -> bool {
        self.job
            .lease
            .is_none_or(|lease| lease.expires_at <= self.now)
    }

    /// A successor that has to begin the write is as late as any other worker; one that finds a write
    /// begun only looks, so it is never too late.
    pub(super) fn take_over(
        &mut self,
        stand: Stand,
        lease: Lease,
        grace_minutes: Option<u32>,
    ) -> Result<(), Error> {
        if let Some(held) = self.job.lease {
            if self.now < held.expires_at {
                return Err(illegal(
                    &self.job,
                    &JobEvent::Claim {
                        lease,
                        grace_minutes: None,
                    },
                ));
            }
            if lease.token <= held.token {
                return Err(lease_lost(lease.token));
            }
        }
        if stand == Stand::Claimed {
            self.in_time(grace_minutes)?;
        }
        self.hold(lease, stand == Stand::Writing)?;
        if stand == Stand::Writing {
            self.effects.push(JobEffect::Reconcile);
        }
        Ok(())
    }

    fn hold(&mut self, lease: Lease, write_started: bool) -> Result<(), Error> {
        if lease.expires_at <= self.now {
            return Err(Error::new(Code::LeaseTooShort)
                .at("event.lease.expiresAt")
                .measured(Measure::instant(lease.expires_at))
                .allowed(Allowed::not_before(self.now)));
        }
        self.job.status = JobStatus::Publishing;
        self.job.held_until = None;
        self.job.lease = Some(Lease {
            write_started,
            ..lease
        });
        Ok(())
    }

    /// Only the worker whose claim the job holds may say what happened under it.
    pub(super) fn held_by(&self, token: i64) -> Result<Lease, Error> {
        self.job
            .lease
            .filter(|lease| lease.token == token)
            .ok_or_else(|| lease_lost(token))
    }

    pub(super) fn start_write(&mut self, token: i64) -> Result<(), Error> {
        let lease = self.held_by(token)?;
        if lease.expires_at <= self.now {
            return Err(lease_lost(token));
        }
        self.job.lease = Some(Lease {
            write_started: true,
            ..lease
        });
        self.job.attempt_count = self.job.attempt_count.saturating_add(1);
        self.job.next_attempt_at = None;
        self.effects.push(JobEffect::OpenAttempt {
            number: self.job.attempt_count,
            started_at: self.now,
        });
        Ok(())
    }

    pub(super) fn move_lease(&mut self, token: i64, until: Timestamp) -> Result<(), Error> {
        let lease = self.held_by(token)?;
        if lease.expires_at <= self.now {
            return Err(lease_lost(token));
        }
        if until < self.now {
            return Err(Error::new(Code::LeaseTooShort)
                .at("event.until")
                .measured(Measure::instant(until))
                .allowed(Allowed::not_before(self.now)));
        }
        self.job.lease = Some(Lease {
            expires_at: until,
            ..lease
        });
        Ok(())
    }

    /// It stays due when it was due: giving it back again and again can't make a late post punctual.
    pub(super) fn defer(&mut self, code: Code, until: Timestamp, grace_minutes: Option<u32>) {
        let due = due_at(&self.job);
        let at = until.max(self.now);
        if is_overdue(due, grace_minutes, at) {
            self.needs_attention(code);
        } else {
            let status = if self.job.attempt_count == 0 {
                JobStatus::Scheduled
            } else {
                JobStatus::Failed
            };
            self.settle(status, Some(code), self.job.next_attempt_at);
            self.job.held_until = Some(at);
        }
    }

    pub(super) fn published(&mut self, receipt: Option<PostReceipt>) {
        self.delivered(JobStatus::Published);
        self.effects
            .extend(receipt.map(|receipt| JobEffect::StoreReceipt { receipt }));
    }

    pub(super) fn delivered(&mut self, status: JobStatus) {
        self.finish_attempt(AttemptStatus::Ok, None);
        if self.job.cancel_requested {
            self.answer_cancel(CancelAnswer::TooLate);
        }
        self.settle(status, None, None);
    }

    /// It turned out later that the write didn't publish. By then its time may have passed: what is
    /// later than the grace waits for the person instead of going out days late.
    pub(super) fn found_unpublished(&mut self, grace_minutes: Option<u32>) {
        if !is_overdue(self.job.scheduled_at, grace_minutes, self.now) {
            self.not_published(Code::PublishError, None);
            return;
        }
        self.finish_attempt(AttemptStatus::Failed, Some(Code::PublishError));
        if !self.cancel_if_requested() {
            self.needs_attention(Code::MissedSchedule);
        }
    }

    /// The one way back to the ladder: a failure that is known not to have published.
    pub(super) fn not_published(&mut self, code: Code, retry_after_seconds: Option<u32>) {
        self.finish_attempt(AttemptStatus::Failed, Some(code));
        if self.cancel_if_requested() {
            return;
        }
        let attempts = self.job.attempt_count;
        match next(self.policy, attempts, self.now, retry_after_seconds) {
            RetryDecision::RetryAt { at, .. } => {
                self.settle(JobStatus::Failed, Some(code), Some(at));
            }
            RetryDecision::GiveUp { .. } if attempts >= self.policy.max_attempts() => {
                self.needs_attention(Code::RetriesExhausted);
            }
            // The ladder goes on, but the platform asks for more patience than anybody expects.
            RetryDecision::GiveUp { .. } => self.needs_attention(code),
        }
    }

    pub(super) fn limited(&mut self, stand: Stand, code: Code, until: Timestamp) {
        // From the post's time on: one limit after the other must not put it off for ever.
        let latest = self
            .now
            .min(self.job.scheduled_at)
            .plus(TimeDelta::seconds(i64::from(MAX_ASKED_WAIT_SECONDS)));
        self.effects
            .push(JobEffect::CoolDownAccount { code, until });
        if stand == Stand::Writing {
            self.finish_attempt(AttemptStatus::Failed, Some(code));
            self.job.attempt_count = self.job.attempt_count.saturating_sub(1);
            if self.cancel_if_requested() {
                return;
            }
        }
        if until > latest {
            self.needs_attention(code);
            return;
        }
        let at = until.max(self.now);
        self.settle(JobStatus::Failed, Some(code), Some(at));
    }

    pub(super) fn unknown(&mut self) {
        self.finish_attempt(AttemptStatus::Unknown, Some(Code::OutcomeUnknown));
        let cancel_requested = self.job.cancel_requested;
        if cancel_requested {
            self.answer_cancel(CancelAnswer::Unknown);
        }
        self.needs_attention(Code::OutcomeUnknown);
        // Still wanted: if it turns out not to be published, it isn't tried again.
        self.job.cancel_requested = cancel_requested;
    }

    pub(super) fn reconciled(
        &mut self,
        stand: Stand,
        outcome: Reconciliation,
        grace_minutes: Option<u32>,
    ) {
        match outcome {
            Reconciliation::Published { receipt } => self.published(Some(receipt)),
            Reconciliation::DeliveredToInbox => self.delivered(JobStatus::DeliveredToInbox),
            Reconciliation::NotPublished => self.found_unpublished(grace_minutes),
            Reconciliation::StillUnknown if stand == Stand::Writing => self.unknown(),
            Reconciliation::StillUnknown => {}
        }
    }

    pub(super) fn lease_expired(&mut self, stand: Stand) -> Result<(), Error> {
        if let Some(lease) = self.job.lease
            && self.now < lease.expires_at
        {
            return Err(too_early(self.now, lease.expires_at));
        }
        if stand == Stand::Writing {
            self.unknown();
            self.effects.push(JobEffect::Reconcile);
        } else {
            let due = due_at(&self.job);
            self.settle(JobStatus::Failed, Some(Code::JobLeaseLost), Some(due));
        }
        Ok(())
    }

    pub(super) fn missed(&mut self, grace_minutes: Option<u32>) -> Result<(), Error> {
        if !is_overdue(due_at(&self.job), grace_minutes, self.now) {
            let end = due_at(&self.job).plus(super::advance::grace(grace_minutes));
            return Err(too_early(self.now, end.plus(TimeDelta::milliseconds(1))));
        }
        self.needs_attention(Code::MissedSchedule);
        Ok(())
    }

    pub(super) fn reschedule(&mut self, stand: Stand, at: Timestamp) -> Result<(), Error> {
        if at <= self.now {
            return Err(Error::new(Code::ScheduleInPast)
                .at("event.at")
                .measured(Measure::instant(at))
                .allowed(Allowed::not_before(self.now)));
        }
        self.job.scheduled_at = at;
        if stand == Stand::Failed {
            self.job.next_attempt_at = Some(at);
        } else {
            self.back_to_scheduled(None);
        }
        Ok(())
    }

    pub(super) fn resume(&mut self, grace_minutes: Option<u32>) {
        if is_overdue(due_at(&self.job), grace_minutes, self.now) {
            self.needs_attention(Code::MissedSchedule);
        } else {
            self.back_to_scheduled(None);
        }
    }

    pub(super) fn back_to_scheduled(&mut self, next_attempt_at: Option<Timestamp>) {
        self.settle(JobStatus::Scheduled, None, next_attempt_at);
    }

    pub(super) fn needs_attention(&mut self, code: Code) {
        self.settle(JobStatus::NeedsAttention, Some(code), None);
    }

    pub(super) fn cancel_if_requested(&mut self) -> bool {
        if self.job.cancel_requested {
            self.cancel();
        }
        self.job.status == JobStatus::Cancelled
    }

    pub(super) fn cancel(&mut self) {
        self.answer_cancel(CancelAnswer::Honoured);
        self.settle(JobStatus::Cancelled, Some(Code::Cancelled), None);
    }

    /// Gives the job a status in which no worker holds it.
    fn settle(&mut self, status: JobStatus, error: Option<Code>, next: Option<Timestamp>) {
        self.job.status = status;
        self.job.last_error = error;
        self.job.next_attempt_at = next;
        self.job.held_until = None;
        self.job.lease = None;
        self.job.cancel_requested = false;
    }

    pub(super) fn finish_attempt(&mut self, status: AttemptStatus, code: Option<Code>) {
        self.effects.push(JobEffect::FinishAttempt {
            status,
            code,
            finished_at: self.now,
        });
    }

    fn answer_cancel(&mut self, answer: CancelAnswer) {
        self.effects.push(JobEffect::AnswerCancel { answer });
    }
}
