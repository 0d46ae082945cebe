//! Changes of entries, accounts and jobs.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::handle::not_found;
use super::order::Key;
use super::{Calendar, TileView};
use crate::error::{Code, Error, Measure};
use crate::model::{CalendarEntry, ChannelAccount, EntryId, PublishJob, Timestamp};
use crate::readiness::Changed;
use crate::schedule::ScheduleSettings;

/// With fewer changes than one in so many entries, each is put into the order by itself.
const FEW: usize = 16;

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
    /// Puts in an entry, in place of the one with its id if there is one. It is taken as it is, its revision
    /// too. What it costs doesn't depend on how many entries there are.
    ///
    /// # Errors
    /// None today.
    pub fn put(&mut self, entry: CalendarEntry) -> Result<CalendarChanges, Error> {
        let changed = self.store(entry);
        Ok(self.told(&changed))
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
        let changed = self.store_many(entries);
        Ok(self.told(&changed))
    }

    /// Takes an entry out. Its jobs are kept, for the case that it comes back.
    ///
    /// # Errors
    /// [`Code::EntryNotFound`] where there is none.
    pub fn remove(&mut self, id: EntryId) -> Result<CalendarChanges, Error> {
        self.place(id)?;
        let changed = self.take_out(id);
        let mut changes = self.told(&changed);
        changes.removed.push(id);
        // Closing the holes costs as much as all the removals that made them.
        if self.holes > 64 + self.len() {
            self.settle();
        }
        Ok(changes)
    }

    /// Puts in a publish job, in place of the one with its id if there is one.
    ///
    /// # Errors
    /// [`Code::EntryNotFound`] where the calendar has no such entry.
    pub fn put_job(&mut self, job: PublishJob) -> Result<CalendarChanges, Error> {
        let (id, entry_id) = (job.id, job.calendar_entry_id);
        let at_job = |error: Error| error.at("job.calendarEntryId");
        let place = self.place(entry_id).map_err(at_job)?;
        let of_entry = self.jobs_of(entry_id).to_vec();
        let is_it = |place: &u32| {
            let known = self.readiness.jobs().get(*place as usize);
            known.is_some_and(|known| known.id == id)
        };
        let known = of_entry.into_iter().find(is_it);
        let stored = self.readiness.store_job(job, known);
        if known.is_none()
            && let Some(jobs) = &mut self.jobs_of
        {
            jobs.entry(entry_id).or_default().push(stored);
        }
        let own = self.own_job(entry_id);
        let Some(entry) = self.entries.get(place as usize) else {
            return Err(not_found(entry_id));
        };
        let changed = self.readiness.put_at(entry, own);
        self.mark(&changed);
        Ok(self.told(&changed))
    }

    /// Replaces the accounts, and judges everything by them.
    ///
    /// # Errors
    /// [`Code::IdDuplicate`] where two share an id, with its path; [`Code::AccountNotFound`] where the
    /// settings have a cap for an account that would be gone.
    pub fn put_accounts(
        &mut self,
        accounts: Vec<ChannelAccount>,
    ) -> Result<CalendarChanges, Error> {
        self.check(&accounts, &self.settings)?;
        let changed = self.readiness.set_accounts(&self.entries, accounts)?;
        self.mark(&changed);
        Ok(self.told(&changed))
    }

    /// Says what time it is: tokens run out, and posts become late.
    ///
    /// # Errors
    /// None today.
    pub fn set_now(&mut self, now: Timestamp) -> Result<CalendarChanges, Error> {
        let changed = self.readiness.set_now(&self.entries, now);
        self.mark(&changed);
        Ok(self.told(&changed))
    }

    /// Replaces the limits that moves are judged by. They change no tile.
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`] for a limit out of bounds, [`Code::AccountNotFound`] for a cap of an
    /// account that isn't there.
    pub fn put_settings(&mut self, settings: ScheduleSettings) -> Result<(), Error> {
        self.check(self.accounts(), &settings)?;
        self.settings = settings;
        Ok(())
    }

    /// The new tiles of the entries at `places`.
    pub(super) fn told(&self, places: &[u32]) -> CalendarChanges {
        if places.len() > MAX_CHANGED_TILES {
            return CalendarChanges::reload();
        }
        CalendarChanges {
            tiles: self.tiles_at(places),
            ..CalendarChanges::default()
        }
    }

    /// Puts in one entry. Gives the places whose tile may be another one now, the entry's first.
    fn store(&mut self, entry: CalendarEntry) -> Vec<u32> {
        let id = entry.id;
        let (place, job) = match self.readiness.place(id) {
            Some(place) => {
                let Some(known) = self.entries.get_mut(place as usize) else {
                    return Vec::new();
                };
                if *known == entry {
                    return Vec::new();
                }
                self.order.remove(Key::of(known, place));
                *known = entry;
                (place, None)
            }
            None => {
                let job = self.own_job(id);
                self.entries.push(entry);
                (self.entries.len() as u32 - 1, job)
            }
        };
        let Some(entry) = self.entries.get(place as usize) else {
            return Vec::new();
        };
        let mut changed = self.readiness.put_at(entry, job);
        if let Some((key, mark)) = self.keyed(place) {
            self.order.insert(key, mark);
        }
        self.proposal = None;
        self.mark(&changed);
        changed.retain(|other| *other != place);
        changed.insert(0, place);
        changed
    }

    /// Puts in many entries, the known ones in one pass.
    pub(super) fn store_many(&mut self, entries: Vec<CalendarEntry>) -> Vec<u32> {
        let (mut places, mut old) = (Vec::new(), Vec::new());
        let mut new = Vec::new();
        for entry in entries {
            let place = self.readiness.place(entry.id);
            match place.and_then(|place| self.entries.get_mut(place as usize).zip(Some(place))) {
                Some((known, _)) if *known == entry => {}
                Some((known, place)) => {
                    old.push(Key::of(known, place));
                    places.push(place);
                    *known = entry;
                }
                None => new.push(entry),
            }
        }
        let mut changed = match places.is_empty() {
            true => Vec::new(),
            false => self.refresh(&places, &old, Changed::Anything),
        };
        for entry in new {
            changed.extend(self.store(entry));
        }
        let mut seen = HashSet::with_capacity(changed.len());
        changed.retain(|place| seen.insert(*place));
        changed
    }

    /// Takes out an entry. Gives the places whose readiness is another one now.
    pub(super) fn take_out(&mut self, id: EntryId) -> Vec<u32> {
        let Some((key, _)) = self.readiness.place(id).and_then(|place| self.keyed(place)) else {
            return Vec::new();
        };
        self.proposal = None;
        self.order.remove(key);
        let others = self.readiness.remove(id);
        self.holes += 1;
        let places = others.iter().filter_map(|id| self.readiness.place(*id));
        let changed: Vec<u32> = places.collect();
        self.mark(&changed);
        changed
    }

    /// Judges the entries at `places`, which stood at `old`, and puts them in order. Gives them and
    /// whoever else has another readiness now.
    pub(super) fn refresh(&mut self, places: &[u32], old: &[Key], what: Changed) -> Vec<u32> {
        self.proposal = None;
        let few = places.len() < self.len() / FEW;
        if few {
            for key in old {
                self.order.remove(*key);
            }
        }
        let mut changed = self.readiness.update_at(&self.entries, places, what);
        if few {
            for place in places {
                if let Some((key, mark)) = self.keyed(*place) {
                    self.order.insert(key, mark);
                }
            }
            self.mark(&changed);
        } else {
            self.order = self.ordered();
        }
        changed.extend(places);
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// Notes the tiles at `places` in the order.
    pub(super) fn mark(&mut self, places: &[u32]) {
        for place in places {
            if let Some((key, mark)) = self.keyed(*place) {
                self.order.mark(key, mark);
            }
        }
    }

    /// The job of an entry that counts.
    fn own_job(&mut self, entry: EntryId) -> Option<u32> {
        let places = self.jobs_of(entry).to_vec();
        self.readiness.counting_job(&places)
    }

    fn jobs_of(&mut self, entry: EntryId) -> &[u32] {
        let jobs = self.readiness.jobs();
        let jobs_of = self.jobs_of.get_or_insert_with(|| {
            let mut jobs_of: HashMap<EntryId, Vec<u32>> = HashMap::with_capacity(jobs.len());
            for (job, place) in jobs.iter().zip(0..) {
                jobs_of
                    .entry(job.calendar_entry_id)
                    .or_default()
                    .push(place);
            }
            jobs_of
        });
        jobs_of.get(&entry).map_or(&[], Vec::as_slice)
    }
}
