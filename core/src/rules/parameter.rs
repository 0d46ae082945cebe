//! Which choice can be made for which kind of post.

use serde::{Deserialize, Serialize};

use super::Source;

/// A choice a person can make besides text and media.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Parameter {
    /// The caption, hashtags included.
    Caption,
    /// An alternative text of an image.
    ImageAltText,
    /// An alternative text of a video.
    VideoAltText,
    /// Accounts tagged on an image.
    ImageUserTags,
    /// Accounts tagged on a video.
    VideoUserTags,
    /// Where on an image an account is tagged.
    ImageTagPosition,
    /// Where on a video an account is tagged.
    VideoTagPosition,
    /// A frame of the video as cover.
    CoverFrame,
    /// A picture of its own as cover.
    CoverImage,
    /// One of the photos as cover.
    CoverItem,
    /// The label of content made by AI.
    AiLabel,
    /// Instagram: invited co-authors.
    Collaborators,
    /// Instagram: a place.
    Location,
    /// Instagram: whether a reel appears in the feed, too.
    ShareToFeed,
    /// Instagram: the name of a reel's original audio.
    AudioName,
    /// Instagram: a reel shown to non-followers first.
    Trial,
    /// TikTok: who may see the post.
    Privacy,
    /// TikTok: comments.
    Comment,
    /// TikTok: duets.
    Duet,
    /// TikTok: stitches.
    Stitch,
    /// TikTok: the disclosure of commercial content.
    Disclosure,
    /// TikTok: music of TikTok's choice.
    AutoAddMusic,
    /// TikTok: the recorded consent.
    Consent,
}

impl Parameter {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caption => "caption",
            Self::ImageAltText => "image_alt_text",
            Self::VideoAltText => "video_alt_text",
            Self::ImageUserTags => "image_user_tags",
            Self::VideoUserTags => "video_user_tags",
            Self::ImageTagPosition => "image_tag_position",
            Self::VideoTagPosition => "video_tag_position",
            Self::CoverFrame => "cover_frame",
            Self::CoverImage => "cover_image",
            Self::CoverItem => "cover_item",
            Self::AiLabel => "ai_label",
            Self::Collaborators => "collaborators",
            Self::Location => "location",
            Self::ShareToFeed => "share_to_feed",
            Self::AudioName => "audio_name",
            Self::Trial => "trial",
            Self::Privacy => "privacy",
            Self::Comment => "comment",
            Self::Duet => "duet",
            Self::Stitch => "stitch",
            Self::Disclosure => "disclosure",
            Self::AutoAddMusic => "auto_add_music",
            Self::Consent => "consent",
        }
    }
}

/// What becomes of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// It must be made: blocking without it.
    Required,
    /// It can be made.
    Optional,
    /// It has no effect here: a warning.
    Ignored,
    /// Without it the post would be another than the person meant: blocking.
    Unsupported,
}

impl Support {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
            Self::Ignored => "ignored",
            Self::Unsupported => "unsupported",
        }
    }
}

/// What becomes of one choice in one kind of post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ParameterRule {
    /// The choice.
    pub parameter: Parameter,
    /// What becomes of it.
    pub support: Support,
    /// Who says so.
    pub source: Source,
}
