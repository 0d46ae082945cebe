//! What a store keeps of a job, and what a claim or a write makes of it.
//!
//! A store that can run Rust loads a [`JobRecord`], calls one of these functions and saves what it
//! gives, in one transaction. One that decides elsewhere (in SQL) must decide the same.

use chrono::TimeDelta;

use super::advance::Stand;
use super::refusal::lease_lost;
use super::{JobEffect, JobEvent, PostReceipt, advance_with, claimable_from};
use crate::error::{Code, Error};
use crate::ledger::LedgerRecord;
use crate::model::{
    AttemptId, AttemptStatus, CalendarEntry, JobStatus, Lease, PublishAttempt, PublishJob,
    Timestamp, UserId, deterministic_uuid,
};
use crate::ports::{
    AttemptNote, JobWrite, NewJob, Progress, ProgressChange, WriteStamp, fingerprint,
};
use crate::retry::RetryPolicy;
use serde::{Deserialize, Serialize};

/// What was frozen at a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FrozenContent {
    /// The content.
    pub entry: CalendarEntry,
    /// Its [hash](content_hash).
    pub hash: String,
}

/// A job as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobRecord {
    /// The job.
    pub job: PublishJob,
    /// Its content, as it was last saved.
    pub entry: CalendarEntry,
    /// The content of the present or last claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<FrozenContent>,
    /// How far the post has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// The last write of a worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<WriteStamp>,
    /// The highest token that a claim of this job had; 0 before the first.
    pub last_token: i64,
    /// The platform's names for the post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<PostReceipt>,
    /// The last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<PublishAttempt>,
}

/// What a write made of a job, all of it to become durable at once.
#[derive(Clone, Debug, PartialEq)]
pub struct AppliedWrite {
    /// The job afterwards.
    pub record: JobRecord,
    /// What followed.
    pub effects: Vec<JobEffect>,
    /// What the ledger is told, in order.
    pub ledger: Vec<LedgerRecord>,
    /// Until when the account is left alone from now on.
    pub cool_down_until: Option<Timestamp>,
}

/// What looking at a due job came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Claiming {
    /// It is the worker's.
    Claimed(Box<JobRecord>),
    /// It was too late, and needs attention now.
    Missed(Box<JobRecord>),
}

impl JobRecord {
    /// A new job of `user_id`.
    pub fn new(new: NewJob, user_id: UserId, now: Timestamp) -> Self {
        let job = PublishJob {
            id: new.id,
            calendar_entry_id: new.entry.id,
            user_id,
            account_id: new.account_id,
            channel: new.entry.piece.channel,
            scheduled_at: new.scheduled_at,
            status: JobStatus::Scheduled,
            attempt_count: 0,
            last_error: None,
            next_attempt_at: None,
            lease: None,
            held_until: None,
            cancel_requested: false,
            created_at: now,
            updated_at: now,
        };
        Self {
            job,
            entry: new.entry,
            frozen: None,
            progress: None,
            stamp: None,
            last_token: 0,
            receipt: None,
            attempt: None,
        }
    }

    /// Claims the job for `lease_seconds`, or stops it where it is too late.
    ///
    /// A claim that begins anew freezes the content as it was last saved, and forgets the progress
    /// where that content isn't what the progress was made with. A claim that takes over a begun
    /// write keeps both.
    ///
    /// # Errors
    /// As [`advance_with`]: the job isn't due, or somebody holds it.
    pub fn claim(
        &self,
        policy: &RetryPolicy,
        lease_seconds: u32,
        grace_minutes: Option<u32>,
        now: Timestamp,
    ) -> Result<Claiming, Error> {
        let token = self.last_token.saturating_add(1);
        let lease = Lease {
            token,
            expires_at: now.plus(TimeDelta::seconds(lease_seconds.into())),
            write_started: false,
        };
        let claim = JobEvent::Claim {
            lease,
            grace_minutes,
        };
        let mut record = self.clone();
        match advance_with(policy, &self.job, claim, now) {
            Ok((job, _)) => record.job = job,
            Err(error) if error.code == Code::MissedSchedule => {
                let missed = JobEvent::MissedSchedule { grace_minutes };
                record.job = advance_with(policy, &self.job, missed, now)?.0;
                return Ok(Claiming::Missed(Box::new(record)));
            }
            Err(error) => return Err(error),
        }
        record.last_token = token;
        if !record.job.lease.is_some_and(|lease| lease.write_started) {
            let hash = content_hash(&self.entry)?;
            if self
                .frozen
                .as_ref()
                .is_none_or(|frozen| frozen.hash != hash)
            {
                record.progress = None;
            }
            record.frozen = Some(FrozenContent {
                entry: self.entry.clone(),
                hash,
            });
        }
        Ok(Claiming::Claimed(Box::new(record)))
    }

