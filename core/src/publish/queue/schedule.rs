//! Making jobs, many at once.

use std::collections::{HashMap, HashSet};

use calendar_publish_derive::{DeserializeFlattened, DeserializeTagged};
use serde::{Deserialize, Serialize};

use super::PublishQueue;
use super::batch::{BatchPlan, BatchProgress, OnProgress, PlannedEntry, Verdict};
use super::context::{CommandContext, part, read_note};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::flags::PublishingOn;
use crate::model::{
    CalendarEntry, CalendarId, ChannelAccount, EntryId, JobId, JobStatus, PublishJob,
    ReadinessState, RunRef, Timestamp, deterministic_uuid,
};
use crate::ports::{
    CommandKey, JobFilter, JobOutcome, JobResult, NewJob, RefusedEntry, ScheduleJobs,
};
use crate::readiness::{AccountLink, link_account};
use crate::schedule::try_resolve;

/// The most entries that one command schedules.
pub const MAX_BATCH_ENTRIES: usize = 100_000;

/// Entries to be scheduled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Schedule {
    /// The entries, of one calendar or of several.
    pub entries: Vec<CalendarEntry>,
}

/// A calendar to be scheduled as it was last saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScheduleCalendar {
    /// The calendar.
    pub calendar_id: CalendarId,
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Scheduled {
    /// Whether the whole batch had been scheduled before under its key.
    pub repeated: bool,
    /// An outcome per entry, in the order of the entries.
    pub outcomes: Vec<EntryJob>,
}

/// What became of one entry.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeFlattened)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EntryJob {
    /// The entry.
    pub entry_id: EntryId,
    /// Whether it has a job now.
    #[serde(flatten)]
    pub result: EntryJobResult,
}

/// Whether an entry was scheduled.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "result",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum EntryJobResult {
    /// It has a job.
    Scheduled {
        /// The job as it was when it was made.
        job: Box<PublishJob>,
    },
    /// It has none, or none at this time.
    Refused {
        /// Why.
        error: Error,
    },
}

