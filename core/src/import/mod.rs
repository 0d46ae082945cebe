//! Reading exports back: CSV and JSON.
//!
//! Both readers take the good rows and name what is wrong with the others, cell by cell with line and
//! column; one bad row never blocks the rest. Both read from a stream and hold one row at a time;
//! [`read_csv`] and [`read_json`] collect what [`import_csv`] and [`import_json`] hand over one by one.

mod csv;
mod document;
mod json;
mod report;
mod row;
mod source;
mod table;
mod utf8;

pub use csv::import_csv;
pub use json::import_json;
pub use report::{
    CsvHeader, CsvImport, ImportedPiece, JsonImport, MAX_REFUSALS, Refusal, read_csv, read_json,
};

use serde::{Deserialize, Serialize};

use crate::export::Delimiter;

/// How a CSV is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CsvImportOptions {
    /// What separates cells; without it, the header tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Delimiter>,
    /// The most bytes that are read.
    pub max_bytes: u32,
}

/// How a JSON document is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct JsonImportOptions {
    /// The most bytes that are read.
    pub max_bytes: u32,
    /// The deepest nesting of one entry, itself counted. At most [`MAX_LEVELS`] is used.
    pub max_levels: u32,
}

/// The most bytes that are read where nothing else is said: 64 MiB.
pub const MAX_BYTES: u32 = 64 * 1024 * 1024;

/// The deepest nesting of one entry: twice what this library's own types need, and far less than a
/// reader's stack.
pub const MAX_LEVELS: u32 = 64;

impl Default for CsvImportOptions {
    fn default() -> Self {
        Self {
            delimiter: None,
            max_bytes: MAX_BYTES,
        }
    }
}

impl Default for JsonImportOptions {
    fn default() -> Self {
        Self {
            max_bytes: MAX_BYTES,
            max_levels: MAX_LEVELS,
        }
    }
}

/// What an import hands over, one by one.
#[derive(Clone, Debug, PartialEq)]
pub enum Imported<T> {
    /// It was read whole.
    Taken(T),
    /// Something is wrong with it; nothing of it is taken.
    Refused(Refusal),
}

#[cfg(test)]
mod tests;
