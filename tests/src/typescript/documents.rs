//! The documents that an engine exchanges with its host, besides those of the operations.

use calendar_publish::ports::{
    AdapterError, ChannelPause, ClaimJobs, ClaimedJobs, Command, CommandJobs, JobFilter,
    JobHistory, JobOutcome, JobOutcomes, JobWrite, KeyError, MediaError, Method, Post, QueueDepth,
    Reconciled, RecordIntents, Recorded, SaveCalendar, SavedCalendar, ScheduleJobs, Step,
    StoreError, StoredCalendar, TransportError,
};
use calendar_publish::publish::{
    BatchOutcome, BatchProgress, CancelOutcome, CommandContext, ConfirmJob, IncidentReport,
    IncidentRule, PublishNow, QueueSettings, Reschedule, ResumeIncident, Schedule,
    ScheduleCalendar, Scheduled, Shift, SurveyIncident, WorkReport,
};
use schemars::SchemaGenerator;

macro_rules! add {
    ($generator:ident: $($document:ty),* $(,)?) => {
        $($generator.subschema_for::<$document>();)*
    };
}

/// What a host writes: commands, settings, and the answers of its store and of its other ports.
pub(super) fn read(generator: &mut SchemaGenerator) {
    add!(generator:
        CommandContext, Schedule, ScheduleCalendar, Reschedule, Shift, ConfirmJob, PublishNow,
        SurveyIncident, ResumeIncident, QueueSettings, IncidentRule, JobFilter,
    );
    add!(generator:
        SavedCalendar, StoredCalendar, Command, Recorded, JobOutcomes, JobOutcome, ClaimedJobs,
        JobHistory, QueueDepth,
        StoreError, TransportError, MediaError, KeyError, Step, AdapterError, Reconciled,
    );
}

/// What a host reads: the answers to commands, and what its store is asked.
pub(super) fn written(generator: &mut SchemaGenerator) {
    add!(generator:
        Scheduled, BatchOutcome, BatchProgress, CancelOutcome, IncidentReport, WorkReport,
    );
    add!(generator:
        SaveCalendar, RecordIntents, ScheduleJobs, CommandJobs, JobWrite, ClaimJobs, ChannelPause,
        Method, Post,
    );
}
