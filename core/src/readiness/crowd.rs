//! What other posts of the same account do to an entry: clashes and the daily cap.

use chrono::TimeDelta;

use super::situation::{Situation, Surroundings};
use crate::error::{Allowed, Code, Measure, Unit};
use crate::model::{Channel, ChannelAccount, Finding, Timestamp};
use crate::rules::RuleBook;

/// Two posts of one account that are fewer seconds apart than this clash.
pub const CLASH_DISTANCE_SECONDS: u32 = 60;

/// An account's cap of posts in a moving window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cap {
    max: u32,
    window: TimeDelta,
    /// Posts the platform had counted when the quota was read, and that instant.
    used: Option<(u32, Timestamp)>,
}

impl Cap {
    /// The quota that the platform reported, else what the rules say of the channel.
    pub(super) fn of(account: &ChannelAccount, rules: &RuleBook) -> Self {
        match account.quota {
            Some(quota) => Self {
                max: quota.total,
                window: TimeDelta::seconds(i64::from(quota.window_seconds)),
                used: Some((quota.used, quota.read_at)),
            },
            None => Self::of_channel(account.channel, rules),
        }
    }

    fn of_channel(channel: Channel, rules: &RuleBook) -> Self {
        let cap = rules.daily_cap(channel);
        Self {
            max: cap.max,
            window: TimeDelta::seconds(i64::from(cap.window_seconds)),
            used: None,
        }
    }

    /// The instant from which posts count for one at `at`, itself not included.
    pub(super) fn window_before(&self, at: Timestamp) -> Timestamp {
        at.plus(-self.window)
    }

    /// The first instant for which a post at `at` no longer counts.
    pub(super) fn window_after(&self, at: Timestamp) -> Timestamp {
        at.plus(self.window)
    }

    /// Whether a published post is among those that the quota already counts.
    pub(super) fn counts_already(&self, published_at: Timestamp) -> bool {
        self.used
            .is_some_and(|(_, read_at)| published_at <= read_at)
    }

    /// Used posts still in the window that ends at `at`. When they were made isn't known, so the
    /// latest possible instant is taken: that the quota was read.
    fn used_at(&self, at: Timestamp) -> u32 {
        match self.used {
            Some((used, read_at)) if at < self.window_after(read_at) => used,
            _ => 0,
        }
    }
}

/// What the surroundings of an entry come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Crowd {
    at: Option<Timestamp>,
    /// Posts in the window with this one, and how many there may be.
    excess: Option<(u32, u32)>,
    clash: Option<Timestamp>,
}

impl Crowd {
    /// What `situation`'s surroundings come to for a post at `at`, if it takes a place at all.
    pub(super) fn of(situation: &Situation<'_>, at: Option<Timestamp>) -> Self {
        match (situation.account.usable(situation.entry), at) {
            (Some(account), Some(at)) => {
                let cap = Cap::of(account, situation.rules);
                Self::at(at, situation.surroundings, &cap)
            }
            _ => Self::default(),
        }
    }

    pub(super) fn at(at: Timestamp, surroundings: Surroundings, cap: &Cap) -> Self {
        let posts = surroundings
            .posts_in_window
            .saturating_add(1)
            .saturating_add(cap.used_at(at));
        let distance = TimeDelta::seconds(i64::from(CLASH_DISTANCE_SECONDS));
        Self {
            at: Some(at),
            excess: (posts > cap.max).then_some((posts, cap.max)),
            clash: surroundings
                .nearest
                .filter(|other| other.since(at).abs() < distance),
        }
    }

    /// Whether there is nothing to find.
    pub(super) fn is_harmless(&self) -> bool {
        self.excess.is_none() && self.clash.is_none()
    }

    /// Whether both give the same findings.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        self == other || (self.is_harmless() && other.is_harmless())
    }

    /// Pushes the findings. They are always the last of their severity, so that
    /// [`replace_in`](Self::replace_in) gives the same order as judging anew.
    pub(super) fn report(&self, now: Timestamp, findings: &mut Vec<Finding>) {
        let when = |finding: Finding| match self.at {
            Some(at) if at > now => finding.at_schedule(),
            _ => finding,
        };
        if let Some((posts, max)) = self.excess {
            findings.push(when(
                Finding::blocking(Code::DailyCapExceeded, "scheduledAt")
                    .measured(Measure::number(posts, Unit::Posts))
                    .allowed(Allowed::at_most(max, Unit::Posts)),
            ));
        }
        if let Some(other) = self.clash {
            findings.push(when(
                Finding::warning(Code::ScheduleClash, "scheduledAt")
                    .measured(Measure::instant(other)),
            ));
        }
    }

    /// Replaces an older crowd's findings by this one's.
    pub(super) fn replace_in(&self, now: Timestamp, findings: &mut Vec<Finding>) {
        findings
            .retain(|found| !matches!(found.code, Code::DailyCapExceeded | Code::ScheduleClash));
        self.report(now, findings);
    }
}
