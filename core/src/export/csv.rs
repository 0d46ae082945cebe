//! CSV for spreadsheets: RFC 4180, every field quoted, guarded against formulas.

use std::io::Write;

use csv::{ByteRecord, QuoteStyle, Terminator, WriterBuilder};
use serde::{Deserialize, Serialize};

use super::cell::{Scratch, cell};
use super::{BUFFER_BYTES, ColumnSet, Delimiter, ExportRow, write_failed};
use crate::error::Error;

/// How the CSV is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CsvOptions {
    /// The host's columns, or those that carry everything.
    #[serde(default)]
    pub columns: ColumnSet,
    /// What separates cells.
    #[serde(default)]
    pub delimiter: Delimiter,
    /// Whether a byte order mark stands first. Excel needs it to read UTF-8.
    #[serde(default)]
    pub bom: bool,
}

/// Writes `rows` as CSV: a header and a row an entry.
///
/// Every field is quoted and rows end with CRLF (RFC 4180, 2005). Line breaks, quotes, NUL and
/// anything else inside a cell stay as they are. A cell that a spreadsheet could run as a formula
/// gets an apostrophe in front, which [`import_csv`](crate::import::import_csv) takes off again; the
/// hashtags are joined with `;` (`\;` for a semicolon inside one). A script or audience that is
/// there and empty is a lone apostrophe.
///
/// `status`, `readiness` and `reason` say what the row says; nothing is judged here.
///
/// ```
/// use calendar_publish::export::{CsvOptions, ExportRow, export_csv};
/// use calendar_publish::model::CalendarEntry;
///
/// let entry: CalendarEntry = serde_json::from_str(r#"{
///     "id": "018f0000-0000-7000-8000-000000000001",
///     "calendarId": "018f0000-0000-7000-8000-0000000000c1",
///     "piece": { "title": "=1+1", "channel": "ig", "format": "reel", "date": "2026-04-02" }
/// }"#).unwrap();
/// let mut csv = Vec::new();
/// export_csv([ExportRow::new(&entry)], &CsvOptions::default(), &mut csv)?;
/// let csv = String::from_utf8(csv).unwrap();
/// assert_eq!(
///     csv.lines().nth(1).unwrap(),
///     r#""'=1+1","instagram","reel","","","","2026-04-02","09:00","","""#
/// );
/// # Ok::<(), calendar_publish::Error>(())
/// ```
///
/// # Errors
/// [`Code::WriteFailed`](crate::Code::WriteFailed) where the writer refuses; what was written by then
/// is no whole calendar. [`Code::FieldValueInvalid`](crate::Code::FieldValueInvalid) where an unknown
/// field of a payload holds no JSON.
pub fn export_csv<'a>(
    rows: impl IntoIterator<Item = ExportRow<'a>>,
    options: &CsvOptions,
    mut out: impl Write,
) -> Result<(), Error> {
    if options.bom {
        out.write_all(b"\xEF\xBB\xBF")
            .map_err(|error| write_failed(&error))?;
    }
    let mut writer = WriterBuilder::new()
        .delimiter(options.delimiter.byte())
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .buffer_capacity(BUFFER_BYTES)
        .from_writer(out);
    let columns = options.columns.columns();
    writer
        .write_record(columns.iter().map(|column| column.as_str()))
        .map_err(csv_failed)?;
    let mut scratch = Scratch::default();
    // The writer has its fast path for whole records.
    let mut record = ByteRecord::new();
    for (index, row) in rows.into_iter().enumerate() {
        record.clear();
        for &column in columns {
            let cell = cell(column, &row, &mut scratch)
                .map_err(|error| error.under(&format!("entries[{index}]")))?;
            record.push_field(cell.as_bytes());
        }
        writer.write_byte_record(&record).map_err(csv_failed)?;
    }
    writer.flush().map_err(|error| write_failed(&error))
}

fn csv_failed(error: csv::Error) -> Error {
    write_failed(&error.into())
}
