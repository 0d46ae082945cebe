//! What kind of post an entry becomes.

use serde::{Deserialize, Serialize};

use crate::model::{CalendarEntry, Channel, FormatKind, MediaKind, TiktokMode};

/// A kind of post that a platform treats by rules of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// A TikTok video on the creator's profile.
    TiktokVideo,
    /// TikTok photos on the creator's profile.
    TiktokPhotos,
    /// A TikTok video delivered to the creator's inbox.
    TiktokVideoDraft,
    /// TikTok photos delivered to the creator's inbox.
    TiktokPhotosDraft,
    /// One image in the Instagram feed.
    InstagramImage,
    /// An Instagram reel; a video in the feed is always one.
    InstagramReel,
    /// Several images and videos in the Instagram feed.
    InstagramCarousel,
}

impl PostKind {
    /// Every kind, in the order of the rule book.
    pub const ALL: [Self; 7] = [
        Self::TiktokVideo,
        Self::TiktokPhotos,
        Self::TiktokVideoDraft,
        Self::TiktokPhotosDraft,
        Self::InstagramImage,
        Self::InstagramReel,
        Self::InstagramCarousel,
    ];

    /// The kind of post that `entry` becomes: by its channel, its format and, where the format is
    /// a plain post, its first file. A plain post without media counts as a video on TikTok and as
    /// an image on Instagram, until there is a file.
    pub fn of(entry: &CalendarEntry) -> Self {
        Self::on(entry.piece.channel, entry)
    }

    /// The kind of post that `entry` becomes on `channel`.
    pub(super) fn on(channel: Channel, entry: &CalendarEntry) -> Self {
        let format = entry.piece.format.kind();
        let first = entry.media.first().map(|media| media.kind);
        match channel {
            Channel::Tiktok => {
                let photos = match format {
                    FormatKind::Carousel => true,
                    FormatKind::Reel | FormatKind::Video => false,
                    FormatKind::Post => first == Some(MediaKind::Image),
                };
                let mode = entry.tiktok.as_ref().map_or(TiktokMode::Direct, |o| o.mode);
                match (photos, mode) {
                    (false, TiktokMode::Direct) => Self::TiktokVideo,
                    (true, TiktokMode::Direct) => Self::TiktokPhotos,
                    (false, TiktokMode::Inbox) => Self::TiktokVideoDraft,
                    (true, TiktokMode::Inbox) => Self::TiktokPhotosDraft,
                }
            }
            Channel::Instagram => match format {
                FormatKind::Carousel => Self::InstagramCarousel,
                FormatKind::Reel | FormatKind::Video => Self::InstagramReel,
                FormatKind::Post if first == Some(MediaKind::Video) => Self::InstagramReel,
                FormatKind::Post => Self::InstagramImage,
            },
        }
    }

    /// Where such a post goes.
    pub const fn channel(self) -> Channel {
        match self {
            Self::TiktokVideo
            | Self::TiktokPhotos
            | Self::TiktokVideoDraft
            | Self::TiktokPhotosDraft => Channel::Tiktok,
            Self::InstagramImage | Self::InstagramReel | Self::InstagramCarousel => {
                Channel::Instagram
            }
        }
    }

    /// Whether it waits in the creator's inbox instead of being published.
    pub const fn is_draft(self) -> bool {
        matches!(self, Self::TiktokVideoDraft | Self::TiktokPhotosDraft)
    }

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TiktokVideo => "tiktok_video",
            Self::TiktokPhotos => "tiktok_photos",
            Self::TiktokVideoDraft => "tiktok_video_draft",
            Self::TiktokPhotosDraft => "tiktok_photos_draft",
            Self::InstagramImage => "instagram_image",
            Self::InstagramReel => "instagram_reel",
            Self::InstagramCarousel => "instagram_carousel",
        }
    }
}
