//! The machine itself.

use chrono::TimeDelta;

use super::event::{JobEffect, JobEvent};
use super::refusal::{illegal, wrong_code};
use super::step::Step;
use crate::error::{Code, Error, Persistence};
use crate::model::{AttemptStatus, JobStatus, PublishJob, Timestamp};
use crate::retry::RetryPolicy;

/// How late a job may be published after an outage, in minutes, unless the host says otherwise.
pub const DEFAULT_GRACE_MINUTES: u32 = 60;

/// When the job's next attempt is due: its retry if one is pending, else its scheduled time.
pub fn due_at(job: &PublishJob) -> Timestamp {
    job.next_attempt_at.unwrap_or(job.scheduled_at)
}

/// From when a worker may take a job that nobody holds: when it is [due](due_at), or when the one who
/// gave it back said.
pub fn claimable_from(job: &PublishJob) -> Timestamp {
    job.held_until
        .map_or(due_at(job), |held| held.max(due_at(job)))
}

/// Whether what was `due` is late by more than the grace ([`DEFAULT_GRACE_MINUTES`] if unset).
/// Exactly the grace is still in time.
pub fn is_overdue(due: Timestamp, grace_minutes: Option<u32>, now: Timestamp) -> bool {
    now.since(due) > grace(grace_minutes)
}

pub(super) fn grace(minutes: Option<u32>) -> TimeDelta {
    TimeDelta::minutes(i64::from(minutes.unwrap_or(DEFAULT_GRACE_MINUTES)))
}

/// What becomes of `job` when `event` happens at `now`, with the [default
/// policy](RetryPolicy::default) for retries.
///
/// # Errors
/// As [`advance_with`].
///
/// ```
/// use calendar_publish::job::{JobEvent, advance};
/// use calendar_publish::model::{JobStatus, Lease, PublishJob};
///
/// let job: PublishJob = serde_json::from_str(r#"{
///     "id": "018f0000-0000-7000-8000-000000000001",
///     "calendarEntryId": "018f0000-0000-7000-8000-000000000002",
///     "userId": "018f0000-0000-7000-8000-000000000003",
///     "accountId": "018f0000-0000-7000-8000-000000000004",
///     "channel": "instagram", "scheduledAt": "2026-04-01T09:00:00Z", "status": "scheduled",
///     "attemptCount": 0, "createdAt": "2026-03-20T10:00:00Z", "updatedAt": "2026-03-20T10:00:00Z"
/// }"#)?;
/// let now = "2026-04-01T09:00:05Z".parse()?;
/// let lease = Lease { token: 1, expires_at: "2026-04-01T09:10:00Z".parse()?, write_started: false };
///
/// let (job, _) = advance(&job, JobEvent::Claim { lease, grace_minutes: None }, now)?;
/// assert_eq!(job.status, JobStatus::Publishing);
/// assert_eq!(job.attempt_count, 0); // an attempt begins with the write
/// let (job, _) = advance(&job, JobEvent::WriteStarted { token: 1 }, now)?;
/// assert_eq!(job.attempt_count, 1);
/// assert!(advance(&job, JobEvent::RetryNow, now).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn advance(
    job: &PublishJob,
    event: JobEvent,
    now: Timestamp,
) -> Result<(PublishJob, Vec<JobEffect>), Error> {
    advance_with(&RetryPolicy::default(), job, event, now)
}

/// What becomes of `job` when `event` happens at `now`. The [transitions](super) are the whole of it.
///
/// # Errors
/// The job stays as it was, with
/// - [`Code::JobTransitionIllegal`], naming both states and the states in which the event can
///   happen; for an event that comes too early, naming the instant from which it can;
/// - [`Code::JobLeaseLost`] where the token isn't the one of the job's claim, or that claim has
///   expired and a write is to begin;
/// - [`Code::FieldValueInvalid`] at `event.code` for a code that contradicts its event;
/// - [`Code::LeaseTooShort`] for a lease that has expired already;
/// - [`Code::MissedSchedule`] for a claim that comes later than the grace allows;
/// - [`Code::ScheduleInPast`] for a move to an instant that isn't in the future.
pub fn advance_with(
    policy: &RetryPolicy,
    job: &PublishJob,
    event: JobEvent,
    now: Timestamp,
) -> Result<(PublishJob, Vec<JobEffect>), Error> {
    let mut step = Step {
        policy,
        now,
        job: PublishJob {
            updated_at: now,
            ..job.clone()
        },
        effects: Vec::new(),
    };
    step.take(Stand::of(job), event)?;
    Ok((step.job, step.effects))
}

/// A job's status and what else is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    Scheduled,
    Claimed,
    Writing,
    Failed,
    Attention,
    Unknown,
    Terminal,
}

impl Stand {
    pub(super) fn of(job: &PublishJob) -> Self {
        match job.status {
            JobStatus::Scheduled => Self::Scheduled,
            // A stored job that lost its lease may have been written: the safe reading.
            JobStatus::Publishing if job.lease.is_none_or(|lease| lease.write_started) => {
                Self::Writing
            }
            JobStatus::Publishing => Self::Claimed,
            JobStatus::Failed => Self::Failed,
            JobStatus::NeedsAttention if job.last_error == Some(Code::OutcomeUnknown) => {
                Self::Unknown
            }
            JobStatus::NeedsAttention => Self::Attention,
            JobStatus::Published | JobStatus::DeliveredToInbox | JobStatus::Cancelled => {
                Self::Terminal
            }
        }
    }
}

