//! The half of publishing that writes to platforms: it claims due jobs and takes each to its end.
//!
//! A [`PublishWorker`] runs as one future on any executor, or step by step from a cron job
//! ([`PublishWorker::tick`]). Whatever it has to remember stands in the store before it acts on it,
//! so that it may be killed at any moment: another worker goes on when its claims have ended.
//!
//! | file | what it decides |
//! |---|---|
//! | `settings` | what a worker is made of, and which settings would be unsafe |
//! | `run` | when to look for work, how much of it at once, when to stop |
//! | `task` | the way of one job: gate, steps, outcome |
//! | `reconcile`, `look_again` | what a write whose answer was lost came to |
//! | `journal` | how the writes of many jobs become few transactions |
//! | `incident` | when a channel is paused because many accounts fail alike |

mod desk;
mod incident;
mod journal;
mod look_again;
mod reconcile;
mod report;
mod run;
mod settings;
mod store_time;
mod task;

pub use report::WorkReport;
pub use run::PublishWorker;
pub use settings::{WorkerPorts, WorkerSettings};
