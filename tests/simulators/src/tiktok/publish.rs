//! A publish, from its init to its post: what is true about it at an instant.

use calendar_publish::model::Timestamp;
use chrono::TimeDelta;

use super::pull::Pull;
use super::upload::Upload;

/// How long an upload's address lives, and how long a download may take (TikTok, Direct Post reference and Media transfer
/// guide, read 2026-09-11).
pub(super) const TRANSFER_WINDOW: TimeDelta = TimeDelta::hours(1);

/// What a creator decided about a post, as an init told it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostInfo {
    /// Whether it is photos.
    pub is_photo: bool,
    /// A video's caption, or a photo post's title.
    pub title: String,
    /// A photo post's caption.
    pub description: String,
    /// Who may see it; absent for a draft.
    pub privacy_level: Option<String>,
    /// Whether comments are off, by this post or by the account.
    pub disable_comment: bool,
    /// Whether duets are off, by this post or by the account.
    pub disable_duet: bool,
    /// Whether stitches are off, by this post or by the account.
    pub disable_stitch: bool,
    /// The frame of a video's cover, in milliseconds.
    pub cover_timestamp_ms: Option<i32>,
    /// The photo that is the cover, from 0.
    pub photo_cover_index: Option<usize>,
    /// Whether TikTok adds music to photos.
    pub auto_add_music: bool,
    /// Whether it is labelled as a paid partnership.
    pub brand_content: bool,
    /// Whether it is labelled as promotion of the creator's own business.
    pub brand_organic: bool,
    /// Whether it is labelled as made by AI.
    pub is_aigc: bool,
}

impl PostInfo {
    /// The text under the post.
    pub fn caption(&self) -> &str {
        if self.is_photo && !self.description.is_empty() {
            &self.description
        } else {
            &self.title
        }
    }

    /// Whether everybody may see it.
    pub fn is_public(&self) -> bool {
        self.privacy_level.as_deref() == Some("PUBLIC_TO_EVERYONE")
    }
}

/// How the bytes come.
#[derive(Debug)]
pub(super) enum Transfer {
    Upload(Upload),
    Pull(Pull),
}

/// All bytes are there.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    /// When the transfer ends, as far as a status tells.
    pub(super) transferred: Timestamp,
    /// When processing ends.
    pub(super) done: Timestamp,
    /// When a public post gets its id.
    pub(super) moderated: Timestamp,
    /// SHA-256 of each file.
    pub(super) media: Vec<String>,
    /// Why it will fail.
    pub(super) verdict: Option<String>,
}

/// A post that a creator made of a draft.
#[derive(Clone, Debug)]
pub(super) struct DraftPost {
    pub(super) at: Timestamp,
    pub(super) moderated: Option<Timestamp>,
    pub(super) id: u64,
}

/// One accepted init and what became of it.
#[derive(Debug)]
pub(super) struct Publish {
    pub(super) id: String,
    pub(super) open_id: String,
    pub(super) is_draft: bool,
    pub(super) created: Timestamp,
    pub(super) info: PostInfo,
    pub(super) transfer: Transfer,
    pub(super) arrival: Option<Arrival>,
    pub(super) cancelled: Option<Timestamp>,
    pub(super) auth_removed: Option<Timestamp>,
    /// What it fails with because a test wants it.
    pub(super) fails_with: Option<String>,
    pub(super) never_ends: bool,
    pub(super) post_id: u64,
    pub(super) draft_posts: Vec<DraftPost>,
}

/// What is true about a publish at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Bytes are missing.
    Transferring,
    /// Bytes are there, and nothing is out yet.
    Processing,
    /// A draft waits in the creator's inbox.
    Inbox { at: Timestamp },
    /// It is out.
    Complete { at: Timestamp },
    /// It never will be.
    Failed { at: Timestamp, reason: String },
}

impl Publish {
    /// What is true at `now`.
    pub(super) fn stage(&self, now: Timestamp) -> Stage {
        let failed = |at, reason: &str| Stage::Failed {
            at,
            reason: reason.to_owned(),
        };
        if let Some(at) = self.cancelled {
            return failed(at, "publish_cancelled");
        }
        let Some(arrival) = self.arrival.as_ref() else {
            if let Some(at) = self.auth_removed {
                return failed(at, "auth_removed");
            }
            return match &self.transfer {
                Transfer::Upload(_) => Stage::Transferring,
                Transfer::Pull(pull) => match pull.ended(self.created, now) {
                    Some(at) if now >= at => failed(at, pull.fail_reason(self.info.is_photo)),
                    _ => Stage::Transferring,
                },
            };
        };
        if let Some(at) = self.auth_removed.filter(|at| *at < arrival.done) {
            return failed(at, "auth_removed");
        }
        if now < arrival.transferred {
            return Stage::Transferring;
        }
        if now < arrival.done || self.never_ends {
            return Stage::Processing;
        }
        if let Some(reason) = self.fails_with.as_ref().or(arrival.verdict.as_ref()) {
            return failed(arrival.done, reason);
        }
        if !self.is_draft {
            return Stage::Complete { at: arrival.done };
        }
        match self.draft_posts.first() {
            Some(post) => Stage::Complete { at: post.at },
            None => Stage::Inbox { at: arrival.done },
        }
    }

    /// The posts that came of it and are known to the public by now, with the instants at which they became so.
    pub(super) fn public_ids(&self, now: Timestamp) -> Vec<(Timestamp, u64)> {
        let Stage::Complete { .. } = self.stage(now) else {
            return Vec::new();
        };
        let mut ids: Vec<_> = self
            .draft_posts
            .iter()
            .filter_map(|post| Some((post.moderated?, post.id)))
            .collect();
        if !self.is_draft && self.info.is_public() {
            ids.extend(self.arrival.iter().map(|a| (a.moderated, self.post_id)));
        }
        ids.retain(|(at, _)| *at <= now);
        ids
    }

    /// Whether its bytes are all there, or on their way without the caller's help.
    pub(super) const fn is_started(&self) -> bool {
        self.arrival.is_some() || matches!(self.transfer, Transfer::Pull(_))
    }

    /// When its address or its download dies.
    pub(super) fn transfer_ends(&self) -> Timestamp {
        self.created.plus(TRANSFER_WINDOW)
    }
}