impl PublishQueue {
    /// Schedules entries: a job each, due at the entry's instant or, where it has none, at its wall clock
    /// in the account's zone. A refused entry never keeps the others from being scheduled:
    ///
    /// - drafts ([`Code::EntryDraft`]), entries that are out ([`Code::EntryPublished`]) or that stand
    ///   twice ([`Code::IdDuplicate`]);
    /// - without a usable account: [`Code::ChannelAuthMissing`], [`Code::AccountNotFound`],
    ///   [`Code::AccountAmbiguous`], [`Code::AccountChannelMismatch`];
    /// - by its time: [`Code::ScheduleInPast`], [`Code::TimestampOutOfRange`];
    /// - [`Code::JobExists`] where it has a live job at another time or for another account, or a draft
    ///   of it waits in the creator's inbox.
    ///
    /// Jobs are made in chunks, each durable with all its outcomes before `on_progress` is told. After a
    /// failure the same command goes on where it stopped: under its key with the entries, accounts
    /// and times it first decided on, and without one because an entry that has its job already is
    /// answered with it. An entry whose job was cancelled gets a new one.
    ///
    /// # Errors
    /// [`Code::InputTooLarge`] for more than [`MAX_BATCH_ENTRIES`], [`Code::FieldValueInvalid`] and
    /// [`Code::IdempotencyConflict`] for the key.
    pub async fn schedule(
        &self,
        _: PublishingOn,
        context: &CommandContext,
        schedule: &Schedule,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<Scheduled, Error> {
        check_size(schedule.entries.len())?;
        let key = context.key("schedule", &schedule.entries)?;
        self.batch(context, key, &schedule.entries, &[], on_progress)
            .await
    }

    /// Schedules a calendar as it was last saved, as [`schedule`](PublishQueue::schedule) does with its
    /// entries. Rows that can't be read as entries are refused with what is wrong with them.
    ///
    /// # Errors
    /// [`Code::CalendarNotFound`], and as [`schedule`](PublishQueue::schedule).
    pub async fn schedule_calendar(
        &self,
        _: PublishingOn,
        context: &CommandContext,
        schedule: &ScheduleCalendar,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<Scheduled, Error> {
        let calendar_id = schedule.calendar_id;
        let key = context.key("schedule_calendar", schedule)?;
        let calendar = self.store.calendar(context.user_id, calendar_id).await?;
        check_size(calendar.entries.len())?;
        let context = CommandContext {
            run_id: context.run_id.or(Some(RunRef::Stored(calendar.run.id))),
            ..context.about(calendar_id)
        };
        self.batch(
            &context,
            key,
            &calendar.entries,
            &calendar.refused,
            on_progress,
        )
        .await
    }

    async fn batch(
        &self,
        context: &CommandContext,
        key: Option<CommandKey>,
        entries: &[CalendarEntry],
        unreadable: &[RefusedEntry],
        on_progress: &mut OnProgress<'_>,
    ) -> Result<Scheduled, Error> {
        let (plan, noted) = self
            .plan(context, key.as_ref(), entries, unreadable)
            .await?;
        let mut by_id: HashMap<EntryId, &CalendarEntry> = HashMap::with_capacity(entries.len());
        for entry in entries {
            // Of an entry that stands twice the first was accepted.
            by_id.entry(entry.id).or_insert(entry);
        }
        let total = u32::try_from(plan.entries.len()).unwrap_or(u32::MAX);
        let mut answer = Scheduled {
            repeated: noted,
            outcomes: Vec::with_capacity(plan.entries.len()),
        };
        for (number, chunk) in plan.entries.chunks(self.chunk()).enumerate() {
            let command = key.as_ref().map(|key| part(key, &number.to_string()));
            let repeated = self
                .schedule_chunk(context, command, chunk, &by_id, &mut answer.outcomes)
                .await?;
            answer.repeated &= repeated;
            let done = u32::try_from(answer.outcomes.len()).unwrap_or(u32::MAX);
            on_progress(BatchProgress { done, total });
        }
        Ok(answer)
    }

    /// What is decided of each entry, and whether that was noted under the key before.
    async fn plan(
        &self,
        context: &CommandContext,
        key: Option<&CommandKey>,
        entries: &[CalendarEntry],
        unreadable: &[RefusedEntry],
    ) -> Result<(BatchPlan, bool), Error> {
        if let Some(key) = key
            && let Some(note) = self.noted(context, key).await?
        {
            return Ok((read_note(&note)?, true));
        }
        let accounts = self.store.accounts(context.user_id).await?;
        let mut plan = BatchPlan::of(entries, unreadable, |entry| judge(entry, &accounts));
        refuse_repetitions(&mut plan);
        match key {
            None => Ok((plan, false)),
            Some(key) => match self.note(context, key, &plan).await? {
                None => Ok((plan, false)),
                Some(note) => Ok((read_note(&note)?, true)),
            },
        }
    }

    /// Makes the jobs of one chunk; whether they had been made before under the chunk's key.
    async fn schedule_chunk(
        &self,
        context: &CommandContext,
        command: Option<CommandKey>,
        chunk: &[PlannedEntry],
        entries: &HashMap<EntryId, &CalendarEntry>,
        outcomes: &mut Vec<EntryJob>,
    ) -> Result<bool, Error> {
        let accepted = || {
            chunk
                .iter()
                .filter(|planned| matches!(planned.verdict, Verdict::Accepted { .. }))
        };
        if accepted().next().is_none() {
            outcomes.extend(chunk.iter().map(refused_in_plan));
            return Ok(true);
        }
        let earlier = self
            .jobs_of(
                context,
                accepted().map(|planned| planned.entry_id).collect(),
            )
            .await?;
        let mut jobs = Vec::with_capacity(chunk.len());
        let mut results: Vec<Option<EntryJobResult>> = Vec::with_capacity(chunk.len());
        for planned in chunk {
            let jobs_before = earlier
                .get(&planned.entry_id)
                .map_or(&[][..], Vec::as_slice);
            let new = new_job(context, planned, entries, jobs_before);
            results.push(match new {
                Ok(new) => {
                    jobs.push(new);
                    None
                }
                Err(error) => Some(EntryJobResult::Refused { error }),
            });
        }
        let mut wanted: HashMap<JobId, Wanted> = jobs.iter().map(Wanted::of).collect();
        // What was answered before is answered again, also for entries that are no longer there.
        wanted.extend(accepted().filter_map(|planned| Wanted::under_key(context, planned)));
        let done = self
            .store
            .schedule_jobs(ScheduleJobs {
                user_id: context.user_id,
                command,
                jobs,
            })
            .await?;
        let known: HashSet<JobId> = earlier.values().flatten().map(|job| job.id).collect();
        let mut of_entry: HashMap<EntryId, EntryJobResult> = HashMap::new();
        for JobOutcome { job_id, result } in done.outcomes {
            let Some(wanted) = wanted.get(&job_id) else {
                continue;
            };
            let result = match result {
                JobResult::Done { job, .. } => {
                    if !done.repeated && !known.contains(&job_id) {
                        let calendar = entries.get(&wanted.entry_id);
                        match calendar.map(|entry| entry.calendar_id) {
                            Some(calendar_id) => self.tell(&context.about(calendar_id), &job),
                            None => self.tell(context, &job),
                        }
                    }
                    wanted.agrees(job, done.repeated)
                }
                JobResult::Refused { error } => EntryJobResult::Refused { error },
            };
            of_entry.insert(wanted.entry_id, result);
        }
        for (planned, result) in chunk.iter().zip(results) {
            let result = of_entry.remove(&planned.entry_id).or(result);
            outcomes.push(EntryJob {
                entry_id: planned.entry_id,
                result: result.unwrap_or_else(|| EntryJobResult::Refused {
                    error: not_found(planned.entry_id),
                }),
            });
        }
        Ok(done.repeated)
    }

    /// The jobs that entries have had.
    pub(super) async fn jobs_of(
        &self,
        context: &CommandContext,
        entry_ids: Vec<EntryId>,
    ) -> Result<HashMap<EntryId, Vec<PublishJob>>, Error> {
        let filter = JobFilter {
            entry_ids,
            ..JobFilter::default()
        };
        let mut by_entry: HashMap<EntryId, Vec<PublishJob>> = HashMap::new();
        for job in self.store.jobs(context.user_id, filter).await? {
            by_entry.entry(job.calendar_entry_id).or_default().push(job);
        }
        Ok(by_entry)
    }
}

/// What was asked of one new job.
struct Wanted {
    entry_id: EntryId,
    scheduled_at: Timestamp,
}

impl Wanted {
    fn of(new: &NewJob) -> (JobId, Self) {
        let wanted = Self {
            entry_id: new.entry.id,
            scheduled_at: new.scheduled_at,
        };
        (new.id, wanted)
    }

    fn under_key(context: &CommandContext, planned: &PlannedEntry) -> Option<(JobId, Self)> {
        let Verdict::Accepted { scheduled_at, .. } = planned.verdict else {
            return None;
        };
        let wanted = Self {
            entry_id: planned.entry_id,
            scheduled_at,
        };
        Some((keyed_job_id(context, planned.entry_id)?, wanted))
    }

    /// A job that was made earlier may have another time by now: the wish wasn't fulfilled then.
    fn agrees(&self, job: Box<PublishJob>, repeated: bool) -> EntryJobResult {
        if repeated || job.scheduled_at == self.scheduled_at {
            return EntryJobResult::Scheduled { job };
        }
        let error = exists(job.id).allowed(Allowed::one_of([job.scheduled_at.to_string()]));
        EntryJobResult::Refused { error }
    }
}

fn check_size(entries: usize) -> Result<(), Error> {
    if entries <= MAX_BATCH_ENTRIES {
        return Ok(());
    }
    Err(Error::new(Code::InputTooLarge)
        .at("entries")
        .measured(Measure::count(entries, Unit::Entries))
        .allowed(Allowed::at_most(100_000, Unit::Entries)))
}

/// What can be said of an entry without knowing its jobs.
pub(super) fn judge(entry: &CalendarEntry, accounts: &[ChannelAccount]) -> Result<Verdict, Error> {
    if entry.draft {
        return Err(Error::new(Code::EntryDraft).at("draft"));
    }
    if entry.readiness == Some(ReadinessState::Published) {
        return Err(Error::new(Code::EntryPublished).at("readiness"));
    }
    let account = usable_account(entry, accounts)?;
    let scheduled_at = match entry.scheduled_at {
        Some(at) => at,
        None => {
            try_resolve(entry.piece.date, entry.piece.time, account.timezone)
                .map_err(|error| error.at("piece.date"))?
                .instant
        }
    };
    Ok(Verdict::Accepted {
        account_id: account.id,
        scheduled_at,
    })
}

/// The account of an entry, or why there is none.
pub(super) fn usable_account<'a>(
    entry: &CalendarEntry,
    accounts: &'a [ChannelAccount],
) -> Result<&'a ChannelAccount, Error> {
    let channel = entry.piece.channel;
    let at_account = |code| Error::new(code).at("accountId");
    match link_account(entry, accounts) {
        AccountLink::Linked(account) if account.channel == channel => Ok(account),
        AccountLink::Linked(account) => Err(at_account(Code::AccountChannelMismatch)
            .measured(Measure::text(account.channel.as_str()))
            .allowed(Allowed::one_of([channel.as_str()]))),
        AccountLink::Missing => {
            Err(at_account(Code::ChannelAuthMissing).measured(Measure::text(channel.as_str())))
        }
        AccountLink::NotFound => {
            let id = entry.account_id.map(|id| id.to_string());
            Err(at_account(Code::AccountNotFound).measured(Measure::text(id.unwrap_or_default())))
        }
        AccountLink::Ambiguous { count } => Err(at_account(Code::AccountAmbiguous)
            .measured(Measure::number(count, Unit::Accounts))
            .allowed(Allowed::at_most(1, Unit::Accounts))),
    }
}

