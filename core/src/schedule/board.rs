//! What planning works on: entries, accounts, jobs and limits, looked up once per plan.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::cap::{AccountCap, Cap};
use super::index::{EntryIndex, duplicate};
use super::row::Row;
use super::timeline::{Placement, Post, Timeline};
use super::zone::{MINUTE, resolve};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{
    AccountId, CalendarEntry, Channel, ChannelAccount, EntryId, JobStatus, PublishJob, Timestamp,
};
use crate::order::sort_by_key;

/// Limits a plan is judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScheduleSettings {
    /// Two posts of one account clash when they are fewer minutes apart than this, at least 1. With
    /// 1, the default, only posts of the same minute clash.
    #[serde(default = "one_minute")]
    pub min_distance_minutes: u32,
    /// Caps that take the place of the quotas the platforms reported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<AccountCap>,
}

impl Default for ScheduleSettings {
    fn default() -> Self {
        Self {
            min_distance_minutes: one_minute(),
            caps: Vec::new(),
        }
    }
}

fn one_minute() -> u32 {
    1
}

/// A calendar as planning sees it.
///
/// An entry belongs to the account it names; one that names none, to the only account on its
/// channel. Its times are meant in that account's zone. A draft takes no place: it clashes with
/// nothing and counts towards no cap.
#[derive(Clone, Copy, Debug)]
pub struct ScheduleContext<'a> {
    /// The entries; those of other calendars too, where they share accounts.
    pub entries: &'a [CalendarEntry],
    /// The accounts of one user.
    pub accounts: &'a [ChannelAccount],
    /// The entries' publish jobs, which freeze what is published or on its way.
    pub jobs: &'a [PublishJob],
    /// The limits.
    pub settings: &'a ScheduleSettings,
    /// The present.
    pub now: Timestamp,
}

/// The context with its look-ups built.
pub(super) struct Board<'a> {
    pub(super) context: &'a ScheduleContext<'a>,
    accounts: Accounts<'a>,
    rows: Vec<Row>,
    index: EntryIndex,
    in_jobs: HashSet<EntryId>,
    caps: Vec<Option<Cap>>,
}

impl<'a> Board<'a> {
    pub(super) fn new(context: &'a ScheduleContext<'a>) -> Result<Self, Error> {
        let settings = context.settings;
        if settings.min_distance_minutes == 0 {
            return Err(Error::new(Code::FieldValueInvalid)
                .at("settings.minDistanceMinutes")
                .measured(Measure::number(0, Unit::Minutes))
                .allowed(Allowed::at_least(1, Unit::Minutes)));
        }
        let accounts = Accounts::new(context.accounts)?;
        let mut caps: Vec<Option<Cap>> = context.accounts.iter().map(Cap::of_account).collect();
        for (i, cap) in settings.caps.iter().enumerate() {
            let place = accounts.by_id(cap.account_id).ok_or_else(|| {
                Error::new(Code::AccountNotFound)
                    .at(format!("settings.caps[{i}].accountId"))
                    .measured(Measure::text(cap.account_id.to_string()))
            })?;
            let cap = Cap::of_setting(cap)
                .map_err(|error| error.under(&format!("settings.caps[{i}]")))?;
            if let Some(slot) = caps.get_mut(place) {
                *slot = Some(cap);
            }
        }
        let rows: Vec<Row> = context.entries.iter().map(Row::of).collect();
        Ok(Self {
            context,
            accounts,
            index: EntryIndex::new(&rows)?,
            rows,
            in_jobs: context
                .jobs
                .iter()
                .filter(|job| is_frozen_by(job.status))
                .map(|job| job.calendar_entry_id)
                .collect(),
            caps,
        })
    }

    /// Where in the entries `id` stands.
    pub(super) fn position(&self, id: EntryId) -> Result<usize, Error> {
        self.index.position(&self.rows, id)
    }

    /// What matters of the entries, in their order.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row of the entry that a post stands for.
    pub(super) fn row_of(&self, post: &Post) -> Option<&Row> {
        self.rows.get(post.entry as usize)
    }

    /// The entry's account, by its place among the accounts.
    pub(super) fn account_of(&self, row: &Row) -> Result<usize, Code> {
        self.accounts.of(row)
    }

