//! Every account's posts in the order of their instants.

use crate::model::Timestamp;

/// Where an entry stands: on which account, when, and whether the plan put it there.
#[derive(Clone, Copy)]
pub(super) struct Placement {
    account: u32,
    moved: bool,
    at: i64,
}

impl Placement {
    /// For entries that take no place.
    pub(super) const NOWHERE: Self = Self {
        account: u32::MAX,
        moved: false,
        at: 0,
    };

    pub(super) fn unmoved(account: usize, at: Timestamp) -> Self {
        Self {
            account: account as u32,
            moved: false,
            at: at.millis(),
        }
    }

    pub(super) fn moved(account: usize, at: Timestamp) -> Self {
        Self {
            moved: true,
            ..Self::unmoved(account, at)
        }
    }
}

/// An entry on an account's line.
#[derive(Clone, Copy)]
pub(super) struct Post {
    /// The instant in milliseconds.
    pub(super) at: i64,
    /// The entry, by its place among the entries.
    pub(super) entry: u32,
    /// Whether the plan put it there.
    pub(super) moved: bool,
}

/// The posts of all accounts, account by account, each in order of instants.
pub(super) struct Timeline {
    posts: Vec<Post>,
    /// Where each account's posts end.
    ends: Vec<usize>,
}

impl Timeline {
    /// Sorts the posts into accounts by counting and each account's by instant: calendars are mostly
    /// in order already, and a stable sort is fast on what is.
    pub(super) fn new(placements: &[Placement], accounts: usize) -> Self {
        let mut ends = vec![0; accounts];
        for placement in placements {
            if let Some(count) = ends.get_mut(placement.account as usize) {
                *count += 1;
            }
        }
        let mut total = 0;
        for end in &mut ends {
            // The start of the account for now; each post moves it on by one.
            total += std::mem::replace(end, total);
        }
        let blank = Post {
            at: 0,
            entry: 0,
            moved: false,
        };
        let mut posts = vec![blank; total];
        for (entry, placement) in placements.iter().enumerate() {
            if let Some(next) = ends.get_mut(placement.account as usize)
                && let Some(post) = posts.get_mut(*next)
            {
                *post = Post {
                    at: placement.at,
                    entry: entry as u32,
                    moved: placement.moved,
                };
                *next += 1;
            }
        }
        let mut start = 0;
        for &end in &ends {
            if let Some(line) = posts.get_mut(start..end) {
                line.sort_by_key(|post| post.at);
            }
            start = end;
        }
        Self { posts, ends }
    }

    /// The posts of the account at `place`.
    pub(super) fn of(&self, place: usize) -> &[Post] {
        let start = match place.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        self.ends
            .get(place)
            .and_then(|&end| self.posts.get(start..end))
            .unwrap_or_default()
    }

    /// Every account's place and posts.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &[Post])> {
        (0..self.ends.len()).map(|place| (place, self.of(place)))
    }
}
