//! The operations of `generation`.

use serde::{Deserialize, Serialize};

use super::{Operation, answer};
use crate::error::{Allowed, Code, Error, Measure};
use crate::generation::{
    CalendarRequest, GenerationEvent, GenerationSession, GenerationSnapshot, OutgoingPiece,
    RunningGeneration, SessionOptions, SseDecoder, SseEvent, StreamEncoder, StreamFailure,
    StreamSummary, admit_generation, draft_calendar,
};
use crate::merge::CalendarDiff;
use crate::model::{CalendarId, CalendarPiece, RunRef, RunStatus, Timestamp, UserId};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "decodeEvents",
        run: |input| answer(input, decode_events),
    },
    Operation {
        name: "decodeStream",
        run: |input| answer(input, decode_stream),
    },
    Operation {
        name: "encodeStream",
        run: |input| answer(input, encode_stream),
    },
    Operation {
        name: "draftCalendar",
        run: |input| answer(input, |request: CalendarRequest| draft_calendar(&request)),
    },
    Operation {
        name: "admitGeneration",
        run: |input| answer(input, admit),
    },
];

/// Bytes of a stream: as text, or in hexadecimal where they aren't UTF-8 by themselves.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Chunk {
    #[serde(default)]
    text: String,
    #[serde(default)]
    hex: String,
    /// When they arrived.
    #[serde(default)]
    at: Option<Timestamp>,
}

impl Chunk {
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DecodeEventsInput {
    chunks: Vec<Chunk>,
    #[serde(default)]
    max_event_bytes: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DecodedEvents {
    events: Vec<DecodedEvent>,
    last_event_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_millis: Option<u64>,
    /// Whether the stream broke off inside an event.
    incomplete: bool,
}

#[derive(Serialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
enum DecodedEvent {
    Message {
        event: String,
        data: String,
        last_event_id: String,
    },
    Comment {
        text: String,
    },
}

fn decode_events(input: DecodeEventsInput) -> Result<DecodedEvents, Error> {
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DecodeStreamInput {
    started_at: Timestamp,
    /// Chunks without an `at` arrive when the one before them did.
    chunks: Vec<Chunk>,
    #[serde(default)]
    options: SessionOptions,
    #[serde(default)]
    cancelled_at: Option<Timestamp>,
    #[serde(default)]
    ended_at: Option<Timestamp>,
    /// When the snapshot is taken.
    #[serde(default)]
    now: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DecodedStream {
    events: Vec<GenerationEvent>,
    snapshot: GenerationSnapshot,
}

fn decode_stream(input: DecodeStreamInput) -> Result<DecodedStream, Error> {
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EncodeStreamInput {
    request_id: String,
    #[serde(default)]
    provider: Option<String>,
    calendar_id: CalendarId,
    run_id: RunRef,
    pieces: Vec<CalendarPiece>,
    #[serde(default)]
    failure: Option<StreamFailure>,
    status: RunStatus,
    #[serde(default)]
    diff: CalendarDiff,
}

#[derive(Serialize)]
struct EncodedStream {
    stream: String,
}

fn encode_stream(input: EncodeStreamInput) -> Result<EncodedStream, Error> {
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AdmitGenerationInput {
    user_id: UserId,
    running: Vec<RunningGeneration>,
    #[serde(default)]
    options: SessionOptions,
    now: Timestamp,
}

#[derive(Serialize)]
struct Admitted {
    admitted: bool,
}

fn admit(input: AdmitGenerationInput) -> Result<Admitted, Error> {
    admit_generation(input.user_id, &input.running, &input.options, input.now)?;
    Ok(Admitted { admitted: true })
}
