//! The store: a thread that owns the connection, and a handle that sends it work.

use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;
use std::{fmt, thread};

use async_trait::async_trait;
use calendar_publish::model::{
    AccountId, CalendarId, CalendarRun, ChannelAccount, PublishIntent, RunId, UserId,
};
use calendar_publish::ports::{
    Clock, Command, RecordIntents, Recorded, SaveCalendar, SavedCalendar, Store, StoreError,
    StoredCalendar,
};
use calendar_publish::retry::RetryPolicy;
use futures_channel::oneshot;
use rusqlite::Connection;

use super::arrivals::Arrivals;
use super::presence::Presence;
use super::time::Time;
use super::{OpenError, accounts, calendars, intents, open};

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

/// A [`Store`] and a [`JobStore`](calendar_publish::ports::JobStore) in a SQLite file.
///
/// Dropping it waits for the work that was sent and closes the file.
pub struct SqliteStore {
    /// `None` only while it is being dropped: the thread ends when nobody can send any more.
    work: Mutex<Option<Sender<Work>>>,
    thread: Option<JoinHandle<()>>,
    presence: Arc<Presence>,
    pub(super) time: Time,
    pub(super) arrivals: Arrivals,
}

impl SqliteStore {
    /// How long a writer waits for its turn where nothing else is said.
    pub const PATIENCE: Duration = Duration::from_secs(5);

    /// Opens the file at `path`, creating it where there is none (its directory must exist).
    ///
    /// # Errors
    /// [`OpenError`] says what is wrong with the file. Nothing was changed in it then.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_patiently(path, Self::PATIENCE)
    }

    /// As [`open`](Self::open), with another time to wait while somebody else writes. It is also how
    /// long every later write waits.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_patiently(path: impl AsRef<Path>, patience: Duration) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let mut connection = open::open(path, patience)?;
        let (work, queue) = channel::<Work>();
        let thread = thread::Builder::new()
            .name("calendar-publish-sqlite".to_owned())
            .spawn(move || {
                for work in queue {
                    work(&mut connection);
                }
            })
            .map_err(|error| OpenError::Failed {
                path: path.to_owned(),
                reason: error.to_string(),
            })?;
        Ok(Self {
            work: Mutex::new(Some(work)),
            thread: Some(thread),
            presence: Arc::new(Presence::of(path)),
            time: Time::default(),
            arrivals: Arrivals::default(),
        })
    }

    /// Lets `clock` say when jobs are due and leases end; without this the machine's does. Every store
    /// on the file must go by the same time.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.time = Time::Clock(clock);
        self
    }

    /// Runs `work` on the store's thread. A caller who stops waiting doesn't stop the work: it is done
    /// wholly or, where it fails, not at all.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let presence = self.presence.clone();
        self.send(Box::new(move |connection| {
            let done = presence.check().and_then(|()| work(connection));
            // Nobody may be waiting any more.
            let _ = answer.send(done);
        }))?;
        match answered.await {
            Ok(answer) => answer,
            Err(oneshot::Canceled) => Err(ended()),
        }
    }

    fn send(&self, work: Work) -> Result<(), StoreError> {
        let sender = self.work.lock().map_err(|_| ended())?;
        let sender = sender.as_ref().ok_or_else(ended)?;
        sender.send(work).map_err(|_| ended())
    }
}

fn ended() -> StoreError {
    StoreError::unavailable("the store's thread has ended")
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        if let Ok(mut sender) = self.work.lock() {
            sender.take();
        }
        if let Some(thread) = self.thread.take() {
            // A panic on that thread was its own report.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn save_calendar(&self, request: SaveCalendar) -> Result<SavedCalendar, StoreError> {
        self.save_with_jobs(request, RetryPolicy::default(), Vec::new())
            .await
    }

    async fn calendar(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<StoredCalendar, StoreError> {
        self.run(move |connection| calendars::latest(connection, user_id, calendar_id))
            .await
    }

    async fn runs(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<CalendarRun>, StoreError> {
        self.run(move |connection| calendars::runs(connection, user_id, calendar_id))
            .await
    }

    async fn run(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
        run_id: RunId,
    ) -> Result<StoredCalendar, StoreError> {
        self.run(move |connection| calendars::of_run(connection, user_id, calendar_id, run_id))
            .await
    }

    async fn last_generation(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Option<StoredCalendar>, StoreError> {
        self.run(move |connection| calendars::last_generation(connection, user_id, calendar_id))
            .await
    }

    async fn put_account(&self, account: ChannelAccount) -> Result<(), StoreError> {
        self.run(move |connection| accounts::put(connection, &account))
            .await
    }

    async fn accounts(&self, user_id: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        self.run(move |connection| accounts::list(connection, user_id))
            .await
    }

    async fn remove_account(
        &self,
        user_id: UserId,
        account_id: AccountId,
    ) -> Result<(), StoreError> {
        self.run(move |connection| accounts::remove(connection, user_id, account_id))
            .await
    }

    async fn record_intents(&self, record: RecordIntents) -> Result<Recorded, StoreError> {
        record.check()?;
        self.run(move |connection| intents::record(connection, &record))
            .await
    }

    async fn intents(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<PublishIntent>, StoreError> {
        self.run(move |connection| intents::list(connection, user_id, calendar_id))
            .await
    }

    async fn command(&self, user_id: UserId, key: String) -> Result<Option<Command>, StoreError> {
        self.run(move |connection| intents::command(connection, user_id, &key))
            .await
    }
}
