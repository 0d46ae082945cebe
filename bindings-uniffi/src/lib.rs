//! calendar-publish for Kotlin, Swift and Python.
//!
//! Everything here is a thin coat: core decides, and its types cross the language border as they are
//! (`build.rs` lends them to UniFFI).

mod calendar;
mod engine;
mod error;
mod operations;
mod ports;
mod stream;
mod types;

pub use calendar::{Calendar, calendar_operation_names};
pub use engine::{Engine, EnginePorts, engine_operation_names};
pub use error::CalendarPublishError;
pub use operations::*;
pub use ports::*;
pub use stream::GenerationStream;

uniffi::setup_scaffolding!("calendar_publish");
