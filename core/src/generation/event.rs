//! Server-sent events → what the host says about a generation.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::decode::SseMessage;
use super::plain::read_plainly;
use crate::error::{Allowed, Code, Error, Measure};
use crate::model::{
    CalendarDiff, CalendarId, CalendarPiece, PieceUpdate, ReadPiece, RunRef, RunStatus, read_piece,
};
use crate::operation::json_error;

/// What one event of the stream says.
///
/// In JSON its `type` tells the kind. It is only written: what hosts keep is a
/// [`GenerationSnapshot`](super::GenerationSnapshot).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum GenerationEvent {
    /// The host is still there.
    KeepAlive,
    /// A piece.
    Piece {
        /// Where it belongs.
        place: PiecePlace,
        /// The piece.
        piece: CalendarPiece,
        /// Fields that were given a default.
        defaults: Vec<Error>,
    },
    /// A piece that can't be read. The stream goes on.
    PieceRefused {
        /// Where it belongs.
        place: PiecePlace,
        /// The piece as it came, as JSON text.
        payload: String,
        /// Everything that is wrong with it.
        errors: Vec<Error>,
    },
    /// The host says that the generation failed; a summary still follows.
    Failure {
        /// What it says.
        failure: StreamFailure,
    },
    /// The host says that the generation is over.
    Summary {
        /// What came of it.
        summary: StreamSummary,
    },
    /// An event that can't be read. The stream goes on.
    Invalid {
        /// What is wrong with it.
        error: Error,
    },
}

/// Where a piece of a stream belongs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PiecePlace {
    /// The piece's place in its calendar, from 0.
    pub index: u32,
    /// How many pieces there will be, where the event says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// The calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_id: Option<CalendarId>,
    /// The run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunRef>,
    /// Ids that the event names and that aren't ids: [`Code::IdInvalid`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Error>,
}

/// The `error` of an envelope, in the host's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StreamFailure {
    /// The host's code: `AI_TIMEOUT`, or one this library doesn't know.
    pub code: String,
    /// The host's text for people.
    #[serde(default)]
    pub message: String,
}

/// The payload of `done`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StreamSummary {
    /// The calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_id: Option<CalendarId>,
    /// The run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunRef>,
    /// How many pieces the host counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub piece_count: Option<u32>,
    /// How the generation ended.
    pub status: RunStatus,
    /// What changed against the calendar that was regenerated.
    #[serde(default)]
    pub diff: CalendarDiff,
    /// Parts of the diff and ids that can't be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Error>,
}

/// Reads an event of the host's calendar stream (`data`, `done` or `error` with an envelope in it).
///
/// It never fails: what can't be read is [`GenerationEvent::PieceRefused`] or
/// [`GenerationEvent::Invalid`], with [`Code::StreamEventInvalid`] for an event as a whole. Paths are
/// those inside the envelope (`data.index`), except that a piece's own errors say `pieces[3].date`.
///
/// ```
/// use calendar_publish::generation::{GenerationEvent, SseDecoder, SseEvent, read_event};
///
/// let mut decoder = SseDecoder::new();
/// let mut stream = b"event: error\ndata: {\"error\":{\"code\":\"AI_TIMEOUT\",\"message\":\"\"}}\n\n".as_slice();
/// let Some(SseEvent::Message(message)) = decoder.next(&mut stream)? else { unreachable!() };
/// assert!(matches!(read_event(&message), GenerationEvent::Failure { failure } if failure.code == "AI_TIMEOUT"));
/// # Ok::<(), calendar_publish::Error>(())
/// ```
pub fn read_event(message: &SseMessage<'_>) -> GenerationEvent {
    let read = match &*message.event {
        "data" => match read_plainly(&message.data) {
            Some(event) => Ok(event),
            None => read_data(&message.data),
        },
        "done" => read_done(&message.data),
        "error" => read_error(&message.data),
        other => Err(Error::new(Code::StreamEventInvalid)
            .at("event")
            .measured(Measure::text(other))
            .allowed(Allowed::one_of(["data", "done", "error"]))),
    };
    read.unwrap_or_else(|error| GenerationEvent::Invalid { error })
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
    #[serde(borrow, default)]
    meta: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PieceBody<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    run_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    calendar_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    index: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total: Option<&'a RawValue>,
    #[serde(borrow, default)]
    piece: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SummaryBody<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    run_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    calendar_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    piece_count: Option<&'a RawValue>,
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
    #[serde(borrow, default)]
    diff: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
struct DiffBody<'a> {
    #[serde(borrow, default)]
    added: Option<&'a RawValue>,
    #[serde(borrow, default)]
    updated: Option<&'a RawValue>,
    #[serde(borrow, default)]
    removed: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct UpdateBody<'a> {
    #[serde(borrow)]
    before: &'a RawValue,
    #[serde(borrow)]
    after: &'a RawValue,
    #[serde(default)]
    fields: Option<Vec<String>>,
}

