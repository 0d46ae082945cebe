//! How a video is cut into chunks.

use calendar_publish::error::{Allowed, Measure, Unit};
use calendar_publish::{Code, Error};

/// A video's cut into chunks, valid under every reading of TikTok's rules: whether a megabyte is a
/// million bytes or 1,048,576.
///
/// The rules: the count is the size divided by the chunk's, rounded down; a chunk has 5 to 64 MB, the
/// last one up to 128 MB; a single chunk is as large as the video; 1 to 1000 chunks, at most 4 GB (TikTok,
/// Content Posting API, Media Transfer Guide, read 2026-09-11).
///
/// ```
/// use calendar_publish_adapters::tiktok::ChunkPlan;
///
/// let plan = ChunkPlan::new(66_259_900, ChunkPlan::LARGEST_SINGLE)?;
/// assert_eq!((plan.chunk_bytes, plan.count), (6_000_000, 11));
/// assert_eq!(plan.range(10), (60_000_000, 6_259_900));
/// # Ok::<(), calendar_publish::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkPlan {
    /// The video's size in bytes.
    pub total_bytes: u64,
    /// The size of every chunk but the last, in bytes.
    pub chunk_bytes: u64,
    /// How many chunks there are.
    pub count: u64,
}

impl ChunkPlan {
    /// The largest video that may go as one chunk, in bytes.
    pub const LARGEST_SINGLE: u64 = 64_000_000;
    /// The size of a chunk where there are several, in bytes: little more than the 5 MB that are the least under
    /// either reading, since it is held in memory, and few enough for the largest video.
    pub const CHUNK: u64 = 6_000_000;
    /// The largest video, in bytes: 4 GB.
    pub const LARGEST: u64 = 4 * 1024 * 1024 * 1024;

    /// The plan for a video of `total_bytes`, in one chunk up to `single_up_to` bytes.
    ///
    /// # Errors
    /// [`Code::MediaRejected`] for an empty file, [`Code::MediaTooLarge`] for more than
    /// [`LARGEST`](Self::LARGEST).
    pub fn new(total_bytes: u64, single_up_to: u64) -> Result<Self, Error> {
        let measured =
            Measure::integer(i64::try_from(total_bytes).unwrap_or(i64::MAX), Unit::Bytes);
        if total_bytes == 0 {
            return Err(Error::new(Code::MediaRejected)
                .at("media[0].sizeBytes")
                .measured(measured));
        }
        if total_bytes > Self::LARGEST {
            return Err(Error::new(Code::MediaTooLarge)
                .at("media[0].sizeBytes")
                .measured(measured)
                .allowed(Allowed::at_most(Self::LARGEST as f64, Unit::Bytes)));
        }
        // Below two chunks the count would be 1, and a single chunk has to be as large as the video.
        let is_single =
            total_bytes <= single_up_to.min(Self::LARGEST_SINGLE) || total_bytes < 2 * Self::CHUNK;
        let chunk_bytes = if is_single { total_bytes } else { Self::CHUNK };
        Ok(Self {
            total_bytes,
            chunk_bytes,
            count: total_bytes / chunk_bytes,
        })
    }

    /// The first byte and the length of the chunk at `index`, from 0.
    pub const fn range(&self, index: u64) -> (u64, u64) {
        let first = index * self.chunk_bytes;
        let length = if self.is_last(index) {
            self.total_bytes - first
        } else {
            self.chunk_bytes
        };
        (first, length)
    }

    /// Whether the chunk at `index` is the last: its last byte starts the posting.
    pub const fn is_last(&self, index: u64) -> bool {
        index + 1 >= self.count
    }

    /// The chunk that comes next where TikTok holds the first `uploaded` bytes.
    pub fn next(&self, uploaded: u64) -> u64 {
        (uploaded / self.chunk_bytes).min(self.count - 1)
    }

