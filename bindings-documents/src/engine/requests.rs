//! What an engine's operations are asked with, where it isn't a type of the library's own.

use calendar_publish::model::{AccountId, JobId, Timestamp, UserId};
use calendar_publish::ports::JobFilter;
use calendar_publish::publish::{
    CommandContext, ConfirmJob, PublishNow, PublishRequest, Reschedule, ResumeIncident, Schedule,
    ScheduleCalendar, Shift, SurveyIncident,
};

use crate::store_requests::requests;

requests! {
    /// `tick`.
    TickRequest {
        /// How many jobs are claimed at most.
        limit: u32,
    }

    /// `schedule`.
    ScheduleRequest {
        /// Who asks.
        context: CommandContext,
        /// What is scheduled.
        schedule: Schedule,
    }

    /// `scheduleCalendar`.
    ScheduleCalendarRequest {
        /// Who asks.
        context: CommandContext,
        /// Which calendar.
        schedule: ScheduleCalendar,
    }

    /// `batchOutcome`.
    ContextRequest {
        /// Who asks, with the batch's idempotency key.
        context: CommandContext,
    }

    /// `reschedule`.
    RescheduleJobRequest {
        /// Who asks.
        context: CommandContext,
        /// What is moved, and to when.
        reschedule: Reschedule,
    }

    /// `shift`.
    ShiftJobsRequest {
        /// Who asks.
        context: CommandContext,
        /// What is moved.
        shift: Shift,
    }

    /// `retry`, `resume`, `cancel`.
    JobsCommandRequest {
        /// Who asks.
        context: CommandContext,
        /// The jobs.
        job_ids: Vec<JobId>,
    }

    /// `publishNow`.
    PublishNowRequest {
        /// Who asks.
        context: CommandContext,
        /// Which entry.
        publish: PublishNow,
    }

    /// `confirm`.
    ConfirmRequest {
        /// Who asks.
        context: CommandContext,
        /// What the person saw.
        confirm: ConfirmJob,
    }

    /// `incidentReport`: of every user's jobs, for whoever runs the service.
    IncidentReportRequest {
        /// Which incident.
        survey: SurveyIncident,
        /// The present.
        now: Timestamp,
    }

    /// `resumeAfterIncident`: for every user's jobs, for whoever runs the service.
    ResumeIncidentRequest {
        /// Who asks.
        context: CommandContext,
        /// Which jobs.
        resume: ResumeIncident,
    }

    /// `publishDryRun`.
    DryRunRequest {
        /// Which calendar.
        request: PublishRequest,
        /// The present.
        now: Timestamp,
    }

    /// `jobs`.
    UserJobsRequest {
        /// Whose they are.
        user_id: UserId,
        /// Which of them; all where it is left out.
        #[serde(default)]
        filter: JobFilter,
    }

    /// `ledger`.
    UserLedgerRequest {
        /// Whose account it is.
        user_id: UserId,
        /// The account.
        account_id: AccountId,
        /// The row after which they begin; 0 for all.
        #[serde(default)]
        after: i64,
        /// How many at most.
        limit: u32,
    }
}
