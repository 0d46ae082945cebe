//! Making and moving jobs.

use std::collections::{HashMap, HashSet};

use super::Rows;
use crate::error::Error;
use crate::job::{Admission, AppliedWrite, JobRecord, Known, SavedEntry, admit, job_not_found};
use crate::ledger::{LedgerHead, LedgerRow, chain};
use crate::model::{
    AccountId, CalendarEntry, CalendarId, Channel, EntryId, JobId, JobStatus, PublishJob,
    Timestamp, UserId,
};
use crate::ports::{
    CommandJobs, CommandKey, JobCount, JobFilter, JobOutcome, JobOutcomes, JobResult, JobWrite,
    NewJob, QueueDepth, RefusedEntry, SaveCalendar, SavedCalendar, ScheduleJobs, StoreError,
};
use crate::retry::RetryPolicy;

/// Writes that are decided, but not yet stored: all of them will be, or none.
#[derive(Debug, Default)]
pub(super) struct Staged {
    applied: Vec<AppliedWrite>,
    last: HashMap<JobId, usize>,
}

impl Rows {
    pub(super) fn schedule(
        &mut self,
        schedule: ScheduleJobs,
        now: Timestamp,
    ) -> Result<JobOutcomes, StoreError> {
        let user_id = schedule.user_id;
        if let Some(before) = self.answered(user_id, schedule.command.as_ref())? {
            return Ok(before);
        }
        let outcomes = schedule
            .jobs
            .into_iter()
            .map(|new| JobOutcome {
                job_id: new.id,
                result: self.make(new, user_id, now),
            })
            .collect();
        self.answer(user_id, schedule.command, outcomes)
    }

    fn make(&mut self, new: NewJob, user_id: UserId, now: Timestamp) -> JobResult {
        let same_id = self.jobs.get(new.id).map(|stored| &stored.record.job);
        let of_entry = self.jobs.of_entry(user_id, new.entry.id);
        let known = Known {
            same_id,
            account: self.accounts.get(&(user_id, new.account_id)),
            live: of_entry.live,
            published: of_entry.published,
            now,
        };
        match admit(new, user_id, &known) {
            Ok(Admission::Made(record)) => {
                let job = record.job.clone();
                self.jobs.put(*record, &self.accounts, now);
                done(job, Vec::new())
            }
            Ok(Admission::Before(job)) => done(*job, Vec::new()),
            Err(error) => JobResult::Refused { error },
        }
    }

    pub(super) fn command_jobs(
        &mut self,
        command: CommandJobs,
        now: Timestamp,
    ) -> Result<JobOutcomes, StoreError> {
        let user_id = command.user_id;
        if let Some(before) = self.answered(user_id, command.command.as_ref())? {
            return Ok(before);
        }
        let mut staged = Staged::default();
        let mut refused: Option<(usize, Error)> = None;
        let mut outcomes = Vec::with_capacity(command.writes.len());
        for (index, write) in command.writes.into_iter().enumerate() {
            let result = match self.stage(&mut staged, Some(user_id), &command.policy, &write, now)
            {
                Ok(applied) => done(applied.record.job.clone(), applied.effects.clone()),
                Err(error) => {
                    refused.get_or_insert_with(|| (index, error.clone()));
                    JobResult::Refused { error }
                }
            };
            outcomes.push(JobOutcome {
                job_id: write.job_id,
                result,
            });
        }
        match refused.filter(|_| command.all_or_nothing) {
            Some((index, error)) => leave_out(&mut outcomes, index, &error),
            None => self.commit_all(staged, now)?,
        }
        self.answer(user_id, command.command, outcomes)
    }

    pub(super) fn advance(
        &mut self,
        policy: &RetryPolicy,
        writes: &[JobWrite],
        now: Timestamp,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        writes
            .iter()
            .map(|write| {
                let mut staged = Staged::default();
                let result = match self.stage(&mut staged, None, policy, write, now) {
                    Ok(applied) => done(applied.record.job.clone(), applied.effects.clone()),
                    Err(error) => JobResult::Refused { error },
                };
                self.commit_all(staged, now)?;
                Ok(JobOutcome {
                    job_id: write.job_id,
                    result,
                })
            })
            .collect()
    }

