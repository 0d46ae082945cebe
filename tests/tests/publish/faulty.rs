//! A store that fails when it is told to.

use std::sync::Mutex;

use async_trait::async_trait;
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{
    AccountId, CalendarId, CalendarRun, ChannelAccount, PublishIntent, RunId, UserId,
};
use calendar_publish::ports::{
    Command, RecordIntents, Recorded, SaveCalendar, SavedCalendar, Store, StoreError,
    StoredCalendar,
};

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Fault {
    #[default]
    None,
    /// Nothing works.
    Down,
    /// Reading works, writing doesn't.
    ReadOnly,
    /// Intents are written, but the answer is lost.
    AnswerLost,
    /// Entries come back in another order.
    Reversed,
    /// A stale save is taken for a fresh one.
    Overwrites,
}

#[derive(Debug, Default)]
pub(crate) struct FaultyStore {
    pub(crate) inner: MemoryStore,
    fault: Mutex<Fault>,
}

fn down<T>() -> Result<T, StoreError> {
    Err(StoreError::unavailable("on purpose"))
}

impl FaultyStore {
    pub(crate) fn with(fault: Fault) -> Self {
        let store = Self::default();
        store.becomes(fault);
        store
    }

    pub(crate) fn becomes(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
    }

    fn fault(&self) -> Fault {
        *self.fault.lock().unwrap()
    }

    fn readable(&self) -> Result<(), StoreError> {
        match self.fault() {
            Fault::Down => down(),
            _ => Ok(()),
        }
    }

    fn writable(&self) -> Result<(), StoreError> {
        match self.fault() {
            Fault::Down | Fault::ReadOnly => down(),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn save_calendar(&self, mut save: SaveCalendar) -> Result<SavedCalendar, StoreError> {
        self.writable()?;
        if self.fault() == Fault::Overwrites
            && let Ok(stored) = self.inner.calendar(save.user_id, save.calendar_id).await
        {
            save.expected_revision = stored.revision;
        }
        self.inner.save_calendar(save).await
    }

    async fn calendar(&self, user: UserId, id: CalendarId) -> Result<StoredCalendar, StoreError> {
        self.readable()?;
        let mut stored = self.inner.calendar(user, id).await?;
        if self.fault() == Fault::Reversed {
            stored.entries.reverse();
        }
        Ok(stored)
    }

    async fn runs(&self, user: UserId, id: CalendarId) -> Result<Vec<CalendarRun>, StoreError> {
        self.readable()?;
        self.inner.runs(user, id).await
    }

    async fn run(
        &self,
        user: UserId,
        id: CalendarId,
        run: RunId,
    ) -> Result<StoredCalendar, StoreError> {
        self.readable()?;
        self.inner.run(user, id, run).await
    }

    async fn last_generation(
        &self,
        user: UserId,
        id: CalendarId,
    ) -> Result<Option<StoredCalendar>, StoreError> {
        self.readable()?;
        self.inner.last_generation(user, id).await
    }

    async fn put_account(&self, account: ChannelAccount) -> Result<(), StoreError> {
        self.writable()?;
        self.inner.put_account(account).await
    }

    async fn accounts(&self, user: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        self.readable()?;
        self.inner.accounts(user).await
    }

    async fn remove_account(&self, user: UserId, id: AccountId) -> Result<(), StoreError> {
        self.writable()?;
        self.inner.remove_account(user, id).await
    }

    async fn record_intents(&self, record: RecordIntents) -> Result<Recorded, StoreError> {
        self.writable()?;
        let recorded = self.inner.record_intents(record).await?;
        match self.fault() {
            Fault::AnswerLost => down(),
            _ => Ok(recorded),
        }
    }

    async fn intents(
        &self,
        user: UserId,
        id: CalendarId,
    ) -> Result<Vec<PublishIntent>, StoreError> {
        self.readable()?;
        self.inner.intents(user, id).await
    }

    async fn command(&self, user: UserId, key: String) -> Result<Option<Command>, StoreError> {
        self.readable()?;
        self.inner.command(user, key).await
    }
}
