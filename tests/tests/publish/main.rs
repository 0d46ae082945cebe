//! Publishing as a dry run over a store: what a user sees, also while the store is down.

#![allow(clippy::unwrap_used)]

mod conformance;
mod faulty;
mod outbox;
mod publisher;
