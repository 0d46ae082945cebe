//! Cases about what people want of jobs.

use std::sync::Arc;

use super::JobCases;
use super::bench::{
    Bench, ana, effects, job_id, later, minute, only, receipt, refused_with, stand, start,
};
use super::outcomes::failed;
use crate::conformance::fixture::user;
use crate::conformance::{ConformanceError, Verdict, equal, refused};
use crate::error::Code;
use crate::job::{CancelAnswer, JobEffect, JobEvent};
use crate::model::{AttemptStatus, JobStatus};
use crate::ports::{
    Clock, CommandJobs, CommandKey, JobFilter, JobOutcomes, JobResult, JobStore, JobWrite,
    StoreError, WriteStamp,
};
use crate::retry::RetryPolicy;

pub(super) async fn run<S: JobStore>(
    cases: &mut JobCases<impl AsyncFn(Arc<dyn Clock>) -> S>,
) -> Result<(), ConformanceError> {
    cases
        .check(
            "a job that isn't being written is cancelled at once",
            cancel,
        )
        .await?;
    cases
        .check(
            "a cancellation during a write is answered when it ends",
            cancel_writing,
        )
        .await?;
    cases.check("a job is moved", rescheduled).await?;
    cases
        .check("a job is tried again when a person wants it", retried)
        .await?;
    cases
        .check("a mended job is resumed while there is time", resumed)
        .await?;
    cases
        .check("a person can say how an unknown attempt ended", confirmed)
        .await?;
    cases
        .check("other users' jobs are not found", ownership)
        .await?;
    cases
        .check("a repeated command gets the stored answer", repeated)
        .await?;
    cases.check("all or nothing", all_or_nothing).await?;
    cases
        .check("a refusal leaves the other jobs alone", each_for_itself)
        .await?;
    cases
        .check("the command's policy decides about attempts", policy)
        .await
}

fn answer(answer: CancelAnswer) -> JobEffect {
    JobEffect::AnswerCancel { answer }
}

async fn cancel(bench: &Bench<'_>) -> Verdict {
    let honoured = vec![answer(CancelAnswer::Honoured)];
    for name in ["scheduled", "claimed", "failed", "attention"] {
        let account = bench.account(name).await?;
        bench.job(name, account, start()).await?;
        match name {
            "scheduled" => {}
            "claimed" => drop(bench.hold(name).await?),
            "failed" => {
                let token = bench.begin(name).await?;
                bench.does(name, failed(token)).await?;
            }
            _ => {
                let token = bench.hold(name).await?;
                let code = Code::TokenExpired;
                bench
                    .does(name, JobEvent::PreflightFailed { token, code })
                    .await?;
            }
        }
        let result = bench.wants(name, JobEvent::CancelRequested).await?;
        equal(name, &effects(name, result)?, &honoured)?;
        let history = bench.stored(name).await?;
        let job = history.record.job;
        equal(
            name,
            &(job.status, job.last_error, job.lease),
            &(JobStatus::Cancelled, Some(Code::Cancelled), None),
        )?;
        let again = bench.wants(name, JobEvent::CancelRequested).await?;
        refused_with("again", &again, Code::JobTransitionIllegal)?;
    }
    let claimed = bench.claims("afterwards", &[]).await?;
    equal("the next look", &claimed.next_due_at, &None)
}

async fn cancel_writing(bench: &Bench<'_>) -> Verdict {
    let token = 1;
    let ends = [
        (
            JobEvent::Published {
                token,
                receipt: receipt("17900"),
            },
            JobStatus::Published,
            CancelAnswer::TooLate,
        ),
        (
            JobEvent::DeliveredToInbox { token },
            JobStatus::DeliveredToInbox,
            CancelAnswer::TooLate,
        ),
        (failed(token), JobStatus::Cancelled, CancelAnswer::Honoured),
        (
            JobEvent::OutcomeUnknown { token },
            JobStatus::NeedsAttention,
            CancelAnswer::Unknown,
        ),
    ];
    for (number, (event, status, said)) in ends.into_iter().enumerate() {
        let name = format!("pan {number}");
        let account = bench.account(&name).await?;
        bench.job(&name, account, start()).await?;
        bench.begin(&name).await?;
        let asked = bench.wants(&name, JobEvent::CancelRequested).await?;
        equal("what follows at once", &effects("asking", asked)?, &vec![])?;
        let noted = bench.stored(&name).await?.record.job;
        equal(
            "what is noted",
            &(noted.status, noted.cancel_requested),
            &(JobStatus::Publishing, true),
        )?;
        let what = format!("{event:?}");
        let ended = bench.write(JobWrite::new(job_id(&name), event)).await?;
        let answered = effects(&what, ended)?.contains(&answer(said));
        equal(&what, &answered, &true)?;
        let job = bench.stored(&name).await?.record.job;
        equal(&what, &job.status, &status)?;
        // One that may be out is still meant to be cancelled, but not before somebody has looked.
        if status == JobStatus::NeedsAttention {
            equal(&what, &job.cancel_requested, &true)?;
            let again = bench.wants(&name, JobEvent::CancelRequested).await?;
            refused_with("asking again", &again, Code::JobTransitionIllegal)?;
        }
    }
    Ok(())
}

