//! A store that is slow, goes away and loses answers, as a seed says.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use calendar_publish::ledger::LedgerRow;
use calendar_publish::model::{
    AccountId, CalendarId, CalendarRun, Channel, ChannelAccount, JobId, PublishIntent, PublishJob,
    RunId, Timestamp, UserId,
};
use calendar_publish::ports::{
    ChannelPause, ClaimJobs, ClaimedJobs, Command, CommandJobs, JobFilter, JobHistory, JobOutcome,
    JobOutcomes, JobStore, JobWrite, QueueDepth, RecordIntents, Recorded, SaveCalendar,
    SavedCalendar, ScheduleJobs, Store, StoreError, StoredCalendar,
};
use calendar_publish::retry::RetryPolicy;

use crate::random::Random;
use crate::time::VirtualTime;

/// Gives a wrapper of a store (a type with `inner: Arc<dyn JobStore>` and a method `around`, which is
/// handed each operation) all operations but the `$own` ones of [`JobStore`].
macro_rules! store_through {
    ($type:ty, { $($own:tt)* }) => {
        #[async_trait]
        impl Store for $type {
            async fn save_calendar(&self, save: SaveCalendar) -> Result<SavedCalendar, StoreError> {
                self.around("save_calendar", self.inner.save_calendar(save)).await
            }
            async fn calendar(&self, user: UserId, id: CalendarId) -> Result<StoredCalendar, StoreError> {
                self.around("calendar", self.inner.calendar(user, id)).await
            }
            async fn runs(&self, user: UserId, id: CalendarId) -> Result<Vec<CalendarRun>, StoreError> {
                self.around("runs", self.inner.runs(user, id)).await
            }
            async fn run(&self, user: UserId, id: CalendarId, run: RunId) -> Result<StoredCalendar, StoreError> {
                self.around("run", self.inner.run(user, id, run)).await
            }
            async fn last_generation(&self, user: UserId, id: CalendarId) -> Result<Option<StoredCalendar>, StoreError> {
                self.around("last_generation", self.inner.last_generation(user, id)).await
            }
            async fn put_account(&self, account: ChannelAccount) -> Result<(), StoreError> {
                self.around("put_account", self.inner.put_account(account)).await
            }
            async fn accounts(&self, user: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
                self.around("accounts", self.inner.accounts(user)).await
            }
            async fn remove_account(&self, user: UserId, id: AccountId) -> Result<(), StoreError> {
                self.around("remove_account", self.inner.remove_account(user, id)).await
            }
            async fn record_intents(&self, record: RecordIntents) -> Result<Recorded, StoreError> {
                self.around("record_intents", self.inner.record_intents(record)).await
            }
            async fn intents(&self, user: UserId, id: CalendarId) -> Result<Vec<PublishIntent>, StoreError> {
                self.around("intents", self.inner.intents(user, id)).await
            }
            async fn command(&self, user: UserId, key: String) -> Result<Option<Command>, StoreError> {
                self.around("command", self.inner.command(user, key)).await
            }
        }

        #[async_trait]
        impl JobStore for $type {
            $($own)*

            async fn schedule_jobs(&self, schedule: ScheduleJobs) -> Result<JobOutcomes, StoreError> {
                self.around("schedule_jobs", self.inner.schedule_jobs(schedule)).await
            }
            async fn command_jobs(&self, command: CommandJobs) -> Result<JobOutcomes, StoreError> {
                self.around("command_jobs", self.inner.command_jobs(command)).await
            }
            async fn save_calendar_and_jobs(
                &self,
                save: SaveCalendar,
                policy: RetryPolicy,
                writes: Vec<JobWrite>,
            ) -> Result<SavedCalendar, StoreError> {
                let saving = self.inner.save_calendar_and_jobs(save, policy, writes);
                self.around("save_calendar_and_jobs", saving).await
            }
            async fn job(&self, user: UserId, id: JobId) -> Result<Option<JobHistory>, StoreError> {
                self.around("job", self.inner.job(user, id)).await
            }
            async fn jobs(&self, user: UserId, filter: JobFilter) -> Result<Vec<PublishJob>, StoreError> {
                self.around("jobs", self.inner.jobs(user, filter)).await
            }
            async fn all_jobs(&self, filter: JobFilter) -> Result<Vec<PublishJob>, StoreError> {
                self.around("all_jobs", self.inner.all_jobs(filter)).await
            }
            async fn queue_depth(&self) -> Result<QueueDepth, StoreError> {
                self.around("queue_depth", self.inner.queue_depth()).await
            }
            async fn pause_channel(&self, pause: ChannelPause) -> Result<bool, StoreError> {
                self.around("pause_channel", self.inner.pause_channel(pause)).await
            }
            async fn lift_pause(&self, channel: Channel) -> Result<bool, StoreError> {
                self.around("lift_pause", self.inner.lift_pause(channel)).await
            }
            async fn ledger(
                &self,
                account: AccountId,
                after: i64,
                limit: u32,
            ) -> Result<Vec<LedgerRow>, StoreError> {
                self.around("ledger", self.inner.ledger(account, after, limit)).await
            }
            async fn work_arrived(&self) {
                self.inner.work_arrived().await;
            }
        }
    };
}
pub(crate) use store_through;

