//! Media files, read from their addresses range by range.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::ports::{MediaChunk, MediaError, MediaRange, MediaSource};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RANGE};
use reqwest::{Client, Response, StatusCode};
use tokio::time::timeout;
use url::Url;

use super::address::Forbidden;
use super::content_range::ContentRange;
use super::failure::{forbidden, reason};
use super::validators::{Validators, Versions};
use super::{AddressPolicy, HttpSettings, HttpSetupError, client};

/// [`MediaSource`] over HTTP range requests (RFC 9110, 14), for the addresses that users give. It needs
/// tokio.
///
/// It calls what the [`AddressPolicy`] allows and follows no redirect. It keeps no more of a file than the
/// range that was asked for. A server that doesn't know ranges sends the whole file: what lies
/// before the range is thrown away, and reading stops behind it, so that such a file is read
/// again and again from its start. One that doesn't say its size either is read to its end.
///
/// A file that changes while it is read piece by piece is noticed by its size, `ETag` or
/// `Last-Modified` and counts as unavailable, until it is read from its first byte again.
#[derive(Clone, Debug)]
pub struct HttpMedia {
    client: Client,
    addresses: AddressPolicy,
    deadline: Duration,
    versions: Arc<Versions>,
}

impl HttpMedia {
    /// A source with connections of its own.
    ///
    /// # Errors
    /// Where this machine has no certificate authorities, or a given one can't be read.
    pub fn new(settings: &HttpSettings) -> Result<Self, HttpSetupError> {
        Ok(Self {
            client: client::build(settings)?,
            addresses: settings.addresses,
            deadline: settings.read_deadline,
            versions: Arc::default(),
        })
    }

    async fn read_range(&self, range: &MediaRange) -> Result<MediaChunk, MediaError> {
        let url = Url::parse(&range.url).map_err(|_| not_allowed(Forbidden("it is no URL")))?;
        self.addresses.check_url(&url).map_err(not_allowed)?;
        let mut bytes = Vec::new();
        loop {
            // A server may answer with less than was asked for.
            let offset = range.offset.saturating_add(bytes.len() as u64);
            let wanted = range.length - bytes.len() as u64;
            let before = bytes.len();
            let part = self.read_part(&url, offset, wanted, &mut bytes).await?;
            if !self.versions.agree(&range.url, offset, part.validators) {
                return Err(unavailable("the file changed while it was read"));
            }
            let end = range.offset.saturating_add(bytes.len() as u64);
            let complete = bytes.len() as u64 == range.length || end >= part.total_bytes;
            if complete {
                return Ok(MediaChunk {
                    bytes,
                    total_bytes: part.total_bytes,
                    mime_type: part.mime_type,
                });
            }
            if bytes.len() == before {
                return Err(unavailable("it answers with nothing"));
            }
        }
    }

    async fn read_part(
        &self,
        url: &Url,
        offset: u64,
        wanted: u64,
        bytes: &mut Vec<u8>,
    ) -> Result<Part, MediaError> {
        // A range can't be empty; of the one byte none is kept then.
        let last = offset.saturating_add(wanted.max(1) - 1);
        let response = self
            .client
            .get(url.clone())
            .header(RANGE, format!("bytes={offset}-{last}"))
            .header(ACCEPT_ENCODING, "identity")
            .send()
            .await
            .map_err(failed)?;
        if is_encoded(response.headers()) {
            return Err(unavailable("it compresses the file"));
        }
        let headers = response.headers().clone();
        let total_bytes = match response.status() {
            StatusCode::PARTIAL_CONTENT => {
                let part = ContentRange::of(&headers)
                    .filter(|part| part.first == offset && part.last <= last)
                    .ok_or_else(|| unavailable("it answers with another part than asked for"))?;
                let kept = wanted.min(part.last - part.first + 1);
                keep(response, 0, kept, bytes).await?;
                part.total_bytes
            }
            StatusCode::OK => {
                let total = response.content_length();
                let kept = total.map_or(wanted, |total| wanted.min(total.saturating_sub(offset)));
                keep_of_whole(response, total, offset, kept, bytes).await?
            }
            StatusCode::RANGE_NOT_SATISFIABLE => ContentRange::total_of(&headers)
                .filter(|total| *total <= offset)
                .ok_or_else(|| unavailable("it doesn't say how long the file is"))?,
            StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::GONE => return Err(MediaError::Missing),
            status if status.is_redirection() => {
                return Err(not_allowed(Forbidden("it leads elsewhere")));
            }
            status => return Err(unavailable(&format!("it answers with {}", status.as_u16()))),
        };
        Ok(Part {
            total_bytes,
            mime_type: mime_type(&headers),
            validators: Validators::new(total_bytes, &headers),
        })
    }
}

