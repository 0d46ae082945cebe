//! Cases about making jobs.

use std::sync::Arc;

use super::JobCases;
use super::bench::{
    Bench, ana, done, job_id, later, minute, new_job, only, receipt, refused_with, stand, start,
};
use crate::conformance::fixture::{account, account_id, intent, user};
use crate::conformance::{Broken, ConformanceError, Verdict, equal, refused};
use crate::error::Code;
use crate::job::{JobEvent, JobRecord};
use crate::model::{JobStatus, deterministic_uuid};
use crate::ports::{
    Clock, Command, CommandKey, JobFilter, JobHistory, JobOutcomes, JobStore, NewJob,
    RecordIntents, ScheduleJobs, StoreError,
};

pub(super) async fn run<S: JobStore>(
    cases: &mut JobCases<impl AsyncFn(Arc<dyn Clock>) -> S>,
) -> Result<(), ConformanceError> {
    cases
        .check("a scheduled job comes back to the letter", comes_back)
        .await?;
    cases
        .check("a job is refused for what is wrong with it alone", refusals)
        .await?;
    cases.check("an entry has one live job", one_live).await?;
    cases
        .check("a published entry gets no job", published)
        .await?;
    cases
        .check("scheduling the same job twice makes it once", twice)
        .await?;
    cases
        .check("an id belongs to one job", other_job_with_the_id)
        .await?;
    cases
        .check("a repeated schedule gets the stored answer", repeated)
        .await?;
    cases
        .check("keys are shared by all of a user's commands", shared_keys)
        .await
}

async fn comes_back(bench: &Bench<'_>) -> Verdict {
    let account_id = bench.account("Pan").await?;
    let new = new_job("pan", account_id, later(minute(30), 123))?;
    let expected = JobRecord::new(new.clone(), ana(), start());
    let outcomes = bench.schedule(vec![new]).await?;
    equal("its name", &outcomes[0].job_id, &job_id("pan"))?;
    let job = done("scheduling", only(outcomes)?)?;
    equal("the answer", &job, &expected.job)?;
    equal(
        "its stand",
        &stand(&job),
        &(JobStatus::Scheduled, 0, None, None),
    )?;
    equal(
        "what is stored",
        &bench.store.job(ana(), job_id("pan")).await?,
        &Some(JobHistory {
            record: expected,
            attempts: vec![],
        }),
    )
}

async fn refusals(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    let cafe = bench.account_with("Café", "tiktok", |_| {}).await?;
    let his = account(user("luis"), "Luis", "instagram")?;
    bench.store.put_account(his.clone()).await?;
    let outcomes = bench
        .schedule(vec![
            new_job("no account", account_id("nobody"), minute(5))?,
            new_job("his account", his.id, minute(5))?,
            new_job("other channel", cafe, minute(5))?,
            new_job("past", pan, later(start(), -1))?,
            new_job("now", pan, start())?,
        ])
        .await?;
    let expected = [
        Some(Code::AccountNotFound),
        Some(Code::AccountNotFound),
        Some(Code::AccountChannelMismatch),
        Some(Code::ScheduleInPast),
        None,
    ];
    equal("outcomes", &outcomes.len(), &expected.len())?;
    for (outcome, code) in outcomes.iter().zip(expected) {
        match code {
            Some(code) => refused_with("the refusal", &outcome.result, code)?,
            None => {
                done("exactly now", outcome.result.clone())?;
            }
        }
    }
    let stored = bench.store.jobs(ana(), JobFilter::default()).await?;
    let stored: Vec<_> = stored.iter().map(|job| job.id).collect();
    equal("what is stored", &stored, &vec![job_id("now")])
}

/// Another job of the entry "pan".
fn second(job: &NewJob) -> NewJob {
    NewJob {
        id: job_id("second"),
        ..job.clone()
    }
}

async fn one_live(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    let first = new_job("pan", pan, minute(5))?;
    let batch = bench.schedule(vec![first.clone(), second(&first)]).await?;
    refused_with("in one batch", &batch[1].result, Code::JobExists)?;
    let again = bench.schedule(vec![second(&first)]).await?;
    refused_with("while it waits", &only(again)?, Code::JobExists)?;
    bench.at(minute(5));
    let token = bench.begin("pan").await?;
    let again = bench.schedule(vec![second(&first)]).await?;
    refused_with("while it publishes", &only(again)?, Code::JobExists)?;
    bench
        .does("pan", JobEvent::OutcomeUnknown { token })
        .await?;
    let again = bench.schedule(vec![second(&first)]).await?;
    refused_with("while it is unknown", &only(again)?, Code::JobExists)?;
    bench
        .gets(
            "pan",
            JobEvent::ConfirmedNotPublished {
                grace_minutes: None,
            },
        )
        .await?;
    bench.gets("pan", JobEvent::CancelRequested).await?;
    let again = bench.schedule(vec![second(&first)]).await?;
    done("after its cancellation", only(again)?).map(drop)
}

async fn published(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    let first = new_job("pan", pan, start())?;
    bench.schedule(vec![first.clone()]).await?;
    let token = bench.begin("pan").await?;
    let receipt = receipt("17900");
    bench
        .does("pan", JobEvent::Published { token, receipt })
        .await?;
    let again = bench.schedule(vec![second(&first)]).await?;
    refused_with("the second", &only(again)?, Code::EntryPublished)
}

