//! The host's facts: `data`, `error`, `done`; a keep-alive every 10 s; the cut at 30 s.

use super::{GenerationEvent, GenerationSession, SessionOptions};
use crate::error::Code;
use crate::generation::{
    GenerationSnapshot, GenerationState, KEEP_ALIVE, OutgoingPiece, StreamEncoder, StreamFailure,
    StreamSummary,
};
use crate::merge::CalendarDiff;
use crate::model::{CalendarId, CalendarPiece, ExtraField, RunRef, RunStatus, Timestamp};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

fn calendar_id() -> CalendarId {
    "0190a1b2-0000-7000-8000-000000000001".parse().unwrap()
}

fn piece_titled(title: &str) -> CalendarPiece {
    let json = format!(
        r#"{{"title":"{title}","channel":"ig","format":"reel","copy":"","date":"2026-04-02","time":"09:00","hashtags":[]}}"#
    );
    serde_json::from_str(&json).unwrap()
}

fn piece(index: u32, total: u32, title: &str) -> String {
    StreamEncoder::new("r")
        .piece(&OutgoingPiece {
            calendar_id: calendar_id(),
            run_id: RunRef::Legacy,
            index,
            total,
            piece: &piece_titled(title),
        })
        .unwrap()
}

fn done(status: RunStatus, count: u32) -> String {
    let summary = StreamSummary {
        calendar_id: Some(calendar_id()),
        run_id: Some(RunRef::Legacy),
        piece_count: Some(count),
        status,
        diff: CalendarDiff::default(),
        errors: Vec::new(),
    };
    StreamEncoder::new("r").done(&summary).unwrap()
}

fn session() -> GenerationSession {
    GenerationSession::start(SessionOptions::default(), at(0))
}

fn after(parts: &[String]) -> GenerationSession {
    let mut session = session();
    session.push(parts.concat().as_bytes(), at(1));
    session
}

fn titles(snapshot: &GenerationSnapshot) -> Vec<&str> {
    snapshot
        .pieces
        .iter()
        .map(|generated| generated.piece.title.as_str())
        .collect()
}

fn problems(snapshot: &GenerationSnapshot) -> Vec<String> {
    snapshot
        .problems
        .iter()
        .map(|problem| format!("{} {}", problem.code, problem.path))
        .collect()
}

#[test]
fn pieces_out_of_order_are_ordered_and_progress_is_told() {
    let mut session = session();
    session.push(piece(2, 3, "c").as_bytes(), at(1));
    session.push(piece(0, 3, "a").as_bytes(), at(2));
    let halfway = session.snapshot();
    assert_eq!((halfway.received, halfway.total), (2, Some(3)));
    assert!(
        halfway.missing.is_empty(),
        "nothing is missing while pieces are arriving"
    );
    session.push(
        (piece(1, 3, "b") + &done(RunStatus::Completed, 3)).as_bytes(),
        at(3),
    );
    let snapshot = session.snapshot();
    assert_eq!(snapshot.state, GenerationState::Complete);
    assert_eq!(titles(&snapshot), ["a", "b", "c"]);
    assert!(snapshot.problems.is_empty());
    assert_eq!(snapshot.calendar_id, Some(calendar_id()));
}

#[test]
fn of_a_duplicate_the_first_is_kept_and_a_gap_is_named() {
    let snapshot = after(&[
        piece(0, 3, "a"),
        piece(0, 3, "again"),
        piece(2, 3, "c"),
        done(RunStatus::Completed, 3),
    ])
    .snapshot();
    assert_eq!(titles(&snapshot), ["a", "c"]);
    assert_eq!(snapshot.missing, [1]);
    assert_eq!(
        problems(&snapshot),
        [
            "STREAM_PIECE_DUPLICATE pieces[0]",
            "STREAM_PIECE_MISSING pieces[1]"
        ]
    );
}

