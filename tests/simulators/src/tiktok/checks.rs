//! What TikTok checks once it has all the bytes (TikTok, Media transfer guide, read 2026-09-11).

use super::app::Creator;
use super::knobs::Knobs;
use super::publish::PostInfo;

/// How much of a file's beginning is kept.
pub(super) const HEAD_BYTES: usize = 2 << 20;
/// The largest photo, in bytes.
const MAX_PHOTO_BYTES: u64 = 20_000_000;

/// A file as far as it was kept.
pub(super) struct SeenFile {
    pub(super) sha256: String,
    pub(super) head: Vec<u8>,
    pub(super) total_bytes: u64,
}

/// Why TikTok won't post these files; `None` where it will.
pub(super) fn verdict(
    info: &PostInfo,
    _creator: Option<&Creator>,
    files: &[SeenFile],
    _knobs: &Knobs,
) -> Option<&'static str> {
    if info.is_photo && files.iter().any(|file| file.total_bytes > MAX_PHOTO_BYTES) {
        return Some("file_format_check_failed");
    }
    None
}
