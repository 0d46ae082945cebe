//! The job functions of the PostgreSQL migrations, called as SQL: they decide as the core's machine does,
//! give every job to one worker, and show a user nothing of another's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod access;
mod claims;
mod machine;
mod migrations;
mod plans;
mod rpc;
mod support;
mod walks;