async fn rescheduled(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, minute(30)).await?;
    let past = bench
        .wants("pan", JobEvent::Rescheduled { at: start() })
        .await?;
    refused_with("to now", &past, Code::ScheduleInPast)?;
    let job = bench
        .gets("pan", JobEvent::Rescheduled { at: minute(10) })
        .await?;
    equal("its time", &job.scheduled_at, &minute(10))?;
    bench.at(minute(10));
    let token = bench.hold("pan").await?;
    let held = bench
        .wants("pan", JobEvent::Rescheduled { at: minute(60) })
        .await?;
    refused_with("while it is held", &held, Code::JobTransitionIllegal)?;
    bench.does("pan", JobEvent::WriteStarted { token }).await?;
    bench.does("pan", failed(token)).await?;
    let job = bench
        .gets("pan", JobEvent::Rescheduled { at: minute(60) })
        .await?;
    equal(
        "after a failure",
        &(job.scheduled_at, stand(&job)),
        &(
            minute(60),
            (
                JobStatus::Failed,
                1,
                Some(Code::PlatformTemporary),
                Some(minute(60)),
            ),
        ),
    )?;
    bench.at(minute(20));
    let claimed = bench.claims("at its old time", &[]).await?;
    equal("the next look", &claimed.next_due_at, &Some(minute(60)))?;
    bench.at(minute(60));
    bench.claims("at its new time", &["pan"]).await.map(drop)
}

async fn retried(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let early = bench.wants("pan", JobEvent::RetryNow).await?;
    refused_with("before any attempt", &early, Code::JobTransitionIllegal)?;
    let token = bench.begin("pan").await?;
    bench.does("pan", failed(token)).await?;
    bench.at(minute(2));
    let job = bench.gets("pan", JobEvent::RetryNow).await?;
    equal("its time", &job.next_attempt_at, &Some(minute(2)))?;
    let token = bench.begin("pan").await?;
    let code = Code::ContentRejected;
    bench
        .does("pan", JobEvent::RejectedPermanently { token, code })
        .await?;
    bench.at(minute(600));
    let job = bench.gets("pan", JobEvent::RetryNow).await?;
    let expected = (JobStatus::Scheduled, 2, None, Some(minute(600)));
    equal("after a rejection", &stand(&job), &expected)?;
    // It is due now, however late its schedule is.
    let token = bench.begin("pan").await?;
    bench
        .does("pan", JobEvent::OutcomeUnknown { token })
        .await?;
    let blind = bench.wants("pan", JobEvent::RetryNow).await?;
    refused_with("what may be out", &blind, Code::JobTransitionIllegal)
}

async fn resumed(bench: &Bench<'_>) -> Verdict {
    let resume = || JobEvent::Resumed {
        grace_minutes: None,
    };
    let grace =
        |minutes| move |account: &mut crate::model::ChannelAccount| account.grace_minutes = minutes;
    for (name, minutes) in [("default", None), ("own", Some(10))] {
        let account = bench
            .account_with(name, "instagram", grace(minutes))
            .await?;
        bench.at(start());
        bench.job(name, account, start()).await?;
        let token = bench.hold(name).await?;
        let code = Code::TokenExpired;
        bench
            .does(name, JobEvent::PreflightFailed { token, code })
            .await?;
        let last = minute(minutes.map_or(60, i64::from));
        bench.at(last);
        let job = bench.gets(name, resume()).await?;
        equal(name, &stand(&job), &(JobStatus::Scheduled, 0, None, None))?;
        let token = bench.hold(name).await?;
        bench
            .does(name, JobEvent::PreflightFailed { token, code })
            .await?;
        bench.at(later(last, 1));
        let job = bench.gets(name, resume()).await?;
        let missed = (
            JobStatus::NeedsAttention,
            0,
            Some(Code::MissedSchedule),
            None,
        );
        equal("a millisecond later", &stand(&job), &missed)?;
    }
    Ok(())
}

