//! A whole calendar's readiness, kept up to date one change at a time.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::crowd::{Cap, Crowd};
use super::judge::Scene;
use super::line::{Line, Post};
use super::roster::{Roster, duplicate, place_of};
use super::situation::{Situation, Standing};
use super::tile::finish;
use crate::error::Error;
use crate::model::{
    CalendarEntry, ChannelAccount, EntryId, Finding, JobStatus, PublishJob, Readiness, Timestamp,
};
use crate::rules::RuleBook;

/// The readiness of every entry of a calendar at one instant.
///
/// Besides what [`evaluate`](super::evaluate) sees it knows the neighbours: posts of one account
/// that clash, and those beyond its cap in the moving window. Of the posts in a window those that are
/// due first fit; the later ones exceed it. An entry takes a place unless it is a draft, was
/// cancelled, or is too late to be published by itself.
///
/// ```
/// use calendar_publish::model::{CalendarEntry, Tile};
/// use calendar_publish::readiness::CalendarReadiness;
/// use calendar_publish::rules::RuleBook;
///
/// let mut entry: CalendarEntry = serde_json::from_str(r#"{
///     "id": "018f0000-0000-7000-8000-000000000001",
///     "calendarId": "018f0000-0000-7000-8000-0000000000c1",
///     "piece": { "channel": "instagram", "date": "2026-04-02", "time": "09:00", "copy": "Hola" }
/// }"#)?;
/// let now = "2026-03-01T09:00:00Z".parse()?;
/// let mut calendar =
///     CalendarReadiness::new(&[entry.clone()], &[], &[], RuleBook::builtin(), now)?;
/// assert_eq!(calendar.of(entry.id).map(|readiness| readiness.tile), Some(Tile::MissingMedia));
///
/// entry.draft = true;
/// assert_eq!(calendar.update(&entry), [entry.id]);
/// assert_eq!(calendar.of(entry.id).map(|readiness| readiness.tile), Some(Tile::Draft));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct CalendarReadiness<'a> {
    pub(super) rules: &'a RuleBook,
    pub(super) now: Timestamp,
    pub(super) accounts: Roster,
    pub(super) jobs: Vec<PublishJob>,
    pub(super) slots: Vec<Option<Slot>>,
    /// Where each entry's slot is.
    pub(super) index: HashMap<EntryId, u32>,
    /// One line for each account, in the same order.
    pub(super) lines: Vec<Line>,
    buffer: Vec<Post>,
}

/// An entry's readiness and what it takes to adapt it to its neighbours.
#[derive(Debug)]
pub(super) struct Slot {
    entry: EntryId,
    pub(super) readiness: Readiness,
    /// What its neighbours do to it, where they do anything.
    crowd: Option<Box<Crowd>>,
    /// The place on an account's line: which line, and when.
    pub(super) place: Option<(u32, Timestamp)>,
    /// Which of the jobs is its own.
    pub(super) job: Option<u32>,
    draft: bool,
    standing: Standing,
    /// What the rules find of the entry, whatever time it is.
    pub(super) content: Box<[Finding]>,
}

impl Slot {
    /// Its post, if it takes a place on a line; `slot` is where this slot is.
    pub(super) fn post(&self, slot: u32) -> Option<(u32, Post)> {
        let (line, at) = self.place?;
        let post = Post {
            at,
            entry: self.entry,
            slot,
            published: self.standing == Standing::Published,
        };
        Some((line, post))
    }

    /// Takes the neighbours into account; says whether that changed anything.
    pub(super) fn adapt(&mut self, crowd: Crowd, now: Timestamp) -> bool {
        let known = self.crowd.as_deref().copied().unwrap_or_default();
        if self.standing.is_settled() || known.says_the_same(&crowd) {
            return false;
        }
        self.crowd = (!crowd.is_harmless()).then(|| Box::new(crowd));
        let mut findings = std::mem::take(&mut self.readiness.findings);
        crowd.replace_in(now, &mut findings);
        self.readiness = finish(findings, self.draft, self.standing);
        true
    }
}

impl<'a> CalendarReadiness<'a> {
    /// Judges `entries`, which belong to the user of `accounts` and `jobs`, at `now`.
    ///
    /// Where an entry has several jobs the one that published counts, else the one that is still
    /// alive, else the newest.
    ///
    /// # Errors
    /// [`Code::IdDuplicate`](crate::Code::IdDuplicate) where two entries or two accounts share an id, with its path.
    pub fn new(
        entries: &[CalendarEntry],
        accounts: &[ChannelAccount],
        jobs: &[PublishJob],
        rules: &'a RuleBook,
        now: Timestamp,
    ) -> Result<Self, Error> {
        Self::owning(entries, accounts.to_vec(), jobs.to_vec(), rules, now)
    }

