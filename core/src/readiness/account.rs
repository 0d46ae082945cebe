//! Whether the account can publish: linked, authorised, and with a token that lives long enough.

use chrono::TimeDelta;

use super::judge::Scene;
use super::situation::AccountLink;
use crate::error::{Allowed, Code, Measure, Unit};
use crate::model::{AccountStatus, CalendarEntry, ChannelAccount, Finding, Severity};
use crate::rules::RuleBook;

/// Whether there is exactly one account, on the right channel, that granted what is needed.
pub(super) fn judge_account(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let entry = scene.situation.entry;
    let channel = entry.piece.channel;
    match scene.situation.account {
        AccountLink::Linked(account) if account.channel == channel => {
            judge_grant(account, entry, scene.situation.rules, findings);
        }
        AccountLink::Linked(account) => findings.push(
            Finding::blocking(Code::AccountChannelMismatch, "accountId")
                .measured(Measure::text(account.channel.as_str()))
                .allowed(Allowed::one_of([channel.as_str()])),
        ),
        AccountLink::Missing => findings.push(
            Finding::blocking(Code::ChannelAuthMissing, "account")
                .measured(Measure::text(channel.as_str())),
        ),
        AccountLink::NotFound => {
            let id = entry.account_id.map(|id| id.to_string());
            findings.push(
                Finding::blocking(Code::AccountNotFound, "accountId")
                    .measured(Measure::text(id.unwrap_or_default())),
            );
        }
        AccountLink::Ambiguous { count } => findings.push(
            Finding::blocking(Code::AccountAmbiguous, "accountId")
                .measured(Measure::number(count, Unit::Accounts))
                .allowed(Allowed::at_most(1, Unit::Accounts)),
        ),
    }
}

fn judge_grant(
    account: &ChannelAccount,
    entry: &CalendarEntry,
    rules: &RuleBook,
    findings: &mut Vec<Finding>,
) {
    if account.status == AccountStatus::Revoked {
        findings.push(
            Finding::blocking(Code::ChannelAuthInvalid, "account.status")
                .measured(Measure::text(account.channel.as_str())),
        );
    }
    // An account whose grants were never read isn't accused of lacking any.
    if account.scopes.is_empty() {
        return;
    }
    for scope in rules.required_scopes(account.channel, entry) {
        if !account.scopes.iter().any(|granted| granted == scope) {
            findings.push(
                Finding::blocking(Code::ScopeMissing, "account.scopes")
                    .measured(Measure::text(scope)),
            );
        }
    }
}

/// How long after an attempt begins its token should still work, in minutes: one attempt may take
/// as long as a TikTok upload's URL is valid, an hour (TikTok, Content Posting API: Media Transfer
/// Guide, read 2026-09-11).
pub const TOKEN_MARGIN_MINUTES: u32 = 60;

/// Whether the token works now and will when the entry is due.
///
/// A token that can still be renewed without the person at that instant is only worth a notice.
/// One that can't, and dies within [`TOKEN_MARGIN_MINUTES`] after it, is a warning: the attempt may
/// outlast it, but most don't.
pub(super) fn judge_token(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let Some(account) = scene.account() else {
        return;
    };
    match account.status {
        AccountStatus::Revoked => return,
        AccountStatus::Expired => {
            findings.push(Finding::blocking(Code::TokenExpired, "account.status"));
            return;
        }
        AccountStatus::Ok => {}
    }
    let at = scene.attempt_at();
    let outlasted_until = at.plus(TimeDelta::minutes(i64::from(TOKEN_MARGIN_MINUTES)));
    let Some(expires_at) = account.expires_at.filter(|at| *at <= outlasted_until) else {
        return;
    };
    let renewable = account.renewable_until;
    if expires_at > at {
        if renewable.is_none_or(|until| until <= at) {
            let finding = Finding::warning(Code::TokenExpired, "account.expiresAt")
                .measured(Measure::instant(expires_at))
                .allowed(Allowed::not_before(outlasted_until));
            findings.push(scene.judged(finding, false));
        }
        return;
    }
    let (code, severity, dies_at) = match renewable {
        Some(until) if until > at => (Code::TokenRefreshNeeded, Severity::Notice, expires_at),
        // It works for as long as it can be renewed.
        Some(until) => (
            Code::TokenExpired,
            Severity::Blocking,
            until.max(expires_at),
        ),
        None => (Code::TokenExpired, Severity::Blocking, expires_at),
    };
    let finding = Finding::new(code, severity, "account.expiresAt")
        .measured(Measure::instant(expires_at))
        .allowed(Allowed::not_before(at));
    findings.push(scene.judged(finding, dies_at <= scene.situation.now));
}

/// Whether the account will be left alone when the entry is due. It delays the post and loses
/// nothing, so it weighs as much as the caller says.
pub(super) fn judge_cool_down(scene: &Scene<'_>, severity: Severity, findings: &mut Vec<Finding>) {
    let at = scene.attempt_at();
    let until = scene
        .account()
        .and_then(|account| account.cooling_down_until);
    if let Some(until) = until.filter(|until| *until > at) {
        let finding = Finding::new(
            Code::AccountCoolingDown,
            severity,
            "account.coolingDownUntil",
        )
        .measured(Measure::instant(until));
        findings.push(scene.judged(finding, false));
    }
}
