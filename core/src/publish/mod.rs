//! Publishing a calendar: the dry run, people's commands, and the worker that writes to platforms.
//!
//! A dry run judges every entry, writes down an intent for each, and answers entry by entry what
//! would be published and what would not. Neither it nor the queue of commands holds anything that
//! reaches a platform: that they can't publish is a matter of types, not of an `if`. Only the worker
//! holds adapters, and only while publishing is on.
//!
//! - [`dry_run`] decides, purely: entries and findings in, intents and outcomes out.
//! - [`DryRunPublisher`] loads, decides, records and reports.
//! - [`Outbox`] holds the intents while the store is down.
//! - [`IncidentMonitor`] says when a channel has to be paused, because many accounts fail alike.
//! - [`PublishQueue`] takes people's commands: schedule, move, retry, cancel, confirm.
//! - [`PublishWorker`] claims due jobs and takes each to its end through a
//!   [`ChannelAdapter`](crate::ports::ChannelAdapter).
//! - [`disabled_publish`] and [`disabled_export`] are the host's answers while the flag is off.

mod answer;
mod disabled;
mod dry_run;
mod incident;
mod outbox;
mod publisher;
mod queue;
mod worker;

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
