//! Media files.

use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::ports::{self, MediaChunk, MediaRange};
use calendar_publish_adapters::http::{AllowedOrigins, HttpMedia};

use super::{HttpOptions, MediaError, opaque_debug};
use crate::CalendarPublishError;

/// Reads media files piece by piece, so that a video never has to fit in memory.
#[uniffi::export(with_foreign, async_runtime = "tokio")]
#[async_trait]
pub trait MediaSource: Send + Sync {
    /// Reads a range of a file.
    async fn read(&self, range: MediaRange) -> Result<MediaChunk, MediaError>;
}

/// A host's media, as the adapters see them.
pub(crate) struct HostMedia(pub(crate) Arc<dyn MediaSource>);

opaque_debug!(HostMedia);

#[async_trait]
impl ports::MediaSource for HostMedia {
    async fn read(&self, range: MediaRange) -> Result<MediaChunk, ports::MediaError> {
        Ok(self.0.read(range).await?)
    }
}

struct Native(AllowedOrigins<HttpMedia>);

#[async_trait]
impl MediaSource for Native {
    async fn read(&self, range: MediaRange) -> Result<MediaChunk, MediaError> {
        Ok(ports::MediaSource::read(&self.0, range).await?)
    }
}

/// Reads media files from their own addresses.
#[uniffi::export]
pub fn http_media(options: HttpOptions) -> Result<Arc<dyn MediaSource>, CalendarPublishError> {
    Ok(Arc::new(Native(options.client(HttpMedia::new)?)))
}
