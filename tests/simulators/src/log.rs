//! What came in, and what it was told.

use calendar_publish::model::Timestamp;

/// A request in a simulator's log. It holds no token, no query and no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedRequest {
    /// The method and the path: `POST /v2/post/publish/video/init/`.
    pub endpoint: String,
    /// The platform's id of the account that it acted for, where it was known.
    pub account: Option<String>,
    /// What it was about: a TikTok `publish_id`, an Instagram container id.
    pub handle: Option<String>,
    /// When it came, by the simulator's clock.
    pub at: Timestamp,
    /// What the platform decided, whether or not the caller was told: `ok`, or the platform's own code of a refusal.
    /// Absent where the request was dropped before it was read.
    pub decided: Option<String>,
    /// The status of the answer; absent where the answer was lost.
    pub status: Option<u16>,
}
