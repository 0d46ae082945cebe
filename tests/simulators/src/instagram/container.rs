//! Containers: media on the way to being published.

use calendar_publish::model::Timestamp;
use chrono::TimeDelta;

use super::error::Language;
use super::knobs::{AfterBlock, Knobs};
use super::upload::Upload;

/// How long a container lives.
///
/// Source: Instagram Platform, IG User Media reference, read 2026-09-11.
pub(super) const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// What a container becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Image,
    Reel,
    StoryImage,
    StoryVideo,
    ItemImage,
    ItemVideo,
    Carousel,
}

impl Kind {
    pub(super) const fn is_video(self) -> bool {
        matches!(self, Self::Reel | Self::StoryVideo | Self::ItemVideo)
    }

    pub(super) const fn is_story(self) -> bool {
        matches!(self, Self::StoryImage | Self::StoryVideo)
    }

    pub(super) const fn is_item(self) -> bool {
        matches!(self, Self::ItemImage | Self::ItemVideo)
    }

    /// How `media_type` reads back.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Carousel => "CAROUSEL_ALBUM",
            _ if self.is_video() => "VIDEO",
            _ => "IMAGE",
        }
    }

    /// How `media_product_type` reads back.
    pub(super) const fn product_type(self) -> &'static str {
        match self {
            Self::Reel => "REELS",
            _ if self.is_story() => "STORY",
            _ => "FEED",
        }
    }
}

/// A container.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub(super) account: String,
    pub(super) kind: Kind,
    pub(super) created: Timestamp,
    pub(super) caption: String,
    /// SHA-256 of its media, a carousel's items' in order.
    pub(super) media: Vec<String>,
    /// Whether attached audio is mixed with the video's own sound.
    pub(super) mixes_audio: bool,
    /// Bytes that the caller sends, for those that aren't fetched.
    pub(super) upload: Option<Upload>,
    /// When the media will have been processed; `None` while bytes are missing.
    pub(super) ready: Option<Timestamp>,
    /// The sub-code with which processing ends.
    pub(super) failure: Option<u32>,
    /// Reads of its status, so far.
    pub(super) reads: u32,
    /// Reads that answered 100/33.
    pub(super) missed: u32,
    /// When its post is or will be out.
    pub(super) published: Option<Timestamp>,
    /// Whether its publish was answered 4/2207051.
    pub(super) blocked: bool,
}

/// What `status_code` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    InProgress,
    Finished,
    Published,
    Error(u32),
    Expired,
}

impl Container {
    pub(super) fn status(&self, now: Timestamp, knobs: &Knobs) -> Status {
        if let Some(published) = self.published {
            return match knobs.after_block {
                _ if now < published => Status::InProgress,
                AfterBlock::Finished if self.blocked => Status::Finished,
                _ => Status::Published,
            };
        }
        let ready = self
            .ready
            .filter(|ready| now >= *ready && self.reads >= knobs.polls);
        match (ready, self.failure) {
            (Some(_), Some(subcode)) => Status::Error(subcode),
            _ if now.since(self.created) >= LIFETIME => Status::Expired,
            (Some(_), None) => Status::Finished,
            (None, _) => Status::InProgress,
        }
    }
}

impl Status {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Finished => "FINISHED",
            Self::Published => "PUBLISHED",
            Self::Error(_) => "ERROR",
            Self::Expired => "EXPIRED",
        }
    }

    /// The sentence in which a failure's sub-code stands, and nowhere else.
    pub(super) fn sentence(self, language: Language) -> String {
        let (doing, ready, out, failed, late) = match language {
            Language::English => (
                "Media is still being processed.",
                "Media has been uploaded and it is ready to be published.",
                "Media has been published.",
                "Media upload has failed with error code",
                "Media was not published within 24 hours.",
            ),
            Language::Spanish => (
                "El archivo se está procesando.",
                "El archivo está listo para publicarse.",
                "El archivo se ha publicado.",
                "La subida ha fallado con el código de error",
                "El archivo no se publicó en 24 horas.",
            ),
            Language::Japanese => (
                "処理中です。",
                "公開できます。",
                "公開されました。",
                "アップロードに失敗しました。エラーコード",
                "24時間以内に公開されませんでした。",
            ),
        };
        match self {
            Self::InProgress => format!("In Progress: {doing}"),
            Self::Finished => format!("Finished: {ready}"),
            Self::Published => format!("Published: {out}"),
            Self::Error(subcode) => format!("Error: {failed} {subcode}"),
            Self::Expired => format!("Expired: {late}"),
        }
    }
}
