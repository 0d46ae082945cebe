//! The host's facts: fields, defaults and codes of its calendar pieces.

use proptest::prelude::*;

use super::{PieceReading, read_piece, read_pieces};
use crate::error::Code;
use crate::model::CalendarPiece;

const GOOD: &str = r#"{"title":"Pan","channel":"tiktok","format":"video","copy":"Hola","date":"2026-04-02","time":"10:15","hashtags":["pan"],"order":3,"mood":{"a": 1}}"#;

fn read(json: &str) -> PieceReading {
    read_pieces(json.as_bytes()).unwrap()
}

/// What is wrong with one piece, as `path code` in order.
fn wrong(piece: &str) -> Vec<String> {
    let refusal = read_piece(piece.as_bytes(), 0).unwrap_err();
    let line = |error: &crate::Error| format!("{} {}", error.path, error.code);
    refusal.errors.iter().map(line).collect()
}

#[test]
fn a_good_piece_is_read_as_the_strict_reader_reads_it() {
    let strict: CalendarPiece = serde_json::from_str(GOOD).unwrap();
    let reading = read(&format!(r#"{{"calendarId":"x","entries":[{GOOD}]}}"#));
    assert_eq!(reading.pieces[0].piece, strict);
    assert!(reading.pieces[0].defaults.is_empty());
    assert_eq!(strict.extra[0].json, r#"{"a": 1}"#);
}

#[test]
fn missing_fields_get_the_hosts_defaults_and_each_is_named() {
    let reading = read(r#"[{"channel":"IG","date":"2026-04-02","title":null}]"#);
    let read = &reading.pieces[0];
    assert_eq!(read.piece.title, "Pieza");
    assert_eq!(read.piece.format.as_str(), "post");
    assert_eq!(read.piece.time.to_string(), "09:00");
    let named: Vec<String> = read.defaults.iter().map(ToString::to_string).collect();
    assert_eq!(
        named,
        [
            "FIELD_DEFAULTED at `[0].title`: measured `Pieza`",
            "FIELD_DEFAULTED at `[0].format`: measured `post`",
            "FIELD_DEFAULTED at `[0].time`: measured `09:00`",
        ]
    );
}

#[test]
fn every_wrong_field_is_named() {
    assert_eq!(
        wrong(
            r#"{"id":"7","title":1,"format":"historia","copy":[],"script":{},"targetAudience":true,
                "time":"9:00","hashtags":["a",null,2],"order":1.5}"#
        ),
        [
            "id ID_INVALID",
            "title FIELD_TYPE_INVALID",
            "channel CHANNEL_UNSUPPORTED",
            "format FORMAT_UNSUPPORTED",
            "copy FIELD_TYPE_INVALID",
            "script FIELD_TYPE_INVALID",
            "targetAudience FIELD_TYPE_INVALID",
            "date FIELD_MISSING",
            "time TIME_INVALID",
            "hashtags[1] FIELD_TYPE_INVALID",
            "hashtags[2] FIELD_TYPE_INVALID",
            "order FIELD_VALUE_INVALID",
        ]
    );
}

#[test]
fn one_bad_element_never_blocks_the_others() {
    let lone_surrogate = GOOD.replace("Hola", r"\ud83d");
    let out_of_range = GOOD.replace("\"order\":3", "\"order\":1e999");
    let broken_name = GOOD.replace("mood", r"\ud83d");
    let reading = read(&format!(
        "[{GOOD}, null, 5, \"x\", [[]], {{}}, {lone_surrogate}, {out_of_range}, {broken_name}, {GOOD}]"
    ));
    let good: Vec<u32> = reading.pieces.iter().map(|piece| piece.index).collect();
    assert_eq!(good, [0, 9]);
    let paths = |index: usize| -> Vec<&str> {
        reading.refusals[index]
            .errors
            .iter()
            .map(|error| error.path.as_str())
            .collect()
    };
    assert_eq!(reading.refusals.len(), 8);
    assert_eq!(paths(0), ["[1]"]);
    assert_eq!(paths(4), ["[5].channel", "[5].date"]);
    assert_eq!(paths(5), ["[6].copy"]);
    assert_eq!(paths(6), ["[7].order"]);
    assert_eq!(paths(7), ["[8]"]);
}

#[test]
fn broken_documents_are_refused_with_their_place() {
    let refused = |json: &[u8]| {
        let error = read_pieces(json).unwrap_err();
        (error.code, error.position.map(|p| (p.line, p.column)))
    };
    assert_eq!(refused(b"[{},\n {]"), (Code::InputInvalid, Some((2, 3))));
    assert_eq!(refused(b"[{}"), (Code::InputInvalid, Some((1, 3))));
    assert_eq!(
        refused(b"[\n \"a\xFF\"]"),
        (Code::InputNotUtf8, Some((2, 4)))
    );
    assert_eq!(refused(b"{\"pieces\":[]}"), (Code::FieldMissing, None));
    assert_eq!(refused(b"\"entries\"").0, Code::InputInvalid);
}

#[test]
fn deep_nesting_is_refused_without_recursion() {
    let nested = |levels: usize| {
        let value = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        GOOD.replace(r#"{"a": 1}"#, &value)
    };
    assert!(read_piece(nested(64).as_bytes(), 0).is_ok());
    assert_eq!(wrong(&nested(65)), ["mood INPUT_TOO_DEEP"]);
    assert_eq!(wrong(&nested(1_000_000)), ["mood INPUT_TOO_DEEP"]);
    let brackets_in_a_string = GOOD.replace(r#"{"a": 1}"#, &format!("\"\\\"{}\"", "[".repeat(99)));
    assert!(read_piece(brackets_in_a_string.as_bytes(), 0).is_ok());
    let open = "[".repeat(10_000_000);
    assert_eq!(
        read_pieces(open.as_bytes()).unwrap_err().code,
        Code::InputInvalid
    );
    let hashtags = GOOD.replace(
        r#"["pan"]"#,
        &format!("[{}{}]", "[".repeat(100_000), "]".repeat(100_000)),
    );
    assert_eq!(wrong(&hashtags), ["hashtags[0] FIELD_TYPE_INVALID"]);
}

/// JSON values, mostly in the shape of pieces.
fn element() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z#]{0,6}".prop_map(Value::from),
        prop_oneof![
            "tiktok",
            "ig",
            "reel",
            "2026-04-02",
            "2026-02-30",
            "09:30",
            "25:00"
        ]
        .prop_map(Value::from),
        proptest::collection::vec("[a-z]{0,4}", 0..3).prop_map(|tags| json!(tags)),
    ];
    let name = prop_oneof![
        "id",
        "title",
        "channel",
        "format",
        "copy",
        "date",
        "time",
        "hashtags",
        "order",
        "[a-z]{1,3}"
    ];
    let wild = proptest::collection::hash_map(name, value.clone(), 0..8).prop_map(|m| json!(m));
    let likely = (value.clone(), value.clone(), value.clone(), value.clone()).prop_map(
        |(title, script, hashtags, mood)| {
            json!({"title": title, "channel": "ig", "date": "2026-04-02", "script": script,
                "hashtags": hashtags, "mood": mood})
        },
    );
    prop_oneof![value, wild, likely]
}

proptest! {
    #[test]
    fn every_element_is_read_or_refused_and_what_is_read_comes_back(
        elements in proptest::collection::vec(element(), 0..12)
    ) {
        let json = serde_json::to_string(&elements).unwrap();
        let reading = read(&json);
        prop_assert_eq!(reading.pieces.len() + reading.refusals.len(), elements.len());
        prop_assert!(reading.refusals.iter().all(|refusal| !refusal.errors.is_empty()));
        let written: Vec<&CalendarPiece> = reading.pieces.iter().map(|read| &read.piece).collect();
        let again = read(&serde_json::to_string(&written).unwrap());
        let pieces: Vec<&CalendarPiece> = again.pieces.iter().map(|read| &read.piece).collect();
        prop_assert_eq!(pieces, written);
        prop_assert!(again.pieces.iter().all(|read| read.defaults.is_empty()));
    }

    #[test]
    fn the_two_ways_through_a_document_agree(element in element()) {
        let json = element.to_string();
        let listed = read(&format!("[{json}]"));
        match read_piece(json.as_bytes(), 0) {
            Ok(read) => prop_assert_eq!(&read.piece, &listed.pieces[0].piece),
            Err(refusal) => prop_assert_eq!(refusal.errors.len(), listed.refusals[0].errors.len()),
        }
    }
}
