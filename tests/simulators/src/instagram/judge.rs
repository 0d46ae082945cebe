//! What a media file must be.
//!
//! Source of the numbers: Instagram Platform, IG User Media reference and Error codes, read 2026-09-11.

use calendar_publish::model::MediaKind;
use calendar_publish_adapters::probe::{MediaFacts, ProbeError, probe_bytes};

use super::container::Kind;
use super::knobs::Knobs;

const MIB: u64 = 1024 * 1024;
/// The documentation says MB, the error MiB.
const IMAGE_BYTES: u64 = 8 * MIB;
const REEL_BYTES: u64 = 300 * MIB;
const STORY_BYTES: u64 = 100 * MIB;
/// Milliseconds.
const SHORTEST: i64 = 3_000;
const LONGEST_REEL: i64 = 15 * 60_000;
const LONGEST_STORY: i64 = 60_000;
/// A rate is an average, and half a frame off by rounding.
const FRAMES: (f64, f64) = (22.5, 60.5);
const WIDEST: u32 = 1920;
const SAMPLES: u32 = 48_000;
/// Width by height.
const FEED_RATIOS: (f64, f64) = (0.8, 1.91);
const REEL_RATIOS: (f64, f64) = (0.01, 10.0);
const STORY_RATIOS: (f64, f64) = (0.1, 10.0);
/// A short side below this has failed.
const SMALL: u32 = 640;

const UNREACHABLE: u32 = 2_207_052;
const IMAGE_TOO_LARGE: u32 = 2_207_004;
const IMAGE_FORMAT: u32 = 2_207_005;
const RATIO: u32 = 2_207_009;
const VIDEO_FORMAT: u32 = 2_207_026;
const VIDEO_REJECTED: u32 = 2_207_076;
/// Seen on small videos, and on silent ones to which audio was attached.
pub(super) const VIDEO_NOT_PROCESSED: u32 = 2_207_082;

/// The largest file of the kind.
pub(super) const fn largest(kind: Kind) -> u64 {
    match kind {
        Kind::StoryVideo => STORY_BYTES,
        Kind::Reel | Kind::ItemVideo => REEL_BYTES,
        _ => IMAGE_BYTES,
    }
}

/// The sub-code with which processing a file ends, by its first bytes and its size.
pub(super) fn failure(head: &[u8], total: u64, kind: Kind, knobs: &Knobs) -> Option<u32> {
    if total == 0 {
        // Nothing to see is a ratio of 0, or no video.
        return Some(if kind.is_video() { UNREACHABLE } else { RATIO });
    }
    if total > largest(kind) {
        return Some(if kind.is_video() {
            VIDEO_REJECTED
        } else {
            IMAGE_TOO_LARGE
        });
    }
    match (probe_bytes(head, Some(total)), kind.is_video()) {
        (Ok(facts), true) => video(&facts, kind, knobs),
        (Ok(facts), false) => image(&facts, kind, knobs),
        // The index isn't where it should be.
        (Err(ProbeError::NeedsMore { .. }), true) => knobs.index_first.then_some(VIDEO_FORMAT),
        (Err(_), true) => Some(VIDEO_FORMAT),
        (Err(_), false) => Some(UNREACHABLE),
    }
}

fn image(facts: &MediaFacts, kind: Kind, knobs: &Knobs) -> Option<u32> {
    if facts.kind != Some(MediaKind::Image) {
        return Some(UNREACHABLE);
    }
    let lenient = ["image/png", "image/webp"].contains(&facts.mime_type.as_str());
    if facts.mime_type != "image/jpeg" && (knobs.strict_image_format || !lenient) {
        return Some(IMAGE_FORMAT);
    }
    let in_feed = kind == Kind::Image || (kind == Kind::ItemImage && knobs.item_ratio);
    (in_feed && !inside(ratio(facts), FEED_RATIOS)).then_some(RATIO)
}

fn video(facts: &MediaFacts, kind: Kind, knobs: &Knobs) -> Option<u32> {
    let container = ["video/mp4", "video/quicktime"].contains(&facts.mime_type.as_str());
    let codec = matches!(facts.video_codec.as_deref(), Some("h264" | "hevc"));
    let sound = matches!(facts.audio_codec.as_deref(), None | Some("aac"))
        && facts.audio_sample_rate.is_none_or(|rate| rate <= SAMPLES)
        && facts.audio_channels.is_none_or(|channels| channels <= 2);
    let (longest, ratios) = match kind {
        Kind::StoryVideo => (LONGEST_STORY, STORY_RATIOS),
        _ => (LONGEST_REEL, REEL_RATIOS),
    };
    let duration = facts
        .duration_ms
        .is_none_or(|millis| (SHORTEST..=longest).contains(&millis));
    let frames = facts.frame_rate.is_none_or(|rate| inside(rate, FRAMES));
    let wide = facts.width.is_some_and(|width| width > WIDEST);
    let index = facts.moov_first == Some(false) && knobs.index_first;
    if !container || !codec || !sound || !duration || !frames || wide || index {
        return Some(VIDEO_FORMAT);
    }
    if !inside(ratio(facts), ratios) {
        return Some(VIDEO_FORMAT);
    }
    let small = facts
        .width
        .min(facts.height)
        .is_some_and(|side| side < SMALL);
    (small && knobs.small_video_fails).then_some(VIDEO_NOT_PROCESSED)
}

/// Width by height; 0 where either is unknown.
fn ratio(facts: &MediaFacts) -> f64 {
    match (facts.width, facts.height) {
        (Some(width), Some(height)) if height > 0 => f64::from(width) / f64::from(height),
        _ => 0.0,
    }
}

fn inside(value: f64, (least, most): (f64, f64)) -> bool {
    (least..=most).contains(&value)
}

/// How long a video runs.
pub(super) fn duration_millis(head: &[u8], total: u64) -> Option<u64> {
    let facts = probe_bytes(head, Some(total)).ok()?;
    u64::try_from(facts.duration_ms?).ok()
}

/// Whether a video certainly has no sound.
pub(super) fn is_silent(head: &[u8], total: u64) -> bool {
    probe_bytes(head, Some(total)).is_ok_and(|facts| facts.measured && facts.audio_codec.is_none())
}
