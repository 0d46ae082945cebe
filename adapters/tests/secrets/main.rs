//! A planted secret is found nowhere.
//!
//! Accounts of both platforms are linked by the real service against the simulators, posts of every kind go
//! out by the real worker from a SQLite file, and everything goes wrong that can, each time with an answer that
//! repeats what was asked. What is secret is collected where it crosses: at the transport. What the library says
//! is collected wherever it says anything. Nothing of the one may be in the other.
//!
//! One thing is there by design: the address of an entry's media, signed or not, is the host's own data. It
//! stands in the content that the host saved (the entries' and the jobs' content in the store) and in the JSON
//! export, which carries everything; nowhere else.
#![allow(clippy::unwrap_used, clippy::panic)]

mod haystack;
mod kinds;
mod linking;
mod observed;
mod publishing;
mod webhooks;
mod wire;
mod world;
