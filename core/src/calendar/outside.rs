//! Exports, and what the schedule says of the whole.

use calendar_publish_derive::DeserializeTagged;
use serde::Serialize;

use super::Calendar;
use crate::error::Error;
use crate::export::{
    CsvOptions, ExportRow, IcalOptions, JsonHead, export_csv, export_ical, export_json,
};
use crate::model::{CalendarId, RunRef, Timestamp};
use crate::schedule::{
    self, CadenceSlot, CapUsage, CheckpointReport, CheckpointRequest, Clash, FreeSlotRequest,
};

/// About what an exported entry takes: growing a buffer step by step costs more.
const ROW_BYTES: usize = 600;

/// What a calendar is exported as.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "CalendarExportRequest")
)]
#[serde(
    tag = "format",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum ExportRequest {
    /// For spreadsheets.
    Csv {
        /// How it is written.
        #[serde(default)]
        options: CsvOptions,
    },
    /// The document of `docs/schema/`.
    Json {
        /// The calendar.
        calendar_id: CalendarId,
        /// The run, where one is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        run_id: Option<RunRef>,
        /// When it is written, where that is to be told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exported_at: Option<Timestamp>,
    },
    /// For calendar programs.
    Ical {
        /// When it is written: the `DTSTAMP` of the events.
        stamp: Timestamp,
    },
}

impl Calendar {
    /// Writes the entries, in the host's order, with their readiness and their accounts' zones.
    ///
    /// # Errors
    /// Those of [`export_csv`], [`export_json`] and [`export_ical`].
    pub fn export(&self, request: &ExportRequest) -> Result<Vec<u8>, Error> {
        let rows = self.placed().map(|(place, entry)| ExportRow {
            readiness: self.readiness.at(place),
            timezone: self
                .readiness
                .account_of(entry)
                .map(|account| account.timezone),
            ..ExportRow::new(entry)
        });
        let mut bytes = Vec::with_capacity(self.len() * ROW_BYTES);
        match request {
            ExportRequest::Csv { options } => export_csv(rows, options, &mut bytes)?,
            ExportRequest::Json {
                calendar_id,
                run_id,
                exported_at,
            } => {
                let head = JsonHead {
                    calendar_id: *calendar_id,
                    run_id: *run_id,
                    exported_at: *exported_at,
                };
                export_json(rows, &head, &mut bytes)?;
            }
            ExportRequest::Ical { stamp } => {
                export_ical(rows, &IcalOptions { stamp: *stamp }, &mut bytes)?;
            }
        }
        Ok(bytes)
    }

    /// Posts of one account that are too close to each other.
    ///
    /// # Errors
    /// Those of [`schedule::find_clashes`].
    pub fn find_clashes(&mut self) -> Result<Vec<Clash>, Error> {
        schedule::find_clashes(&self.settled())
    }

    /// How far the daily caps are used.
    ///
    /// # Errors
    /// Those of [`schedule::evaluate_caps`].
    pub fn evaluate_caps(&mut self) -> Result<Vec<CapUsage>, Error> {
        schedule::evaluate_caps(&self.settled())
    }

    /// The first free slot of a cadence.
    ///
    /// # Errors
    /// Those of [`schedule::next_free_slot`].
    pub fn next_free_slot(
        &mut self,
        request: &FreeSlotRequest,
    ) -> Result<Option<CadenceSlot>, Error> {
        schedule::next_free_slot(&self.settled(), request)
    }

    /// How entries stand towards their checkpoints.
    ///
    /// # Errors
    /// Those of [`schedule::evaluate_checkpoints`].
    pub fn evaluate_checkpoints(
        &mut self,
        request: &CheckpointRequest,
    ) -> Result<Vec<CheckpointReport>, Error> {
        schedule::evaluate_checkpoints(&self.settled(), request)
    }
}