    /// Applies a write. A `grace_minutes` that the event leaves open is `account_grace_minutes`.
    ///
    /// # Errors
    /// As [`advance_with`]; the job stays as it was.
    pub fn apply(
        &self,
        policy: &RetryPolicy,
        account_grace_minutes: Option<u32>,
        write: &JobWrite,
        now: Timestamp,
    ) -> Result<AppliedWrite, Error> {
        if write.stamp.is_some() && write.stamp == self.stamp {
            return Ok(AppliedWrite {
                record: self.clone(),
                effects: Vec::new(),
                ledger: Vec::new(),
                cool_down_until: None,
            });
        }
        self.seen_since_the_last_claim(&write.event)?;
        let token = self.job.lease.map(|lease| lease.token);
        let event = write.event.clone().with_grace(account_grace_minutes);
        let (job, effects) = advance_with(policy, &self.job, event, now)?;
        let mut record = Self {
            job,
            stamp: write.stamp.or(self.stamp),
            ..self.clone()
        };
        match &write.progress {
            ProgressChange::Keep => {}
            ProgressChange::Set { progress } => record.progress = Some(progress.clone()),
            ProgressChange::Clear => record.progress = None,
        }
        let mut ledger = Vec::new();
        let mut cool_down_until = None;
        for effect in &effects {
            match effect {
                JobEffect::StoreReceipt { receipt } => record.receipt = Some(receipt.clone()),
                JobEffect::CoolDownAccount { until, .. } => cool_down_until = Some(*until),
                JobEffect::OpenAttempt { .. }
                | JobEffect::FinishAttempt { .. }
                | JobEffect::Reconcile
                | JobEffect::AnswerCancel { .. } => {}
            }
        }
        for effect in &effects {
            if record.note_attempt(effect, &write.note) {
                ledger.extend(record.ledger_record(token, now));
            }
        }
        Ok(AppliedWrite {
            record,
            effects,
            ledger,
            cool_down_until,
        })
    }

    /// Refuses what was seen of an earlier attempt. A job whose outcome is unknown has no lease that could
    /// tell, and evidence from before its last claim says nothing about what that wrote.
    fn seen_since_the_last_claim(&self, event: &JobEvent) -> Result<(), Error> {
        match *event {
            JobEvent::Reconciled {
                token: Some(token), ..
            } if Stand::of(&self.job) == Stand::Unknown && token != self.last_token => {
                Err(lease_lost(token))
            }
            _ => Ok(()),
        }
    }

    /// When the job can next be claimed, if waiting is all it takes: its due time, or the end of a
    /// lease.
    pub fn claimable_at(&self) -> Option<Timestamp> {
        match self.job.status {
            JobStatus::Scheduled | JobStatus::Failed => Some(claimable_from(&self.job)),
            JobStatus::Publishing => self.job.lease.map(|lease| lease.expires_at),
            JobStatus::Published
            | JobStatus::DeliveredToInbox
            | JobStatus::NeedsAttention
            | JobStatus::Cancelled => None,
        }
    }

    /// When the attempt began that the present claim has to bring to its end.
    pub fn open_attempt_started_at(&self) -> Option<Timestamp> {
        let lease = self.job.lease.filter(|lease| lease.write_started);
        lease
            .and(self.attempt.as_ref())
            .map(|attempt| attempt.started_at)
    }

