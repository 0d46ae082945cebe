//! A row of cells as a piece.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{ImportedPiece, MAX_LEVELS};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::export::{Column, split_hashtags, unguard};
use crate::model::{
    CalendarPiece, Channel, DEFAULT_TITLE, EntryId, ExtraField, LocalDate, LocalTime, PostFormat,
    Timestamp, Zone,
};
use crate::operation::json_error;
use crate::schedule::{try_resolve, wall_clock};

/// The cells of one row by column, and what was found wrong with them.
pub(super) struct Row<'a> {
    cells: [Option<Cell<'a>>; Column::ALL.len()],
    errors: Vec<Error>,
    defaulted: Vec<Error>,
}

/// The text of a cell without its guard, and its place.
#[derive(Clone, Copy)]
struct Cell<'a> {
    text: &'a str,
    /// Whether nothing at all stands in the file; a guard alone stands for a text that is empty.
    absent: bool,
    line: i64,
    column: i64,
}

impl<'a> Row<'a> {
    pub(super) fn new() -> Self {
        Self {
            cells: [None; Column::ALL.len()],
            errors: Vec::new(),
            defaulted: Vec::new(),
        }
    }

    /// Puts the cell `written` on `line`, the `place`th of its row from 0, into `column`.
    pub(super) fn set(&mut self, column: Column, written: &'a str, line: i64, place: usize) {
        if let Some(cell) = self.cells.get_mut(column as usize) {
            *cell = Some(Cell {
                text: unguard(written),
                absent: written.is_empty(),
                line,
                column: place as i64 + 1,
            });
        }
    }

    /// The piece that the row on `line` of the file holds, or everything that is wrong with it.
    pub(super) fn read(mut self, line: i64) -> Result<ImportedPiece, Vec<Error>> {
        let channel = self.required::<Channel>(Column::Channel);
        let format = self.defaulted::<PostFormat>(Column::Format, "post");
        let date = self.required::<LocalDate>(Column::Date);
        let time = self.defaulted::<LocalTime>(Column::Time, "09:00");
        let scheduled_at = self.optional(Column::ScheduledAt);
        let timezone = self.optional(Column::Timezone);
        let id = self.optional::<EntryId>(Column::Id);
        let order = self.order();
        let rest = self.rest();
        let (Some(channel), Some(date), true) = (channel, date, self.errors.is_empty()) else {
            return Err(self.errors);
        };
        let time = time.unwrap_or(LocalTime::DEFAULT);
        let scheduled_at = self.agreed(scheduled_at, date, time, timezone);
        Ok(ImportedPiece {
            line,
            id,
            piece: CalendarPiece {
                id: rest.id,
                title: self.text(Column::Title).unwrap_or(DEFAULT_TITLE).to_owned(),
                channel,
                format: format.unwrap_or_default(),
                copy: self.text(Column::Copy).unwrap_or_default().to_owned(),
                script: self.present(Column::Script),
                target_audience: self.present(Column::TargetAudience),
                date,
                time,
                hashtags: split_hashtags(self.text(Column::Hashtags).unwrap_or_default()),
                order,
                extra: rest.extra,
            },
            scheduled_at,
            timezone,
            defaulted: self.defaulted,
        })
    }

    /// The instant, unless somebody edited the date, the time or the zone beside it: the edit wins,
    /// and the instant that no longer fits is dropped with a note.
    fn agreed(
        &mut self,
        scheduled_at: Option<Timestamp>,
        date: LocalDate,
        time: LocalTime,
        timezone: Option<Zone>,
    ) -> Option<Timestamp> {
        let (Some(instant), Some(zone)) = (scheduled_at, timezone) else {
            return scheduled_at;
        };
        // Clocks show both passes of a time that exists twice; one that doesn't exist is shown moved.
        let minute = |at: Timestamp| at.millis().div_euclid(60_000);
        let agrees = wall_clock(instant, zone) == Some((date, time))
            || try_resolve(date, time, zone)
                .is_ok_and(|resolved| minute(resolved.instant) == minute(instant));
        if agrees {
            return scheduled_at;
        }
        if let Some(cell) = self.cell(Column::ScheduledAt) {
            let note = Error::new(Code::ScheduleMissing).measured(Measure::instant(instant));
            self.defaulted.push(placed(note, Column::ScheduledAt, cell));
        }
        None
    }

