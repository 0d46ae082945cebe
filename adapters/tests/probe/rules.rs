//! From the file to the finding: what a person is told of a file that a platform would refuse.

use calendar_publish::error::Code;
use calendar_publish::model::{CalendarEntry, Finding, Severity};
use calendar_publish::rules::{RuleBook, validate};
use calendar_publish_adapters::probe::probe;
use calendar_publish_simulators::{MediaShelf, ShelvedFile};
use futures_executor::block_on;
use serde_json::json;

use super::tools::{convert, ffmpeg, make, path};

/// Puts a file into an entry, probes it, and answers with what blocks the entry: code, place, measured,
/// allowed.
fn blocked(channel: &str, format: &str, kind: &str, file: Vec<u8>) -> Vec<[String; 4]> {
    let url = "https://cdn.example/file";
    let shelf = MediaShelf::default();
    shelf.put(url, ShelvedFile::new("application/octet-stream", file));
    let mut entry: CalendarEntry = serde_json::from_value(json!({
        "id": "00000000-0000-0000-0000-000000000001",
        "calendarId": "00000000-0000-0000-0000-000000000002",
        "piece": {
            "channel": channel, "format": format, "date": "2026-04-02", "copy": "Pan recién hecho",
        },
        "media": [{ "kind": kind, "url": url }],
    }))
    .unwrap();
    let facts = block_on(probe(&shelf, url)).unwrap();
    facts.fill(&mut entry.media[0]);
    let mut findings = Vec::new();
    validate(RuleBook::builtin(), &entry, None, &mut findings);
    let shown = |finding: Finding| {
        [
            finding.code.as_str().to_owned(),
            finding.path,
            finding
                .measured
                .map_or(String::new(), |measured| measured.to_string()),
            finding
                .allowed
                .map_or(String::new(), |allowed| allowed.to_string()),
        ]
    };
    findings
        .into_iter()
        .filter(|finding| {
            finding.severity == Severity::Blocking || finding.code == Code::MediaUnprobed
        })
        .map(shown)
        .collect()
}

fn reel(name: &str, arguments: &str) -> Vec<[String; 4]> {
    let source = "-f lavfi -i testsrc=size=360x640:rate=25:duration=4";
    let sound = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=4";
    let arguments = arguments
        .replace("{picture}", source)
        .replace("{sound}", sound);
    blocked("instagram", "reel", "video", make(name, &arguments))
}

fn assert_found(found: &[[String; 4]], expected: &[[&str; 4]]) {
    let found: Vec<[&str; 4]> = found
        .iter()
        .map(|finding| finding.each_ref().map(String::as_str))
        .collect();
    assert_eq!(found, expected);
}

const FAST: &str = "-c:v libx264 -preset ultrafast -c:a aac -ac 2 -movflags +faststart";

#[test]
fn a_file_that_fits_has_nothing_against_it_and_nothing_unknown() {
    assert_found(
        &reel("reel_1.mp4", &format!("{{picture}} {{sound}} {FAST}")),
        &[],
    );
    let photo = convert("fits.jpg", "-size 1080x1350 plasma:red-blue");
    assert_found(&blocked("instagram", "post", "image", photo), &[]);
}

#[test]
fn a_reel_with_too_few_frames_is_named_with_both_numbers() {
    let found = reel("reel_2.mp4", &format!("{{picture}} {{sound}} -r 22 {FAST}"));
    assert_found(
        &found,
        &[[
            "MEDIA_FRAME_RATE_INVALID",
            "media[0].frameRate",
            "22 fps",
            "from 23 to 60 fps",
        ]],
    );
}

#[test]
fn a_reel_of_two_seconds_is_too_short() {
    let found = reel("reel_3.mp4", &format!("{{picture}} {{sound}} -t 2 {FAST}"));
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0][..2],
        ["MEDIA_DURATION_INVALID", "media[0].durationMs"]
    );
    assert_eq!(found[0][3], "from 3 to 900 s");
    assert!(found[0][2].starts_with('2'), "{}", found[0][2]);
}

#[test]
fn sound_of_96_khz_is_named() {
    let found = reel(
        "reel_4.mp4",
        &format!("{{picture}} {{sound}} {FAST} -ar 96000"),
    );
    assert_found(
        &found,
        &[[
            "MEDIA_AUDIO_UNSUPPORTED",
            "media[0].audioSampleRate",
            "96000 Hz",
            "at most 48000 Hz",
        ]],
    );
}

#[test]
fn an_index_behind_the_data_is_named() {
    let found = reel(
        "reel_5.mp4",
        "{picture} {sound} -c:v libx264 -preset ultrafast -c:a aac",
    );
    assert_found(
        &found,
        &[[
            "MEDIA_NOT_STREAMABLE",
            "media[0].moovFirst",
            "`moov_last`",
            "one of moov_first",
        ]],
    );
}

#[test]
fn a_cut_that_players_have_to_apply_is_named() {
    make(
        "to_be_cut.mp4",
        "-f lavfi -i testsrc=size=360x640:rate=25:duration=6 -c:v libx264 -preset ultrafast -g 250",
    );
    let film = path("to_be_cut.mp4");
    let film = ffmpeg(
        "with_cut.mp4",
        &format!("-ss 1.5 -i {} -c copy -movflags +faststart", film.display()),
    );
    let found = blocked("instagram", "reel", "video", film);
    assert_found(
        &found,
        &[[
            "MEDIA_NOT_STREAMABLE",
            "media[0].editList",
            "`edit_list`",
            "one of none",
        ]],
    );
}

#[test]
fn a_video_codec_is_named() {
    let found = reel(
        "reel_6.mp4",
        "{picture} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -movflags +faststart",
    );
    assert_found(
        &found,
        &[[
            "MEDIA_CODEC_UNSUPPORTED",
            "media[0].videoCodec",
            "`vp9`",
            "one of h264, hevc",
        ]],
    );
}

#[test]
fn a_picture_of_four_to_one_is_too_wide() {
    let photo = convert("four_to_one.jpg", "-size 1200x300 plasma:red-blue");
    assert_found(
        &blocked("instagram", "post", "image", photo),
        &[[
            "MEDIA_RATIO_INVALID",
            "media[0].width",
            "4 ratio",
            "from 0.8 to 1.91 ratio",
        ]],
    );
}

#[test]
fn formats_are_refused_by_name() {
    let png = convert("refused.png", "-size 1080x1080 plasma:red-blue");
    assert_found(
        &blocked("instagram", "post", "image", png),
        &[[
            "MEDIA_FORMAT_UNSUPPORTED",
            "media[0].mimeType",
            "`image/png`",
            "one of image/jpeg",
        ]],
    );
    let heic = convert("refused.heic", "-size 64x64 plasma:red-blue");
    let found = blocked("tiktok", "photo", "image", heic);
    assert!(
        found.iter().any(|finding| {
            finding[0] == "MEDIA_FORMAT_UNSUPPORTED" && finding[2] == "`image/heic`"
        }),
        "{found:?}"
    );
}
