//! A store in memory: for tests, for simulations and demonstrations, and as the simplest model of what
//! a [`Store`] and a [`JobStore`](crate::ports::JobStore) must do; and a clock that is set by hand.

mod calendars;
mod claim;
mod clock;
mod job_store;
mod jobs;
mod table;
#[cfg(test)]
mod tests;
mod wake;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

pub use self::clock::ManualClock;
use self::table::{Accounts, JobTable};
use self::wake::Waiters;
use crate::ledger::LedgerRow;
use crate::model::{
    AccountId, CalendarEntry, CalendarId, CalendarRun, Channel, ChannelAccount, PublishIntent,
    RunId, Timestamp, UserId,
};
use crate::ports::{
    ChannelPause, Clock, Command, Missing, RecordIntents, Recorded, SaveCalendar, SavedCalendar,
    Store, StoreError, StoredCalendar,
};
use crate::retry::RetryPolicy;

/// A [`Store`] that forgets everything when it is dropped.
///
/// ```
/// use std::sync::Arc;
///
/// use calendar_publish::memory::{ManualClock, MemoryStore};
/// use calendar_publish::ports::{JobStore, Store};
///
/// let store: Box<dyn Store> = Box::new(MemoryStore::default());
///
/// // Jobs become due by the store's clock.
/// let clock = Arc::new(ManualClock::new("2026-04-01T09:00:00Z".parse()?));
/// let store: Box<dyn JobStore> = Box::new(MemoryStore::new(clock));
/// # Ok::<(), calendar_publish::Error>(())
/// ```
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    rows: Mutex<Rows>,
    arrivals: Waiters,
}

#[derive(Debug, Default)]
struct Rows {
    /// Every save of a calendar, the first one first; its revision is its place.
    calendars: HashMap<(UserId, CalendarId), Vec<Save>>,
    /// The calendar of every run.
    runs: HashMap<(UserId, RunId), CalendarId>,
    accounts: Accounts,
    intents: HashMap<UserId, Vec<PublishIntent>>,
    commands: BTreeMap<(UserId, String), Command>,
    jobs: JobTable,
    ledgers: HashMap<AccountId, Vec<LedgerRow>>,
    pauses: BTreeMap<Channel, ChannelPause>,
    /// Counts the operations that made or moved jobs.
    arrivals: u64,
}

#[derive(Debug)]
struct Save {
    fingerprint: String,
    stored: StoredCalendar,
    /// What was generated, where this save is or holds a generation.
    generated: Option<Vec<CalendarEntry>>,
}

impl MemoryStore {
    /// An empty store, whose jobs become due by `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            rows: Mutex::default(),
            arrivals: Waiters::default(),
        }
    }

    /// Every user's accounts on `channel` with that id of the platform's, by id: several people can have
    /// linked the same one.
    pub fn linked_accounts(
        &self,
        channel: Channel,
        external_account_id: &str,
    ) -> Vec<ChannelAccount> {
        let is_it = |account: &&ChannelAccount| {
            account.channel == channel && account.external_account_id == external_account_id
        };
        let mut accounts: Vec<ChannelAccount> = self
            .rows()
            .accounts
            .values()
            .filter(is_it)
            .cloned()
            .collect();
        accounts.sort_by_key(|account| account.id);
        accounts
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A panic while the rows were held can't leave them half written: every operation checks
    /// first and then only moves values. So a poisoned lock is taken all the same.
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    /// An empty store with a clock that stands still at 1970-01-01T00:00:00Z.
    fn default() -> Self {
        Self::new(Arc::new(ManualClock::default()))
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl Store for MemoryStore {
    async fn save_calendar(&self, save: SaveCalendar) -> Result<SavedCalendar, StoreError> {
        let now = self.now();
        let saved = self
            .rows()
            .save_with_jobs(save, &RetryPolicy::default(), &[], now);
        self.tell_arrival();
        saved
    }

    async fn calendar(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<StoredCalendar, StoreError> {
        self.rows()
            .saves(user_id, calendar_id)?
            .last()
            .map(|save| save.stored.clone())
            .ok_or(StoreError::NotFound {
                what: Missing::Calendar,
            })
    }

    async fn runs(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<CalendarRun>, StoreError> {
        let rows = self.rows();
        let saves = rows.saves(user_id, calendar_id)?;
        Ok(saves
            .iter()
            .rev()
            .map(|save| save.stored.run.clone())
            .collect())
    }

    async fn run(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
        run_id: RunId,
    ) -> Result<StoredCalendar, StoreError> {
        self.rows()
            .saves(user_id, calendar_id)?
            .iter()
            .find(|save| save.stored.run.id == run_id)
            .map(|save| save.stored.clone())
            .ok_or(StoreError::NotFound { what: Missing::Run })
    }

    async fn last_generation(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Option<StoredCalendar>, StoreError> {
        let rows = self.rows();
        let saves = rows.saves(user_id, calendar_id)?;
        Ok(saves.iter().rev().find_map(|save| {
            save.generated.as_ref().map(|generated| StoredCalendar {
                entries: generated.clone(),
                ..save.stored.clone()
            })
        }))
    }

    async fn put_account(&self, account: ChannelAccount) -> Result<(), StoreError> {
        let now = self.now();
        self.rows().put_account(account, now);
        self.tell_arrival();
        Ok(())
    }

    async fn accounts(&self, user_id: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        let mut accounts: Vec<ChannelAccount> = self
            .rows()
            .accounts
            .values()
            .filter(|account| account.user_id == user_id)
            .cloned()
            .collect();
        accounts.sort_by(|a, b| {
            (a.channel.as_str(), &a.display_name, a.id).cmp(&(
                b.channel.as_str(),
                &b.display_name,
                b.id,
            ))
        });
        Ok(accounts)
    }

    async fn remove_account(
        &self,
        user_id: UserId,
        account_id: AccountId,
    ) -> Result<(), StoreError> {
        let now = self.now();
        self.rows().remove_account(user_id, account_id, now)
    }

    async fn record_intents(&self, record: RecordIntents) -> Result<Recorded, StoreError> {
        self.rows().record(record)
    }

    async fn intents(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<PublishIntent>, StoreError> {
        Ok(self
            .rows()
            .intents
            .get(&user_id)
            .into_iter()
            .flatten()
            .filter(|intent| intent.calendar_id == calendar_id)
            .cloned()
            .collect())
    }

    async fn command(&self, user_id: UserId, key: String) -> Result<Option<Command>, StoreError> {
        Ok(self.rows().commands.get(&(user_id, key)).cloned())
    }
}
