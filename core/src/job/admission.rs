//! Whether a job may be made, and what a save of its calendar means for one that was.

use super::{AppliedWrite, JobEvent, JobRecord};
use crate::error::{Allowed, Code, Error, Measure};
use crate::model::{CalendarEntry, ChannelAccount, JobId, PublishJob, Timestamp, UserId};
use crate::ports::{JobWrite, NewJob};
use crate::retry::RetryPolicy;

/// What a store knows of a job that is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The job that has its id, whosever it is.
    pub same_id: Option<&'a PublishJob>,
    /// The user's account of the id that the job names.
    pub account: Option<&'a ChannelAccount>,
    /// The entry's job that isn't finished.
    pub live: Option<JobId>,
    /// The entry's job that published.
    pub published: Option<JobId>,
    /// The store's time.
    pub now: Timestamp,
}

/// What becomes of a job that is to be made.
#[derive(Clone, Debug, PartialEq)]
pub enum Admission {
    /// It is made.
    Made(Box<JobRecord>),
    /// It was made before: this is the stored job, wherever it has come since.
    Before(Box<PublishJob>),
}

/// Whether `user_id` may have the job made.
///
/// A job is the same as the one that has its id if user, entry and account are the same; its time may
/// have been moved since.
///
/// # Errors
/// In this order: [`Code::JobExists`] at `id` where another job has the id; [`Code::AccountNotFound`] and
/// [`Code::AccountChannelMismatch`] at `accountId`; [`Code::EntryPublished`] and [`Code::JobExists`] at
/// `entry.id`, naming the other job; [`Code::ScheduleInPast`] at `scheduledAt` for an instant before now.
pub fn admit(new: NewJob, user_id: UserId, known: &Known<'_>) -> Result<Admission, Error> {
    if let Some(job) = known.same_id {
        let same = job.user_id == user_id
            && job.calendar_entry_id == new.entry.id
            && job.account_id == new.account_id;
        return if same {
            Ok(Admission::Before(Box::new(job.clone())))
        } else {
            Err(taken(Code::JobExists, "id", new.id))
        };
    }
    let Some(account) = known.account else {
        return Err(Error::new(Code::AccountNotFound)
            .at("accountId")
            .measured(Measure::text(new.account_id.to_string())));
    };
    if account.channel != new.entry.piece.channel {
        return Err(Error::new(Code::AccountChannelMismatch)
            .at("accountId")
            .measured(Measure::text(account.channel.as_str()))
            .allowed(Allowed::one_of([new.entry.piece.channel.as_str()])));
    }
    if let Some(job) = known.published {
        return Err(taken(Code::EntryPublished, "entry.id", job));
    }
    if let Some(job) = known.live {
        return Err(taken(Code::JobExists, "entry.id", job));
    }
    if new.scheduled_at < known.now {
        return Err(Error::new(Code::ScheduleInPast)
            .at("scheduledAt")
            .measured(Measure::instant(new.scheduled_at))
            .allowed(Allowed::not_before(known.now)));
    }
    let record = JobRecord::new(new, user_id, known.now);
    Ok(Admission::Made(Box::new(record)))
}

fn taken(code: Code, path: &str, job: JobId) -> Error {
    Error::new(code)
        .at(path)
        .measured(Measure::text(job.to_string()))
}

/// There is no such job for this user.
pub fn job_not_found(job_id: JobId) -> Error {
    Error::new(Code::JobNotFound)
        .at("jobId")
        .measured(Measure::text(job_id.to_string()))
}

/// What a saved calendar holds of one entry.
#[derive(Clone, Copy, Debug)]
pub enum SavedEntry<'a> {
    /// This content.
    Content(&'a CalendarEntry),
    /// A row that can't be read as an entry: it is there, but it says nothing new.
    Unreadable,
    /// Nothing: the entry was removed.
    Removed,
}

impl JobRecord {
    /// What a save of its calendar makes of a live job; `None` where it stays as it is.
    ///
    /// The saved content is handed over; what was frozen at a claim isn't touched. A job whose entry was
    /// removed is asked to cancel, which a job that may be out refuses: it stays until somebody has
    /// looked.
    pub fn after_save(&self, saved: SavedEntry<'_>, now: Timestamp) -> Option<AppliedWrite> {
        if self.job.status.is_terminal() {
            return None;
        }
        match saved {
            SavedEntry::Content(entry) if *entry != self.entry => Some(AppliedWrite {
                record: Self {
                    entry: entry.clone(),
                    ..self.clone()
                },
                effects: Vec::new(),
                ledger: Vec::new(),
                cool_down_until: None,
            }),
            SavedEntry::Content(_) | SavedEntry::Unreadable => None,
            SavedEntry::Removed => {
                let cancel = JobWrite::new(self.job.id, JobEvent::CancelRequested);
                self.apply(&RetryPolicy::default(), None, &cancel, now).ok()
            }
        }
    }
}