    pub(super) fn save_with_jobs(
        &mut self,
        save: SaveCalendar,
        policy: &RetryPolicy,
        writes: &[JobWrite],
        now: Timestamp,
    ) -> Result<SavedCalendar, StoreError> {
        let user_id = save.user_id;
        let calendar_id = save.calendar_id;
        let save = match self.prepare(save)? {
            Ok(save) => save,
            Err(repeated) => return Ok(repeated),
        };
        let mut staged = Staged::default();
        for (index, write) in writes.iter().enumerate() {
            self.stage(&mut staged, Some(user_id), policy, write, now)
                .map_err(|error| StoreError::Invalid(error.under(&format!("writes[{index}]"))))?;
        }
        self.commit_all(staged, now)?;
        let handed = self.hand_over(user_id, calendar_id, save.entries(), save.refused(), now);
        for applied in handed {
            self.commit(applied, now)?;
        }
        Ok(self.commit_save(user_id, calendar_id, save))
    }

    /// What a save of the calendar makes of its live jobs.
    fn hand_over(
        &self,
        user_id: UserId,
        calendar_id: CalendarId,
        entries: &[CalendarEntry],
        refused: &[RefusedEntry],
        now: Timestamp,
    ) -> Vec<AppliedWrite> {
        let live: Vec<&JobRecord> = self.jobs.live_of_calendar(user_id, calendar_id).collect();
        if live.is_empty() {
            return Vec::new();
        }
        let entries: HashMap<EntryId, &CalendarEntry> =
            entries.iter().map(|entry| (entry.id, entry)).collect();
        let refused: HashSet<EntryId> = refused.iter().map(|row| row.id).collect();
        live.into_iter()
            .filter_map(|record| {
                let id = record.job.calendar_entry_id;
                let saved = match entries.get(&id) {
                    Some(entry) => SavedEntry::Content(entry),
                    None if refused.contains(&id) => SavedEntry::Unreadable,
                    None => SavedEntry::Removed,
                };
                record.after_save(saved, now)
            })
            .collect()
    }

