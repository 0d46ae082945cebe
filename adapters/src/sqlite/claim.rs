//! Giving workers due jobs.

use std::collections::BTreeSet;

use calendar_publish::Code;
use calendar_publish::job::{Claiming, JobEvent};
use calendar_publish::model::{Channel, ChannelAccount, PublishJob, Timestamp};
use calendar_publish::ports::{
    ChannelPause, ClaimJobs, ClaimedJob, ClaimedJobs, JobWrite, StoreError,
};
use calendar_publish::readiness::Surroundings;
use calendar_publish::retry::RetryPolicy;
use rusqlite::{Connection, TransactionBehavior, params};

use super::advance::Batch;
use super::job_row::{self, JobRow};
use super::lanes::{self, Candidate};
use super::row::failed;
use super::time::Time;
use super::{accounts, content, damage, pauses};

/// The window in which an account's posts are counted, in milliseconds.
const WINDOW: i64 = 24 * 60 * 60 * 1_000;

/// Claims due jobs. Where there are none it only reads, so that an idle worker writes nothing.
pub(super) fn claim(
    connection: &mut Connection,
    claim: &ClaimJobs,
    time: &Time,
) -> Result<ClaimedJobs, StoreError> {
    claim.check()?;
    let reading = connection.transaction().map_err(failed)?;
    let look = Claims::new(&reading, claim, time.now())?;
    if claim.limit == 0 || !look.finds_something()? {
        return look.answer();
    }
    drop(reading);
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let mut claims = Claims::new(&transaction, claim, time.now())?;
    claims.take_left()?;
    claims.take_ready()?;
    let answer = claims.answer()?;
    transaction.commit().map_err(failed)?;
    Ok(answer)
}

/// What one claim gives.
struct Claims<'a> {
    connection: &'a Connection,
    claim: &'a ClaimJobs,
    limit: usize,
    now: Timestamp,
    pauses: Vec<ChannelPause>,
    given: Vec<ClaimedJob>,
    missed: Vec<PublishJob>,
}

