//! What a webhook makes the engine look at, and what came of it.

use calendar_publish::model::{AccountId, Channel, JobId, JobStatus, PublishJob, Timestamp};

/// What a webhook makes the engine look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookHint {
    /// Something happened to a post.
    Post {
        /// The platform.
        channel: Channel,
        /// The platform's id of the account.
        external_account_id: String,
        /// The platform's name for what was sent.
        publish_id: String,
        /// What the platform says of it.
        said: PlatformSaid,
    },
    /// An account's authorisation was removed.
    AuthorizationRemoved {
        /// The platform.
        channel: Channel,
        /// The platform's id of the account.
        external_account_id: String,
        /// When.
        at: Timestamp,
    },
}

/// What a platform says of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlatformSaid {
    /// It failed.
    Failed {
        /// Why, in the platform's word.
        reason: String,
    },
    /// It is out, or the person has posted the draft.
    Complete,
    /// It waits in the person's inbox.
    InInbox,
    /// It is public.
    Public {
        /// The platform's id of the post.
        post_id: String,
    },
    /// It was public and isn't any more.
    NoLongerPublic {
        /// The platform's id of the post.
        post_id: String,
    },
}

/// What came of a webhook.
#[derive(Clone, Debug, PartialEq)]
pub enum WebhookReport {
    /// It had been handled before; nothing was done now.
    Repeated,
    /// It is about nothing that the engine knows.
    Ignored,
    /// The hint was followed: an outcome an account that it is about; none where nobody has linked it.
    Followed(Vec<HintOutcome>),
}

/// What following a hint came to for one account.
#[derive(Clone, Debug, PartialEq)]
pub enum HintOutcome {
    /// Nobody knew whether the post was out; the platform was asked, and this is the job now.
    Looked {
        /// The job.
        job: Box<PublishJob>,
    },
    /// A worker will ask the platform by itself; the job is as it was.
    LeftToWorker {
        /// The job.
        job_id: JobId,
        /// Where it stands.
        status: JobStatus,
    },
    /// The job has come to its end and stays there, whatever the platform says now: a host may want
    /// to log or show it.
    Finished {
        /// The job.
        job_id: JobId,
        /// Where it stands.
        status: JobStatus,
        /// What the platform says.
        said: PlatformSaid,
        /// Whether that speaks against it: a published post that is said to have failed or to be public
        /// no more.
        contradicts: bool,
    },
    /// No job of the account names the post: it was made elsewhere, or its job is long gone.
    NoJob {
        /// The account.
        account_id: AccountId,
    },
    /// The account is marked as revoked now.
    Revoked {
        /// The account.
        account_id: AccountId,
    },
    /// The account was revoked already, or has been linked or renewed since the removal; it is as it was.
    StillLinked {
        /// The account.
        account_id: AccountId,
    },
}
