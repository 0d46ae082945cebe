//! Films: what `ffprobe` says of them is what the probe must say.

use std::path::Path;

use calendar_publish::model::MediaKind;
use calendar_publish_adapters::probe::{MediaFacts, probe_bytes};
use serde_json::Value;

use super::tools::{ffprobe, find, keep, make, run};

/// A file's name, and ffmpeg's arguments for it; `{picture}` and `{sound}` are the two sources.
const FILMS: &[(&str, &str)] = &[
    (
        "plain.mp4",
        "{picture} {sound} -c:v libx264 -c:a aac -movflags +faststart",
    ),
    ("index_last.mp4", "{picture} {sound} -c:v libx264 -c:a aac"),
    ("silent.mp4", "{picture} -c:v libx264 -movflags +faststart"),
    (
        "no_b_frames.mp4",
        "{picture} {sound} -c:v libx264 -bf 0 -c:a aac",
    ),
    ("mono.mp4", "{picture} {sound} -c:v libx264 -c:a aac -ac 1"),
    (
        "stereo_44100.mp4",
        "{picture} {sound} -c:v libx264 -c:a aac -ac 2 -ar 44100",
    ),
    (
        "96000.mp4",
        "{picture} {sound} -c:v libx264 -c:a aac -ac 2 -ar 96000",
    ),
    (
        "six_channels.mp4",
        "{picture} {sound} -c:v libx264 -c:a aac -ac 6",
    ),
    (
        "mp3_sound.mp4",
        "{picture} {sound} -c:v libx264 -c:a libmp3lame",
    ),
    (
        "opus_sound.mp4",
        "{picture} {sound} -c:v libx264 -c:a libopus",
    ),
    (
        "hevc_hvc1.mp4",
        "{picture} -c:v libx265 -x265-params log-level=error -tag:v hvc1",
    ),
    (
        "hevc_hev1.mp4",
        "{picture} -c:v libx265 -x265-params log-level=error -tag:v hev1",
    ),
    (
        "vp9.mp4",
        "{picture} -c:v libvpx-vp9 -deadline realtime -cpu-used 8",
    ),
    ("av1.mp4", "{picture} -c:v libsvtav1 -preset 12"),
    ("mpeg4.mp4", "{picture} {sound} -c:v mpeg4 -c:a aac"),
    ("ntsc_film.mp4", "{picture} -c:v libx264 -r 24000/1001"),
    ("ntsc_double.mp4", "{picture} -c:v libx264 -r 60000/1001"),
    ("slow.mp4", "{picture} -c:v libx264 -r 22"),
    ("sixty.mp4", "{picture} -c:v libx264 -r 60"),
    (
        "tall.mp4",
        "{picture} {sound} -c:v libx264 -vf scale=72:128 -c:a aac",
    ),
    ("wide_pixels.mp4", "{picture} -c:v libx264 -vf setsar=4/3"),
    ("plain.mov", "{picture} {sound} -c:v libx264 -c:a aac"),
    (
        "first.mov",
        "{picture} {sound} -c:v libx264 -c:a aac -movflags +faststart",
    ),
    (
        "96000.mov",
        "{picture} {sound} -c:v libx264 -c:a aac -ac 2 -ar 96000",
    ),
    ("pcm.mov", "{picture} {sound} -c:v libx264 -c:a pcm_s16le"),
    ("prores.mov", "{picture} {sound} -c:v prores -c:a pcm_s16le"),
    (
        "varying.mp4",
        "{picture} -c:v libx264 -vf select='not(mod(n\\,3))+lt(n\\,20)' -vsync vfr",
    ),
];

/// The four numbers of a right-angled turn in a track's matrix, as 16.16 fixed-point numbers.
fn turned(mut film: Vec<u8>, [a, b, c, d]: [i32; 4]) -> Vec<u8> {
    // The first track is the picture's; its matrix stands 40 bytes into the header's content.
    let header = find(&film, b"tkhd") + 4 + 40;
    for (at, value) in [(0, a), (4, b), (12, c), (16, d)] {
        film[header + at..header + at + 4].copy_from_slice(&(value << 16).to_be_bytes());
    }
    film
}

#[test]
fn films_are_what_ffprobe_says() {
    for (name, arguments) in FILMS {
        let bytes = make(name, arguments);
        agrees(name, &bytes);
    }
}

#[test]
fn turned_films_are_as_wide_and_high_as_they_are_shown() {
    let film = make("upright.mp4", "{picture} {sound} -c:v libx264 -c:a aac");
    for (name, matrix, rotation) in [
        ("turned_0.mp4", [1, 0, 0, 1], 0),
        ("turned_90.mp4", [0, 1, -1, 0], 90),
        ("turned_180.mp4", [-1, 0, 0, -1], 180),
        ("turned_270.mp4", [0, -1, 1, 0], 270),
    ] {
        let facts = agrees(name, &turned(film.clone(), matrix));
        assert_eq!(facts.rotation, rotation, "{name}");
    }
}

