//! The TikTok adapter: against answers told beforehand, through the worker, and against the simulator.
#![allow(clippy::unwrap_used, clippy::panic)]

mod chunks;
mod confirm;
mod errors;
mod evidence;
mod fixture;
mod put_errors;
mod requests;
mod secrets;
mod simulated;
mod worker;
