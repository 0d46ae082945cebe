//! Entries by id.

use std::hash::{BuildHasher, RandomState};

use super::row::Row;
use crate::error::{Code, Error, Measure};
use crate::model::EntryId;

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
    pub(super) fn new(rows: &[Row]) -> Result<Self, Error> {
        let mut index = Self {
            slots: vec![0; (rows.len() * 2).next_power_of_two()],
            seed: RandomState::new().hash_one(0),
        };
        for (place, &Row { id, .. }) in rows.iter().enumerate() {
            match index.find(rows, id) {
                Found::At(_) => return Err(duplicate(id).at(format!("entries[{place}].id"))),
                Found::Free { slot, tag } => {
                    if let Some(slot) = index.slots.get_mut(slot) {
                        *slot = tag | (place as u64 + 1);
                    }
                }
            }
        }
        Ok(index)
    }

    /// Where `id` stands in `rows`, the ones the index was made of.
    ///
    /// # Errors
    /// [`Code::EntryNotFound`].
    pub(super) fn position(&self, rows: &[Row], id: EntryId) -> Result<usize, Error> {
        match self.find(rows, id) {
            Found::At(place) => Ok(place),
            Found::Free { .. } => {
                Err(Error::new(Code::EntryNotFound).measured(Measure::text(id.to_string())))
            }
        }
    }

    fn find(&self, rows: &[Row], id: EntryId) -> Found {
        let hash = self.hash(id);
        let tag = hash & TAG;
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.slots.get(slot) {
                Some(&kept) if kept != 0 => {
                    let place = (kept & !TAG) as usize - 1;
                    if kept & TAG == tag && rows.get(place).is_some_and(|row| row.id == id) {
                        return Found::At(place);
                    }
                }
                _ => return Found::Free { slot, tag },
            }
            slot = (slot + 1) & mask;
        }
    }

    fn hash(&self, id: EntryId) -> u64 {
        let (high, low) = id.uuid().as_u64_pair();
        let mixed = folded(high ^ self.seed, low ^ self.seed.rotate_left(32));
        folded(mixed ^ self.seed, 0x9e37_79b9_7f4a_7c15)
    }
}

/// Both halves of the product, folded into one.
fn folded(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
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
