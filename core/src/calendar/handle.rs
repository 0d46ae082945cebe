//! The calendar itself.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::order::Order;
use crate::error::{Code, Error, Measure};
use crate::merge::MergePlan;
use crate::model::{
    CalendarEntry, ChannelAccount, EntryId, Explanation, PublishJob, Readiness, Timestamp,
};
use crate::operation;
use crate::readiness::{CalendarReadiness, Situation, explain, link_account};
use crate::rules::RuleBook;
use crate::schedule::{ScheduleContext, ScheduleSettings, ShiftReceipt};

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
#[derive(Debug)]
pub struct Calendar {
    pub(super) entries: Vec<CalendarEntry>,
    /// Each entry's number in the host's order: entries keep it when they change places in memory.
    pub(super) numbers: Vec<u32>,
    pub(super) next_number: u32,
    pub(super) places: HashMap<EntryId, u32>,
    pub(super) order: Order,
    pub(super) accounts: Vec<ChannelAccount>,
    pub(super) jobs: Vec<PublishJob>,
    pub(super) settings: ScheduleSettings,
    pub(super) now: Timestamp,
    pub(super) readiness: CalendarReadiness<'static>,
    /// Whether many entries changed since the readiness was judged: it is judged anew when it is asked for.
    pub(super) stale: bool,
    /// Whether the entries in memory stand in the host's order.
    pub(super) sorted: bool,
    /// What takes the last moves back, the newest last.
    pub(super) receipts: Vec<ShiftReceipt>,
    /// The merge that was planned, until something changes.
    pub(super) proposal: Option<MergePlan>,
}

impl Calendar {
    /// Reads a calendar from the bytes of a [`CalendarDocument`], straight from a file or a response.
    ///
    /// # Errors
    /// [`Code::InputTooLarge`] over 64 MiB, [`Code::InputNotUtf8`], [`Code::InputInvalid`] or a field's own
    /// code with path, line and column, and those of [`new`](Self::new).
    pub fn load(document: &[u8], now: Timestamp) -> Result<Self, Error> {
        operation::check_size(document.len())?;
        let text = std::str::from_utf8(document).map_err(|error| {
            Error::new(Code::InputNotUtf8).measured(Measure::text(error.to_string()))
        })?;
        Self::new(operation::read(text)?, now)
    }

    /// A calendar, judged at `now`.
    ///
    /// # Errors
    /// [`Code::IdDuplicate`] where two entries or two accounts share an id, with its path.
    pub fn new(document: CalendarDocument, now: Timestamp) -> Result<Self, Error> {
        let CalendarDocument {
            entries,
            accounts,
            jobs,
            settings,
        } = document;
        let readiness =
            CalendarReadiness::new(&entries, &accounts, &jobs, RuleBook::builtin(), now)?;
        let next_number = place_of(entries.len());
        let numbers: Vec<u32> = (0..next_number).collect();
        Ok(Self {
            order: Order::of(&entries, &numbers),
            numbers,
            next_number,
            places: (0..)
                .zip(&entries)
                .map(|(place, entry)| (entry.id, place))
                .collect(),
            entries,
            accounts,
            jobs,
            settings,
            now,
            readiness,
            stale: false,
            sorted: true,
            receipts: Vec::new(),
            proposal: None,
        })
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The instant that the readiness is judged at.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The entries, in the host's order.
    pub fn entries(&mut self) -> &[CalendarEntry] {
        self.sort();
        &self.entries
    }

    /// One entry.
    ///
    /// # Errors
    /// [`Code::EntryNotFound`] where there is none.
    pub fn entry(&self, id: EntryId) -> Result<&CalendarEntry, Error> {
        self.places
            .get(&id)
            .and_then(|place| self.entries.get(*place as usize))
            .ok_or_else(|| not_found(id))
    }

    /// One entry's readiness.
    ///
    /// # Errors
    /// [`Code::EntryNotFound`] where there is no such entry.
    pub fn readiness(&mut self, id: EntryId) -> Result<&Readiness, Error> {
        self.refresh();
        self.readiness.of(id).ok_or_else(|| not_found(id))
    }

    /// Why an entry is where it is, who must act, and what can safely be done.
    ///
    /// # Errors
    /// [`Code::EntryNotFound`] where there is no such entry.
    pub fn explain(&mut self, id: EntryId) -> Result<Explanation, Error> {
        self.refresh();
        let entry = self.entry(id)?;
        let readiness = self.readiness.of(id).ok_or_else(|| not_found(id))?;
        let account = link_account(entry, &self.accounts);
        let situation = Situation::new(entry, account, RuleBook::builtin(), self.now)
            .with_job(self.readiness.job_of(id));
        Ok(explain(&situation, readiness))
    }

    /// Puts the entries back into the host's order in memory, which planning and exporting go by.
    pub(super) fn sort(&mut self) {
        if self.sorted {
            return;
        }
        let mut by_number: Vec<(u32, CalendarEntry)> = std::mem::take(&mut self.numbers)
            .into_iter()
            .zip(std::mem::take(&mut self.entries))
            .collect();
        by_number.sort_by_key(|(number, _)| *number);
        (self.numbers, self.entries) = by_number.into_iter().unzip();
        for (place, entry) in (0..).zip(&self.entries) {
            self.places.insert(entry.id, place);
        }
        self.reorder();
        self.sorted = true;
    }

    /// Judges everything anew where much has changed.
    pub(super) fn refresh(&mut self) {
        if !self.stale {
            return;
        }
        self.sort();
        self.stale = false;
        // The ids were unique when they came in.
        if let Ok(readiness) = CalendarReadiness::new(
            &self.entries,
            &self.accounts,
            &self.jobs,
            RuleBook::builtin(),
            self.now,
        ) {
            self.readiness = readiness;
        }
    }

    /// What the schedule's functions look at.
    pub(super) fn context(&mut self) -> ScheduleContext<'_> {
        self.sort();
        ScheduleContext {
            entries: &self.entries,
            accounts: &self.accounts,
            jobs: &self.jobs,
            settings: &self.settings,
            now: self.now,
        }
    }
}

pub(super) fn not_found(id: EntryId) -> Error {
    Error::new(Code::EntryNotFound).measured(Measure::text(id.to_string()))
}

/// Places are counted in 32 bits: more entries than that don't fit into memory.
pub(super) fn place_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
