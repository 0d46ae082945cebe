//! TikTok's simulator against what TikTok documents: the expectations are written from the documentation's examples and tables.
#![allow(clippy::unwrap_used, clippy::panic)]

mod chunks;
mod desk;
mod faults;
mod inits;
mod limits;
mod media;
mod oauth;
mod photos;
mod property;
mod pulls;
mod served;
mod statuses;
mod uploads;
mod webhooks;
