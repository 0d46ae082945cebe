//! Cases about who may say what: events from the wrong hand, and evidence from another time.

use std::sync::Arc;

use super::JobCases;
use super::bench::{Bench, job_id, minute, receipt, refused_with, start};
use crate::conformance::{ConformanceError, Verdict, equal};
use crate::error::Code;
use crate::job::{JobEvent, Reconciliation};
use crate::model::{JobStatus, Lease};
use crate::ports::{Clock, JobStore, JobWrite, WriteStamp};

pub(super) async fn run<S: JobStore>(
    cases: &mut JobCases<impl AsyncFn(Arc<dyn Clock>) -> S>,
) -> Result<(), ConformanceError> {
    cases
        .check("a person's command is no worker's report", wishes)
        .await?;
    cases
        .check("what was seen of an earlier attempt is refused", outdated)
        .await
}

fn seen(token: i64) -> JobEvent {
    JobEvent::Reconciled {
        token: Some(token),
        outcome: Reconciliation::NotPublished,
        grace_minutes: None,
    }
}

/// What only a worker can know, with the token of the claim that the job has.
fn reports(token: i64) -> Vec<JobEvent> {
    let code = Code::PlatformTemporary;
    let lease = Lease {
        token: token.saturating_add(1),
        expires_at: minute(60),
        write_started: false,
    };
    vec![
        JobEvent::Claim {
            lease,
            grace_minutes: None,
        },
        JobEvent::PreflightFailed { token, code },
        JobEvent::WriteStarted { token },
        JobEvent::LeaseMoved {
            token,
            until: minute(9),
        },
        JobEvent::Deferred {
            token,
            code,
            until: minute(9),
            grace_minutes: None,
        },
        JobEvent::Published {
            token,
            receipt: receipt("17900"),
        },
        JobEvent::DeliveredToInbox { token },
        JobEvent::FailedForCertain {
            token,
            code,
            retry_after_seconds: None,
        },
        JobEvent::RejectedPermanently { token, code },
        JobEvent::AccountLimited {
            token,
            code: Code::RateLimited,
            until: minute(9),
        },
        JobEvent::OutcomeUnknown { token },
        JobEvent::LeaseExpired,
        JobEvent::MissedSchedule {
            grace_minutes: Some(0),
        },
    ]
}

async fn wishes(bench: &Bench<'_>) -> Verdict {
    let account = bench.account("pan").await?;
    bench.job("pan", account, start()).await?;
    let mut token = 0;
    for stand in ["scheduled", "claimed", "writing"] {
        match stand {
            "claimed" => token = bench.hold("pan").await?,
            "writing" => {
                bench.does("pan", JobEvent::WriteStarted { token }).await?;
            }
            _ => {}
        }
        let before = bench.stored("pan").await?;
        for event in reports(token) {
            let what = format!("{stand}: {event:?}");
            let write = JobWrite {
                stamp: before.record.stamp,
                ..JobWrite::new(job_id("pan"), event)
            };
            let outcomes = bench.command(vec![write], false).await?;
            let result = super::bench::only(outcomes)?;
            refused_with(&what, &result, Code::FieldValueInvalid)?;
            equal(&what, &bench.stored("pan").await?, &before)?;
        }
    }
    let before = bench.stored("pan").await?;
    let result = bench.wants("pan", seen(token)).await?;
    refused_with("what a person saw meanwhile", &result, Code::JobLeaseLost)?;
    equal("the job", &bench.stored("pan").await?, &before)
}

async fn outdated(bench: &Bench<'_>) -> Verdict {
    let account = bench.account("pan").await?;
    bench.job("pan", account, start()).await?;
    let first = bench.begin("pan").await?;
    bench
        .does("pan", JobEvent::OutcomeUnknown { token: first })
        .await?;
    let not_there = JobEvent::ConfirmedNotPublished {
        grace_minutes: None,
    };
    bench.gets("pan", not_there).await?;
    bench.at(minute(5));
    let second = bench.begin("pan").await?;
    bench
        .does("pan", JobEvent::OutcomeUnknown { token: second })
        .await?;
    // A worker that was taken over from, and a look that a person asked for: both saw the first attempt.
    bench
        .may_not("pan", seen(first), Code::JobLeaseLost)
        .await?;
    let before = bench.stored("pan").await?;
    let result = bench.wants("pan", seen(first)).await?;
    refused_with("a person's look", &result, Code::JobLeaseLost)?;
    equal("the job", &bench.stored("pan").await?, &before)?;
    let write = JobWrite {
        stamp: Some(WriteStamp {
            token: second,
            sequence: 9,
        }),
        ..JobWrite::new(job_id("pan"), seen(second))
    };
    let result = bench.write(write).await?;
    let job = super::bench::done("what was seen since", result)?;
    equal("its status", &job.status, &JobStatus::Failed)
}
