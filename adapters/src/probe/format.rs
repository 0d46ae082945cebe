//! Which format a file has, by how it begins.

use calendar_publish::model::MediaKind;

/// How many bytes decide: an `ftyp` box with many brands, or the header of a Matroska file.
pub(super) const HEAD: u64 = 4_096;

/// How many of the first bytes must be there for [`recognise`] not to be misled by the lack of the others.
pub(super) fn needed(head: &[u8]) -> u64 {
    match (word(head, 0), head.get(4..8)) {
        (Some(size), Some(b"ftyp")) => u64::from(size).clamp(16, HEAD),
        // Matroska and WebM begin alike; which of them it is stands in their header.
        (Some(0x1a45_dfa3), _) => 64,
        _ => 16,
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

pub(super) enum Format {
    Jpeg,
    Png,
    Webp,
    Gif,
    /// An ISO base media file, or QuickTime's, that may hold a film.
    Movie(&'static str),
    /// A format that is known by name only.
    Other(Option<MediaKind>, &'static str),
}

pub(super) fn recognise(head: &[u8]) -> Option<Format> {
    if head.starts_with(b"\xff\xd8\xff") {
        return Some(Format::Jpeg);
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(Format::Png);
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Some(Format::Webp);
    }
    if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        return Some(Format::Gif);
    }
    if let Some(format) = base_media(head) {
        return Some(format);
    }
    let mime_type = infer::get(head)?.mime_type();
    let kind = match mime_type.split('/').next() {
        Some("image") => Some(MediaKind::Image),
        Some("video") => Some(MediaKind::Video),
        _ => None,
    };
    Some(Format::Other(kind, mime_type))
}

/// Files made of boxes: by their brands, or by the boxes a QuickTime file without brands begins with.
fn base_media(head: &[u8]) -> Option<Format> {
    match head.get(4..8)? {
        b"ftyp" => {}
        b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot" => {
            return Some(Format::Movie("video/quicktime"));
        }
        _ => return None,
    }
    let size = word(head, 0)? as usize;
    let brands = head.get(8..size.min(head.len())).unwrap_or_default();
    // The second word is a version; what follows are the brands it can be read as.
    let mut brands = brands
        .chunks_exact(4)
        .enumerate()
        .filter(|(at, _)| *at != 1);
    let (_, major) = brands.next()?;
    let compatible = |wanted: &[&[u8]]| brands.clone().any(|(_, brand)| wanted.contains(&brand));
    let image = |mime_type| Some(Format::Other(Some(MediaKind::Image), mime_type));
    match major {
        b"qt  " => Some(Format::Movie("video/quicktime")),
        b"avif" | b"avis" => image("image/avif"),
        b"heic" | b"heix" | b"heim" | b"heis" => image("image/heic"),
        b"hevc" | b"hevx" | b"hevm" | b"hevs" => image("image/heic-sequence"),
        b"mif1" | b"msf1" if compatible(&[b"avif", b"avis"]) => image("image/avif"),
        b"mif1" | b"msf1" if compatible(&[b"heic", b"heix", b"hevc", b"hevx"]) => {
            image("image/heic")
        }
        b"mif1" | b"mif2" => image("image/heif"),
        b"msf1" => image("image/heif-sequence"),
        b"crx " => image("image/x-canon-cr3"),
        b"jp2 " | b"jpx " => image("image/jp2"),
        brand if brand.starts_with(b"3gp") || brand.starts_with(b"3ge") => {
            Some(Format::Movie("video/3gpp"))
        }
        brand if brand.starts_with(b"3g2") => Some(Format::Movie("video/3gpp2")),
        _ => Some(Format::Movie("video/mp4")),
    }
}
