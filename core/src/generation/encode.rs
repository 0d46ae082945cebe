//! The calendar stream, for hosts that serve it.

use serde::Serialize;

use super::event::{StreamFailure, StreamSummary};
use crate::envelope::Meta;
use crate::error::{Code, Error};
use crate::model::{CalendarId, CalendarPiece, RunRef};
use crate::operation::json_error;

/// A comment that says the stream is still there; the host sends one every 10 s.
pub const KEEP_ALIVE: &str = ": keep-alive\n\n";

/// Writes the events of one generation. What it writes, [`read_event`](super::read_event) reads back.
///
/// ```
/// use calendar_publish::generation::{StreamEncoder, StreamFailure};
///
/// let encoder = StreamEncoder::new("req-1");
/// let failure = StreamFailure { code: "AI_ERROR".into(), message: "Falló la IA".into() };
/// assert_eq!(
///     encoder.error(&failure)?,
///     "event: error\ndata: {\"data\":null,\"error\":{\"code\":\"AI_ERROR\",\"message\":\"Falló la IA\"},\
///      \"meta\":{\"requestId\":\"req-1\"}}\n\n"
/// );
/// # Ok::<(), calendar_publish::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct StreamEncoder {
    meta: Meta,
}

/// A piece on its way out.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingPiece<'a> {
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The run.
    pub run_id: RunRef,
    /// The piece's place in the calendar, from 0.
    pub index: u32,
    /// How many pieces there will be.
    pub total: u32,
    /// The piece.
    pub piece: &'a CalendarPiece,
}

impl StreamEncoder {
    /// An encoder for the answer to the request `request_id`, which every envelope names.
    pub fn new(request_id: impl Into<String>) -> Self {
        Self {
            meta: Meta::new(request_id),
        }
    }

    /// The same encoder, naming who generates: `meta.provider`.
    #[must_use]
    pub fn provider(mut self, provider: impl Into<String>) -> Self {
        self.meta.provider = Some(provider.into());
        self
    }

    /// The event of a piece.
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`](crate::Code::FieldValueInvalid) where an unknown field of the
    /// piece holds no JSON.
    pub fn piece(&self, outgoing: &OutgoingPiece<'_>) -> Result<String, Error> {
        let data = PieceData {
            kind: "calendar_piece",
            run_id: outgoing.run_id,
            calendar_id: outgoing.calendar_id,
            index: outgoing.index,
            total: outgoing.total,
            piece: outgoing.piece,
        };
        let meta = Meta {
            index: Some(outgoing.index),
            total: Some(outgoing.total),
            ..self.meta.clone()
        };
        event("data", Some(&data), None, &meta)
    }

    /// The event of a failure. A [`done`](Self::done) with the partial result follows it.
    ///
    /// # Errors
    /// None that a failure can cause.
    pub fn error(&self, failure: &StreamFailure) -> Result<String, Error> {
        event::<()>("error", None, Some(failure), &self.meta)
    }

    /// The last event.
    ///
    /// # Errors
    /// As for [`piece`](Self::piece), for the pieces of the diff.
    pub fn done(&self, summary: &StreamSummary) -> Result<String, Error> {
        let data = SummaryData {
            kind: "calendar_summary",
            summary,
        };
        let meta = Meta {
            done: Some(true),
            ..self.meta.clone()
        };
        event("done", Some(&data), None, &meta)
    }
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    data: Option<&'a T>,
    error: Option<&'a StreamFailure>,
    meta: &'a Meta,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PieceData<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    run_id: RunRef,
    calendar_id: CalendarId,
    index: u32,
    total: u32,
    piece: &'a CalendarPiece,
}

struct SummaryData<'a> {
    kind: &'static str,
    summary: &'a StreamSummary,
}

impl Serialize for SummaryData<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;

        let summary = self.summary;
        let mut data = serializer.serialize_struct("SummaryData", 6)?;
        data.serialize_field("type", self.kind)?;
        data.serialize_field("calendarId", &summary.calendar_id)?;
        data.serialize_field("runId", &summary.run_id)?;
        data.serialize_field("pieceCount", &summary.piece_count)?;
        data.serialize_field("status", &summary.status)?;
        data.serialize_field("diff", &summary.diff)?;
        data.end()
    }
}

fn event<T: Serialize>(
    name: &str,
    data: Option<&T>,
    error: Option<&StreamFailure>,
    meta: &Meta,
) -> Result<String, Error> {
    let json = serde_json::to_string(&Envelope { data, error, meta }).map_err(|error| Error {
        code: Code::FieldValueInvalid,
        ..json_error(&error)
    })?;
    let mut out = format!("event: {name}\n");
    // JSON writes no line ends of its own, but an unknown field is kept to the letter and may.
    for line in json.split(['\n', '\r']) {
        out.push_str("data: ");
        out.push_str(line);
        out.push('\n');
    }
    out.push('\n');
    Ok(out)
}