async fn confirmed(bench: &Bench<'_>) -> Verdict {
    let not_published = || JobEvent::ConfirmedNotPublished {
        grace_minutes: None,
    };
    for name in ["published", "not published", "too late", "cancelled"] {
        bench.at(start());
        let account = bench.account(name).await?;
        bench.job(name, account, start()).await?;
        let early = bench.wants(name, JobEvent::ConfirmedPublished).await?;
        refused_with("before", &early, Code::JobTransitionIllegal)?;
        let token = bench.begin(name).await?;
        if name == "cancelled" {
            bench.gets(name, JobEvent::CancelRequested).await?;
        }
        bench.does(name, JobEvent::OutcomeUnknown { token }).await?;
        let (at, event, expected, attempt) = match name {
            "published" => (
                minute(500),
                JobEvent::ConfirmedPublished,
                (JobStatus::Published, 1, None, None),
                AttemptStatus::Ok,
            ),
            "not published" => (
                minute(60),
                not_published(),
                (
                    JobStatus::Failed,
                    1,
                    Some(Code::PublishError),
                    Some(minute(65)),
                ),
                AttemptStatus::Failed,
            ),
            "too late" => (
                later(minute(60), 1),
                not_published(),
                (
                    JobStatus::NeedsAttention,
                    1,
                    Some(Code::MissedSchedule),
                    None,
                ),
                AttemptStatus::Failed,
            ),
            _ => (
                minute(1),
                not_published(),
                (JobStatus::Cancelled, 1, Some(Code::Cancelled), None),
                AttemptStatus::Failed,
            ),
        };
        bench.at(at);
        let job = bench.gets(name, event).await?;
        equal(name, &stand(&job), &expected)?;
        let attempts = bench.stored(name).await?.attempts;
        equal(name, &attempts[0].status, &attempt)?;
        let statuses = bench.store.ledger(account, 0, 10).await?.len();
        equal("rows of the ledger", &statuses, &3)?;
    }
    Ok(())
}

async fn ownership(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let before = bench.stored("pan").await?;
    let command = CommandJobs {
        user_id: user("luis"),
        command: None,
        policy: RetryPolicy::default(),
        writes: vec![JobWrite::new(job_id("pan"), JobEvent::CancelRequested)],
        all_or_nothing: false,
    };
    let outcomes = bench.store.command_jobs(command).await?.outcomes;
    refused_with("his command", &only(outcomes)?, Code::JobNotFound)?;
    let nobody = bench.wants("nobody", JobEvent::CancelRequested).await?;
    refused_with("an unknown job", &nobody, Code::JobNotFound)?;
    equal("hers", &bench.stored("pan").await?, &before)?;
    let his = bench.store.job(user("luis"), job_id("pan")).await?;
    equal("his look at it", &his, &None)?;
    let his = bench.store.jobs(user("luis"), JobFilter::default()).await?;
    equal("his jobs", &his, &vec![])
}

async fn repeated(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, minute(30)).await?;
    let command = |fingerprint: &str| CommandJobs {
        user_id: ana(),
        command: Some(CommandKey {
            key: "k-1".to_owned(),
            fingerprint: fingerprint.to_owned(),
        }),
        policy: RetryPolicy::default(),
        writes: vec![JobWrite::new(
            job_id("pan"),
            JobEvent::Rescheduled { at: minute(40) },
        )],
        all_or_nothing: false,
    };
    let first = bench.store.command_jobs(command("a")).await?;
    equal("the first time", &first.repeated, &false)?;
    bench
        .gets("pan", JobEvent::Rescheduled { at: minute(50) })
        .await?;
    let moved = bench.stored("pan").await?;
    let expected = JobOutcomes {
        repeated: true,
        outcomes: first.outcomes,
    };
    let second = bench.store.command_jobs(command("a")).await?;
    equal("the stored answer", &second, &expected)?;
    refused(
        "other content",
        bench.store.command_jobs(command("b")).await,
        &StoreError::CommandConflict {
            key: "k-1".to_owned(),
        },
    )?;
    equal("the job", &bench.stored("pan").await?, &moved)
}

