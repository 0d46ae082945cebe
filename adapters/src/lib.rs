//! Stores, transports and channel adapters: everything that talks to the world, a feature each.
#![deny(missing_docs)]

#[cfg(feature = "clock")]
pub mod clock;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod details;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(feature = "tracing")]
pub mod tracing;

/// The examples of the README, compiled and run as tests.
#[cfg(all(doctest, feature = "clock", feature = "sqlite"))]
#[doc = include_str!("../../README.md")]
struct Readme;
