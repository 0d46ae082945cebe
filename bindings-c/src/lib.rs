//! calendar-publish for C and whatever speaks its ABI.
//!
//! The functions here are the header `include/calendar_publish.h`: documents in, documents out, handles that
//! are numbers. Only `memory` follows a pointer that a caller gave, and only `engine::host` calls a caller's
//! function; the rest hands pointers on to them.
#![allow(unsafe_code)] // A C ABI can't be had without; see the lints of this crate's manifest.
#![deny(missing_docs)]

mod calendar;
mod engine;
mod guard;
mod handles;
mod memory;
mod numbered;
mod operations;
mod status;
mod stream;

pub use calendar::{cp_calendar_call, cp_calendar_export, cp_calendar_load};
pub use engine::{
    CpPorts, cp_engine_call, cp_engine_open, cp_engine_run, cp_engine_stop, cp_fail, cp_refuse,
    cp_reply,
};
pub use handles::cp_close;
pub use memory::{CpBuffer, cp_buffer_free};
pub use operations::{cp_call, cp_error_member, cp_error_message, cp_operations, cp_version};
pub use status::CpStatus;
pub use stream::{
    cp_stream_end, cp_stream_push, cp_stream_snapshot, cp_stream_start, cp_stream_tick,
};