    /// The account at a place that [`account_of`](Self::account_of) gave.
    pub(super) fn account(&self, place: usize) -> Option<&'a ChannelAccount> {
        self.context.accounts.get(place)
    }

    /// The place of the account `id`.
    pub(super) fn account_place(&self, id: AccountId) -> Result<usize, Error> {
        self.accounts.by_id(id).ok_or_else(|| {
            Error::new(Code::AccountNotFound)
                .at("accountId")
                .measured(Measure::text(id.to_string()))
        })
    }

    pub(super) fn cap(&self, place: usize) -> Option<Cap> {
        self.caps.get(place).copied().flatten()
    }

    /// Whether the entry is published, delivered or on its way, so that nothing may move it.
    pub(super) fn is_frozen(&self, row: &Row) -> bool {
        row.published || (!self.in_jobs.is_empty() && self.in_jobs.contains(&row.id))
    }

    /// The least distance between two posts of an account, in milliseconds.
    pub(super) fn min_distance(&self) -> i64 {
        i64::from(self.context.settings.min_distance_minutes) * MINUTE
    }

    /// Where every entry stands now.
    pub(super) fn placements(&self) -> Vec<Placement> {
        self.rows.iter().map(|row| self.placement(row)).collect()
    }

    /// Where an entry stands now; drafts and entries without an account stand nowhere.
    pub(super) fn placement(&self, row: &Row) -> Placement {
        if row.draft {
            return Placement::NOWHERE;
        }
        match self.accounts.of(row) {
            Ok(place) => Placement::unmoved(place, self.instant_of(row, place)),
            Err(_) => Placement::NOWHERE,
        }
    }

    /// The instant an entry stands for: the stored one, or else what its wall clock comes to.
    pub(super) fn instant_of(&self, row: &Row, place: usize) -> Timestamp {
        row.scheduled_at.unwrap_or_else(|| {
            let zone = self
                .account(place)
                .map_or(crate::model::Zone::UTC, |account| account.timezone);
            resolve(row.date, row.time, zone).instant
        })
    }

    pub(super) fn timeline(&self, placements: &[Placement]) -> Timeline {
        Timeline::new(placements, self.context.accounts.len())
    }
}

fn is_frozen_by(status: JobStatus) -> bool {
    matches!(
        status,
        JobStatus::Publishing | JobStatus::Published | JobStatus::DeliveredToInbox
    )
}

/// Accounts by id and by channel.
struct Accounts<'a> {
    accounts: &'a [ChannelAccount],
    /// By id as a number, which compares faster than its bytes.
    sorted: Vec<(u128, u32)>,
    only: [Result<usize, Code>; Channel::ALL.len()],
}

impl<'a> Accounts<'a> {
    fn new(accounts: &'a [ChannelAccount]) -> Result<Self, Error> {
        let mut sorted: Vec<(u128, u32)> = accounts
            .iter()
            .enumerate()
            .map(|(i, account)| (account.id.uuid().as_u128(), i as u32))
            .collect();
        sort_by_key(&mut sorted, |pair| *pair);
        for pair in sorted.windows(2) {
            if let [(one, _), (other, i)] = pair
                && one == other
                && let Some(account) = accounts.get(*i as usize)
            {
                return Err(duplicate(account.id).at(format!("accounts[{i}].id")));
            }
        }
        Ok(Self {
            accounts,
            sorted,
            only: Channel::ALL.map(|channel| only(accounts, channel)),
        })
    }

    fn by_id(&self, id: AccountId) -> Option<usize> {
        let id = id.uuid().as_u128();
        let found = self.sorted.partition_point(|(other, _)| *other < id);
        let (other, place) = self.sorted.get(found)?;
        (*other == id).then_some(*place as usize)
    }

    fn of(&self, row: &Row) -> Result<usize, Code> {
        let channel = row.channel;
        let Some(id) = row.account_id else {
            let [tiktok, instagram] = self.only;
            return match channel {
                Channel::Tiktok => tiktok,
                Channel::Instagram => instagram,
            };
        };
        let place = self.by_id(id).ok_or(Code::AccountNotFound)?;
        match self.accounts.get(place) {
            Some(account) if account.channel == channel => Ok(place),
            _ => Err(Code::AccountChannelMismatch),
        }
    }
}

/// The only account on `channel`.
fn only(accounts: &[ChannelAccount], channel: Channel) -> Result<usize, Code> {
    let mut on_channel = accounts
        .iter()
        .enumerate()
        .filter(|(_, account)| account.channel == channel);
    match (on_channel.next(), on_channel.next()) {
        (Some((place, _)), None) => Ok(place),
        (None, _) => Err(Code::ChannelAuthMissing),
        (Some(_), Some(_)) => Err(Code::AccountAmbiguous),
    }
}
