//! Exports are read by readers that aren't ours: Python's `csv`, Python's `icalendar`, and the crate
//! `icalendar`.

use std::path::{Path, PathBuf};
use std::process::Command;

use calendar_publish::export::{
    Column, ColumnSet, CsvOptions, Delimiter, ExportRow, IcalOptions, export_csv, export_ical,
};
use calendar_publish::model::{CalendarEntry, Timestamp, Zone};
use calendar_publish_tests::calendars::calendar;
use icalendar::{CalendarDateTime, Component, DatePerhapsTime};
use serde::Deserialize;

const INSTALL: &str = "python3 -m pip install -r tests/oracles/requirements.txt";

fn python(script: &str, arguments: &[&str]) -> Vec<u8> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("oracles")
        .join(script);
    let output = Command::new("python3")
        .arg(script)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("python3 is needed: {error}; then run `{INSTALL}`"));
    assert!(
        output.status.success(),
        "{}\nIf a package is missing, run `{INSTALL}`",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Numbers that look random and are the same every time (Knuth's MMIX generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn text(&mut self) -> String {
        const BITS: [&str; 22] = [
            "=",
            "+",
            "-",
            "@",
            "\t",
            "\r",
            "\n",
            "\r\n",
            "'",
            "\"",
            ",",
            ";",
            " ",
            "＝",
            "Hola",
            "¡Ñ!",
            "👩‍🍳",
            "\u{202e}\u{5e9}",
            "\\",
            "\u{0}",
            "\u{2028}",
            "\u{a0}",
        ];
        let length = self.below(7);
        (0..length)
            .map(|_| BITS[self.below(BITS.len() as u64) as usize])
            .collect()
    }
}

fn hostile_calendar(count: usize) -> Vec<CalendarEntry> {
    let mut numbers = Numbers(2026);
    let mut entries = calendar(count).unwrap();
    for entry in &mut entries {
        entry.piece.title = numbers.text();
        entry.piece.copy = numbers.text();
        entry.piece.script = Some(numbers.text());
    }
    if let Some(entry) = entries.first_mut() {
        entry.piece.copy = "=\"\r\n".repeat(25_000);
    }
    entries
}

/// Whether a spreadsheet may take the cell for a formula.
fn is_formula(cell: &str) -> bool {
    let begin = cell.trim_start_matches([' ', '\u{a0}', '\u{2028}']);
    begin.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠',
    ])
}

