//! Following hints.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{
    AccountStatus, Channel, ChannelAccount, JobStatus, PublishJob, Timestamp,
};
use calendar_publish::ports::{JobFilter, JobHistory, JobStore, MaybeSend, MaybeSync, StoreError};
use calendar_publish::publish::PublishWorker;
use calendar_publish::{Code, Error};
use serde_json::Value;

use super::hint::{HintOutcome, PlatformSaid, WebhookHint, WebhookReport};
use super::seen::{KEEP_SEEN, MemorySeen, SeenWebhooks};
use super::tiktok::TiktokWebhook;

/// How many finished jobs of a person are looked through for the one that a webhook is about, the latest
/// first: more than any account may publish in the days that webhooks are sent again.
const FINISHED_LOOKED_THROUGH: usize = 200;

/// Finds the accounts behind a platform's id. The stores of this crate and
/// [`MemoryStore`] do.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait LinkedAccounts: MaybeSend + MaybeSync {
    /// Every user's accounts on `channel` with that id of the platform's, by id: several people can have
    /// linked the same one.
    async fn linked_accounts(
        &self,
        channel: Channel,
        external_account_id: &str,
    ) -> Result<Vec<ChannelAccount>, StoreError>;
}

/// Follows what webhooks say. It decides nothing about a post: it lets a worker look.
#[derive(Clone)]
pub struct WebhookDesk {
    /// Where the jobs are.
    pub store: Arc<dyn JobStore>,
    /// Finds accounts.
    pub accounts: Arc<dyn LinkedAccounts>,
    /// Remembers what was handled.
    pub seen: Arc<dyn SeenWebhooks>,
    /// How long TikTok's access tokens work from their issue: the `expires_in` that the app gets. By it
    /// a removal that is older than an account's token is told from one that killed it.
    pub tiktok_token_life: Duration,
}

impl fmt::Debug for WebhookDesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookDesk").finish_non_exhaustive()
    }
}

impl WebhookDesk {
    /// The life of TikTok's access tokens by its newest page; the older one says a day. Too short a
    /// life only means that a removal may be passed over, which the next call finds out.
    /// Source: TikTok, Refresh a user access token, read 2026-11-20.
    pub const TIKTOK_TOKEN_LIFE: Duration = Duration::from_secs(7_200);

    /// A desk that remembers in memory what it has handled.
    pub fn new(store: Arc<dyn JobStore>, accounts: Arc<dyn LinkedAccounts>) -> Self {
        Self {
            store,
            accounts,
            seen: Arc::new(MemorySeen::default()),
            tiktok_token_life: Self::TIKTOK_TOKEN_LIFE,
        }
    }

    /// Handles one of TikTok's webhooks.
    ///
    /// TikTok wants its 200 at once, and this can ask TikTok something: a host answers first and calls
    /// this afterwards. The webhook counts as handled once this has succeeded, so that one that failed
    /// and comes again is followed again.
    ///
    /// # Errors
    /// What the store or the platform answered; [`Code::ChannelUnsupported`] where `worker` has no adapter
    /// for TikTok.
    pub async fn handle_tiktok(
        &self,
        webhook: &TiktokWebhook,
        worker: &PublishWorker,
        now: Timestamp,
    ) -> Result<WebhookReport, Error> {
        let Some(hint) = webhook.hint() else {
            return Ok(WebhookReport::Ignored);
        };
        if self.seen.seen(&webhook.key, now).await? {
            return Ok(WebhookReport::Repeated);
        }
        let outcomes = self.follow(&hint, worker).await?;
        self.seen
            .remember(&webhook.key, now, later(now, KEEP_SEEN))
            .await?;
        Ok(WebhookReport::Followed(outcomes))
    }

    /// Follows a hint, for each account that it is about.
    ///
    /// # Errors
    /// As [`handle_tiktok`](Self::handle_tiktok).
    pub async fn follow(
        &self,
        hint: &WebhookHint,
        worker: &PublishWorker,
    ) -> Result<Vec<HintOutcome>, Error> {
        let (channel, external_id) = match hint {
            WebhookHint::Post {
                channel,
                external_account_id,
                ..
            }
            | WebhookHint::AuthorizationRemoved {
                channel,
                external_account_id,
                ..
            } => (*channel, external_account_id),
        };
        let accounts = self.accounts.linked_accounts(channel, external_id).await?;
        let mut outcomes = Vec::with_capacity(accounts.len());
        for account in accounts {
            outcomes.push(match hint {
                WebhookHint::Post {
                    publish_id, said, ..
                } => self.look(&account, publish_id, said, worker).await?,
                WebhookHint::AuthorizationRemoved { at, .. } => self.revoke(account, *at).await?,
            });
        }
        Ok(outcomes)
    }

