//! The gate before an attempt.
//!
//! It is passed after a worker has claimed the job and before anything is written, so that failing it
//! costs no attempt: what it makes of the job, [`PreflightReport::job_event`], never opens one.

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use crate::error::Code;
use crate::job::JobEvent;
use crate::model::{Finding, JobStatus, ReadinessState, Severity, Timestamp};
use crate::order::sort_by_key;
use crate::readiness::{AccountLink, Situation, is_misfit, judge_attempt};

/// What is checked, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PreflightStage {
    /// Publishing is switched on.
    Flag,
    /// The entry is to be published: no draft, and not out already.
    Entry,
    /// There is one account, it is authorised, and it granted what is needed.
    Account,
    /// Its token works.
    Token,
    /// The media are there, fit, and can be fetched for as long as a platform may take.
    Media,
    /// Text and options keep the channel's rules.
    Rules,
    /// There is room under the daily cap.
    Cap,
    /// The account isn't being left alone.
    CoolDown,
}

/// What the gate says.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "outcome",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum PreflightReport {
    /// The attempt may begin.
    Pass,
    /// It may not.
    Hold {
        /// The first stage that isn't passed.
        stage: PreflightStage,
        /// Everything that holds it, in the order of the stages.
        findings: Vec<Finding>,
        /// When it will pass by itself, if only time stands in the way.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
}

impl PreflightReport {
    /// What a worker that holds the job with `token` tells it: nothing after a pass; that the account
    /// is limited where time alone mends it; else that the job needs attention. Neither costs an
    /// attempt.
    pub fn job_event(&self, token: i64) -> Option<JobEvent> {
        let Self::Hold {
            findings, until, ..
        } = self
        else {
            return None;
        };
        let code = findings.first()?.code;
        Some(match *until {
            Some(until) => JobEvent::AccountLimited { token, code, until },
            None => JobEvent::PreflightFailed { token, code },
        })
    }
}

/// Whether an attempt may begin at `situation.now`, with publishing switched on or not.
///
/// It judges what [`evaluate`](crate::readiness::evaluate) judges, with the same rules, but for an
/// attempt that begins now, and keeps only what is blocking. While publishing is switched off it looks
/// no further. `situation.surroundings` holds the account's other posts in the window that ends now.
///
/// ```
/// use calendar_publish::model::CalendarEntry;
/// use calendar_publish::preflight::{PreflightReport, PreflightStage, check};
/// use calendar_publish::readiness::{AccountLink, Situation};
/// use calendar_publish::rules::RuleBook;
///
/// let entry: CalendarEntry = serde_json::from_str(r#"{
///     "id": "018f0000-0000-7000-8000-000000000001",
///     "calendarId": "018f0000-0000-7000-8000-0000000000c1",
///     "piece": { "channel": "instagram", "date": "2026-04-02", "time": "09:00", "copy": "Hola" }
/// }"#)?;
/// let now = "2026-04-02T07:00:00Z".parse()?;
/// let situation = Situation::new(&entry, AccountLink::Missing, RuleBook::builtin(), now);
/// let PreflightReport::Hold { stage, .. } = check(true, &situation) else { panic!() };
/// assert_eq!(stage, PreflightStage::Account);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check(publishing_enabled: bool, situation: &Situation<'_>) -> PreflightReport {
    let mut findings = Vec::new();
    if publishing_enabled {
        findings.extend(judge_entry(situation));
        findings.extend(judge_attempt(situation));
        // Stable: within a stage the order stays as it was judged.
        sort_by_key(&mut findings, |finding| stage_of(finding.code));
    } else {
        findings.push(Finding::new(Code::FlagOff, Severity::Blocking, "flag"));
    }
    match findings.first().map(|first| stage_of(first.code)) {
        None => PreflightReport::Pass,
        Some(stage) => PreflightReport::Hold {
            stage,
            until: passes_at(situation, &findings),
            findings,
        },
    }
}

fn judge_entry(situation: &Situation<'_>) -> Option<Finding> {
    let entry = situation.entry;
    let job = situation.job.map(|job| job.status);
    if entry.readiness == Some(ReadinessState::Published)
        || matches!(
            job,
            Some(JobStatus::Published | JobStatus::DeliveredToInbox)
        )
    {
        Some(Finding::blocking(Code::EntryPublished, "readiness"))
    } else if entry.draft {
        Some(Finding::blocking(Code::EntryDraft, "draft"))
    } else {
        None
    }
}

/// The latest instant at which what holds the attempt is over: the end of a cool-down, and of the
/// window in which the platform counted its quota. `None` if anything else holds it too.
fn passes_at(situation: &Situation<'_>, findings: &[Finding]) -> Option<Timestamp> {
    let AccountLink::Linked(account) = situation.account else {
        return None;
    };
    let ends = findings.iter().map(|finding| match finding.code {
        Code::AccountCoolingDown => account.cooling_down_until,
        Code::DailyCapExceeded => account.quota.map(|quota| {
            let window = chrono::TimeDelta::seconds(i64::from(quota.window_seconds));
            quota.read_at.plus(window)
        }),
        _ => None,
    });
    let ends: Option<Vec<Timestamp>> = ends.collect();
    ends?
        .into_iter()
        .max()
        .filter(|until| *until > situation.now)
}

fn stage_of(code: Code) -> PreflightStage {
    use PreflightStage as P;
    match code {
        Code::FlagOff => P::Flag,
        Code::EntryPublished | Code::EntryDraft => P::Entry,
        Code::ChannelAuthMissing
        | Code::ChannelAuthInvalid
        | Code::AccountNotFound
        | Code::AccountAmbiguous
        | Code::AccountChannelMismatch
        | Code::ScopeMissing => P::Account,
        Code::TokenExpired => P::Token,
        Code::MediaMissing => P::Media,
        code if is_misfit(code) => P::Media,
        Code::DailyCapExceeded => P::Cap,
        Code::AccountCoolingDown => P::CoolDown,
        _ => P::Rules,
    }
}
