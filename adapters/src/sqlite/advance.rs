//! What events make of stored jobs.

use std::collections::BTreeSet;

use calendar_publish::job::{AppliedWrite, JobEffect, JobEvent, job_not_found};
use calendar_publish::model::{Timestamp, UserId};
use calendar_publish::ports::{JobOutcome, JobResult, JobWrite, StoreError};
use calendar_publish::retry::RetryPolicy;
use calendar_publish::{Code, Error};
use rusqlite::{Connection, TransactionBehavior};

use super::job_row::{self, JobRow};
use super::row::failed;
use super::time::Time;
use super::{accounts, attempts, lanes, ledger};

/// Applies what workers report, in one transaction; whether a job can be begun now that couldn't before.
pub(super) fn advance(
    connection: &mut Connection,
    policy: &RetryPolicy,
    writes: &[JobWrite],
    time: &Time,
) -> Result<(Vec<JobOutcome>, bool), StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let mut batch = Batch::new(&transaction, time.now());
    let outcomes = writes
        .iter()
        .map(|write| batch.write(policy, None, write))
        .collect::<Result<_, _>>()?;
    let freed = batch.finish()?;
    transaction.commit().map_err(failed)?;
    Ok((outcomes, freed))
}

/// Writes that become durable together.
pub(super) struct Batch<'a> {
    pub(super) connection: &'a Connection,
    pub(super) now: Timestamp,
    /// The lanes in which something changed.
    pub(super) lanes: BTreeSet<i64>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(connection: &'a Connection, now: Timestamp) -> Self {
        Self {
            connection,
            now,
            lanes: BTreeSet::new(),
        }
    }

    /// Applies one write, to a job of `user_id` if that is given. A job that can't be read is refused
    /// alone.
    pub(super) fn write(
        &mut self,
        policy: &RetryPolicy,
        user_id: Option<UserId>,
        write: &JobWrite,
    ) -> Result<JobOutcome, StoreError> {
        let result = match self.try_write(policy, user_id, write) {
            Ok(Ok(result)) => result,
            Ok(Err(error)) => JobResult::Refused { error },
            Err(error @ StoreError::Corrupt { .. }) => JobResult::Refused {
                error: error.into(),
            },
            Err(error) => return Err(error),
        };
        Ok(JobOutcome {
            job_id: write.job_id,
            result,
        })
    }

    fn try_write(
        &mut self,
        policy: &RetryPolicy,
        user_id: Option<UserId>,
        write: &JobWrite,
    ) -> Result<Result<JobResult, Error>, StoreError> {
        let found = job_row::find(self.connection, write.job_id)?;
        let Some(mut row) =
            found.filter(|row| user_id.is_none_or(|user_id| row.record.job.user_id == user_id))
        else {
            return Ok(Err(job_not_found(write.job_id)));
        };
        if user_id.is_none() && write.stamp.is_some() && write.stamp == row.record.stamp {
            return Ok(Ok(JobResult::Done {
                job: Box::new(row.record.job),
                effects: Vec::new(),
            }));
        }
        let (record, grace) = (&row.record, row.grace_minutes);
        let decided = match user_id {
            Some(_) => record.apply_wish(policy, grace, write, self.now),
            None => record.apply(policy, grace, write, self.now),
        };
        let applied = match decided {
            Ok(applied) => applied,
            Err(error) => return Ok(Err(error)),
        };
        if matches!(write.event, JobEvent::Claim { .. })
            && lanes::is_held(self.connection, row.lane, write.job_id)?
        {
            let error = Error::new(Code::JobTransitionIllegal).at("event");
            return Ok(Err(error));
        }
        let effects = self.commit(&mut row, applied)?;
        Ok(Ok(JobResult::Done {
            job: Box::new(row.record.job),
            effects,
        }))
    }

    /// Stores what a write made of a job.
    pub(super) fn commit(
        &mut self,
        row: &mut JobRow,
        applied: AppliedWrite,
    ) -> Result<Vec<JobEffect>, StoreError> {
        let AppliedWrite {
            record,
            effects,
            ledger,
            cool_down_until,
        } = applied;
        row.record = record;
        row.update(self.connection)?;
        let attempted = effects.iter().any(|effect| {
            matches!(
                effect,
                JobEffect::OpenAttempt { .. } | JobEffect::FinishAttempt { .. }
            )
        });
        if let Some(attempt) = row.record.attempt.as_ref().filter(|_| attempted) {
            attempts::put(self.connection, attempt)?;
        }
        for record in &ledger {
            ledger::append(self.connection, record)?;
        }
        if let Some(until) = cool_down_until {
            let job = &row.record.job;
            accounts::cool_down(self.connection, job.user_id, job.account_id, until)?;
        }
        self.lanes.insert(row.lane);
        Ok(effects)
    }

    /// Finds anew what comes next in the lanes that changed; whether something in them is due.
    pub(super) fn finish(self) -> Result<bool, StoreError> {
        let mut due = false;
        for lane in self.lanes {
            lanes::refresh(self.connection, lane)?;
            due = due || lanes::is_due(self.connection, lane, self.now)?;
        }
        Ok(due)
    }
}
