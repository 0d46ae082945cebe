//! What TikTok checks once it has all the bytes (TikTok, Media transfer guide, read 2026-09-11).

use async_trait::async_trait;
use calendar_publish::model::MediaKind;
use calendar_publish::ports::{MediaChunk, MediaError, MediaRange, MediaSource};
use calendar_publish_adapters::probe::{MediaFacts, ProbeError, probe};
use futures_util::FutureExt as _;
use sha2::{Digest, Sha256};

use super::app::Creator;
use super::knobs::Knobs;
use super::publish::PostInfo;
use super::token::hex;

/// How much of a file's beginning, and of its end, is kept.
const KEPT_BYTES: usize = 2 << 20;
/// The largest photo, in bytes: 20 MB under both readings.
const MAX_PHOTO_BYTES: u64 = 20_000_000;
/// The longest video that the API takes for anybody, in milliseconds.
const MAX_VIDEO_MS: i64 = 600_000;
/// Frames per second, with room for how rates are rounded.
const FRAME_RATES: std::ops::RangeInclusive<f64> = 22.97..=60.03;
/// The sides of a video in pixels.
const VIDEO_SIDES: std::ops::RangeInclusive<u32> = 360..=4096;

/// A file whose bytes went by: its hash, its beginning and its end, so that a video of a gigabyte costs no gigabyte.
#[derive(Clone, Default)]
pub(super) struct SeenFile {
    hasher: Sha256,
    head: Vec<u8>,
    /// The last bytes, from `KEPT_BYTES` on twice as many.
    tail: Vec<u8>,
    pub(super) total_bytes: u64,
}

impl SeenFile {
    /// The next bytes of it.
    pub(super) fn see(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.total_bytes += bytes.len() as u64;
        let missing = KEPT_BYTES.saturating_sub(self.head.len());
        let (first, rest) = bytes.split_at(bytes.len().min(missing));
        self.head.extend_from_slice(first);
        let kept = &rest[rest.len().saturating_sub(KEPT_BYTES)..];
        self.tail.extend_from_slice(kept);
        if self.tail.len() > 2 * KEPT_BYTES {
            self.tail.drain(..self.tail.len() - KEPT_BYTES);
        }
    }

    /// SHA-256 of it, in hexadecimal.
    pub(super) fn sha256(&self) -> String {
        hex(&self.hasher.clone().finalize())
    }

    fn facts(&self) -> Result<MediaFacts, ProbeError> {
        // What was kept is never waited for.
        let facts = probe(self, "").now_or_never();
        facts.unwrap_or(Err(ProbeError::Unrecognised))
    }

    fn kept(&self, offset: u64, length: u64) -> Option<&[u8]> {
        let end = offset.saturating_add(length).min(self.total_bytes);
        let within = |start: u64, kept: &'_ [u8]| {
            let first = usize::try_from(offset.checked_sub(start)?).ok()?;
            let last = usize::try_from(end.checked_sub(start)?).ok()?;
            (first <= last && last <= kept.len()).then_some(first..last)
        };
        let tail_starts = self.total_bytes - self.tail.len() as u64;
        match within(0, &self.head) {
            Some(range) => self.head.get(range),
            None => self.tail.get(within(tail_starts, &self.tail)?),
        }
    }
}

#[async_trait]
impl MediaSource for SeenFile {
    async fn read(&self, range: MediaRange) -> Result<MediaChunk, MediaError> {
        let bytes = self.kept(range.offset.min(self.total_bytes), range.length);
        let bytes = bytes.ok_or_else(|| MediaError::Unavailable {
            reason: "this part of the file wasn't kept".to_owned(),
        })?;
        Ok(MediaChunk {
            bytes: bytes.to_vec(),
            total_bytes: self.total_bytes,
            mime_type: None,
        })
    }
}

/// Why TikTok won't post these files, by the first that is wrong; `None` where it will. It doesn't say which file.
pub(super) fn verdict(
    info: &PostInfo,
    creator: Option<&Creator>,
    files: &[SeenFile],
    knobs: &Knobs,
) -> Option<&'static str> {
    if info.is_photo && files.iter().any(|file| file.total_bytes > MAX_PHOTO_BYTES) {
        return Some(FORMAT);
    }
    if !knobs.checks_media {
        return None;
    }
    files.iter().find_map(|file| match file.facts() {
        Ok(facts) if info.is_photo => photo_verdict(&facts, knobs),
        Ok(facts) => video_verdict(&facts, creator),
        // What lies in the middle of a file isn't known, and passes.
        Err(ProbeError::Source(_) | ProbeError::NeedsMore { .. }) => None,
        Err(_) => Some(FORMAT),
    })
}

const FORMAT: &str = "file_format_check_failed";
const PICTURE_SIZE: &str = "picture_size_check_failed";

fn photo_verdict(facts: &MediaFacts, knobs: &Knobs) -> Option<&'static str> {
    if !matches!(facts.mime_type.as_str(), "image/jpeg" | "image/webp") {
        return Some(FORMAT);
    }
    let (Some(width), Some(height)) = (facts.width, facts.height) else {
        return None;
    };
    let (short, long) = (width.min(height), width.max(height));
    let fits = short <= knobs.photo_short_side && long <= knobs.photo_long_side;
    (!fits).then_some(PICTURE_SIZE)
}

fn video_verdict(facts: &MediaFacts, creator: Option<&Creator>) -> Option<&'static str> {
    let is_container = matches!(
        facts.mime_type.as_str(),
        "video/mp4" | "video/quicktime" | "video/webm"
    );
    let codec = facts.video_codec.as_deref();
    let is_codec = codec.is_none_or(|codec| matches!(codec, "h264" | "hevc" | "vp8" | "vp9"));
    let has_picture = !facts.measured || codec.is_some();
    if facts.kind != Some(MediaKind::Video) || !is_container || !is_codec || !has_picture {
        return Some(FORMAT);
    }
    let most = creator.map_or(MAX_VIDEO_MS, |creator| {
        MAX_VIDEO_MS.min(i64::from(creator.max_video_seconds) * 1_000)
    });
    if facts.duration_ms.is_some_and(|millis| millis > most) {
        return Some("duration_check_failed");
    }
    if facts
        .frame_rate
        .is_some_and(|rate| !FRAME_RATES.contains(&rate))
    {
        return Some("frame_rate_check_failed");
    }
    let mut sides = [facts.width, facts.height].into_iter().flatten();
    sides
        .any(|side| !VIDEO_SIDES.contains(&side))
        .then_some(PICTURE_SIZE)
}