#[test]
fn a_malformed_piece_is_named_and_the_stream_goes_on() {
    let bad = piece(1, 3, "b")
        .replace("2026-04-02", "2026-02-30")
        .replace("reel", "historia");
    let snapshot = after(&[
        piece(0, 3, "a"),
        bad,
        piece(2, 3, "c"),
        done(RunStatus::Completed, 3),
    ])
    .snapshot();
    assert_eq!(titles(&snapshot), ["a", "c"]);
    let errors: Vec<String> = snapshot.refusals[0]
        .errors
        .iter()
        .map(|error| format!("{} {}", error.code, error.path))
        .collect();
    assert_eq!(
        errors,
        [
            "FORMAT_UNSUPPORTED pieces[1].format",
            "DATE_INVALID pieces[1].date"
        ]
    );
    assert!(snapshot.missing.is_empty(), "it arrived");
    assert_eq!(snapshot.received, 3);
}

#[test]
fn events_that_cannot_be_read_are_reported_and_passed_over() {
    let stream = [
        "event: data\ndata: {\"data\":\n\n".to_owned(),
        "event: data\ndata: {\"data\":{\"type\":\"calendar_week\"}}\n\n".to_owned(),
        "event: data\ndata: {\"data\":{\"type\":\"calendar_piece\",\"piece\":{}}}\n\n".to_owned(),
        "data: {}\n\n".to_owned(),
        piece(0, 1, "a"),
        done(RunStatus::Completed, 1),
    ];
    let snapshot = after(&stream).snapshot();
    assert_eq!(
        problems(&snapshot),
        [
            "STREAM_EVENT_INVALID ",
            "STREAM_EVENT_INVALID data.type",
            "STREAM_EVENT_INVALID data.index",
            "STREAM_EVENT_INVALID event",
        ]
    );
    assert_eq!(titles(&snapshot), ["a"]);
    assert_eq!(snapshot.state, GenerationState::Complete);
}

#[test]
fn silence_stalls_and_any_byte_revives() {
    let mut session = session();
    session.push(KEEP_ALIVE.as_bytes(), at(1));
    assert_eq!(session.millis_to_next_tick(at(1)), Some(25_000));
    assert_eq!(session.tick(at(25)), GenerationState::Streaming);
    assert_eq!(session.tick(at(26)), GenerationState::Stalled);
    assert_eq!(session.millis_to_next_tick(at(26)), Some(4000));
    assert_eq!(session.push(b": keep", at(27)), []);
    assert_eq!(session.state(), GenerationState::Streaming);
    assert_eq!(
        session.push(b"-alive\n", at(28)),
        [GenerationEvent::KeepAlive]
    );
    assert_eq!(session.snapshot().keep_alives, 2);
}

#[test]
fn the_cut_keeps_what_has_arrived_even_with_the_last_bytes() {
    let mut session = session();
    session.push(piece(0, 3, "a").as_bytes(), at(5));
    session.push(piece(1, 3, "b").as_bytes(), at(30));
    let snapshot = session.snapshot();
    assert_eq!(snapshot.state, GenerationState::TimedOut);
    assert_eq!(snapshot.status, Some(RunStatus::Timeout));
    assert_eq!(titles(&snapshot), ["a", "b"]);
    assert_eq!(
        problems(&snapshot),
        ["AI_TIMEOUT ", "STREAM_PIECE_MISSING pieces[2]"]
    );
    assert_eq!(session.millis_to_next_tick(at(30)), None);
    assert!(session.push(piece(2, 3, "c").as_bytes(), at(31)).is_empty());
}

#[test]
fn an_error_and_then_done_ends_with_the_dones_status() {
    let failure = StreamFailure {
        code: "AI_TIMEOUT".into(),
        message: "tarde".into(),
    };
    let error = StreamEncoder::new("r").error(&failure).unwrap();
    let mut session = after(&[piece(0, 2, "a"), error.clone()]);
    assert_eq!(session.state(), GenerationState::Streaming);
    session.push(done(RunStatus::Timeout, 1).as_bytes(), at(2));
    let snapshot = session.snapshot();
    assert_eq!(snapshot.state, GenerationState::TimedOut);
    assert_eq!(snapshot.failure, Some(failure));
    assert_eq!(snapshot.missing, [1]);

    let mut broken_off = after(&[piece(0, 2, "a"), error]);
    broken_off.end(at(2));
    assert_eq!(broken_off.state(), GenerationState::TimedOut);
}