/// The place that a `meta` repeats.
#[derive(Default, Deserialize)]
struct MetaBody {
    #[serde(default)]
    index: Option<u32>,
    #[serde(default)]
    total: Option<u32>,
}

/// Reads a piece's event field by field, so that one that can't be read costs nothing else.
pub(super) fn read_data(json: &str) -> Result<GenerationEvent, Error> {
    let envelope: Envelope<'_> = parse(json, "")?;
    let body: PieceBody<'_> = parse(data_of(&envelope)?, "data")?;
    expect_type(&body.kind, "calendar_piece")?;
    let meta: MetaBody = optional(envelope.meta).unwrap_or_default();
    let index = optional(body.index)
        .or(meta.index)
        .ok_or_else(|| invalid_field("data.index", body.index))?;
    let name = format!("pieces[{index}]");
    let mut errors = Vec::new();
    let place = PiecePlace {
        index,
        total: optional(body.total).or(meta.total),
        calendar_id: id(body.calendar_id, format!("{name}.calendarId"), &mut errors),
        run_id: id(body.run_id, format!("{name}.runId"), &mut errors),
        errors,
    };
    let piece = body.piece.map_or("null", RawValue::get);
    Ok(match read_piece(piece.as_bytes(), index) {
        Ok(ReadPiece {
            piece, defaults, ..
        }) => GenerationEvent::Piece {
            place,
            piece,
            defaults: under(defaults, &name),
        },
        Err(refusal) => GenerationEvent::PieceRefused {
            place,
            payload: piece.to_owned(),
            errors: under(refusal.errors, &name),
        },
    })
}

fn read_done(json: &str) -> Result<GenerationEvent, Error> {
    let envelope: Envelope<'_> = parse(json, "")?;
    let body: SummaryBody<'_> = parse(data_of(&envelope)?, "data")?;
    expect_type(&body.kind, "calendar_summary")?;
    let mut errors = Vec::new();
    let summary = StreamSummary {
        calendar_id: id(body.calendar_id, "data.calendarId".to_owned(), &mut errors),
        run_id: id(body.run_id, "data.runId".to_owned(), &mut errors),
        piece_count: optional(body.piece_count),
        status: optional(body.status).ok_or_else(|| invalid_field("data.status", body.status))?,
        diff: read_diff(body.diff, &mut errors),
        errors,
    };
    Ok(GenerationEvent::Summary { summary })
}

fn read_error(json: &str) -> Result<GenerationEvent, Error> {
    let envelope: Envelope<'_> = parse(json, "")?;
    let error = envelope
        .error
        .ok_or_else(|| Error::new(Code::StreamEventInvalid).at("error"))?;
    let failure = parse(error.get(), "error")?;
    Ok(GenerationEvent::Failure { failure })
}

