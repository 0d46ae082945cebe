//! The publish engine in virtual time.
//!
//! The engine is the real one; what is around it isn't: a [`ScriptedPlatform`](platform::ScriptedPlatform)
//! stands in for TikTok and Instagram and keeps the truth about what came out, and time passes only
//! when nothing else can happen. The same seed gives the same timeline, to the letter.
//!
//! - [`simulate`] runs one [`Scenario`]: workers that crash at any point where they wait, stall, and
//!   have wrong clocks; a store that goes away and loses answers; platforms that publish after a 5xx;
//!   people who edit, cancel and retry meanwhile. After every event it asks the invariants, each a
//!   function with a name, and stops at the first that doesn't hold. [`sweep`] runs many seeds.
//! - With a [`Protection`] switched off around the engine an invariant breaks: the simulation can fail.
//! - [`simulate_calendar`] is for hosts: "next month in a second".
//! - [`platform`], [`faults`], [`executor`], [`time`] and [`settled`] can be used alone, in tests of one's own.
//!
//! `cargo run -p calendar-publish-simulation --bin simulate -- --seed 7` prints a timeline.
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
pub mod settled;
mod sweep;
pub mod time;
mod watch;
mod world;

pub use calendar::{CalendarReport, EntryReport, PlatformProfile, simulate_calendar};
pub use protection::Protection;
pub use sweep::{Sweep, sweep};
pub use watch::{Counts, Violation};
pub use world::{Run, Scenario, simulate};
