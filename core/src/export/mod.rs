//! Calendars as files: CSV for spreadsheets, JSON for programs, iCalendar for calendar apps.
//!
//! Every export takes rows from an iterator and writes each one as it comes, through buffers of a
//! fixed size: what it holds doesn't grow with the calendar. What the rows hold is decided by the
//! caller, so "the latest saved entries" is whatever the store gave. [`import`](crate::import) reads
//! CSV and JSON back.

mod cell;
mod column;
mod csv;
mod guard;
mod hashtags;
mod ical;
mod json;
mod row;

pub use column::{Column, ColumnSet, Delimiter};
pub use csv::{CsvOptions, export_csv};
pub use ical::{IcalOptions, export_ical};
#[cfg(feature = "schema")]
pub use json::calendar_export_schema;
pub use json::{CalendarExport, ExportedEntry, JsonHead, SCHEMA_VERSION, export_json};
pub use row::ExportRow;

pub(crate) use guard::unguard;
pub(crate) use hashtags::split_hashtags;

use crate::error::{Code, Error, Measure};

/// The bytes an export collects before it hands them to the writer.
const BUFFER_BYTES: usize = 64 * 1024;

/// The writer refused; `Display` of an I/O error holds no content of the calendar.
fn write_failed(error: &std::io::Error) -> Error {
    Error::new(Code::WriteFailed).measured(Measure::text(error.to_string()))
}
