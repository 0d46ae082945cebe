//! The operations of `export` and `import`.

use serde::{Deserialize, Serialize};

use super::{Operation, answer};
use crate::error::{Code, Error, Measure};
use crate::export::{
    CsvOptions, ExportRow, ExportedEntry, IcalOptions, JsonHead, export_csv, export_ical,
    export_json,
};
use crate::import::{CsvImportOptions, JsonImportOptions, read_csv, read_json};
use crate::model::{CalendarEntry, CalendarId, Readiness, RunRef, Timestamp, Zone};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "exportCsv",
        run: |input| answer(input, csv),
    },
    Operation {
        name: "exportJson",
        run: |input| answer(input, json),
    },
    Operation {
        name: "exportIcal",
        run: |input| answer(input, ical),
    },
    Operation {
        name: "importCsv",
        run: |input| {
            answer(input, |input: ImportCsvInput| {
                read_csv(input.text.as_bytes(), &input.options)
            })
        },
    },
    Operation {
        name: "importJson",
        run: |input| {
            answer(input, |input: ImportJsonInput| {
                read_json(input.text.as_bytes(), &input.options)
            })
        },
    },
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ExportCsvInput {
    rows: Vec<RowInput>,
    #[serde(default)]
    options: CsvOptions,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ExportIcalInput {
    rows: Vec<RowInput>,
    stamp: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RowInput {
    entry: CalendarEntry,
    readiness: Option<Readiness>,
    timezone: Option<Zone>,
    reason: Option<String>,
}

impl RowInput {
    fn row(&self) -> ExportRow<'_> {
        ExportRow {
            entry: &self.entry,
            readiness: self.readiness.as_ref(),
            timezone: self.timezone,
            reason: self.reason.as_deref(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ExportJsonInput {
    calendar_id: CalendarId,
    run_id: Option<RunRef>,
    exported_at: Option<Timestamp>,
    entries: Vec<ExportedEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ImportCsvInput {
    text: String,
    #[serde(default)]
    options: CsvImportOptions,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ImportJsonInput {
    text: String,
    #[serde(default)]
    options: JsonImportOptions,
}

/// An export as text, for hosts that pass documents.
#[derive(Serialize)]
struct ExportedText {
    text: String,
}

fn csv(input: ExportCsvInput) -> Result<ExportedText, Error> {
    text(|out| export_csv(input.rows.iter().map(RowInput::row), &input.options, out))
}

fn json(input: ExportJsonInput) -> Result<ExportedText, Error> {
    let head = JsonHead {
        calendar_id: input.calendar_id,
        run_id: input.run_id,
        exported_at: input.exported_at,
    };
    text(|out| export_json(input.entries.iter().map(ExportedEntry::row), &head, out))
}

fn ical(input: ExportIcalInput) -> Result<ExportedText, Error> {
    let options = IcalOptions { stamp: input.stamp };
    text(|out| export_ical(input.rows.iter().map(RowInput::row), &options, out))
}

fn text(export: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>) -> Result<ExportedText, Error> {
    let mut bytes = Vec::new();
    export(&mut bytes)?;
    String::from_utf8(bytes)
        .map(|text| ExportedText { text })
        .map_err(|error| Error::new(Code::InputNotUtf8).measured(Measure::text(error.to_string())))
}
