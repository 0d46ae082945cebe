//! The stored jobs, in every order in which they are looked for.
//!
//! Each account stands in one line of its channel, with the one job that it can have claimed next, so
//! that an account with thousands of jobs costs a claim no more than one with a single job.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::TimeDelta;

use crate::job::{DEFAULT_GRACE_MINUTES, JobRecord, due_at};
use crate::model::{
    AccountId, CalendarId, Channel, ChannelAccount, EntryId, JobId, JobStatus, PublishAttempt,
    Timestamp, UserId,
};

pub(super) type Accounts = HashMap<(UserId, AccountId), ChannelAccount>;

/// A job and its attempts.
#[derive(Debug)]
pub(super) struct StoredJob {
    pub(super) record: JobRecord,
    pub(super) attempts: Vec<PublishAttempt>,
}

/// What is known of the jobs of one entry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct EntryJobs {
    pub(super) live: Option<JobId>,
    pub(super) published: Option<JobId>,
}

#[derive(Debug, Default)]
struct AccountJobs {
    /// By when they can be claimed.
    waiting: BTreeSet<(Timestamp, JobId)>,
    publishing: Option<JobId>,
    /// By when they were published or delivered.
    out: BTreeSet<(Timestamp, JobId)>,
    place: Option<(Channel, Place)>,
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Its job's write was begun; the lease ends then.
    Begun(Timestamp, JobId),
    /// Its job can be claimed from then on.
    Ready(Timestamp, JobId),
    /// It is left alone until then.
    Cooling(Timestamp, JobId),
}

/// The accounts of one channel, each by its next job.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) begun: BTreeSet<(Timestamp, JobId)>,
    pub(super) ready: BTreeSet<(Timestamp, JobId)>,
    pub(super) cooling: BTreeSet<(Timestamp, JobId)>,
    /// The claims, by when they end.
    pub(super) leases: BTreeSet<(Timestamp, JobId)>,
}

impl Lines {
    fn line(&mut self, place: Place) -> (&mut BTreeSet<(Timestamp, JobId)>, (Timestamp, JobId)) {
        match place {
            Place::Begun(at, job) => (&mut self.begun, (at, job)),
            Place::Ready(at, job) => (&mut self.ready, (at, job)),
            Place::Cooling(until, job) => (&mut self.cooling, (until, job)),
        }
    }
}

/// The stored jobs.
#[derive(Debug, Default)]
pub(super) struct JobTable {
    jobs: BTreeMap<JobId, StoredJob>,
    by_user: HashMap<UserId, BTreeSet<JobId>>,
    by_entry: HashMap<(UserId, EntryId), EntryJobs>,
    /// Those that aren't finished.
    by_calendar: HashMap<(UserId, CalendarId), BTreeSet<JobId>>,
    accounts: HashMap<AccountId, AccountJobs>,
    lines: BTreeMap<Channel, Lines>,
    /// Those that nobody holds, by when they are due.
    due: BTreeSet<(Timestamp, JobId)>,
    counts: HashMap<(Channel, JobStatus), u64>,
}

impl JobTable {
    pub(super) fn get(&self, id: JobId) -> Option<&StoredJob> {
        self.jobs.get(&id)
    }

    pub(super) fn all(&self) -> &BTreeMap<JobId, StoredJob> {
        &self.jobs
    }

    pub(super) fn of_user(&self, user_id: UserId) -> Option<&BTreeSet<JobId>> {
        self.by_user.get(&user_id)
    }

    pub(super) fn of_entry(&self, user_id: UserId, entry_id: EntryId) -> EntryJobs {
        self.by_entry
            .get(&(user_id, entry_id))
            .copied()
            .unwrap_or_default()
    }

    /// The calendar's jobs that aren't finished.
    pub(super) fn live_of_calendar(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
    ) -> impl Iterator<Item = &JobRecord> {
        self.by_calendar
            .get(&(user_id, calendar_id))
            .into_iter()
            .flatten()
            .filter_map(|id| self.jobs.get(id))
            .map(|stored| &stored.record)
    }

    pub(super) fn lines(&mut self, channel: Channel) -> &mut Lines {
        self.lines.entry(channel).or_default()
    }

    /// When the last claim of the channel's jobs ends.
    pub(super) fn last_lease(&self, channel: Channel) -> Option<Timestamp> {
        let lines = self.lines.get(&channel)?;
        lines.leases.last().map(|(ends, _)| *ends)
    }

    pub(super) fn count(&self, channel: Channel, status: JobStatus) -> u64 {
        self.counts.get(&(channel, status)).copied().unwrap_or(0)
    }

    /// When the longest due job that nobody holds became due.
    pub(super) fn oldest_due(&self, now: Timestamp) -> Option<Timestamp> {
        self.due
            .first()
            .map(|(due, _)| *due)
            .filter(|due| *due <= now)
    }

