//! The AI calendar stream: from bytes to a calendar, and back.
//!
//! A host reads a stream with a [`GenerationSession`], which feeds an [`SseDecoder`] and
//! [`read_event`] and always keeps the calendar so far. A host that serves the stream writes it with a
//! [`StreamEncoder`], and lets [`draft_calendar`] answer while the calendar service is switched off.

mod decode;
mod event;
mod snapshot;
mod session;
mod encode;
mod request;
mod draft;
mod gate;
mod plain;

pub use decode::{SseDecoder, SseEvent, SseMessage};
pub use draft::{CalendarDraft, DRAFT_PROVIDER, draft_calendar};
pub use encode::{KEEP_ALIVE, OutgoingPiece, StreamEncoder};
pub use event::{GenerationEvent, PiecePlace, StreamFailure, StreamSummary, read_event};
pub use gate::{RunningGeneration, admit_generation};
pub use request::{CalendarRequest, MAX_CALENDAR_DAYS};
pub use session::{GenerationSession, SessionOptions};
pub use snapshot::{GeneratedPiece, GenerationSnapshot, GenerationState, RefusedPiece};
