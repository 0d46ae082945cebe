//! The operations of `export` and `import`.

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Measure};
use crate::export::{self, CsvOptions, ExportRow, ExportedEntry, IcalOptions, JsonHead};
use crate::import::{
    CsvImport, CsvImportOptions, JsonImport, JsonImportOptions, read_csv, read_json,
};
use crate::model::{CalendarEntry, CalendarId, Readiness, RunRef, Timestamp, Zone};

/// What `exportCsv` writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportCsvInput {
    /// The rows, in order.
    pub rows: Vec<ExportInputRow>,
    /// How it is written.
    #[serde(default)]
    pub options: CsvOptions,
}

/// What `exportIcal` writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportIcalInput {
    /// The rows, in order.
    pub rows: Vec<ExportInputRow>,
    /// When it is written: the `DTSTAMP` of the events.
    pub stamp: Timestamp,
}

/// An entry to be exported, and what stands beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportInputRow {
    /// The entry.
    pub entry: CalendarEntry,
    /// Its readiness.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readiness: Option<Readiness>,
    /// The zone of its account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<Zone>,
    /// Why it is in the state it is in, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl ExportInputRow {
    fn row(&self) -> ExportRow<'_> {
        ExportRow {
            entry: &self.entry,
            readiness: self.readiness.as_ref(),
            timezone: self.timezone,
            reason: self.reason.as_deref(),
        }
    }
}

/// What `exportJson` writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportJsonInput {
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunRef>,
    /// When it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exported_at: Option<Timestamp>,
    /// The entries, in order.
    pub entries: Vec<ExportedEntry>,
}

/// An export as text, for hosts that pass documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportedText {
    /// The text.
    pub text: String,
}

pub(super) fn export_csv(input: ExportCsvInput) -> Result<ExportedText, Error> {
    let rows = input.rows.iter().map(ExportInputRow::row);
    text(|out| export::export_csv(rows, &input.options, out))
}

pub(super) fn export_json(input: ExportJsonInput) -> Result<ExportedText, Error> {
    let head = JsonHead {
        calendar_id: input.calendar_id,
        run_id: input.run_id,
        exported_at: input.exported_at,
    };
    let rows = input.entries.iter().map(ExportedEntry::row);
    text(|out| export::export_json(rows, &head, out))
}

pub(super) fn export_ical(input: ExportIcalInput) -> Result<ExportedText, Error> {
    let options = IcalOptions { stamp: input.stamp };
    let rows = input.rows.iter().map(ExportInputRow::row);
    text(|out| export::export_ical(rows, &options, out))
}

fn text(export: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>) -> Result<ExportedText, Error> {
    let mut bytes = Vec::new();
    export(&mut bytes)?;
    String::from_utf8(bytes)
        .map(|text| ExportedText { text })
        .map_err(|error| Error::new(Code::InputNotUtf8).measured(Measure::text(error.to_string())))
}

/// What `importCsv` reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportCsvInput {
    /// The text of the file.
    pub text: String,
    /// How it is read.
    #[serde(default)]
    pub options: CsvImportOptions,
}

pub(super) fn import_csv(input: ImportCsvInput) -> Result<CsvImport, Error> {
    read_csv(input.text.as_bytes(), &input.options)
}

/// What `importJson` reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportJsonInput {
    /// The text of the file.
    pub text: String,
    /// How it is read.
    #[serde(default)]
    pub options: JsonImportOptions,
}

pub(super) fn import_json(input: ImportJsonInput) -> Result<JsonImport, Error> {
    read_json(input.text.as_bytes(), &input.options)
}
