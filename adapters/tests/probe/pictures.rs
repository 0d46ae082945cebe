//! Pictures: what ImageMagick says of them is what the probe must say.

use calendar_publish::model::MediaKind;
use calendar_publish_adapters::probe::{MediaFacts, ProbeError, probe_bytes};

use super::tools::{convert, ffmpeg, keep, run};

/// A file's name, ImageMagick's arguments for it, and its MIME type.
const PICTURES: &[(&str, &str, &str)] = &[
    ("plain.jpg", "-size 120x90 plasma:red-blue", "image/jpeg"),
    (
        "progressive.jpg",
        "-size 121x90 plasma:red-blue -interlace Plane",
        "image/jpeg",
    ),
    (
        "cmyk.jpg",
        "-size 122x90 plasma:red-blue -colorspace CMYK",
        "image/jpeg",
    ),
    (
        "grey.jpg",
        "-size 123x90 plasma:red-blue -colorspace Gray",
        "image/jpeg",
    ),
    ("wide.jpg", "-size 400x100 plasma:red-blue", "image/jpeg"),
    ("plain.png", "-size 124x90 plasma:red-blue", "image/png"),
    (
        "sixteen.png",
        "-size 125x90 plasma:red-blue -depth 16",
        "image/png",
    ),
    (
        "palette.png",
        "-size 126x90 plasma:red-blue -colors 16 -type Palette",
        "image/png",
    ),
    (
        "lossy.webp",
        "-size 127x90 plasma:red-blue -quality 80",
        "image/webp",
    ),
    (
        "lossless.webp",
        "-size 128x90 plasma:red-blue -define webp:lossless=true",
        "image/webp",
    ),
    (
        "clear.webp",
        "-size 129x90 xc:#ff000080 -quality 80",
        "image/webp",
    ),
    ("plain.gif", "-size 130x90 plasma:red-blue", "image/gif"),
];

#[test]
fn pictures_are_what_imagemagick_says() {
    for (name, arguments, mime_type) in PICTURES {
        agrees(name, &convert(name, arguments), mime_type);
    }
}

#[test]
fn animated_pictures_are_what_imagemagick_says() {
    let frames = "-f lavfi -i testsrc=size=96x64:rate=5:duration=1";
    let webp = ffmpeg(
        "animated.webp",
        &format!("{frames} -c:v libwebp_anim -loop 0"),
    );
    agrees("animated.webp", &webp, "image/webp");
    let gif = ffmpeg("animated.gif", frames);
    agrees("animated.gif", &gif, "image/gif");
    let png = ffmpeg("animated.apng", &format!("{frames} -f apng -plays 0"));
    agrees("animated.png", &png, "image/apng");
}

#[test]
fn pictures_are_as_wide_and_high_as_their_exif_shows_them() {
    let plain = convert("oriented.jpg", "-size 120x90 plasma:red-blue");
    for orientation in 1..=8 {
        for big in [true, false] {
            let name = format!("orientation_{orientation}_{big}.jpg");
            let picture = with_segment(&plain, 0xe1, &exif(orientation, big, 0));
            agrees(&name, &picture, "image/jpeg");
        }
    }
    for (orientation, rotation) in [(1, 0), (3, 180), (6, 90), (8, 270)] {
        let picture = with_segment(&plain, 0xe1, &exif(orientation, true, 0));
        let facts = probe_bytes(&picture, None).unwrap();
        assert_eq!(facts.rotation, rotation, "orientation {orientation}");
    }
}

#[test]
fn a_phones_huge_exif_and_colour_profiles_are_passed() {
    let plain = convert("huge.jpg", "-size 120x90 plasma:red-blue");
    let mut picture = plain;
    for _ in 0..40 {
        picture = with_segment(&picture, 0xe2, &[7; 65_000]);
    }
    let picture = with_segment(&picture, 0xe1, &exif(6, false, 60_000));
    let facts = agrees("huge_exif.jpg", &picture, "image/jpeg");
    assert_eq!((facts.width, facts.height), (Some(90), Some(120)));
}

#[test]
fn a_picture_that_was_cut_off_says_where_it_ends() {
    let picture = convert("whole.jpg", "-size 120x90 plasma:red-blue");
    let cut = &picture[..100];
    assert!(matches!(
        probe_bytes(cut, Some(100)),
        Err(ProbeError::CutOff { actual: 100, .. })
    ));
    assert!(matches!(
        probe_bytes(cut, Some(picture.len() as u64)),
        Err(ProbeError::NeedsMore { .. })
    ));
}

/// A JPEG with one more segment, right at its beginning.
pub(crate) fn with_segment(picture: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap();
    let mut with = picture[..2].to_vec();
    with.extend([0xff, marker]);
    with.extend(length.to_be_bytes());
    with.extend(content);
    with.extend(&picture[2..]);
    with
}

/// EXIF with an orientation, and then `padding` zeros, as a JPEG's segment holds it.
fn exif(orientation: u16, big: bool, padding: usize) -> Vec<u8> {
    let word = |value: u16| {
        if big {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    };
    let long = |value: u32| {
        if big {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    };
    let mut bytes = b"Exif\0\0".to_vec();
    bytes.extend(if big { b"MM" } else { b"II" });
    bytes.extend(word(42));
    bytes.extend(long(8));
    // One entry: the tag 0x0112, a SHORT, once.
    bytes.extend(word(1));
    bytes.extend(word(0x0112));
    bytes.extend(word(3));
    bytes.extend(long(1));
    bytes.extend(word(orientation));
    bytes.extend(word(0));
    bytes.extend(long(0));
    bytes.extend(vec![0; padding]);
    bytes
}

/// Probes a picture and holds every fact to what ImageMagick says of it once it is turned.
fn agrees(name: &str, bytes: &[u8], mime_type: &str) -> MediaFacts {
    let file = keep(name, bytes);
    let first = format!("{}[0]", file.display());
    let said = run(
        "convert",
        &[&first, "-auto-orient", "-format", "%w %h", "info:"],
    );
    let (width, height) = said.split_once(' ').unwrap();
    let facts = probe_bytes(bytes, Some(bytes.len() as u64))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(facts.kind, Some(MediaKind::Image), "{name}");
    assert_eq!(facts.mime_type, mime_type, "{name}");
    assert_eq!(facts.size_bytes, Some(bytes.len() as u64), "{name}");
    assert_eq!(facts.width, Some(width.parse().unwrap()), "{name}");
    assert_eq!(facts.height, Some(height.parse().unwrap()), "{name}");
    assert_eq!(
        (
            facts.duration_ms,
            facts.frame_rate,
            facts.video_codec.as_deref()
        ),
        (None, None, None),
        "{name}"
    );
    facts
}
