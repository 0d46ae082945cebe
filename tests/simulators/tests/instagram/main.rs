//! The Instagram simulator against the documentation's own examples and against what publishers have met.

#![allow(clippy::unwrap_used, clippy::panic)]

mod bench;
mod examples;
mod facebook;
mod knobs;
mod login;
mod rules;
mod served;
mod truth;
mod wild;
