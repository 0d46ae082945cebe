//! Moving entries together with their jobs.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::PublishQueue;
use super::context::{CommandContext, read_note};
use super::schedule::usable_account;
use crate::error::{Code, Error, Measure};
use crate::job::{JobEvent, advance_with};
use crate::model::{
    Cadence, CalendarEntry, CalendarId, CalendarRun, ChannelAccount, EntryId, JobId, JobStatus,
    PublishJob, RunId, RunRef, RunStatus, Timestamp, deterministic_uuid,
};
use crate::ports::{
    CommandKey, JobFilter, JobWrite, MaybeSend, Missing, SaveCalendar, StoreError, StoredCalendar,
    fingerprint,
};
use crate::schedule::{MovedEntry, ScheduleContext, ShiftReceipt, Slot, try_resolve};

/// How often a move is made anew where somebody else was faster.
const TRIES: u32 = 3;

/// What a move came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MoveAnswer {
    /// Whether it had been made before under its key.
    pub repeated: bool,
    /// The run that saved it; the calendar's last one where nothing had to be moved.
    pub run_id: RunId,
    /// The revision of the calendar that it made.
    pub revision: i64,
    /// The entries that moved: what it takes to [undo](super::ShiftChange::Undo) it.
    pub receipt: ShiftReceipt,
}

/// A calendar and what planning has to know.
pub(super) struct Loaded {
    pub(super) calendar: StoredCalendar,
    pub(super) accounts: Vec<ChannelAccount>,
    pub(super) jobs: Vec<PublishJob>,
}

impl Loaded {
    /// What planning looks at.
    pub(super) fn context<'a>(
        &'a self,
        queue: &'a PublishQueue,
        now: Timestamp,
    ) -> ScheduleContext<'a> {
        ScheduleContext {
            entries: &self.calendar.entries,
            accounts: &self.accounts,
            jobs: &self.jobs,
            settings: &queue.settings.schedule,
            now,
        }
    }
}

/// What is noted of a move before it is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MoveNote {
    run_id: RunId,
    job_ids: Vec<JobId>,
}

/// A move, and the jobs that moved with it.
pub(super) struct Moved {
    pub(super) answer: MoveAnswer,
    pub(super) job_ids: Vec<JobId>,
}

impl PublishQueue {
    /// Moves entries as `make` says, and their jobs with them: all of it, or nothing. Where somebody
    /// else was faster, `make` is asked again.
    pub(super) async fn move_entries(
        &self,
        context: &CommandContext,
        key: Option<&CommandKey>,
        calendar_id: CalendarId,
        make: impl Fn(&Loaded) -> Result<Vec<CalendarEntry>, Error> + MaybeSend,
    ) -> Result<Moved, Error> {
        let context = context.about(calendar_id);
        if let Some(key) = key
            && let Some(note) = self.noted(&context, key).await?
            && let Some(moved) = self.moved_before(&context, key, &note, calendar_id).await?
        {
            return Ok(moved);
        }
        let mut tries = 0;
        loop {
            tries += 1;
            let loaded = self.load(&context, calendar_id).await?;
            let entries = make(&loaded)?;
            match self.save_moved(&context, key, &loaded, entries).await {
                Err(error) if was_overtaken(&error) && tries < TRIES => {}
                done => return done,
            }
        }
    }

    async fn load(
        &self,
        context: &CommandContext,
        calendar_id: CalendarId,
    ) -> Result<Loaded, Error> {
        let calendar = self.store.calendar(context.user_id, calendar_id).await?;
        let accounts = self.store.accounts(context.user_id).await?;
        let filter = JobFilter {
            calendar_id: Some(calendar_id),
            ..JobFilter::default()
        };
        let jobs = self.store.jobs(context.user_id, filter).await?;
        Ok(Loaded {
            calendar,
            accounts,
            jobs,
        })
    }