    fn cell(&self, column: Column) -> Option<Cell<'a>> {
        self.cells.get(column as usize).copied().flatten()
    }

    fn text(&self, column: Column) -> Option<&'a str> {
        self.cell(column).map(|cell| cell.text)
    }

    /// A text that may be missing.
    fn present(&self, column: Column) -> Option<String> {
        let cell = self.cell(column).filter(|cell| !cell.absent)?;
        Some(cell.text.to_owned())
    }

    /// The value of a cell that must be there.
    fn required<T: FromStr<Err = Error>>(&mut self, column: Column) -> Option<T> {
        let cell = self.cell(column)?;
        if cell.text.trim().is_empty() {
            self.errors
                .push(placed(Error::new(Code::FieldMissing), column, cell));
            return None;
        }
        self.parsed(column, cell)
    }

    /// The value of a cell whose absence is reported and mended.
    fn defaulted<T: FromStr<Err = Error>>(&mut self, column: Column, default: &str) -> Option<T> {
        let cell = self.cell(column)?;
        if cell.text.trim().is_empty() {
            let note = Error::new(Code::FieldDefaulted).measured(Measure::text(default));
            self.defaulted.push(placed(note, column, cell));
            return None;
        }
        self.parsed(column, cell)
    }

    /// The value of a cell that may be empty.
    fn optional<T: FromStr<Err = Error>>(&mut self, column: Column) -> Option<T> {
        let cell = self
            .cell(column)
            .filter(|cell| !cell.text.trim().is_empty())?;
        self.parsed(column, cell)
    }

    fn parsed<T: FromStr<Err = Error>>(&mut self, column: Column, cell: Cell<'_>) -> Option<T> {
        match cell.text.parse().or_else(|error| {
            // Spreadsheets and people leave spaces around; the text itself is tried first, because
            // a format keeps its spelling.
            cell.text.trim().parse().map_err(|_| error)
        }) {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(placed(error, column, cell));
                None
            }
        }
    }

    fn order(&mut self) -> Option<u32> {
        let cell = self.cell(Column::Order)?;
        let text = cell.text.trim();
        if text.is_empty() {
            return None;
        }
        let order = text.parse().ok();
        if order.is_none() {
            let error = Error::new(Code::FieldValueInvalid)
                .measured(Measure::text(text))
                .allowed(Allowed::between(0, u32::MAX, Unit::Plain));
            self.errors.push(placed(error, Column::Order, cell));
        }
        order
    }

    fn rest(&mut self) -> Rest {
        let Some(cell) = self.cell(Column::Extra).filter(|cell| !cell.absent) else {
            return Rest::default();
        };
        let read = match super::document::check_depth(cell.text, MAX_LEVELS) {
            Ok(()) => crate::json::from_str(cell.text).map_err(|error| json_error(&error)),
            Err(error) => Err(error),
        };
        read.unwrap_or_else(|error: Error| {
            self.errors.push(placed(error, Column::Extra, cell));
            Rest::default()
        })
    }
}

/// `error` at its place in the file: the cell counts, not the place inside it.
fn placed(error: Error, column: Column, cell: Cell<'_>) -> Error {
    error.at(column.as_str()).positioned(cell.line, cell.column)
}

/// The rest of a payload: its own id and the fields this library doesn't know.
#[derive(Default)]
struct Rest {
    id: Option<EntryId>,
    extra: Vec<ExtraField>,
}

impl<'de> Deserialize<'de> for Rest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RestVisitor)
    }
}

struct RestVisitor;

impl<'de> Visitor<'de> for RestVisitor {
    type Value = Rest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Rest, A::Error> {
        let mut rest = Rest::default();
        while let Some(name) = map.next_key::<String>()? {
            if name == "id" {
                rest.id = map.next_value()?;
                continue;
            }
            if Column::ALL[..9]
                .iter()
                .any(|column| column.as_str() == name)
                || name == "order"
            {
                return Err(serde::de::Error::custom(format_args!(
                    "FIELD_VALUE_INVALID: `{name}` has a column of its own"
                )));
            }
            let json = map.next_value::<Box<RawValue>>()?.get().to_owned();
            rest.extra.push(ExtraField { name, json });
        }
        Ok(rest)
    }
}
