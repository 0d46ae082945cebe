//! What stands between an entry and its publication: now, and at the instant it is due.
//!
//! - [`evaluate`] judges one [`Situation`]: an entry, its account, its job, the rules and the present.
//! - [`CalendarReadiness`] judges a whole calendar and keeps up with changes one at a time.
//! - [`explain`] says why an entry is where it is, who must act, what happens next, and which
//!   actions are safe.
//!
//! All are pure functions of their inputs: as soon as a cause is mended the entry is back by itself.
//! Only time can't be mended: an entry whose time has passed meanwhile waits for a person.
//!
//! ```
//! use calendar_publish::Code;
//! use calendar_publish::model::{CalendarEntry, ReadinessState};
//! use calendar_publish::readiness::{Situation, evaluate, link_account};
//! use calendar_publish::rules::RuleBook;
//!
//! let entry: CalendarEntry = serde_json::from_str(r#"{
//!     "id": "018f0000-0000-7000-8000-000000000001",
//!     "calendarId": "018f0000-0000-7000-8000-0000000000c1",
//!     "piece": { "channel": "instagram", "date": "2026-04-02", "time": "09:00", "copy": "Hola" }
//! }"#)?;
//! let accounts = [];
//! let readiness = evaluate(&Situation::new(
//!     &entry,
//!     link_account(&entry, &accounts),
//!     RuleBook::builtin(),
//!     "2026-04-01T09:00:00Z".parse()?,
//! ));
//! assert_eq!(readiness.state, ReadinessState::MissingMedia);
//! assert!(readiness.findings.iter().any(|finding| finding.code == Code::ChannelAuthMissing));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod account;
mod action;
mod bulk;
mod calendar;
mod crowd;
mod explain;
mod preview;
mod judge;
mod line;
mod roster;
mod situation;
#[cfg(test)]
mod tests;
mod tile;

pub use account::TOKEN_MARGIN_MINUTES;
pub use calendar::CalendarReadiness;
pub use crowd::CLASH_DISTANCE_SECONDS;
pub use explain::explain;
pub use judge::{
    MEDIA_CHECKPOINT_HOURS, MEDIA_URL_MARGIN_MINUTES, REVIEW_CHECKPOINT_HOURS, evaluate,
};
pub use preview::preview_changes;
pub use situation::{AccountLink, Situation, Surroundings, instant_of, link_account};

pub(crate) use bulk::Changed;
pub(crate) use judge::{is_misfit, judge_attempt};