/// Whether `code` is a limit that the account met: one that the platform answered, or, before the
/// write, one that the gate saw coming.
fn is_limit(code: Code, stand: Stand) -> bool {
    match code {
        Code::RateLimited | Code::QuotaExhausted => true,
        Code::AccountCoolingDown | Code::DailyCapExceeded => stand == Stand::Claimed,
        _ => false,
    }
}

impl Step<'_> {
    fn take(&mut self, stand: Stand, event: JobEvent) -> Result<(), Error> {
        use JobEvent as E;
        use Stand as S;
        match (stand, event) {
            (
                S::Scheduled | S::Failed,
                E::Claim {
                    lease,
                    grace_minutes,
                },
            ) => self.claim(lease, grace_minutes),
            (
                S::Claimed | S::Writing,
                E::Claim {
                    lease,
                    grace_minutes,
                },
            ) => self.take_over(stand, lease, grace_minutes),
            (S::Claimed, E::PreflightFailed { token, code }) => {
                self.held_by(token)?;
                self.needs_attention(code);
                Ok(())
            }
            (S::Claimed, E::WriteStarted { token }) => self.start_write(token),
            (S::Claimed | S::Writing, E::LeaseMoved { token, until }) => {
                self.move_lease(token, until)
            }
            (
                S::Claimed,
                E::Deferred {
                    token,
                    code,
                    until,
                    grace_minutes,
                },
            ) => {
                self.held_by(token)?;
                if code.persistence() != Persistence::Temporary {
                    return Err(wrong_code(code));
                }
                self.defer(code, until, grace_minutes);
                Ok(())
            }
            (S::Writing, E::Published { token, receipt }) => {
                self.held_by(token)?;
                self.published(Some(receipt));
                Ok(())
            }
            (S::Writing, E::DeliveredToInbox { token }) => {
                self.held_by(token)?;
                self.delivered(JobStatus::DeliveredToInbox);
                Ok(())
            }
            (
                S::Writing,
                E::FailedForCertain {
                    token,
                    code,
                    retry_after_seconds,
                },
            ) => {
                self.held_by(token)?;
                if code.persistence() != Persistence::Temporary {
                    return Err(wrong_code(code));
                }
                self.not_published(code, retry_after_seconds);
                Ok(())
            }
            (S::Writing, E::RejectedPermanently { token, code }) => {
                self.held_by(token)?;
                if code.persistence() == Persistence::Unknown {
                    return Err(wrong_code(code));
                }
                self.finish_attempt(AttemptStatus::Failed, Some(code));
                if !self.cancel_if_requested() {
                    self.needs_attention(code);
                }
                Ok(())
            }
            (S::Claimed | S::Writing, E::AccountLimited { token, code, until }) => {
                self.held_by(token)?;
                if !is_limit(code, stand) {
                    return Err(wrong_code(code));
                }
                self.limited(stand, code, until);
                Ok(())
            }
            (S::Writing, E::OutcomeUnknown { token }) => {
                self.held_by(token)?;
                self.unknown();
                Ok(())
            }
            (
                S::Writing | S::Unknown,
                E::Reconciled {
                    token,
                    outcome,
                    grace_minutes,
                },
            ) => {
                if stand == S::Writing {
                    self.held_by(token.unwrap_or_default())?;
                }
                self.reconciled(stand, outcome, grace_minutes);
                Ok(())
            }
            (S::Claimed | S::Writing, E::LeaseExpired) => self.lease_expired(stand),
            (S::Scheduled | S::Failed, E::MissedSchedule { grace_minutes }) => {
                self.missed(grace_minutes)
            }
            // Nothing was written, and nobody holds it any more.
            (S::Claimed, E::MissedSchedule { grace_minutes }) if self.lease_is_over() => {
                self.missed(grace_minutes)
            }
            (S::Writing, E::CancelRequested) => {
                self.job.cancel_requested = true;
                Ok(())
            }
            (S::Scheduled | S::Claimed | S::Failed | S::Attention, E::CancelRequested) => {
                self.cancel();
                Ok(())
            }
            (S::Scheduled | S::Failed | S::Attention, E::Rescheduled { at }) => {
                self.reschedule(stand, at)
            }
            (S::Failed, E::RetryNow) => {
                self.job.next_attempt_at = Some(self.now);
                Ok(())
            }
            (S::Attention, E::RetryNow) => {
                self.back_to_scheduled(Some(self.now));
                Ok(())
            }
            (S::Unknown, E::ConfirmedPublished) => {
                self.published(None);
                Ok(())
            }
            (S::Unknown, E::ConfirmedNotPublished { grace_minutes }) => {
                self.found_unpublished(grace_minutes);
                Ok(())
            }
            (S::Attention, E::Resumed { grace_minutes })
                if self.job.attempt_count < self.policy.max_attempts() =>
            {
                self.resume(grace_minutes);
                Ok(())
            }
            (_, event) => Err(illegal(&self.job, &event)),
        }
    }
}