    /// The header `Content-Range` of the chunk at `index`.
    pub fn content_range(&self, index: u64) -> String {
        let (first, length) = self.range(index);
        format!("bytes {first}-{}/{}", first + length - 1, self.total_bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Size, chunk size, count and last chunk, as the rules of the guide come out under every reading.
    const TABLE: [(u64, u64, u64, u64); 7] = [
        (4_194_304, 4_194_304, 1, 4_194_304),
        (64_000_000, 64_000_000, 1, 64_000_000),
        (64_000_001, 6_000_000, 10, 10_000_001),
        (66_259_900, 6_000_000, 11, 6_259_900),
        (84_539_038, 6_000_000, 14, 6_539_038),
        (158_008_374, 6_000_000, 26, 8_008_374),
        (4_294_967_296, 6_000_000, 715, 10_967_296),
    ];

    #[test]
    fn the_table_of_sizes() {
        for (size, chunk, count, last) in TABLE {
            let plan = ChunkPlan::new(size, ChunkPlan::LARGEST_SINGLE).unwrap();
            assert_eq!((plan.chunk_bytes, plan.count), (chunk, count), "{size}");
            assert_eq!(plan.range(count - 1), ((count - 1) * chunk, last), "{size}");
        }
    }

    /// What the default of the settings makes of the sizes around a boundary: a video of 5 to 64 MB may go as one
    /// chunk or as several, and no chunk is larger than 12 MB.
    #[test]
    fn the_default_holds_at_most_12_mb() {
        let single = crate::tiktok::TiktokSettings::default().single_chunk_up_to;
        for (size, chunk, count, last) in [
            (4_194_304, 4_194_304, 1, 4_194_304),
            (11_999_999, 11_999_999, 1, 11_999_999),
            (12_000_000, 12_000_000, 1, 12_000_000),
            (12_000_001, 6_000_000, 2, 6_000_001),
            (17_999_999, 6_000_000, 2, 11_999_999),
            (64_000_000, 6_000_000, 10, 10_000_000),
            (64_000_001, 6_000_000, 10, 10_000_001),
        ] {
            let plan = ChunkPlan::new(size, single).unwrap();
            assert_eq!((plan.chunk_bytes, plan.count), (chunk, count), "{size}");
            assert_eq!(plan.range(count - 1), ((count - 1) * chunk, last), "{size}");
        }
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        let code = |size| ChunkPlan::new(size, 64_000_000).map_err(|error| error.code);
        assert_eq!(code(0), Err(Code::MediaRejected));
        assert_eq!(code(4_294_967_297), Err(Code::MediaTooLarge));
    }

    proptest! {
        /// Each rule with a megabyte read as a million bytes and as 1,048,576, whichever is stricter.
        #[test]
        fn every_plan_keeps_the_rules(
            size in prop_oneof![1..=130_000_000_u64, 1..=ChunkPlan::LARGEST],
            single in 0..=70_000_000_u64,
        ) {
            let plan = ChunkPlan::new(size, single).unwrap();
            prop_assert_eq!(plan.count, size / plan.chunk_bytes);
            prop_assert!((1..=1000).contains(&plan.count));
            let held = plan.chunk_bytes.max(plan.range(plan.count - 1).1);
            prop_assert!(held <= single.max(12_000_000), "{} bytes are held", held);
            if plan.count == 1 {
                prop_assert_eq!(plan.chunk_bytes, size);
                prop_assert!(size <= 64_000_000);
            } else {
                prop_assert!((5_242_880..=64_000_000).contains(&plan.chunk_bytes));
                prop_assert!(plan.range(plan.count - 1).1 <= 128_000_000);
            }
            let mut expected = 0;
            for index in 0..plan.count {
                let (first, length) = plan.range(index);
                prop_assert_eq!(first, expected);
                prop_assert_eq!(plan.next(first), index);
                prop_assert_eq!(plan.is_last(index), index + 1 == plan.count);
                expected += length;
            }
            prop_assert_eq!(expected, size);
        }
    }
}
