//! The requests of a store's methods, where they aren't a type of the library's own.
//!
//! A method that takes one structure has that as its request: `saveCalendar` a
//! [`SaveCalendar`], `putAccount` a [`ChannelAccount`](calendar_publish::model::ChannelAccount),
//! `recordIntents` a [`RecordIntents`](calendar_publish::ports::RecordIntents), `scheduleJobs` a
//! [`ScheduleJobs`](calendar_publish::ports::ScheduleJobs), `commandJobs` a
//! [`CommandJobs`](calendar_publish::ports::CommandJobs), `claimJobs` a
//! [`ClaimJobs`](calendar_publish::ports::ClaimJobs), `allJobs` a [`JobFilter`], `pauseChannel` a
//! [`ChannelPause`](calendar_publish::ports::ChannelPause). The others name their arguments, as they stand
//! here.

use calendar_publish::model::{AccountId, CalendarId, Channel, JobId, RunId, UserId};
use calendar_publish::ports::{JobFilter, JobWrite, SaveCalendar};
use calendar_publish::retry::RetryPolicy;

/// Declares requests: structures that are read and written as they stand.
macro_rules! requests {
    ($($(#[doc = $doc:literal])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            pub struct $name {
                $($(#[$field_doc])* pub $field: $type),*
            }
        )*
    };
}
pub(crate) use requests;

requests! {
    /// `calendar`, `runs`, `lastGeneration`, `intents`: a user's calendar.
    UserCalendarRequest {
        /// Whose it is.
        user_id: UserId,
        /// The calendar.
        calendar_id: CalendarId,
    }

    /// `run`: a run of a user's calendar.
    RunRequest {
        /// Whose it is.
        user_id: UserId,
        /// The calendar.
        calendar_id: CalendarId,
        /// The run.
        run_id: RunId,
    }

    /// `accounts`: what belongs to a user.
    UserRequest {
        /// The user.
        user_id: UserId,
    }

    /// `removeAccount`: a user's account.
    AccountRequest {
        /// Whose it is.
        user_id: UserId,
        /// The account.
        account_id: AccountId,
    }

    /// `command`: what a user's idempotency key was used for.
    CommandRequest {
        /// The user.
        user_id: UserId,
        /// The key.
        key: String,
    }

    /// `saveCalendarAndJobs`: a save, and what happens to jobs with it.
    SaveAndMoveRequest {
        /// The save.
        save: SaveCalendar,
        /// When failures are tried again.
        policy: RetryPolicy,
        /// The events of jobs.
        writes: Vec<JobWrite>,
    }

    /// `advanceJobs`: what workers report.
    AdvanceRequest {
        /// When failures are tried again.
        policy: RetryPolicy,
        /// The events of jobs.
        writes: Vec<JobWrite>,
    }

    /// `job`: a user's job.
    JobRequest {
        /// Whose it is.
        user_id: UserId,
        /// The job.
        job_id: JobId,
    }

    /// `jobs`: a user's jobs.
    JobsRequest {
        /// Whose they are.
        user_id: UserId,
        /// Which of them.
        filter: JobFilter,
    }

    /// `liftPause`: a channel.
    ChannelRequest {
        /// The channel.
        channel: Channel,
    }

    /// `ledger`: rows of an account's ledger.
    LedgerRequest {
        /// The account.
        account_id: AccountId,
        /// The row after which they begin; 0 for all.
        after: i64,
        /// How many at most.
        limit: u32,
    }

    /// `queueDepth`, `workArrived`: nothing.
    NoRequest {}
}
