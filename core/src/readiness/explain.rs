//! Why an entry is where it is.

use super::action::actions;
use super::situation::{Situation, Standing};
use super::tile::{Decision, decide};
use crate::error::Actor;
use crate::model::{Explanation, NextStep, Readiness, Severity, Tile};

/// Explains `readiness`, which [`evaluate`](super::evaluate) or a
/// [`CalendarReadiness`](super::CalendarReadiness) gave for `situation`.
///
/// It names the finding that decided the tile, who can mend it, what happens next without anybody's
/// doing and when, and every action that is safe, the best first. Where the outcome is unknown the
/// actions are to look on the platform and to say what was seen: trying again could post twice. The
/// words are made from these codes elsewhere.
pub fn explain(situation: &Situation<'_>, readiness: &Readiness) -> Explanation {
    let standing = situation.standing();
    let decision = decide(&readiness.findings, situation.entry.draft, standing);
    Explanation {
        tile: decision.tile,
        cause: decision.cause.cloned(),
        actor: actor(&decision),
        next: next_step(situation, readiness, decision.tile, standing),
        actions: actions(&decision, &readiness.findings, standing),
    }
}

fn actor(decision: &Decision<'_>) -> Option<Actor> {
    match decision.tile {
        // The creator finishes the draft in the platform's app.
        Tile::DeliveredToInbox => Some(Actor::Account),
        Tile::Ready | Tile::Draft => Some(Actor::Content),
        _ => decision.cause.map(|cause| cause.code.actor()),
    }
}

fn next_step(
    situation: &Situation<'_>,
    readiness: &Readiness,
    tile: Tile,
    standing: Standing,
) -> NextStep {
    let is_held = tile == Tile::Draft
        || readiness
            .findings
            .iter()
            .any(|finding| finding.severity == Severity::Blocking);
    let cooling = situation
        .account
        .usable(situation.entry)
        .and_then(|account| account.cooling_down_until);
    // A worker takes it as soon as it is due and the account is no longer left alone.
    let due = situation.due().instant();
    let at = due.map(|due| due.max(situation.now).max(cooling.unwrap_or(due)));
    match (standing, at) {
        (Standing::Published, _) => NextStep::Done,
        (Standing::Publishing, _) => {
            let lease = situation.job.and_then(|job| job.lease);
            // A claim without a lease is resolved as soon as anybody looks.
            let at = lease.map_or(situation.now, |lease| lease.expires_at);
            NextStep::ResolvesBy { at }
        }
        (Standing::Retrying, Some(at)) if !is_held => NextStep::RetriesAt {
            at,
            attempt: situation
                .job
                .map_or(1, |job| job.attempt_count.saturating_add(1)),
        },
        (Standing::Waiting | Standing::Stopped, Some(at)) if !is_held => {
            NextStep::PublishesAt { at }
        }
        _ => NextStep::WaitsForPerson,
    }
}
