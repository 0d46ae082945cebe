//! Fetching media and judging them, as Meta does after a container is created.

use std::fmt::Write as _;

use calendar_publish::ports::{MediaRange, MediaSource};
use sha2::{Digest, Sha256};

use super::container::Kind;
use super::knobs::Knobs;

/// How many first bytes of a file are looked at.
const HEAD: usize = 4 * 1024 * 1024;
/// How many bytes are asked for at once.
const STEP: u64 = 1024 * 1024;

/// A file that was read without being kept.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    hash: Sha256,
    head: Vec<u8>,
    total: u64,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self {
            hash: Sha256::new(),
            head: Vec::new(),
            total: 0,
        }
    }

    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.total += bytes.len() as u64;
    }

    pub(super) const fn total(&self) -> u64 {
        self.total
    }

    pub(super) fn sha256(&self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.hash.clone().finalize() {
            // Writing to a `String` can't fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// The sub-code with which processing this as `kind` ends.
    pub(super) fn failure(&self, kind: Kind, mixes_audio: bool, knobs: &Knobs) -> Option<u32> {
        super::judge::failure(&self.head, self.total, kind, knobs).or_else(|| {
            let silent = super::judge::is_silent(&self.head, self.total);
            (mixes_audio && silent).then_some(super::judge::VIDEO_NOT_PROCESSED)
        })
    }

    /// How long a video runs, where that can be read.
    pub(super) fn duration_millis(&self) -> Option<u64> {
        super::judge::duration_millis(&self.head, self.total)
    }
}

/// Reads the whole file; `Err` is the sub-code of what went wrong. Of a file larger than `limit` no more
/// than the beginning is read.
pub(super) async fn fetch(source: &dyn MediaSource, url: &str, limit: u64) -> Result<Seen, u32> {
    const UNREACHABLE: u32 = 2_207_052;
    let web = url.starts_with("https://") || url.starts_with("http://");
    if !web || !url.is_ascii() {
        return Err(UNREACHABLE);
    }
    let mut seen = Seen::new();
    loop {
        let range = MediaRange {
            url: url.to_owned(),
            offset: seen.total,
            length: STEP,
        };
        let chunk = source.read(range).await.map_err(|_| UNREACHABLE)?;
        seen.take(&chunk.bytes);
        if seen.total >= chunk.total_bytes {
            return Ok(seen);
        }
        if chunk.bytes.is_empty() {
            return Err(UNREACHABLE);
        }
        if chunk.total_bytes > limit {
            seen.total = chunk.total_bytes;
            return Ok(seen);
        }
    }
}
