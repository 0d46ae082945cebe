//! Publish jobs and their attempts.

use serde::{Deserialize, Serialize};

use super::{AccountId, AttemptId, Channel, EntryId, JobId, Timestamp, UserId};
use crate::error::Code;

/// Where a publish job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// It waits for its time.
    Scheduled,
    /// A worker holds it.
    Publishing,
    /// The post is out. Terminal.
    Published,
    /// A TikTok draft waits in the creator's inbox. Terminal for us.
    DeliveredToInbox,
    /// An attempt failed for certain; a retry is pending.
    Failed,
    /// A person must act.
    NeedsAttention,
    /// Withdrawn before anything was written. Terminal.
    Cancelled,
}

impl JobStatus {
    /// Every status, in the order of a job's life.
    pub const ALL: [Self; 7] = [
        Self::Scheduled,
        Self::Publishing,
        Self::Published,
        Self::DeliveredToInbox,
        Self::Failed,
        Self::NeedsAttention,
        Self::Cancelled,
    ];

    /// Whether nothing can happen to the job any more.
    pub const fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::Published | Self::DeliveredToInbox | Self::Cancelled
        )
    }

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Publishing => "publishing",
            Self::Published => "published",
            Self::DeliveredToInbox => "delivered_to_inbox",
            Self::Failed => "failed",
            Self::NeedsAttention => "needs_attention",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A publish job: one entry on its way to one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishJob {
    /// The job's identity.
    pub id: JobId,
    /// The entry it publishes.
    pub calendar_entry_id: EntryId,
    /// Whose entry it is.
    pub user_id: UserId,
    /// The account it publishes to.
    pub account_id: AccountId,
    /// The platform.
    pub channel: Channel,
    /// When it is to be published.
    pub scheduled_at: Timestamp,
    /// Where it stands. Only [`job::advance`](crate::job::advance) changes it.
    pub status: JobStatus,
    /// Writes to the platform that were started, the one in flight included.
    pub attempt_count: u32,
    /// Why it last failed or stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<Code>,
    /// When the next attempt is due, while one is pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<Timestamp>,
    /// Until when no worker takes it, though it is due: one gave it back. It doesn't make it less late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Timestamp>,
    /// The claim of the worker that holds it, while it is publishing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
    /// A cancellation was asked for while it was publishing.
    #[serde(default)]
    pub cancel_requested: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A worker's claim on a job. Whoever writes must show the token; after the expiry the claim is void.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lease {
    /// Grows with every claim, so that a late writer is recognised.
    pub token: i64,
    /// When the claim ends by itself.
    pub expires_at: Timestamp,
    /// Whether a write to the platform was started under it: from then on only a look at the
    /// platform, never the end of the claim, says that nothing was published.
    #[serde(default)]
    pub write_started: bool,
}

/// How an attempt ended, or that nobody knows yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttemptStatus {
    /// It was started; its outcome isn't known yet.
    Open,
    /// It published.
    Ok,
    /// It certainly didn't publish.
    Failed,
    /// Nobody can say.
    Unknown,
}

/// One attempt of a job: a write to the platform was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishAttempt {
    /// The attempt's identity.
    pub id: AttemptId,
    /// The job it belongs to.
    pub publish_job_id: JobId,
    /// Which attempt of the job it is, from 1.
    pub number: u32,
    /// When the write was started.
    pub started_at: Timestamp,
    /// When its outcome was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// How it ended.
    pub status: AttemptStatus,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<Code>,
    /// What the platform said, secrets removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// The platform's answer, as JSON text, secrets removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_meta: Option<String>,
}
