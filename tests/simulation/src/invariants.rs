//! What must hold after every event, each as a function of its own.
//!
//! They are written from what a user is promised, not from what the engine does: they see the stored
//! jobs, the ledger, the calls and the truth that the platforms keep.

use std::collections::{BTreeMap, BTreeSet};

use calendar_publish::error::Code;
use calendar_publish::ledger::{LedgerHead, LedgerRecord, LedgerRow, link};
use calendar_publish::model::{AccountId, AttemptStatus, JobStatus, PublishJob, Timestamp};
use calendar_publish::ports::{ClaimJobs, ClaimedJobs, ReceiptKind};

use crate::platform::{Call, Publication};
use crate::watch::{Intended, Seen, State, is_limit};

type Holds = Result<(), String>;

/// The waits of the ladder, in milliseconds: 5, 15 and 30 minutes.
const LADDER: [i64; 3] = [300_000, 900_000, 1_800_000];
/// How late an attempt may be without a person's word, in milliseconds: an hour.
const GRACE: i64 = 3_600_000;
/// Attempts without a person's word.
const ATTEMPTS: u32 = 4;

type OfState = fn(&State) -> Holds;
type OfPost = fn(&State, &Publication) -> Holds;
type OfCall = fn(&State, Timestamp, &Intended<'_>) -> Holds;
type OfRow = fn(&State, &LedgerRecord) -> Holds;
type OfChange = fn(&State, Timestamp, &PublishJob, &PublishJob) -> Holds;

/// What holds at all times.
pub(crate) const AFTER_EVERY_EVENT: [(&str, OfState); 4] = [
    ("every_state_explains_itself", every_state_explains_itself),
    (
        "one_publishing_job_an_account",
        one_publishing_job_an_account,
    ),
    ("what_is_published_is_out", what_is_published_is_out),
    (
        "what_is_out_is_known_or_looked_for",
        what_is_out_is_known_or_looked_for,
    ),
];

/// What holds of each post.
pub(crate) const OF_A_POST: [(&str, OfPost); 2] = [
    ("never_two_posts", never_two_posts),
    ("what_came_out_was_frozen", what_came_out_was_frozen),
];

/// What holds of each call that writes.
pub(crate) const OF_A_CALL: [(&str, OfCall); 4] = [
    ("no_call_without_an_open_row", no_call_without_an_open_row),
    ("no_call_without_the_claim", no_call_without_the_claim),
    ("what_is_sent_was_frozen", what_is_sent_was_frozen),
    (
        "no_attempt_after_a_failed_gate",
        no_attempt_after_a_failed_gate,
    ),
];

/// What holds of each row of the ledger.
pub(crate) const OF_A_ROW: [(&str, OfRow); 3] = [
    (
        "never_more_than_four_attempts",
        never_more_than_four_attempts,
    ),
    ("no_attempt_before_it_is_due", no_attempt_before_it_is_due),
    (
        "nothing_late_without_a_persons_word",
        nothing_late_without_a_persons_word,
    ),
];

/// What holds of each change of a job.
pub(crate) const OF_A_CHANGE: [(&str, OfChange); 2] = [
    ("what_is_over_stays_over", what_is_over_stays_over),
    (
        "retries_come_after_5_15_and_30_minutes",
        retries_come_after_5_15_and_30_minutes,
    ),
];

/// A job is never somewhere without anybody knowing why, or what happens next.
fn every_state_explains_itself(state: &State) -> Holds {
    for seen in state.jobs.values() {
        let job = &seen.job;
        let explains = match job.status {
            JobStatus::Publishing => job.lease.is_some(),
            JobStatus::Failed => job.last_error.is_some() && job.lease.is_none(),
            JobStatus::NeedsAttention => job.last_error.is_some() && job.lease.is_none(),
            JobStatus::Cancelled => job.last_error == Some(Code::Cancelled),
            JobStatus::Scheduled | JobStatus::Published | JobStatus::DeliveredToInbox => {
                job.lease.is_none()
            }
        };
        if !explains {
            return Err(format!("{}: {job:?}", seen.name));
        }
    }
    Ok(())
}

fn one_publishing_job_an_account(state: &State) -> Holds {
    let mut publishing: BTreeMap<AccountId, &Seen> = BTreeMap::new();
    for seen in state.jobs.values() {
        if seen.job.status == JobStatus::Publishing
            && let Some(other) = publishing.insert(seen.job.account_id, seen)
        {
            return Err(format!("{} and {}", other.name, seen.name));
        }
    }
    Ok(())
}

/// A status never claims what the platform doesn't show.
fn what_is_published_is_out(state: &State) -> Holds {
    for seen in state.jobs.values() {
        let kind = match seen.job.status {
            JobStatus::Published => ReceiptKind::Published,
            JobStatus::DeliveredToInbox => ReceiptKind::DeliveredToInbox,
            _ => continue,
        };
        let mut posts = state.posts.iter();
        if !posts.any(|post| post.job_id == seen.job.id && post.kind == kind) {
            return Err(format!("{} is {:?}", seen.name, seen.job.status));
        }
    }
    Ok(())
}

/// A post that is out is never taken for one that isn't: its job says so, or somebody still looks.
fn what_is_out_is_known_or_looked_for(state: &State) -> Holds {
    for post in &state.posts {
        let Some(seen) = state.jobs.get(&post.job_id) else {
            continue;
        };
        let job = &seen.job;
        let is_right = match job.status {
            JobStatus::Published | JobStatus::DeliveredToInbox => true,
            JobStatus::Publishing => job.lease.is_some_and(|lease| lease.write_started),
            JobStatus::NeedsAttention => job.last_error == Some(Code::OutcomeUnknown),
            JobStatus::Scheduled | JobStatus::Failed | JobStatus::Cancelled => false,
        };
        if !is_right {
            return Err(format!(
                "{} is out since {}, but {} ({:?})",
                seen.name,
                post.at,
                job.status.as_str(),
                job.last_error
            ));
        }
    }
    Ok(())
}

fn never_two_posts(state: &State, post: &Publication) -> Holds {
    let count = state
        .posts
        .iter()
        .filter(|other| other.entry_id == post.entry_id)
        .count();
    if count > 1 {
        return Err(format!("{}: {count} posts", state.name(post.job_id)));
    }
    Ok(())
}

/// What came out is what the attempt's row says.
fn what_came_out_was_frozen(state: &State, post: &Publication) -> Holds {
    let Some(seen) = state.jobs.get(&post.job_id) else {
        return Err("a post of no job".to_owned());
    };
    match opened(seen, post.attempt) {
        Some(row) if row.content_hash == post.content_hash => Ok(()),
        row => Err(format!(
            "{}: {} came out of attempt {}, frozen was {:?}",
            seen.name,
            post.content_hash,
            post.attempt,
            row.map(|row| &row.content_hash)
        )),
    }
}

fn opened(seen: &Seen, attempt: u32) -> Option<&LedgerRecord> {
    let mut rows = seen.rows.iter().rev();
    rows.find(|row| row.attempt == attempt && row.status == AttemptStatus::Open)
}

/// The attempt is in the ledger, and isn't over, before the platform hears of it.
fn no_call_without_an_open_row(state: &State, _: Timestamp, call: &Intended<'_>) -> Holds {
    let Some(seen) = state.jobs.get(&call.post.job_id) else {
        return Err("a call for no job".to_owned());
    };
    match seen.rows.last() {
        Some(row) if row.status == AttemptStatus::Open && row.attempt == call.post.attempt => {
            Ok(())
        }
        row => Err(format!(
            "{}: {} of attempt {} by {}, last row {:?}",
            seen.name,
            call.progress.stage,
            call.post.attempt,
            call.who,
            row.map(|row| (row.attempt, row.status))
        )),
    }
}

/// Only the worker whose claim the store knows writes, and only while it holds.
fn no_call_without_the_claim(state: &State, now: Timestamp, call: &Intended<'_>) -> Holds {
    let Some(seen) = state.jobs.get(&call.post.job_id) else {
        return Err("a call for no job".to_owned());
    };
    let claim = seen.job.lease.map(|lease| lease.token);
    let is_held = seen
        .holder
        .as_ref()
        .is_some_and(|(who, token)| who == call.who && claim == Some(*token));
    let is_in_time = seen.job.lease.is_some_and(|lease| lease.expires_at > now);
    if seen.job.status == JobStatus::Publishing && is_held && is_in_time {
        return Ok(());
    }
    Err(format!(
        "{}: {} by {}, but it is {} with claim {:?} of {:?}",
        seen.name,
        call.progress.stage,
        call.who,
        seen.job.status.as_str(),
        seen.job.lease,
        seen.holder
    ))
}

fn what_is_sent_was_frozen(state: &State, _: Timestamp, call: &Intended<'_>) -> Holds {
    let row = state
        .jobs
        .get(&call.post.job_id)
        .and_then(|seen| opened(seen, call.post.attempt));
    match row {
        Some(row) if row.content_hash != call.post.content_hash => Err(format!(
            "{}: {} is sent, frozen was {}",
            state.name(call.post.job_id),
            call.post.content_hash,
            row.content_hash
        )),
        _ => Ok(()),
    }
}

fn no_attempt_after_a_failed_gate(state: &State, _: Timestamp, call: &Intended<'_>) -> Holds {
    if state.unfit.contains(&call.post.content_hash)
        || state.revoked.contains(&call.post.account.id)
    {
        return Err(format!(
            "{}: {} of what can't pass",
            state.name(call.post.job_id),
            call.progress.stage
        ));
    }
    Ok(())
}

/// Four without a person; each word of a person when it needed attention is one more.
fn never_more_than_four_attempts(state: &State, row: &LedgerRecord) -> Holds {
    let Some(seen) = state.jobs.get(&row.job_id) else {
        return Err("a row of no job".to_owned());
    };
    if row.status == AttemptStatus::Open && seen.attempts + 1 > ATTEMPTS + seen.asked_for {
        return Err(format!(
            "{}: {} attempts, {} asked for",
            seen.name,
            seen.attempts + 1,
            seen.asked_for
        ));
    }
    Ok(())
}

fn no_attempt_before_it_is_due(state: &State, row: &LedgerRecord) -> Holds {
    match state.jobs.get(&row.job_id) {
        Some(seen) if row.status == AttemptStatus::Open && row.at < seen.due => Err(format!(
            "{}: began at {}, due at {}",
            seen.name, row.at, seen.due
        )),
        _ => Ok(()),
    }
}

/// A claim within the grace may begin its attempt until its lease ends.
fn nothing_late_without_a_persons_word(state: &State, row: &LedgerRecord) -> Holds {
    match state.jobs.get(&row.job_id) {
        Some(seen)
            if row.status == AttemptStatus::Open
                && row.at.millis() - seen.due.millis() > GRACE + state.lease =>
        {
            Err(format!(
                "{}: began at {}, due at {}",
                seen.name, row.at, seen.due
            ))
        }
        _ => Ok(()),
    }
}

pub(crate) fn the_ledger_is_a_chain(head: &LedgerHead, row: &LedgerRow) -> Holds {
    let is_next = row.sequence == head.sequence + 1 && row.previous_hash == head.hash;
    if is_next && row.hash == link(&head.hash, &row.record) {
        return Ok(());
    }
    Err(format!("row {} after {}", row.sequence, head.sequence))
}

fn what_is_over_stays_over(
    state: &State,
    _: Timestamp,
    before: &PublishJob,
    job: &PublishJob,
) -> Holds {
    if before.status.is_terminal() && before.status != job.status {
        return Err(format!(
            "{}: {} -> {}",
            state.name(job.id),
            before.status.as_str(),
            job.status.as_str()
        ));
    }
    Ok(())
}

/// To the millisecond, from the end of the failure; what the platform asked for can only lengthen it.
fn retries_come_after_5_15_and_30_minutes(
    state: &State,
    now: Timestamp,
    before: &PublishJob,
    job: &PublishJob,
) -> Holds {
    let Some(seen) = state.jobs.get(&job.id) else {
        return Ok(());
    };
    let failed_now = seen.rows.last().is_some_and(|row| {
        row.status == AttemptStatus::Failed && row.at == now && !is_limit(row.error_code)
    });
    if job.status != JobStatus::Failed || before.status == JobStatus::Failed || !failed_now {
        return Ok(());
    }
    let retry = usize::try_from(seen.attempts).unwrap_or(0).checked_sub(1);
    let Some(own) = retry.and_then(|retry| LADDER.get(retry)) else {
        return Err(format!(
            "{}: a retry after attempt {}",
            seen.name, seen.attempts
        ));
    };
    let expected = now.millis() + (*own).max(seen.asked_wait);
    match job.next_attempt_at {
        Some(at) if at.millis() == expected => Ok(()),
        at => Err(format!(
            "{}: after attempt {} at {now} the next is at {at:?}",
            seen.name, seen.attempts
        )),
    }
}

/// Two calls that can publish to one account never overlap; a caller that died may still be heard
/// until the deadline of its call.
pub(crate) fn one_call_that_can_publish_an_account(
    state: &State,
    now: Timestamp,
    call: &Call,
) -> Holds {
    for other in &state.deciding {
        let is_same =
            other.channel == call.channel && other.external_account_id == call.external_account_id;
        let goes_on = !other.abandoned || now.millis() < other.at.millis() + state.call_deadline;
        if is_same && goes_on {
            return Err(format!(
                "{} of {} while {} of {} is under way",
                call.stage,
                state.name(call.job_id),
                other.stage,
                state.name(other.job_id)
            ));
        }
    }
    Ok(())
}

/// After a claim that had room for more, nobody's claim has run out. What wasn't begun may wait for
/// a pause or a cool-down to end.
pub(crate) fn nothing_is_publishing_past_its_lease(
    state: &State,
    claim: &ClaimJobs,
    claimed: &ClaimedJobs,
    cooling: &BTreeSet<AccountId>,
) -> Holds {
    for seen in state.jobs.values() {
        let job = &seen.job;
        let is_over = job.status == JobStatus::Publishing
            && job.lease.is_none_or(|lease| lease.expires_at <= claimed.at);
        let is_begun = job.lease.is_none_or(|lease| lease.write_started);
        let waits = claimed
            .pauses
            .iter()
            .any(|pause| pause.channel == job.channel)
            || cooling.contains(&job.account_id);
        if is_over && claim.channels.contains(&job.channel) && (is_begun || !waits) {
            return Err(format!("{}: {:?}", seen.name, job.lease));
        }
    }
    Ok(())
}

/// When nothing can move any more, every job is over or waits for a person.
pub(crate) fn nothing_live_is_left(state: &State) -> Holds {
    for seen in state.jobs.values() {
        let job = &seen.job;
        if !job.status.is_terminal() && job.status != JobStatus::NeedsAttention {
            return Err(format!("{} is {}", seen.name, job.status.as_str()));
        }
    }
    Ok(())
}
