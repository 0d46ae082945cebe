//! How a file is cut into chunks (TikTok, Media transfer guide, read 2026-09-11).

use super::answer::{Refusal, SOURCE_INFO};
use super::knobs::Megabyte;

/// The plan that an init announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunks {
    pub(super) video_size: u64,
    pub(super) chunk_size: u64,
    pub(super) count: u64,
}

impl Chunks {
    /// Takes a plan, or says which of its numbers is wrong, in the words that arrive.
    pub(super) fn new(
        video_size: u64,
        chunk_size: u64,
        count: u64,
        megabyte: Megabyte,
    ) -> Result<Self, Refusal> {
        if video_size == 0 || video_size > megabyte.largest_video() {
            return Err(Refusal::invalid(SOURCE_INFO));
        }
        let whole = chunk_size == video_size && video_size <= megabyte.at_most(64);
        let part = video_size >= megabyte.at_least(5)
            && (megabyte.at_least(5)..=megabyte.at_most(64)).contains(&chunk_size)
            && chunk_size < video_size;
        if !whole && !part {
            return Err(Refusal::invalid("The chunk size is invalid"));
        }
        if count != video_size / chunk_size || !(1..=1000).contains(&count) {
            return Err(Refusal::invalid("The total chunk count is invalid"));
        }
        // One chunk that leaves a rest was taken until August 2026 and is refused since.
        if count == 1 && chunk_size != video_size {
            return Err(Refusal::invalid("The chunk size is invalid"));
        }
        Ok(Self {
            video_size,
            chunk_size,
            count,
        })
    }

    /// The last byte of the chunk that begins at `first`; `None` where none begins there.
    pub(super) const fn last_of(self, first: u64) -> Option<u64> {
        if !first.is_multiple_of(self.chunk_size) || first / self.chunk_size >= self.count {
            return None;
        }
        if first / self.chunk_size == self.count - 1 {
            Some(self.video_size - 1)
        } else {
            Some(first + self.chunk_size - 1)
        }
    }
}
