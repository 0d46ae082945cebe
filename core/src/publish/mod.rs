//! Publishing a calendar: the half that sends nothing.
//!
//! A dry run judges every entry, writes down an intent for each, and answers entry by entry what
//! would be published and what would not. Nothing in here holds a transport: that a dry run can't
//! publish is a matter of types, not of an `if`.
//!
//! - [`dry_run`] decides, purely: entries and findings in, intents and outcomes out.
//! - [`DryRunPublisher`] loads, decides, records and reports.
//! - [`Outbox`] holds the intents while the store is down.
//! - [`IncidentMonitor`] says when a channel has to be paused, because many accounts fail alike.
//! - [`PublishQueue`] takes people's commands: schedule, move, retry, cancel, confirm.
//! - [`disabled_publish`] and [`disabled_export`] are the host's answers while the flag is off.

mod answer;
mod disabled;
mod dry_run;
mod incident;
mod outbox;
mod publisher;
mod worker;
mod queue;

pub use answer::{
    EntryOutcome, OutcomeStatus, PublishAnswer, PublishMode, PublishRequest, PublishStatus,
};
pub use disabled::{
    DISABLED_PROVIDER, ExportDisabled, ExportFormat, ExportRequest, disabled_export,
    disabled_publish,
};
pub use dry_run::{DryRun, DryRunPlan, EntryFindings, dry_run};
pub use incident::{IncidentMonitor, IncidentRule};
pub use outbox::{FlushReport, Outbox};
pub use publisher::{DryRunPublisher, Judge};
pub use queue::{
    BatchOutcome, BatchProgress, CancelOutcome, CancelState, CommandContext, ConfirmJob,
    Confirmation, EntryJob, EntryJobResult, IncidentReport, MAX_BATCH_ENTRIES, MAX_COMMAND_JOBS,
    MoveAnswer, OnProgress, PublishNow, PublishQueue, QueueSettings, Reschedule, ResumableJob,
    ResumeIncident, Schedule, ScheduleCalendar, Scheduled, Shift, ShiftChange, StatusCount,
    SurveyIncident,
};
pub use worker::{PublishWorker, WorkReport, WorkerPorts, WorkerSettings};
