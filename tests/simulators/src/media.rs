//! The web, as far as media files are on it: what a platform fetches from, and an engine reads from.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use calendar_publish::ports::{MediaChunk, MediaError, MediaRange, MediaSource};

/// A file on the shelf: its first bytes, and then as many zeros as are missing. A video of a gigabyte
/// needs no gigabyte.
#[derive(Clone)]
pub struct ShelvedFile {
    /// The bytes it begins with.
    pub head: Arc<[u8]>,
    /// Its size; at least the length of `head`.
    pub total_bytes: u64,
    /// Its MIME type.
    pub mime_type: String,
}

impl fmt::Debug for ShelvedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.mime_type, self.total_bytes)
    }
}

impl ShelvedFile {
    /// A file of exactly these bytes.
    pub fn new(mime_type: &str, bytes: impl Into<Arc<[u8]>>) -> Self {
        let head: Arc<[u8]> = bytes.into();
        Self {
            total_bytes: head.len() as u64,
            mime_type: mime_type.to_owned(),
            head,
        }
    }

    /// The same file, filled up with zeros.
    #[must_use]
    pub fn padded_to(mut self, total_bytes: u64) -> Self {
        self.total_bytes = total_bytes.max(self.head.len() as u64);
        self
    }

    /// At most `length` bytes from `offset` on.
    pub fn read(&self, offset: u64, length: u64) -> Vec<u8> {
        let end = offset.saturating_add(length).min(self.total_bytes);
        let size = end.saturating_sub(offset) as usize;
        let mut bytes = Vec::with_capacity(size);
        let head = self.head.get(offset as usize..).unwrap_or_default();
        bytes.extend_from_slice(&head[..head.len().min(size)]);
        bytes.resize(size, 0);
        bytes
    }
}

/// One read of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// Its address.
    pub url: String,
    /// The first byte.
    pub offset: u64,
    /// How many bytes were asked for.
    pub length: u64,
}

/// Files by their addresses. Clones share one shelf.
#[derive(Clone, Debug, Default)]
pub struct MediaShelf {
    files: Arc<Mutex<Files>>,
}

#[derive(Debug, Default)]
struct Files {
    by_url: HashMap<String, ShelvedFile>,
    failing: HashMap<String, MediaError>,
    fetches: Vec<Fetch>,
}

impl MediaShelf {
    /// Puts a file at `url`, in place of what was there.
    pub fn put(&self, url: &str, file: ShelvedFile) {
        self.files().by_url.insert(url.to_owned(), file);
    }

    /// Reads of `url` fail like this from now on; with `None` they work again.
    pub fn fail(&self, url: &str, error: Option<MediaError>) {
        match error {
            Some(error) => self.files().failing.insert(url.to_owned(), error),
            None => self.files().failing.remove(url),
        };
    }

    /// Takes the file at `url` away.
    pub fn withdraw(&self, url: &str) {
        self.files().by_url.remove(url);
    }

    /// Every read so far, in order.
    pub fn fetches(&self) -> Vec<Fetch> {
        self.files().fetches.clone()
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl MediaSource for MediaShelf {
    async fn read(&self, range: MediaRange) -> Result<MediaChunk, MediaError> {
        let MediaRange {
            url,
            offset,
            length,
        } = range;
        let mut files = self.files();
        files.fetches.push(Fetch {
            url: url.clone(),
            offset,
            length,
        });
        if let Some(error) = files.failing.get(&url) {
            return Err(error.clone());
        }
        let file = files.by_url.get(&url).ok_or(MediaError::Missing)?;
        Ok(MediaChunk {
            bytes: file.read(offset, length),
            total_bytes: file.total_bytes,
            mime_type: Some(file.mime_type.clone()),
        })
    }
}