#[test]
fn python_reads_the_csv_cell_by_cell() {
    let entries = hostile_calendar(2_000);
    for (columns, delimiter, bom) in [
        (ColumnSet::Host, Delimiter::Comma, false),
        (ColumnSet::Host, Delimiter::Semicolon, true),
        (ColumnSet::Extended, Delimiter::Comma, true),
        (ColumnSet::Extended, Delimiter::Semicolon, false),
    ] {
        let options = CsvOptions {
            columns,
            delimiter,
            bom,
        };
        let mut csv = Vec::new();
        export_csv(entries.iter().map(ExportRow::new), &options, &mut csv).unwrap();
        let separator = char::from(delimiter.byte()).to_string();
        let path = file(&format!("export-{columns:?}-{delimiter:?}.csv"), &csv);
        let answer = python("read_csv.py", &[path.to_str().unwrap(), &separator]);
        let rows: Vec<Vec<String>> = serde_json::from_slice(&answer).unwrap();

        let names: Vec<&str> = columns.columns().iter().map(|c| c.as_str()).collect();
        assert_eq!(rows[0], names);
        assert_eq!(rows.len(), entries.len() + 1);
        for (row, entry) in rows[1..].iter().zip(&entries) {
            assert_eq!(row.len(), names.len());
            for cell in row {
                assert!(!is_formula(cell), "a spreadsheet may run {cell:?}");
            }
            let piece = &entry.piece;
            for (column, text) in [
                (Column::Title, &piece.title),
                (Column::Copy, &piece.copy),
                (Column::Script, piece.script.as_ref().unwrap()),
            ] {
                let cell = &row[column as usize];
                assert!(
                    cell == text || *cell == format!("'{text}"),
                    "{text:?} came out as {cell:?}"
                );
            }
            assert_eq!(row[Column::Date as usize], piece.date.to_string());
            assert_eq!(row[Column::Time as usize], piece.time.to_string());
            assert_eq!(row[Column::Hashtags as usize], piece.hashtags.join(";"));
            if columns == ColumnSet::Extended {
                assert_eq!(row[Column::Id as usize], entry.id.to_string());
                assert_eq!(row[Column::Extra as usize], r#"{"pillar":"oficio"}"#);
            }
        }
    }
}

const ZONES: [&str; 12] = [
    "Europe/Madrid",
    "Europe/Dublin",
    "Africa/Casablanca",
    "America/New_York",
    "America/Mexico_City",
    "America/Argentina/Buenos_Aires",
    "America/St_Johns",
    "America/Santiago",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
];

/// Entries in twelve zones at any minute of 1995 to 2030, many of them near the changes of clocks.
fn scheduled() -> Vec<(CalendarEntry, Zone)> {
    let mut numbers = Numbers(1_995);
    let begin: Timestamp = "1995-01-01T00:00:00Z".parse().unwrap();
    let minutes = 36 * 365 * 24 * 60;
    hostile_calendar(3_000)
        .into_iter()
        .enumerate()
        .map(|(index, mut entry)| {
            let minute = numbers.below(minutes) as i64;
            let instant = Timestamp::from_millis(begin.millis() + minute * 60_000);
            entry.scheduled_at = Some(instant);
            (entry, ZONES[index % ZONES.len()].parse().unwrap())
        })
        .chain(around_changes())
        .collect()
}

/// Every quarter of an hour around the changes of 2026 in three zones.
fn around_changes() -> Vec<(CalendarEntry, Zone)> {
    let changes = [
        ("Europe/Madrid", "2026-03-29T01:00:00Z"),
        ("Europe/Madrid", "2026-10-25T01:00:00Z"),
        ("America/New_York", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-11-01T06:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ];
    let mut entries = calendar(changes.len() * 24).unwrap().into_iter();
    let mut around = Vec::new();
    for (zone, change) in changes {
        let change: Timestamp = change.parse().unwrap();
        for quarter in -12..12 {
            let mut entry = entries.next().unwrap();
            let instant = Timestamp::from_millis(change.millis() + quarter * 900_000);
            entry.scheduled_at = Some(instant);
            around.push((entry, zone.parse().unwrap()));
        }
    }
    around
}

fn ical_of(entries: &[(CalendarEntry, Zone)]) -> Vec<u8> {
    let rows = entries.iter().map(|(entry, zone)| ExportRow {
        timezone: Some(*zone),
        ..ExportRow::new(entry)
    });
    let options = IcalOptions {
        stamp: "2026-04-01T09:00:00Z".parse().unwrap(),
    };
    let mut ical = Vec::new();
    export_ical(rows, &options, &mut ical).unwrap();
    ical
}

/// A text as a reader of iCalendar gives it back: without control characters, with LF for any break.
fn read_back(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || !c.is_ascii_control())
        .collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PythonEvent {
    uid: String,
    instant: i64,
    instant_by_file: i64,
    summary: String,
    description: String,
    categories: Vec<String>,
    sequence: i64,
    errors: Vec<String>,
}

#[test]
fn python_reads_the_icalendar_and_its_instants() {
    let entries = scheduled();
    let ical = ical_of(&entries);
    for line in ical.split(|byte| *byte == b'\n') {
        assert!(line.len() <= 76, "a line of {} octets", line.len());
    }
    let path = file("export.ics", &ical);
    let answer = python("read_ical.py", &[path.to_str().unwrap()]);
    let events: Vec<PythonEvent> = serde_json::from_slice(&answer).unwrap();
    assert_eq!(events.len(), entries.len());
    for (event, (entry, zone)) in events.iter().zip(&entries) {
        let instant = entry.scheduled_at.unwrap();
        assert_eq!(event.uid, entry.id.to_string());
        assert_eq!(event.errors, Vec::<String>::new());
        assert_eq!(event.instant * 1_000, instant.millis(), "{instant} {zone}");
        assert_eq!(
            event.instant_by_file * 1_000,
            instant.millis(),
            "{instant} by the VTIMEZONE of {zone}"
        );
        assert_eq!(event.summary, read_back(&entry.piece.title));
        assert!(event.description.starts_with(&read_back(&entry.piece.copy)));
        let channel = entry.piece.channel.brand();
        assert_eq!(event.categories, [channel, "carrusel"]);
        assert_eq!(event.sequence, entry.revision);
    }
}

#[test]
fn the_crate_icalendar_reads_the_same() {
    let entries = scheduled();
    let text = String::from_utf8(ical_of(&entries)).unwrap();
    let calendar: icalendar::Calendar = text.parse().unwrap();
    let events: Vec<_> = calendar
        .components
        .iter()
        .filter_map(|component| component.as_event())
        .collect();
    assert_eq!(events.len(), entries.len());
    for (event, (entry, zone)) in events.into_iter().zip(&entries) {
        let expected = entry.scheduled_at.unwrap().utc();
        assert_eq!(event.get_uid(), Some(entry.id.to_string().as_str()));
        match event.get_start() {
            Some(DatePerhapsTime::DateTime(CalendarDateTime::Utc(instant))) => {
                assert_eq!(instant, expected);
            }
            Some(DatePerhapsTime::DateTime(CalendarDateTime::WithTimezone { date_time, tzid })) => {
                assert_eq!(tzid, zone.name());
                assert_eq!(date_time, expected.with_timezone(&zone.tz()).naive_local());
            }
            other => panic!("{other:?}"),
        }
    }
}
