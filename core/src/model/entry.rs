//! Calendar entries: a piece and everything that stands beside it.

use serde::{Deserialize, Serialize};

use super::{
    AccountId, CalendarId, CalendarPiece, Cover, EntryId, InstagramOptions, Media, ReadinessState,
    TiktokOptions, Timestamp,
};

/// An entry of a calendar.
///
/// It keeps what the person meant (the piece's date and time, in the account's zone) and the
/// instant that this came to when it was last scheduled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarEntry {
    /// The entry's identity.
    pub id: EntryId,
    /// The calendar it belongs to.
    pub calendar_id: CalendarId,
    /// The host's `entry_key`: a stable name given by whoever generated the piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_key: Option<String>,
    /// The payload.
    pub piece: CalendarPiece,
    /// The account it is for. Without one, the user's only account on the channel is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    /// The instant of publication; `None` until the entry has been scheduled in a zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_at: Option<Timestamp>,
    /// A draft isn't meant to be published yet.
    #[serde(default)]
    pub draft: bool,
    /// The media, in the order they are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    /// The cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Cover>,
    /// Choices for TikTok.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiktok: Option<TiktokOptions>,
    /// Choices for Instagram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instagram: Option<InstagramOptions>,
    /// Whether a person has looked the entry over.
    #[serde(default)]
    pub reviewed: bool,
    /// The readiness that was stored last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readiness: Option<ReadinessState>,
    /// Counts the saves of this entry, from 1; 0 means never saved.
    #[serde(default)]
    pub revision: i64,
}

impl CalendarEntry {
    /// An unscheduled entry around `piece`, with nothing chosen yet.
    pub fn new(id: EntryId, calendar_id: CalendarId, piece: CalendarPiece) -> Self {
        Self {
            id,
            calendar_id,
            entry_key: None,
            piece,
            account_id: None,
            scheduled_at: None,
            draft: false,
            media: Vec::new(),
            cover: None,
            tiktok: None,
            instagram: None,
            reviewed: false,
            readiness: None,
            revision: 0,
        }
    }
}
