//! The store: a pool of connections, and what it is asked.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::model::{
    AccountId, CalendarId, CalendarRun, ChannelAccount, PublishIntent, RunId, UserId,
};
use calendar_publish::ports::{
    Clock, Command, RecordIntents, Recorded, SaveCalendar, SavedCalendar, Store, StoreError,
    StoredCalendar,
};
use chrono::{DateTime, Utc};
use deadpool_postgres::Pool;
use tokio_postgres::Config;

use super::database::{attempt, pool};
use super::listener::Listener;
use super::{accounts, calendars, intents, jobs, migrations};

/// A store in PostgreSQL. It needs a tokio runtime.
///
/// A server that can't be reached makes every operation [`StoreError::Unavailable`]; when it is back, the
/// same store works again.
pub struct PostgresStore {
    pub(super) pool: Pool,
    pub(super) listener: Option<Listener>,
    clock: Option<Arc<dyn Clock>>,
}

impl PostgresStore {
    /// Connects without TLS, and checks that this version knows the database's schema.
    /// [`migrate`](Self::migrate) brings the schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the address isn't one or the server can't be reached,
    /// [`StoreError::SchemaNewer`] where a newer version has migrated the database.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let config: Config = url
            .parse()
            .map_err(|error: tokio_postgres::Error| StoreError::unavailable(error.to_string()))?;
        let store = Self {
            pool: pool(config.clone())?,
            listener: Some(Listener::new(config)),
            clock: None,
        };
        let checked: Result<(), StoreError> =
            attempt!(&store.pool, client => migrations::check_version(&client));
        checked?;
        Ok(store)
    }

    /// A store over the host's own pool, with whatever TLS and size it has. Its connections may reach the
    /// tables as their owner or as `service_role`. Such a store hears no news of jobs: workers look
    /// for them at their own pace, as everywhere.
    pub fn from_pool(pool: Pool) -> Self {
        Self {
            pool,
            listener: None,
            clock: None,
        }
    }

    /// Decides due times and leases by `clock` instead of the database's time: for tests and simulations.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Brings the schema up to date. Several processes may do it at once, and again at every start. The
    /// connection's user must own the schema `public` or be allowed to create tables in it.
    ///
    /// # Errors
    /// [`StoreError::SchemaNewer`] where a newer version has migrated the database; nothing is changed.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        attempt!(&self.pool, client => migrations::migrate(&mut client))
    }

    /// The time that is handed to the database's functions: none for its own.
    pub(super) fn now(&self) -> Option<DateTime<Utc>> {
        self.clock.as_ref().map(|clock| clock.now().utc())
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn save_calendar(&self, request: SaveCalendar) -> Result<SavedCalendar, StoreError> {
        let fingerprint = request.fingerprint()?;
        let now = self.now();
        attempt!(&self.pool, client => jobs::save(&mut client, &request, &fingerprint, None, now))
    }

    async fn calendar(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<StoredCalendar, StoreError> {
        attempt!(&self.pool, client => calendars::latest(&client, user_id, calendar_id))
    }

    async fn runs(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<CalendarRun>, StoreError> {
        attempt!(&self.pool, client => calendars::runs(&client, user_id, calendar_id))
    }

    async fn run(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
        run_id: RunId,
    ) -> Result<StoredCalendar, StoreError> {
        attempt!(&self.pool, client => calendars::of_run(&client, user_id, calendar_id, run_id))
    }

    async fn last_generation(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Option<StoredCalendar>, StoreError> {
        attempt!(&self.pool, client => calendars::last_generation(&client, user_id, calendar_id))
    }

    async fn put_account(&self, account: ChannelAccount) -> Result<(), StoreError> {
        attempt!(&self.pool, client => accounts::put(&client, &account))
    }

    async fn accounts(&self, user_id: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        attempt!(&self.pool, client => accounts::list(&client, user_id))
    }

    async fn remove_account(
        &self,
        user_id: UserId,
        account_id: AccountId,
    ) -> Result<(), StoreError> {
        attempt!(&self.pool, client => accounts::remove(&client, user_id, account_id))
    }

    async fn record_intents(&self, record: RecordIntents) -> Result<Recorded, StoreError> {
        record.check()?;
        attempt!(&self.pool, client => intents::record(&mut client, &record))
    }

    async fn intents(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> Result<Vec<PublishIntent>, StoreError> {
        attempt!(&self.pool, client => intents::list(&client, user_id, calendar_id))
    }

    async fn command(&self, user_id: UserId, key: String) -> Result<Option<Command>, StoreError> {
        attempt!(&self.pool, client => intents::command(&client, user_id, &key))
    }
}
