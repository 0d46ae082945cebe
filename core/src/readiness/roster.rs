//! A user's accounts, looked up once for a whole calendar.

use std::collections::HashMap;

use super::situation::AccountLink;
use crate::error::{Code, Error, Measure};
use crate::model::{AccountId, CalendarEntry, Channel, ChannelAccount};

/// The accounts, found by id and by channel.
#[derive(Debug)]
pub(super) struct Roster {
    list: Vec<ChannelAccount>,
    by_id: HashMap<AccountId, u32>,
    /// For each channel the first account on it, and how many there are.
    on_channel: [(u32, u32); Channel::ALL.len()],
}

impl Roster {
    pub(super) fn new(accounts: Vec<ChannelAccount>) -> Result<Self, Error> {
        let mut by_id = HashMap::with_capacity(accounts.len());
        let mut on_channel = [(0, 0); Channel::ALL.len()];
        for (i, account) in accounts.iter().enumerate() {
            let place = place_of(i);
            if by_id.insert(account.id, place).is_some() {
                return Err(duplicate(account.id).at(format!("accounts[{i}].id")));
            }
            if let Some((first, count)) = on_channel.get_mut(account.channel as usize) {
                *first = if *count == 0 { place } else { *first };
                *count += 1;
            }
        }
        Ok(Self {
            list: accounts,
            by_id,
            on_channel,
        })
    }

    /// The accounts, in their order.
    pub(super) fn list(&self) -> &[ChannelAccount] {
        &self.list
    }

    /// As [`link_account`](super::link_account), with the account's place.
    pub(super) fn link(&self, entry: &CalendarEntry) -> (u32, AccountLink<'_>) {
        let place = match entry.account_id {
            Some(id) => match self.by_id.get(&id) {
                Some(place) => *place,
                None => return (0, AccountLink::NotFound),
            },
            None => {
                let channel = entry.piece.channel as usize;
                match self.on_channel.get(channel).copied().unwrap_or_default() {
                    (_, 0) => return (0, AccountLink::Missing),
                    (place, 1) => place,
                    (_, count) => return (0, AccountLink::Ambiguous { count }),
                }
            }
        };
        match self.list.get(place as usize) {
            Some(account) => (place, AccountLink::Linked(account)),
            None => (place, AccountLink::NotFound),
        }
    }
}

pub(super) fn duplicate(id: impl std::fmt::Display) -> Error {
    Error::new(Code::IdDuplicate).measured(Measure::text(id.to_string()))
}

/// Places are counted in 32 bits: more entries than that don't fit into memory.
pub(super) fn place_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
