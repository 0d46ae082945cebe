//! The publishing core of a content calendar.
#![deny(missing_docs)]

pub mod model;
pub mod error;
pub mod generation;
pub mod merge;
pub mod rules;
pub mod readiness;
pub mod schedule;
pub mod preflight;
pub mod retry;
pub mod job;
pub mod publish;
pub mod export;
pub mod import;
pub mod flags;
pub mod message;
pub mod telemetry;
pub mod envelope;
pub mod ports;
pub mod memory;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod operation;

pub use error::{Code, Error};
