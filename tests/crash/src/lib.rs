//! Worker processes, and a platform on the loopback interface that counts what it was asked to publish.
//!
//! `tests/kill.rs` starts workers on a real database, kills them with `kill -9`, and compares the
//! platform's books with the store's.

mod adapter;
mod calendar;
mod platform;
mod store;

pub use adapter::LoopbackAdapter;
pub use calendar::{accounts, entries, user};
pub use platform::{Platform, Post};
pub use store::open_store;
