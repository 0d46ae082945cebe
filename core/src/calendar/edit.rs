//! Changes of entries, accounts and jobs.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::handle::{not_found, place_of};
use super::order::Order;
use super::{Calendar, TileView};
use crate::error::{Code, Error, Measure};
use crate::model::{CalendarEntry, ChannelAccount, EntryId, PublishJob, Timestamp};
use crate::readiness::{CalendarReadiness, own_job};
use crate::rules::RuleBook;
use crate::schedule::ScheduleSettings;

/// The most tiles that an answer to a change holds.
pub const MAX_CHANGED_TILES: usize = 100;

/// What a change did to the tiles.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarChanges {
    /// The tiles that look different now, those of the changed entries first.
    pub tiles: Vec<TileView>,
    /// Entries that are gone.
    pub removed: Vec<EntryId>,
    /// More changed than an answer holds (100): there are no tiles in it, and whoever shows some reads
    /// their page again.
    pub reload: bool,
}

impl CalendarChanges {
    /// More changed than an answer holds.
    pub(super) fn reload() -> Self {
        Self {
            reload: true,
            ..Self::default()
        }
    }
}

impl Calendar {
    /// Puts in an entry, in place of the one with its id if there is one.
    ///
    /// # Errors
    /// None today.
    pub fn put(&mut self, entry: CalendarEntry) -> Result<CalendarChanges, Error> {
        self.refresh();
        self.proposal = None;
        let id = entry.id;
        let noticed = self.judge_put(entry);
        let others = noticed.into_iter().filter(|other| *other != id);
        Ok(self.told(std::iter::once(id).chain(others)))
    }

