//! The tour as a user takes it: the real program, its files, its second run.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn quickstart(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quickstart"));
    command
        .current_dir(folder)
        .args(["--db", "calendar.db", "--out", "out"])
        .args(arguments)
        .env_remove("PUBLISH_SERVICE_ENABLED")
        .stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    quickstart(folder, arguments).output().unwrap()
}

fn report(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[&["--json"], arguments].concat());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn titles(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|item| item["title"].as_str().unwrap())
        .collect()
}

/// The codes of the findings of the entry with that title.
fn findings<'a>(report: &'a Value, title: &str) -> Vec<&'a str> {
    let entries = report["entries"].as_array().unwrap();
    let entry = entries
        .iter()
        .find(|entry| entry["title"] == title)
        .unwrap();
    let findings = entry["readiness"]["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

#[test]
fn every_fault_of_the_recording_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let report = report(folder.path(), &[]);
    let refused: Vec<&str> = (report["stream"]["refusals"].as_array().unwrap().iter())
        .map(|refusal| refusal["errors"][0]["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        refused,
        ["CHANNEL_UNSUPPORTED", "FORMAT_UNSUPPORTED", "DATE_INVALID"]
    );
    assert!(findings(&report, "Amanece en el obrador").contains(&"DAILY_CAP_EXCEEDED"));
    assert!(findings(&report, "Castañas y pan de nueces").contains(&"MEDIA_MISSING"));
    assert!(findings(&report, "De la espiga a la mesa").contains(&"MEDIA_DURATION_INVALID"));
    assert!(findings(&report, "Hornada doble").contains(&"TOKEN_EXPIRED"));
    assert!(
        findings(&report, "Huesos de santo, como los de la abuela").contains(&"MEDIA_URL_EXPIRES")
    );
    assert_eq!(
        report["corrections"].as_array().unwrap().len(),
        1,
        "the clash was corrected"
    );
    assert_eq!(report["publish"]["status"], "dry_run");
    let outcomes = report["publish"]["outcomes"].as_array().unwrap();
    assert_eq!(
        outcomes.len(),
        report["entries"].as_array().unwrap().len()
            + outcomes
                .iter()
                .filter(|outcome| outcome["channel"].is_null())
                .count()
    );
}

#[test]
fn the_simulated_month_tries_what_the_dry_run_would_publish_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let report = report(folder.path(), &[]);
    let outcomes = report["publish"]["outcomes"].as_array().unwrap();
    // A spent daily cap passes with the day: the engine waits for it.
    let would_publish = |id: &Value| {
        let mut outcomes = outcomes.iter();
        outcomes.any(|outcome| {
            let passes =
                outcome["status"] == "dry_run" || outcome["reason"] == "DAILY_CAP_EXCEEDED";
            outcome["entryId"] == *id && passes
        })
    };
    let entries = report["month"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), report["entries"].as_array().unwrap().len());
    for entry in entries {
        let is_tried = !entry["attempts"].as_array().unwrap().is_empty();
        assert_eq!(is_tried, would_publish(&entry["id"]), "{entry}");
        let is_out = !entry["outAt"].is_null();
        assert!(
            is_out || !entry["problem"].is_null(),
            "not out, and no reason: {entry}"
        );
    }
    // The recording's seed shows a post that needed a second attempt.
    let attempts = |entry: &Value| entry["attempts"].as_array().unwrap().len();
    assert!(
        entries
            .iter()
            .any(|entry| entry["status"] == "published" && attempts(entry) == 2)
    );
}

#[test]
fn the_shift_keeps_the_wall_clock_across_the_change_of_the_clocks() {
    let folder = tempfile::tempdir().unwrap();
    let report = report(folder.path(), &[]);
    let moves = report["shift"]["moves"].as_array().unwrap();
    let friday = moves
        .iter()
        .find(|change| change["before"]["date"] == "2026-10-23")
        .unwrap();
    // Clocks in Madrid go back on 2026-10-25: nine o'clock is 07:00Z before and 08:00Z after.
    assert_eq!(friday["before"]["scheduledAt"], "2026-10-23T07:00:00Z");
    assert_eq!(friday["after"]["time"], "09:00");
    assert_eq!(friday["after"]["scheduledAt"], "2026-10-30T08:00:00Z");
}

