//! A platform, as the publish engine sees it: a state machine whose every step is safe to lose.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{MaybeSend, MaybeSync};
use crate::error::Error;
use crate::model::{CalendarEntry, Channel, ChannelAccount, Timestamp};

/// What is to be published: content frozen at the claim, account and token.
#[derive(Clone)]
pub struct Post {
    /// The entry, as it was when its job was claimed.
    pub entry: CalendarEntry,
    /// The account it goes to.
    pub account: ChannelAccount,
    /// The account's access token. `Debug` leaves it out.
    pub access_token: String,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post")
            .field("entry", &self.entry.id)
            .field("account", &self.account.id)
            .finish_non_exhaustive()
    }
}

/// How far a post has come, in the adapter's own words. The engine stores it and hands it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Progress {
    /// The step that comes next, by its stable name.
    pub stage: String,
    /// Whether that step can publish, so that an unanswered call must be reconciled and not repeated.
    pub decisive: bool,
    /// What the adapter needs to go on (container ids, upload offsets), as JSON text without secrets.
    pub state: String,
}

/// Whether a post is out or waits in an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptKind {
    /// It is public, or as public as was chosen.
    Published,
    /// A TikTok draft waits in the creator's inbox.
    DeliveredToInbox,
}

/// What the platform gave for a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receipt {
    /// Whether it is out.
    pub kind: ReceiptKind,
    /// The platform's id of the post: a string, since such ids exceed 2^53.
    pub external_id: String,
    /// Where people see it, where the platform says.
    pub permalink: Option<String>,
    /// When the platform said so.
    pub at: Timestamp,
}

/// What one step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is more to do. `progress` must be durable before the next step is taken.
    Pending {
        /// Where to go on.
        progress: Progress,
        /// How long to wait first.
        poll_after: Duration,
    },
    /// The post is out.
    Done(Receipt),
}

/// Why a step failed. What matters is whether the post may be out.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AdapterError {
    /// It certainly isn't out. Whether trying again helps is the code's persistence.
    #[error("not published: {error}")]
    NotPublished {
        /// Why.
        error: Error,
        /// How long the platform asked to wait; it can only lengthen a wait.
        retry_after: Option<Duration>,
    },
    /// It may be out: it must be reconciled, never repeated.
    #[error("outcome unknown: {error}")]
    Unknown {
        /// What was seen.
        error: Error,
    },
}

/// What looking for a post whose outcome is unknown came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reconciled {
    /// It is out.
    Published(Receipt),
    /// It is not, and this is how we know.
    NotPublished {
        /// The evidence, for the attempt's row.
        evidence: String,
        /// Where to go on without repeating what was done.
        resume: Progress,
    },
    /// Nobody can say yet.
    StillUnknown {
        /// When looking again can tell more; `None` where only a person can tell.
        look_again_after: Option<Duration>,
    },
}

/// A platform. Each call makes at most one request that can't be repeated harmlessly, and only a
/// step whose [`Progress`] said that it is decisive.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait ChannelAdapter: MaybeSend + MaybeSync {
    /// Which platform it is.
    fn channel(&self) -> Channel;

    /// Takes the next step of `post`; `progress` is `None` for the first.
    async fn advance(&self, post: Post, progress: Option<Progress>) -> Result<Step, AdapterError>;

    /// Looks whether a post is out whose decisive step wasn't answered. It writes nothing.
    async fn reconcile(&self, post: Post, progress: Progress) -> Result<Reconciled, AdapterError>;
}
