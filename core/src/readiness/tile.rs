//! Which tile an entry shows. The table is in the documentation of [`evaluate`](super::evaluate).

use super::action;
use super::situation::Standing;
use crate::error::Code;
use crate::model::{Finding, Readiness, ReadinessState, Severity, Tile};
use crate::order::sort_by_key;

/// What was decided, and by which finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Decision<'a> {
    pub(super) tile: Tile,
    pub(super) state: ReadinessState,
    pub(super) cause: Option<&'a Finding>,
}

/// Whether the finding is that the job has stopped.
pub(super) fn is_stop(finding: &Finding) -> bool {
    finding.severity == Severity::Blocking && is_of_job(finding)
}

fn is_of_job(finding: &Finding) -> bool {
    finding.path == "job.lastError"
}

/// The tile, the stored state and the finding that decided: the one place where they are derived.
pub(super) fn decide(findings: &[Finding], draft: bool, standing: Standing) -> Decision<'_> {
    let none = None;
    match standing {
        Standing::Published => {
            return of(Tile::Published, ReadinessState::Published, none);
        }
        Standing::Delivered => {
            return of(Tile::DeliveredToInbox, ReadinessState::NeedsAttention, none);
        }
        Standing::Publishing => return of(Tile::Publishing, ReadinessState::Ready, none),
        Standing::Idle | Standing::Waiting | Standing::Retrying | Standing::Stopped => {}
    }
    let weighed = weigh(findings, standing);
    if draft
        && weighed
            .cause
            .is_none_or(|cause| cause.code != Code::OutcomeUnknown)
    {
        let cause = findings.iter().find(|found| found.code == Code::EntryDraft);
        return of(Tile::Draft, weighed.state, cause);
    }
    weighed
}

/// The decision by the findings' weight, for an entry that isn't settled.
fn weigh(findings: &[Finding], standing: Standing) -> Decision<'_> {
    let blocking = |code: Option<Code>| {
        findings.iter().find(|found| {
            found.severity == Severity::Blocking && code.is_none_or(|code| found.code == code)
        })
    };
    let with = |code| findings.iter().find(|found| found.code == code);
    if let Some(cause) = blocking(Some(Code::OutcomeUnknown)) {
        of(
            Tile::NeedsAttention,
            ReadinessState::NeedsAttention,
            Some(cause),
        )
    } else if let Some(cause) = blocking(Some(Code::MediaMissing)) {
        of(
            Tile::MissingMedia,
            ReadinessState::MissingMedia,
            Some(cause),
        )
    } else if let Some(cause) = blocking(Some(Code::TokenExpired)) {
        of(
            Tile::TokenExpired,
            ReadinessState::TokenExpired,
            Some(cause),
        )
    } else if let Some(cause) = blocking(None) {
        of(
            Tile::NeedsAttention,
            ReadinessState::NeedsAttention,
            Some(cause),
        )
    } else if standing == Standing::Retrying {
        let cause = findings.iter().find(|found| is_of_job(found));
        of(Tile::FailedRetry, ReadinessState::FailedRetry, cause)
    } else if let Some(cause) =
        with(Code::CheckpointMediaLate).or_else(|| with(Code::CheckpointReviewLate))
    {
        of(
            Tile::NeedsAttention,
            ReadinessState::NeedsAttention,
            Some(cause),
        )
    } else if standing == Standing::Idle {
        of(Tile::Ready, ReadinessState::Ready, None)
    } else {
        let cause = findings
            .iter()
            .find(|found| is_of_job(found))
            .or_else(|| with(Code::AccountCoolingDown));
        of(Tile::Scheduled, ReadinessState::Ready, cause)
    }
}

const fn of(tile: Tile, state: ReadinessState, cause: Option<&Finding>) -> Decision<'_> {
    Decision { tile, state, cause }
}

/// Orders the findings and draws the conclusions.
pub(super) fn finish(mut findings: Vec<Finding>, draft: bool, standing: Standing) -> Readiness {
    // Stable: findings of one severity stay in the order in which they were judged.
    sort_by_key(&mut findings, |finding| finding.severity);
    let decision = decide(&findings, draft, standing);
    let (tile, state) = (decision.tile, decision.state);
    let next_action = action::next(&decision, &findings, standing);
    Readiness {
        state,
        tile,
        findings,
        next_action,
    }
}
