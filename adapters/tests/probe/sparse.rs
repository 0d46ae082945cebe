//! A file of which only some places hold bytes, read by ranges that are counted.

use std::sync::Mutex;

use async_trait::async_trait;
use calendar_publish::ports::{MediaChunk, MediaError, MediaRange, MediaSource};

use super::tools::find;

pub(crate) const GIB: u64 = 1 << 30;

/// A file of which only some places hold bytes; between them are zeros that take no memory.
pub(crate) struct Sparse {
    pub(crate) parts: Vec<(u64, Vec<u8>)>,
    pub(crate) total: u64,
    /// Offset and length of every read.
    pub(crate) reads: Mutex<Vec<(u64, u64)>>,
}

impl Sparse {
    pub(crate) fn new(parts: Vec<(u64, Vec<u8>)>, total: u64) -> Self {
        Self {
            parts,
            total,
            reads: Mutex::default(),
        }
    }

    /// How many reads there were, the largest one, and all their bytes.
    pub(crate) fn counted(&self) -> (usize, u64, u64) {
        let reads = self.reads.lock().unwrap();
        let lengths = || reads.iter().map(|&(_, length)| length);
        (reads.len(), lengths().max().unwrap_or(0), lengths().sum())
    }
}

#[async_trait]
impl MediaSource for Sparse {
    async fn read(&self, range: MediaRange) -> Result<MediaChunk, MediaError> {
        let end = (range.offset + range.length).min(self.total);
        self.reads
            .lock()
            .unwrap()
            .push((range.offset, range.length));
        let mut bytes = vec![0; end.saturating_sub(range.offset) as usize];
        for (start, part) in &self.parts {
            let from = range.offset.max(*start);
            let to = end.min(start + part.len() as u64);
            if from < to {
                bytes[(from - range.offset) as usize..(to - range.offset) as usize]
                    .copy_from_slice(&part[(from - start) as usize..(to - start) as usize]);
            }
        }
        Ok(MediaChunk {
            bytes,
            total_bytes: self.total,
            mime_type: Some("text/plain".to_owned()),
        })
    }
}

/// A film whose index comes last, with its data stretched to 4 GB.
pub(crate) fn huge(film: &[u8]) -> Sparse {
    let data = find(film, b"mdat") - 4;
    let index = find(film, b"moov") - 4;
    let mut head = film[..data].to_vec();
    // A size of 64 bits follows the kind where the one before it is 1.
    head.extend(1_u32.to_be_bytes());
    head.extend(b"mdat");
    head.extend((4 * GIB).to_be_bytes());
    let end = data as u64 + 4 * GIB;
    let tail = film[index..].to_vec();
    let total = end + tail.len() as u64;
    Sparse::new(vec![(0, head), (end, tail)], total)
}
