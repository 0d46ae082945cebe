//! Why an event is refused.

use super::event::{JobEvent, Reconciliation};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{JobStatus, PublishJob, Timestamp};

pub(super) fn lease_lost(token: i64) -> Error {
    Error::new(Code::JobLeaseLost)
        .at("event.token")
        .measured(Measure::integer(token, Unit::Plain))
}

pub(super) fn too_early(now: Timestamp, from: Timestamp) -> Error {
    Error::new(Code::JobTransitionIllegal)
        .at("now")
        .measured(Measure::instant(now))
        .allowed(Allowed::not_before(from))
}

/// The event says one thing for certain and its code another.
pub(super) fn wrong_code(code: Code) -> Error {
    Error::new(Code::FieldValueInvalid)
        .at("event.code")
        .measured(Measure::text(code.as_str()))
}

/// Names the state the job is in and the one the event asks for; allowed are the states in which it
/// can happen.
pub(super) fn illegal(job: &PublishJob, event: &JobEvent) -> Error {
    use JobStatus as S;
    let (to, from): (S, &[S]) = match event {
        JobEvent::Claim { .. } => (S::Publishing, &[S::Scheduled, S::Failed]),
        JobEvent::WriteStarted { .. } | JobEvent::LeaseMoved { .. } => {
            (S::Publishing, &[S::Publishing])
        }
        JobEvent::Deferred { .. } => (S::Scheduled, &[S::Publishing]),
        JobEvent::PreflightFailed { .. }
        | JobEvent::RejectedPermanently { .. }
        | JobEvent::OutcomeUnknown { .. } => (S::NeedsAttention, &[S::Publishing]),
        JobEvent::Published { .. } => (S::Published, &[S::Publishing]),
        JobEvent::DeliveredToInbox { .. } => (S::DeliveredToInbox, &[S::Publishing]),
        JobEvent::FailedForCertain { .. }
        | JobEvent::AccountLimited { .. }
        | JobEvent::LeaseExpired => (S::Failed, &[S::Publishing]),
        JobEvent::Reconciled { outcome, .. } => {
            let to = match outcome {
                Reconciliation::Published { .. } => S::Published,
                Reconciliation::DeliveredToInbox => S::DeliveredToInbox,
                Reconciliation::NotPublished => S::Failed,
                Reconciliation::StillUnknown => S::NeedsAttention,
            };
            (to, &[S::Publishing, S::NeedsAttention])
        }
        JobEvent::MissedSchedule { .. } => {
            (S::NeedsAttention, &[S::Scheduled, S::Failed, S::Publishing])
        }
        JobEvent::CancelRequested => (
            S::Cancelled,
            &[S::Scheduled, S::Failed, S::NeedsAttention, S::Publishing],
        ),
        JobEvent::Rescheduled { .. } => {
            (S::Scheduled, &[S::Scheduled, S::Failed, S::NeedsAttention])
        }
        JobEvent::RetryNow => (S::Scheduled, &[S::Failed, S::NeedsAttention]),
        JobEvent::ConfirmedPublished => (S::Published, &[S::NeedsAttention]),
        JobEvent::ConfirmedNotPublished { .. } => (S::Failed, &[S::NeedsAttention]),
        JobEvent::Resumed { .. } => (S::Scheduled, &[S::NeedsAttention]),
    };
    let cause = match (job.status, job.last_error) {
        (S::NeedsAttention, Some(code)) => format!(" ({code})"),
        _ => String::new(),
    };
    Error::new(Code::JobTransitionIllegal)
        .at("job.status")
        .measured(Measure::text(format!(
            "{}{cause} → {}",
            job.status.as_str(),
            to.as_str()
        )))
        .allowed(Allowed::one_of(from.iter().map(|status| status.as_str())))
}
