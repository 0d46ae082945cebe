//! Giving workers due jobs.

use chrono::TimeDelta;

use super::Rows;
use crate::job::{Claiming, JobEvent, JobRecord};
use crate::model::{Channel, ChannelAccount, JobId, PublishJob, Timestamp};
use crate::ports::{ClaimJobs, ClaimedJob, ClaimedJobs, JobWrite, StoreError};
use crate::readiness::Surroundings;
use crate::retry::RetryPolicy;

/// The window in which an account's posts are counted.
const WINDOW: TimeDelta = TimeDelta::hours(24);

impl Rows {
    pub(super) fn claim(
        &mut self,
        claim: &ClaimJobs,
        now: Timestamp,
    ) -> Result<ClaimedJobs, StoreError> {
        claim.check()?;
        let limit = usize::try_from(claim.limit).unwrap_or(usize::MAX);
        let mut given = Vec::new();
        let mut missed = Vec::new();
        while given.len() < limit
            && let Some(id) = self.next_begun(&claim.channels, now)
        {
            self.take(id, claim.lease_seconds, now, &mut given, &mut missed)?;
        }
        self.wake_accounts(&claim.channels, now);
        while given.len() < limit
            && missed.len() < limit
            && let Some(id) = self.next_ready(&claim.channels, now)
        {
            self.take(id, claim.lease_seconds, now, &mut given, &mut missed)?;
        }
        Ok(ClaimedJobs {
            at: now,
            jobs: given,
            missed,
            next_due_at: self.next_due_at(&claim.channels, now),
            pauses: self.pauses.values().copied().collect(),
        })
    }

    /// The begun write whose lease ended first.
    fn next_begun(&mut self, channels: &[Channel], now: Timestamp) -> Option<JobId> {
        channels
            .iter()
            .filter_map(|channel| self.jobs.lines(*channel).begun.first().copied())
            .filter(|(ends, _)| *ends <= now)
            .min()
            .map(|(_, id)| id)
    }

    /// The longest due job of an account that is free, on a channel that is open.
    fn next_ready(&mut self, channels: &[Channel], now: Timestamp) -> Option<JobId> {
        channels
            .iter()
            .filter(|channel| self.blocked_until(**channel, now).is_none())
            .copied()
            .collect::<Vec<_>>()
            .into_iter()
            .filter_map(|channel| self.jobs.lines(channel).ready.first().copied())
            .filter(|(at, _)| *at <= now)
            .min()
            .map(|(_, id)| id)
    }

    /// Until when a pause keeps waiting jobs of the channel from being begun, as far as is known:
    /// its end, and after that the end of the claims that try whether it is over.
    fn blocked_until(&self, channel: Channel, now: Timestamp) -> Option<Timestamp> {
        let pause = self.pauses.get(&channel)?;
        if now < pause.until {
            return Some(pause.until);
        }
        self.jobs.last_lease(channel).filter(|ends| *ends > now)
    }

    /// Lets the accounts back into line whose cool-down is over.
    fn wake_accounts(&mut self, channels: &[Channel], now: Timestamp) {
        for channel in channels {
            while let Some((until, id)) = self.jobs.lines(*channel).cooling.first().copied()
                && until <= now
                && let Some(stored) = self.jobs.get(id)
            {
                let account_id = stored.record.job.account_id;
                self.jobs.place(account_id, &self.accounts, now);
            }
        }
    }

    fn take(
        &mut self,
        id: JobId,
        lease_seconds: u32,
        now: Timestamp,
        given: &mut Vec<ClaimedJob>,
        missed: &mut Vec<PublishJob>,
    ) -> Result<(), StoreError> {
        let Some(record) = self.jobs.get(id).map(|stored| stored.record.clone()) else {
            return Ok(());
        };
        let key = (record.job.user_id, record.job.account_id);
        let begun = record.job.lease.is_some_and(|lease| lease.write_started);
        let Some(account) = self.accounts.get(&key).cloned() else {
            if begun {
                return self.expire(&record, now);
            }
            return self.give_or_stop(&record, None, lease_seconds, now, given, missed);
        };
        if !begun && account.cooling_down_until.is_some_and(|until| until > now) {
            // The clock was set back since it was put in line.
            self.jobs.place(account.id, &self.accounts, now);
            return Ok(());
        }
        self.give_or_stop(&record, Some(account), lease_seconds, now, given, missed)
    }

    fn give_or_stop(
        &mut self,
        record: &JobRecord,
        account: Option<ChannelAccount>,
        lease_seconds: u32,
        now: Timestamp,
        given: &mut Vec<ClaimedJob>,
        missed: &mut Vec<PublishJob>,
    ) -> Result<(), StoreError> {
        let grace = account.as_ref().and_then(|account| account.grace_minutes);
        let claiming = record
            .claim(&RetryPolicy::default(), lease_seconds, grace, now)
            .map_err(StoreError::Invalid)?;
        match (claiming, account) {
            (Claiming::Claimed(record), Some(account)) => {
                self.jobs.put((*record).clone(), &self.accounts, now);
                given.extend(self.claimed(*record, account, now));
            }
            (Claiming::Missed(record), _) => {
                missed.push(record.job.clone());
                self.jobs.put(*record, &self.accounts, now);
            }
            // Without an account it stands in line only from when it is too late.
            (Claiming::Claimed(_), None) => {}
        }
        Ok(())
    }

    /// Nobody can look for the post any more, since the account is gone.
    fn expire(&mut self, record: &JobRecord, now: Timestamp) -> Result<(), StoreError> {
        let expired = JobWrite::new(record.job.id, JobEvent::LeaseExpired);
        let applied = record
            .apply(&RetryPolicy::default(), None, &expired, now)
            .map_err(StoreError::Invalid)?;
        self.commit(applied, now)
    }

    fn claimed(
        &self,
        record: JobRecord,
        account: ChannelAccount,
        now: Timestamp,
    ) -> Option<ClaimedJob> {
        let attempt_started_at = record.open_attempt_started_at();
        let frozen = record.frozen?;
        let window = now.plus(-WINDOW);
        let since = account
            .quota
            .map_or(window, |quota| quota.read_at.max(window));
        Some(ClaimedJob {
            surroundings: Surroundings {
                posts_in_window: self.jobs.out_since(account.id, since),
                nearest: None,
            },
            job: record.job,
            entry: frozen.entry,
            content_hash: frozen.hash,
            account,
            progress: record.progress,
            attempt_started_at,
        })
    }

    fn next_due_at(&mut self, channels: &[Channel], now: Timestamp) -> Option<Timestamp> {
        channels
            .iter()
            .filter_map(|channel| {
                let blocked = self.blocked_until(*channel, now);
                let lines = self.jobs.lines(*channel);
                let first = |line: &std::collections::BTreeSet<(Timestamp, JobId)>| {
                    line.first().map(|(at, _)| *at)
                };
                let waiting = [first(&lines.ready), first(&lines.cooling)];
                let waiting = waiting.into_iter().flatten().min();
                let waiting = waiting.map(|at| blocked.map_or(at, |until| until.max(at)));
                [first(&lines.begun), waiting].into_iter().flatten().min()
            })
            .min()
    }
}
