//! What an export wrote is read back exactly, and what nobody wrote ends in an error with a place.

use std::io::Read;

use proptest::prelude::*;

use super::{CsvImportOptions, JsonImportOptions, read_csv, read_json};
use crate::Code;
use crate::export::{
    ColumnSet, CsvOptions, Delimiter, ExportRow, JsonHead, export_csv, export_json,
};
use crate::model::{
    CalendarEntry, CalendarPiece, Channel, EntryId, ExtraField, LocalDate, LocalTime, PostFormat,
    Timestamp, Zone,
};
use crate::schedule::resolve;

const CALENDAR: &str = "018f0000-0000-7000-8000-0000000000c1";

/// Texts with everything that a file format, a spreadsheet or a person could trip over.
fn hostile_text() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "'",
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "\0",
        ";",
        ",",
        "\"",
        "\"\"",
        "\\",
        "\\e",
        " ",
        "\u{a0}",
        "＝",
        "＠",
        "Hola",
        "¡Ñandú!",
        "👩‍🍳",
        "\u{202e}\u{5e9}\u{5dc}",
        "\u{feff}",
        "{\"a\":1}",
        "#pan",
        "\u{2028}",
        "\u{7f}",
    ]);
    prop_oneof![
        prop::collection::vec(bits, 0..6).prop_map(|bits| bits.concat()),
        any::<String>(),
    ]
}

fn extra() -> impl Strategy<Value = Vec<ExtraField>> {
    let value = prop_oneof![
        hostile_text().prop_map(|text| serde_json::to_string(&text).unwrap()),
        Just("null".to_owned()),
        Just("1.50e3".to_owned()),
        Just("[ {\"b\" : []} ]".to_owned()),
    ];
    prop::collection::btree_map("x-[a-z=+;\"']{0,5}", value, 0..3).prop_map(|fields| {
        fields
            .into_iter()
            .map(|(name, json)| ExtraField { name, json })
            .collect()
    })
}

prop_compose! {
    fn any_piece()(
        (id, order) in (any::<Option<u128>>(), any::<Option<u32>>()),
        (title, copy) in (hostile_text(), hostile_text()),
        (script, target_audience) in (
            prop::option::of(hostile_text()),
            prop::option::of(hostile_text()),
        ),
        channel in prop::sample::select(Channel::ALL.to_vec()),
        format in prop::sample::select(vec!["post", "Carrusel", " reel", "\tvideo\n"]),
        (year, day, minute) in (1..=9999_i32, 1..=365_u32, 0..1440_u32),
        hashtags in prop::collection::vec(hostile_text(), 0..4),
        extra in extra(),
    ) -> CalendarPiece {
        CalendarPiece {
            id: id.map(|id| EntryId::new(uuid::Uuid::from_u128(id))),
            title,
            channel,
            format: format.parse::<PostFormat>().unwrap(),
            copy,
            script,
            target_audience,
            date: LocalDate::new(chrono::NaiveDate::from_yo_opt(year, day).unwrap()).unwrap(),
            time: LocalTime::from_hm(minute / 60, minute % 60).unwrap(),
            hashtags,
            order,
            extra,
        }
    }
}

fn entry(number: usize, piece: CalendarPiece) -> CalendarEntry {
    let id = EntryId::new(uuid::Uuid::from_u128(number as u128 + 1));
    CalendarEntry::new(id, CALENDAR.parse().unwrap(), piece)
}

fn csv_of(entries: &[CalendarEntry], options: &CsvOptions) -> Vec<u8> {
    let mut csv = Vec::new();
    export_csv(entries.iter().map(ExportRow::new), options, &mut csv).unwrap();
    csv
}

fn head() -> JsonHead {
    JsonHead {
        calendar_id: CALENDAR.parse().unwrap(),
        run_id: None,
        exported_at: None,
    }
}

/// Hands out one byte at a time, as a slow network may.
struct Dribble<'a>(&'a [u8]);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = buffer.len().min(1);
        self.0.read(&mut buffer[..count])
    }
}

