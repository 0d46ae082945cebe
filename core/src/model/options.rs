//! What a person chooses for one channel besides text and media.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// Who may see a TikTok post. There is no default: TikTok demands that the person picks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TiktokPrivacy {
    /// Everyone.
    PublicToEveryone,
    /// Followers that the creator follows back.
    MutualFollowFriends,
    /// Followers (offered to private accounts).
    FollowerOfCreator,
    /// Only the creator.
    SelfOnly,
}

impl TiktokPrivacy {
    /// TikTok's name of the level.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PublicToEveryone => "PUBLIC_TO_EVERYONE",
            Self::MutualFollowFriends => "MUTUAL_FOLLOW_FRIENDS",
            Self::FollowerOfCreator => "FOLLOWER_OF_CREATOR",
            Self::SelfOnly => "SELF_ONLY",
        }
    }
}

/// How a TikTok post is delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TiktokMode {
    /// Published on the creator's profile.
    #[default]
    Direct,
    /// Delivered as a draft to the creator's inbox; the creator finishes it in the app.
    Inbox,
}

/// The consent TikTok asks for before a post is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Consent {
    /// When the person agreed.
    pub given_at: Timestamp,
    /// The exact text that was agreed to.
    pub text: String,
}

/// What the person chose for TikTok. Interactions start off and are turned on one by one, as
/// TikTok's content sharing guidelines demand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TiktokOptions {
    /// Direct post or draft.
    #[serde(default)]
    pub mode: TiktokMode,
    /// Who may see the post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privacy: Option<TiktokPrivacy>,
    /// Whether comments are allowed.
    #[serde(default)]
    pub allow_comment: bool,
    /// Whether duets are allowed (videos only).
    #[serde(default)]
    pub allow_duet: bool,
    /// Whether stitches are allowed (videos only).
    #[serde(default)]
    pub allow_stitch: bool,
    /// Whether the commercial content switch is on.
    #[serde(default)]
    pub disclose_commercial: bool,
    /// The post promotes the creator's own business.
    #[serde(default)]
    pub your_brand: bool,
    /// The post is a paid partnership with a third party.
    #[serde(default)]
    pub branded_content: bool,
    /// The content was made by AI.
    #[serde(default)]
    pub ai_generated: bool,
    /// TikTok adds music of its choice (photo posts only).
    #[serde(default)]
    pub auto_add_music: bool,
    /// What the person agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
}

/// What the person chose for Instagram.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InstagramOptions {
    /// User names invited as co-authors, without `@`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub collaborators: Vec<String>,
    /// Id of the Facebook Page of a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_id: Option<String>,
    /// Whether a reel also appears in the feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_to_feed: Option<bool>,
    /// A name for a reel's original audio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_name: Option<String>,
    /// Shows a reel to non-followers first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<TrialReel>,
    /// The content was made by AI.
    #[serde(default)]
    pub ai_generated: bool,
}

/// How a trial reel reaches the followers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TrialReel {
    /// When the person says so.
    Manual,
    /// When it does well.
    Performance,
}
