//! JPEG: its segments up to the frame header, without the picture itself.
//!
//! Only the way from segment to segment is walked here, because it must skip what lies between by ranged
//! reads; EXIF and the index of several pictures are read by a parser of TIFF structures.

use exif::{Context, Exif, In, Tag, Value};

use super::image::{orientation, turn};
use super::reader::Reader;
use super::{MediaFacts, ProbeError};

const MIME_TYPE: &str = "image/jpeg";

/// The most segments before the frame header. A colour profile or a depth map is cut into some hundred.
const MAX_SEGMENTS: u32 = 4_096;

pub(super) async fn measure(reader: &mut Reader<'_>) -> Result<MediaFacts, ProbeError> {
    let mut mime_type = MIME_TYPE;
    let mut rotation = None;
    let mut at = 2;
    for _ in 0..MAX_SEGMENTS {
        let header = reader.exactly(at, 4).await?;
        let &[0xff, marker, high, low] = header else {
            return Err(damaged("a segment is missing"));
        };
        // A marker may be filled up with any number of 0xff.
        if marker == 0xff {
            at += 1;
            continue;
        }
        // Markers without a length.
        if matches!(marker, 0x01 | 0xd0..=0xd7) {
            at += 2;
            continue;
        }
        let length = u64::from(u16::from_be_bytes([high, low]));
        if length < 2 {
            return Err(damaged("a segment has no length"));
        }
        let (body, size) = (at + 4, length - 2);
        at = body + size;
        match marker {
            // Frame headers; between them stand tables (C4, CC) and a reserved number (C8).
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let frame = reader.exactly(body, 5).await?;
                let &[_, h1, h0, w1, w0] = frame else {
                    return Err(damaged("the frame header is short"));
                };
                let width = u32::from(u16::from_be_bytes([w1, w0]));
                let height = u32::from(u16::from_be_bytes([h1, h0]));
                if width == 0 || height == 0 {
                    return Err(damaged("the frame has no size"));
                }
                let rotation = rotation.unwrap_or(0);
                return Ok(MediaFacts::picture(mime_type, (width, height), rotation));
            }
            0xd9 | 0xda => return Err(damaged("there is no frame header")),
            0xe1..=0xe3 => {
                let segment = reader.exactly(body, size).await?;
                if let Some(exif) = segment.strip_prefix(b"Exif\0\0") {
                    rotation = rotation.or_else(|| turn(orientation(exif)?));
                } else if segment.strip_prefix(b"MPF\0").is_some_and(seen_together) {
                    mime_type = "image/mpo";
                } else if segment.starts_with(b"_JPSJPS_") {
                    mime_type = "image/x-jps";
                }
            }
            _ => {}
        }
    }
    Err(damaged("it has too many segments"))
}

const fn damaged(reason: &'static str) -> ProbeError {
    ProbeError::Damaged {
        mime_type: MIME_TYPE,
        reason,
    }
}

/// Whether the file's pictures are one picture seen together: a panorama, a stereo pair, several angles.
///
/// Phones put a preview or a map of brightness behind an ordinary photo with the same structure; that
/// doesn't make it another format. The types are those of CIPA DC-007, 5.2.3.3: the class is the byte
/// below the flags, and 2 is the one of pictures that belong together.
fn seen_together(index: &[u8]) -> bool {
    /// `MPEntry`: 16 bytes a picture, of which the first four are its attributes.
    const ENTRIES: Tag = Tag(Context::Tiff, 0xb002);
    let together = |exif: &Exif| {
        let Some(Value::Undefined(entries, _)) = exif
            .get_field(ENTRIES, In::PRIMARY)
            .map(|field| &field.value)
        else {
            return false;
        };
        entries.chunks_exact(16).any(|entry| {
            let class = if exif.little_endian() {
                entry[2]
            } else {
                entry[1]
            };
            class == 0x02
        })
    };
    super::image::read_exif(index).is_some_and(|exif| together(&exif))
}
