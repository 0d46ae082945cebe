//! The calendar itself.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::order::{Key, Mark, Order};
use crate::error::{Code, Error, Measure};
use crate::merge::MergePlan;
use crate::model::{
    CalendarEntry, ChannelAccount, EntryId, Explanation, PublishJob, Readiness, Timestamp,
};
use crate::operation;
use crate::readiness::CalendarReadiness;
use crate::rules::RuleBook;
use crate::schedule::{ScheduleContext, ScheduleSettings, ShiftReceipt, find_clashes};

/// What a calendar is loaded from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarDocument {
    /// Its entries, in the host's order.
    pub entries: Vec<CalendarEntry>,
    /// The user's accounts.
    #[serde(default)]
    pub accounts: Vec<ChannelAccount>,
    /// The publish jobs of its entries.
    #[serde(default)]
    pub jobs: Vec<PublishJob>,
    /// The limits that moves are judged by.
    #[serde(default)]
    pub settings: ScheduleSettings,
}

/// A calendar with the readiness of every entry.
///
/// ```
/// use calendar_publish::calendar::{Calendar, PageRequest};
/// use calendar_publish::model::Tile;
///
/// let document = br#"{ "entries": [{
///     "id": "018f0000-0000-7000-8000-000000000001",
///     "calendarId": "018f0000-0000-7000-8000-0000000000c1",
///     "piece": { "title": "Pan", "channel": "instagram", "date": "2026-04-02", "time": "09:00" }
/// }] }"#;
/// let mut calendar = Calendar::load(document, "2026-03-01T09:00:00Z".parse()?)?;
/// let page = calendar.page(&PageRequest::first(50))?;
/// assert_eq!((page.total, page.tiles[0].tile), (1, Tile::MissingMedia));
///
/// let mut entry = calendar.entry(page.tiles[0].entry_id)?.clone();
/// entry.draft = true;
/// let changes = calendar.put(entry)?;
/// assert_eq!(changes.tiles[0].tile, Tile::Draft);
/// # Ok::<(), calendar_publish::Error>(())
/// ```
///
/// Entries keep the order in which they were loaded, and new ones come after them. Tiles are shown by date
/// and time, and those of the same minute in that order.
#[derive(Debug)]
pub struct Calendar {
    /// By place, as the readiness has them. Where that knows none, the entry was removed.
    pub(super) entries: Vec<CalendarEntry>,
    /// How many entries were removed and are still there.
    pub(super) holes: usize,
    pub(super) readiness: CalendarReadiness<'static>,
    pub(super) order: Order,
    pub(super) settings: ScheduleSettings,
    /// What takes the last moves back, the newest last.
    pub(super) receipts: VecDeque<ShiftReceipt>,
    /// The merge that was planned, until something changes.
    pub(super) proposal: Option<MergePlan>,
    /// The places of each entry's jobs, from the first time they are asked for.
    pub(super) jobs_of: Option<HashMap<EntryId, Vec<u32>>>,
}

impl Calendar {
    /// Reads a [`CalendarDocument`] and judges it at `now`, by the platforms' rules.
    ///
    /// # Errors
    /// [`Code::InputTooLarge`] over 64 MiB, [`Code::InputNotUtf8`], [`Code::InputInvalid`]
    /// and the codes of the fields, with path, line and column, and the errors of [`new`](Self::new).
    pub fn load(document: &[u8], now: Timestamp) -> Result<Self, Error> {
        operation::check_size(document.len())?;
        let text = std::str::from_utf8(document).map_err(|error| {
            Error::new(Code::InputNotUtf8).measured(Measure::text(error.to_string()))
        })?;
        Self::new(operation::read(text)?, now)
    }

    /// Judges a document at `now`, by the platforms' rules.
    ///
    /// # Errors
    /// [`Code::IdDuplicate`] where two entries or two accounts share an id, with its path;
    /// [`Code::FieldValueInvalid`] and [`Code::AccountNotFound`] for limits that can't be planned with.
    pub fn new(document: CalendarDocument, now: Timestamp) -> Result<Self, Error> {
        Self::with_rules(document, RuleBook::builtin(), now)
    }