#[async_trait]
impl MediaSource for HttpMedia {
    async fn read(&self, range: MediaRange) -> Result<MediaChunk, MediaError> {
        timeout(self.deadline, self.read_range(&range))
            .await
            .unwrap_or_else(|_| Err(unavailable("it took too long")))
    }
}

/// What an answer tells of the file.
struct Part {
    total_bytes: u64,
    mime_type: Option<String>,
    validators: Validators,
}

/// Appends `kept` bytes of the body that follow on `skipped` others. What comes after them isn't read.
async fn keep(
    mut response: Response,
    skipped: u64,
    kept: u64,
    bytes: &mut Vec<u8>,
) -> Result<(), MediaError> {
    reserve(bytes, kept)?;
    let mut skip = skipped;
    let mut missing = kept;
    while missing > 0 {
        let Some(chunk) = response.chunk().await.map_err(failed)? else {
            return Err(unavailable("its answer is too short"));
        };
        let start = skip.min(chunk.len() as u64);
        let end = start.saturating_add(missing).min(chunk.len() as u64);
        bytes.extend_from_slice(&chunk[start as usize..end as usize]);
        skip -= start;
        missing -= end - start;
    }
    Ok(())
}

/// Appends the wanted bytes of a whole file, and gives its size.
async fn keep_of_whole(
    mut response: Response,
    total: Option<u64>,
    offset: u64,
    wanted: u64,
    bytes: &mut Vec<u8>,
) -> Result<u64, MediaError> {
    if let Some(total) = total {
        let skipped = if wanted == 0 { 0 } else { offset };
        keep(response, skipped, wanted, bytes).await?;
        return Ok(total);
    }
    let mut place: u64 = 0;
    let end = offset.saturating_add(wanted);
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        let length = chunk.len() as u64;
        let from = offset.saturating_sub(place).min(length);
        let to = end.saturating_sub(place).min(length);
        reserve(bytes, to - from)?;
        bytes.extend_from_slice(&chunk[from as usize..to as usize]);
        place += length;
    }
    Ok(place)
}

/// Makes room for exactly that much: growing by halves could double what is held.
fn reserve(bytes: &mut Vec<u8>, more: u64) -> Result<(), MediaError> {
    usize::try_from(more)
        .ok()
        .and_then(|more| bytes.try_reserve_exact(more).ok())
        .ok_or_else(|| unavailable("the range doesn't fit in memory"))
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| encoding != "identity")
}

/// The type without its parameters; types that say nothing count as unknown.
fn mime_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next()?.trim().to_ascii_lowercase();
    let says_nothing =
        ["", "application/octet-stream", "binary/octet-stream"].contains(&essence.as_str());
    (!says_nothing).then_some(essence)
}

fn failed(error: reqwest::Error) -> MediaError {
    match forbidden(&error) {
        Some(forbidden) => not_allowed(forbidden),
        None => unavailable(&reason(error)),
    }
}

fn not_allowed(forbidden: Forbidden) -> MediaError {
    MediaError::AddressForbidden {
        reason: forbidden.to_string(),
    }
}

fn unavailable(reason: &str) -> MediaError {
    MediaError::Unavailable {
        reason: reason.to_owned(),
    }
}