    async fn save_moved(
        &self,
        context: &CommandContext,
        key: Option<&CommandKey>,
        loaded: &Loaded,
        entries: Vec<CalendarEntry>,
    ) -> Result<Moved, Error> {
        let calendar = &loaded.calendar;
        let receipt = moved_between(&calendar.entries, &entries);
        if receipt.moved.is_empty() {
            let answer = MoveAnswer {
                repeated: false,
                run_id: calendar.run.id,
                revision: calendar.revision,
                receipt,
            };
            return Ok(Moved {
                answer,
                job_ids: Vec::new(),
            });
        }
        let writes = job_writes(loaded, &entries, &receipt)?;
        let run_id = match key {
            Some(key) => keyed_run_id(context, key),
            None => next_run_id(context, calendar, &receipt)?,
        };
        let note = MoveNote {
            run_id,
            job_ids: writes.iter().map(|write| write.job_id).collect(),
        };
        if let Some(key) = key {
            self.note(context, key, &note).await?;
        }
        let save = SaveCalendar {
            refused: calendar.refused.clone(),
            plan_id: calendar.plan_id,
            ..SaveCalendar::new(
                manual_run(context, run_id, calendar),
                calendar.revision,
                entries,
            )
        };
        let policy = self.settings.policy.clone();
        let saved = self
            .store
            .save_calendar_and_jobs(save, policy, writes.clone())
            .await;
        let saved = match (saved, key) {
            (Ok(saved), _) => saved,
            // The same command came twice at once, and the other one was faster.
            (Err(StoreError::RunConflict { .. }), Some(key)) => {
                let Some(note) = self.noted(context, key).await? else {
                    return Err(StoreError::RunConflict { run_id }.into());
                };
                return self
                    .moved_before(context, key, &note, calendar.calendar_id)
                    .await?
                    .ok_or_else(|| StoreError::RunConflict { run_id }.into());
            }
            (Err(error), _) => return Err(error.into()),
        };
        self.tell_moved(context, loaded, &writes, run_id);
        let answer = MoveAnswer {
            repeated: saved.repeated,
            run_id: saved.run_id,
            revision: saved.revision,
            receipt,
        };
        Ok(Moved {
            answer,
            job_ids: note.job_ids,
        })
    }

