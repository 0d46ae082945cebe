//! What a limit can be about.

use serde::{Deserialize, Serialize};

use crate::error::{Code, Unit};
use crate::model::MediaKind;

/// What a limit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The length of the caption as it is sent.
    CaptionLength,
    /// The length of a TikTok photo post's title.
    TitleLength,
    /// The hashtags of the caption as it is sent.
    Hashtags,
    /// The mentions of the caption as it is sent.
    Mentions,
    /// The number of files.
    Items,
    /// The kind of each file: `image`, `video`.
    MediaKind,
    /// The URL of each file that the platform fetches.
    MediaUrl,
    /// An image's MIME type.
    ImageFormat,
    /// An image's size.
    ImageBytes,
    /// An image's width.
    ImageWidth,
    /// An image's shorter side.
    ImageShortSide,
    /// An image's longer side.
    ImageLongSide,
    /// An image's width divided by its height.
    ImageRatio,
    /// A video's MIME type.
    VideoFormat,
    /// A video's size.
    VideoBytes,
    /// A video's width.
    VideoWidth,
    /// A video's height.
    VideoHeight,
    /// A video's shorter side.
    VideoShortSide,
    /// A video's width divided by its height.
    VideoRatio,
    /// A video's duration.
    VideoDuration,
    /// A video's duration, where the creator's own maximum isn't known.
    VideoDurationAnyCreator,
    /// A video's codec: `h264`, `hevc`, `vp8`, `vp9`.
    VideoCodec,
    /// A video's frames per second.
    VideoFrameRate,
    /// A video's bits per second, all tracks together.
    VideoBitRate,
    /// A video's order: `moov_first`, where its index stands before its data, or `moov_last`.
    VideoLayout,
    /// A video's edit lists: `none` or `edit_list`.
    VideoEdits,
    /// The codec of a video's sound: `aac`.
    AudioCodec,
    /// The samples per second of a video's sound.
    AudioSampleRate,
    /// The channels of a video's sound.
    AudioChannels,
    /// The length of an alternative text.
    AltTextLength,
    /// The accounts tagged on one file.
    UserTags,
    /// A tag's distance from the left or upper edge.
    UserTagPosition,
    /// The length of a tagged or invited account's name.
    UserNameLength,
    /// The invited co-authors.
    Collaborators,
    /// The frame that is the cover, from the start of the video; it lies before its end, too.
    CoverOffset,
    /// The MIME type of a cover of its own.
    CoverFormat,
    /// The size of a cover of its own.
    CoverBytes,
    /// The width of a cover of its own divided by its height.
    CoverRatio,
}