proptest! {
    #[test]
    fn extended_csv_comes_back_whole(
        pieces in prop::collection::vec(any_piece(), 1..4),
        semicolon: bool,
        bom: bool,
    ) {
        let delimiter = if semicolon { Delimiter::Semicolon } else { Delimiter::Comma };
        let options = CsvOptions { columns: ColumnSet::Extended, delimiter, bom };
        let zone: Zone = "Europe/Madrid".parse().unwrap();
        let mut entries: Vec<CalendarEntry> =
            pieces.into_iter().enumerate().map(|(n, piece)| entry(n, piece)).collect();
        let first = &entries[0].piece;
        let at = resolve(first.date, first.time, zone).instant;
        entries[0].scheduled_at = Some(Timestamp::from_millis(at.millis() + 123));
        let rows = entries.iter().map(|entry| ExportRow {
            timezone: Some(zone),
            reason: Some("=reason"),
            ..ExportRow::new(entry)
        });
        let mut csv = Vec::new();
        export_csv(rows, &options, &mut csv).unwrap();

        let import = read_csv(Dribble(&csv), &CsvImportOptions::default()).unwrap();
        prop_assert_eq!(&import.refused, &[]);
        prop_assert_eq!(import.header.delimiter, delimiter);
        prop_assert_eq!(import.header.unknown_columns, []);
        prop_assert_eq!(import.pieces.len(), entries.len());
        for (read, entry) in import.pieces.into_iter().zip(entries) {
            prop_assert_eq!(read.piece, entry.piece);
            prop_assert_eq!(read.id, Some(entry.id));
            prop_assert_eq!(read.scheduled_at, entry.scheduled_at);
            prop_assert_eq!(read.timezone, Some(zone));
            prop_assert_eq!(read.defaulted, []);
        }
    }

    #[test]
    fn the_hosts_columns_bring_back_what_they_hold(piece in any_piece()) {
        let written = CalendarPiece { id: None, order: None, extra: Vec::new(), ..piece };
        let csv = csv_of(&[entry(0, written.clone())], &CsvOptions::default());
        let import = read_csv(csv.as_slice(), &CsvImportOptions::default()).unwrap();
        prop_assert_eq!(&import.refused, &[]);
        prop_assert_eq!(&import.pieces[0].piece, &written);
    }

    #[test]
    fn json_comes_back_whole(pieces in prop::collection::vec(any_piece(), 0..4)) {
        let entries: Vec<CalendarEntry> =
            pieces.into_iter().enumerate().map(|(n, piece)| entry(n, piece)).collect();
        let mut json = Vec::new();
        export_json(entries.iter().map(ExportRow::new), &head(), &mut json).unwrap();
        let import = read_json(Dribble(&json), &JsonImportOptions::default()).unwrap();
        prop_assert_eq!(&import.refused, &[]);
        let read: Vec<CalendarEntry> =
            import.entries.into_iter().map(|exported| exported.entry).collect();
        prop_assert_eq!(read, entries);
    }

    #[test]
    fn a_csv_cut_anywhere_gives_rows_or_places(
        pieces in prop::collection::vec(any_piece(), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let entries: Vec<CalendarEntry> =
            pieces.into_iter().enumerate().map(|(n, piece)| entry(n, piece)).collect();
        let csv = csv_of(&entries, &CsvOptions::default());
        let cut = cut.index(csv.len());
        match read_csv(&csv[..cut], &CsvImportOptions::default()) {
            Err(error) => prop_assert!(error.position.is_some(), "{}", error),
            Ok(import) => {
                prop_assert!(import.refused.len() <= 1, "only the last row is cut");
                for error in import.refused.iter().flat_map(|refusal| &refusal.errors) {
                    prop_assert!(error.position.is_some(), "{}", error);
                }
            }
        }
    }
}

fn refuse_json(json: &[u8]) -> crate::Error {
    read_json(json, &JsonImportOptions::default()).unwrap_err()
}

#[test]
fn an_excel_file_in_windows_1252_is_refused_at_its_first_accent() {
    let csv = b"title;channel;date\r\nPan;ig;2026-04-02\r\n\"Dos\nl\xEDneas\";ig;2026-04-02\r\n";
    let error = read_csv(csv.as_slice(), &CsvImportOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "INPUT_NOT_UTF8 (line 4, column 1): measured `byte 0xED`"
    );
}

#[test]
fn utf_16_is_refused_at_once() {
    let csv: Vec<u8> = "\u{feff}title,channel,date"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let error = read_csv(csv.as_slice(), &CsvImportOptions::default()).unwrap_err();
    assert_eq!(error.code, Code::InputNotUtf8);
    assert_eq!(
        error.to_string(),
        "INPUT_NOT_UTF8 (line 1, column 1): measured `byte 0xFF`"
    );
}

#[test]
fn json_that_is_not_utf8_is_refused_with_its_place() {
    let error = refuse_json(b"{\"schemaVersion\": 1,\n \"calendarId\": \"\xE9\"}");
    assert_eq!(
        error.to_string(),
        "INPUT_NOT_UTF8 (line 2, column 17): measured `byte 0xE9`"
    );
    assert_eq!(refuse_json(b"{\"\xE2\x82").code, Code::InputNotUtf8);
    assert_eq!(
        read_json(Dribble(b"{\"\xE2\x28\xA1"), &JsonImportOptions::default())
            .unwrap_err()
            .code,
        Code::InputNotUtf8
    );
}

#[test]
fn an_unreadable_source_is_named() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    for error in [
        read_csv(Broken, &CsvImportOptions::default()).unwrap_err(),
        read_json(Broken, &JsonImportOptions::default()).unwrap_err(),
    ] {
        assert_eq!(
            error.to_string(),
            "INPUT_INVALID: measured `the disk is gone`"
        );
    }
}

