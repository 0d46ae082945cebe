//! An engine's operations by name.

use calendar_publish::error::Measure;
use calendar_publish::ledger::LedgerRow;
use calendar_publish::model::{CalendarRun, ChannelAccount, PublishJob};
use calendar_publish::ports::{
    ChannelPause, JobFilter, JobHistory, JobOutcome, JobOutcomes, QueueDepth, SaveCalendar,
    SavedCalendar, StoredCalendar,
};
use calendar_publish::publish::{
    BatchOutcome, CancelOutcome, IncidentReport, MoveAnswer, PublishAnswer, Scheduled, WorkReport,
};
use calendar_publish::{Code, Error};

use super::Engine;
use super::requests as ask;
use crate::document::{read, write};
use crate::store_requests as store;

/// An operation of an [`Engine`].
#[derive(Clone, Copy, Debug)]
pub struct EngineOperation {
    /// The name, in camelCase: `scheduleCalendar`.
    pub name: &'static str,
    /// What it does and refuses, in Markdown.
    pub documentation: &'static str,
    /// The schema of its request, with the types that it names added to the generator.
    #[cfg(feature = "schema")]
    pub request: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
    /// The schema of its answer.
    #[cfg(feature = "schema")]
    pub answer: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
}

macro_rules! operations {
    ($( $(#[doc = $doc:literal])* $name:literal $method:ident $request:ty => $answer:ty; )*) => {
        /// The operations of an engine: the worker's, people's commands, and what the store keeps.
        pub const ENGINE_OPERATIONS: &[EngineOperation] = &[
            $(EngineOperation {
                name: $name,
                documentation: concat!($($doc, "\n"),*),
                #[cfg(feature = "schema")]
                request: |generator| generator.subschema_for::<$request>(),
                #[cfg(feature = "schema")]
                answer: |generator| generator.subschema_for::<$answer>(),
            }),*
        ];

        impl Engine {
            /// Runs the operation `name` on the JSON document `request` and gives its answer as JSON;
            /// `null` where it answers nothing.
            ///
            /// # Errors
            /// [`Code::OperationUnknown`] where there is no such operation, [`Code::InputTooLarge`] and
            /// [`Code::InputInvalid`] where the document doesn't fit, [`Code::FlagOff`] where publishing
            /// would have to be on, [`Code::StoreUnavailable`] where the store can't be reached, and
            /// whatever the operation itself refuses.
            pub async fn call(&self, name: &str, request: &str) -> Result<String, Error> {
                match name {
                    $($name => {
                        let request: $request = read(request)?;
                        // Boxed, so that the future is no larger than it must be for one of them.
                        let answer: $answer = Box::pin(self.$method(request)).await?;
                        write(&answer)
                    })*
                    _ => Err(Error::new(Code::OperationUnknown).measured(Measure::text(name))),
                }
            }
        }
    };
}

operations! {
    /// Claims due jobs, takes each as far as it goes, and says what it did: for hosts that are woken by a
    /// cron job. `FLAG_OFF` while publishing is off.
    "tick" tick ask::TickRequest => WorkReport;
    /// Makes a job for every entry, an outcome each. `FLAG_OFF` while publishing is off for the user.
    "schedule" schedule ask::ScheduleRequest => Scheduled;
    /// Schedules a calendar as it was last saved. `FLAG_OFF` while publishing is off for the user.
    "scheduleCalendar" schedule_calendar ask::ScheduleCalendarRequest => Scheduled;
    /// How the jobs of a batch stand, by its idempotency key.
    "batchOutcome" batch_outcome ask::ContextRequest => BatchOutcome;
    /// Moves one entry and its job.
    "reschedule" reschedule ask::RescheduleJobRequest => MoveAnswer;
    /// Applies a plan of moves to entries and jobs, or takes it back.
    "shift" shift ask::ShiftJobsRequest => MoveAnswer;
    /// Another attempt now, for jobs that failed.
    "retry" retry ask::JobsCommandRequest => JobOutcomes;
    /// Lets jobs go on at their time.
    "resume" resume ask::JobsCommandRequest => JobOutcomes;
    /// Withdraws jobs, also while they are being published, and says of each how that stands.
    "cancel" cancel ask::JobsCommandRequest => Vec<CancelOutcome>;
    /// Brings one entry's time to the present. `FLAG_OFF` while "publish now" or publishing is off for the
    /// user.
    "publishNow" publish_now ask::PublishNowRequest => PublishJob;
    /// A person's word on a post that may be out.
    "confirm" confirm ask::ConfirmRequest => JobOutcomes;
    /// What an incident left behind, of every user: for whoever runs the service.
    "incidentReport" incident_report ask::IncidentReportRequest => IncidentReport;
    /// Lets jobs go on that an incident stopped, of every user: for whoever runs the service.
    "resumeAfterIncident" resume_after_incident ask::ResumeIncidentRequest => Vec<JobOutcome>;
    /// Publishes a saved calendar as a dry run: an intent and an outcome for every entry. While publishing
    /// is off for the user the answer's status is `disabled`. Intents that find the store down wait in
    /// this engine's memory.
    "publishDryRun" publish_dry_run ask::DryRunRequest => PublishAnswer;
    /// Saves a calendar as one run: all of it, or nothing. `REVISION_CONFLICT` where somebody else saved in
    /// the meantime.
    "saveCalendar" save_calendar SaveCalendar => SavedCalendar;
    /// The user's calendar as it was last saved.
    "calendar" calendar store::UserCalendarRequest => StoredCalendar;
    /// The runs of the user's calendar.
    "runs" runs store::UserCalendarRequest => Vec<CalendarRun>;
    /// The user's calendar as a run saved it.
    "run" run_of store::RunRequest => StoredCalendar;
    /// What the last generation made, before it was merged with manual edits; `null` where there is none.
    "lastGeneration" last_generation store::UserCalendarRequest => Option<StoredCalendar>;
    /// Adds an account, or replaces what is known of it.
    "putAccount" put_account ChannelAccount => ();
    /// The user's accounts.
    "accounts" accounts store::UserRequest => Vec<ChannelAccount>;
    /// Removes the user's account.
    "removeAccount" remove_account store::AccountRequest => ();
    /// The user's jobs, by id.
    "jobs" jobs ask::UserJobsRequest => Vec<PublishJob>;
    /// The user's job with its attempts; `null` where the user has no such job.
    "job" job store::JobRequest => Option<JobHistory>;
    /// Every user's jobs: for whoever runs the service.
    "allJobs" all_jobs JobFilter => Vec<PublishJob>;
    /// How many jobs wait, and for how long.
    "queueDepth" queue_depth store::NoRequest => QueueDepth;
    /// Pauses a channel; `true` where it wasn't paused. For whoever runs the service.
    "pauseChannel" pause_channel ChannelPause => bool;
    /// Lifts a channel's pause; `true` where there was one. For whoever runs the service.
    "liftPause" lift_pause store::ChannelRequest => bool;
    /// The ledger of the user's account. `ACCOUNT_NOT_FOUND` where the user has no such account.
    "ledger" ledger ask::UserLedgerRequest => Vec<LedgerRow>;
}
