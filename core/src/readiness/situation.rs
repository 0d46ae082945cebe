//! What an entry is judged from.

use crate::job::due_at;
use crate::model::{
    CalendarEntry, ChannelAccount, JobStatus, PublishJob, ReadinessState, Timestamp,
};
use crate::rules::RuleBook;
use crate::schedule::{Resolution, resolve};
use serde::{Deserialize, Serialize};

/// The account that an entry would be published to.
#[derive(Clone, Copy, Debug)]
pub enum AccountLink<'a> {
    /// This one. It may still be on another channel than the entry.
    Linked(&'a ChannelAccount),
    /// None is linked on the entry's channel.
    Missing,
    /// The entry names an account that isn't among the user's.
    NotFound,
    /// Several are linked on the channel, and the entry names none.
    Ambiguous {
        /// How many.
        count: u32,
    },
}

impl<'a> AccountLink<'a> {
    /// The account, if it is on the entry's channel.
    pub fn usable(self, entry: &CalendarEntry) -> Option<&'a ChannelAccount> {
        match self {
            Self::Linked(account) if account.channel == entry.piece.channel => Some(account),
            _ => None,
        }
    }
}

/// The account of `entry` among the user's `accounts`: the one it names, else the only one on its
/// channel.
pub fn link_account<'a>(entry: &CalendarEntry, accounts: &'a [ChannelAccount]) -> AccountLink<'a> {
    if let Some(id) = entry.account_id {
        return match accounts.iter().find(|account| account.id == id) {
            Some(account) => AccountLink::Linked(account),
            None => AccountLink::NotFound,
        };
    }
    let on_channel = || {
        accounts
            .iter()
            .filter(|account| account.channel == entry.piece.channel)
    };
    let mut some = on_channel();
    match (some.next(), some.next()) {
        (None, _) => AccountLink::Missing,
        (Some(account), None) => AccountLink::Linked(account),
        (Some(_), Some(_)) => AccountLink::Ambiguous {
            count: u32::try_from(on_channel().count()).unwrap_or(u32::MAX),
        },
    }
}

/// What the rest of the calendar does around an entry's instant, on the same account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Surroundings {
    /// Other posts in the moving window of the daily cap that ends at the instant, without those that
    /// the account's quota already counts as used.
    pub posts_in_window: u32,
    /// The nearest other post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<Timestamp>,
}

/// Everything that decides an entry's readiness.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The entry.
    pub entry: &'a CalendarEntry,
    /// Its account.
    pub account: AccountLink<'a>,
    /// Its job, if one was made.
    pub job: Option<&'a PublishJob>,
    /// The rules.
    pub rules: &'a RuleBook,
    /// What else is planned for the account.
    pub surroundings: Surroundings,
    /// The present.
    pub now: Timestamp,
}

impl<'a> Situation<'a> {
    /// An entry without a job, alone on its account.
    pub fn new(
        entry: &'a CalendarEntry,
        account: AccountLink<'a>,
        rules: &'a RuleBook,
        now: Timestamp,
    ) -> Self {
        Self {
            entry,
            account,
            job: None,
            rules,
            surroundings: Surroundings::default(),
            now,
        }
    }

    /// The same with the entry's job.
    #[must_use]
    pub fn with_job(mut self, job: Option<&'a PublishJob>) -> Self {
        self.job = job;
        self
    }

    /// The same with what else is planned for the account.
    #[must_use]
    pub fn with_surroundings(mut self, surroundings: Surroundings) -> Self {
        self.surroundings = surroundings;
        self
    }

    pub(super) fn standing(&self) -> Standing {
        Standing::of(self.entry, self.job)
    }

    /// When the next attempt is due: a pending retry's time, else the entry's instant.
    pub(super) fn due(&self) -> Due {
        let live = self.job.filter(|job| !job.status.is_terminal());
        if let Some(at) = live.and_then(|job| job.next_attempt_at) {
            return Due::At(at);
        }
        match (resolution_of(self.entry, self.account), live) {
            (Some(resolution), _) => Due::Resolved(resolution),
            (None, Some(job)) => Due::At(due_at(job)),
            (None, None) => Due::Never,
        }
    }
}

/// When an entry is due.
#[derive(Clone, Copy, Debug)]
pub(super) enum Due {
    /// Nothing says when.
    Never,
    /// At an instant.
    At(Timestamp),
    /// At what the entry's own time comes to.
    Resolved(Resolution),
}

impl Due {
    pub(super) fn instant(self) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::At(at) => Some(at),
            Self::Resolved(resolution) => Some(resolution.instant),
        }
    }
}

/// The instant an entry stands for: the stored one, else what its date and time come to in the zone
/// of its account; `None` where neither is known.
pub fn instant_of(entry: &CalendarEntry, account: AccountLink<'_>) -> Option<Timestamp> {
    resolution_of(entry, account).map(|resolution| resolution.instant)
}

fn resolution_of(entry: &CalendarEntry, account: AccountLink<'_>) -> Option<Resolution> {
    match entry.scheduled_at {
        Some(instant) => Some(Resolution {
            instant,
            note: None,
        }),
        None => account
            .usable(entry)
            .map(|account| resolve(entry.piece.date, entry.piece.time, account.timezone)),
    }
}

/// Where the entry's job stands, as far as a tile cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// There is no job, or it was cancelled.
    Idle,
    /// A job waits for its time; no attempt has failed.
    Waiting,
    /// An attempt failed for certain, and a retry is pending.
    Retrying,
    /// A job waits for a person.
    Stopped,
    /// A worker holds it.
    Publishing,
    /// The draft is in the creator's inbox.
    Delivered,
    /// It is out.
    Published,
}

impl Standing {
    pub(super) fn of(entry: &CalendarEntry, job: Option<&PublishJob>) -> Self {
        // What has once been seen published stays published, whatever is read later.
        if entry.readiness == Some(ReadinessState::Published) {
            return Self::Published;
        }
        match job.map(|job| (job.status, job.attempt_count)) {
            None | Some((JobStatus::Cancelled, _)) => Self::Idle,
            // A job that met a limit before its first attempt counted hasn't failed.
            Some((JobStatus::Scheduled, _) | (JobStatus::Failed, 0)) => Self::Waiting,
            Some((JobStatus::Failed, _)) => Self::Retrying,
            Some((JobStatus::NeedsAttention, _)) => Self::Stopped,
            Some((JobStatus::Publishing, _)) => Self::Publishing,
            Some((JobStatus::DeliveredToInbox, _)) => Self::Delivered,
            Some((JobStatus::Published, _)) => Self::Published,
        }
    }

    /// Whether its content can't matter any more: it is out, on its way, or in the inbox.
    pub(super) const fn is_settled(self) -> bool {
        matches!(self, Self::Publishing | Self::Delivered | Self::Published)
    }
}
