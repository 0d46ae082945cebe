//! The way of one job, from the claim to its end or to the next wait.

use std::time::Duration;

use super::desk::{Desk, Lost, set};
use super::reconcile::reconcile;
use crate::error::{Code, Error, Persistence};
use crate::job::{JobEvent, PostReceipt};
use crate::model::JobStatus;
use crate::ports::{
    AdapterError, AttemptNote, Progress, ProgressChange, Receipt, ReceiptKind, Step, StepKind,
};

/// How long to wait before asking once more what became of a post, where the platform didn't answer.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// How long an account is left alone at most, whatever a platform says: an answer that can't be meant must
/// not shut it out for ever.
const LONGEST_REST: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Takes a claimed job as far as it goes. The status it has then; `None` where it was lost.
pub(super) async fn take(mut desk: Desk<'_>, progress: Option<Progress>) -> Option<JobStatus> {
    match work(&mut desk, progress).await {
        Ok(()) => Some(desk.status()),
        Err(Lost) => {
            desk.tell_lost();
            None
        }
    }
}

async fn work(desk: &mut Desk<'_>, stored: Option<Progress>) -> Result<(), Lost> {
    let mut progress = match stored {
        Some(progress) if desk.is_writing() && progress.kind == StepKind::Decisive => {
            // Another worker was about to make, or made, the call that publishes.
            return reconcile(desk, progress, AttemptNote::default()).await;
        }
        Some(progress) => progress,
        None if desk.is_writing() => {
            // A write was begun, and nothing says which: only a person can tell.
            return give_up(desk, ProgressChange::Keep, AttemptNote::default()).await;
        }
        None => desk.adapter.begin(&desk.post),
    };
    if !desk.is_writing()
        && let Some(held) = desk.gate().job_event(desk.token())
    {
        return desk
            .write(held, ProgressChange::Keep, AttemptNote::default())
            .await;
    }
    let mut has_read = false;
    let mut may_be_out = false;
    loop {
        if desk.is_cancel_requested() && progress.kind != StepKind::Confirm && !may_be_out {
            // What is decisive hasn't been called: certainly nothing is out.
            return fail(desk, Code::PublishError, None, AttemptNote::default()).await;
        }
        if progress.kind != StepKind::Read && !desk.is_writing() {
            if has_read && let Some(held) = held_meanwhile(desk) {
                return desk
                    .write(held, ProgressChange::Keep, AttemptNote::default())
                    .await;
            }
            let channel = desk.post.account.channel;
            if let Some(pause) = desk.shared.incidents.lasting(channel, desk.now()) {
                // With its cause it is found among what the incident left behind.
                let code = match pause.code.persistence() {
                    Persistence::Temporary => pause.code,
                    Persistence::Permanent | Persistence::Unknown => Code::PlatformTemporary,
                };
                return defer(desk, code, pause.until).await;
            }
            desk.begin_attempt(&progress).await?;
        }
        has_read = has_read || !desk.is_writing();
        desk.hold_for_a_call().await?;
        let step = progress.kind;
        let (next, wait) = match desk
            .adapter
            .advance(desk.post.clone(), progress.clone())
            .await
        {
            Ok(Step::Done(receipt)) => return deliver(desk, &progress, receipt).await,
            Ok(Step::Pending {
                progress: next,
                poll_after,
            }) => (next, poll_after),
            // Asking too often says nothing about the post.
            Err(AdapterError::NotPublished {
                error, retry_after, ..
            }) if progress.kind == StepKind::Confirm && error.code == Code::RateLimited => {
                let rest = desk.shared.settings.rate_limit_cool_down;
                (progress, retry_after.unwrap_or(rest))
            }
            Err(AdapterError::NotPublished {
                error,
                retry_after,
                meta,
            }) => return refused(desk, progress.kind, error, retry_after, meta).await,
            Err(AdapterError::Unknown { error, meta }) => {
                let note = note(&error, meta);
                match progress.kind {
                    StepKind::Decisive => return unanswered(desk, progress, note).await,
                    StepKind::Confirm => (progress, ASK_AGAIN),
                    StepKind::Read | StepKind::Repeatable => {
                        return fail(desk, Code::PlatformTemporary, None, note).await;
                    }
                }
            }
        };
        if desk.has_taken_longer_than(desk.shared.settings.confirm_for) {
            return match (step, next.kind) {
                // It is out, or may be: what the platform said stays, for whoever looks.
                (_, StepKind::Confirm) | (StepKind::Decisive, StepKind::Decisive) => {
                    give_up(desk, set(&next), AttemptNote::default()).await
                }
                _ => fail(desk, Code::PlatformTemporary, None, AttemptNote::default()).await,
            };
        }
        let wait = match next.kind {
            StepKind::Decisive => Duration::ZERO,
            StepKind::Read | StepKind::Repeatable | StepKind::Confirm => wait,
        };
        if !desk.wait_for(wait, &next).await? {
            return Ok(());
        }
        // A call that publishes and leads to another was made: what it did is still to be told.
        may_be_out = step == StepKind::Decisive && next.kind == StepKind::Decisive;
        progress = next;
    }
}

