//! A [`Store`](calendar_publish::ports::Store) and a [`JobStore`](calendar_publish::ports::JobStore) in
//! a SQLite file: no server, nothing to set up (feature `sqlite`).
//!
//! The connection lives on a thread of its own, so that a future never blocks whoever polls it and
//! any executor will do. Several processes may open the same file: writers take turns, readers never
//! wait. What was answered is on the disk (WAL, `synchronous=FULL`); a save is one transaction, so a
//! process that is killed in the middle leaves the old calendar or the new one, never a mixture.
//!
//! Jobs are claimed by lanes: one row per account names the job that comes next, so that a claim costs
//! the same whatever waits behind it and whatever is finished. A job that can't be read any more needs
//! attention with `STORE_CORRUPT`; where not even that can be decided, its row is set aside (column
//! `publish_jobs.unreadable`) until the file is opened again. Neither keeps other jobs waiting.
//!
//! ```no_run
//! use calendar_publish_adapters::sqlite::SqliteStore;
//!
//! let store = SqliteStore::open("calendar.db")?;
//! # Ok::<(), calendar_publish_adapters::sqlite::OpenError>(())
//! ```

mod accounts;
mod advance;
mod arrivals;
mod attempts;
mod calendars;
mod claim;
mod columns;
mod content;
mod damage;
mod handover;
mod intents;
mod job_row;
mod jobs;
mod lanes;
mod ledger;
mod migrations;
mod open;
mod pauses;
mod presence;
mod queue;
mod row;
mod save;
mod schedule;
mod store;
mod time;
#[cfg(feature = "accounts")]
mod tokens;
#[cfg(feature = "webhooks")]
mod webhooks;

pub use open::OpenError;
pub use store::SqliteStore;
