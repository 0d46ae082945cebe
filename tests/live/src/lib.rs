//! The publish engine with the real channel adapters, against simulated platforms in virtual time.
//!
//! Nothing here decides anything about publishing: the engine, the adapters and the store are those that
//! users get. What is around them can be stopped and broken at any point: the [`Wire`](wire::Wire) between
//! adapters and platforms counts every exchange, and a process can end before, after or in the middle
//! of any of them. The truth is what the simulators say came out.
//!
//! - [`flow`]: the ways in which a post goes out, one each
//! - [`host`]: what a host brings: tokens, addresses for its files, a sealer
//! - [`shelf`]: the media files, small but real ones
//! - [`wire`]: HTTP that can be cut
//! - [`world`]: a store, the platforms, and workers that live one after the other
//! - [`week`]: a week's calendar in trouble, as a seed says
//! - [`postman`]: TikTok's webhooks, late, twice and out of order
//! - [`mishap`]: what goes wrong at the platforms meanwhile
#![deny(missing_docs)]

pub mod flow;
pub mod host;
pub mod mishap;
pub mod postman;
pub mod shelf;
pub mod week;
pub mod wire;
pub mod world;
