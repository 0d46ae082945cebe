//! Tests of the feature `instagram`: what is sent, what answers come to, and what the engine makes of it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod engine;
mod errors;
mod fixture;
mod reconciling;
mod requests;
mod simulated;
mod steps;
mod tokens;
mod uploads;