#[test]
fn efficient_aac_plays_at_the_rate_ffprobe_says() {
    let film = make(
        "efficient.mp4",
        "{picture} {sound} -c:v libx264 -c:a aac -ar 22050 -ac 2",
    );
    // The tag 5, its length of 5 in four bytes, and then the configuration: AAC, 22,050 Hz, stereo.
    let start = find(&film, b"\x05\x80\x80\x80\x05\x13\x90") + 5;
    for (name, configuration) in [
        ("efficient_1.mp4", [0x2b, 0x92, 0x08, 0, 0]),
        ("efficient_behind.mp4", [0x13, 0x90, 0x56, 0xe5, 0xa0]),
    ] {
        let mut film = film.clone();
        film[start..start + 5].copy_from_slice(&configuration);
        let facts = agrees(name, &film);
        assert_eq!(facts.audio_sample_rate, Some(44_100), "{name}");
    }
}

/// Probes a film and holds every fact to what `ffprobe` says.
fn agrees(name: &str, bytes: &[u8]) -> MediaFacts {
    let file = keep(name, bytes);
    let said = ffprobe(&file);
    let facts = probe_bytes(bytes, Some(bytes.len() as u64))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let stream = |kind: &str| {
        said["streams"]
            .as_array()
            .unwrap()
            .iter()
            .find(|stream| stream["codec_type"] == kind)
            .cloned()
    };
    let video = stream("video").unwrap();
    let audio = stream("audio");

    assert_eq!(facts.kind, Some(MediaKind::Video), "{name}");
    let mime_type = match said["format"]["tags"]["major_brand"].as_str() {
        Some("qt  ") => "video/quicktime",
        _ => "video/mp4",
    };
    assert_eq!(facts.mime_type, mime_type, "{name}");
    assert_eq!(
        facts.size_bytes,
        number(&said["format"]["size"]).map(|size| size as u64),
        "{name}"
    );

    let rotation = video["side_data_list"]
        .as_array()
        .and_then(|list| list.iter().find_map(|data| data["rotation"].as_i64()))
        .unwrap_or(0);
    assert_eq!(
        i64::from(facts.rotation),
        (-rotation).rem_euclid(360),
        "{name}"
    );
    let pixel = video["sample_aspect_ratio"]
        .as_str()
        .and_then(|ratio| ratio.split_once(':'))
        .map_or(1.0, |(h, v)| {
            h.parse::<f64>().unwrap() / v.parse::<f64>().unwrap()
        });
    let mut shown = [
        (video["width"].as_f64().unwrap() * pixel) as u32,
        video["height"].as_u64().unwrap() as u32,
    ];
    if rotation % 180 != 0 {
        shown.reverse();
    }
    assert_eq!([facts.width, facts.height], shown.map(Some), "{name}");

    let (frames, seconds) = video["avg_frame_rate"]
        .as_str()
        .unwrap()
        .split_once('/')
        .unwrap();
    let rate = frames.parse::<f64>().unwrap() / seconds.parse::<f64>().unwrap();
    let measured = facts
        .frame_rate
        .unwrap_or_else(|| panic!("{name}: no frame rate"));
    assert!(
        (measured - rate).abs() < 0.001,
        "{name}: {measured} instead of {rate}"
    );

    let duration = number(&said["format"]["duration"]).unwrap();
    let measured = facts
        .duration_ms
        .unwrap_or_else(|| panic!("{name}: no duration"));
    assert!(
        (measured as f64 - duration * 1_000.0).abs() <= 2.0,
        "{name}: {measured} ms instead of {duration} s"
    );
    let bit_rate = number(&said["format"]["bit_rate"]).unwrap();
    let measured = facts.bit_rate.unwrap() as f64;
    assert!(
        (measured / bit_rate - 1.0).abs() < 0.01,
        "{name}: {measured} instead of {bit_rate}"
    );

    assert_eq!(
        facts.video_codec.as_deref(),
        video["codec_name"].as_str(),
        "{name}"
    );
    let audio = audio.unwrap_or(Value::Null);
    assert_eq!(
        facts.audio_codec.as_deref(),
        audio["codec_name"].as_str(),
        "{name}"
    );
    assert_eq!(
        facts.audio_sample_rate.map(f64::from),
        number(&audio["sample_rate"]),
        "{name}"
    );
    // How many channels MP3 has stands in its own frames, which aren't read.
    let channels = audio["channels"]
        .as_u64()
        .filter(|_| audio["codec_name"] != "mp3");
    assert_eq!(facts.audio_channels.map(u64::from), channels, "{name}");
    assert_eq!(facts.moov_first, Some(index_first(&file)), "{name}");
    facts
}

fn number(value: &Value) -> Option<f64> {
    value.as_str()?.parse().ok()
}

/// The order of the index and the data, by what `ffprobe` traces of the boxes it passes.
fn index_first(file: &Path) -> bool {
    let command = format!("ffprobe -loglevel trace '{}' 2>&1", file.display());
    let trace = run("sh", &["-c", &command]);
    let place = |kind: &str| trace.find(&format!("type:'{kind}' parent:'root'")).unwrap();
    place("moov") < place("mdat")
}
