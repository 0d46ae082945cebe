//! Caps: how many posts an account may make in any moving window.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::board::{Board, ScheduleContext};
use super::timeline::{Post, Timeline};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{AccountId, ChannelAccount, EntryId, Timestamp};

/// A cap for one account, given by whoever plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountCap {
    /// The account.
    pub account_id: AccountId,
    /// Posts allowed in any window.
    pub posts: u32,
    /// Length of the window in seconds, at least 1; a day unless told otherwise.
    #[serde(default = "a_day")]
    pub window_seconds: u32,
}

fn a_day() -> u32 {
    86_400
}

/// A post that would be one too many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CapExcess {
    /// The account.
    pub account_id: AccountId,
    /// The entry that doesn't fit any more.
    pub entry_id: EntryId,
    /// When it is due.
    pub at: Timestamp,
    /// Posts allowed in the window.
    pub allowed: u32,
    /// Length of the window in seconds.
    pub window_seconds: u32,
    /// From when on it would fit, as far as the posts before it are concerned; `None` where the cap
    /// allows no posts at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fits_at: Option<Timestamp>,
}

/// How an account stands towards its cap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CapUsage {
    /// The account.
    pub account_id: AccountId,
    /// Posts allowed in any window.
    pub allowed: u32,
    /// Length of the window in seconds.
    pub window_seconds: u32,
    /// The most posts planned in any one window.
    pub peak: u32,
    /// The last post of the first window that holds so many; `None` where nothing is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_at: Option<Timestamp>,
    /// The posts that are too many, by instant.
    pub exceeded: Vec<CapExcess>,
}

/// How many posts each account plans in any moving window, and which of them are too many.
///
/// The cap is the setting's, or else the total of the quota the platform last reported; accounts
/// with neither aren't listed. A window ends with a post and is open at its start: a post exactly one
/// window earlier doesn't count any more. A post that is too many doesn't count towards later
/// windows, because the platform refuses it ("Content publishing limit" of the Instagram Platform,
/// read 2026-09-11, counts published posts). What other apps post isn't in the calendar and isn't
/// counted.
///
/// # Errors
/// [`Code::IdDuplicate`] where two entries or accounts share an id, [`Code::AccountNotFound`] for the
/// cap of an account that isn't there, [`Code::FieldValueInvalid`] for a setting out of bounds.
pub fn evaluate_caps(context: &ScheduleContext<'_>) -> Result<Vec<CapUsage>, Error> {
    let board = Board::new(context)?;
    let timeline = board.timeline(&board.placements());
    Ok(timeline
        .lines()
        .filter_map(|(place, line)| {
            let (account, cap) = (board.account(place)?, board.cap(place)?);
            let (peak, peak_at) = peak(line, cap);
            let mut exceeded = Vec::new();
            collect_excess(&board, account, cap, line, |_| true, &mut exceeded);
            Some(CapUsage {
                account_id: account.id,
                allowed: cap.posts,
                window_seconds: cap.window_seconds(),
                peak,
                peak_at: peak_at.map(Timestamp::from_millis),
                exceeded,
            })
        })
        .collect())
}

/// The posts that are too many and have a moved entry in their window.
pub(super) fn excess_of_moved(board: &Board<'_>, timeline: &Timeline) -> Vec<CapExcess> {
    let mut found = Vec::new();
    for (place, line) in timeline.lines() {
        if let (Some(account), Some(cap)) = (board.account(place), board.cap(place)) {
            collect_excess(board, account, cap, line, |moved| moved > 0, &mut found);
        }
    }
    found
}

/// A cap in the form that is counted with.
#[derive(Clone, Copy)]
pub(super) struct Cap {
    posts: u32,
    window: i64,
}

impl Cap {
    pub(super) fn of_account(account: &ChannelAccount) -> Option<Self> {
        let quota = account.quota?;
        (quota.window_seconds > 0).then(|| Self::new(quota.total, quota.window_seconds))
    }

    pub(super) fn of_setting(cap: &AccountCap) -> Result<Self, Error> {
        if cap.window_seconds == 0 {
            return Err(Error::new(Code::FieldValueInvalid)
                .at("windowSeconds")
                .measured(Measure::number(0, Unit::Seconds))
                .allowed(Allowed::at_least(1, Unit::Seconds)));
        }
        Ok(Self::new(cap.posts, cap.window_seconds))
    }

    fn new(posts: u32, window_seconds: u32) -> Self {
        Self {
            posts,
            window: i64::from(window_seconds) * 1_000,
        }
    }

    fn window_seconds(self) -> u32 {
        u32::try_from(self.window / 1_000).unwrap_or(u32::MAX)
    }

    /// Whether one more post at `at` keeps every window of `line`, sorted by instant, within the cap.
    pub(super) fn fits(self, line: &[Post], at: i64) -> bool {
        let from = line.partition_point(|post| post.at <= at - self.window);
        let to = line.partition_point(|post| post.at < at + self.window);
        let near = line.get(from..to).unwrap_or_default();
        let ends = near
            .iter()
            .map(|post| post.at)
            .filter(|end| *end > at)
            .chain([at]);
        let allowed = self.posts as usize;
        near.len() < allowed
            || ends.into_iter().all(|end| {
                let before = near.partition_point(|post| post.at <= end - self.window);
                let through = near.partition_point(|post| post.at <= end);
                through - before < allowed
            })
    }
}

/// The most posts in any window, and the last post of the first such window.
fn peak(line: &[Post], cap: Cap) -> (u32, Option<i64>) {
    let mut first = 0;
    let mut peak = (0, None);
    for (i, post) in line.iter().enumerate() {
        while line
            .get(first)
            .is_some_and(|oldest| oldest.at <= post.at - cap.window)
        {
            first += 1;
        }
        let count = (i + 1 - first) as u32;
        if count > peak.0 {
            peak = (count, Some(post.at));
        }
    }
    peak
}

/// Adds the posts of `line` that are too many, where `wanted` wants them by the number of moved
/// entries in their window.
fn collect_excess(
    board: &Board<'_>,
    account: &ChannelAccount,
    cap: Cap,
    line: &[Post],
    wanted: impl Fn(usize) -> bool,
    found: &mut Vec<CapExcess>,
) {
    let mut window: VecDeque<&Post> = VecDeque::new();
    let mut moved = 0;
    for post in line {
        while let Some(oldest) = window.pop_front_if(|oldest| oldest.at <= post.at - cap.window) {
            moved -= usize::from(oldest.moved);
        }
        if window.len() < cap.posts as usize {
            moved += usize::from(post.moved);
            window.push_back(post);
        } else if wanted(moved + usize::from(post.moved))
            && let Some(row) = board.row_of(post)
        {
            found.push(CapExcess {
                account_id: account.id,
                entry_id: row.id,
                at: Timestamp::from_millis(post.at),
                allowed: cap.posts,
                window_seconds: cap.window_seconds(),
                fits_at: window
                    .front()
                    .map(|oldest| Timestamp::from_millis(oldest.at + cap.window)),
            });
        }
    }
}
