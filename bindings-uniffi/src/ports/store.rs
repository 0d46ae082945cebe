//! The store of calendars and jobs.

use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::ledger::LedgerRow;
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{
    AccountId, CalendarId, CalendarRun, Channel, ChannelAccount, JobId, PublishIntent, PublishJob,
    RunId, UserId,
};
use calendar_publish::ports::{
    self, ChannelPause, ClaimJobs, ClaimedJobs, Command, CommandJobs, JobFilter, JobHistory,
    JobOutcome, JobOutcomes, JobStore, JobWrite, QueueDepth, RecordIntents, Recorded, SaveCalendar,
    SavedCalendar, ScheduleJobs, StoredCalendar,
};
use calendar_publish::retry::RetryPolicy;
use calendar_publish_adapters::sqlite::SqliteStore;

use super::{Clock, HostClock, StoreError, opaque_debug};
use crate::CalendarPublishError;

/// Declares the host's interface, and both ways between it and core's traits, from one list.
macro_rules! store_port {
    (
        $(#[$port_doc:meta])*
        calendars { $($(#[$calendar_doc:meta])* $calendar:ident($($calendar_arg:ident: $calendar_type:ty),*) -> $calendar_answer:ty;)* }
        jobs { $($(#[$job_doc:meta])* $job:ident($($job_arg:ident: $job_type:ty),*) -> $job_answer:ty;)* }
    ) => {
        $(#[$port_doc])*
        #[uniffi::export(with_foreign)]
        #[async_trait]
        pub trait Store: Send + Sync {
            $($(#[$calendar_doc])* async fn $calendar(&self, $($calendar_arg: $calendar_type),*) -> Result<$calendar_answer, StoreError>;)*
            $($(#[$job_doc])* async fn $job(&self, $($job_arg: $job_type),*) -> Result<$job_answer, StoreError>;)*
            /// Returns when jobs may have arrived since the last claim, or never: then the worker looks
            /// for itself, every `idle_poll`.
            async fn work_arrived(&self) -> Result<(), StoreError>;
        }

        #[async_trait]
        impl ports::Store for HostStore {
            $(async fn $calendar(&self, $($calendar_arg: $calendar_type),*) -> Result<$calendar_answer, ports::StoreError> {
                Ok(self.0.$calendar($($calendar_arg),*).await?)
            })*
        }

        #[async_trait]
        impl JobStore for HostStore {
            $(async fn $job(&self, $($job_arg: $job_type),*) -> Result<$job_answer, ports::StoreError> {
                Ok(self.0.$job($($job_arg),*).await?)
            })*

            async fn work_arrived(&self) {
                // Whoever can't say is looked after without it.
                if self.0.work_arrived().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        }

        #[async_trait]
        impl<S: JobStore + 'static> Store for Native<S> {
            $(async fn $calendar(&self, $($calendar_arg: $calendar_type),*) -> Result<$calendar_answer, StoreError> {
                Ok(self.0.$calendar($($calendar_arg),*).await?)
            })*
            $(async fn $job(&self, $($job_arg: $job_type),*) -> Result<$job_answer, StoreError> {
                Ok(self.0.$job($($job_arg),*).await?)
            })*

            async fn work_arrived(&self) -> Result<(), StoreError> {
                self.0.work_arrived().await;
                Ok(())
            }
        }
    };
}

/// A store that a host implements, as core sees it.
pub(crate) struct HostStore(pub(crate) Arc<dyn Store>);

/// A store of ours, as a host sees it.
struct Native<S>(S);

opaque_debug!(HostStore);

store_port! {
    /// The store of calendars, accounts and publish jobs.
    ///
    /// Every method is one transaction: all of it happens, or nothing. What each must do stands in
    /// the documentation of core's `ports`, and the suite that checks any store in `conformance`.
    calendars {
        /// Saves a calendar as a new revision; the same run with the same content answers as before.
        save_calendar(save: SaveCalendar) -> SavedCalendar;
        /// The calendar as it stands.
        calendar(user_id: UserId, calendar_id: CalendarId) -> StoredCalendar;
        /// The runs that saved it, the newest first.
        runs(user_id: UserId, calendar_id: CalendarId) -> Vec<CalendarRun>;
        /// The calendar as a run saved it.
        run(user_id: UserId, calendar_id: CalendarId, run_id: RunId) -> StoredCalendar;
        /// The calendar as it was last generated.
        last_generation(user_id: UserId, calendar_id: CalendarId) -> Option<StoredCalendar>;
        /// Links an account, or replaces what is known of it.
        put_account(account: ChannelAccount) -> ();
        /// The user's accounts, by id.
        accounts(user_id: UserId) -> Vec<ChannelAccount>;
        /// Forgets an account.
        remove_account(user_id: UserId, account_id: AccountId) -> ();
        /// Records what was asked for, once for each idempotency key.
        record_intents(record: RecordIntents) -> Recorded;
        /// What was asked for.
        intents(user_id: UserId, calendar_id: CalendarId) -> Vec<PublishIntent>;
        /// The command that was given under a key.
        command(user_id: UserId, key: String) -> Option<Command>;
    }
    jobs {
        /// Makes jobs; a job that exists, or one too many for its entry, is refused by itself.
        schedule_jobs(schedule: ScheduleJobs) -> JobOutcomes;
        /// Applies a person's commands to jobs.
        command_jobs(command: CommandJobs) -> JobOutcomes;
        /// Saves a calendar and moves its jobs, in one transaction.
        save_calendar_and_jobs(save: SaveCalendar, policy: RetryPolicy, writes: Vec<JobWrite>) -> SavedCalendar;
        /// Takes due jobs under a lease.
        claim_jobs(claim: ClaimJobs) -> ClaimedJobs;
        /// Applies what a worker found out; whoever has lost the lease is refused.
        advance_jobs(policy: RetryPolicy, writes: Vec<JobWrite>) -> Vec<JobOutcome>;
        /// A job with its attempts.
        job(user_id: UserId, job_id: JobId) -> Option<JobHistory>;
        /// The user's jobs, by id.
        jobs(user_id: UserId, filter: JobFilter) -> Vec<PublishJob>;
        /// Every user's jobs, by id.
        all_jobs(filter: JobFilter) -> Vec<PublishJob>;
        /// How many jobs stand where.
        queue_depth() -> QueueDepth;
        /// Pauses a channel; whether it wasn't paused before.
        pause_channel(pause: ChannelPause) -> bool;
        /// Lifts a pause; whether there was one.
        lift_pause(channel: Channel) -> bool;
        /// An account's ledger, behind a sequence number.
        ledger(account_id: AccountId, after: i64, limit: u32) -> Vec<LedgerRow>;
    }
}

/// A store in a SQLite file, which is made where it doesn't exist and brought up to date where it is
/// old.
///
/// Several programs of one machine may share the file. It isn't meant for network drives.
#[uniffi::export]
pub fn sqlite_store(path: String) -> Result<Arc<dyn Store>, CalendarPublishError> {
    let store = SqliteStore::open(&path).map_err(calendar_publish::Error::from)?;
    Ok(Arc::new(Native(store)))
}

/// A store that forgets everything when it is closed, whose jobs become due by `clock`: for tests and
/// demonstrations.
#[uniffi::export]
pub fn memory_store(clock: Arc<dyn Clock>) -> Arc<dyn Store> {
    Arc::new(Native(MemoryStore::new(Arc::new(HostClock(clock)))))
}