/// What goes wrong with a store, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreFaults {
    /// Of a hundred operations so many never reach the store.
    pub unreachable_percent: u64,
    /// Of a hundred operations so many are done, but nobody is told.
    pub answer_lost_percent: u64,
    /// Of a hundred operations so many are slow, on their way there and back.
    pub slow_percent: u64,
    /// The longest that a slow one takes each way, in milliseconds.
    pub slow_millis: u64,
    /// Of a thousand operations so many stall: their process stands still, or their packets wait.
    pub stalled_permille: u64,
    /// The longest that one stalls, in milliseconds.
    pub stalled_millis: u64,
    /// When nothing reaches the store: from, until.
    pub outages: Vec<(Timestamp, Timestamp)>,
    /// From when on all is well.
    pub calm_from: Timestamp,
}

/// Who is told what a store does.
pub trait StoreObserver: Send + Sync {
    /// An operation took effect. Its caller doesn't know yet.
    fn done(&self, who: &str, operation: &'static str);

    /// A claim took effect.
    fn claimed(&self, who: &str, claim: &ClaimJobs, jobs: &ClaimedJobs);

    /// Something went wrong on purpose.
    fn fault(&self, who: &str, what: &str, operation: &'static str);
}

/// Nobody is told.
impl StoreObserver for () {
    fn done(&self, _: &str, _: &'static str) {}

    fn claimed(&self, _: &str, _: &ClaimJobs, _: &ClaimedJobs) {}

    fn fault(&self, _: &str, _: &str, _: &'static str) {}
}

/// One worker's way to the store.
pub struct FaultyStore {
    who: String,
    inner: Arc<dyn JobStore>,
    time: VirtualTime,
    faults: StoreFaults,
    random: Mutex<Random>,
    observer: Arc<dyn StoreObserver>,
}

impl fmt::Debug for FaultyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultyStore")
            .field("who", &self.who)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

impl FaultyStore {
    /// The way of `who` to `inner`, with faults as `random` says.
    pub fn new(
        who: impl Into<String>,
        inner: Arc<dyn JobStore>,
        time: VirtualTime,
        faults: StoreFaults,
        random: Random,
        observer: Arc<dyn StoreObserver>,
    ) -> Self {
        Self {
            who: who.into(),
            inner,
            time,
            faults,
            random: Mutex::new(random),
            observer,
        }
    }

    fn random(&self) -> MutexGuard<'_, Random> {
        self.random.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_calm(&self) -> bool {
        self.time.now() >= self.faults.calm_from
    }

    async fn delay(&self) {
        let millis = {
            let mut random = self.random();
            if !self.is_calm() && random.below(1000) < self.faults.stalled_permille {
                random.between(10_000, self.faults.stalled_millis.max(10_000))
            } else if !self.is_calm() && random.percent(self.faults.slow_percent) {
                random.between(100, self.faults.slow_millis.max(100))
            } else {
                random.between(0, 5)
            }
        };
        if millis > 0 {
            let until = Timestamp::from_millis(
                self.time.now().millis() + i64::try_from(millis).unwrap_or(0),
            );
            self.time.sleep_until(until).await;
        }
    }

    async fn before(&self, operation: &'static str) -> Result<(), StoreError> {
        self.delay().await;
        let now = self.time.now();
        let mut outages = self.faults.outages.iter();
        let is_out = outages.any(|(from, until)| *from <= now && now < *until);
        if is_out && !self.is_calm() {
            return self.fail("outage", operation);
        }
        if self.strikes(self.faults.unreachable_percent) {
            return self.fail("unreachable", operation);
        }
        Ok(())
    }

    async fn after(&self, operation: &'static str) -> Result<(), StoreError> {
        self.delay().await;
        if self.strikes(self.faults.answer_lost_percent) {
            return self.fail("answer lost", operation);
        }
        Ok(())
    }

    fn strikes(&self, percent: u64) -> bool {
        !self.is_calm() && self.random().percent(percent)
    }

    fn fail(&self, what: &str, operation: &'static str) -> Result<(), StoreError> {
        self.observer.fault(&self.who, what, operation);
        Err(StoreError::unavailable(what))
    }

    async fn around<T: Send>(
        &self,
        name: &'static str,
        operation: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        self.before(name).await?;
        let answer = operation.await;
        self.observer.done(&self.who, name);
        self.after(name).await?;
        answer
    }
}

store_through!(FaultyStore, {
    async fn claim_jobs(&self, claim: ClaimJobs) -> Result<ClaimedJobs, StoreError> {
        self.before("claim_jobs").await?;
        let answer = self.inner.claim_jobs(claim.clone()).await;
        if let Ok(jobs) = &answer {
            self.observer.claimed(&self.who, &claim, jobs);
        }
        self.observer.done(&self.who, "claim_jobs");
        self.after("claim_jobs").await?;
        answer
    }

    async fn advance_jobs(
        &self,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        let advancing = self.inner.advance_jobs(policy, writes);
        self.around("advance_jobs", advancing).await
    }
});
