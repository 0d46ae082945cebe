//! Publishing one entry now.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::PublishQueue;
use super::context::CommandContext;
use super::moving::{Loaded, is_frozen};
use super::schedule::{judge, keyed_job_id, next_job_id, usable_account};
use crate::error::{Code, Error, Measure};
use crate::flags::PublishNowOn;
use crate::model::{CalendarEntry, CalendarId, ChannelAccount, EntryId, PublishJob, Timestamp};
use crate::ports::{JobResult, NewJob, ScheduleJobs};
use crate::schedule::wall_clock;

/// How often a time that passed while it was being stored is taken anew.
const TRIES: u32 = 3;

/// An entry to be published now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishNow {
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The entry.
    pub entry_id: EntryId,
}

impl PublishQueue {
    /// Moves an entry's time to the store's present (and a moment more, see
    /// [`QueueSettings::publish_now_lead_seconds`](super::QueueSettings::publish_now_lead_seconds)) and
    /// its live job with it; where it has none, one is made. The answer is the job. What preflight holds
    /// against the post is found by the worker, as for any other post.
    ///
    /// # Errors
    /// [`Code::CalendarNotFound`], [`Code::EntryNotFound`]; what keeps an entry from being
    /// [scheduled](PublishQueue::schedule); [`Code::ScheduleFrozen`] where it is out, on its way, or may
    /// be out; [`Code::RevisionConflict`] where others keep saving the calendar,
    /// [`Code::FieldValueInvalid`] and [`Code::IdempotencyConflict`] for the key.
    pub async fn publish_now(
        &self,
        _: PublishNowOn,
        context: &CommandContext,
        publish: &PublishNow,
    ) -> Result<PublishJob, Error> {
        let key = context.key("publish_now", publish)?;
        let mut tries = 0;
        let moved = loop {
            tries += 1;
            let at = self.soon().await?;
            let moved = self
                .move_entries(context, key.as_ref(), publish.calendar_id, |loaded| {
                    moved_to(loaded, publish.entry_id, at)
                })
                .await;
            match moved {
                Ok(moved) => break moved,
                Err(error) if error.code == Code::ScheduleInPast && tries < TRIES => {}
                Err(error) => return Err(error),
            }
        };
        // What became of the job since, a cancellation too, is for the one who asks again to see.
        if let Some(id) = moved.job_ids.first()
            && let Some(history) = self.store.job(context.user_id, *id).await?
        {
            return Ok(history.record.job);
        }
        self.job_now(&context.about(publish.calendar_id), publish)
            .await
    }

    /// The store's present, and a moment more.
    async fn soon(&self) -> Result<Timestamp, Error> {
        let lead = self.settings.publish_now_lead_seconds.max(1);
        let present = self.store.queue_depth().await?.at;
        Ok(present.plus(TimeDelta::seconds(lead.into())))
    }

    /// The job of an entry that had none to be moved.
    async fn job_now(
        &self,
        context: &CommandContext,
        publish: &PublishNow,
    ) -> Result<PublishJob, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            let mut earlier = self
                .jobs_of(context, vec![publish.entry_id])
                .await?
                .remove(&publish.entry_id)
                .unwrap_or_default();
            let keyed = keyed_job_id(context, publish.entry_id);
            let own = |job: &PublishJob| match keyed {
                Some(id) => job.id == id,
                None => !job.status.is_terminal(),
            };
            if let Some(place) = earlier.iter().position(own) {
                return Ok(earlier.swap_remove(place));
            }
            let calendar = self
                .store
                .calendar(context.user_id, publish.calendar_id)
                .await?;
            let accounts = self.store.accounts(context.user_id).await?;
            let entry = find(&calendar.entries, publish.entry_id)?;
            let new = NewJob {
                id: keyed.unwrap_or_else(|| next_job_id(context, entry.id, &earlier)),
                entry: entry.clone(),
                account_id: usable_account(entry, &accounts)?.id,
                scheduled_at: self.soon().await?,
            };
            // The id alone makes it once. A stored answer would keep a refusal that passes by itself.
            let schedule = ScheduleJobs {
                user_id: context.user_id,
                command: None,
                jobs: vec![new],
            };
            let done = self.store.schedule_jobs(schedule).await?;
            match done.outcomes.into_iter().next().map(|done| done.result) {
                Some(JobResult::Done { job, .. }) => {
                    self.tell(context, &job);
                    return Ok(*job);
                }
                Some(JobResult::Refused { error })
                    if error.code == Code::ScheduleInPast && tries < TRIES => {}
                Some(JobResult::Refused { error }) => return Err(error),
                None => return Err(Error::new(Code::PublishError)),
            }
        }
    }
}

/// The calendar's entries with this one at `at`.
fn moved_to(
    loaded: &Loaded,
    entry_id: EntryId,
    at: Timestamp,
) -> Result<Vec<CalendarEntry>, Error> {
    let entry = find(&loaded.calendar.entries, entry_id)?;
    judge(entry, &loaded.accounts)?;
    let account: &ChannelAccount = usable_account(entry, &loaded.accounts)?;
    let frozen = |job: &&PublishJob| job.calendar_entry_id == entry_id && is_frozen(job);
    if loaded.jobs.iter().any(|job| frozen(&job)) {
        return Err(Error::new(Code::ScheduleFrozen)
            .at("entryId")
            .measured(Measure::text(entry_id.to_string())));
    }
    let (date, time) = wall_clock(at, account.timezone)
        .ok_or_else(|| Error::new(Code::TimestampOutOfRange).measured(Measure::instant(at)))?;
    let mut entries = loaded.calendar.entries.clone();
    if let Some(entry) = entries.iter_mut().find(|entry| entry.id == entry_id) {
        entry.piece.date = date;
        entry.piece.time = time;
        entry.scheduled_at = Some(at);
        entry.revision = entry.revision.saturating_add(1);
    }
    Ok(entries)
}

fn find(entries: &[CalendarEntry], id: EntryId) -> Result<&CalendarEntry, Error> {
    entries.iter().find(|entry| entry.id == id).ok_or_else(|| {
        Error::new(Code::EntryNotFound)
            .at("entryId")
            .measured(Measure::text(id.to_string()))
    })
}
