//! What can safely be done.

use super::judge::is_misfit;
use super::situation::Standing;
use super::tile::{Decision, is_stop};
use crate::error::Code;
use crate::model::{Action, Finding, Judged, Severity, Tile};

/// The one thing to do next. What goes its way by itself needs nothing.
pub(super) fn next(
    decision: &Decision<'_>,
    findings: &[Finding],
    standing: Standing,
) -> Option<Action> {
    match decision.tile {
        Tile::Published | Tile::Publishing | Tile::Scheduled => None,
        Tile::Ready => Some(Action::Schedule),
        _ => actions(decision, findings, standing).first().copied(),
    }
}

/// Everything that can safely be done, the best first: what mends the cause, what mends the other
/// findings, then what the job's state allows.
pub(super) fn actions(
    decision: &Decision<'_>,
    findings: &[Finding],
    standing: Standing,
) -> Vec<Action> {
    match standing {
        Standing::Published => return Vec::new(),
        Standing::Delivered => return vec![Action::FinishInInbox],
        Standing::Publishing => return vec![Action::Cancel],
        Standing::Idle | Standing::Waiting | Standing::Retrying | Standing::Stopped => {}
    }
    let is_unknown = |cause: &Finding| cause.code == Code::OutcomeUnknown;
    if standing == Standing::Stopped && decision.cause.is_some_and(is_unknown) {
        return vec![
            Action::LookOnPlatform,
            Action::ConfirmPublished,
            Action::ConfirmNotPublished,
        ];
    }
    let mut list = Vec::new();
    let mends = |finding: &&Finding| {
        finding.severity == Severity::Blocking
            || matches!(
                finding.code,
                Code::CheckpointMediaLate | Code::CheckpointReviewLate | Code::ScheduleClash
            )
    };
    let deciding = decision.cause.into_iter();
    for finding in deciding.chain(findings.iter().filter(mends)) {
        for action in remedies(finding) {
            add(&mut list, *action);
        }
    }
    // A retry that something else would hold up isn't offered.
    let hindered = findings
        .iter()
        .any(|finding| finding.severity == Severity::Blocking && !is_stop(finding));
    let can_retry = matches!(standing, Standing::Retrying | Standing::Stopped) && !hindered;
    list.retain(|action| *action != Action::Retry || can_retry);
    match standing {
        Standing::Idle if !hindered => add(&mut list, Action::Schedule),
        Standing::Retrying if can_retry => {
            add(&mut list, Action::Retry);
            add(&mut list, Action::Reschedule);
        }
        Standing::Waiting | Standing::Retrying => add(&mut list, Action::Reschedule),
        _ => {}
    }
    if standing != Standing::Idle {
        add(&mut list, Action::Cancel);
    }
    list
}

fn add(list: &mut Vec<Action>, action: Action) {
    if !list.contains(&action) {
        list.push(action);
    }
}

/// What mends a finding, the best first.
fn remedies(finding: &Finding) -> &'static [Action] {
    use Action as A;
    match finding.code {
        Code::MediaMissing => &[A::UploadMedia],
        Code::CheckpointMediaLate => &[A::UploadMedia, A::Reschedule],
        Code::MediaRejected => &[A::ReplaceMedia],
        code if is_misfit(code) => &[A::ReplaceMedia],
        Code::MediaUnreachable => &[A::ReplaceMedia, A::Retry],
        Code::TokenExpired if finding.judged == Judged::AtSchedule => {
            &[A::RelinkAccount, A::Reschedule]
        }
        Code::TokenExpired | Code::ChannelAuthInvalid | Code::ScopeMissing => &[A::RelinkAccount],
        Code::ChannelAuthMissing | Code::LinkInvalid => &[A::LinkAccount],
        Code::AccountNotFound => &[A::LinkAccount, A::EditContent],
        Code::AccountBlocked | Code::AccountActionRequired => &[A::OpenPlatformApp, A::Retry],
        Code::ScheduleMissing => &[A::Schedule],
        Code::RetriesExhausted
        | Code::PublishError
        | Code::PlatformTemporary
        | Code::RateLimited
        | Code::QuotaExhausted
        | Code::StoreUnavailable => &[A::Retry, A::Reschedule],
        Code::MissedSchedule => &[A::Reschedule, A::Retry],
        Code::ScheduleInPast
        | Code::ScheduleClash
        | Code::DailyCapExceeded
        | Code::AccountCoolingDown => &[A::Reschedule],
        Code::CheckpointReviewLate => &[A::EditContent, A::Reschedule],
        Code::AppMisconfigured | Code::AppUnaudited | Code::FlagOff => &[A::ContactSupport],
        Code::PlatformPermanent => &[A::EditContent, A::ContactSupport],
        Code::EntryDraft => &[],
        _ => &[A::EditContent],
    }
}
