//! Entries by id.

use std::hash::{BuildHasher, RandomState};

use crate::error::{Code, Error, Measure};
use crate::model::{CalendarEntry, EntryId};

/// Where each entry stands, by id.
///
/// A plan over ten thousand entries looks each of them up once, and a general hash map would cost
/// more than all the rest. This one keeps 32 bits of the hash beside each place, so that it is small
/// and touches an entry only where the id really is the one that is looked for. The hash is seeded,
/// as the standard map's is, so that nobody can choose ids that collide.
pub(super) struct EntryIndex {
    /// The hash's upper half and the place plus one; 0 is free. At least half of them are.
    slots: Vec<u64>,
    seed: u64,
}

impl EntryIndex {
    /// # Errors
    /// [`Code::IdDuplicate`] where two entries share an id.
    pub(super) fn new(entries: &[CalendarEntry]) -> Result<Self, Error> {
        let mut index = Self {
            slots: vec![0; (entries.len() * 2).next_power_of_two()],
            seed: RandomState::new().hash_one(0),
        };
        for (place, entry) in entries.iter().enumerate() {
            match index.find(entries, entry.id) {
                Found::At(_) => {
                    return Err(duplicate(entry.id).at(format!("entries[{place}].id")));
                }
                Found::Free { slot, tag } => {
                    if let Some(slot) = index.slots.get_mut(slot) {
                        *slot = tag | (place as u64 + 1);
                    }
                }
            }
        }
        Ok(index)
    }

    /// Where `id` stands in `entries`, the ones the index was made of.
    ///
    /// # Errors
    /// [`Code::EntryNotFound`].
    pub(super) fn position(&self, entries: &[CalendarEntry], id: EntryId) -> Result<usize, Error> {
        match self.find(entries, id) {
            Found::At(place) => Ok(place),
            Found::Free { .. } => {
                Err(Error::new(Code::EntryNotFound).measured(Measure::text(id.to_string())))
            }
        }
    }

    fn find(&self, entries: &[CalendarEntry], id: EntryId) -> Found {
        let hash = self.hash(id);
        let tag = hash & TAG;
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.slots.get(slot) {
                Some(&kept) if kept != 0 => {
                    let place = (kept & !TAG) as usize - 1;
                    if kept & TAG == tag && entries.get(place).is_some_and(|e| e.id == id) {
                        return Found::At(place);
                    }
                }
                _ => return Found::Free { slot, tag },
            }
            slot = (slot + 1) & mask;
        }
    }

    fn hash(&self, id: EntryId) -> u64 {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let (high, low) = id.uuid().as_u64_pair();
        let product = u128::from(high ^ self.seed) * u128::from(low ^ self.seed.rotate_left(32));
        let folded = (product as u64) ^ (product >> 64) as u64;
        let product = u128::from(folded ^ self.seed) * u128::from(ODD);
        (product as u64) ^ (product >> 64) as u64
    }
}

/// The part of a slot that is the hash's.
const TAG: u64 = 0xffff_ffff_0000_0000;

enum Found {
    /// The entry stands at this place.
    At(usize),
    /// There is none; it would be written to this slot with this tag.
    Free { slot: usize, tag: u64 },
}

/// `id` stands twice.
pub(super) fn duplicate(id: impl std::fmt::Display) -> Error {
    Error::new(Code::IdDuplicate).measured(Measure::text(id.to_string()))
}