#[test]
fn a_stream_that_ends_without_done_has_failed_and_keeps_its_pieces() {
    let mut session = after(&[piece(0, 2, "a"), piece(1, 2, "b").replace("\n\n", "\n")]);
    session.end(at(2));
    let snapshot = session.snapshot();
    assert_eq!(snapshot.state, GenerationState::Failed);
    assert_eq!(titles(&snapshot), ["a"]);
    assert_eq!(
        problems(&snapshot),
        ["STREAM_ENDED_EARLY ", "STREAM_PIECE_MISSING pieces[1]"]
    );
}

#[test]
fn a_retry_keeps_the_partial_until_it_is_complete() {
    let mut first = after(&[piece(0, 3, "a"), piece(1, 3, "b")]);
    assert_eq!(first.retry(at(2)).unwrap_err().code, Code::GenerationBusy);
    first.cancel(at(2));
    assert_eq!(first.state(), GenerationState::Cancelled);
    assert_eq!(first.snapshot().status, None);

    let mut second = first.retry(at(3)).unwrap();
    second.push(piece(1, 2, "b2").as_bytes(), at(4));
    let snapshot = second.snapshot();
    assert_eq!((snapshot.attempt, snapshot.received), (2, 1));
    assert_eq!(titles(&snapshot), ["a", "b2"]);
    assert_eq!(snapshot.pieces[0].attempt, 1);

    let mut failed = second.clone();
    failed.end(at(5));
    assert_eq!(
        titles(&failed.retry(at(6)).unwrap().snapshot()),
        ["a", "b2"]
    );

    second.push(done(RunStatus::Completed, 1).as_bytes(), at(5));
    assert_eq!(
        titles(&second.snapshot()),
        ["b2"],
        "complete: the old calendar is replaced"
    );
}

#[test]
fn a_hostile_stream_stays_bounded() {
    let options = SessionOptions {
        max_event_bytes: 1000,
        max_pieces: 5,
        ..Default::default()
    };
    let mut session = GenerationSession::start(options, at(0));
    session.push(piece(4_000_000_000, u32::MAX, "far").as_bytes(), at(1));
    session.push(piece(0, u32::MAX, "a").as_bytes(), at(1));
    session.push("data: x\n\n".repeat(5000).as_bytes(), at(1));
    session.push(&[b'x'; 1001], at(1));
    let snapshot = session.snapshot();
    assert_eq!(snapshot.state, GenerationState::Failed);
    assert_eq!(titles(&snapshot), ["a"]);
    assert_eq!(snapshot.missing, [1, 2, 3, 4]);
    assert_eq!(
        (snapshot.problems.len(), snapshot.problems_omitted),
        (1000, 4006)
    );
}

#[test]
fn a_snapshot_survives_json() {
    let mut odd = piece_titled("a");
    odd.extra.push(ExtraField {
        name: "mood".into(),
        json: "{\n\"a\":\r\n1}".into(),
    });
    let stream = StreamEncoder::new("r")
        .piece(&OutgoingPiece {
            calendar_id: calendar_id(),
            run_id: RunRef::Legacy,
            index: 0,
            total: 2,
            piece: &odd,
        })
        .unwrap();
    let mut session = after(&[stream, piece(0, 2, "b")]);
    session.end(at(2));
    let snapshot = session.snapshot();
    let mood: serde_json::Value =
        serde_json::from_str(&snapshot.pieces[0].piece.extra[0].json).unwrap();
    assert_eq!(
        mood,
        serde_json::json!({"a": 1}),
        "line ends inside a kept field"
    );
    let json = serde_json::to_string(&snapshot).unwrap();
    assert_eq!(
        serde_json::from_str::<GenerationSnapshot>(&json).unwrap(),
        snapshot
    );
}
