//! A [`Store`](calendar_publish::ports::Store) in a SQLite file: no server, nothing to set up
//! (feature `sqlite`).
//!
//! The connection lives on a thread of its own, so that a future never blocks whoever polls it and
//! any executor will do. Several processes may open the same file: writers take turns, readers never
//! wait. What was answered is on the disk (WAL, `synchronous=FULL`); a save is one transaction, so a
//! process that is killed in the middle leaves the old calendar or the new one, never a mixture.
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
mod content;
mod damage;
mod intents;
mod job_row;
mod jobs;
mod lanes;
mod ledger;
mod migrations;
mod open;
mod pauses;
mod queue;
mod row;
mod save;
mod schedule;
mod store;
mod time;

pub use open::OpenError;
pub use store::SqliteStore;