async fn all_or_nothing(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("1", pan, minute(30)).await?;
    bench.job("2", pan, minute(40)).await?;
    let move_to = |name, at| JobWrite::new(job_id(name), JobEvent::Rescheduled { at });
    let before = (bench.stored("1").await?, bench.stored("2").await?);
    let outcomes = bench
        .command(
            vec![
                move_to("1", minute(50)),
                move_to("nobody", minute(50)),
                move_to("2", later(start(), -1)),
            ],
            true,
        )
        .await?;
    let names: Vec<_> = outcomes.iter().map(|outcome| outcome.job_id).collect();
    equal(
        "their order",
        &names,
        &["1", "nobody", "2"].map(job_id).to_vec(),
    )?;
    // What wasn't done because of another is refused with the first refusal's code.
    refused_with("the first", &outcomes[0].result, Code::JobNotFound)?;
    refused_with("the unknown", &outcomes[1].result, Code::JobNotFound)?;
    refused_with("the past", &outcomes[2].result, Code::ScheduleInPast)?;
    let after = (bench.stored("1").await?, bench.stored("2").await?);
    equal("the jobs", &after, &before)?;
    let outcomes = bench
        .command(
            vec![move_to("1", minute(50)), move_to("2", minute(60))],
            true,
        )
        .await?;
    let all = outcomes
        .iter()
        .all(|outcome| matches!(outcome.result, JobResult::Done { .. }));
    equal("all of them", &all, &true)?;
    let times = (
        bench.stored("1").await?.record.job.scheduled_at,
        bench.stored("2").await?.record.job.scheduled_at,
    );
    equal("their times", &times, &(minute(50), minute(60)))
}

async fn each_for_itself(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("1", pan, minute(30)).await?;
    let cancel = || JobWrite {
        // A stamp is for workers; here it means nothing.
        stamp: Some(WriteStamp {
            token: 1,
            sequence: 1,
        }),
        ..JobWrite::new(job_id("1"), JobEvent::CancelRequested)
    };
    let outcomes = bench
        .command(
            vec![
                JobWrite::new(job_id("nobody"), JobEvent::CancelRequested),
                JobWrite::new(job_id("1"), JobEvent::Rescheduled { at: minute(50) }),
                cancel(),
                cancel(),
            ],
            false,
        )
        .await?;
    refused_with("the unknown", &outcomes[0].result, Code::JobNotFound)?;
    equal(
        "the moved",
        &super::bench::done("moving", outcomes[1].result.clone())?.scheduled_at,
        &minute(50),
    )?;
    refused_with(
        "the second",
        &outcomes[3].result,
        Code::JobTransitionIllegal,
    )?;
    let job = bench.stored("1").await?.record.job;
    equal("the job", &job.status, &JobStatus::Cancelled)
}

async fn policy(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let token = bench.begin("pan").await?;
    let once = RetryPolicy::new(vec![])?;
    let writes = vec![JobWrite::new(job_id("pan"), failed(token))];
    let outcomes = bench.store.advance_jobs(once.clone(), writes).await?;
    let job = super::bench::done("the failure", only(outcomes)?)?;
    let expected = (
        JobStatus::NeedsAttention,
        1,
        Some(Code::RetriesExhausted),
        None,
    );
    equal("without retries", &stand(&job), &expected)?;
    let resume = JobEvent::Resumed {
        grace_minutes: None,
    };
    let command = |policy| CommandJobs {
        user_id: ana(),
        command: None,
        policy,
        writes: vec![JobWrite::new(job_id("pan"), resume.clone())],
        all_or_nothing: false,
    };
    let answer = bench.store.command_jobs(command(once)).await?;
    refused_with(
        "with its attempts spent",
        &only(answer.outcomes)?,
        Code::JobTransitionIllegal,
    )?;
    let more = RetryPolicy::new(vec![5])?;
    let answer = bench.store.command_jobs(command(more)).await?;
    let job = super::bench::done("with one left", only(answer.outcomes)?)?;
    equal("its status", &job.status, &JobStatus::Scheduled)
}
