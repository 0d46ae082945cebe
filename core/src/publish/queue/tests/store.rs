//! A store that goes down at a call of one's choice.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use async_trait::async_trait;

use crate::ledger::LedgerRow;
use crate::memory::MemoryStore;
use crate::model::*;
use crate::ports::*;
use crate::retry::RetryPolicy;

pub(super) struct Faulty {
    inner: MemoryStore,
    /// Calls until the fault; negative for none.
    calls: AtomicI64,
    /// Whether the call at which it goes down takes effect all the same.
    takes_effect: AtomicBool,
    before_move: Mutex<Option<BeforeMove>>,
}

/// What happens between reading a calendar and saving it moved.
type BeforeMove = Box<dyn FnOnce(&MemoryStore) + Send>;

impl Faulty {
    pub(super) fn new(inner: MemoryStore) -> Self {
        Self {
            inner,
            calls: AtomicI64::new(-1),
            takes_effect: AtomicBool::new(false),
            before_move: Mutex::new(None),
        }
    }

    /// Lets somebody be faster than the next move.
    pub(super) fn before_move(&self, hook: impl FnOnce(&MemoryStore) + Send + 'static) {
        *self.before_move.lock().unwrap() = Some(Box::new(hook));
    }

    /// Goes down at the call after `calls` more.
    pub(super) fn fail_after(&self, calls: i64, takes_effect: bool) {
        self.takes_effect.store(takes_effect, Ordering::SeqCst);
        self.calls.store(calls, Ordering::SeqCst);
    }

    /// Is up again; whether it went down meanwhile.
    pub(super) fn recover(&self) -> bool {
        self.calls.swap(-1, Ordering::SeqCst) == i64::MIN
    }

    /// The entry's job, whether the store is up or not.
    pub(super) fn behind(&self, entry_id: EntryId) -> Option<JobId> {
        let all = super::ready(self.inner.all_jobs(JobFilter::default()));
        let mut jobs = all.unwrap_or_default().into_iter();
        jobs.find(|job| job.calendar_entry_id == entry_id)
            .map(|job| job.id)
    }

    /// Whether the call goes wrong.
    fn is_down(&self) -> bool {
        match self.calls.load(Ordering::SeqCst) {
            i64::MIN => true,
            0 => {
                self.calls.store(i64::MIN, Ordering::SeqCst);
                true
            }
            left => {
                self.calls.store((left - 1).max(-1), Ordering::SeqCst);
                false
            }
        }
    }
}

/// Passes a call on, unless the store is down.
macro_rules! pass {
    ($self:ident, $call:expr) => {{
        let was_up = $self.calls.load(Ordering::SeqCst) != i64::MIN;
        let is_down = $self.is_down();
        let takes_effect = was_up && $self.takes_effect.load(Ordering::SeqCst);
        if is_down && !takes_effect {
            return Err(StoreError::unavailable("down"));
        }
        let answer = $call.await;
        match is_down {
            true => Err(StoreError::unavailable("the answer was lost")),
            false => answer,
        }
    }};
}

#[async_trait]
impl Store for Faulty {
    async fn save_calendar(&self, save: SaveCalendar) -> Result<SavedCalendar, StoreError> {
        pass!(self, self.inner.save_calendar(save))
    }

    async fn calendar(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<StoredCalendar, StoreError> {
        pass!(self, self.inner.calendar(user_id, calendar_id))
    }

    async fn runs(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<CalendarRun>, StoreError> {
        pass!(self, self.inner.runs(user_id, calendar_id))
    }

    async fn run(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
        run_id: RunId,
    ) -> Result<StoredCalendar, StoreError> {
        pass!(self, self.inner.run(user_id, calendar_id, run_id))
    }

    async fn last_generation(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Option<StoredCalendar>, StoreError> {
        pass!(self, self.inner.last_generation(user_id, calendar_id))
    }

    async fn put_account(&self, account: ChannelAccount) -> Result<(), StoreError> {
        pass!(self, self.inner.put_account(account))
    }

    async fn accounts(&self, user_id: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        pass!(self, self.inner.accounts(user_id))
    }

    async fn remove_account(
        &self,
        user_id: UserId,
        account_id: AccountId,
    ) -> Result<(), StoreError> {
        pass!(self, self.inner.remove_account(user_id, account_id))
    }

    async fn record_intents(&self, record: RecordIntents) -> Result<Recorded, StoreError> {
        pass!(self, self.inner.record_intents(record))
    }

    async fn intents(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<PublishIntent>, StoreError> {
        pass!(self, self.inner.intents(user_id, calendar_id))
    }

    async fn command(&self, user_id: UserId, key: String) -> Result<Option<Command>, StoreError> {
        pass!(self, self.inner.command(user_id, key))
    }
}

#[async_trait]
impl JobStore for Faulty {
    async fn schedule_jobs(&self, schedule: ScheduleJobs) -> Result<JobOutcomes, StoreError> {
        pass!(self, self.inner.schedule_jobs(schedule))
    }

    async fn command_jobs(&self, command: CommandJobs) -> Result<JobOutcomes, StoreError> {
        pass!(self, self.inner.command_jobs(command))
    }

    async fn save_calendar_and_jobs(
        &self,
        save: SaveCalendar,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<SavedCalendar, StoreError> {
        let hook = self.before_move.lock().unwrap().take();
        if let Some(hook) = hook {
            hook(&self.inner);
        }
        pass!(
            self,
            self.inner.save_calendar_and_jobs(save, policy, writes)
        )
    }

    async fn claim_jobs(&self, claim: ClaimJobs) -> Result<ClaimedJobs, StoreError> {
        pass!(self, self.inner.claim_jobs(claim))
    }

    async fn advance_jobs(
        &self,
        policy: RetryPolicy,
        writes: Vec<JobWrite>,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        pass!(self, self.inner.advance_jobs(policy, writes))
    }

    async fn job(&self, user_id: UserId, job_id: JobId) -> Result<Option<JobHistory>, StoreError> {
        pass!(self, self.inner.job(user_id, job_id))
    }

    async fn jobs(
        &self,
        user_id: UserId,
        filter: JobFilter,
    ) -> Result<Vec<PublishJob>, StoreError> {
        pass!(self, self.inner.jobs(user_id, filter))
    }

    async fn all_jobs(&self, filter: JobFilter) -> Result<Vec<PublishJob>, StoreError> {
        pass!(self, self.inner.all_jobs(filter))
    }

    async fn queue_depth(&self) -> Result<QueueDepth, StoreError> {
        pass!(self, self.inner.queue_depth())
    }

    async fn pause_channel(&self, pause: ChannelPause) -> Result<bool, StoreError> {
        pass!(self, self.inner.pause_channel(pause))
    }

    async fn lift_pause(&self, channel: Channel) -> Result<bool, StoreError> {
        pass!(self, self.inner.lift_pause(channel))
    }

    async fn ledger(
        &self,
        account_id: AccountId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<LedgerRow>, StoreError> {
        pass!(self, self.inner.ledger(account_id, after, limit))
    }

    async fn work_arrived(&self) {
        self.inner.work_arrived().await;
    }
}
