//! What really came out.

use calendar_publish::model::{Channel, Timestamp};

/// A post that is out, or a draft in an inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedPost {
    /// Where.
    pub channel: Channel,
    /// The platform's id of the account: TikTok's `open_id`, Instagram's professional account id.
    pub account: String,
    /// The platform's id of the post.
    pub id: String,
    /// What it was made from: a TikTok `publish_id`, an Instagram container id.
    pub handle: String,
    /// The caption.
    pub caption: String,
    /// SHA-256 of each media file's bytes in hexadecimal, in order.
    pub media: Vec<String>,
    /// Whether it only waits in the creator's inbox.
    pub is_draft: bool,
    /// When it came out, by the simulator's clock.
    pub at: Timestamp,
}
