//! PNG, WebP and GIF, and the orientation that EXIF gives a picture.

use exif::{Exif, In, Tag};
use imagesize::ImageSize;

use super::reader::Reader;
use super::{MediaFacts, ProbeError};

/// The most bytes of EXIF that are read; a camera's fit into a JPEG's segment, which has 64 KiB.
const MAX_EXIF: u64 = 256 * 1_024;

/// The most chunks that are passed on the way to a picture's EXIF.
const MAX_CHUNKS: u32 = 4_096;

pub(super) async fn measure_gif(reader: &mut Reader<'_>) -> Result<MediaFacts, ProbeError> {
    let size = size(reader, 13, "image/gif").await?;
    Ok(MediaFacts::picture("image/gif", size, 0))
}

/// PNG, until its picture begins: whether it is animated (`acTL`), and its EXIF.
pub(super) async fn measure_png(reader: &mut Reader<'_>) -> Result<MediaFacts, ProbeError> {
    let size = size(reader, 33, "image/png").await?;
    let mut mime_type = "image/png";
    let mut rotation = 0;
    let mut at = 8;
    for _ in 0..MAX_CHUNKS {
        let header = reader.exactly(at, 8).await?;
        let (Some(length), Some(kind)) = (word(header, 0), header.get(4..8)) else {
            break;
        };
        let length = u64::from(u32::from_be_bytes(length));
        match kind {
            b"IDAT" | b"IEND" => break,
            b"acTL" => mime_type = "image/apng",
            b"eXIf" if length <= MAX_EXIF => {
                let exif = reader.exactly(at + 8, length).await?;
                rotation = orientation(exif).and_then(turn).unwrap_or(0);
            }
            _ => {}
        }
        // A checksum of four bytes follows.
        at += 12 + length;
    }
    Ok(MediaFacts::picture(mime_type, size, rotation))
}

/// WebP: EXIF stands behind the picture, where the header says that there is some.
pub(super) async fn measure_webp(reader: &mut Reader<'_>) -> Result<MediaFacts, ProbeError> {
    const EXIF_FLAG: u8 = 0x08;
    let header = reader.exactly(0, 30).await?;
    let riff = u64::from(u32::from_le_bytes(word(header, 4).unwrap_or_default())) + 8;
    let kind = word(header, 12).unwrap_or_default();
    let flagged = &kind == b"VP8X" && header.get(20).is_some_and(|flags| flags & EXIF_FLAG != 0);
    if let Some(actual) = reader.total().filter(|&total| total < riff) {
        return Err(ProbeError::CutOff {
            expected: riff,
            actual,
        });
    }
    let (mut width, mut height) = size(reader, 30, "image/webp").await?;
    if &kind == b"VP8 " {
        // The upper two bits are a scale that nothing applies.
        (width, height) = (width & 0x3fff, height & 0x3fff);
    }
    let rotation = if flagged {
        webp_rotation(reader, riff).await?
    } else {
        0
    };
    Ok(MediaFacts::picture("image/webp", (width, height), rotation))
}

async fn webp_rotation(reader: &mut Reader<'_>, end: u64) -> Result<u32, ProbeError> {
    let mut at = 12;
    for _ in 0..MAX_CHUNKS {
        if at + 8 > end {
            break;
        }
        let header = reader.exactly(at, 8).await?;
        let length = u64::from(u32::from_le_bytes(word(header, 4).unwrap_or_default()));
        if header.starts_with(b"EXIF") && length <= MAX_EXIF {
            let exif = reader.exactly(at + 8, length).await?;
            // Some programs write a JPEG's preamble before it.
            let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
            return Ok(orientation(exif).and_then(turn).unwrap_or(0));
        }
        at += 8 + length + length % 2;
    }
    Ok(0)
}

/// The stored width and height, from a header of `length` bytes.
async fn size(
    reader: &mut Reader<'_>,
    length: u64,
    mime_type: &'static str,
) -> Result<(u32, u32), ProbeError> {
    let damaged = ProbeError::Damaged {
        mime_type,
        reason: "it has no size",
    };
    let head = reader.exactly(0, length).await?;
    match imagesize::blob_size(head) {
        Ok(ImageSize { width, height }) if width > 0 && height > 0 => {
            match (u32::try_from(width), u32::try_from(height)) {
                (Ok(width), Ok(height)) => Ok((width, height)),
                _ => Err(damaged),
            }
        }
        _ => Err(damaged),
    }
}

/// EXIF, or another TIFF structure, as far as it can be read.
pub(super) fn read_exif(bytes: &[u8]) -> Option<Exif> {
    exif::Reader::new()
        .continue_on_error(true)
        .read_raw(bytes.to_vec())
        .or_else(|error| error.distill_partial_result(|_| {}))
        .ok()
}

/// The EXIF tag `Orientation`, 1 to 8.
pub(super) fn orientation(exif: &[u8]) -> Option<u32> {
    read_exif(exif)?
        .get_field(Tag::Orientation, In::PRIMARY)?
        .value
        .get_uint(0)
}

/// By how many degrees clockwise a picture with this orientation is turned; the even ones up to 4 and the
/// odd ones from 5 on are mirrored too. `None` for what isn't an orientation. (CIPA DC-008, 4.6.4 A.)
pub(super) const fn turn(orientation: u32) -> Option<u32> {
    match orientation {
        1 | 2 => Some(0),
        3 | 4 => Some(180),
        6 | 7 => Some(90),
        5 | 8 => Some(270),
        _ => None,
    }
}

fn word(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at + 4)?.try_into().ok()
}
