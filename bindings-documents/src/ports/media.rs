//! A host's media files.

use async_trait::async_trait;
use calendar_publish::ports::{MediaChunk, MediaError, MediaRange, MediaSource};
use serde::{Deserialize, Serialize};

use super::BytesPort;
use crate::document::{read, write};

/// A part of a file that is asked for.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_debug_implementations)]
pub struct MediaRequest {
    /// The file, by its address, which may be signed: never log it.
    pub url: String,
    /// The first byte, from 0.
    pub offset: u64,
    /// How many bytes are wanted; the file may end before.
    pub length: u64,
}

/// What stands beside the bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MediaHead {
    /// The size of the whole file in bytes.
    pub total_bytes: u64,
    /// The file's MIME type, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
}

/// [`MediaSource`] over a host's port: a [`MediaRequest`] in, a [`MediaHead`] and the bytes out.
///
/// The host refuses with a [`MediaError`]. Whatever else it throws, an answer that can't be read, and more
/// bytes than were asked for, is [`MediaError::Unavailable`].
#[derive(Clone, Debug)]
pub struct DocumentMedia<P>(P);

impl<P: BytesPort> DocumentMedia<P> {
    /// Media that `port` reads.
    pub const fn new(port: P) -> Self {
        Self(port)
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl<P: BytesPort> MediaSource for DocumentMedia<P> {
    async fn read(&self, range: MediaRange) -> Result<MediaChunk, MediaError> {
        let unavailable = |reason: String| MediaError::Unavailable { reason };
        let request = MediaRequest {
            url: range.url,
            offset: range.offset,
            length: range.length,
        };
        let request = write(&request).map_err(|error| unavailable(error.to_string()))?;
        let answer = self.0.exchange(request, Vec::new()).await;
        let answer = answer.map_err(|failure| failure.read().unwrap_or_else(unavailable))?;
        let head: MediaHead = read(&answer.head).map_err(|error| unavailable(error.to_string()))?;
        if answer.body.len() as u64 > range.length {
            return Err(unavailable(format!(
                "{} bytes instead of {}",
                answer.body.len(),
                range.length
            )));
        }
        Ok(MediaChunk {
            bytes: answer.body,
            total_bytes: head.total_bytes,
            mime_type: head.mime_type,
        })
    }
}