    /// How many jobs of the account came out after `since`.
    pub(super) fn out_since(&self, account_id: AccountId, since: Timestamp) -> u32 {
        let after = (since.plus(TimeDelta::milliseconds(1)), lowest_id());
        let count = self
            .accounts
            .get(&account_id)
            .map_or(0, |jobs| jobs.out.range(after..).count());
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Stores a job, in place of the one with its id.
    pub(super) fn put(&mut self, record: JobRecord, accounts: &Accounts, now: Timestamp) {
        let id = record.job.id;
        let account_id = record.job.account_id;
        let mut attempts = Vec::new();
        if let Some(before) = self.jobs.remove(&id) {
            self.forget(&before.record);
            attempts = before.attempts;
        }
        if let Some(attempt) = &record.attempt {
            match attempts.last_mut() {
                Some(last) if last.number == attempt.number => last.clone_from(attempt),
                _ => attempts.push(attempt.clone()),
            }
        }
        self.index(&record);
        self.jobs.insert(id, StoredJob { record, attempts });
        self.place(account_id, accounts, now);
    }

    /// Puts the account into the line where it belongs.
    pub(super) fn place(&mut self, account_id: AccountId, accounts: &Accounts, now: Timestamp) {
        let Some(jobs) = self.accounts.get(&account_id) else {
            return;
        };
        let (before, after) = (jobs.place, self.place_of(jobs, accounts, now));
        if before == after {
            return;
        }
        if let Some((channel, place)) = before {
            let (line, key) = self.lines.entry(channel).or_default().line(place);
            line.remove(&key);
        }
        if let Some((channel, place)) = after {
            let (line, key) = self.lines.entry(channel).or_default().line(place);
            line.insert(key);
        }
        if let Some(jobs) = self.accounts.get_mut(&account_id) {
            jobs.place = after;
        }
    }

    fn place_of(
        &self,
        jobs: &AccountJobs,
        accounts: &Accounts,
        now: Timestamp,
    ) -> Option<(Channel, Place)> {
        let id = jobs
            .publishing
            .or_else(|| jobs.waiting.first().map(|(_, id)| *id))?;
        let record = &self.jobs.get(&id)?.record;
        let job = &record.job;
        let at = record.claimable_at()?;
        let place = if job.lease.is_some_and(|lease| lease.write_started) {
            Place::Begun(at, id)
        } else {
            match accounts.get(&(job.user_id, job.account_id)) {
                // Nobody can publish it: it is looked at when it has become too late.
                None => Place::Ready(at.max(too_late_from(record)), id),
                Some(account) => match account.cooling_down_until {
                    Some(until) if until > at && until > now => Place::Cooling(until, id),
                    _ => Place::Ready(at, id),
                },
            }
        };
        Some((job.channel, place))
    }

    fn index(&mut self, record: &JobRecord) {
        let job = &record.job;
        let account = self.accounts.entry(job.account_id).or_default();
        match (job.status, record.claimable_at()) {
            (JobStatus::Publishing, Some(ends)) => {
                account.publishing = Some(job.id);
                self.lines
                    .entry(job.channel)
                    .or_default()
                    .leases
                    .insert((ends, job.id));
            }
            (_, Some(at)) => {
                account.waiting.insert((at, job.id));
                self.due.insert((due_at(job), job.id));
            }
            (JobStatus::Published | JobStatus::DeliveredToInbox, None) => {
                account.out.insert((job.updated_at, job.id));
            }
            _ => {}
        }
        let entry = self
            .by_entry
            .entry((job.user_id, job.calendar_entry_id))
            .or_default();
        if !job.status.is_terminal() {
            entry.live = Some(job.id);
            self.by_calendar
                .entry((job.user_id, record.entry.calendar_id))
                .or_default()
                .insert(job.id);
        } else if job.status == JobStatus::Published {
            entry.published = Some(job.id);
        }
        self.by_user.entry(job.user_id).or_default().insert(job.id);
        let count = self.counts.entry((job.channel, job.status)).or_default();
        *count = count.saturating_add(1);
    }

    /// The opposite of [`index`](Self::index).
    fn forget(&mut self, record: &JobRecord) {
        let job = &record.job;
        let account = self.accounts.entry(job.account_id).or_default();
        match (job.status, record.claimable_at()) {
            (JobStatus::Publishing, Some(ends)) => {
                account.publishing = None;
                self.lines
                    .entry(job.channel)
                    .or_default()
                    .leases
                    .remove(&(ends, job.id));
            }
            (_, Some(at)) => {
                account.waiting.remove(&(at, job.id));
                self.due.remove(&(due_at(job), job.id));
            }
            (JobStatus::Published | JobStatus::DeliveredToInbox, None) => {
                account.out.remove(&(job.updated_at, job.id));
            }
            _ => {}
        }
        if !job.status.is_terminal() {
            if let Some(entry) = self.by_entry.get_mut(&(job.user_id, job.calendar_entry_id)) {
                entry.live = None;
            }
            let calendar = (job.user_id, record.entry.calendar_id);
            if let Some(jobs) = self.by_calendar.get_mut(&calendar) {
                jobs.remove(&job.id);
            }
        }
        if let Some(count) = self.counts.get_mut(&(job.channel, job.status)) {
            *count = count.saturating_sub(1);
        }
    }
}

/// The first instant at which the job is later than the default grace.
fn too_late_from(record: &JobRecord) -> Timestamp {
    due_at(&record.job)
        .plus(TimeDelta::minutes(DEFAULT_GRACE_MINUTES.into()))
        .plus(TimeDelta::milliseconds(1))
}

fn lowest_id() -> JobId {
    JobId::new(uuid::Uuid::nil())
}
