//! The real adapter in the real engine.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use calendar_publish::flags::Flags;
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{
    AccountId, CalendarEntry, CalendarId, ChannelAccount, EntryId, JobId, JobStatus, PublishJob,
    Timestamp, UserId, deterministic_uuid,
};
use calendar_publish::ports::{Clock, JobResult, JobStore, NewJob, ScheduleJobs, Store};
use calendar_publish::publish::{PublishWorker, WorkerPorts, WorkerSettings};
use calendar_publish::rules::consent_text;
use calendar_publish_adapters::access::{AccessError, AccessToken, AccessTokens};
use calendar_publish_adapters::clock::SystemClock;
use calendar_publish_adapters::http::{AddressPolicy, HttpSettings, ReqwestTransport};
use calendar_publish_adapters::tiktok::{
    TiktokAdapter, TiktokPorts, TiktokSettings, UploadObserver,
};
use chrono::TimeDelta;
use serde_json::json;
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::server::{Kind, Tiktok};
use crate::video::{OPEN_ID, URL, shelf};

/// How long a post may take in all.
const PATIENCE: Duration = Duration::from_secs(600);

/// How far ahead the post is scheduled: a store takes no job for an instant that has passed.
const LEAD: TimeDelta = TimeDelta::seconds(1);

/// How long the upload takes, from the worker's start to the answer to the last chunk: with the question what
/// the creator may do, and with what the engine writes down.
pub(crate) async fn seconds(kind: Kind, bytes: u64) -> Result<f64> {
    let tiktok = Tiktok::start(kind).await?;
    let engine = Engine::new(&tiktok, bytes, None).await?;
    let began = Instant::now();
    let uploaded = engine.uploaded.clone();
    let end = async {
        uploaded.0.notified().await;
        began.elapsed()
    };
    let work = engine.worker.run(std::future::pending());
    let took = tokio::select! {
        took = end => took,
        _ = work => Duration::ZERO,
        () = sleep(PATIENCE) => Duration::ZERO,
    };
    ensure!(took > Duration::ZERO, "{:?}", engine.job().await?);
    Ok(took.as_secs_f64())
}

/// A client for addresses on this machine.
pub(crate) fn transport() -> Result<ReqwestTransport> {
    let settings = HttpSettings::default().with_addresses(AddressPolicy::Any);
    Ok(ReqwestTransport::new(&settings)?)
}

/// A worker with one job.
pub(crate) struct Engine {
    store: Arc<MemoryStore>,
    worker: PublishWorker,
    uploaded: Arc<Uploaded>,
    user: UserId,
    job: JobId,
}

impl Engine {
    pub(crate) async fn new(
        tiktok: &Tiktok,
        bytes: u64,
        single_chunk_up_to: Option<u64>,
    ) -> Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let uploaded = Arc::new(Uploaded(Notify::new()));
        let mut settings = TiktokSettings {
            api: tiktok.api(),
            upload_hosts: vec![tiktok.origin.clone()],
            on_upload: Some(uploaded.clone()),
            ..TiktokSettings::default()
        };
        settings.single_chunk_up_to = single_chunk_up_to.unwrap_or(settings.single_chunk_up_to);
        let ports = TiktokPorts {
            transport: Arc::new(transport()?),
            media: Some(Arc::new(shelf(bytes))),
            tokens: Arc::new(OneToken(tiktok.token.clone())),
            clock: clock.clone(),
        };
        let adapter = TiktokAdapter::new(ports, settings)?;
        let store = Arc::new(MemoryStore::new(clock.clone()));
        let flags = Flags {
            publish_service: true,
            ..Flags::OFF
        };
        let ports = WorkerPorts {
            store: store.clone(),
            adapters: vec![Arc::new(adapter)],
            clock: clock.clone(),
            telemetry: Arc::new(()),
        };
        let on = flags.publishing().context("publishing is on")?;
        let worker = PublishWorker::new(on, ports, WorkerSettings::new("upload".parse()?))?;
        let user = UserId::new(deterministic_uuid(&["upload user"]));
        let account = account(user)?;
        let due = clock.now().plus(LEAD);
        let new = NewJob {
            id: JobId::new(deterministic_uuid(&["upload job"])),
            entry: entry(&account, bytes, due)?,
            account_id: account.id,
            scheduled_at: due,
        };
        let job = new.id;
        store.put_account(account).await?;
        let schedule = ScheduleJobs {
            user_id: user,
            command: None,
            jobs: vec![new],
        };
        let made = store.schedule_jobs(schedule).await?;
        for outcome in made.outcomes {
            if let JobResult::Refused { error } = outcome.result {
                return Err(error.into());
            }
        }
        clock.sleep_until(due).await;
        Ok(Self {
            store,
            worker,
            uploaded,
            user,
            job,
        })
    }

    /// Lets the worker work until the job has come to its end.
    pub(crate) async fn publish(&self) -> Result<PublishJob> {
        let end = async {
            let until = Instant::now() + PATIENCE;
            while Instant::now() < until {
                let job = self.job().await;
                if job.is_ok_and(|job| {
                    job.status.is_terminal() || job.status == JobStatus::NeedsAttention
                }) {
                    break;
                }
                sleep(Duration::from_millis(100)).await;
            }
        };
        self.worker.run(end).await;
        self.job().await
    }

    async fn job(&self) -> Result<PublishJob> {
        let history = self.store.job(self.user, self.job).await?;
        Ok(history.context("the job is gone")?.record.job)
    }
}

struct Uploaded(Notify);

impl UploadObserver for Uploaded {
    fn confirmed(&self, _: JobId, bytes: u64, total: u64) {
        if bytes == total {
            self.0.notify_one();
        }
    }
}

struct OneToken(String);

#[async_trait]
impl AccessTokens for OneToken {
    async fn access_token(&self, _: AccountId) -> Result<AccessToken, AccessError> {
        Ok(AccessToken {
            secret: self.0.clone().into(),
            version: 1,
        })
    }

    async fn replacement(&self, _: AccountId, _: i64) -> Result<AccessToken, AccessError> {
        Err(AccessError::Revoked)
    }
}

fn account(user: UserId) -> Result<ChannelAccount> {
    Ok(serde_json::from_value(json!({
        "id": AccountId::new(deterministic_uuid(&["upload account"])), "userId": user, "channel": "tiktok",
        "externalAccountId": OPEN_ID, "displayName": "sim.baker", "timezone": "Europe/Madrid", "status": "ok",
        "scopes": ["user.info.basic", "video.publish"],
    }))?)
}

fn entry(account: &ChannelAccount, bytes: u64, due: Timestamp) -> Result<CalendarEntry> {
    Ok(serde_json::from_value(json!({
        "id": EntryId::new(deterministic_uuid(&["upload entry"])),
        "calendarId": CalendarId::new(deterministic_uuid(&["upload calendar"])),
        "accountId": account.id, "scheduledAt": due, "reviewed": true,
        "media": [{ "kind": "video", "url": URL, "mimeType": "video/mp4", "sizeBytes": bytes, "width": 1080,
                    "height": 1920, "durationMs": 10_000, "frameRate": 30.0, "videoCodec": "h264" }],
        "piece": { "title": "Bread", "channel": "tiktok", "format": "video", "copy": "Bread",
                   "date": "2026-11-20", "time": "11:16" },
        "tiktok": { "mode": "direct", "privacy": "PUBLIC_TO_EVERYONE",
                    "consent": { "givenAt": "2026-11-20T09:00:00Z", "text": consent_text(&Default::default()) } },
    }))?)
}