/// What keeps an attempt from beginning after the platform was read, which may have taken long.
fn held_meanwhile(desk: &Desk<'_>) -> Option<JobEvent> {
    let token = desk.token();
    if desk.is_too_late() {
        let code = Code::MissedSchedule;
        return Some(JobEvent::PreflightFailed { token, code });
    }
    desk.gate().job_event(token)
}

/// The call that publishes wasn't answered. It may still take effect until its deadline, so nobody
/// looks before.
async fn unanswered(
    desk: &mut Desk<'_>,
    progress: Progress,
    note: AttemptNote,
) -> Result<(), Lost> {
    let deadline = desk.adapter.call_deadline();
    if desk.wait_for(deadline, &progress).await? {
        return reconcile(desk, progress, note).await;
    }
    Ok(())
}

/// The platform said that the post is out.
async fn deliver(desk: &mut Desk<'_>, progress: &Progress, receipt: Receipt) -> Result<(), Lost> {
    if !desk.is_writing() {
        desk.begin_attempt(progress).await?;
    }
    let token = desk.token();
    let event = match receipt.kind {
        ReceiptKind::Published => JobEvent::Published {
            token,
            receipt: names(receipt),
        },
        ReceiptKind::DeliveredToInbox => JobEvent::DeliveredToInbox { token },
    };
    // The progress stays: it names the post for what the platform reports of it later.
    desk.write(event, ProgressChange::Keep, AttemptNote::default())
        .await?;
    desk.shared
        .incidents
        .success(desk.shared, &desk.post.account, desk.now())
        .await;
    Ok(())
}

/// The platform said that the post isn't out, or a step before it failed.
async fn refused(
    desk: &mut Desk<'_>,
    step: StepKind,
    error: Error,
    retry_after: Option<Duration>,
    meta: Option<String>,
) -> Result<(), Lost> {
    let note = note(&error, meta);
    let code = error.code;
    let settings = desk.shared.settings;
    let rest = match code {
        Code::RateLimited => Some(settings.rate_limit_cool_down),
        Code::QuotaExhausted => Some(settings.quota_cool_down),
        _ => None,
    };
    if let Some(rest) = rest {
        let event = JobEvent::AccountLimited {
            token: desk.token(),
            code,
            until: desk.after(retry_after.unwrap_or(rest).min(LONGEST_REST)),
        };
        // What was made so far is still good when the account has rested, unless it was published and
        // that is what failed: asking again would only be told so again.
        let change = match step {
            StepKind::Confirm => ProgressChange::Clear,
            StepKind::Read | StepKind::Repeatable | StepKind::Decisive => ProgressChange::Keep,
        };
        return desk.write(event, change, note).await;
    }
    let ended = match code.persistence() {
        Persistence::Temporary => fail(desk, code, retry_after, note).await,
        Persistence::Permanent => reject(desk, code, note).await,
        Persistence::Unknown if desk.is_writing() => {
            return give_up(desk, ProgressChange::Keep, note).await;
        }
        Persistence::Unknown => fail(desk, Code::PlatformTemporary, retry_after, note).await,
    };
    ended?;
    desk.shared
        .incidents
        .failure(desk.shared, &desk.post.account, code, desk.now())
        .await;
    Ok(())
}

/// It certainly didn't publish, and trying again can help.
async fn fail(
    desk: &mut Desk<'_>,
    code: Code,
    retry_after: Option<Duration>,
    note: AttemptNote,
) -> Result<(), Lost> {
    if !desk.is_writing() {
        let wait = desk
            .shared
            .settings
            .read_retry
            .max(retry_after.unwrap_or_default());
        return defer(desk, code, desk.after(wait)).await;
    }
    let event = JobEvent::FailedForCertain {
        token: desk.token(),
        code,
        retry_after_seconds: retry_after
            .map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX)),
    };
    desk.write(event, ProgressChange::Clear, note).await
}

/// It certainly didn't publish, and trying again can't help.
async fn reject(desk: &mut Desk<'_>, code: Code, note: AttemptNote) -> Result<(), Lost> {
    let token = desk.token();
    let event = if desk.is_writing() {
        JobEvent::RejectedPermanently { token, code }
    } else {
        JobEvent::PreflightFailed { token, code }
    };
    desk.write(event, ProgressChange::Clear, note).await
}

/// Nothing was written: the job is given back, and costs no attempt.
async fn defer(
    desk: &mut Desk<'_>,
    code: Code,
    until: crate::model::Timestamp,
) -> Result<(), Lost> {
    let event = JobEvent::Deferred {
        token: desk.token(),
        code,
        until,
        grace_minutes: None,
    };
    desk.write(event, ProgressChange::Keep, AttemptNote::default())
        .await
}

/// Nobody can say whether the post is out. How far it came stays, for whoever looks again.
async fn give_up(
    desk: &mut Desk<'_>,
    progress: ProgressChange,
    note: AttemptNote,
) -> Result<(), Lost> {
    let event = JobEvent::OutcomeUnknown {
        token: desk.token(),
    };
    desk.write(event, progress, note).await
}

pub(super) fn names(receipt: Receipt) -> PostReceipt {
    PostReceipt {
        post_id: Some(receipt.external_id),
        permalink: receipt.permalink,
    }
}

pub(super) fn note(error: &Error, meta: Option<String>) -> AttemptNote {
    AttemptNote {
        message: Some(error.to_string()),
        response_meta: meta,
    }
}