#[test]
fn a_cell_of_100_kilobytes_survives() {
    let mut piece = entry(
        0,
        serde_json::from_str(r#"{"channel":"ig","date":"2026-04-02"}"#).unwrap(),
    );
    piece.piece.copy = "=\"é\r\n".repeat(20_000);
    let csv = csv_of(std::slice::from_ref(&piece), &CsvOptions::default());
    let import = read_csv(csv.as_slice(), &CsvImportOptions::default()).unwrap();
    assert_eq!(import.pieces[0].piece, piece.piece);
}

#[test]
fn a_payload_whose_unknown_field_is_no_json_is_refused_by_name() {
    let mut broken = entry(
        0,
        serde_json::from_str(r#"{"channel":"ig","date":"2026-04-02"}"#).unwrap(),
    );
    broken.piece.extra.push(ExtraField {
        name: "mood".to_owned(),
        json: "{".to_owned(),
    });
    let options = CsvOptions {
        columns: ColumnSet::Extended,
        ..CsvOptions::default()
    };
    let error = export_csv([ExportRow::new(&broken)], &options, std::io::sink()).unwrap_err();
    assert_eq!(error.code, Code::FieldValueInvalid);
    assert_eq!(error.path, "entries[0].piece.extra");
    let error = export_json([ExportRow::new(&broken)], &head(), std::io::sink()).unwrap_err();
    assert_eq!(error.code, Code::FieldValueInvalid);
}

#[test]
fn a_full_disk_is_named() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("no space left"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let stamp = "2026-04-01T09:00:00Z".parse().unwrap();
    let ical = crate::export::IcalOptions { stamp };
    for error in [
        export_csv([], &CsvOptions::default(), Full).unwrap_err(),
        export_json([], &head(), Full).unwrap_err(),
        crate::export::export_ical([], &ical, Full).unwrap_err(),
    ] {
        assert_eq!(error.to_string(), "WRITE_FAILED: measured `no space left`");
    }
}