    async fn look(
        &self,
        account: &ChannelAccount,
        publish_id: &str,
        said: &PlatformSaid,
        worker: &PublishWorker,
    ) -> Result<HintOutcome, Error> {
        let post_id = match said {
            PlatformSaid::Public { post_id } | PlatformSaid::NoLongerPublic { post_id } => post_id,
            PlatformSaid::Failed { .. } | PlatformSaid::Complete | PlatformSaid::InInbox => "",
        };
        let Some(job) = self.job(account, &[publish_id, post_id]).await? else {
            return Ok(HintOutcome::NoJob {
                account_id: account.id,
            });
        };
        let left = HintOutcome::LeftToWorker {
            job_id: job.id,
            status: job.status,
        };
        if job.status.is_terminal() {
            return Ok(HintOutcome::Finished {
                job_id: job.id,
                status: job.status,
                contradicts: contradicts(job.status, said),
                said: said.clone(),
            });
        }
        if !is_unknown(&job) {
            return Ok(left);
        }
        match worker.look_again(job.user_id, job.id).await {
            Ok(job) => Ok(HintOutcome::Looked { job: Box::new(job) }),
            // Somebody moved it meanwhile.
            Err(error) if matches!(error.code, Code::JobTransitionIllegal | Code::JobLeaseLost) => {
                Ok(left)
            }
            Err(error) => Err(error),
        }
    }

    /// The account's job that names the post: an unfinished one, or one of the latest finished.
    async fn job(
        &self,
        account: &ChannelAccount,
        ids: &[&str],
    ) -> Result<Option<PublishJob>, Error> {
        let open = [
            JobStatus::NeedsAttention,
            JobStatus::Publishing,
            JobStatus::Failed,
            JobStatus::Scheduled,
        ];
        let finished = [
            JobStatus::Published,
            JobStatus::DeliveredToInbox,
            JobStatus::Cancelled,
        ];
        for (statuses, most) in [
            (&open[..], usize::MAX),
            (&finished[..], FINISHED_LOOKED_THROUGH),
        ] {
            let filter = JobFilter {
                channel: Some(account.channel),
                statuses: statuses.to_vec(),
                ..JobFilter::default()
            };
            let mut jobs = self.store.jobs(account.user_id, filter).await?;
            // Nothing that was never begun can have a name on the platform.
            jobs.retain(|job| job.account_id == account.id && job.attempt_count > 0);
            jobs.sort_by_key(|job| std::cmp::Reverse(job.updated_at));
            for job in jobs.into_iter().take(most) {
                let history = self.store.job(job.user_id, job.id).await?;
                if let Some(history) = history
                    && ids.iter().any(|id| is_named(&history, id))
                {
                    return Ok(Some(history.record.job));
                }
            }
        }
        Ok(None)
    }

    /// Marks an account as revoked, unless its token is younger than the removal: then the person has
    /// linked it again before the webhook came.
    async fn revoke(
        &self,
        mut account: ChannelAccount,
        at: Timestamp,
    ) -> Result<HintOutcome, Error> {
        let account_id = account.id;
        let oldest_expiry = later(at, self.tiktok_token_life);
        let is_younger = account.channel == Channel::Tiktok
            && account
                .expires_at
                .is_some_and(|expires_at| expires_at > oldest_expiry);
        if is_younger || account.status == AccountStatus::Revoked {
            return Ok(HintOutcome::StillLinked { account_id });
        }
        account.status = AccountStatus::Revoked;
        self.store.put_account(account).await?;
        Ok(HintOutcome::Revoked { account_id })
    }
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(at.millis().saturating_add(millis))
}

fn is_unknown(job: &PublishJob) -> bool {
    job.status == JobStatus::NeedsAttention && job.last_error == Some(Code::OutcomeUnknown)
}

fn contradicts(status: JobStatus, said: &PlatformSaid) -> bool {
    match said {
        PlatformSaid::Failed { .. } => status != JobStatus::Cancelled,
        PlatformSaid::NoLongerPublic { .. } => status == JobStatus::Published,
        PlatformSaid::Complete | PlatformSaid::InInbox | PlatformSaid::Public { .. } => {
            status == JobStatus::Cancelled
        }
    }
}

/// Whether what is stored of a job names the post: the receipt, or any text of the adapter's progress,
/// whose shape is the adapter's own matter.
fn is_named(history: &JobHistory, id: &str) -> bool {
    if id.is_empty() {
        return false;
    }
    let record = &history.record;
    let receipt = record.receipt.as_ref();
    receipt.is_some_and(|receipt| receipt.post_id.as_deref() == Some(id))
        || record.progress.as_ref().is_some_and(|progress| {
            serde_json::from_str(&progress.state).is_ok_and(|state| names(&state, id))
        })
}

fn names(state: &Value, id: &str) -> bool {
    match state {
        Value::String(text) => text == id,
        Value::Array(values) => values.iter().any(|value| names(value, id)),
        Value::Object(fields) => fields.values().any(|value| names(value, id)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl LinkedAccounts for MemoryStore {
    async fn linked_accounts(
        &self,
        channel: Channel,
        external_account_id: &str,
    ) -> Result<Vec<ChannelAccount>, StoreError> {
        Ok(Self::linked_accounts(self, channel, external_account_id))
    }
}