impl<'a> Claims<'a> {
    fn new(
        connection: &'a Connection,
        claim: &'a ClaimJobs,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            connection,
            claim,
            limit: usize::try_from(claim.limit).unwrap_or(usize::MAX),
            now,
            pauses: pauses::list(connection)?,
            given: Vec::new(),
            missed: Vec::new(),
        })
    }

    fn finds_something(&self) -> Result<bool, StoreError> {
        Ok(!self.left(1)?.is_empty() || !self.ready(1)?.is_empty())
    }

    fn left(&self, limit: usize) -> Result<Vec<Candidate>, StoreError> {
        lanes::candidates(
            self.connection,
            lanes::LEFT,
            &self.claim.channels,
            self.now,
            limit,
        )
    }

    fn ready(&self, limit: usize) -> Result<Vec<Candidate>, StoreError> {
        let mut open = Vec::new();
        for &channel in &self.claim.channels {
            if self.blocked_until(channel)?.is_none() {
                open.push(channel);
            }
        }
        lanes::candidates(self.connection, lanes::READY, &open, self.now, limit)
    }

    /// Until when a pause keeps the channel's waiting jobs from being begun: its end, and after that
    /// the end of the claims that try whether it is over.
    fn blocked_until(&self, channel: Channel) -> Result<Option<Timestamp>, StoreError> {
        let Some(pause) = self.pauses.iter().find(|pause| pause.channel == channel) else {
            return Ok(None);
        };
        if self.now < pause.until {
            return Ok(Some(pause.until));
        }
        let last = lanes::last_lease(self.connection, channel)?;
        Ok(last.filter(|ends| *ends > self.now))
    }

    /// Takes over begun writes that were left.
    fn take_left(&mut self) -> Result<(), StoreError> {
        let mut seen = BTreeSet::new();
        loop {
            let left = self.left(self.limit - self.given.len())?;
            let new: Vec<_> = left
                .into_iter()
                .filter(|candidate| seen.insert(candidate.head.clone()))
                .collect();
            if new.is_empty() {
                return Ok(());
            }
            for candidate in &new {
                self.take(candidate)?;
            }
        }
    }

    /// Begins what is due, the longest due first.
    fn take_ready(&mut self) -> Result<(), StoreError> {
        let mut seen = BTreeSet::new();
        loop {
            let room = self.limit - self.given.len();
            let mut line: BTreeSet<Candidate> = self.ready(room)?.into_iter().collect();
            let last = line.last().cloned();
            let all_fetched = line.len() < room;
            line.retain(|candidate| !seen.contains(&candidate.head));
            if line.is_empty() || self.missed.len() >= self.limit {
                return Ok(());
            }
            while let Some(candidate) = line.pop_first() {
                if self.given.len() >= self.limit || self.missed.len() >= self.limit {
                    return Ok(());
                }
                if self.blocked_until(candidate.channel)?.is_some() {
                    continue;
                }
                seen.insert(candidate.head.clone());
                self.take(&candidate)?;
                // A job that was too late makes room for the next of its account, in its order.
                let next =
                    lanes::ready(self.connection, candidate.lane, candidate.channel, self.now)?;
                line.extend(next.filter(|next| {
                    !seen.contains(&next.head) && (all_fetched || last.as_ref() > Some(next))
                }));
            }
        }
    }

    fn take(&mut self, candidate: &Candidate) -> Result<(), StoreError> {
        match self.try_take(candidate) {
            Err(StoreError::Corrupt { place, reason }) => {
                damage::stop(self.connection, candidate, &place, &reason, self.now)
            }
            other => other,
        }
    }

    fn try_take(&mut self, candidate: &Candidate) -> Result<(), StoreError> {
        let Some(mut row) = job_row::find_text(self.connection, &candidate.head)? else {
            return lanes::refresh(self.connection, candidate.lane);
        };
        let job = &row.record.job;
        let account = accounts::find(self.connection, job.user_id, job.account_id)?;
        if account.is_none() && job.lease.is_some_and(|lease| lease.write_started) {
            return self.expire(row);
        }
        row.read_contents(self.connection)?;
        let grace = account.as_ref().and_then(|account| account.grace_minutes);
        let policy = RetryPolicy::default();
        let claiming = match row
            .record
            .claim(&policy, self.claim.lease_seconds, grace, self.now)
        {
            Ok(claiming) => claiming,
            // Somebody moved the row by hand: from now on it stands where it says.
            Err(error) if error.code == Code::JobTransitionIllegal => {
                row.update(self.connection)?;
                return lanes::refresh(self.connection, row.lane);
            }
            Err(error) => return Err(StoreError::corrupt("publish_jobs", error)),
        };
        match (claiming, account) {
            (Claiming::Claimed(record), Some(account)) => {
                row.record = *record;
                self.give(row, account)
            }
            (Claiming::Missed(record), _) => {
                row.record = *record;
                row.update(self.connection)?;
                self.missed.push(row.record.job);
                lanes::refresh(self.connection, row.lane)
            }
            // Without an account it stands in line only from when it is too late.
            (Claiming::Claimed(_), None) => lanes::refresh(self.connection, row.lane),
        }
    }

    fn give(&mut self, mut row: JobRow, account: ChannelAccount) -> Result<(), StoreError> {
        let lease = row.record.job.lease;
        let outdated = if lease.is_some_and(|lease| lease.write_started) {
            None
        } else {
            content::freeze(&mut row)
        };
        row.update(self.connection)?;
        if let Some(number) = outdated {
            content::remove(self.connection, number)?;
        }
        lanes::refresh(self.connection, row.lane)?;
        let attempt_started_at = row.record.open_attempt_started_at();
        let Some(frozen) = row.record.frozen else {
            return Err(StoreError::corrupt("publish_jobs.content_hash", "is null"));
        };
        self.given.push(ClaimedJob {
            surroundings: surroundings(self.connection, row.lane, &account, self.now)?,
            job: row.record.job,
            entry: frozen.entry,
            content_hash: frozen.hash,
            account,
            progress: row.record.progress,
            attempt_started_at,
        });
        Ok(())
    }

    /// Nobody can look for the post any more, since the account is gone.
    fn expire(&self, mut row: JobRow) -> Result<(), StoreError> {
        let expired = JobWrite::new(row.record.job.id, JobEvent::LeaseExpired);
        let applied = row
            .record
            .apply(&RetryPolicy::default(), None, &expired, self.now)
            .map_err(StoreError::Invalid)?;
        let mut batch = Batch::new(self.connection, self.now);
        batch.commit(&mut row, applied)?;
        batch.finish().map(drop)
    }

    fn answer(self) -> Result<ClaimedJobs, StoreError> {
        let mut next_due_at: Option<i64> = None;
        for &channel in &self.claim.channels {
            let blocked = self.blocked_until(channel)?;
            let next = lanes::next_due(self.connection, channel, blocked, self.now)?;
            next_due_at = [next_due_at, next].into_iter().flatten().min();
        }
        Ok(ClaimedJobs {
            at: self.now,
            jobs: self.given,
            missed: self.missed,
            next_due_at: next_due_at.map(Timestamp::from_millis),
            pauses: self.pauses,
        })
    }
}

/// What the account has published lately.
fn surroundings(
    connection: &Connection,
    lane: i64,
    account: &ChannelAccount,
    now: Timestamp,
) -> Result<Surroundings, StoreError> {
    let window = now.millis().saturating_sub(WINDOW);
    let since = account
        .quota
        .map_or(window, |quota| quota.read_at.millis().max(window));
    let posts_in_window = connection
        .prepare_cached(
            "SELECT count(*) FROM publish_jobs
             WHERE lane = ?1 AND updated_at > ?2 AND status IN ('published', 'delivered_to_inbox')",
        )
        .map_err(failed)?
        .query_row(params![lane, since], |row| row.get(0))
        .map_err(failed)?;
    Ok(Surroundings {
        posts_in_window,
        nearest: None,
    })
}