    /// Opens or closes the attempt's row; whether the effect was about an attempt at all.
    fn note_attempt(&mut self, effect: &JobEffect, note: &AttemptNote) -> bool {
        match *effect {
            JobEffect::OpenAttempt { number, started_at } => {
                self.attempt = Some(PublishAttempt {
                    id: attempt_id(&self.job, number),
                    publish_job_id: self.job.id,
                    number,
                    started_at,
                    finished_at: None,
                    status: AttemptStatus::Open,
                    error_code: None,
                    error_message: note.message.clone(),
                    response_meta: note.response_meta.clone(),
                });
                true
            }
            JobEffect::FinishAttempt {
                status,
                code,
                finished_at,
            } => match &mut self.attempt {
                None => false,
                Some(attempt) => {
                    attempt.status = status;
                    attempt.error_code = code;
                    attempt.finished_at = Some(finished_at);
                    attempt.error_message = note.message.clone();
                    attempt.response_meta = note.response_meta.clone();
                    true
                }
            },
            _ => false,
        }
    }

    fn ledger_record(&self, token: Option<i64>, at: Timestamp) -> Option<LedgerRecord> {
        let attempt = self.attempt.as_ref()?;
        Some(LedgerRecord {
            at,
            user_id: self.job.user_id,
            account_id: self.job.account_id,
            channel: self.job.channel,
            job_id: self.job.id,
            entry_id: self.job.calendar_entry_id,
            attempt: attempt.number,
            token,
            content_hash: self
                .frozen
                .as_ref()
                .map(|frozen| frozen.hash.clone())
                .unwrap_or_default(),
            status: attempt.status,
            error_code: attempt.error_code,
            post_id: match attempt.status {
                AttemptStatus::Ok => self
                    .receipt
                    .as_ref()
                    .and_then(|names| names.post_id.clone()),
                _ => None,
            },
            message: attempt.error_message.clone(),
            response_meta: attempt.response_meta.clone(),
        })
    }
}

impl JobEvent {
    /// The event, with `minutes` where it leaves its grace open.
    fn with_grace(mut self, minutes: Option<u32>) -> Self {
        match &mut self {
            Self::Claim { grace_minutes, .. }
            | Self::Reconciled { grace_minutes, .. }
            | Self::MissedSchedule { grace_minutes }
            | Self::ConfirmedNotPublished { grace_minutes }
            | Self::Deferred { grace_minutes, .. }
            | Self::Resumed { grace_minutes } => *grace_minutes = grace_minutes.or(minutes),
            Self::PreflightFailed { .. }
            | Self::WriteStarted { .. }
            | Self::LeaseMoved { .. }
            | Self::Published { .. }
            | Self::DeliveredToInbox { .. }
            | Self::FailedForCertain { .. }
            | Self::RejectedPermanently { .. }
            | Self::AccountLimited { .. }
            | Self::OutcomeUnknown { .. }
            | Self::LeaseExpired
            | Self::CancelRequested
            | Self::Rescheduled { .. }
            | Self::RetryNow
            | Self::ConfirmedPublished => {}
        }
        self
    }
}

/// The id of a job's attempt: the same on every machine, so that a repeated write makes no second row.
pub fn attempt_id(job: &PublishJob, number: u32) -> AttemptId {
    AttemptId::new(deterministic_uuid(&[
        "attempt",
        &job.id.to_string(),
        &number.to_string(),
    ]))
}

/// The SHA-256, in hexadecimal, of what an entry would publish: its text, media and choices, but not
/// when it is due nor how it stands.
///
/// # Errors
/// [`Code::FieldValueInvalid`] where the entry can't be written as JSON.
pub fn content_hash(entry: &CalendarEntry) -> Result<String, Error> {
    let mut entry = entry.clone();
    entry.scheduled_at = None;
    entry.draft = false;
    entry.reviewed = false;
    entry.readiness = None;
    entry.revision = 0;
    fingerprint(&entry)
}

#[cfg(test)]
mod tests;
