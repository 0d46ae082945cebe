//! What a host names by number. A number is never given twice, so that one that is spent is recognized for
//! as long as the process lives.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Things by their number.
#[derive(Debug)]
pub(crate) struct Numbered<T>(Mutex<Table<T>>);

#[derive(Debug)]
struct Table<T> {
    last: u64,
    things: BTreeMap<u64, T>,
}

impl<T> Numbered<T> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Table {
            last: 0,
            things: BTreeMap::new(),
        }))
    }

    fn table(&self) -> MutexGuard<'_, Table<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps `thing` and gives its number, which is never 0.
    pub(crate) fn keep(&self, thing: T) -> u64 {
        let mut table = self.table();
        table.last += 1;
        let number = table.last;
        table.things.insert(number, thing);
        number
    }

    pub(crate) fn has(&self, number: u64) -> bool {
        self.table().things.contains_key(&number)
    }

    /// Takes it out. What comes of it, and its end, is for the caller to run: the table is free again.
    pub(crate) fn take(&self, number: u64) -> Option<T> {
        self.table().things.remove(&number)
    }

    /// Takes out all that fit.
    pub(crate) fn take_all(&self, fits: impl Fn(&T) -> bool) -> Vec<T> {
        let mut table = self.table();
        let taken = table.things.extract_if(.., |_, thing| fits(thing));
        taken.map(|(_, thing)| thing).collect()
    }
}

impl<T: Clone> Numbered<T> {
    pub(crate) fn find(&self, number: u64) -> Option<T> {
        self.table().things.get(&number).cloned()
    }
}
