//! Each channel's limits as data, and what an entry breaks of them.
//!
//! [`RuleBook`] holds every limit with its source and date. Where sources disagree it holds each
//! value: one is enforced, the other is a warning. A host can replace the book while it runs.
//! [`validate`] lists everything an entry breaks; it fetches nothing, reads no clock, and doesn't
//! look at schedules, tokens or quotas. `docs/limits.md` in the repository is the built-in book as
//! a table.

mod address;
mod book;
mod caption;
mod instagram;
mod limit;
mod parameter;
mod post_kind;
mod render;
mod subject;
mod text;
mod tiktok;
mod tiktok_ux;
mod url;
mod validate;

use crate::model::LocalDate;

pub use address::is_public_address;
pub use book::{Cap, CapSubject, DailyCap, PostRules, RuleBook};
pub use caption::caption_text;
pub use limit::{Limit, Source};
pub use parameter::{Parameter, ParameterRule, Support};
pub use post_kind::PostKind;
pub use render::render_limits;
pub use subject::Subject;
pub use text::{TextCount, count_text, hashtags, mentions};
pub use tiktok_ux::{
    ConsentLink, InteractionToggle, PrivacyChoice, TiktokForm, TiktokInteraction, TiktokLabel,
    TiktokNotice, consent_text, tiktok_form,
};
pub use validate::validate;

/// The day that pages without a date of their own were read.
const READ: LocalDate = LocalDate::from_ymd(2026, 11, 20).unwrap();
