//! What people ask of publish jobs.
//!
//! | operation | what it does |
//! |---|---|
//! | [`schedule`](PublishQueue::schedule), [`schedule_calendar`](PublishQueue::schedule_calendar) | makes jobs, an outcome per entry |
//! | [`batch_outcome`](PublishQueue::batch_outcome) | how the jobs of such a batch stand |
//! | [`reschedule`](PublishQueue::reschedule) | moves one entry and its job |
//! | [`shift`](PublishQueue::shift) | applies a plan to entries and jobs, or takes it back |
//! | [`retry`](PublishQueue::retry), [`resume`](PublishQueue::resume) | another attempt now; go on at its time |
//! | [`cancel`](PublishQueue::cancel) | withdraws jobs, also while they are being published |
//! | [`publish_now`](PublishQueue::publish_now) | brings one entry's time to the present |
//! | [`confirm`](PublishQueue::confirm) | a person's word on a post that may be out |
//! | [`incident_report`](PublishQueue::incident_report), [`resume_after_incident`](PublishQueue::resume_after_incident) | what an incident left behind |

mod batch;
mod cancel;
mod confirm;
mod context;
mod incident;
mod jobs;
mod moving;
mod now;
mod reschedule;
mod schedule;
mod shift;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

pub use batch::{BatchOutcome, BatchProgress, OnProgress, StatusCount};
pub use cancel::{CancelOutcome, CancelState};
pub use confirm::{ConfirmJob, Confirmation};
pub use context::CommandContext;
pub use incident::{IncidentReport, ResumableJob, ResumeIncident, SurveyIncident};
pub use jobs::MAX_COMMAND_JOBS;
pub use moving::MoveAnswer;
pub use now::PublishNow;
pub use reschedule::Reschedule;
pub use schedule::{
    EntryJob, EntryJobResult, MAX_BATCH_ENTRIES, Schedule, ScheduleCalendar, Scheduled,
};
pub use shift::{Shift, ShiftChange};

use crate::ports::{JobStore, Telemetry};
use crate::retry::RetryPolicy;
use crate::schedule::ScheduleSettings;
use serde::{Deserialize, Serialize};

/// What commands go by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct QueueSettings {
    /// When failures are tried again: the workers' policy.
    pub policy: RetryPolicy,
    /// The limits that moves are judged by.
    pub schedule: ScheduleSettings,
    /// How many jobs are made or changed in one transaction; 0 counts as 1.
    pub chunk: u32,
    /// How many seconds from the store's present "publish now" is due: long enough for the command to
    /// be stored before; 0 counts as 1.
    pub publish_now_lead_seconds: u32,
}

impl Default for QueueSettings {
    /// The library's retries and limits, 1,000 jobs a transaction, and a lead of 2 seconds.
    fn default() -> Self {
        Self {
            policy: RetryPolicy::default(),
            schedule: ScheduleSettings::default(),
            chunk: 1000,
            publish_now_lead_seconds: 2,
        }
    }
}

/// Commands over a store of jobs. It holds nothing that could reach a platform.
///
/// Each command is durable when it answers. One that carries an idempotency key can be repeated
/// after a lost answer: with the same content it does nothing twice and is answered as before, with
/// other content it is [`Code::IdempotencyConflict`](crate::Code::IdempotencyConflict). While the
/// store is down every command is [`Code::StoreUnavailable`](crate::Code::StoreUnavailable); what a
/// long one had done until then is durable, and repeating it goes on from there.
#[derive(Clone)]
pub struct PublishQueue {
    store: Arc<dyn JobStore>,
    telemetry: Arc<dyn Telemetry>,
    settings: QueueSettings,
}

impl PublishQueue {
    /// Commands over `store`, which tell `telemetry` of every job that they make or change.
    pub fn new(
        store: Arc<dyn JobStore>,
        telemetry: Arc<dyn Telemetry>,
        settings: QueueSettings,
    ) -> Self {
        Self {
            store,
            telemetry,
            settings,
        }
    }

    /// How many jobs go into one transaction.
    fn chunk(&self) -> usize {
        usize::try_from(self.settings.chunk.max(1)).unwrap_or(usize::MAX)
    }
}

impl fmt::Debug for PublishQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublishQueue")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