async fn twice(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    let new = new_job("pan", pan, minute(5))?;
    let both = bench.schedule(vec![new.clone(), new.clone()]).await?;
    equal("in one batch", &both[1], &both[0])?;
    let moved = bench
        .gets("pan", JobEvent::Rescheduled { at: minute(50) })
        .await?;
    bench.at(minute(10));
    let again = bench.schedule(vec![new]).await?;
    equal("after it was moved", &done("again", only(again)?)?, &moved)?;
    let stored = bench.store.jobs(ana(), JobFilter::default()).await?;
    equal("what is stored", &stored, &vec![moved])
}

async fn other_job_with_the_id(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    let luis = user("luis");
    let his = account(luis, "Luis", "instagram")?;
    bench.store.put_account(his.clone()).await?;
    let job = bench.job("pan", pan, minute(5)).await?;
    let other_entry = NewJob {
        id: job_id("pan"),
        ..new_job("café", pan, minute(5))?
    };
    let outcomes = bench.schedule(vec![other_entry]).await?;
    refused_with("another entry", &only(outcomes)?, Code::JobExists)?;
    let outcomes = bench
        .store
        .schedule_jobs(ScheduleJobs {
            user_id: luis,
            command: None,
            jobs: vec![new_job("pan", his.id, minute(5))?],
        })
        .await?;
    refused_with("another user", &only(outcomes.outcomes)?, Code::JobExists)?;
    equal("hers", &bench.stored("pan").await?.record.job, &job)
}

fn key(fingerprint: &str) -> Option<CommandKey> {
    Some(CommandKey {
        key: "k-1".to_owned(),
        fingerprint: fingerprint.to_owned(),
    })
}

async fn repeated(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    let schedule = |fingerprint: &str| -> Result<_, Broken> {
        Ok(ScheduleJobs {
            user_id: ana(),
            command: key(fingerprint),
            jobs: vec![
                new_job("pan", pan, minute(5))?,
                new_job("lost", account_id("nobody"), minute(5))?,
            ],
        })
    };
    let first = bench.store.schedule_jobs(schedule("a")?).await?;
    equal("the first time", &first.repeated, &false)?;
    bench.gets("pan", JobEvent::CancelRequested).await?;
    bench.at(minute(30));
    let second = bench.store.schedule_jobs(schedule("a")?).await?;
    let expected = JobOutcomes {
        repeated: true,
        outcomes: first.outcomes.clone(),
    };
    equal("the stored answer", &second, &expected)?;
    refused(
        "other content",
        bench.store.schedule_jobs(schedule("b")?).await,
        &StoreError::CommandConflict {
            key: "k-1".to_owned(),
        },
    )?;
    let stored = bench.stored("pan").await?.record.job.status;
    equal("the job", &stored, &JobStatus::Cancelled)?;
    let command = bench.store.command(ana(), "k-1".to_owned()).await?;
    let answer = command.map(|command| command.answer).unwrap_or_default();
    equal(
        "the answer that is kept",
        &JobOutcomes::repeated(&answer)?.outcomes,
        &first.outcomes,
    )?;
    // Another user's keys are another user's.
    let his = bench
        .store
        .schedule_jobs(ScheduleJobs {
            user_id: user("luis"),
            ..schedule("b")?
        })
        .await?;
    equal("his", &his.repeated, &false)
}

async fn shared_keys(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    let record = RecordIntents {
        user_id: ana(),
        command: Some(Command {
            key: "k-1".to_owned(),
            fingerprint: "intents".to_owned(),
            answer: "{}".to_owned(),
        }),
        intents: vec![intent("pan", "abril")],
    };
    bench.store.record_intents(record).await?;
    let schedule = ScheduleJobs {
        user_id: ana(),
        command: key("jobs"),
        jobs: vec![new_job("pan", pan, minute(5))?],
    };
    refused(
        "a key of intents",
        bench.store.schedule_jobs(schedule).await,
        &StoreError::CommandConflict {
            key: "k-1".to_owned(),
        },
    )?;
    let stored = bench.store.jobs(ana(), JobFilter::default()).await?;
    equal("what is stored", &stored, &vec![])
}

pub(super) async fn bulk(bench: &Bench<'_>) -> Verdict {
    const JOBS: u32 = 5_000;
    const ACCOUNTS: u32 = 50;
    let mut accounts = Vec::new();
    for number in 0..ACCOUNTS {
        accounts.push(bench.account(&format!("Pan {number}")).await?);
    }
    let mut jobs = Vec::new();
    for (number, account_id) in (0..JOBS).zip(accounts.iter().cycle()) {
        let at = later(start(), i64::from(number));
        jobs.push(new_job(&format!("pan {number}"), *account_id, at)?);
    }
    let outcomes = bench.schedule(jobs).await?;
    for (number, outcome) in (0..JOBS).zip(&outcomes) {
        equal(
            "the order",
            &outcome.job_id,
            &job_id(&format!("pan {number}")),
        )?;
        done("each", outcome.result.clone())?;
    }
    equal("outcomes", &outcomes.len(), &5_000)?;
    bench.at(minute(1));
    let claimed = bench.claim(JOBS).await?;
    let firsts = (0..ACCOUNTS).map(|number| job_id(&format!("pan {number}")));
    equal(
        "the first of each account",
        &super::bench::ids(&claimed.jobs),
        &firsts.collect(),
    )?;
    // An id that was never given.
    let stranger = crate::model::JobId::new(deterministic_uuid(&["nobody"]));
    equal(
        "a stranger",
        &bench.store.job(ana(), stranger).await?,
        &None,
    )
}
