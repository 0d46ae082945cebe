//! Publishing as a dry run over a store: what a user sees, also while the store is down.

mod conformance;
mod faulty;
mod faulty_jobs;
mod job_conformance;
mod outbox;
mod publisher;
