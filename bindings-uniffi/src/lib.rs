//! calendar-publish for Kotlin, Swift and Python.
//!
//! Everything here is a thin coat: core decides, and its types cross the language border as they are
//! (`build.rs` lends them to UniFFI).

mod error;
mod operations;
mod ports;
mod types;

pub use error::CalendarPublishError;
pub use operations::*;
pub use ports::*;

uniffi::setup_scaffolding!("calendar_publish");
