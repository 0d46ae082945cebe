//! Media: what is known of a file, whoever measured it.

use std::fmt;

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use super::{AssetId, Timestamp};

/// Whether a file is an image or a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A still image.
    Image,
    /// A video.
    Video,
}

/// A media file of an entry, with the facts that were measured.
///
/// A fact that is `None` is unknown: rules that need it answer with
/// [`Code::MediaUnprobed`](crate::error::Code::MediaUnprobed), a warning, and never guess.
///
/// `Debug` leaves out the query of the address, which may be a signature.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Media {
    /// The host's row for the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset_id: Option<AssetId>,
    /// Image or video.
    pub kind: MediaKind,
    /// Where the file can be fetched. It may be signed, so it is never logged.
    pub url: String,
    /// The instant a signed URL stops working.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_expires_at: Option<Timestamp>,
    /// The MIME type the bytes really have: `image/jpeg`, `video/mp4`…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<i64>,
    /// Width in pixels as shown, rotation applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels as shown, rotation applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Duration of a video in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<i64>,
    /// Frames per second of a video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame_rate: Option<f64>,
    /// Bits per second of a video, all tracks together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bit_rate: Option<i64>,
    /// Codec of the video track: `h264`, `hevc`, `vp8`, `vp9`…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video_codec: Option<String>,
    /// Codec of the audio track: `aac`…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_codec: Option<String>,
    /// Samples per second of the audio track, in hertz.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_sample_rate: Option<u32>,
    /// Channels of the audio track.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_channels: Option<u32>,
    /// Whether the index of an MP4 or MOV file (`moov`) stands before its data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moov_first: Option<bool>,
    /// Whether an MP4 or MOV file has edit lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit_list: Option<bool>,
    /// A description for people who can't see the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
    /// Accounts tagged on this item (Instagram).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub user_tags: Vec<UserTag>,
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Media")
            .field("asset_id", &self.asset_id)
            .field("kind", &self.kind)
            .field("url", &without_query(&self.url))
            .field("url_expires_at", &self.url_expires_at)
            .field("mime_type", &self.mime_type)
            .field("size_bytes", &self.size_bytes)
            .field("width", &self.width)
            .field("height", &self.height)
            .field("duration_ms", &self.duration_ms)
            .field("frame_rate", &self.frame_rate)
            .field("bit_rate", &self.bit_rate)
            .field("video_codec", &self.video_codec)
            .field("audio_codec", &self.audio_codec)
            .field("audio_sample_rate", &self.audio_sample_rate)
            .field("audio_channels", &self.audio_channels)
            .field("moov_first", &self.moov_first)
            .field("edit_list", &self.edit_list)
            .field("alt_text", &self.alt_text)
            .field("user_tags", &self.user_tags)
            .finish()
    }
}

/// An address as it may be shown: without what may be its signature.
pub(crate) fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// An account tagged on an image or video.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserTag {
    /// The account's user name, without `@`.
    pub username: String,
    /// Distance from the left edge, 0.0 to 1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    /// Distance from the upper edge, 0.0 to 1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
}

/// The picture a video or a carousel is shown with before it is played.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Cover {
    /// A frame of the video.
    Frame {
        /// Milliseconds from the start.
        offset_ms: i64,
    },
    /// A picture of its own (Instagram reels).
    Image {
        /// The picture.
        media: Box<Media>,
    },
    /// One of the photos (TikTok photo posts).
    Item {
        /// Its place, from 0.
        index: u32,
    },
}
