//! What an import found, collected.

use std::io::Read;

use serde::{Deserialize, Serialize};

use super::{CsvImportOptions, Imported, JsonImportOptions, import_csv, import_json};
use crate::error::Error;
use crate::export::{Delimiter, ExportedEntry};
use crate::model::{CalendarId, CalendarPiece, EntryId, RunRef, Timestamp, Zone};

/// A piece read from a row of a CSV.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportedPiece {
    /// The line of the file its row begins on.
    pub line: i64,
    /// The entry it was exported from, where the row says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<EntryId>,
    /// The piece.
    pub piece: CalendarPiece,
    /// The instant it was scheduled for, where the row says so and its date, time and zone agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_at: Option<Timestamp>,
    /// The zone of its account, where the row says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<Zone>,
    /// The cells that were empty and were given the host's default, and, as
    /// [`Code::ScheduleMissing`](crate::Code::ScheduleMissing), an instant that was dropped because
    /// the row's date, time and zone name another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defaulted: Vec<Error>,
}

/// A row or an entry that wasn't taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refusal {
    /// The line of the file it begins on.
    pub line: i64,
    /// Everything that is wrong with it, each with its place.
    pub errors: Vec<Error>,
}

/// What the header of a CSV says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CsvHeader {
    /// What separates the cells.
    pub delimiter: Delimiter,
    /// Columns that aren't known here; their cells are left unread.
    pub unknown_columns: Vec<Error>,
    /// Columns that are missing and whose value every piece gets by default.
    pub missing_columns: Vec<Error>,
}

/// A CSV, read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CsvImport {
    /// What the header says.
    pub header: CsvHeader,
    /// The good rows, in the file's order.
    pub pieces: Vec<ImportedPiece>,
    /// The others, up to [`MAX_REFUSALS`] of them.
    pub refused: Vec<Refusal>,
    /// How many others there were.
    pub refused_count: u32,
}

/// A JSON document, read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JsonImport {
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The run, where the document names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunRef>,
    /// When it was exported, where the document says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exported_at: Option<Timestamp>,
    /// The good entries, in the document's order.
    pub entries: Vec<ExportedEntry>,
    /// The others, up to [`MAX_REFUSALS`] of them.
    pub refused: Vec<Refusal>,
    /// How many others there were.
    pub refused_count: u32,
}

/// The refusals that a collected import lists; a hostile file holds millions.
pub const MAX_REFUSALS: usize = 1_000;

/// Reads a CSV and collects what [`import_csv`] finds.
///
/// ```
/// use calendar_publish::import::{CsvImportOptions, read_csv};
/// use calendar_publish::Code;
///
/// let csv = "title;channel;date;time\r\nPan;ig;2026-04-02;09:00\r\nMasa;ig;2026-02-30;09:00\r\n";
/// let import = read_csv(csv.as_bytes(), &CsvImportOptions::default())?;
/// assert_eq!(import.pieces[0].piece.title, "Pan");
/// let refused = &import.refused[0].errors[0];
/// assert_eq!(refused.code, Code::DateInvalid);
/// assert_eq!(refused.to_string().split(':').next().unwrap(),
///     "DATE_INVALID at `date` (line 3, column 3)");
/// # Ok::<(), calendar_publish::Error>(())
/// ```
///
/// # Errors
/// As [`import_csv`].
pub fn read_csv(input: impl Read, options: &CsvImportOptions) -> Result<CsvImport, Error> {
    let mut found = Found::default();
    let header = import_csv(input, options, |item| found.add(item))?;
    Ok(CsvImport {
        header,
        pieces: found.taken,
        refused: found.refused,
        refused_count: found.refused_count,
    })
}

/// Reads a JSON document and collects what [`import_json`] finds.
///
/// # Errors
/// As [`import_json`].
pub fn read_json(input: impl Read, options: &JsonImportOptions) -> Result<JsonImport, Error> {
    let mut found = Found::default();
    let head = import_json(input, options, |item| found.add(item))?;
    Ok(JsonImport {
        calendar_id: head.calendar_id,
        run_id: head.run_id,
        exported_at: head.exported_at,
        entries: found.taken,
        refused: found.refused,
        refused_count: found.refused_count,
    })
}

struct Found<T> {
    taken: Vec<T>,
    refused: Vec<Refusal>,
    refused_count: u32,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self {
            taken: Vec::new(),
            refused: Vec::new(),
            refused_count: 0,
        }
    }
}

impl<T> Found<T> {
    fn add(&mut self, item: Imported<T>) {
        match item {
            Imported::Taken(item) => self.taken.push(item),
            Imported::Refused(refusal) => {
                self.refused_count = self.refused_count.saturating_add(1);
                if self.refused.len() < MAX_REFUSALS {
                    self.refused.push(refusal);
                }
            }
        }
    }
}