    /// Judges a document at `now`, by a host's own rules.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_rules(
        document: CalendarDocument,
        rules: &'static RuleBook,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let CalendarDocument {
            entries,
            accounts,
            jobs,
            settings,
        } = document;
        let mut calendar = Self {
            readiness: CalendarReadiness::owning(&entries, accounts, jobs, rules, now)?,
            entries,
            holes: 0,
            order: Order::default(),
            settings,
            receipts: VecDeque::new(),
            proposal: None,
            jobs_of: None,
        };
        calendar.check(calendar.accounts(), &calendar.settings)?;
        calendar.order = calendar.ordered();
        Ok(calendar)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len() - self.holes
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The present that it is judged at.
    pub fn now(&self) -> Timestamp {
        self.readiness.now()
    }

    /// The entries, in the host's order.
    pub fn entries(&mut self) -> &[CalendarEntry] {
        self.settle();
        &self.entries
    }

    /// The accounts, in their order.
    pub fn accounts(&self) -> &[ChannelAccount] {
        self.readiness.accounts()
    }

    /// The jobs, in their order; those of removed entries too.
    pub fn jobs(&self) -> &[PublishJob] {
        self.readiness.jobs()
    }

    /// The limits that plans are judged by.
    pub fn settings(&self) -> &ScheduleSettings {
        &self.settings
    }

    /// Everything, as it can be loaded again.
    pub fn document(&self) -> CalendarDocument {
        CalendarDocument {
            entries: self.placed().map(|(_, entry)| entry.clone()).collect(),
            accounts: self.accounts().to_vec(),
            jobs: self.jobs().to_vec(),
            settings: self.settings.clone(),
        }
    }

    /// An entry.
    ///
    /// # Errors
    /// [`Code::EntryNotFound`].
    pub fn entry(&self, id: EntryId) -> Result<&CalendarEntry, Error> {
        let place = self.place(id)?;
        self.entries
            .get(place as usize)
            .ok_or_else(|| not_found(id))
    }

    /// An entry's readiness, its neighbours considered.
    ///
    /// # Errors
    /// [`Code::EntryNotFound`].
    pub fn readiness(&self, id: EntryId) -> Result<&Readiness, Error> {
        self.readiness.of(id).ok_or_else(|| not_found(id))
    }

    /// Why an entry is where it is, who must act, and what can safely be done.
    ///
    /// # Errors
    /// [`Code::EntryNotFound`].
    pub fn explain(&self, id: EntryId) -> Result<Explanation, Error> {
        let entry = self.entry(id)?;
        self.readiness.explain(entry).ok_or_else(|| not_found(id))
    }

    pub(super) fn place(&self, id: EntryId) -> Result<u32, Error> {
        self.readiness.place(id).ok_or_else(|| not_found(id))
    }

    /// The entries with their places.
    pub(super) fn placed(&self) -> impl Iterator<Item = (u32, &CalendarEntry)> + Clone {
        let is_there = |(place, _): &(u32, &CalendarEntry)| self.readiness.at(*place).is_some();
        (0..).zip(&self.entries).filter(is_there)
    }

    pub(super) fn judged(&self, place: u32) -> Option<(&CalendarEntry, &Readiness)> {
        self.entries
            .get(place as usize)
            .zip(self.readiness.at(place))
    }

    pub(super) fn keyed(&self, place: u32) -> Option<(Key, Mark)> {
        let (entry, readiness) = self.judged(place)?;
        let mark = Mark::new(entry.piece.channel, readiness.tile);
        Some((Key::of(entry, place), mark))
    }

    pub(super) fn ordered(&self) -> Order {
        let places = 0..self.entries.len() as u32;
        Order::new(places.filter_map(|place| self.keyed(place)).collect())
    }

    /// Closes the holes that removed entries left, before something looks at all entries.
    pub(super) fn settle(&mut self) {
        if self.holes == 0 {
            return;
        }
        let mut place = 0;
        let readiness = &self.readiness;
        self.entries.retain(|_| {
            place += 1;
            readiness.at(place - 1).is_some()
        });
        self.readiness.compact();
        self.holes = 0;
        self.order = self.ordered();
    }

    /// What the schedule's functions look at.
    pub(super) fn settled(&mut self) -> ScheduleContext<'_> {
        self.settle();
        self.context()
    }

    /// Whether one could plan with these accounts and limits: planning checks them, and that of no entries
    /// costs nothing.
    pub(super) fn check(
        &self,
        accounts: &[ChannelAccount],
        settings: &ScheduleSettings,
    ) -> Result<(), Error> {
        find_clashes(&ScheduleContext {
            entries: &[],
            accounts,
            settings,
            ..self.context()
        })
        .map(|_| ())
    }

    /// The same while holes may be among the entries: for whoever looks at none.
    pub(super) fn context(&self) -> ScheduleContext<'_> {
        ScheduleContext {
            entries: &self.entries,
            accounts: self.accounts(),
            jobs: self.jobs(),
            settings: &self.settings,
            now: self.now(),
        }
    }
}

pub(super) fn not_found(id: EntryId) -> Error {
    Error::new(Code::EntryNotFound).measured(Measure::text(id.to_string()))
}
