//! The operations of `readiness`, `preflight`, `retry` and `job`.

use serde::{Deserialize, Serialize};

use super::{Operation, answer};
use crate::error::Error;
use crate::job::{JobEffect, JobEvent, advance_with};
use crate::model::{CalendarEntry, ChannelAccount, EntryId, PublishJob, Readiness, Timestamp};
use crate::preflight::check;
use crate::readiness::{
    CalendarReadiness, Situation, Surroundings, evaluate, explain, link_account,
};
use crate::retry::{RetryPolicy, next};
use crate::rules::RuleBook;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "evaluateReadiness",
        run: |input| answer(input, |i: SituationInput| Ok(evaluate(&i.situation()))),
    },
    Operation {
        name: "evaluateCalendar",
        run: |input| answer(input, evaluate_calendar),
    },
    Operation {
        name: "explain",
        run: |input| {
            answer(input, |i: SituationInput| {
                let situation = i.situation();
                Ok(explain(&situation, &evaluate(&situation)))
            })
        },
    },
    Operation {
        name: "preflight",
        run: |input| {
            answer(input, |i: PreflightInput| {
                Ok(check(i.publishing_enabled, &i.situation.situation()))
            })
        },
    },
    Operation {
        name: "nextRetry",
        run: |input| {
            answer(input, |i: NextRetryInput| {
                Ok(next(
                    &i.policy,
                    i.attempt_count,
                    i.failed_at,
                    i.retry_after_seconds,
                ))
            })
        },
    },
    Operation {
        name: "advanceJob",
        run: |input| answer(input, advance_job),
    },
];

/// One entry and what decides about it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SituationInput {
    entry: CalendarEntry,
    /// The user's accounts.
    #[serde(default)]
    accounts: Vec<ChannelAccount>,
    #[serde(default)]
    job: Option<PublishJob>,
    /// Other posts of the account in the moving window that ends at the entry's instant.
    #[serde(default)]
    posts_in_window: u32,
    /// The nearest other post of the account.
    #[serde(default)]
    nearest_post_at: Option<Timestamp>,
    now: Timestamp,
}

impl SituationInput {
    fn situation(&self) -> Situation<'_> {
        let account = link_account(&self.entry, &self.accounts);
        Situation::new(&self.entry, account, RuleBook::builtin(), self.now)
            .with_job(self.job.as_ref())
            .with_surroundings(Surroundings {
                posts_in_window: self.posts_in_window,
                nearest: self.nearest_post_at,
            })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CalendarInput {
    entries: Vec<CalendarEntry>,
    #[serde(default)]
    accounts: Vec<ChannelAccount>,
    #[serde(default)]
    jobs: Vec<PublishJob>,
    now: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CalendarAnswer {
    entries: Vec<EntryReadiness>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryReadiness {
    entry_id: EntryId,
    readiness: Readiness,
}

fn evaluate_calendar(input: CalendarInput) -> Result<CalendarAnswer, Error> {
    let calendar = CalendarReadiness::new(
        &input.entries,
        &input.accounts,
        &input.jobs,
        RuleBook::builtin(),
        input.now,
    )?;
    let entries = calendar
        .all()
        .map(|(entry_id, readiness)| EntryReadiness {
            entry_id,
            readiness: readiness.clone(),
        })
        .collect();
    Ok(CalendarAnswer { entries })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PreflightInput {
    publishing_enabled: bool,
    situation: SituationInput,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NextRetryInput {
    #[serde(default)]
    policy: RetryPolicy,
    attempt_count: u32,
    failed_at: Timestamp,
    #[serde(default)]
    retry_after_seconds: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AdvanceInput {
    job: PublishJob,
    event: JobEvent,
    #[serde(default)]
    policy: RetryPolicy,
    now: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AdvanceAnswer {
    job: PublishJob,
    effects: Vec<JobEffect>,
}

fn advance_job(input: AdvanceInput) -> Result<AdvanceAnswer, Error> {
    let (job, effects) = advance_with(&input.policy, &input.job, input.event, input.now)?;
    Ok(AdvanceAnswer { job, effects })
}
