//! What can happen to a job, and what follows besides its new status.

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use crate::error::Code;
use crate::model::{AttemptStatus, Lease, Timestamp};

/// Something that happened to a job, or that somebody wants.
///
/// `token` is the token of the claim that the sender holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum JobEvent {
    /// A worker takes the job, or takes over from one whose lease has expired.
    Claim {
        /// Its claim.
        lease: Lease,
        /// How late the job may be; [`DEFAULT_GRACE_MINUTES`](super::DEFAULT_GRACE_MINUTES) if unset.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grace_minutes: Option<u32>,
    },
    /// The gate before the attempt holds the job until somebody acts.
    PreflightFailed {
        /// The claim's token.
        token: i64,
        /// The finding that decided.
        code: Code,
    },
    /// A write to the platform is about to be made: an attempt begins.
    WriteStarted {
        /// The claim's token.
        token: i64,
    },
    /// The worker holds on for longer, or lets go early so that any worker can go on at that time.
    LeaseMoved {
        /// The claim's token. The claim must not have ended.
        token: i64,
        /// When it ends from now on; not in the past.
        until: Timestamp,
    },
    /// Nothing was written, and the worker gives the job back: the platform didn't answer a read, or
    /// the worker is shutting down. It costs no attempt.
    Deferred {
        /// The claim's token.
        token: i64,
        /// Why: a code that is [`Temporary`](crate::error::Persistence::Temporary), else it is refused.
        code: Code,
        /// When it can be claimed again.
        until: Timestamp,
        /// How late the job may be; [`DEFAULT_GRACE_MINUTES`](super::DEFAULT_GRACE_MINUTES) if unset.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grace_minutes: Option<u32>,
    },
    /// The post is out.
    Published {
        /// The claim's token.
        token: i64,
        /// The platform's names for the post.
        receipt: PostReceipt,
    },
    /// The draft is in the creator's TikTok inbox.
    DeliveredToInbox {
        /// The claim's token.
        token: i64,
    },
    /// The write failed, and it is known not to have published; trying again can help.
    FailedForCertain {
        /// The claim's token.
        token: i64,
        /// Why: a code that is [`Temporary`](crate::error::Persistence::Temporary), else it is refused.
        code: Code,
        /// The wait that the platform asked for, in seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_seconds: Option<u32>,
    },
    /// The write was refused for a reason that trying again can't mend.
    RejectedPermanently {
        /// The claim's token.
        token: i64,
        /// Why. A code that says the outcome isn't known is refused.
        code: Code,
    },
    /// The account met a rate limit or has spent its quota; nothing was published.
    AccountLimited {
        /// The claim's token.
        token: i64,
        /// Which limit: `RATE_LIMITED` or `QUOTA_EXHAUSTED`; before the write also what the gate found,
        /// `ACCOUNT_COOLING_DOWN` or `DAILY_CAP_EXCEEDED`. Any other code is refused.
        code: Code,
        /// Until when the account is left alone.
        until: Timestamp,
    },
    /// Nobody can say whether the write published.
    OutcomeUnknown {
        /// The claim's token.
        token: i64,
    },
    /// Somebody looked on the platform.
    Reconciled {
        /// The claim's token, while a worker holds the job. Of a job whose outcome is unknown, the last
        /// claim's, where it is to be sure that nobody has tried again since the look.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<i64>,
        /// What was seen.
        outcome: Reconciliation,
        /// How late the job may be; [`DEFAULT_GRACE_MINUTES`](super::DEFAULT_GRACE_MINUTES) if unset.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grace_minutes: Option<u32>,
    },
    /// The worker's lease has expired.
    LeaseExpired,
    /// Its time has passed by more than the grace, and no worker holds it (or its lease has expired).
    MissedSchedule {
        /// How late the job may be; [`DEFAULT_GRACE_MINUTES`](super::DEFAULT_GRACE_MINUTES) if unset.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grace_minutes: Option<u32>,
    },
    /// A person wants it withdrawn.
    CancelRequested,
    /// A person moved it.
    Rescheduled {
        /// The new time.
        at: Timestamp,
    },
    /// A person wants another attempt now.
    RetryNow,
    /// A person saw the post on the platform.
    ConfirmedPublished,
    /// A person made sure that the post isn't on the platform.
    ConfirmedNotPublished {
        /// How late the job may be; [`DEFAULT_GRACE_MINUTES`](super::DEFAULT_GRACE_MINUTES) if unset.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grace_minutes: Option<u32>,
    },
    /// What held the job has been mended.
    Resumed {
        /// How late the job may be; [`DEFAULT_GRACE_MINUTES`](super::DEFAULT_GRACE_MINUTES) if unset.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grace_minutes: Option<u32>,
    },
}

/// What a look on the platform said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Reconciliation {
    /// The post is there.
    Published {
        /// The platform's names for it.
        receipt: PostReceipt,
    },
    /// The draft is in the creator's TikTok inbox.
    DeliveredToInbox,
    /// There is evidence that the write didn't publish.
    NotPublished,
    /// Neither.
    StillUnknown,
}

/// The platform's names for a post that is out. It may give neither.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PostReceipt {
    /// The platform's id of the post: a string, since such ids exceed 2^53.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_id: Option<String>,
    /// Where people see the post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permalink: Option<String>,
}

/// What was made of a request to cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CancelAnswer {
    /// Nothing was published, and nothing will be.
    Honoured,
    /// The post is out, or the draft in the inbox.
    TooLate,
    /// Nobody can say whether the post is out.
    Unknown,
}

/// What must become durable together with the job's new status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum JobEffect {
    /// Write the ledger row of an attempt, before the platform is called.
    OpenAttempt {
        /// Which attempt of the job it is, from 1.
        number: u32,
        /// When it started.
        started_at: Timestamp,
    },
    /// Close the ledger row of the job's last attempt, or correct it if it was closed as unknown.
    FinishAttempt {
        /// How it ended.
        status: AttemptStatus,
        /// Why it didn't publish.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<Code>,
        /// When its outcome was known.
        finished_at: Timestamp,
    },
    /// Keep the platform's names for the post.
    StoreReceipt {
        /// The names.
        receipt: PostReceipt,
    },
    /// Leave the account alone.
    CoolDownAccount {
        /// Why.
        code: Code,
        /// Until when.
        until: Timestamp,
    },
    /// Look on the platform before anything else.
    Reconcile,
    /// Tell whoever asked for the cancellation.
    AnswerCancel {
        /// The answer.
        answer: CancelAnswer,
    },
}
