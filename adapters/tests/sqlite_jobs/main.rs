//! The store of jobs in a SQLite file.
#![allow(clippy::unwrap_used, clippy::panic)]

mod agreement;
mod conformance;
mod damage;
mod fixture;
mod plan;
mod processes;
mod upgrade;
