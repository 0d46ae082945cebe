//! The publishing core of a content calendar.
#![deny(missing_docs)]

pub mod error;
pub mod generation;
pub mod model;
pub mod operation;
pub mod schedule;

pub use error::{Code, Error};
