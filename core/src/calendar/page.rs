//! Tiles, and pages of them.

use serde::{Deserialize, Serialize};

use super::Calendar;
use super::order::Wanted;
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{
    Action, CalendarEntry, Channel, EntryId, LocalDate, LocalTime, PostFormat, Readiness,
    ReadinessState, Tile, Timestamp,
};

/// What a calendar shows of an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TileView {
    /// The entry.
    pub entry_id: EntryId,
    /// Its title.
    pub title: String,
    /// Its channel.
    pub channel: Channel,
    /// Its format, in the host's spelling.
    pub format: PostFormat,
    /// Its date, in its account's zone.
    pub date: LocalDate,
    /// Its time, in its account's zone.
    pub time: LocalTime,
    /// The instant it is scheduled for, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_at: Option<Timestamp>,
    /// The badge.
    pub tile: Tile,
    /// The readiness that the host stores.
    pub state: ReadinessState,
    /// How many findings there are.
    pub findings: u32,
    /// The first of them: what decided, wherever a finding did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Code>,
    /// The one thing to do next, if anything is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_action: Option<Action>,
    /// The revision of the entry.
    pub revision: i64,
}

impl TileView {
    fn new(entry: &CalendarEntry, readiness: &Readiness) -> Self {
        Self {
            entry_id: entry.id,
            title: entry.piece.title.clone(),
            channel: entry.piece.channel,
            format: entry.piece.format.clone(),
            date: entry.piece.date,
            time: entry.piece.time,
            scheduled_at: entry.scheduled_at,
            tile: readiness.tile,
            state: readiness.state,
            findings: u32::try_from(readiness.findings.len()).unwrap_or(u32::MAX),
            cause: readiness.findings.first().map(|finding| finding.code),
            next_action: readiness.next_action,
            revision: entry.revision,
        }
    }
}

/// Which tiles are wanted: those that fit everything that is given, in chronological order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PageRequest {
    /// How many of them are passed over.
    #[serde(default)]
    pub offset: u32,
    /// The most to be given, from 1 to [`MAX_LIMIT`](Self::MAX_LIMIT).
    pub limit: u32,
    /// On this channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// With this badge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tile: Option<Tile>,
    /// From this date on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<LocalDate>,
    /// Up to this date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<LocalDate>,
}

impl PageRequest {
    /// The most tiles of a page.
    pub const MAX_LIMIT: u32 = 1000;

    /// The first `limit` tiles of all.
    pub const fn first(limit: u32) -> Self {
        Self {
            offset: 0,
            limit,
            channel: None,
            tile: None,
            from: None,
            to: None,
        }
    }
}

/// A page of tiles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TilePage {
    /// How many tiles fit, on all pages.
    pub total: u32,
    /// Those of this page.
    pub tiles: Vec<TileView>,
}

/// How many entries show which badge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarSummary {
    /// How many entries there are.
    pub total: u32,
    /// The badges that are shown, in the order of [`Tile`].
    pub tiles: Vec<TileCount>,
}

/// How many entries show one badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TileCount {
    /// The badge.
    pub tile: Tile,
    /// How many.
    pub count: u32,
}

impl Calendar {
    /// A page of tiles. It costs about the same wherever it begins, whatever it filters by and however many
    /// entries there are.
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`] for a limit of 0 or of more than 1,000.
    pub fn page(&self, request: &PageRequest) -> Result<TilePage, Error> {
        if !(1..=PageRequest::MAX_LIMIT).contains(&request.limit) {
            return Err(Error::new(Code::FieldValueInvalid)
                .at("limit")
                .measured(Measure::number(request.limit, Unit::Items))
                .allowed(Allowed::between(1, PageRequest::MAX_LIMIT, Unit::Items)));
        }
        let wanted = Wanted::new(request.channel, request.tile, request.from, request.to);
        let (offset, limit) = (request.offset as usize, request.limit as usize);
        let (total, places) = self.order.page(wanted, offset, limit);
        Ok(TilePage {
            total: count(total),
            tiles: self.tiles_at(&places),
        })
    }

    /// How many entries show which badge.
    pub fn summary(&self) -> CalendarSummary {
        let tiles = Tile::ALL.map(|tile| TileCount {
            tile,
            count: count(self.order.count(tile)),
        });
        CalendarSummary {
            total: count(self.len()),
            tiles: tiles.into_iter().filter(|tile| tile.count > 0).collect(),
        }
    }

    /// The tiles of the entries at `places`.
    pub(super) fn tiles_at(&self, places: &[u32]) -> Vec<TileView> {
        let judged = places.iter().filter_map(|place| self.judged(*place));
        judged
            .map(|(entry, readiness)| TileView::new(entry, readiness))
            .collect()
    }
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