#[test]
fn the_regeneration_loses_no_manual_edit() {
    let folder = tempfile::tempdir().unwrap();
    let report = report(folder.path(), &[]);
    let edited = "El pliegue perfecto, paso a paso";
    let entries = titles(&report["entries"]);
    assert!(entries.contains(&edited), "the title a person wrote stays");
    assert!(
        entries.contains(&"Pregúntale a Lucía: el pan de ayer"),
        "the AI's new title is taken"
    );
    assert!(
        !entries.contains(&"¿Cuánto pesa una barra?"),
        "what nobody touched goes"
    );
    let csv = fs::read_to_string(folder.path().join("out/calendar.csv")).unwrap();
    let row = csv.lines().find(|line| line.contains(edited)).unwrap();
    assert!(
        row.contains("enséñanos tu miga"),
        "the AI's new caption is taken: {row}"
    );
    assert!(
        row.contains("\"21:00\"") && row.contains("hechoamano"),
        "the person's hour and tag stay: {row}"
    );
}

#[test]
fn a_second_run_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let first = report(folder.path(), &[]);
    let files = |folder: &Path| {
        [
            "calendar.csv",
            "calendar-extended.csv",
            "calendar.json",
            "calendar.ics",
        ]
        .map(|name| fs::read(folder.join("out").join(name)).unwrap())
    };
    let written = files(folder.path());
    let second = report(folder.path(), &[]);
    assert_eq!(first["entries"], second["entries"]);
    assert_eq!(first["publish"], second["publish"]);
    assert_eq!(written, files(folder.path()));
    let repeated: Vec<&Value> = second["saves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|save| &save["repeated"])
        .collect();
    assert!(
        repeated
            .iter()
            .all(|repeated| **repeated == Value::Bool(true)),
        "{repeated:?}"
    );
}

#[test]
fn with_the_flag_off_nothing_is_published_and_the_answer_is_the_hosts() {
    let folder = tempfile::tempdir().unwrap();
    let output = quickstart(folder.path(), &["--json"])
        .env("PUBLISH_SERVICE_ENABLED", "TRUE")
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let publish = &report["publish"];
    assert_eq!(publish["status"], "disabled");
    assert_eq!(publish["reason"], "flag_off");
    assert_eq!(
        (&publish["channels"], &publish["entries"]),
        (&Value::Array(vec![]), &Value::from(0))
    );
}

#[test]
fn both_languages_tell_the_tour() {
    let folder = tempfile::tempdir().unwrap();
    let es = run(folder.path(), &[]);
    let en = run(folder.path(), &["--lang", "en"]);
    let (es, en) = (
        String::from_utf8(es.stdout).unwrap(),
        String::from_utf8(en.stdout).unwrap(),
    );
    assert!(es.contains("Necesita atención") && es.contains("nada cambia dos veces"));
    assert!(en.contains("Needs attention") && !en.contains("Necesita atención"));
}

#[test]
fn a_stream_that_breaks_off_keeps_what_arrived() {
    let folder = tempfile::tempdir().unwrap();
    let recording = include_str!("../data/calendario.sse");
    let half = recording.len() / 2 - recording[..recording.len() / 2].len() % 2;
    let half = (0..=half)
        .rev()
        .find(|end| recording.is_char_boundary(*end))
        .unwrap();
    fs::write(folder.path().join("half.sse"), &recording[..half]).unwrap();
    let report = report(
        folder.path(),
        &["half.sse", "--now", "2026-10-05T06:30:00Z"],
    );
    assert_eq!(report["stream"]["state"], "failed");
    assert!(report["entries"].as_array().unwrap().len() > 5);
}

