//! What became of a publishing call that wasn't answered, or not clearly.
//!
//! | the container | the account's media | the answer |
//! |---|---|---|
//! | `PUBLISHED` | exactly one can be the post | published, with its address |
//! | `PUBLISHED` | none or several can | published: the container's id, no address |
//! | anything else | exactly one is the post by its caption | published, with its address |
//! | `FINISHED`, twice, 30 s apart | nothing new, the quota as it was | not published: the same container goes on |
//! | `ERROR`, `EXPIRED` | nothing new | not published: a new container |
//! | `IN_PROGRESS`, unreadable | | look again |
//! | anything else | | a person must tell |
//!
//! With [`ReconcilePolicy::Strict`], and after a block, "not published" is never the answer.

use std::time::Duration;

use calendar_publish::Code;
use calendar_publish::model::Timestamp;
use calendar_publish::ports::{AdapterError, Reconciled, Step};

use super::adapter::Turn;
use super::error::Place;
use super::look::{self, Found, Newest, Wanted};
use super::response::{ContainerStatus, MediaAnswer, QuotaAnswer, permalink};
use super::session::Trouble;
use super::settings::ReconcilePolicy;
use super::state::{Stage, State, later, left};
use super::steps::receipt;

/// How far apart two looks must be that agree (our own choice: a container that is being published is in neither
/// state for so long).
const APART: Duration = Duration::from_secs(30);
/// How often a post is looked for before a person is asked: about as long as a worker looks.
const LOOKS: u32 = 20;
/// How often an account is asked that answers that it is blocked.
const BLOCKED_LOOKS: u32 = 3;
/// How often the media of a container that is published are read.
const FIND_TRIES: u32 = 3;

/// Looks what became of the post. It only reads.
pub(super) async fn reconcile(
    mut turn: Turn<'_>,
    stage: Stage,
) -> Result<Reconciled, AdapterError> {
    if turn.state.media_id.is_some() {
        // It was answered: only the address is missing.
        let media = turn.state.media_id.clone().unwrap_or_default();
        let answer = turn
            .session
            .send(turn.adapter.settings().permalink(&media))
            .await;
        let link = answer.ok().and_then(|answer| permalink(&answer.body));
        return Ok(Reconciled::Published(receipt(&turn, link)));
    }
    let Some(container) = turn.state.post.id.clone() else {
        return Ok(nobody_knows(stage, &turn.state));
    };
    let settings = turn.adapter.settings();
    let (status, trouble) = match turn.session.send(settings.status(&container)).await {
        Ok(answer) => (ContainerStatus::read(&answer.body), None),
        Err(trouble) => (ContainerStatus::Unclear, Some(trouble)),
    };
    let seen = match (look::newest(&mut turn).await, trouble) {
        (Ok(Newest { media, .. }), None) => Seen {
            quota_used: quota_used(&mut turn).await,
            status,
            media: Some(media),
        },
        (Ok(Newest { media, .. }), Some(trouble)) => {
            let seen = Seen {
                status,
                media: Some(media),
                quota_used: None,
            };
            match judge(&turn, stage, &seen) {
                published @ Reconciled::Published(_) => return Ok(published),
                _ => return unreadable(turn, stage, trouble),
            }
        }
        // It is out, whatever can be found.
        (Err(_), None) if status == ContainerStatus::Published => Seen {
            status,
            media: None,
            quota_used: None,
        },
        (Err(trouble), _) => return unreadable(turn, stage, trouble),
    };
    Ok(judge(&turn, stage, &seen))
}

async fn quota_used(turn: &mut Turn<'_>) -> Option<i64> {
    let call = turn.adapter.settings().quota(turn.account());
    let answer = turn.session.send(call).await.ok()?;
    QuotaAnswer::read(&answer.body)?.used
}

/// The platform couldn't be asked. That says nothing of the post.
fn unreadable(turn: Turn<'_>, stage: Stage, trouble: Trouble) -> Result<Reconciled, AdapterError> {
    let mut state = turn.state;
    state.looks = state.looks.saturating_add(1);
    match trouble.code(Place::Account) {
        // Asking an account that is blocked prolongs the block.
        Code::AccountBlocked if state.looks >= BLOCKED_LOOKS => Ok(nobody_knows(stage, &state)),
        Code::AccountBlocked => Ok(look_again(stage, state, 2 * APART)),
        code => match &trouble {
            Trouble::Refused(refusal) if code == Code::RateLimited => {
                let wait = refusal.retry_after().unwrap_or(2 * APART);
                Ok(look_again(stage, state, wait))
            }
            _ => Err(trouble.unknown(code)),
        },
    }
}

/// What a look showed.
struct Seen {
    status: ContainerStatus,
    /// `None` where they couldn't be read.
    media: Option<Vec<MediaAnswer>>,
    quota_used: Option<i64>,
}

