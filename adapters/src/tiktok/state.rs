//! How far a post has come, as it is stored.

use std::time::Duration;

use calendar_publish::model::Timestamp;
use calendar_publish::ports::{Progress, Step, StepKind};
use serde::{Deserialize, Serialize};

use super::upload::ChunkPlan;

/// The steps, by their stable names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Reads what the creator may do now.
    Creator,
    /// Reads how large the file is.
    Media,
    /// Begins an upload.
    Init,
    /// Sends a chunk that isn't the last.
    Chunk,
    /// Asks how much TikTok holds of an upload whose last chunk was never sent.
    Resume,
    /// The same where the last chunk was sent once, and is believed not to have arrived.
    Recheck,
    /// Sends the last chunk, which starts the posting.
    LastChunk,
    /// Lets TikTok fetch the media, which starts the posting.
    Pull,
    /// Asks what became of the post.
    Status,
}

impl Stage {
    const ALL: [Self; 9] = [
        Self::Creator,
        Self::Media,
        Self::Init,
        Self::Chunk,
        Self::Resume,
        Self::Recheck,
        Self::LastChunk,
        Self::Pull,
        Self::Status,
    ];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Creator => "creator",
            Self::Media => "media",
            Self::Init => "init",
            Self::Chunk => "chunk",
            Self::Resume => "resume",
            Self::Recheck => "recheck",
            Self::LastChunk => "last_chunk",
            Self::Pull => "pull",
            Self::Status => "status",
        }
    }

    pub(super) fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }

    pub(super) const fn kind(self) -> StepKind {
        match self {
            Self::Creator | Self::Media | Self::Resume => StepKind::Read,
            Self::Init | Self::Chunk => StepKind::Repeatable,
            Self::LastChunk | Self::Pull => StepKind::Decisive,
            Self::Recheck | Self::Status => StepKind::Confirm,
        }
    }
}

/// What a step needs to know of those before it. No token and no address in clear is in here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct State {
    /// The creator's handle, for the post's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) username: Option<String>,
    /// What the creator has turned off.
    #[serde(skip_serializing_if = "Off::is_nothing")]
    pub(super) off: Off,
    /// When the creator was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) checked_at: Option<Timestamp>,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<File>,
    /// The upload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) upload: Option<Upload>,
    /// TikTok's handle of a post that it was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) publish_id: Option<String>,
    /// When TikTok was, or was about to be, handed over the post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) handed_over_at: Option<Timestamp>,
    /// How often it was asked what became of it.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) asked: u32,
    /// Since when TikTok says that a post is out without giving its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) complete_since: Option<Timestamp>,
    /// How often the present step was tried in vain.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) tries: u32,
}

/// What the creator has turned off, whatever was chosen for the post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Off {
    pub(super) comment: bool,
    pub(super) duet: bool,
    pub(super) stitch: bool,
}

impl Off {
    const fn is_nothing(&self) -> bool {
        !self.comment && !self.duet && !self.stitch
    }
}

/// A file, as its source describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct File {
    pub(super) bytes: u64,
    pub(super) mime_type: String,
}

/// An upload that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Upload {
    /// TikTok's handle.
    pub(super) publish_id: String,
    pub(super) total_bytes: u64,
    pub(super) chunk_bytes: u64,
    pub(super) count: u64,
    pub(super) mime_type: String,
    /// The chunk that comes next, from 0.
    pub(super) next: u64,
    /// When the address was issued.
    pub(super) issued_at: Timestamp,
    /// The address, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sealed_url: Option<String>,
    /// Whether the last chunk was sent before, and is believed not to have arrived.
    #[serde(default)]
    pub(super) last_sent: bool,
    /// The status that the last chunk was refused with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refused: Option<u16>,
    /// How much TikTok held when somebody looked, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seen: Option<Seen>,
}

/// What one look at an upload showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Seen {
    pub(super) bytes: u64,
    pub(super) at: Timestamp,
}

impl Upload {
    pub(super) const fn plan(&self) -> ChunkPlan {
        ChunkPlan {
            total_bytes: self.total_bytes,
            chunk_bytes: self.chunk_bytes,
            count: self.count,
        }
    }

    /// Whether the numbers make a plan, and none of its chunks is beyond it.
    const fn is_sound(&self) -> bool {
        self.chunk_bytes > 0
            && self.count > 0
            && self.next < self.count
            && self.count <= self.total_bytes / self.chunk_bytes
    }

    /// The step that sends the next chunk.
    pub(super) const fn next_stage(&self) -> Stage {
        if self.plan().is_last(self.next) {
            Stage::LastChunk
        } else {
            Stage::Chunk
        }
    }
}

impl State {
    /// What was stored; `None` where it can't have been written here.
    pub(super) fn read(text: &str) -> Option<Self> {
        let state: Self = serde_json::from_str(text).ok()?;
        let is_sound = state.upload.as_ref().is_none_or(Upload::is_sound);
        is_sound.then_some(state)
    }

    /// The progress to `stage`.
    pub(super) fn at(&self, stage: Stage) -> Progress {
        Progress {
            stage: stage.as_str().to_owned(),
            kind: stage.kind(),
            // Plain fields with names: there is nothing in them that JSON can't write.
            state: serde_json::to_string(self).unwrap_or_default(),
        }
    }

    /// On to `stage` after `wait`.
    pub(super) fn then(&self, stage: Stage, wait: Duration) -> Step {
        Step::Pending {
            progress: self.at(stage),
            poll_after: wait,
        }
    }

    /// On to `stage`, whose tries are counted from the beginning.
    pub(super) fn onward(mut self, stage: Stage) -> Step {
        self.tries = 0;
        self.then(stage, Duration::ZERO)
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}
