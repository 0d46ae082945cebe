//! The text of one cell, written without an allocation of its own.

use std::fmt::Write;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::guard::{EMPTY_TEXT, guard};
use super::hashtags::join_hashtags;
use super::{Column, ExportRow};
use crate::error::{Code, Error, Measure};
use crate::model::{CalendarPiece, EntryId, ExtraField};

/// Two texts that are used again and again: one to make a cell in, one to guard it in.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    made: String,
    guarded: String,
}

/// What `column` holds in `row`, guarded against formulas.
///
/// Only text that a person or an AI wrote is guarded: names, numbers, dates and ids of ours begin
/// with a letter, a digit or a brace.
pub(super) fn cell<'a>(
    column: Column,
    row: &ExportRow<'a>,
    scratch: &'a mut Scratch,
) -> Result<&'a str, Error> {
    let Scratch { made, guarded } = scratch;
    made.clear();
    let entry = row.entry;
    let piece = &entry.piece;
    Ok(match column {
        Column::Title => guard(&piece.title, guarded),
        Column::Channel => piece.channel.as_str(),
        Column::Format => guard(piece.format.as_str(), guarded),
        Column::Copy => guard(&piece.copy, guarded),
        Column::Script => optional(piece.script.as_deref(), guarded),
        Column::TargetAudience => optional(piece.target_audience.as_deref(), guarded),
        Column::Date => display(Some(&piece.date), made),
        Column::Time => display(Some(&piece.time), made),
        Column::Hashtags => {
            join_hashtags(&piece.hashtags, made);
            guard(made, guarded)
        }
        Column::Status => row.status(),
        Column::Readiness => row.state(),
        Column::Reason => guard(row.reason(), guarded),
        Column::ScheduledAt => display(entry.scheduled_at.as_ref(), made),
        Column::Timezone => row.timezone.map_or("", |zone| zone.name()),
        Column::Id => display(Some(&entry.id), made),
        Column::Order => display(piece.order.as_ref(), made),
        Column::Extra => extra(piece, made)?,
    })
}

/// A text that is there and empty must differ from one that isn't there.
fn optional<'a>(text: Option<&'a str>, guarded: &'a mut String) -> &'a str {
    match text {
        None => "",
        Some("") => EMPTY_TEXT,
        Some(text) => guard(text, guarded),
    }
}

fn display<'a>(value: Option<&impl std::fmt::Display>, made: &'a mut String) -> &'a str {
    if let Some(value) = value {
        // Writing into a string can't fail.
        let _ = write!(made, "{value}");
    }
    made
}

/// The rest of the payload as a JSON object: its own id and the fields this library doesn't know.
/// Empty where there is nothing.
fn extra<'a>(piece: &CalendarPiece, made: &'a mut String) -> Result<&'a str, Error> {
    if piece.id.is_none() && piece.extra.is_empty() {
        return Ok("");
    }
    let rest = Rest {
        id: piece.id,
        extra: &piece.extra,
    };
    let failed = |cause: String| {
        Error::new(Code::FieldValueInvalid)
            .at("piece.extra")
            .measured(Measure::text(cause))
    };
    let mut json = std::mem::take(made).into_bytes();
    serde_json::to_writer(&mut json, &rest).map_err(|error| failed(error.to_string()))?;
    *made = String::from_utf8(json).map_err(|error| failed(error.to_string()))?;
    Ok(made)
}

struct Rest<'a> {
    id: Option<EntryId>,
    extra: &'a [ExtraField],
}

impl Serialize for Rest<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(id) = &self.id {
            map.serialize_entry("id", id)?;
        }
        for field in self.extra {
            let value: &RawValue =
                crate::json::from_str(&field.json).map_err(serde::ser::Error::custom)?;
            map.serialize_entry(&field.name, value)?;
        }
        map.end()
    }
}
