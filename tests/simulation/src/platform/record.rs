//! What a platform remembers: the truth.

use std::time::Duration;

use calendar_publish::model::{Channel, EntryId, JobId, Timestamp};
use calendar_publish::ports::{ReceiptKind, StepKind};

/// A post that came out, or a draft that reached an inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// When.
    pub at: Timestamp,
    /// Whether it is out or waits in the inbox.
    pub kind: ReceiptKind,
    /// The platform's id of it.
    pub post_id: String,
    /// The platform.
    pub channel: Channel,
    /// The platform's id of the account.
    pub external_account_id: String,
    /// The job that made it.
    pub job_id: JobId,
    /// The entry that was published.
    pub entry_id: EntryId,
    /// The attempt whose call took effect.
    pub attempt: u32,
    /// The SHA-256 of what was published, in hexadecimal.
    pub content_hash: String,
    /// The number of the call that took effect.
    pub call: usize,
}

/// A call that the platform received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Counts the calls, from 0.
    pub number: usize,
    /// When it came in.
    pub at: Timestamp,
    /// When the caller stopped waiting, answered or not; `None` while it waits.
    pub ended_at: Option<Timestamp>,
    /// Whether the caller was gone before the answer.
    pub abandoned: bool,
    /// The platform.
    pub channel: Channel,
    /// The platform's id of the account.
    pub external_account_id: String,
    /// The job.
    pub job_id: JobId,
    /// The entry.
    pub entry_id: EntryId,
    /// The attempt.
    pub attempt: u32,
    /// The SHA-256 of what the caller wants to be published, in hexadecimal.
    pub content_hash: String,
    /// The step.
    pub stage: String,
    /// What the step does.
    pub kind: StepKind,
    /// Whether it only looks for a post whose outcome isn't known.
    pub looks: bool,
    /// How long the platform asks to wait.
    pub retry_after: Option<Duration>,
    /// What the caller is told, in a few words.
    pub answer: String,
}

/// Something that happened on a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlatformEvent {
    /// A call came in.
    Called(Call),
    /// A caller stopped waiting.
    Ended(Call),
    /// A post came out.
    Out(Publication),
}