    /// Puts in many entries: all of them, or none.
    ///
    /// # Errors
    /// [`Code::IdDuplicate`] where two of them share an id, with its path.
    pub fn put_many(&mut self, entries: Vec<CalendarEntry>) -> Result<CalendarChanges, Error> {
        let mut ids = HashSet::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            if !ids.insert(entry.id) {
                return Err(Error::new(Code::IdDuplicate)
                    .at(format!("entries[{index}].id"))
                    .measured(Measure::text(entry.id.to_string())));
            }
        }
        self.proposal = None;
        if entries.len() > MAX_CHANGED_TILES {
            for entry in entries {
                self.place(entry);
            }
            self.stale = true;
            return Ok(CalendarChanges::reload());
        }
        self.refresh();
        let mut changed: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
        for entry in entries {
            for noticed in self.judge_put(entry) {
                if ids.insert(noticed) {
                    changed.push(noticed);
                }
            }
        }
        Ok(self.told(changed))
    }

    /// Takes an entry out.
    ///
    /// # Errors
    /// [`Code::EntryNotFound`] where there is none.
    pub fn remove(&mut self, id: EntryId) -> Result<CalendarChanges, Error> {
        self.refresh();
        let place = self.places.remove(&id).ok_or_else(|| not_found(id))?;
        self.proposal = None;
        let entry = self.entries.swap_remove(place as usize);
        let number = self.numbers.swap_remove(place as usize);
        self.order.remove(&entry, number, place);
        if let (Some(moved), Some(number)) = (
            self.entries.get(place as usize),
            self.numbers.get(place as usize),
        ) {
            let from = place_of(self.entries.len());
            self.order.remove(moved, *number, from);
            self.order.insert(moved, *number, place);
            self.places.insert(moved.id, place);
            self.sorted = false;
        }
        let noticed = self.readiness.remove(id);
        let mut changes = self.told(noticed);
        changes.removed.push(id);
        Ok(changes)
    }

    /// Puts in a publish job, in place of the one with its id if there is one.
    ///
    /// # Errors
    /// [`Code::EntryNotFound`] where the calendar has no such entry.
    pub fn put_job(&mut self, job: PublishJob) -> Result<CalendarChanges, Error> {
        let id = job.calendar_entry_id;
        let place = *self
            .places
            .get(&id)
            .ok_or_else(|| not_found(id).at("job.calendarEntryId"))?;
        self.refresh();
        match self.jobs.iter_mut().find(|known| known.id == job.id) {
            Some(known) => *known = job,
            None => self.jobs.push(job),
        }
        let Some(entry) = self.entries.get(place as usize) else {
            return Err(not_found(id));
        };
        let noticed = self.readiness.insert(entry, own_job(&self.jobs, id));
        Ok(self.told(noticed))
    }

    /// Replaces the accounts.
    ///
    /// # Errors
    /// [`Code::IdDuplicate`] where two share an id, with its path.
    pub fn put_accounts(
        &mut self,
        accounts: Vec<ChannelAccount>,
    ) -> Result<CalendarChanges, Error> {
        let before = self.replace_readiness(&accounts, self.now)?;
        self.accounts = accounts;
        Ok(self.difference(&before))
    }

    /// Says what time it is: tokens run out, and posts become late.
    ///
    /// # Errors
    /// None today.
    pub fn set_now(&mut self, now: Timestamp) -> Result<CalendarChanges, Error> {
        let accounts = std::mem::take(&mut self.accounts);
        let before = self.replace_readiness(&accounts, now);
        self.accounts = accounts;
        let before = before?;
        self.now = now;
        Ok(self.difference(&before))
    }

    /// Replaces the limits that moves are judged by. They change no tile.
    pub fn put_settings(&mut self, settings: ScheduleSettings) {
        self.settings = settings;
    }

    /// Judges everything anew, and gives the readiness that was known.
    fn replace_readiness(
        &mut self,
        accounts: &[ChannelAccount],
        now: Timestamp,
    ) -> Result<CalendarReadiness<'static>, Error> {
        self.refresh();
        self.sort();
        let rules = RuleBook::builtin();
        let new = CalendarReadiness::new(&self.entries, accounts, &self.jobs, rules, now)?;
        Ok(std::mem::replace(&mut self.readiness, new))
    }

    /// The tiles that look different from what they were.
    fn difference(&self, before: &CalendarReadiness<'_>) -> CalendarChanges {
        let changed = self
            .readiness
            .all()
            .filter(|(id, readiness)| before.of(*id) != Some(readiness))
            .map(|(id, _)| id);
        self.told(changed)
    }

    /// The new tiles of `changed`.
    pub(super) fn told(&self, changed: impl IntoIterator<Item = EntryId>) -> CalendarChanges {
        let few: Vec<EntryId> = changed.into_iter().take(MAX_CHANGED_TILES + 1).collect();
        if few.len() > MAX_CHANGED_TILES {
            return CalendarChanges::reload();
        }
        CalendarChanges {
            tiles: few.into_iter().filter_map(|id| self.tile_of(id)).collect(),
            ..CalendarChanges::default()
        }
    }

    /// Puts an entry in its place and judges it. Gives the entries that are judged otherwise now.
    pub(super) fn judge_put(&mut self, entry: CalendarEntry) -> Vec<EntryId> {
        let id = entry.id;
        let is_new = !self.places.contains_key(&id);
        let place = self.place(entry);
        let Some(entry) = self.entries.get(place as usize) else {
            return Vec::new();
        };
        if is_new {
            self.readiness.insert(entry, own_job(&self.jobs, id))
        } else {
            self.readiness.update(entry)
        }
    }

    /// Puts an entry in its place, without judging it.
    fn place(&mut self, entry: CalendarEntry) -> u32 {
        let known = self.places.get(&entry.id).copied();
        if let Some(place) = known
            && let (Some(old), Some(number)) = (
                self.entries.get_mut(place as usize),
                self.numbers.get(place as usize),
            )
        {
            if (old.piece.date, old.piece.time) != (entry.piece.date, entry.piece.time) {
                self.order.remove(old, *number, place);
                self.order.insert(&entry, *number, place);
            }
            *old = entry;
            return place;
        }
        let (place, number) = (place_of(self.entries.len()), self.next_number);
        self.next_number += 1;
        self.order.insert(&entry, number, place);
        self.places.insert(entry.id, place);
        self.numbers.push(number);
        self.entries.push(entry);
        place
    }

    /// Brings the order up to date after many entries were moved.
    pub(super) fn reorder(&mut self) {
        self.order = Order::of(&self.entries, &self.numbers);
    }
}