#[test]
fn the_whole_stream_follows_the_half_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let recording = include_str!("../data/calendario.sse");
    let half = (0..=recording.len() / 2)
        .rev()
        .find(|end| recording.is_char_boundary(*end))
        .unwrap();
    fs::write(folder.path().join("half.sse"), &recording[..half]).unwrap();
    fs::write(folder.path().join("whole.sse"), recording).unwrap();
    let now = ["--now", "2026-10-05T06:30:00Z"];
    let half = report(folder.path(), &[&["half.sse"], &now[..]].concat());
    let whole = report(folder.path(), &[&["whole.sse"], &now[..]].concat());
    let (half, all) = (titles(&half["entries"]), titles(&whole["entries"]));
    assert_eq!(all.len(), 28, "{all:?}");
    assert!(half.iter().all(|title| all.contains(title)));
}

#[test]
fn a_regeneration_that_breaks_off_removes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let recording = include_str!("../data/regenerado.sse");
    let third = (0..=recording.len() / 3)
        .rev()
        .find(|end| recording.is_char_boundary(*end))
        .unwrap();
    fs::write(folder.path().join("cut.sse"), &recording[..third]).unwrap();
    let report = report(folder.path(), &["--regenerated", "cut.sse"]);
    assert_eq!(report["merge"]["removed"], Value::Array(vec![]));
    assert!(report["entries"].as_array().unwrap().len() >= 28);
}

#[test]
fn what_cannot_be_read_is_told_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let missing = run(folder.path(), &["missing.sse"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("missing.sse"));
    fs::write(folder.path().join("empty.sse"), "").unwrap();
    let empty = run(folder.path(), &["empty.sse"]);
    assert_eq!(empty.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&empty.stderr).contains("STREAM_ENDED_EARLY"));
    fs::write(
        folder.path().join("calendar.db"),
        "this is no database, it is a text",
    )
    .unwrap();
    assert_eq!(run(folder.path(), &[]).status.code(), Some(1));
    assert_eq!(run(folder.path(), &["--lang", "fr"]).status.code(), Some(2));
}

#[test]
fn live_the_jobs_and_the_platforms_agree_and_run_after_run_is_alike() {
    let folder = tempfile::tempdir().unwrap();
    let first = report(folder.path(), &["--live-sim"]);
    let live = &first["live"];
    let channels: Vec<&str> = live["linked"]
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["channel"].as_str().unwrap())
        .collect();
    assert_eq!(channels, ["tiktok", "instagram"]);
    let entries = live["entries"].as_array().unwrap();
    let of = |status: &str| {
        entries
            .iter()
            .filter(|entry| entry["status"] == status)
            .count() as u64
    };
    assert!(of("published") > 15, "{live:#}");
    assert_eq!(live["published"].as_u64(), Some(of("published")));
    assert_eq!(
        live["posts"], live["published"],
        "a post too many or too few"
    );
    // Whatever isn't out says why, and nothing of it was sent.
    for entry in entries
        .iter()
        .filter(|entry| entry["status"] != "published")
    {
        assert_eq!(entry["status"], "needs_attention", "{entry}");
        assert!(entry["problem"].is_string(), "{entry}");
        assert_eq!(entry["attempts"], 0, "{entry}");
    }
    let retried = entries.iter().filter(|entry| entry["attempts"] == 2);
    assert_eq!(
        retried.count(),
        1,
        "TikTok fails once at the beginning of an upload"
    );

    let second = report(folder.path(), &["--live-sim"]);
    assert_eq!(second["live"]["posts"], live["posts"]);
}

#[test]
fn with_publishing_off_nothing_goes_live() {
    let folder = tempfile::tempdir().unwrap();
    let output = quickstart(folder.path(), &["--json", "--live-sim"])
        .env("PUBLISH_SERVICE_ENABLED", "false")
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["live"], Value::Null);
    assert!(!folder.path().join("out/live.db").exists());
}
