//! Many changes of a calendar at once, and what whoever holds the entries asks of it.
//!
//! The holder keeps its entries in the places that the slots have: an entry that is new gets the place
//! after the last, and a removed one leaves a hole until [`compact`](CalendarReadiness::compact).

use super::CalendarReadiness;
use super::calendar::rank;
use super::explain::explain;
use super::line::{Line, Post};
use super::roster::{Roster, place_of};
use super::situation::AccountLink;
use crate::error::Error;
use crate::model::{
    CalendarEntry, ChannelAccount, EntryId, Explanation, PublishJob, Readiness, Timestamp,
};
use crate::rules::RuleBook;

/// What has changed of an entry that is judged again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// Anything.
    Anything,
    /// When it is due, or the present: what the rules find of it stays as it is.
    Time,
}

/// With fewer changes than one in so many entries, moving posts one by one is cheaper than a pass.
const FEW: usize = 32;

impl CalendarReadiness<'_> {
    /// The present that it was judged at.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// The rules that it was judged by.
    pub(crate) fn rules(&self) -> &RuleBook {
        self.rules
    }

    /// The accounts, in their order.
    pub(crate) fn accounts(&self) -> &[ChannelAccount] {
        self.accounts.list()
    }

    /// The jobs, in their order.
    pub(crate) fn jobs(&self) -> &[PublishJob] {
        &self.jobs
    }

    /// Where an entry's slot is.
    pub(crate) fn place(&self, entry: EntryId) -> Option<u32> {
        self.index.get(&entry).copied()
    }

    /// The readiness at a place; nothing where an entry was removed.
    pub(crate) fn at(&self, place: u32) -> Option<&Readiness> {
        let slot = self.slots.get(place as usize)?.as_ref()?;
        Some(&slot.readiness)
    }

    /// The account that `entry` is published to, if there is one that it can use.
    pub(crate) fn account_of(&self, entry: &CalendarEntry) -> Option<&ChannelAccount> {
        match self.accounts.link(entry) {
            (_, AccountLink::Linked(account)) => Some(account),
            _ => None,
        }
    }

    /// Why an entry is where it is.
    pub(crate) fn explain(&self, entry: &CalendarEntry) -> Option<Explanation> {
        let slot = self.slot(entry.id)?;
        let (_, situation) = self.situation(entry, slot.job);
        Some(explain(&situation, &slot.readiness))
    }

    /// Puts in an entry whose job is at a place that [`store_job`](Self::store_job) gave; a known entry
    /// keeps its job where `job` is none.
    pub(crate) fn put_at(&mut self, entry: &CalendarEntry, job: Option<u32>) -> Vec<u32> {
        let known = self.slot(entry.id).and_then(|slot| slot.job);
        let changed = self.put(entry, job.or(known));
        changed.iter().filter_map(|id| self.place(*id)).collect()
    }

    /// Keeps a job: in `place`, or after the last one.
    pub(crate) fn store_job(&mut self, job: PublishJob, place: Option<u32>) -> u32 {
        match place.and_then(|place| self.jobs.get_mut(place as usize).zip(Some(place))) {
            Some((known, place)) => {
                *known = job;
                place
            }
            None => {
                self.jobs.push(job);
                place_of(self.jobs.len().saturating_sub(1))
            }
        }
    }

    /// Which of the jobs at `places`, all of one entry and in order, counts.
    pub(crate) fn counting_job(&self, places: &[u32]) -> Option<u32> {
        let mut best: Option<(u32, &PublishJob)> = None;
        for place in places {
            let Some(job) = self.jobs.get(*place as usize) else {
                continue;
            };
            if best.is_none_or(|(_, known)| rank(job) > rank(known)) {
                best = Some((*place, job));
            }
        }
        best.map(|(place, _)| place)
    }

    /// Judges the entries at `places` again, `entries` being all of them by place. Gives the places
    /// whose readiness is another one now.
    pub(crate) fn update_at(
        &mut self,
        entries: &[CalendarEntry],
        places: &[u32],
        what: Changed,
    ) -> Vec<u32> {
        if places.len() >= self.slots.len() / FEW {
            return self.judge_at(entries, places, what, false);
        }
        let mut changed = Vec::new();
        for place in places {
            if let Some(entry) = entries.get(*place as usize) {
                changed.extend(self.put_at(entry, None));
            }
        }
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// Judges everything at another present.
    pub(crate) fn set_now(&mut self, entries: &[CalendarEntry], now: Timestamp) -> Vec<u32> {
        self.now = now;
        self.judge_at(entries, &self.places(), Changed::Time, true)
    }

    /// Judges everything by other accounts.
    ///
    /// # Errors
    /// [`Code::IdDuplicate`](crate::Code::IdDuplicate); nothing has changed then.
    pub(crate) fn set_accounts(
        &mut self,
        entries: &[CalendarEntry],
        accounts: Vec<ChannelAccount>,
    ) -> Result<Vec<u32>, Error> {
        self.accounts = Roster::new(accounts)?;
        let caps = self.caps().into_iter();
        self.lines = caps
            .map(|cap| Line::new(cap, Vec::new(), |_, _| {}))
            .collect();
        Ok(self.judge_at(entries, &self.places(), Changed::Anything, true))
    }

    /// Closes the holes: whoever stands behind one moves up.
    pub(crate) fn compact(&mut self) {
        let mut next = 0;
        let renumbered: Vec<u32> = self
            .slots
            .iter()
            .map(|slot| {
                let place = next;
                next += u32::from(slot.is_some());
                place
            })
            .collect();
        let of = |place: u32| renumbered.get(place as usize).copied().unwrap_or(place);
        self.slots.retain(Option::is_some);
        for place in self.index.values_mut() {
            *place = of(*place);
        }
        for line in &mut self.lines {
            line.renumber(of);
        }
    }

    fn places(&self) -> Vec<u32> {
        let taken = self.slots.iter().zip(0..);
        taken
            .filter_map(|(slot, place)| slot.as_ref().map(|_| place))
            .collect()
    }

    /// Judges the entries at `places` by themselves, and then every line that one of them was or is
    /// on, in one pass.
    fn judge_at(
        &mut self,
        entries: &[CalendarEntry],
        places: &[u32],
        what: Changed,
        all_lines: bool,
    ) -> Vec<u32> {
        let mut stale = vec![all_lines; self.lines.len()];
        let mut changed = vec![false; self.slots.len()];
        let mut before = Vec::with_capacity(places.len());
        for place in places {
            let Some(entry) = entries.get(*place as usize) else {
                continue;
            };
            let slot = self.slots.get_mut(*place as usize);
            let mut known = slot.and_then(Option::take);
            let content = known
                .as_mut()
                .filter(|_| what == Changed::Time)
                .map(|slot| std::mem::take(&mut slot.content));
            let new = self.judge(entry, known.as_ref().and_then(|slot| slot.job), content);
            let lines = [known.as_ref().and_then(|slot| slot.place), new.place];
            for (line, _) in lines.into_iter().flatten() {
                if let Some(stale) = stale.get_mut(line as usize) {
                    *stale = true;
                }
            }
            if let Some(slot) = self.slots.get_mut(*place as usize) {
                *slot = Some(new);
                before.push((*place, known));
            }
        }
        self.sweep_lines(&stale, &mut changed);
        for (place, old) in &before {
            let now = self.at(*place);
            if let Some(mark) = changed.get_mut(*place as usize) {
                *mark = now != old.as_ref().map(|old| &old.readiness);
            }
        }
        let marks = changed.into_iter().zip(0..);
        marks
            .filter_map(|(is_changed, place)| is_changed.then_some(place))
            .collect()
    }

    /// Lays out the stale lines anew and marks the places that notice.
    fn sweep_lines(&mut self, stale: &[bool], changed: &mut [bool]) {
        let mut posts: Vec<Vec<Post>> = stale.iter().map(|_| Vec::new()).collect();
        for (slot, place) in self.slots.iter().zip(0..) {
            if let Some((line, post)) = slot.as_ref().and_then(|slot| slot.post(place))
                && stale.get(line as usize).is_some_and(|stale| *stale)
                && let Some(posts) = posts.get_mut(line as usize)
            {
                posts.push(post);
            }
        }
        let (slots, now) = (&mut self.slots, self.now);
        let lines = self.lines.iter_mut().zip(posts).zip(stale);
        for ((line, posts), _) in lines.filter(|(_, stale)| **stale) {
            line.replace(posts, |post, crowd| {
                if let Some(Some(slot)) = slots.get_mut(post.slot as usize)
                    && slot.adapt(crowd, now)
                    && let Some(mark) = changed.get_mut(post.slot as usize)
                {
                    *mark = true;
                }
            });
        }
    }
}
