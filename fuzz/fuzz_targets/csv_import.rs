//! What was read from any CSV, exported and read again, is the same; what wasn't read has a place.
#![no_main]

use calendar_publish::Code;
use calendar_publish::export::{ColumnSet, CsvOptions, ExportRow, export_csv};
use calendar_publish::import::{CsvImportOptions, read_csv};
use calendar_publish::model::{CalendarEntry, CalendarId, EntryId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let import = match read_csv(bytes, &CsvImportOptions::default()) {
        Ok(import) => import,
        Err(error) => {
            assert!(error.position.is_some() || error.code == Code::InputTooLarge);
            return;
        }
    };
    for error in import.refused.iter().flat_map(|refusal| &refusal.errors) {
        assert!(error.position.is_some());
    }
    let calendar: CalendarId = "018f0000-0000-7000-8000-0000000000c1".parse().unwrap();
    let nobody: EntryId = "018f0000-0000-7000-8000-000000000001".parse().unwrap();
    let entries: Vec<CalendarEntry> = import
        .pieces
        .iter()
        .map(|read| {
            let id = read.id.unwrap_or(nobody);
            let mut entry = CalendarEntry::new(id, calendar, read.piece.clone());
            entry.scheduled_at = read.scheduled_at;
            entry
        })
        .collect();
    let rows = entries
        .iter()
        .zip(&import.pieces)
        .map(|(entry, read)| ExportRow {
            timezone: read.timezone,
            ..ExportRow::new(entry)
        });
    let options = CsvOptions {
        columns: ColumnSet::Extended,
        delimiter: import.header.delimiter,
        bom: false,
    };
    let mut csv = Vec::new();
    export_csv(rows, &options, &mut csv).unwrap();
    let again = read_csv(csv.as_slice(), &CsvImportOptions::default()).unwrap();
    assert!(again.refused.is_empty());
    assert_eq!(again.pieces.len(), import.pieces.len());
    for (again, read) in again.pieces.iter().zip(&import.pieces) {
        assert_eq!(again.piece, read.piece);
        assert_eq!(again.id, Some(read.id.unwrap_or(nobody)));
        assert_eq!(again.scheduled_at, read.scheduled_at);
        assert_eq!(again.timezone, read.timezone);
    }
});