fn judge(turn: &Turn<'_>, stage: Stage, seen: &Seen) -> Reconciled {
    let now = turn.adapter.now();
    let wanted = Wanted::of(&turn.post.entry);
    let newest = seen.media.as_deref().unwrap_or_default();
    let before = turn.state.snapshot.as_ref();
    let found = before.map(|before| look::compare(newest, before, &wanted));
    let (only, certainly) = found
        .as_ref()
        .map_or((None, None), |found| (found.only, found.certainly));
    let mut state = turn.state.clone();
    state.looks = state.looks.saturating_add(1);
    match seen.status {
        ContainerStatus::Published => {
            return Reconciled::Published(match only {
                Some(media) => media.receipt(now),
                None => receipt(turn, None),
            });
        }
        _ if certainly.is_some() => {
            if let Some(media) = certainly {
                return Reconciled::Published(media.receipt(now));
            }
        }
        ContainerStatus::InProgress | ContainerStatus::Unclear => {
            state.finished_at = None;
            return if state.looks < LOOKS {
                look_again(stage, state, APART)
            } else {
                nobody_knows(stage, &state)
            };
        }
        ContainerStatus::Finished => {
            return finished(turn, stage, state, seen, found.as_ref(), now);
        }
        ContainerStatus::Failed { .. } | ContainerStatus::Expired => {}
    }
    let nothing_new = found.is_some_and(|found| !found.anything_new);
    if nothing_new && may_repeat(turn) {
        return Reconciled::NotPublished {
            evidence: "the container has failed or expired and no media appeared".to_owned(),
            resume: None,
        };
    }
    nobody_knows(stage, &state)
}

/// The container says that it wasn't published: believed when it says so twice and nothing speaks against it.
fn finished(
    turn: &Turn<'_>,
    stage: Stage,
    mut state: State,
    seen: &Seen,
    found: Option<&Found<'_>>,
    now: Timestamp,
) -> Reconciled {
    let first = *state.finished_at.get_or_insert(now);
    let second_at = later(first, APART);
    if now < second_at {
        return look_again(stage, state, left(second_at, now));
    }
    let used_before = turn.state.snapshot.as_ref().and_then(|it| it.quota_used);
    let nothing_new = found.is_some_and(|found| !found.anything_new);
    let quota_unchanged = used_before.is_some() && used_before == seen.quota_used;
    if !(may_repeat(turn) && nothing_new && quota_unchanged) {
        // A quota that couldn't be read says nothing yet.
        let is_unread = used_before.is_some() && seen.quota_used.is_none();
        return if may_repeat(turn) && nothing_new && is_unread && state.looks < LOOKS {
            look_again(stage, state, APART)
        } else {
            nobody_knows(stage, &state)
        };
    }
    let evidence = format!(
        "the container was FINISHED at {first} and at {now}, no media appeared, and {} posts count as before",
        used_before.unwrap_or_default()
    );
    // The next attempt asks the container and the account once more before it publishes it.
    state.doubted = true;
    state.finished_at = None;
    state.looks = 0;
    state.since = None;
    state.polls = 0;
    state.failures = 0;
    Reconciled::NotPublished {
        evidence,
        resume: Some(Stage::Poll.with(&state)),
    }
}

fn may_repeat(turn: &Turn<'_>) -> bool {
    turn.adapter.settings().reconcile == ReconcilePolicy::Default && !turn.state.blocked
}

fn look_again(stage: Stage, state: State, wait: Duration) -> Reconciled {
    Reconciled::StillUnknown {
        look_again_after: Some(wait),
        progress: stage.with(&state),
    }
}

fn nobody_knows(stage: Stage, state: &State) -> Reconciled {
    Reconciled::StillUnknown {
        look_again_after: None,
        progress: stage.with(state),
    }
}

/// The container turned out to be published: looks for the post, which is out whether or not it is found.
pub(super) async fn find(mut turn: Turn<'_>) -> Result<Step, AdapterError> {
    let Some(before) = turn.state.snapshot.clone() else {
        return Ok(Step::Done(receipt(&turn, None)));
    };
    match look::newest(&mut turn).await {
        Ok(Newest { media, .. }) => {
            let wanted = Wanted::of(&turn.post.entry);
            let found = look::compare(&media, &before, &wanted);
            if let Some(media) = found.only {
                return Ok(Step::Done(media.receipt(turn.adapter.now())));
            }
        }
        Err(_) if turn.state.failures + 1 < FIND_TRIES => {
            turn.state.failures += 1;
            return turn.pending(Stage::Find, Duration::from_secs(5));
        }
        Err(_) => {}
    }
    Ok(Step::Done(receipt(&turn, None)))
}