    /// Decides a write on top of those that are staged. `user_id` limits it to that user's jobs.
    fn stage<'a>(
        &self,
        staged: &'a mut Staged,
        user_id: Option<UserId>,
        policy: &RetryPolicy,
        write: &JobWrite,
        now: Timestamp,
    ) -> Result<&'a AppliedWrite, Error> {
        let record = match staged.last.get(&write.job_id) {
            Some(index) => staged.applied.get(*index).map(|applied| &applied.record),
            None => self.jobs.get(write.job_id).map(|stored| &stored.record),
        };
        let record = record
            .filter(|record| user_id.is_none_or(|user_id| record.job.user_id == user_id))
            .ok_or_else(|| job_not_found(write.job_id))?;
        let account = (record.job.user_id, record.job.account_id);
        let grace = self
            .accounts
            .get(&account)
            .and_then(|account| account.grace_minutes);
        let applied = match user_id {
            Some(_) => record.apply_wish(policy, grace, write, now)?,
            None => record.apply(policy, grace, write, now)?,
        };
        let index = staged.applied.len();
        staged.last.insert(write.job_id, index);
        staged.applied.push(applied);
        Ok(&staged.applied[index])
    }

    fn commit_all(&mut self, staged: Staged, now: Timestamp) -> Result<(), StoreError> {
        staged
            .applied
            .into_iter()
            .try_for_each(|applied| self.commit(applied, now))
    }

    /// Stores what a write made of a job.
    pub(super) fn commit(
        &mut self,
        applied: AppliedWrite,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let account = (applied.record.job.user_id, applied.record.job.account_id);
        let ledger = self.ledgers.entry(account.1).or_default();
        let mut head = ledger.last().map(head_of).unwrap_or_default();
        let mut rows = Vec::with_capacity(applied.ledger.len());
        for record in &applied.ledger {
            let row = chain(&head, record).map_err(StoreError::Invalid)?;
            head = head_of(&row);
            rows.push(row);
        }
        ledger.extend(rows);
        if let (Some(until), Some(account)) =
            (applied.cool_down_until, self.accounts.get_mut(&account))
        {
            // An earlier, longer cool-down still holds.
            account.cooling_down_until = account.cooling_down_until.max(Some(until));
        }
        self.jobs.put(applied.record, &self.accounts, now);
        self.jobs.place(account.1, &self.accounts, now);
        Ok(())
    }

    /// The answer that a command with this key had before.
    fn answered(
        &self,
        user_id: UserId,
        key: Option<&CommandKey>,
    ) -> Result<Option<JobOutcomes>, StoreError> {
        let Some(key) = key else {
            return Ok(None);
        };
        match self.commands.get(&(user_id, key.key.clone())) {
            None => Ok(None),
            Some(earlier) if earlier.fingerprint != key.fingerprint => {
                Err(StoreError::CommandConflict {
                    key: key.key.clone(),
                })
            }
            Some(earlier) => JobOutcomes::repeated(&earlier.answer).map(Some),
        }
    }

    /// Gives the answer, and keeps it where the command had a key.
    fn answer(
        &mut self,
        user_id: UserId,
        key: Option<CommandKey>,
        outcomes: Vec<JobOutcome>,
    ) -> Result<JobOutcomes, StoreError> {
        let outcomes = JobOutcomes {
            repeated: false,
            outcomes,
        };
        if let Some(key) = key {
            let command = outcomes.command(&key).map_err(StoreError::Invalid)?;
            self.commands.insert((user_id, key.key), command);
        }
        Ok(outcomes)
    }

    /// The jobs that fit, by id; `None` for those of every user.
    pub(super) fn jobs_that_fit(
        &self,
        user_id: Option<UserId>,
        filter: &JobFilter,
    ) -> Vec<PublishJob> {
        use std::ops::Bound::{Excluded, Unbounded};

        let limit = match filter.limit {
            0 => usize::MAX,
            limit => usize::try_from(limit).unwrap_or(usize::MAX),
        };
        let entry_ids: HashSet<EntryId> = filter.entry_ids.iter().copied().collect();
        let page = (filter.after.map_or(Unbounded, Excluded), Unbounded);
        let fits = |record: &&JobRecord| {
            let job = &record.job;
            filter
                .calendar_id
                .is_none_or(|id| record.entry.calendar_id == id)
                && (entry_ids.is_empty() || entry_ids.contains(&job.calendar_entry_id))
                && filter.channel.is_none_or(|channel| job.channel == channel)
                && (filter.statuses.is_empty() || filter.statuses.contains(&job.status))
        };
        let job = |record: &JobRecord| record.job.clone();
        match user_id {
            None => self
                .jobs
                .all()
                .range(page)
                .map(|(_, stored)| &stored.record)
                .filter(fits)
                .take(limit)
                .map(job)
                .collect(),
            Some(user_id) => self
                .jobs
                .of_user(user_id)
                .into_iter()
                .flat_map(|ids| ids.range(page))
                .filter_map(|id| self.jobs.get(*id))
                .map(|stored| &stored.record)
                .filter(fits)
                .take(limit)
                .map(job)
                .collect(),
        }
    }

    pub(super) fn depth(&self, now: Timestamp) -> QueueDepth {
        let counts = Channel::ALL
            .into_iter()
            .flat_map(|channel| JobStatus::ALL.map(|status| (channel, status)))
            .filter(|(_, status)| !status.is_terminal())
            .map(|(channel, status)| JobCount {
                channel,
                status,
                count: self.jobs.count(channel, status),
            })
            .filter(|count| count.count > 0)
            .collect();
        QueueDepth {
            at: now,
            counts,
            oldest_due_at: self.jobs.oldest_due(now),
        }
    }

    pub(super) fn ledger_rows(
        &self,
        account_id: AccountId,
        after: i64,
        limit: u32,
    ) -> Vec<LedgerRow> {
        let skipped = usize::try_from(after.max(0)).unwrap_or(usize::MAX);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.ledgers
            .get(&account_id)
            .into_iter()
            .flatten()
            .skip(skipped)
            .take(limit)
            .cloned()
            .collect()
    }
}

fn done(job: PublishJob, effects: Vec<crate::job::JobEffect>) -> JobResult {
    JobResult::Done {
        job: Box::new(job),
        effects,
    }
}

/// Says of each job that would have been done, that it wasn't, and because of which one.
fn leave_out(outcomes: &mut [JobOutcome], index: usize, error: &Error) {
    for outcome in outcomes {
        if matches!(outcome.result, JobResult::Done { .. }) {
            outcome.result = JobResult::Refused {
                error: error.clone().under(&format!("writes[{index}]")),
            };
        }
    }
}

fn head_of(row: &LedgerRow) -> LedgerHead {
    LedgerHead {
        sequence: row.sequence,
        hash: row.hash.clone(),
    }
}
