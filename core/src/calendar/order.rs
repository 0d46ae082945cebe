//! The entries by date and time.

use std::ops::Range;

use crate::model::{CalendarEntry, LocalDate, LocalTime};

/// When an entry is meant to be published, and where it is. Entries of one minute stand in the host's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Stop {
    date: LocalDate,
    time: LocalTime,
    number: u32,
    place: u32,
}

impl Stop {
    fn of(entry: &CalendarEntry, number: u32, place: u32) -> Self {
        Self {
            date: entry.piece.date,
            time: entry.piece.time,
            number,
            place,
        }
    }
}

/// The places of the entries in chronological order: a sorted list, since moving a few kilobytes costs less
/// than what a tree would cost a page that begins in the middle.
#[derive(Debug)]
pub(super) struct Order(Vec<Stop>);

impl Order {
    /// The order of entries that stand in the host's order, numbered by `numbers`.
    pub(super) fn of(entries: &[CalendarEntry], numbers: &[u32]) -> Self {
        let mut stops: Vec<Stop> = (0..)
            .zip(entries.iter().zip(numbers))
            .map(|(place, (entry, number))| Stop::of(entry, *number, place))
            .collect();
        stops.sort_unstable();
        Self(stops)
    }

    pub(super) fn insert(&mut self, entry: &CalendarEntry, number: u32, place: u32) {
        let stop = Stop::of(entry, number, place);
        let at = self.0.partition_point(|other| *other < stop);
        self.0.insert(at, stop);
    }

    pub(super) fn remove(&mut self, entry: &CalendarEntry, number: u32, place: u32) {
        if let Ok(at) = self.0.binary_search(&Stop::of(entry, number, place)) {
            self.0.remove(at);
        }
    }

    /// Where in the order the dates from `from` to `to` stand, both included.
    pub(super) fn between(&self, from: Option<LocalDate>, to: Option<LocalDate>) -> Range<usize> {
        let first = from.map_or(0, |from| self.0.partition_point(|stop| stop.date < from));
        let end = to.map_or(self.0.len(), |to| {
            self.0.partition_point(|stop| stop.date <= to)
        });
        first..end.max(first)
    }

    /// The places of the entries in a part of the order.
    pub(super) fn places(&self, part: Range<usize>) -> impl Iterator<Item = u32> {
        self.0
            .get(part)
            .unwrap_or_default()
            .iter()
            .map(|stop| stop.place)
    }
}