    /// What the command was answered, if the run that it makes is stored.
    async fn moved_before(
        &self,
        context: &CommandContext,
        key: &CommandKey,
        note: &str,
        calendar_id: CalendarId,
    ) -> Result<Option<Moved>, Error> {
        let user_id = context.user_id;
        let note: MoveNote = read_note(note)?;
        let run_id = keyed_run_id(context, key);
        let made = match self.store.run(user_id, calendar_id, run_id).await {
            Ok(made) => made,
            Err(StoreError::NotFound { what: Missing::Run }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let runs = self.store.runs(user_id, calendar_id).await?;
        let mut earlier = runs.iter().skip_while(|run| run.id != run_id).skip(1);
        let before = match earlier.next() {
            None => Vec::new(),
            Some(run) => self.store.run(user_id, calendar_id, run.id).await?.entries,
        };
        let answer = MoveAnswer {
            repeated: true,
            run_id,
            revision: made.revision,
            receipt: moved_between(&before, &made.entries),
        };
        Ok(Some(Moved {
            answer,
            job_ids: note.job_ids,
        }))
    }

    fn tell_moved(
        &self,
        context: &CommandContext,
        loaded: &Loaded,
        writes: &[JobWrite],
        run_id: RunId,
    ) {
        let context = CommandContext {
            run_id: Some(RunRef::Stored(run_id)),
            ..context.clone()
        };
        let jobs: HashMap<_, _> = loaded.jobs.iter().map(|job| (job.id, job)).collect();
        for write in writes {
            let Some(job) = jobs.get(&write.job_id) else {
                continue;
            };
            let event = write.event.clone();
            match advance_with(&self.settings.policy, job, event, context.now) {
                Ok((moved, _)) => self.tell(&context, &moved),
                // The store's clock is another one, and it found nothing wrong.
                Err(_) => self.tell(&context, job),
            }
        }
    }
}

/// Whether somebody else saved the calendar, or a worker took one of the jobs, since they were read.
/// Read again, they say what there is to say about it.
fn was_overtaken(error: &Error) -> bool {
    matches!(
        error.code,
        Code::RevisionConflict | Code::JobTransitionIllegal
    )
}

/// The entries whose place in time differs.
fn moved_between(before: &[CalendarEntry], after: &[CalendarEntry]) -> ShiftReceipt {
    let places: HashMap<EntryId, Slot> =
        before.iter().map(|entry| (entry.id, slot(entry))).collect();
    let moved = after.iter().filter_map(|entry| {
        let was = *places.get(&entry.id)?;
        let is = slot(entry);
        (was != is).then_some(MovedEntry {
            entry_id: entry.id,
            before: was,
            after: is,
            revision: entry.revision,
        })
    });
    ShiftReceipt {
        moved: moved.collect(),
    }
}

fn slot(entry: &CalendarEntry) -> Slot {
    Slot {
        date: entry.piece.date,
        time: entry.piece.time,
        scheduled_at: entry.scheduled_at,
    }
}

/// The moves of the live jobs.
///
/// # Errors
/// [`Code::ScheduleFrozen`] where an entry is out, on its way, or may be out.
fn job_writes(
    loaded: &Loaded,
    entries: &[CalendarEntry],
    receipt: &ShiftReceipt,
) -> Result<Vec<JobWrite>, Error> {
    let entries: HashMap<EntryId, &CalendarEntry> =
        entries.iter().map(|entry| (entry.id, entry)).collect();
    let mut jobs: HashMap<EntryId, Vec<&PublishJob>> = HashMap::new();
    for job in &loaded.jobs {
        jobs.entry(job.calendar_entry_id).or_default().push(job);
    }
    let mut writes = Vec::new();
    for (index, moved) in receipt.moved.iter().enumerate() {
        for job in jobs.get(&moved.entry_id).into_iter().flatten() {
            if is_frozen(job) {
                return Err(Error::new(Code::ScheduleFrozen)
                    .at(format!("moved[{index}].entryId"))
                    .measured(Measure::text(moved.entry_id.to_string())));
            }
            if job.status.is_terminal() {
                continue;
            }
            let at = match (moved.after.scheduled_at, entries.get(&moved.entry_id)) {
                (Some(at), _) => at,
                (None, Some(entry)) => instant_of(entry, &loaded.accounts)?,
                (None, None) => continue,
            };
            writes.push(JobWrite::new(job.id, JobEvent::Rescheduled { at }));
        }
    }
    Ok(writes)
}

/// Whether the job's post is out, on its way, or may be out.
pub(super) fn is_frozen(job: &PublishJob) -> bool {
    match job.status {
        JobStatus::Publishing | JobStatus::Published | JobStatus::DeliveredToInbox => true,
        JobStatus::NeedsAttention => job.last_error == Some(Code::OutcomeUnknown),
        JobStatus::Scheduled | JobStatus::Failed | JobStatus::Cancelled => false,
    }
}

/// The instant that an entry's wall clock stands for.
fn instant_of(entry: &CalendarEntry, accounts: &[ChannelAccount]) -> Result<Timestamp, Error> {
    let account = usable_account(entry, accounts)?;
    Ok(try_resolve(entry.piece.date, entry.piece.time, account.timezone)?.instant)
}

/// A command's run has one id however often it comes, so that it is saved once.
fn keyed_run_id(context: &CommandContext, key: &CommandKey) -> RunId {
    let user = context.user_id.to_string();
    RunId::new(deterministic_uuid(&[
        "move-run",
        "key",
        &user,
        &key.key,
        &key.fingerprint,
    ]))
}

fn next_run_id(
    context: &CommandContext,
    calendar: &StoredCalendar,
    receipt: &ShiftReceipt,
) -> Result<RunId, Error> {
    Ok(RunId::new(deterministic_uuid(&[
        "move-run",
        "revision",
        &context.user_id.to_string(),
        &calendar.calendar_id.to_string(),
        &calendar.revision.to_string(),
        &fingerprint(receipt)?,
    ])))
}

fn manual_run(context: &CommandContext, id: RunId, calendar: &StoredCalendar) -> CalendarRun {
    CalendarRun {
        id,
        user_id: context.user_id,
        calendar_id: calendar.calendar_id,
        plan_id: calendar.plan_id,
        status: RunStatus::Completed,
        started_at: context.now,
        completed_at: context.now,
        piece_count: u32::try_from(calendar.entries.len()).unwrap_or(u32::MAX),
        cadence: Cadence::Manual,
        ..calendar.run.clone()
    }
}
