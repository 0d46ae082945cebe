//! The publishing core of a content calendar: what is ready, what isn't and why, what will fail on
//! Thursday; moves through time zones; merges; exports; and publishing at most once.
//!
//! Everything here is decided from its arguments. Nothing reads a clock, opens a file or a socket, or
//! draws a random number: `now` is an argument, and what a host must bring is a trait in [`ports`].
//!
//! # An entry from draft to publication
//!
//! ```
//! use calendar_publish::job::{self, JobEvent};
//! use calendar_publish::message::{Lang, MessageContext, finding_text};
//! use calendar_publish::model::{CalendarEntry, ChannelAccount, JobStatus, PublishJob, Tile, Timestamp};
//! use calendar_publish::readiness::{Situation, evaluate, link_account};
//! use calendar_publish::rules::RuleBook;
//! use calendar_publish::schedule::resolve;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let accounts: [ChannelAccount; 1] = [serde_json::from_str(r#"{
//!     "id": "018f0000-0000-7000-8000-0000000000a1", "userId": "018f0000-0000-7000-8000-0000000000b1",
//!     "channel": "instagram", "externalAccountId": "17841400000000000", "displayName": "@pan",
//!     "timezone": "Europe/Madrid", "status": "ok" }"#)?];
//! let mut entry: CalendarEntry = serde_json::from_str(r#"{
//!     "id": "018f0000-0000-7000-8000-000000000001", "calendarId": "018f0000-0000-7000-8000-0000000000c1",
//!     "draft": true, "reviewed": true,
//!     "piece": { "title": "Pan", "channel": "ig", "format": "post", "copy": "Hoy hay pan.", "date": "2026-04-02" } }"#)?;
//! let now: Timestamp = "2026-04-01T09:00:00Z".parse()?;
//! let judge = |entry: &CalendarEntry| {
//!     evaluate(&Situation::new(entry, link_account(entry, &accounts), RuleBook::builtin(), now))
//! };
//! assert_eq!(judge(&entry).tile, Tile::Draft);
//!
//! // Somebody means it: nine o'clock in the account's zone.
//! entry.draft = false;
//! entry.scheduled_at = Some(resolve(entry.piece.date, entry.piece.time, accounts[0].timezone).instant);
//! let readiness = judge(&entry);
//! assert_eq!(readiness.tile, Tile::MissingMedia);
//! let text = finding_text(&readiness.findings[0], Lang::Es, &MessageContext::default());
//! assert_eq!(text.action, "Sube las fotos o el video.");
//!
//! entry.media = serde_json::from_str(r#"[{ "kind": "image", "url": "https://cdn.example/pan.jpg",
//!     "mimeType": "image/jpeg", "sizeBytes": 640000, "width": 1080, "height": 1350 }]"#)?;
//! assert_eq!(judge(&entry).tile, Tile::Ready);
//!
//! // A job takes it from here, and only `job` moves its status.
//! let job: PublishJob = serde_json::from_str(r#"{
//!     "id": "018f0000-0000-7000-8000-0000000000d1", "calendarEntryId": "018f0000-0000-7000-8000-000000000001",
//!     "userId": "018f0000-0000-7000-8000-0000000000b1", "accountId": "018f0000-0000-7000-8000-0000000000a1",
//!     "channel": "instagram", "scheduledAt": "2026-04-02T07:00:00Z", "status": "scheduled", "attemptCount": 0,
//!     "createdAt": "2026-04-01T09:00:00Z", "updatedAt": "2026-04-01T09:00:00Z" }"#)?;
//! let due = job::due_at(&job);
//! let events = serde_json::from_str::<Vec<JobEvent>>(r#"[
//!     { "type": "claim", "lease": { "token": 1, "expiresAt": "2026-04-02T07:05:00Z" } },
//!     { "type": "write_started", "token": 1 },
//!     { "type": "published", "token": 1, "receipt": { "postId": "17900000000000201" } }]"#)?;
//! let published = events.into_iter().try_fold(job, |job, event| {
//!     job::advance(&job, event, due).map(|(job, _)| job)
//! })?;
//! assert_eq!((published.status, published.attempt_count), (JobStatus::Published, 1));
//! # Ok(())
//! # }
//! ```
//!
//! `cargo run -p quickstart` shows the whole of it on a recorded month.
//!
//! # Modules, in the order data flows
//!
//! [`generation`] reads the AI stream into [`model`]'s pieces; [`merge`] joins a regeneration with manual
//! edits; [`rules`] holds the platforms' limits, [`readiness`] judges by them, [`schedule`] moves,
//! [`preflight`], [`retry`] and [`job`] decide about attempts, which [`ledger`] chains; [`publish`]
//! answers requests, takes commands and works; [`export`] and [`import`] speak CSV, JSON and iCalendar;
//! [`message`] words everything in Spanish and English; [`operation`] offers every pure operation by
//! name, JSON in and JSON out, and [`calendar`] holds a calendar for an interface.
#![deny(missing_docs)]

pub mod model;
pub mod error;
mod json;
pub mod generation;
pub mod merge;
pub mod rules;
pub mod readiness;
pub mod schedule;
pub mod preflight;
pub mod retry;
pub mod job;
pub mod ledger;
pub mod publish;
pub mod export;
pub mod import;
pub mod flags;
pub mod message;
pub mod telemetry;
pub mod envelope;
pub mod ports;
pub mod memory;
#[cfg(feature = "conformance")]
pub mod conformance;
mod order;
pub mod operation;
pub mod calendar;

pub use error::{Code, Error};
