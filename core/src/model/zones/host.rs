//! Zones that the host tells.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta};

use super::offsets::{DAY, Offsets};
use super::source::{ZoneSource, source};
use super::{Change, Observed};

/// A zone that the host knows: its place among those that were asked for, counted from 1. 0 is UTC,
/// which needs no host.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Entry(u16);

/// The zones that were asked for. They stay for good, as compiled-in ones do.
struct Known {
    zones: Vec<&'static Zone>,
    numbers: BTreeMap<&'static str, u16>,
}

struct Zone {
    name: String,
    offsets: Offsets,
}

static KNOWN: RwLock<Known> = RwLock::new(Known {
    zones: Vec::new(),
    numbers: BTreeMap::new(),
});

const UTC: &str = "UTC";

impl Entry {
    pub(super) const UTC: Self = Self(0);

    pub(super) fn find(name: &str) -> Option<Self> {
        Self::find_in(source(), name)
    }

    fn find_in(source: Option<&dyn ZoneSource>, name: &str) -> Option<Self> {
        if name == UTC {
            return Some(Self::UTC);
        }
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        let number = known.numbers.get(name).copied();
        drop(known);
        match number {
            Some(number) => Some(Self(number)),
            None if source?.knows(name) => Self::add(name),
            None => None,
        }
    }

    fn add(name: &str) -> Option<Self> {
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = known.numbers.get(name) {
            return Some(Self(*number));
        }
        let number = u16::try_from(known.zones.len() + 1).ok()?;
        let zone: &'static Zone = Box::leak(Box::new(Zone {
            name: name.to_owned(),
            offsets: Offsets::default(),
        }));
        known.zones.push(zone);
        known.numbers.insert(&zone.name, number);
        Some(Self(number))
    }

    /// What names of zones look like, or that there are none.
    pub(super) fn allowed() -> &'static str {
        Self::allowed_in(source())
    }

    fn allowed_in(source: Option<&dyn ZoneSource>) -> &'static str {
        match source {
            Some(_) => "Area/Location",
            None => "UTC alone: no zone source is set",
        }
    }

    pub(super) fn name(self) -> &'static str {
        self.zone().map_or(UTC, |zone| &zone.name)
    }

    pub(super) const fn number(self) -> usize {
        self.0 as usize
    }

    pub(super) fn offset_at(self, utc: NaiveDateTime) -> i32 {
        let second = utc.and_utc().timestamp();
        self.told(|offsets, tell| offsets.at(second, tell))
            .unwrap_or(0)
    }

    pub(super) fn offset_of(self, wall: NaiveDateTime) -> LocalResult<i32> {
        let second = wall.and_utc().timestamp();
        self.told(|offsets, tell| offsets.of(second, tell))
            .unwrap_or(LocalResult::Single(0))
    }

    /// Nobody says whether an offset is daylight time: the smallest of a year isn't.
    pub(super) fn observed(self, utc: NaiveDateTime) -> Observed {
        let second = utc.and_utc().timestamp();
        let seconds = self.offset_at(utc);
        let smallest = self.told(|offsets, tell| offsets.smallest(second, tell));
        Observed {
            seconds,
            daylight: smallest.is_some_and(|smallest| seconds > smallest),
            name: None,
        }
    }

    pub(super) fn change_before(self, utc: NaiveDateTime) -> Option<Change> {
        let second = utc.and_utc().timestamp();
        self.change(self.told(|offsets, tell| offsets.change_before(second, tell))??)
    }

    /// The first change after `utc` and in the days, counted from it, that begin before `end`.
    pub(super) fn change_after(self, utc: NaiveDateTime, end: NaiveDateTime) -> Option<Change> {
        let first = utc.and_utc().timestamp();
        let seconds = end.and_utc().timestamp().saturating_sub(first);
        let last = first + (seconds + DAY - 1).div_euclid(DAY) * DAY;
        let changes = self.told(|offsets, tell| offsets.changes(first, last, tell))?;
        let (at, _) = changes.first()?;
        self.change(*at)
    }

    fn change(self, at: i64) -> Option<Change> {
        let instant = DateTime::from_timestamp(at, 0)?.naive_utc();
        let second_before = instant.checked_sub_signed(TimeDelta::seconds(1))?;
        Some(Change {
            instant,
            before: self.offset_at(second_before),
        })
    }

    /// What `ask` finds out about the zone; nothing about UTC.
    fn told<T>(self, ask: impl FnOnce(&Offsets, super::offsets::Tell<'_>) -> T) -> Option<T> {
        let zone = self.zone()?;
        let source = source()?;
        let tell = |second: i64| source.offset_seconds(&zone.name, second * 1000);
        Some(ask(&zone.offsets, &tell))
    }

    fn zone(self) -> Option<&'static Zone> {
        let place = usize::from(self.0).checked_sub(1)?;
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        known.zones.get(place).copied()
    }
}

#[cfg(test)]
pub(super) mod tests;
