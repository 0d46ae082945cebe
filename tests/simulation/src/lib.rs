//! The publish engine in virtual time.
//!
//! A [`ScriptedPlatform`](platform::ScriptedPlatform) stands in for TikTok or Instagram: it answers as
//! it is told, or as a seed says, and keeps the truth about what came out. The same seed gives the
//! same timeline, to the byte: nothing here reads a real clock.
#![deny(missing_docs)]

mod calendar;
pub mod executor;
pub mod faults;
mod fixture;
mod invariants;
mod people;
pub mod platform;
mod protection;
pub mod random;
mod sweep;
pub mod time;
mod watch;
mod world;

pub use calendar::{CalendarReport, EntryReport, PlatformProfile, simulate_calendar};
pub use protection::Protection;
pub use sweep::{Sweep, sweep};
pub use watch::{Counts, Violation};
pub use world::{Run, Scenario, simulate};
