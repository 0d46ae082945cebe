//! The operations of `generation`.

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use crate::error::{Allowed, Code, Error, Measure};
use crate::generation::{
    self, CalendarDraft, CalendarRequest, GenerationEvent, GenerationSession, GenerationSnapshot,
    OutgoingPiece, RunningGeneration, SessionOptions, SseDecoder, SseEvent, StreamEncoder,
    StreamFailure, StreamSummary,
};
use crate::model::{CalendarDiff, CalendarId, CalendarPiece, RunRef, RunStatus, Timestamp, UserId};

/// Bytes of a stream: as text, or in hexadecimal where they aren't UTF-8 by themselves. Of both, the
/// text comes first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StreamChunk {
    /// The bytes as text.
    #[serde(default)]
    pub text: String,
    /// The bytes in hexadecimal, two digits a byte.
    #[serde(default)]
    pub hex: String,
    /// When they arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

impl StreamChunk {
    /// The bytes of chunk `index`: its text, then its hexadecimal bytes.
    fn bytes(&self, index: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = self.text.clone().into_bytes();
        let mut digits = self.hex.chars().map(|digit| digit.to_digit(16));
        while let Some(high) = digits.next() {
            let byte = high
                .zip(digits.next().flatten())
                .and_then(|(high, low)| u8::try_from(high * 16 + low).ok())
                .ok_or_else(|| {
                    Error::new(Code::FieldValueInvalid)
                        .at(format!("chunks[{index}].hex"))
                        .measured(Measure::text(&self.hex))
                        .allowed(Allowed::pattern("pairs of hexadecimal digits"))
                })?;
            bytes.push(byte);
        }
        Ok(bytes)
    }
}

/// A stream for `decodeEvents`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecodeEventsInput {
    /// Its chunks, cut anywhere.
    pub chunks: Vec<StreamChunk>,
    /// The most bytes of one event; a mebibyte if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_event_bytes: Option<u32>,
}

/// A stream's events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecodedEvents {
    /// The events, in order.
    pub events: Vec<DecodedEvent>,
    /// The last id that the stream gave; empty where it gave none.
    pub last_event_id: String,
    /// How many milliseconds the stream asks to wait before connecting again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_millis: Option<u64>,
    /// Whether the stream broke off inside an event.
    pub incomplete: bool,
}

/// An event of a stream of server-sent events.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum DecodedEvent {
    /// A message.
    Message {
        /// Its event type; `message` where the stream names none.
        event: String,
        /// Its data.
        data: String,
        /// The last id that the stream gave until then.
        last_event_id: String,
    },
    /// A comment: most often only there to keep the connection open.
    Comment {
        /// The comment.
        text: String,
    },
}

pub(super) fn decode_events(input: DecodeEventsInput) -> Result<DecodedEvents, Error> {
    let mut decoder = match input.max_event_bytes {
        Some(bound) => SseDecoder::with_max_event_bytes(bound as usize),
        None => SseDecoder::new(),
    };
    let mut events = Vec::new();
    for (index, chunk) in input.chunks.iter().enumerate() {
        let bytes = chunk.bytes(index)?;
        let mut rest = bytes.as_slice();
        while let Some(event) = decoder.next(&mut rest)? {
            events.push(match event {
                SseEvent::Comment(text) => DecodedEvent::Comment {
                    text: text.into_owned(),
                },
                SseEvent::Message(message) => DecodedEvent::Message {
                    event: message.event.into_owned(),
                    data: message.data.into_owned(),
                    last_event_id: message.last_event_id.to_owned(),
                },
            });
        }
    }
    let incomplete = decoder.finish();
    Ok(DecodedEvents {
        events,
        last_event_id: decoder.last_event_id().to_owned(),
        retry_millis: decoder.retry_millis(),
        incomplete,
    })
}

/// A generation's stream for `decodeStream`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecodeStreamInput {
    /// When the generation began.
    pub started_at: Timestamp,
    /// Its chunks. Those without an `at` arrive when the one before them did.
    pub chunks: Vec<StreamChunk>,
    /// The limits of the session.
    #[serde(default)]
    pub options: SessionOptions,
    /// When the user cancelled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<Timestamp>,
    /// When the stream ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// When the snapshot is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Timestamp>,
}

/// What a generation came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DecodedStream {
    /// Its events, in order.
    pub events: Vec<GenerationEvent>,
    /// How it stands.
    pub snapshot: GenerationSnapshot,
}

pub(super) fn decode_stream(input: DecodeStreamInput) -> Result<DecodedStream, Error> {
    let mut session = GenerationSession::start(input.options, input.started_at);
    let mut events = Vec::new();
    let mut now = input.started_at;
    for (index, chunk) in input.chunks.iter().enumerate() {
        now = chunk.at.unwrap_or(now);
        events.append(&mut session.push(&chunk.bytes(index)?, now));
    }
    if let Some(at) = input.cancelled_at {
        session.cancel(at);
    }
    if let Some(at) = input.ended_at {
        session.end(at);
    }
    if let Some(at) = input.now {
        session.tick(at);
    }
    Ok(DecodedStream {
        events,
        snapshot: session.snapshot(),
    })
}

/// A generation for `encodeStream` to write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EncodeStreamInput {
    /// The request's id.
    pub request_id: String,
    /// Who generated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The run.
    pub run_id: RunRef,
    /// The pieces, in order.
    pub pieces: Vec<CalendarPiece>,
    /// What went wrong, where something did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<StreamFailure>,
    /// How it ended.
    pub status: RunStatus,
    /// What it changed of the earlier calendar.
    #[serde(default)]
    pub diff: CalendarDiff,
}

/// A written stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EncodedStream {
    /// The server-sent events.
    pub stream: String,
}

pub(super) fn encode_stream(input: EncodeStreamInput) -> Result<EncodedStream, Error> {
    let mut encoder = StreamEncoder::new(input.request_id);
    if let Some(provider) = input.provider {
        encoder = encoder.provider(provider);
    }
    let total = u32::try_from(input.pieces.len()).unwrap_or(u32::MAX);
    let mut stream = String::new();
    for (index, piece) in (0..).zip(&input.pieces) {
        stream.push_str(&encoder.piece(&OutgoingPiece {
            calendar_id: input.calendar_id,
            run_id: input.run_id,
            index,
            total,
            piece,
        })?);
    }
    if let Some(failure) = &input.failure {
        stream.push_str(&encoder.error(failure)?);
    }
    stream.push_str(&encoder.done(&StreamSummary {
        calendar_id: Some(input.calendar_id),
        run_id: Some(input.run_id),
        piece_count: Some(total),
        status: input.status,
        diff: input.diff,
        errors: Vec::new(),
    })?);
    Ok(EncodedStream { stream })
}

pub(super) fn draft_calendar(input: CalendarRequest) -> Result<CalendarDraft, Error> {
    generation::draft_calendar(&input)
}

/// A generation that asks to begin, for `admitGeneration`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdmitGenerationInput {
    /// Who asks.
    pub user_id: UserId,
    /// The generations that run now.
    pub running: Vec<RunningGeneration>,
    /// The limits.
    #[serde(default)]
    pub options: SessionOptions,
    /// The present.
    pub now: Timestamp,
}

/// A generation that may begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdmittedGeneration {
    /// Always `true`: one that may not begin is an error.
    pub admitted: bool,
}

pub(super) fn admit_generation(input: AdmitGenerationInput) -> Result<AdmittedGeneration, Error> {
    generation::admit_generation(input.user_id, &input.running, &input.options, input.now)?;
    Ok(AdmittedGeneration { admitted: true })
}
