//! What a person, or a host for one, may say of a job.

use super::{AppliedWrite, JobEvent, JobRecord};
use crate::error::{Code, Error, Measure};
use crate::model::{JobStatus, PublishJob, Timestamp};
use crate::ports::JobWrite;
use crate::retry::RetryPolicy;

impl JobEvent {
    /// The event as a person may want it of `job`. What only a worker can know is refused: a person's
    /// command is neither a claim nor a report of one, whatever token it names.
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`] at `event.type`, naming it.
    pub fn wished(mut self, job: &PublishJob) -> Result<Self, Error> {
        match &mut self {
            // While a worker holds the job it is the worker's to say what was seen.
            Self::Reconciled { token, .. } if job.status == JobStatus::Publishing => *token = None,
            Self::Reconciled { .. }
            | Self::CancelRequested
            | Self::Rescheduled { .. }
            | Self::RetryNow
            | Self::ConfirmedPublished
            | Self::ConfirmedNotPublished { .. }
            | Self::Resumed { .. } => {}
            Self::Claim { .. }
            | Self::PreflightFailed { .. }
            | Self::WriteStarted { .. }
            | Self::LeaseMoved { .. }
            | Self::Deferred { .. }
            | Self::Published { .. }
            | Self::DeliveredToInbox { .. }
            | Self::FailedForCertain { .. }
            | Self::RejectedPermanently { .. }
            | Self::AccountLimited { .. }
            | Self::OutcomeUnknown { .. }
            | Self::LeaseExpired
            | Self::MissedSchedule { .. } => {
                return Err(Error::new(Code::FieldValueInvalid)
                    .at("event.type")
                    .measured(Measure::text(self.name())));
            }
        }
        Ok(self)
    }

    /// Its name on the wire.
    fn name(&self) -> String {
        let wire = serde_json::to_value(self).unwrap_or_default();
        let name = wire.get("type").and_then(serde_json::Value::as_str);
        name.unwrap_or_default().to_owned()
    }
}

impl JobRecord {
    /// [Applies](JobRecord::apply) what a person wants. A stamp is a worker's and isn't looked at.
    ///
    /// # Errors
    /// As [`JobEvent::wished`] and [`JobRecord::apply`]; the job stays as it was.
    pub fn apply_wish(
        &self,
        policy: &RetryPolicy,
        account_grace_minutes: Option<u32>,
        write: &JobWrite,
        now: Timestamp,
    ) -> Result<AppliedWrite, Error> {
        let write = JobWrite {
            event: write.event.clone().wished(&self.job)?,
            stamp: None,
            ..write.clone()
        };
        self.apply(policy, account_grace_minutes, &write, now)
    }
}