/// Reads what can be read of a diff and notes the rest: how the generation ended counts without it.
fn read_diff(diff: Option<&RawValue>, errors: &mut Vec<Error>) -> CalendarDiff {
    let diff: DiffBody<'_> = lenient(diff, "diff", errors);
    let added: Vec<&RawValue> = lenient(diff.added, "diff.added", errors);
    let updated: Vec<&RawValue> = lenient(diff.updated, "diff.updated", errors);
    let removed: Vec<&RawValue> = lenient(diff.removed, "diff.removed", errors);
    let updates: Vec<Option<UpdateBody<'_>>> = updated
        .into_iter()
        .enumerate()
        .map(|(index, raw)| lenient(Some(raw), &format!("diff.updated[{index}]"), errors))
        .collect();
    let mut read = |raw: &RawValue, name: String| match read_piece(raw.get().as_bytes(), 0) {
        Ok(read) => Some(read.piece),
        Err(refusal) => {
            errors.extend(under(refusal.errors, &name));
            None
        }
    };
    let mut read_list = |list: &[&RawValue], name: &str| {
        list.iter()
            .enumerate()
            .filter_map(|(index, raw)| read(raw, format!("diff.{name}[{index}]")))
            .collect()
    };
    let added = read_list(&added, "added");
    let removed = read_list(&removed, "removed");
    let updated = updates
        .into_iter()
        .enumerate()
        .filter_map(|(index, update)| {
            let update = update?;
            let before = read(update.before, format!("diff.updated[{index}].before"));
            let after = read(update.after, format!("diff.updated[{index}].after"));
            Some(PieceUpdate {
                before: before?,
                after: after?,
                fields: update.fields.unwrap_or_default(),
            })
        })
        .collect();
    CalendarDiff {
        added,
        updated,
        removed,
    }
}

/// A part of a diff; absent or `null` it is empty, and so it is where it holds something else, which
/// is noted.
fn lenient<'a, T: Default + Deserialize<'a>>(
    raw: Option<&'a RawValue>,
    path: &str,
    errors: &mut Vec<Error>,
) -> T {
    let read = raw.map_or(Ok(None), |raw| parse(raw.get(), path));
    let read: Option<T> = read.unwrap_or_else(|error| {
        errors.push(error);
        None
    });
    read.unwrap_or_default()
}

fn parse<'a, T: Deserialize<'a>>(json: &'a str, path: &str) -> Result<T, Error> {
    crate::json::from_str(json).map_err(|error| Error {
        code: Code::StreamEventInvalid,
        ..json_error(&error).at(path)
    })
}

fn data_of<'a>(envelope: &Envelope<'a>) -> Result<&'a str, Error> {
    envelope
        .data
        .map(RawValue::get)
        .ok_or_else(|| Error::new(Code::StreamEventInvalid).at("data"))
}

fn expect_type(kind: &str, expected: &str) -> Result<(), Error> {
    if kind == expected {
        return Ok(());
    }
    Err(Error::new(Code::StreamEventInvalid)
        .at("data.type")
        .measured(Measure::text(kind))
        .allowed(Allowed::one_of([expected])))
}

/// A field that the event can do without: `None` where it is absent or holds something else.
fn optional<T: DeserializeOwned>(raw: Option<&RawValue>) -> Option<T> {
    crate::json::from_str(raw?.get()).ok()
}

/// An id that the event can do without; one that can't be read is noted.
fn id<T: DeserializeOwned>(
    raw: Option<&RawValue>,
    path: String,
    errors: &mut Vec<Error>,
) -> Option<T> {
    let read = optional(raw);
    if let (Some(raw), None) = (raw, &read) {
        errors.push(
            Error::new(Code::IdInvalid)
                .at(path)
                .measured(Measure::text(raw.get())),
        );
    }
    read
}

fn invalid_field(path: &str, raw: Option<&RawValue>) -> Error {
    Error::new(Code::StreamEventInvalid)
        .at(path)
        .measured(Measure::text(raw.map_or("null", RawValue::get)))
}

pub(super) fn under(errors: Vec<Error>, prefix: &str) -> Vec<Error> {
    errors
        .into_iter()
        .map(|error| error.under(prefix))
        .collect()
}
