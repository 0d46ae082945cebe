//! The wire types that the modules share: plain data with public fields, serde names as the host's.
//!
//! What crosses a boundary is defined once: here, or, where only one operation speaks of it (a request,
//! a plan, a report), beside that operation. Both keep to words that every binding can carry: `bool`,
//! `String`, `u32`, `i64`, `f64`, `Option`, `Vec`, structs, enums with named fields, id newtypes; dates,
//! times and zones are validated strings. The one generic is [`Envelope`](crate::envelope::Envelope),
//! which is only ever written, as JSON.

mod account;
mod channel;
mod entry;
mod id;
mod job;
mod loose;
pub(crate) mod media;
mod options;
mod piece;
mod diff;
mod read;
mod readiness;
mod run;
pub(crate) mod text_form;
mod time;
pub mod zones;

pub use account::{AccountStatus, ChannelAccount, Quota, TiktokCreator};
pub use channel::{Channel, FormatKind, PostFormat};
pub use diff::{CalendarDiff, PieceUpdate};
pub use entry::CalendarEntry;
pub use id::{
    AccountId, AssetId, AttemptId, CalendarId, EntryId, IntentId, JobId, PlanId, RunId, UserId,
    deterministic_uuid, time_ordered_uuid,
};
pub use job::{AttemptStatus, JobStatus, Lease, PublishAttempt, PublishJob};
pub use media::{Cover, Media, MediaKind, UserTag};
pub use options::{Consent, InstagramOptions, TiktokMode, TiktokOptions, TiktokPrivacy, TrialReel};
pub(crate) use piece::DEFAULT_TITLE;
pub use piece::{CalendarPiece, ExtraField};
pub use read::{MAX_NESTING, PieceReading, PieceRefusal, ReadPiece, read_piece, read_pieces};
pub use readiness::{
    Action, Explanation, Finding, Judged, NextStep, Readiness, ReadinessState, Severity, Tile,
};
pub use run::{Cadence, CalendarRun, IntentStatus, PublishIntent, RunRef, RunStatus};
pub use time::{LocalDate, LocalTime, Timestamp};
pub use zones::Zone;