    /// As [`new`](Self::new), of accounts and jobs that it may keep.
    pub(crate) fn owning(
        entries: &[CalendarEntry],
        accounts: Vec<ChannelAccount>,
        jobs: Vec<PublishJob>,
        rules: &'a RuleBook,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let own_jobs = own_jobs(&jobs);
        let mut calendar = Self {
            rules,
            now,
            accounts: Roster::new(accounts)?,
            jobs,
            slots: Vec::with_capacity(entries.len()),
            index: HashMap::with_capacity(entries.len()),
            lines: Vec::new(),
            buffer: Vec::new(),
        };
        let mut posts: Vec<Vec<Post>> = calendar.accounts().iter().map(|_| Vec::new()).collect();
        for (entry, place) in entries.iter().zip(0..) {
            if calendar.index.insert(entry.id, place).is_some() {
                return Err(duplicate(entry.id).at(format!("entries[{place}].id")));
            }
            let slot = calendar.judge(entry, own_jobs.get(&entry.id).copied(), None);
            if let Some((line, post)) = slot.post(place)
                && let Some(posts) = posts.get_mut(line as usize)
            {
                posts.push(post);
            }
            calendar.slots.push(Some(slot));
        }
        for (cap, posts) in calendar.caps().into_iter().zip(posts) {
            let slots = &mut calendar.slots;
            calendar.lines.push(Line::new(cap, posts, |post, crowd| {
                // Nothing was found of any neighbour so far, so a harmless crowd changes nothing.
                if !crowd.is_harmless()
                    && let Some(Some(slot)) = slots.get_mut(post.slot as usize)
                {
                    slot.adapt(crowd, now);
                }
            }));
        }
        Ok(calendar)
    }

    /// The cap of each account.
    pub(super) fn caps(&self) -> Vec<Cap> {
        let accounts = self.accounts().iter();
        accounts
            .map(|account| Cap::of(account, self.rules))
            .collect()
    }

    /// Every entry's readiness, in the order in which the entries were given.
    pub fn all(&self) -> impl Iterator<Item = (EntryId, &Readiness)> {
        self.slots
            .iter()
            .flatten()
            .map(|slot| (slot.entry, &slot.readiness))
    }

    /// One entry's readiness.
    pub fn of(&self, entry: EntryId) -> Option<&Readiness> {
        self.slot(entry).map(|slot| &slot.readiness)
    }

    /// Judges a changed (or new) entry again, and of the others those whose window or neighbourhood
    /// it left or entered. The job that is known of the entry stays.
    ///
    /// Gives the entries whose readiness is another one now, the changed entry first.
    pub fn update(&mut self, entry: &CalendarEntry) -> Vec<EntryId> {
        let job = self.slot(entry.id).and_then(|slot| slot.job);
        self.put(entry, job)
    }

    /// Puts in a new entry with its job, or a known entry whose job has changed, as
    /// [`update`](Self::update) does.
    pub fn insert(&mut self, entry: &CalendarEntry, job: Option<&PublishJob>) -> Vec<EntryId> {
        let known = self.slot(entry.id).and_then(|slot| slot.job);
        let own = job.map(|job| self.store(job, known));
        self.put(entry, own)
    }

    /// Takes an entry out. Gives the other entries whose readiness is another one now.
    pub fn remove(&mut self, entry: EntryId) -> Vec<EntryId> {
        let mut changed = Vec::new();
        if let Some(place) = self.index.remove(&entry)
            && let Some(slot) = self.slots.get_mut(place as usize).and_then(Option::take)
        {
            self.move_post(slot.post(place), None, &mut changed);
        }
        changed
    }

    pub(super) fn slot(&self, entry: EntryId) -> Option<&Slot> {
        let place = *self.index.get(&entry)?;
        self.slots.get(place as usize)?.as_ref()
    }

    /// Keeps a job, in the place of the one that was known.
    fn store(&mut self, job: &PublishJob, known: Option<u32>) -> u32 {
        if let Some(place) = known
            && let Some(stored) = self.jobs.get_mut(place as usize)
        {
            stored.clone_from(job);
            return place;
        }
        self.jobs.push(job.clone());
        place_of(self.jobs.len().saturating_sub(1))
    }

