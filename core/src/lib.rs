//! The publishing core of a content calendar.
#![deny(missing_docs)]

pub mod error;
pub mod job;
pub mod model;
pub mod operation;
pub mod preflight;
pub mod readiness;
pub mod retry;
pub mod rules;
pub mod schedule;

pub use error::{Code, Error};
