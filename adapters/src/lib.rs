//! Stores, transports and channel adapters: everything that talks to the world, a feature each.
#![deny(missing_docs)]

#[cfg(any(feature = "accounts", feature = "instagram", feature = "tiktok"))]
pub mod access;
#[cfg(feature = "accounts")]
pub mod accounts;
#[cfg(feature = "clock")]
pub mod clock;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod details;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "instagram")]
pub mod instagram;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "probe")]
pub mod probe;
#[cfg(any(feature = "instagram", feature = "sealing", feature = "tiktok"))]
pub mod sealing;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(feature = "tiktok")]
pub mod tiktok;
#[cfg(feature = "tracing")]
pub mod tracing;
#[cfg(feature = "webhooks")]
pub mod webhooks;

/// App secrets must not be shipped to devices: both platforms forbid it.
#[cfg(all(
    any(feature = "accounts", feature = "webhooks"),
    any(target_family = "wasm", target_os = "android", target_os = "ios")
))]
compile_error!("the features `accounts` and `webhooks` hold app secrets and are for servers only");

/// The examples of the README, compiled and run as tests.
#[cfg(all(
    doctest,
    feature = "accounts",
    feature = "clock",
    feature = "http",
    feature = "instagram",
    feature = "sqlite",
    feature = "tiktok"
))]
#[doc = include_str!("../../README.md")]
struct Readme;