    pub(super) fn put(&mut self, entry: &CalendarEntry, job: Option<u32>) -> Vec<EntryId> {
        let place = match self.index.entry(entry.id) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(unknown) => {
                let place = place_of(self.slots.len());
                self.slots.push(None);
                *unknown.insert(place)
            }
        };
        let mut new = self.judge(entry, job, None);
        let old = self.slots.get_mut(place as usize).and_then(Option::take);
        let new_post = new.post(place);
        let old_post = old.as_ref().and_then(|old| old.post(place));
        let stays = old_post == new_post;
        if stays && let Some(crowd) = old.as_ref().and_then(|old| old.crowd.as_deref()) {
            new.adapt(*crowd, self.now);
        }
        if let Some(slot) = self.slots.get_mut(place as usize) {
            *slot = Some(new);
        }
        let mut changed = Vec::new();
        if !stays {
            self.move_post(old_post, new_post, &mut changed);
        }
        changed.retain(|id| *id != entry.id);
        if self.of(entry.id) != old.as_ref().map(|old| &old.readiness) {
            changed.insert(0, entry.id);
        }
        changed
    }

    /// Judges an entry by itself; its neighbours come later. `content` is what the rules were known to find
    /// of it.
    pub(super) fn judge(
        &self,
        entry: &CalendarEntry,
        job: Option<u32>,
        content: Option<Box<[Finding]>>,
    ) -> Slot {
        let (line, situation) = self.situation(entry, job);
        let scene = Scene::new(&situation);
        let content = content.unwrap_or_else(|| scene.content());
        let scene = scene.with_content(&content);
        Slot {
            entry: entry.id,
            readiness: scene.readiness(&Crowd::default()),
            crowd: None,
            place: scene.takes_place_at().map(|at| (line, at)),
            job,
            draft: entry.draft,
            standing: scene.standing,
            content,
        }
    }

    /// What an entry is judged from by itself, and its account's line.
    pub(super) fn situation<'b>(
        &'b self,
        entry: &'b CalendarEntry,
        job: Option<u32>,
    ) -> (u32, Situation<'b>) {
        let (line, account) = self.accounts.link(entry);
        let own = job.and_then(|place| self.jobs.get(place as usize));
        let situation = Situation::new(entry, account, self.rules, self.now).with_job(own);
        (line, situation)
    }

    /// Moves a post on the lines and adapts whoever notices.
    fn move_post(
        &mut self,
        old: Option<(u32, Post)>,
        new: Option<(u32, Post)>,
        changed: &mut Vec<EntryId>,
    ) {
        let mut reaches: Vec<(u32, (Timestamp, Timestamp))> = Vec::with_capacity(2);
        for (place, is_new) in [(old, false), (new, true)] {
            let Some((line_place, post)) = place else {
                continue;
            };
            let Some(line) = self.lines.get_mut(line_place as usize) else {
                continue;
            };
            if is_new {
                line.insert(&post);
            } else {
                line.remove(post.at, post.entry);
            }
            let (from, to) = line.reach(post.at);
            match reaches.first_mut() {
                Some((same, (first, last)))
                    if *same == line_place && from <= *last && *first <= to =>
                {
                    *first = from.min(*first);
                    *last = to.max(*last);
                }
                _ => reaches.push((line_place, (from, to))),
            }
        }
        for (line, reach) in reaches {
            let Some(line) = self.lines.get(line as usize) else {
                continue;
            };
            let (slots, now) = (&mut self.slots, self.now);
            line.revisit(reach, &mut self.buffer, |post, crowd| {
                if let Some(Some(slot)) = slots.get_mut(post.slot as usize)
                    && slot.adapt(crowd, now)
                {
                    changed.push(slot.entry);
                }
            });
        }
    }
}

/// For each entry the job that counts.
fn own_jobs(jobs: &[PublishJob]) -> HashMap<EntryId, u32> {
    let mut own: HashMap<EntryId, u32> = HashMap::with_capacity(jobs.len());
    for (job, place) in jobs.iter().zip(0..) {
        match own.entry(job.calendar_entry_id) {
            Entry::Vacant(first) => {
                first.insert(place);
            }
            Entry::Occupied(mut chosen) => {
                let known = jobs.get(*chosen.get() as usize);
                if known.is_none_or(|known| rank(job) > rank(known)) {
                    chosen.insert(place);
                }
            }
        }
    }
    own
}

/// How much a job counts beside others of its entry.
pub(super) fn rank(job: &PublishJob) -> (u8, Timestamp) {
    let weight = match job.status {
        JobStatus::Published => 3,
        JobStatus::Cancelled => 0,
        JobStatus::DeliveredToInbox => 1,
        _ => 2,
    };
    (weight, job.created_at)
}
