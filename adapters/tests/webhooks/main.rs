//! Tests of the feature `webhooks`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod desk;
mod fixture;
mod meta;
mod seen;
mod signatures;
mod simulators;
mod stores;
mod tiktok;