/// An entry that stands twice is scheduled once.
fn refuse_repetitions(plan: &mut BatchPlan) {
    let mut seen = HashSet::with_capacity(plan.entries.len());
    for (index, planned) in plan.entries.iter_mut().enumerate() {
        if !seen.insert(planned.entry_id) {
            planned.verdict = Verdict::Refused {
                error: Error::new(Code::IdDuplicate)
                    .at(format!("entries[{index}].id"))
                    .measured(Measure::text(planned.entry_id.to_string())),
            };
        }
    }
}

fn refused_in_plan(planned: &PlannedEntry) -> EntryJob {
    let error = match &planned.verdict {
        Verdict::Refused { error } => error.clone(),
        Verdict::Accepted { .. } => not_found(planned.entry_id),
    };
    EntryJob {
        entry_id: planned.entry_id,
        result: EntryJobResult::Refused { error },
    }
}

/// The job of an accepted entry.
fn new_job(
    context: &CommandContext,
    planned: &PlannedEntry,
    entries: &HashMap<EntryId, &CalendarEntry>,
    earlier: &[PublishJob],
) -> Result<NewJob, Error> {
    let (account_id, scheduled_at) = match &planned.verdict {
        Verdict::Refused { error } => return Err(error.clone()),
        Verdict::Accepted {
            account_id,
            scheduled_at,
        } => (*account_id, *scheduled_at),
    };
    // It was accepted when the command first came, and was removed since.
    let entry = entries
        .get(&planned.entry_id)
        .ok_or_else(|| not_found(planned.entry_id))?;
    // A job under this very command is answered by the store, whatever has become of it.
    let keyed = keyed_job_id(context, planned.entry_id);
    let own = keyed.is_some_and(|id| earlier.iter().any(|job| job.id == id));
    let in_inbox = |job: &&PublishJob| job.status == JobStatus::DeliveredToInbox;
    if let Some(job) = earlier.iter().find(in_inbox)
        && !own
    {
        return Err(exists(job.id));
    }
    Ok(NewJob {
        id: keyed.unwrap_or_else(|| next_job_id(context, planned.entry_id, earlier)),
        entry: (*entry).clone(),
        account_id,
        scheduled_at,
    })
}

