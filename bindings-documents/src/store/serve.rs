//! A store of this library that answers documents.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::error::Measure;
use calendar_publish::ports::{JobStore, StoreError};
use calendar_publish::{Code, Error};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::requests::{
    AccountRequest, AdvanceRequest, ChannelRequest, CommandRequest, JobRequest, JobsRequest,
    LedgerRequest, NoRequest, RunRequest, SaveAndMoveRequest, UserCalendarRequest, UserRequest,
};
use crate::document;
use crate::ports::{DocumentPort, HostFailure};

/// Answers the call that a [`DocumentStore`](super::DocumentStore) makes on the other side of a process's
/// or a language's border.
///
/// # Errors
/// What the store says; [`StoreError::Invalid`] with [`Code::OperationUnknown`] for a method that no store
/// has, and with what is wrong in a request that can't be read.
pub async fn serve_store(
    store: &dyn JobStore,
    method: &str,
    request: &str,
) -> Result<String, StoreError> {
    match method {
        "saveCalendar" => answer(store.save_calendar(read(request)?).await?),
        "calendar" => {
            let asked: UserCalendarRequest = read(request)?;
            answer(store.calendar(asked.user_id, asked.calendar_id).await?)
        }
        "runs" => {
            let asked: UserCalendarRequest = read(request)?;
            answer(store.runs(asked.user_id, asked.calendar_id).await?)
        }
        "run" => {
            let asked: RunRequest = read(request)?;
            let run = store.run(asked.user_id, asked.calendar_id, asked.run_id);
            answer(run.await?)
        }
        "lastGeneration" => {
            let asked: UserCalendarRequest = read(request)?;
            let last = store.last_generation(asked.user_id, asked.calendar_id);
            answer(last.await?)
        }
        "putAccount" => answer(store.put_account(read(request)?).await?),
        "accounts" => answer(
            store
                .accounts(read::<UserRequest>(request)?.user_id)
                .await?,
        ),
        "removeAccount" => {
            let asked: AccountRequest = read(request)?;
            let removed = store.remove_account(asked.user_id, asked.account_id);
            answer(removed.await?)
        }
        "recordIntents" => answer(store.record_intents(read(request)?).await?),
        "intents" => {
            let asked: UserCalendarRequest = read(request)?;
            answer(store.intents(asked.user_id, asked.calendar_id).await?)
        }
        "command" => {
            let asked: CommandRequest = read(request)?;
            answer(store.command(asked.user_id, asked.key).await?)
        }
        _ => serve_jobs(store, method, request).await,
    }
}

async fn serve_jobs(
    store: &dyn JobStore,
    method: &str,
    request: &str,
) -> Result<String, StoreError> {
    match method {
        "scheduleJobs" => answer(store.schedule_jobs(read(request)?).await?),
        "commandJobs" => answer(store.command_jobs(read(request)?).await?),
        "saveCalendarAndJobs" => {
            let asked: SaveAndMoveRequest = read(request)?;
            let saved = store.save_calendar_and_jobs(asked.save, asked.policy, asked.writes);
            answer(saved.await?)
        }
        "claimJobs" => answer(store.claim_jobs(read(request)?).await?),
        "advanceJobs" => {
            let asked: AdvanceRequest = read(request)?;
            answer(store.advance_jobs(asked.policy, asked.writes).await?)
        }
        "job" => {
            let asked: JobRequest = read(request)?;
            answer(store.job(asked.user_id, asked.job_id).await?)
        }
        "jobs" => {
            let asked: JobsRequest = read(request)?;
            answer(store.jobs(asked.user_id, asked.filter).await?)
        }
        "allJobs" => answer(store.all_jobs(read(request)?).await?),
        "queueDepth" => {
            read::<NoRequest>(request)?;
            answer(store.queue_depth().await?)
        }
        "pauseChannel" => answer(store.pause_channel(read(request)?).await?),
        "liftPause" => {
            let asked: ChannelRequest = read(request)?;
            answer(store.lift_pause(asked.channel).await?)
        }
        "ledger" => {
            let asked: LedgerRequest = read(request)?;
            let rows = store.ledger(asked.account_id, asked.after, asked.limit);
            answer(rows.await?)
        }
        "workArrived" => {
            read::<NoRequest>(request)?;
            store.work_arrived().await;
            answer(true)
        }
        _ => Err(StoreError::Invalid(
            Error::new(Code::OperationUnknown).measured(Measure::text(method)),
        )),
    }
}

fn read<T: DeserializeOwned>(request: &str) -> Result<T, StoreError> {
    document::read(request).map_err(StoreError::Invalid)
}

fn answer(value: impl Serialize) -> Result<String, StoreError> {
    document::write(&value).map_err(StoreError::Invalid)
}

/// A store as the port of a [`DocumentStore`](super::DocumentStore): what [`serve_store`] answers, and its
/// failures as documents.
#[derive(Clone)]
pub struct ServedStore(Arc<dyn JobStore>);

impl ServedStore {
    /// Serves `store`.
    pub fn new(store: Arc<dyn JobStore>) -> Self {
        Self(store)
    }
}

impl fmt::Debug for ServedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServedStore").finish_non_exhaustive()
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl DocumentPort for ServedStore {
    async fn call(&self, method: &'static str, request: String) -> Result<String, HostFailure> {
        serve_store(&*self.0, method, &request)
            .await
            .map_err(|error| match document::write(&error) {
                Ok(document) => HostFailure::refused(document),
                Err(_) => HostFailure::thrown(error.to_string()),
            })
    }
}
