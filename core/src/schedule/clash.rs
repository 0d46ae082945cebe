//! Posts of one account that are due at (nearly) the same time.

use serde::{Deserialize, Serialize};

use super::board::{Board, ScheduleContext};
use super::timeline::Timeline;
use crate::error::Error;
use crate::model::{AccountId, EntryId, Timestamp};

/// Two neighbouring posts of one account that are closer than the least distance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Clash {
    /// The account.
    pub account_id: AccountId,
    /// The entry that is due first; of two at the same instant, the one that stands first in the
    /// calendar.
    pub first: EntryId,
    /// When it is due.
    pub first_at: Timestamp,
    /// The entry that is due next.
    pub second: EntryId,
    /// When it is due.
    pub second_at: Timestamp,
}

/// Every clash of the calendar, account by account in the order of the accounts, by instant.
///
/// Neighbours on an account's line are compared: an entry that clashes with anything clashes with a
/// neighbour, so nobody is missed, and a crowd of n entries gives n − 1 clashes. Drafts and entries
/// without an account clash with nothing.
///
/// # Errors
/// [`Code::IdDuplicate`](crate::Code::IdDuplicate) where two entries or accounts share an id,
/// [`Code::FieldValueInvalid`](crate::Code::FieldValueInvalid) for a setting out of bounds.
pub fn find_clashes(context: &ScheduleContext<'_>) -> Result<Vec<Clash>, Error> {
    let board = Board::new(context)?;
    let timeline = board.timeline(&board.placements());
    Ok(clashes(&board, &timeline, |_, _| true))
}

/// The clashes in which a moved entry takes part.
pub(super) fn clashes_of_moved(board: &Board<'_>, timeline: &Timeline) -> Vec<Clash> {
    clashes(board, timeline, |one, other| one || other)
}

/// The clashes that `wanted`, asked whether the first and the second entry moved, wants.
fn clashes(
    board: &Board<'_>,
    timeline: &Timeline,
    wanted: impl Fn(bool, bool) -> bool,
) -> Vec<Clash> {
    let distance = board.min_distance();
    let mut found = Vec::new();
    for (place, line) in timeline.lines() {
        let Some(account) = board.account(place) else {
            continue;
        };
        for pair in line.windows(2) {
            if let [one, other] = pair
                && other.at - one.at < distance
                && wanted(one.moved, other.moved)
                && let (Some(first), Some(second)) = (board.row_of(one), board.row_of(other))
            {
                found.push(Clash {
                    account_id: account.id,
                    first: first.id,
                    first_at: Timestamp::from_millis(one.at),
                    second: second.id,
                    second_at: Timestamp::from_millis(other.at),
                });
            }
        }
    }
    found
}
