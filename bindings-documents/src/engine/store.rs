//! What an engine's store keeps, as its operations give it.

use calendar_publish::Error;
use calendar_publish::ledger::LedgerRow;
use calendar_publish::model::{CalendarRun, ChannelAccount, PublishJob};
use calendar_publish::ports::{
    ChannelPause, JobFilter, JobHistory, Missing, QueueDepth, SaveCalendar, SavedCalendar,
    StoreError, StoredCalendar,
};

use super::Engine;
use super::requests::{UserJobsRequest, UserLedgerRequest};
use crate::store_requests::{
    AccountRequest, ChannelRequest, JobRequest, NoRequest, RunRequest, UserCalendarRequest,
    UserRequest,
};

impl Engine {
    pub(super) async fn save_calendar(&self, save: SaveCalendar) -> Result<SavedCalendar, Error> {
        Ok(self.store.save_calendar(save).await?)
    }

    pub(super) async fn calendar(
        &self,
        asked: UserCalendarRequest,
    ) -> Result<StoredCalendar, Error> {
        let calendar = self.store.calendar(asked.user_id, asked.calendar_id);
        Ok(calendar.await?)
    }

    pub(super) async fn runs(&self, asked: UserCalendarRequest) -> Result<Vec<CalendarRun>, Error> {
        Ok(self.store.runs(asked.user_id, asked.calendar_id).await?)
    }

    pub(super) async fn run_of(&self, asked: RunRequest) -> Result<StoredCalendar, Error> {
        let run = self
            .store
            .run(asked.user_id, asked.calendar_id, asked.run_id);
        Ok(run.await?)
    }

    pub(super) async fn last_generation(
        &self,
        asked: UserCalendarRequest,
    ) -> Result<Option<StoredCalendar>, Error> {
        let last = self.store.last_generation(asked.user_id, asked.calendar_id);
        Ok(last.await?)
    }

    pub(super) async fn put_account(&self, account: ChannelAccount) -> Result<(), Error> {
        Ok(self.store.put_account(account).await?)
    }

    pub(super) async fn accounts(&self, asked: UserRequest) -> Result<Vec<ChannelAccount>, Error> {
        Ok(self.store.accounts(asked.user_id).await?)
    }

    pub(super) async fn remove_account(&self, asked: AccountRequest) -> Result<(), Error> {
        let removed = self.store.remove_account(asked.user_id, asked.account_id);
        Ok(removed.await?)
    }

    pub(super) async fn jobs(&self, asked: UserJobsRequest) -> Result<Vec<PublishJob>, Error> {
        Ok(self.store.jobs(asked.user_id, asked.filter).await?)
    }

    pub(super) async fn job(&self, asked: JobRequest) -> Result<Option<JobHistory>, Error> {
        Ok(self.store.job(asked.user_id, asked.job_id).await?)
    }

    pub(super) async fn all_jobs(&self, filter: JobFilter) -> Result<Vec<PublishJob>, Error> {
        Ok(self.store.all_jobs(filter).await?)
    }

    pub(super) async fn queue_depth(&self, _: NoRequest) -> Result<QueueDepth, Error> {
        Ok(self.store.queue_depth().await?)
    }

    pub(super) async fn pause_channel(&self, pause: ChannelPause) -> Result<bool, Error> {
        Ok(self.store.pause_channel(pause).await?)
    }

    pub(super) async fn lift_pause(&self, asked: ChannelRequest) -> Result<bool, Error> {
        Ok(self.store.lift_pause(asked.channel).await?)
    }

    pub(super) async fn ledger(&self, asked: UserLedgerRequest) -> Result<Vec<LedgerRow>, Error> {
        // The store's ledger knows accounts only; whose they are is for us to check.
        let accounts = self.store.accounts(asked.user_id).await?;
        if !accounts.iter().any(|own| own.id == asked.account_id) {
            return Err(StoreError::NotFound {
                what: Missing::Account,
            }
            .into());
        }
        let rows = self
            .store
            .ledger(asked.account_id, asked.after, asked.limit);
        Ok(rows.await?)
    }
}
