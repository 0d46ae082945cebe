//! The publishing core of a content calendar.
#![deny(missing_docs)]

#[cfg(feature = "conformance")]
pub mod conformance;
pub mod error;
pub mod memory;
pub mod model;
pub mod operation;
pub mod ports;
pub mod publish;
pub mod schedule;

pub use error::{Code, Error};
