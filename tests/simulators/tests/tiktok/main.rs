//! TikTok's simulator against what TikTok documents: the expectations are written from the documentation's examples and tables.
#![allow(clippy::unwrap_used, clippy::panic)]

mod desk;
mod errors;
mod inits;
mod uploads;
