//! The entries by date and time.
//!
//! A sorted list in chunks: moving an entry and skipping to a page cost about as much in a calendar of a
//! hundred thousand as in one of a hundred. Each chunk counts what it holds by channel and badge, so that a
//! filtered page passes over whole chunks too.

use crate::model::{CalendarEntry, Channel, LocalDate, LocalTime, Tile};

const MARKS: usize = Tile::ALL.len() * Channel::ALL.len();

/// A chunk that grows beyond this is cut in two.
const CHUNK: usize = 512;

/// When an entry is meant to be published, and where it is. Those of one minute stand in the host's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) date: LocalDate,
    pub(super) time: LocalTime,
    pub(super) place: u32,
}

impl Key {
    pub(super) fn of(entry: &CalendarEntry, place: u32) -> Self {
        Self {
            date: entry.piece.date,
            time: entry.piece.time,
            place,
        }
    }
}

/// A channel and a badge as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(u8);

impl Mark {
    pub(super) fn new(channel: Channel, tile: Tile) -> Self {
        Self((channel as usize * Tile::ALL.len() + tile as usize) as u8)
    }
}

/// Which entries are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    from: Option<LocalDate>,
    to: Option<LocalDate>,
    /// A bit for each mark.
    marks: u32,
}

impl Wanted {
    pub(super) fn new(
        channel: Option<Channel>,
        tile: Option<Tile>,
        from: Option<LocalDate>,
        to: Option<LocalDate>,
    ) -> Self {
        let mut marks = 0;
        for one in Channel::ALL {
            for badge in Tile::ALL {
                let fits = channel.is_none_or(|channel| channel == one)
                    && tile.is_none_or(|tile| tile == badge);
                marks |= u32::from(fits) << Mark::new(one, badge).0;
            }
        }
        Self { from, to, marks }
    }

    fn wants(&self, (key, mark): &(Key, Mark)) -> bool {
        self.holds(key.date) && self.has(mark.0.into())
    }

    fn has(&self, mark: usize) -> bool {
        self.marks >> mark & 1 == 1
    }

    fn holds(&self, date: LocalDate) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

#[derive(Clone, Debug)]
struct Chunk {
    /// Never empty.
    items: Vec<(Key, Mark)>,
    counts: [u32; MARKS],
}

impl Chunk {
    fn new(items: Vec<(Key, Mark)>) -> Self {
        let mut chunk = Self {
            items,
            counts: [0; MARKS],
        };
        for (_, mark) in &chunk.items {
            if let Some(count) = chunk.counts.get_mut(mark.0 as usize) {
                *count += 1;
            }
        }
        chunk
    }

    fn count(&self, wanted: Wanted) -> usize {
        let counts = self.counts.iter().enumerate();
        let wanted = counts.filter(|(mark, _)| wanted.has(*mark));
        wanted.map(|(_, count)| *count as usize).sum()
    }

    fn add(&mut self, mark: Mark, one: i32) {
        if let Some(count) = self.counts.get_mut(mark.0 as usize) {
            *count = count.saturating_add_signed(one);
        }
    }
}

/// The entries' places in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    chunks: Vec<Chunk>,
}

impl Order {
    pub(super) fn new(mut items: Vec<(Key, Mark)>) -> Self {
        // Stable: it is fast on what is mostly in order, as calendars are.
        items.sort_by_key(|(key, _)| *key);
        let chunks = items.chunks(CHUNK / 2);
        Self {
            chunks: chunks.map(|items| Chunk::new(items.to_vec())).collect(),
        }
    }

    pub(super) fn insert(&mut self, key: Key, mark: Mark) {
        let place = self.chunk_of(key).min(self.chunks.len().saturating_sub(1));
        let Some(chunk) = self.chunks.get_mut(place) else {
            self.chunks.push(Chunk::new(vec![(key, mark)]));
            return;
        };
        let at = chunk.items.partition_point(|(other, _)| *other < key);
        chunk.items.insert(at, (key, mark));
        chunk.add(mark, 1);
        if chunk.items.len() > CHUNK {
            let rest = chunk.items.split_off(CHUNK / 2);
            *chunk = Chunk::new(std::mem::take(&mut chunk.items));
            self.chunks.insert(place + 1, Chunk::new(rest));
        }
    }

    pub(super) fn remove(&mut self, key: Key) {
        let place = self.chunk_of(key);
        let Some(chunk) = self.chunks.get_mut(place) else {
            return;
        };
        if let Ok(at) = chunk.items.binary_search_by_key(&key, |(key, _)| *key) {
            let (_, mark) = chunk.items.remove(at);
            chunk.add(mark, -1);
            if chunk.items.is_empty() {
                self.chunks.remove(place);
            }
        }
    }

    /// Gives a known key another mark.
    pub(super) fn mark(&mut self, key: Key, mark: Mark) {
        let place = self.chunk_of(key);
        let Some(chunk) = self.chunks.get_mut(place) else {
            return;
        };
        if let Ok(at) = chunk.items.binary_search_by_key(&key, |(key, _)| *key)
            && let Some((_, known)) = chunk.items.get_mut(at)
        {
            let old = std::mem::replace(known, mark);
            chunk.add(old, -1);
            chunk.add(mark, 1);
        }
    }

    /// How many are wanted, and the places of at most `limit` of them after the first `offset`.
    pub(super) fn page(&self, wanted: Wanted, offset: usize, limit: usize) -> (usize, Vec<u32>) {
        let mut total = 0;
        let mut places = Vec::with_capacity(limit);
        for chunk in &self.chunks {
            let (Some((first, _)), Some((last, _))) = (chunk.items.first(), chunk.items.last())
            else {
                continue;
            };
            if wanted.holds(first.date) && wanted.holds(last.date) {
                let count = chunk.count(wanted);
                if total + count <= offset || places.len() >= limit {
                    total += count;
                    continue;
                }
            }
            for item in chunk.items.iter().filter(|item| wanted.wants(item)) {
                if total >= offset && places.len() < limit {
                    places.push(item.0.place);
                }
                total += 1;
            }
        }
        (total, places)
    }

    /// How many show a badge.
    pub(super) fn count(&self, tile: Tile) -> usize {
        let wanted = Wanted::new(None, Some(tile), None, None);
        self.chunks.iter().map(|chunk| chunk.count(wanted)).sum()
    }

    /// The first chunk that doesn't end before `key`.
    fn chunk_of(&self, key: Key) -> usize {
        let ends_before = |chunk: &Chunk| chunk.items.last().is_some_and(|(last, _)| *last < key);
        self.chunks.partition_point(ends_before)
    }
}
