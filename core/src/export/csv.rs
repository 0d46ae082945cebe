//! CSV for spreadsheets: RFC 4180, every field quoted, guarded against formulas.

use std::io::Write;

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
    let columns = options.columns.columns();
    let mut rest = rows.into_iter().enumerate();
    let mut scratch = Scratch::default();
    let mut buffer = Vec::with_capacity(2 * BUFFER_BYTES);
    if options.bom {
        buffer.extend_from_slice(b"\xEF\xBB\xBF");
    }
    let mut quoter = Quoter {
        delimiter: options.delimiter.byte(),
        buffer: &mut buffer,
    };
    for column in columns {
        quoter.cell(column.as_str());
    }
    quoter.end_row();
    loop {
        let row = rest.next();
        if quoter.buffer.len() >= BUFFER_BYTES || row.is_none() {
            out.write_all(quoter.buffer)
                .map_err(|error| write_failed(&error))?;
            quoter.buffer.clear();
        }
        let Some((index, row)) = row else {
            return out.flush().map_err(|error| write_failed(&error));
        };
        for &column in columns {
            let cell = cell(column, &row, &mut scratch)
                .map_err(|error| error.under(&format!("entries[{index}]")))?;
            quoter.cell(cell);
        }
        quoter.end_row();
    }
}

/// Writes rows whose cells are all quoted. That leaves one rule of RFC 4180 to follow, a quote inside a
/// cell is doubled; a writer that also decides what to quote takes nearly twice as long.
struct Quoter<'a> {
    delimiter: u8,
    buffer: &'a mut Vec<u8>,
}

impl Quoter<'_> {
    fn cell(&mut self, text: &str) {
        self.buffer.push(b'"');
        let mut rest = text.as_bytes();
        while let Some((before, after)) =
            memchr::memchr(b'"', rest).and_then(|quote| rest.split_at_checked(quote + 1))
        {
            self.buffer.extend_from_slice(before);
            self.buffer.push(b'"');
            rest = after;
        }
        self.buffer.extend_from_slice(rest);
        self.buffer.extend_from_slice(&[b'"', self.delimiter]);
    }

    /// Ends the row: the delimiter behind its last cell gives way to the line end.
    fn end_row(&mut self) {
        self.buffer.pop();
        self.buffer.extend_from_slice(b"\r\n");
    }
}