/// The id of the job that a command under a key makes of an entry.
pub(super) fn keyed_job_id(context: &CommandContext, entry_id: EntryId) -> Option<JobId> {
    let key = context.idempotency_key.as_deref()?;
    let (user, entry) = (context.user_id.to_string(), entry_id.to_string());
    let parts = ["publish-job", "key", &user, key, &entry];
    Some(JobId::new(deterministic_uuid(&parts)))
}

/// The id of an entry's next job: the live one's, or else one that none of the finished ones has.
pub(super) fn next_job_id(
    context: &CommandContext,
    entry_id: EntryId,
    earlier: &[PublishJob],
) -> JobId {
    if let Some(live) = earlier.iter().find(|job| !job.status.is_terminal()) {
        return live.id;
    }
    let (user, entry) = (context.user_id.to_string(), entry_id.to_string());
    let round = earlier.len().to_string();
    JobId::new(deterministic_uuid(&[
        "publish-job",
        "round",
        &user,
        &entry,
        &round,
    ]))
}

fn exists(job_id: JobId) -> Error {
    Error::new(Code::JobExists)
        .at("entry.id")
        .measured(Measure::text(job_id.to_string()))
}

fn not_found(entry_id: EntryId) -> Error {
    Error::new(Code::EntryNotFound)
        .at("entry.id")
        .measured(Measure::text(entry_id.to_string()))
}
