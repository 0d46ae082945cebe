use super::*;
use crate::model::Severity;

/// A healthy entry of each channel, as JSON, for tests to bend.
const REEL: &str = r##"{
    "id": "00000000-0000-0000-0000-000000000001",
    "calendarId": "00000000-0000-0000-0000-000000000002",
    "piece": { "channel": "instagram", "format": "reel", "date": "2026-04-02",
        "copy": "Pan recién hecho", "hashtags": ["pan", "masamadre"] },
    "media": [{ "kind": "video", "url": "https://cdn.example/r.mp4", "mimeType": "video/mp4",
        "sizeBytes": 20000000, "width": 1080, "height": 1920, "durationMs": 30000, "frameRate": 30.0,
        "bitRate": 5000000, "videoCodec": "h264", "audioCodec": "aac", "audioSampleRate": 48000,
        "audioChannels": 2, "moovFirst": true, "editList": false }]
}"##;

fn entry(json: &str) -> CalendarEntry {
    serde_json::from_str(json).unwrap()
}

fn findings(entry: &CalendarEntry) -> Vec<(Code, Severity, String)> {
    let mut findings = Vec::new();
    validate(RuleBook::builtin(), entry, None, &mut findings);
    findings
        .into_iter()
        .map(|finding| (finding.code, finding.severity, finding.path))
        .collect()
}

#[test]
fn a_healthy_entry_has_no_findings() {
    assert_eq!(findings(&entry(REEL)), []);
}

#[test]
fn every_finding_is_listed_not_only_the_first() {
    let mut entry = entry(REEL);
    entry.piece.copy = "a".repeat(2_201);
    entry.media[0].width = Some(1_921);
    entry.media[0].frame_rate = Some(61.0);
    entry.media[0].url = "http://cdn.example/r.mp4".to_owned();
    let codes: Vec<Code> = findings(&entry)
        .into_iter()
        .filter(|(_, severity, _)| *severity == Severity::Blocking)
        .map(|(code, ..)| code)
        .collect();
    assert_eq!(
        codes,
        [
            Code::CaptionTooLong,
            Code::MediaUrlInvalid,
            Code::MediaDimensionsInvalid,
            Code::MediaFrameRateInvalid,
        ]
    );
}

#[test]
fn a_fact_that_several_limits_need_is_asked_for_once() {
    let mut entry = entry(REEL);
    entry.media[0].width = None;
    entry.media[0].duration_ms = Some(-1);
    assert_eq!(
        findings(&entry),
        [
            (
                Code::MediaUnprobed,
                Severity::Warning,
                "media[0].width".to_owned()
            ),
            (
                Code::MediaUnprobed,
                Severity::Warning,
                "media[0].durationMs".to_owned()
            ),
        ]
    );
}

#[test]
fn a_kind_of_post_without_rules_cannot_be_published() {
    let mut book = RuleBook::builtin().clone();
    book.posts
        .retain(|post| post.kind != PostKind::InstagramReel);
    let mut findings = Vec::new();
    validate(&book, &entry(REEL), None, &mut findings);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, Code::FormatUnsupported);
}

#[test]
fn a_replaced_book_is_what_counts() {
    let mut book = RuleBook::builtin().clone();
    for limit in book.posts.iter_mut().flat_map(|post| &mut post.limits) {
        if limit.subject == crate::rules::Subject::Hashtags {
            limit.allowed = Allowed::at_most(1, crate::error::Unit::Hashtags);
        }
    }
    let mut findings = Vec::new();
    validate(&book, &entry(REEL), None, &mut findings);
    assert!(
        findings
            .iter()
            .all(|finding| finding.code == Code::HashtagsTooMany)
    );
    assert_eq!(findings.len(), 2); // one limit that blocks, one that warns
}