impl Subject {
    /// Every subject, in the order they are judged and listed.
    pub const ALL: [Self; 38] = [
        Self::CaptionLength,
        Self::TitleLength,
        Self::Hashtags,
        Self::Mentions,
        Self::Items,
        Self::MediaKind,
        Self::MediaUrl,
        Self::ImageFormat,
        Self::ImageBytes,
        Self::ImageWidth,
        Self::ImageShortSide,
        Self::ImageLongSide,
        Self::ImageRatio,
        Self::VideoFormat,
        Self::VideoBytes,
        Self::VideoWidth,
        Self::VideoHeight,
        Self::VideoShortSide,
        Self::VideoRatio,
        Self::VideoDuration,
        Self::VideoDurationAnyCreator,
        Self::VideoCodec,
        Self::VideoFrameRate,
        Self::VideoBitRate,
        Self::VideoLayout,
        Self::VideoEdits,
        Self::AudioCodec,
        Self::AudioSampleRate,
        Self::AudioChannels,
        Self::AltTextLength,
        Self::UserTags,
        Self::UserTagPosition,
        Self::UserNameLength,
        Self::Collaborators,
        Self::CoverOffset,
        Self::CoverFormat,
        Self::CoverBytes,
        Self::CoverRatio,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CaptionLength => "caption_length",
            Self::TitleLength => "title_length",
            Self::Hashtags => "hashtags",
            Self::Mentions => "mentions",
            Self::Items => "items",
            Self::MediaKind => "media_kind",
            Self::MediaUrl => "media_url",
            Self::ImageFormat => "image_format",
            Self::ImageBytes => "image_bytes",
            Self::ImageWidth => "image_width",
            Self::ImageShortSide => "image_short_side",
            Self::ImageLongSide => "image_long_side",
            Self::ImageRatio => "image_ratio",
            Self::VideoFormat => "video_format",
            Self::VideoBytes => "video_bytes",
            Self::VideoWidth => "video_width",
            Self::VideoHeight => "video_height",
            Self::VideoShortSide => "video_short_side",
            Self::VideoRatio => "video_ratio",
            Self::VideoDuration => "video_duration",
            Self::VideoDurationAnyCreator => "video_duration_any_creator",
            Self::VideoCodec => "video_codec",
            Self::VideoFrameRate => "video_frame_rate",
            Self::VideoBitRate => "video_bit_rate",
            Self::VideoLayout => "video_layout",
            Self::VideoEdits => "video_edits",
            Self::AudioCodec => "audio_codec",
            Self::AudioSampleRate => "audio_sample_rate",
            Self::AudioChannels => "audio_channels",
            Self::AltTextLength => "alt_text_length",
            Self::UserTags => "user_tags",
            Self::UserTagPosition => "user_tag_position",
            Self::UserNameLength => "user_name_length",
            Self::Collaborators => "collaborators",
            Self::CoverOffset => "cover_offset",
            Self::CoverFormat => "cover_format",
            Self::CoverBytes => "cover_bytes",
            Self::CoverRatio => "cover_ratio",
        }
    }

    /// The code of a finding about it; `below` where the value lies below what is allowed.
    pub const fn code(self, below: bool) -> Code {
        match self {
            Self::CaptionLength => Code::CaptionTooLong,
            Self::TitleLength => Code::TitleTooLong,
            Self::Hashtags => Code::HashtagsTooMany,
            Self::Mentions => Code::MentionsTooMany,
            Self::Items if below => Code::MediaMissing,
            Self::Items => Code::MediaTooMany,
            Self::MediaKind => Code::MediaKindUnsupported,
            Self::MediaUrl => Code::MediaUrlInvalid,
            Self::ImageFormat | Self::VideoFormat => Code::MediaFormatUnsupported,
            Self::ImageBytes | Self::VideoBytes => Code::MediaTooLarge,
            Self::ImageWidth
            | Self::ImageShortSide
            | Self::ImageLongSide
            | Self::VideoWidth
            | Self::VideoHeight
            | Self::VideoShortSide => Code::MediaDimensionsInvalid,
            Self::ImageRatio | Self::VideoRatio => Code::MediaRatioInvalid,
            Self::VideoDuration | Self::VideoDurationAnyCreator => Code::MediaDurationInvalid,
            Self::VideoCodec => Code::MediaCodecUnsupported,
            Self::VideoFrameRate => Code::MediaFrameRateInvalid,
            Self::VideoBitRate => Code::MediaBitRateTooHigh,
            Self::VideoLayout | Self::VideoEdits => Code::MediaNotStreamable,
            Self::AudioCodec | Self::AudioSampleRate | Self::AudioChannels => {
                Code::MediaAudioUnsupported
            }
            Self::AltTextLength => Code::AltTextTooLong,
            Self::UserTags => Code::UserTagsTooMany,
            Self::UserTagPosition | Self::UserNameLength => Code::UserTagInvalid,
            Self::Collaborators => Code::CollaboratorsTooMany,
            Self::CoverOffset | Self::CoverFormat | Self::CoverBytes | Self::CoverRatio => {
                Code::CoverInvalid
            }
        }
    }

    /// The units a limit of it may be in; none where it allows words.
    pub(super) const fn units(self) -> &'static [Unit] {
        match self {
            Self::CaptionLength | Self::TitleLength | Self::AltTextLength => {
                &[Unit::Utf16, Unit::CodePoints]
            }
            Self::UserNameLength => &[Unit::CodePoints],
            Self::Hashtags => &[Unit::Hashtags],
            Self::Mentions => &[Unit::Mentions],
            Self::Items => &[Unit::Items],
            Self::ImageBytes | Self::VideoBytes | Self::CoverBytes => &[Unit::Bytes],
            Self::ImageWidth
            | Self::ImageShortSide
            | Self::ImageLongSide
            | Self::VideoWidth
            | Self::VideoHeight
            | Self::VideoShortSide => &[Unit::Pixels],
            Self::ImageRatio | Self::VideoRatio | Self::CoverRatio | Self::UserTagPosition => {
                &[Unit::Ratio]
            }
            Self::VideoDuration | Self::VideoDurationAnyCreator => &[Unit::Seconds],
            Self::CoverOffset => &[Unit::Milliseconds],
            Self::VideoFrameRate => &[Unit::FramesPerSecond],
            Self::VideoBitRate => &[Unit::BitsPerSecond],
            Self::AudioSampleRate => &[Unit::Hertz],
            Self::AudioChannels => &[Unit::AudioChannels],
            Self::UserTags | Self::Collaborators => &[Unit::Accounts],
            Self::MediaKind
            | Self::MediaUrl
            | Self::ImageFormat
            | Self::VideoFormat
            | Self::VideoCodec
            | Self::VideoLayout
            | Self::VideoEdits
            | Self::AudioCodec
            | Self::CoverFormat => &[],
        }
    }

    /// The kind of file it measures; `None` where it measures something else, or every file.
    pub(super) const fn file(self) -> Option<MediaKind> {
        match self {
            Self::ImageFormat
            | Self::ImageBytes
            | Self::ImageWidth
            | Self::ImageShortSide
            | Self::ImageLongSide
            | Self::ImageRatio => Some(MediaKind::Image),
            Self::VideoFormat
            | Self::VideoBytes
            | Self::VideoWidth
            | Self::VideoHeight
            | Self::VideoShortSide
            | Self::VideoRatio
            | Self::VideoDuration
            | Self::VideoDurationAnyCreator
            | Self::VideoCodec
            | Self::VideoFrameRate
            | Self::VideoBitRate
            | Self::VideoLayout
            | Self::VideoEdits
            | Self::AudioCodec
            | Self::AudioSampleRate
            | Self::AudioChannels => Some(MediaKind::Video),
            _ => None,
        }
    }
}
