//! Files of other formats, under names that lie: each is called what it is, so that rules can refuse it.

use calendar_publish::error::{Code, Error};
use calendar_publish::model::MediaKind;
use calendar_publish_adapters::probe::{ProbeError, probe_bytes};

use super::pictures::with_segment;
use super::tools::{convert, ffmpeg, keep, run};

#[track_caller]
fn named(bytes: &[u8]) -> (Option<MediaKind>, String) {
    let facts = probe_bytes(bytes, Some(bytes.len() as u64)).unwrap();
    (facts.kind, facts.mime_type)
}

#[test]
fn other_formats_are_called_by_their_names() {
    let frames = "-f lavfi -i testsrc=size=64x64:rate=5:duration=1";
    let sound = "-f lavfi -i sine=duration=1";
    let webm = ffmpeg(
        "film.webm",
        &format!("{frames} -c:v libvpx -deadline realtime"),
    );
    assert_eq!(
        named(&webm),
        (Some(MediaKind::Video), "video/webm".to_owned())
    );
    let matroska = ffmpeg("film.mkv", &format!("{frames} -c:v libx264"));
    assert_eq!(
        named(&matroska),
        (Some(MediaKind::Video), "video/x-matroska".to_owned())
    );
    let avi = ffmpeg("film.avi", &format!("{frames} -c:v mpeg4"));
    assert_eq!(named(&avi).0, Some(MediaKind::Video));
    let phone = ffmpeg("film.3gp", &format!("{frames} -c:v libx264"));
    assert_eq!(
        named(&phone),
        (Some(MediaKind::Video), "video/3gpp".to_owned())
    );
    let mp3 = ffmpeg("sound.mp3", &format!("{sound} -c:a libmp3lame"));
    assert_eq!(named(&mp3), (None, "audio/mpeg".to_owned()));
    let m4a = ffmpeg("sound.m4a", &format!("{sound} -c:a aac"));
    assert_eq!(named(&m4a), (None, "audio/mp4".to_owned()));

    let gradient = "-size 64x64 gradient:red-blue";
    let heic = convert("photo.heic", gradient);
    assert_eq!(
        named(&heic),
        (Some(MediaKind::Image), "image/heic".to_owned())
    );
    let avif = convert("photo.avif", gradient);
    assert_eq!(
        named(&avif),
        (Some(MediaKind::Image), "image/avif".to_owned())
    );
    let bmp = convert("photo.bmp", gradient);
    assert_eq!(
        named(&bmp),
        (Some(MediaKind::Image), "image/bmp".to_owned())
    );
    let tiff = convert("photo.tiff", gradient);
    assert_eq!(
        named(&tiff),
        (Some(MediaKind::Image), "image/tiff".to_owned())
    );
    assert_eq!(
        named(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        (None, "application/pdf".to_owned())
    );
}

#[test]
fn the_bytes_count_and_not_the_name() {
    let png = convert("lies.png", "-size 64x64 gradient:red-blue");
    let file = keep("lies.jpg", &png);
    let said = run("identify", &["-format", "%m", file.to_str().unwrap()]);
    assert_eq!(said, "PNG");
    assert_eq!(named(&png).1, "image/png");
}

/// The index of several pictures (CIPA DC-007, 5.2) with two entries of these types.
fn pictures_index(big: bool, types: [u32; 2]) -> Vec<u8> {
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
    let mut bytes = b"MPF\0".to_vec();
    bytes.extend(if big { b"MM" } else { b"II" });
    bytes.extend(word(42));
    bytes.extend(long(8));
    bytes.extend(word(3));
    // MPFVersion, NumberOfImages, MPEntry; the entries stand behind the three tags and the next index.
    bytes.extend([word(0xb000), word(7)].concat());
    bytes.extend(long(4));
    bytes.extend(b"0100");
    bytes.extend([word(0xb001), word(4)].concat());
    bytes.extend([long(1), long(2)].concat());
    bytes.extend([word(0xb002), word(7)].concat());
    bytes.extend([long(32), long(8 + 2 + 3 * 12 + 4)].concat());
    bytes.extend(long(0));
    for kind in types {
        bytes.extend([long(kind), long(1_000), long(0), long(0)].concat());
    }
    bytes
}

#[test]
fn pictures_meant_to_be_seen_together_are_no_plain_jpeg() {
    let plain = convert("one.jpg", "-size 64x64 gradient:red-blue");
    for big in [true, false] {
        let with = |types| named(&with_segment(&plain, 0xe2, &pictures_index(big, types))).1;
        // A stereo pair, a panorama.
        assert_eq!(with([0x2002_0002, 0x0002_0002]), "image/mpo");
        assert_eq!(with([0x2002_0001, 0x0002_0001]), "image/mpo");
        // A photo with a preview, and one with a map of brightness: what phones write for every photo.
        assert_eq!(with([0x2003_0000, 0x0001_0001]), "image/jpeg");
        assert_eq!(with([0x2003_0000, 0x0000_0000]), "image/jpeg");
    }
    let stereo = with_segment(&plain, 0xe3, b"_JPSJPS_\0\x10\0\0\0\0");
    assert_eq!(named(&stereo).1, "image/x-jps");
}

#[test]
fn what_is_nothing_is_refused_with_a_code_and_a_place() {
    assert_eq!(probe_bytes(&[], Some(0)), Err(ProbeError::Empty));
    let noise: Vec<u8> = (0..9_000_u32).map(|n| (n * n / 7 + 3) as u8).collect();
    let unknown = probe_bytes(&noise, Some(9_000)).unwrap_err();
    assert_eq!(unknown, ProbeError::Unrecognised);
    // The first bytes of something longer say nothing yet.
    assert!(matches!(
        probe_bytes(b"\0\0", Some(9_000)),
        Err(ProbeError::NeedsMore { offset: 0, .. })
    ));
    let error = Error::from(unknown);
    assert_eq!(
        (error.code, error.path.as_str()),
        (Code::MediaFormatUnsupported, "media")
    );
    let error = Error::from(ProbeError::NeedsMore {
        offset: 5,
        length: 8,
    });
    assert_eq!(
        (error.code, error.path.as_str()),
        (Code::MediaUnprobed, "media")
    );
}
