//! What a media file must be.
//!
//! Source of the numbers: Instagram Platform, IG User Media reference, read 2026-09-11.

use super::container::Kind;
use super::knobs::Knobs;

const MIB: u64 = 1024 * 1024;
/// The documentation says MB, the error MiB.
pub(super) const IMAGE_BYTES: u64 = 8 * MIB;
const REEL_BYTES: u64 = 300 * MIB;
const STORY_BYTES: u64 = 100 * MIB;

/// The largest file of the kind.
pub(super) const fn largest(kind: Kind) -> u64 {
    match kind {
        Kind::StoryVideo => STORY_BYTES,
        Kind::Reel | Kind::ItemVideo => REEL_BYTES,
        _ => IMAGE_BYTES,
    }
}

/// The sub-code with which processing the file ends.
pub(super) fn failure(head: &[u8], total: u64, kind: Kind, knobs: &Knobs) -> Option<u32> {
    if kind.is_video() {
        return video(head, total, kind, knobs);
    }
    if total == 0 {
        // A ratio of 0: the fetch returned nothing.
        return Some(2_207_009);
    }
    if total > IMAGE_BYTES {
        return Some(2_207_004);
    }
    let jpeg = head.starts_with(&[0xFF, 0xD8, 0xFF]);
    let other = head.starts_with(b"\x89PNG\r\n\x1a\n")
        || (head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"));
    match (jpeg, other) {
        (true, _) => None,
        (false, true) if !knobs.strict_image_format => None,
        (false, true) => Some(2_207_005),
        (false, false) => Some(2_207_052),
    }
}

fn video(head: &[u8], total: u64, kind: Kind, _knobs: &Knobs) -> Option<u32> {
    if total > largest(kind) {
        return Some(2_207_076);
    }
    (head.get(4..8) != Some(b"ftyp")).then_some(2_207_026)
}

/// How long a video runs.
pub(super) fn duration_millis(_head: &[u8], _total: u64) -> Option<u64> {
    None
}
