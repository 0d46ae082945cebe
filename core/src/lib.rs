//! The publishing core of a content calendar.
#![deny(missing_docs)]

pub mod envelope;
pub mod error;
pub mod flags;
pub mod merge;
pub mod model;
pub mod operation;
pub mod schedule;
pub mod telemetry;

pub use error::{Code, Error};
