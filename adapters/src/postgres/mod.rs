//! A [`Store`](calendar_publish::ports::Store) and a [`JobStore`](calendar_publish::ports::JobStore) in
//! PostgreSQL, for many workers on many machines (feature `postgres`). It runs on tokio.
//!
//! The tables are the host's, with columns of ours beside the host's, so that a Supabase project and a
//! Rust worker share one database. What becomes of a job is decided by functions inside the database:
//! a worker here and a call through `rpc()` have the same guarantees, and one clock, the database's,
//! says when a job is due and a lease ends.
//!
//! ```no_run
//! # async fn example() -> Result<(), calendar_publish::ports::StoreError> {
//! use calendar_publish_adapters::postgres::PostgresStore;
//!
//! let store = PostgresStore::connect("postgresql://app@localhost/calendar").await?;
//! store.migrate().await?;
//! # Ok(())
//! # }
//! ```

mod accounts;
mod calendars;
mod claims;
mod database;
mod failure;
mod intents;
mod job_rows;
mod job_store;
mod jobs;
mod listener;
mod migrations;
mod pauses;
mod row;
mod save;
mod store;
#[cfg(feature = "webhooks")]
mod webhooks;
#[cfg(feature = "accounts")]
mod token_rows;
#[cfg(feature = "accounts")]
mod tokens;

pub use store::PostgresStore;
