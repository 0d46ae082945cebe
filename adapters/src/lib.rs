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
