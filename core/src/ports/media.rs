//! Reading media files piece by piece, so that a video never has to fit in memory.

use std::fmt;

use async_trait::async_trait;
use calendar_publish_derive::DeserializeTagged;
use serde::Serialize;

use super::{MaybeSend, MaybeSync};
use crate::error::{Code, Error, Measure};
use crate::model::media::without_query;

/// A part of a file. `Debug` leaves out the query of the address, which may be a signature.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaRange {
    /// The file, by the `url` of its [`Media`](crate::model::Media). It may be signed: never log it.
    pub url: String,
    /// The first byte, from 0.
    pub offset: u64,
    /// How many bytes are wanted; the file may end before.
    pub length: u64,
}

impl fmt::Debug for MediaRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaRange")
            .field("url", &without_query(&self.url))
            .field("offset", &self.offset)
            .field("length", &self.length)
            .finish()
    }
}

/// The bytes of a part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaChunk {
    /// The bytes; fewer than were asked for only where the file ends.
    pub bytes: Vec<u8>,
    /// The size of the whole file in bytes.
    pub total_bytes: u64,
    /// The file's MIME type, where the source knows it.
    pub mime_type: Option<String>,
}

/// Why a file couldn't be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum MediaError {
    /// There is no such file (any more); a signed URL may have died.
    #[error("the media file isn't there")]
    Missing,
    /// The address must not be read: not `https`, or inside the host's own network.
    #[error("the media address isn't allowed: {reason}")]
    AddressForbidden {
        /// Which rule it breaks.
        reason: String,
    },
    /// The source doesn't answer; it may later.
    #[error("the media source can't be reached: {reason}")]
    Unavailable {
        /// Why, for developers.
        reason: String,
    },
}

impl From<MediaError> for Error {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::Missing => Self::new(Code::MediaMissing).at("media"),
            MediaError::AddressForbidden { reason } => Self::new(Code::MediaUrlInvalid)
                .at("media")
                .measured(Measure::text(reason)),
            MediaError::Unavailable { reason } => Self::new(Code::MediaUnreachable)
                .at("media")
                .measured(Measure::text(reason)),
        }
    }
}

/// Where media come from.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait MediaSource: MaybeSend + MaybeSync {
    /// Reads a part of a file.
    async fn read(&self, range: MediaRange) -> Result<MediaChunk, MediaError>;
}
