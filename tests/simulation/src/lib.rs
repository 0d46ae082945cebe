//! The publish engine in virtual time.
//!
//! A [`ScriptedPlatform`](platform::ScriptedPlatform) stands in for TikTok or Instagram: it answers as
//! it is told, or as a seed says, and keeps the truth about what came out. The same seed gives the
//! same timeline, to the byte: nothing here reads a real clock.
#![deny(missing_docs)]

pub mod executor;
pub mod platform;
pub mod random;
pub mod time;
