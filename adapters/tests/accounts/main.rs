//! Linking accounts, their tokens' vault and renewal: against what the platforms document, on every store, and from
//! many processes at once.
#![allow(clippy::unwrap_used, clippy::panic)]

mod conformance;
mod fixture;
mod dying;
mod instagram;
mod linking;
mod messages;
mod vault;
mod processes;
mod readiness;
mod renewal;
mod row_security;
mod tiktok;
