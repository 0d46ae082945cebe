//! The AI calendar stream: from bytes to a calendar, and back.

mod decode;

pub use decode::{SseDecoder, SseEvent, SseMessage};
