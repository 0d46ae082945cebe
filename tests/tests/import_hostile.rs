//! Input that is huge, nested, cut or no text at all ends in an error, soon and in bounded memory.

use std::io::{self, Read};

use calendar_publish::Code;
use calendar_publish::error::Unit;
use calendar_publish::import::{
    CsvImportOptions, Imported, JsonImportOptions, MAX_REFUSALS, import_csv, import_json, read_csv,
};

const HUGE: u64 = 100 * 1024 * 1024;

/// A bound that an unoptimised build reaches soon.
const BOUND: u32 = 2 * 1024 * 1024;

fn csv_options() -> CsvImportOptions {
    CsvImportOptions {
        max_bytes: BOUND,
        ..CsvImportOptions::default()
    }
}

fn json_options() -> JsonImportOptions {
    JsonImportOptions {
        max_bytes: BOUND,
        ..JsonImportOptions::default()
    }
}

fn csv_code(input: impl Read) -> Code {
    import_csv(input, &csv_options(), |_| {}).unwrap_err().code
}

fn json_code(input: impl Read) -> Code {
    import_json(input, &json_options(), |_| {})
        .unwrap_err()
        .code
}

/// `head`, then `unit` again and again up to 100 MB.
fn huge<'a>(head: &'a str, unit: &'a str) -> impl Read + 'a {
    let block = unit.repeat(64 * 1024 / unit.len());
    let mut at = 0;
    let endless = Endless(move |buffer: &mut [u8]| {
        for byte in buffer.iter_mut() {
            *byte = block.as_bytes()[at];
            at = (at + 1) % block.len();
        }
    });
    head.as_bytes().chain(endless.take(HUGE))
}

struct Endless<F>(F);

impl<F: FnMut(&mut [u8])> Read for Endless<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (self.0)(buffer);
        Ok(buffer.len())
    }
}

#[test]
fn a_hundred_megabytes_of_csv_are_too_large() {
    for (head, unit) in [
        ("channel,date,copy\nig,2026-04-02,\"", "x"),
        ("channel,date\n", ","),
        ("channel,date\n", "\n"),
        ("channel,date\n", "a\n"),
        ("\"", "\"\""),
    ] {
        assert_eq!(
            csv_code(huge(head, unit)),
            Code::InputTooLarge,
            "{head:?} {unit:?}"
        );
    }
}

#[test]
fn without_another_word_64_mebibytes_are_the_bound() {
    let cell = huge("channel,date,copy\nig,2026-04-02,\"", "x");
    let error = import_csv(cell, &CsvImportOptions::default(), |_| {}).unwrap_err();
    assert_eq!(error.code, Code::InputTooLarge);
    let allowed = calendar_publish::error::Allowed::at_most(67_108_864, Unit::Bytes);
    assert_eq!(error.allowed, Some(allowed));
}

#[test]
fn a_header_of_a_hundred_megabytes_is_no_header() {
    let mut rows = 0;
    let error = import_csv(huge("", ","), &csv_options(), |_| rows += 1).unwrap_err();
    assert_eq!((error.code, rows), (Code::InputTooLarge, 0));
    let header = "channel,date".to_owned() + &",x".repeat(5_000) + "\n";
    assert_eq!(csv_code(header.as_bytes()), Code::CsvHeaderInvalid);
}

#[test]
fn a_hundred_megabytes_of_json_are_too_large() {
    let head = r#"{"schemaVersion":1,"entries":["#;
    for unit in [" ", "[", "\"x\\\"\",", "7,"] {
        assert_eq!(json_code(huge(head, unit)), Code::InputTooLarge, "{unit:?}");
    }
}

#[test]
fn nesting_without_end_is_an_error() {
    for json in ["[".repeat(100_000), "{\"a\":".repeat(100_000)] {
        assert_eq!(json_code(json.as_bytes()), Code::InputInvalid);
        let version = format!("{{\"schemaVersion\":{json}");
        assert_eq!(json_code(version.as_bytes()), Code::InputInvalid);
    }
    let entry = "[".repeat(100_000) + &"]".repeat(100_000);
    let json = format!(
        r#"{{"schemaVersion":1,"calendarId":"00000000-0000-7000-8000-0000000000c1","entries":[{entry}]}}"#
    );
    let mut codes = Vec::new();
    import_json(json.as_bytes(), &JsonImportOptions::default(), |item| {
        if let Imported::Refused(refusal) = item {
            codes.push(refusal.errors[0].code);
        }
    })
    .unwrap();
    assert_eq!(codes, [Code::InputTooDeep]);
}

#[test]
fn a_hundred_thousand_bad_rows_are_counted_and_not_all_kept() {
    let csv = "channel,date\n".to_owned() + &"x,y\n".repeat(100_000);
    let import = read_csv(csv.as_bytes(), &CsvImportOptions::default()).unwrap();
    assert_eq!(import.refused.len(), MAX_REFUSALS);
    assert_eq!(import.refused_count, 100_000);
}

#[test]
fn every_cut_of_a_document_is_refused_with_its_place() {
    let json = r#"{"schemaVersion":1,"calendarId":"00000000-0000-7000-8000-0000000000c1",
"entries":[{"entry":{"id":"00000000-0000-7000-8000-000000000001","calendarId":
"00000000-0000-7000-8000-0000000000c1","piece":{"channel":"ig","date":"2026-04-02","copy":"ñ"}}}]}"#;
    for cut in 0..json.len() {
        let error = import_json(
            &json.as_bytes()[..cut],
            &JsonImportOptions::default(),
            |_| {},
        )
        .unwrap_err();
        assert!(error.position.is_some(), "cut at {cut}: {error}");
    }
}

#[test]
fn binary_files_are_no_calendars() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let zip = b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0";
    assert_eq!(csv_code(png.as_slice()), Code::InputNotUtf8);
    assert_eq!(json_code(png.as_slice()), Code::InputNotUtf8);
    assert_eq!(csv_code(zip.as_slice()), Code::CsvHeaderInvalid);
    assert_eq!(json_code(zip.as_slice()), Code::InputInvalid);
    assert_eq!(csv_code(io::repeat(0).take(1_000)), Code::CsvHeaderInvalid);
}
