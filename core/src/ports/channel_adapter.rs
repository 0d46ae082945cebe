//! A platform, as the publish engine sees it: a state machine whose every step is safe to lose.

use std::time::Duration;

use async_trait::async_trait;
use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use super::{MaybeSend, MaybeSync};
use crate::error::Error;
use crate::model::{CalendarEntry, Channel, ChannelAccount, JobId, Timestamp};

/// What is to be published: content frozen at the claim, and the account. The engine holds no token:
/// an adapter finds the account's by its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Post {
    /// The job.
    pub job_id: JobId,
    /// Which attempt of the job it is, from 1; the one to come before the first write.
    pub attempt: u32,
    /// The entry, as it was when the attempt's claim froze it.
    pub entry: CalendarEntry,
    /// The SHA-256 of that content, in hexadecimal.
    pub content_hash: String,
    /// The account it goes to.
    pub account: ChannelAccount,
    /// The last instant, on the worker's own clock, at which a call may begin. Later the claim may have
    /// ended before the call does, and somebody else look for its effect too early. An adapter looks at
    /// that clock right before a [decisive](StepKind::Decisive) call, since the process may have stood
    /// still since the engine looked.
    pub begin_by: Timestamp,
}

/// What a step does to the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// It only reads: no attempt begins with it.
    Read,
    /// It writes, but publishes nothing, and repeating it does no harm.
    Repeatable,
    /// It can publish: an unanswered call must be reconciled and never repeated.
    Decisive,
    /// It asks what became of a decisive step that was answered. It only reads, and the post may be
    /// out already.
    Confirm,
}

/// How far a post has come, in the adapter's own words. The engine stores it and hands it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Progress {
    /// The step that comes next, by its stable name.
    pub stage: String,
    /// What that step does to the platform.
    pub kind: StepKind,
    /// What the adapter needs to go on (container ids, upload offsets), as JSON text without secrets.
    pub state: String,
}

/// Whether a post is out or waits in an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReceiptKind {
    /// It is public, or as public as was chosen.
    Published,
    /// A TikTok draft waits in the creator's inbox.
    DeliveredToInbox,
}

/// What the platform gave for a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Step {
    /// There is more to do. `progress` must be durable before the next step is taken.
    Pending {
        /// Where to go on.
        progress: Progress,
        /// How long to wait first. A [decisive](StepKind::Decisive) step isn't waited for: once it
        /// stands in the store it counts as called. Whoever has to wait before does so in a step that
        /// reads.
        #[serde(rename = "pollAfterMillis", with = "millis")]
        #[cfg_attr(feature = "schema", schemars(with = "u64"))]
        poll_after: Duration,
    },
    /// The post is out.
    Done(Receipt),
}

/// Why a step failed. What matters is whether the post may be out.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum AdapterError {
    /// It certainly isn't out. Whether trying again helps is the code's persistence. `RATE_LIMITED` for
    /// a [confirming](StepKind::Confirm) step means that it was asked too often, and says nothing of
    /// the post; a post that was refused for its account's quota is `QUOTA_EXHAUSTED`.
    #[error("not published: {error}")]
    NotPublished {
        /// Why.
        error: Error,
        /// How long the platform asked to wait; it can only lengthen a wait.
        #[serde(
            rename = "retryAfterMillis",
            default,
            skip_serializing_if = "Option::is_none",
            with = "optional_millis"
        )]
        #[cfg_attr(feature = "schema", schemars(with = "Option<u64>"))]
        retry_after: Option<Duration>,
        /// The platform's answer as JSON text, secrets removed, for the ledger.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meta: Option<String>,
    },
    /// It may be out: it must be reconciled, never repeated.
    #[error("outcome unknown: {error}")]
    Unknown {
        /// What was seen.
        error: Error,
        /// The platform's answer as JSON text, secrets removed, for the ledger.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meta: Option<String>,
    },
}

/// What looking for a post whose outcome is unknown came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Reconciled {
    /// It is out.
    Published(Receipt),
    /// It is not, and this is how we know.
    NotPublished {
        /// The evidence, for the attempt's row.
        evidence: String,
        /// Where the next attempt goes on, where something that was made is still good (the same
        /// container is posted again); `None` to start afresh.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<Progress>,
    },
    /// Nobody can say yet.
    StillUnknown {
        /// When looking again can tell more; `None` where only a person can tell.
        #[serde(
            rename = "lookAgainAfterMillis",
            default,
            skip_serializing_if = "Option::is_none",
            with = "optional_millis"
        )]
        #[cfg_attr(feature = "schema", schemars(with = "Option<u64>"))]
        look_again_after: Option<Duration>,
        /// What was seen so far: durable before the next look.
        progress: Progress,
    },
}

/// A platform. Each call takes the one step that `progress` names and does no more than its
/// [`StepKind`] says; before the call is made, that progress is durable.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait ChannelAdapter: MaybeSend + MaybeSync {
    /// Which platform it is.
    fn channel(&self) -> Channel;

    /// The longest that one call of [`advance`](Self::advance) or [`reconcile`](Self::reconcile) can
    /// take, after which nothing that it sent can still take effect. Leases must
    /// last at least twice as long.
    fn call_deadline(&self) -> Duration;

    /// The first step of `post`. It sends nothing.
    fn begin(&self, post: &Post) -> Progress;

    /// Takes the step that `progress` names.
    async fn advance(&self, post: Post, progress: Progress) -> Result<Step, AdapterError>;

    /// Looks whether a post is out whose decisive step, named by `progress`, wasn't answered, or, because a
    /// person asks, one whose [confirmation](StepKind::Confirm) never came. It writes nothing.
    async fn reconcile(&self, post: Post, progress: Progress) -> Result<Reconciled, AdapterError>;
}

/// A wait as a document says it: in whole milliseconds.
mod millis {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn whole(wait: Duration) -> u64 {
        u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
    }

    pub(super) fn serialize<S: Serializer>(wait: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(whole(*wait))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}

/// The same, where there may be no wait.
mod optional_millis {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::millis::whole;

    pub(super) fn serialize<S: Serializer>(
        wait: &Option<Duration>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        wait.map(whole).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Duration>, D::Error> {
        Option::deserialize(from).map(|wait: Option<u64>| wait.map(Duration::from_millis))
    }
}
