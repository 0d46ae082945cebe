//! Cases about jobs that aren't given: too late, cooling down, paused.

use std::sync::Arc;

use chrono::TimeDelta;

use super::JobCases;
use super::bench::{Bench, ana, ids, job_id, later, minute, progress, receipt, stand, start};
use crate::conformance::{ConformanceError, Verdict, equal};
use crate::error::Code;
use crate::job::JobEvent;
use crate::model::{Channel, JobStatus, Timestamp};
use crate::ports::{ChannelPause, Clock, JobStore, JobWrite, ProgressChange};

pub(super) async fn run<S: JobStore>(
    cases: &mut JobCases<impl AsyncFn(Arc<dyn Clock>) -> S>,
) -> Result<(), ConformanceError> {
    cases
        .check("a job later than the grace is stopped", missed)
        .await?;
    cases
        .check("an account can have its own grace", own_grace)
        .await?;
    cases
        .check(
            "missed jobs don't stand in the way of others",
            missed_in_line,
        )
        .await?;
    cases
        .check("what can't be given isn't stopped either", late_in_line)
        .await?;
    cases
        .check("after a limit an account is left alone", cool_down)
        .await?;
    cases
        .check(
            "a limit before the write costs no attempt",
            limit_before_write,
        )
        .await?;
    cases
        .check(
            "limits delay a post by a day at most, all together",
            many_limits,
        )
        .await?;
    cases
        .check("a paused channel begins nothing", pause)
        .await?;
    cases
        .check("after a pause one job at a time is tried", probe)
        .await?;
    cases
        .check("a begun write minds neither pause nor cool-down", begun)
        .await
}

async fn missed(bench: &Bench<'_>) -> Verdict {
    let (pan, cafe) = (bench.account("Pan").await?, bench.account("Café").await?);
    bench.job("late", pan, minute(0)).await?;
    bench.job("in time", cafe, later(minute(0), 1)).await?;
    bench.at(later(minute(60), 1));
    let claimed = bench.claim(10).await?;
    equal(
        "what is given",
        &ids(&claimed.jobs),
        &vec![job_id("in time")],
    )?;
    let stopped = bench.stored("late").await?;
    equal(
        "what is stopped",
        &claimed.missed,
        &vec![stopped.record.job.clone()],
    )?;
    equal(
        "its stand",
        &stand(&stopped.record.job),
        &(
            JobStatus::NeedsAttention,
            0,
            Some(Code::MissedSchedule),
            None,
        ),
    )?;
    equal("its attempts", &stopped.attempts, &vec![])?;
    equal("its lease", &stopped.record.job.lease, &None)?;
    let again = bench.claim(10).await?;
    equal("said once", &again.missed, &vec![])
}

async fn own_grace(bench: &Bench<'_>) -> Verdict {
    let grace = async |name, minutes| {
        bench
            .account_with(name, "instagram", |account| {
                account.grace_minutes = Some(minutes);
            })
            .await
    };
    let (none, long) = (grace("none", 0).await?, grace("long", 600).await?);
    bench.job("punctual", none, minute(5)).await?;
    bench.job("late", none, minute(6)).await?;
    bench.job("patient", long, minute(7)).await?;
    bench.at(minute(5));
    bench.hold("punctual").await?;
    bench.gets("punctual", JobEvent::CancelRequested).await?;
    bench.at(later(minute(6), 1));
    let claimed = bench.claim(10).await?;
    let missed: Vec<_> = claimed.missed.iter().map(|job| job.id).collect();
    equal("a millisecond late", &missed, &vec![job_id("late")])?;
    bench.at(minute(607));
    bench
        .claims("exactly its grace", &["patient"])
        .await
        .map(drop)
}

async fn missed_in_line(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    for (name, due) in [("1", 0), ("2", 1), ("3", 2), ("4", 90)] {
        bench.job(name, pan, minute(due)).await?;
    }
    bench.at(minute(100));
    let claimed = bench.claim(10).await?;
    equal("what is given", &ids(&claimed.jobs), &vec![job_id("4")])?;
    let missed: Vec<_> = claimed.missed.iter().map(|job| job.id).collect();
    let expected = ["1", "2", "3"].map(job_id).to_vec();
    equal("what is stopped", &missed, &expected)
}

async fn late_in_line(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    let cafe = bench.account("Café").await?;
    bench.job("publishing", pan, minute(0)).await?;
    bench.job("behind it", pan, minute(1)).await?;
    bench.job("cooling", cafe, minute(2)).await?;
    let token = bench.begin("publishing").await?;
    let until = minute(90);
    bench
        .does("publishing", JobEvent::LeaseMoved { token, until })
        .await?;
    bench
        .account_with("Café", "instagram", |account| {
            account.cooling_down_until = Some(minute(85));
        })
        .await?;
    bench.at(minute(80));
    bench
        .claims("late, but not theirs to be begun", &[])
        .await?;
    let missed = async |what: &str, name: &str| {
        let claimed = bench.claim(10).await?;
        let missed: Vec<_> = claimed.missed.iter().map(|job| job.id).collect();
        equal(what, &missed, &vec![job_id(name)])?;
        equal(what, &ids(&claimed.jobs), &vec![])
    };
    bench.at(minute(85));
    missed("after the cool-down", "cooling").await?;
    let receipt = receipt("17900");
    bench
        .does("publishing", JobEvent::Published { token, receipt })
        .await?;
    missed("when the account is free", "behind it").await
}

/// The account's cool-down, as it is stored.
async fn cooling(bench: &Bench<'_>) -> Result<Option<Timestamp>, super::Broken> {
    let accounts = bench.store.accounts(ana()).await?;
    Ok(accounts
        .iter()
        .find_map(|account| account.cooling_down_until))
}

async fn cool_down(bench: &Bench<'_>) -> Verdict {
    let (pan, cafe) = (bench.account("Pan").await?, bench.account("Café").await?);
    bench.job("1", pan, minute(0)).await?;
    bench.job("2", pan, minute(1)).await?;
    let token = bench.begin("1").await?;
    let limited = bench
        .does(
            "1",
            JobEvent::AccountLimited {
                token,
                code: Code::RateLimited,
                until: minute(20),
            },
        )
        .await?;
    equal(
        "the job",
        &stand(&limited),
        &(
            JobStatus::Failed,
            0,
            Some(Code::RateLimited),
            Some(minute(20)),
        ),
    )?;
    equal("the account", &cooling(bench).await?, &Some(minute(20)))?;
    bench.job("café", cafe, minute(2)).await?;
    bench.at(minute(2));
    let claimed = bench.claims("another account", &["café"]).await?;
    equal("the next look", &claimed.next_due_at, &Some(minute(7)))?;
    bench.gets("café", JobEvent::CancelRequested).await?;
    let claimed = bench.claims("while it cools down", &[]).await?;
    equal("the next look", &claimed.next_due_at, &Some(minute(20)))?;
    bench.at(later(minute(20), -1));
    bench.claims("a millisecond before", &[]).await?;
    bench.at(minute(20));
    // The second job has been due for longer: the first one's next attempt is due now.
    bench.claims("afterwards", &["2"]).await.map(drop)
}

async fn limit_before_write(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let token = bench.hold("pan").await?;
    bench
        .may_not(
            "pan",
            JobEvent::AccountLimited {
                token,
                code: Code::PlatformTemporary,
                until: minute(20),
            },
            Code::FieldValueInvalid,
        )
        .await?;
    let limited = JobEvent::AccountLimited {
        token,
        code: Code::DailyCapExceeded,
        until: minute(20),
    };
    let job = bench.does("pan", limited).await?;
    let expected = (
        JobStatus::Failed,
        0,
        Some(Code::DailyCapExceeded),
        Some(minute(20)),
    );
    equal("the job", &stand(&job), &expected)?;
    equal("the account", &cooling(bench).await?, &Some(minute(20)))?;
    equal("attempts", &bench.stored("pan").await?.attempts, &vec![])?;
    equal(
        "the ledger",
        &bench.store.ledger(pan, 0, 10).await?,
        &vec![],
    )?;
    bench.at(minute(20));
    bench.claims("afterwards", &["pan"]).await.map(drop)
}

async fn many_limits(bench: &Bench<'_>) -> Verdict {
    const HOUR: i64 = 60;
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let limited = |token, hours| JobEvent::AccountLimited {
        token,
        code: Code::QuotaExhausted,
        until: minute(hours * HOUR),
    };
    for hours in [12, 24] {
        let token = bench.begin("pan").await?;
        let job = bench.does("pan", limited(token, hours)).await?;
        equal(
            "it waits",
            &job.next_attempt_at,
            &Some(minute(hours * HOUR)),
        )?;
        bench.at(minute(hours * HOUR));
    }
    // An hour more would be a day and an hour after the post's time.
    let token = bench.begin("pan").await?;
    let job = bench.does("pan", limited(token, 25)).await?;
    let expected = (
        JobStatus::NeedsAttention,
        0,
        Some(Code::QuotaExhausted),
        None,
    );
    equal("the job", &stand(&job), &expected)
}

fn instagram(until: Timestamp) -> ChannelPause {
    ChannelPause {
        channel: Channel::Instagram,
        code: Code::AppMisconfigured,
        since: start(),
        until,
    }
}

async fn pause(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    let cafe = bench.account_with("Café", "tiktok", |_| {}).await?;
    bench.job("pan", pan, minute(1)).await?;
    let mut clip = super::bench::new_job("café", cafe, minute(1))?;
    clip.entry.piece.channel = Channel::Tiktok;
    bench.schedule(vec![clip]).await?;

    let store = bench.store;
    equal(
        "lifting none",
        &store.lift_pause(Channel::Instagram).await?,
        &false,
    )?;
    let first = store.pause_channel(instagram(minute(10))).await?;
    let again = store.pause_channel(instagram(minute(15))).await?;
    equal("who is told", &(first, again), &(true, false))?;
    bench.at(minute(1));
    let claimed = bench.claims("the other channel", &["café"]).await?;
    equal("the pauses", &claimed.pauses, &vec![instagram(minute(15))])?;
    bench.gets("café", JobEvent::CancelRequested).await?;
    let claimed = bench.claims("nothing", &[]).await?;
    equal("the next look", &claimed.next_due_at, &Some(minute(15)))?;
    equal(
        "lifting it",
        &store.lift_pause(Channel::Instagram).await?,
        &true,
    )?;
    equal(
        "lifting again",
        &store.lift_pause(Channel::Instagram).await?,
        &false,
    )?;
    let claimed = bench.claims("afterwards", &["pan"]).await?;
    equal("the pauses", &claimed.pauses, &vec![])?;
    let anew = store.pause_channel(instagram(minute(30))).await?;
    equal("a new pause", &anew, &true)
}

async fn probe(bench: &Bench<'_>) -> Verdict {
    for (name, due) in [("1", 1), ("2", 2), ("3", 3)] {
        let account = bench.account(name).await?;
        bench.job(name, account, minute(due)).await?;
    }
    bench.store.pause_channel(instagram(minute(10))).await?;
    bench.at(later(minute(10), -1));
    bench.claims("until its end", &[]).await?;
    bench.at(minute(10));
    let claimed = bench.claims("one", &["1"]).await?;
    equal("the next look", &claimed.next_due_at, &Some(minute(15)))?;
    bench.claims("while it is tried", &[]).await?;
    bench.gets("1", JobEvent::CancelRequested).await?;
    bench.claims("the next one", &["2"]).await?;
    bench.store.lift_pause(Channel::Instagram).await?;
    bench.claims("after it was lifted", &["3"]).await.map(drop)
}

async fn begun(bench: &Bench<'_>) -> Verdict {
    let (pan, cafe) = (bench.account("Pan").await?, bench.account("Café").await?);
    bench.job("long due", cafe, minute(0)).await?;
    bench.job("begun", pan, minute(1)).await?;
    let lent = bench.hold("long due").await?;
    bench.at(minute(1));
    let token = bench.hold("begun").await?;
    let write = JobWrite {
        progress: ProgressChange::Set {
            progress: progress("publish"),
        },
        ..JobWrite::new(job_id("begun"), JobEvent::WriteStarted { token })
    };
    super::bench::done("the write", bench.write(write).await?)?;
    let given_back = JobEvent::Deferred {
        token: lent,
        code: Code::PlatformTemporary,
        until: minute(2),
        grace_minutes: None,
    };
    bench.does("long due", given_back).await?;
    bench.store.pause_channel(instagram(minute(500))).await?;
    bench
        .account_with("Pan", "instagram", |account| {
            account.cooling_down_until = Some(minute(500));
        })
        .await?;
    bench.at(later(minute(6), -1));
    bench.claims("while its lease lasts", &[]).await?;
    bench.at(minute(6));
    let claimed = bench.claims("its lease has ended", &["begun"]).await?;
    let job = &claimed.jobs[0];
    equal("its progress", &job.progress, &Some(progress("publish")))?;
    equal(
        "that a write was begun",
        &job.job
            .lease
            .map(|lease| (lease.token, lease.write_started)),
        &Some((2, true)),
    )?;
    // It is never too late to look, and it goes before all others.
    bench.store.lift_pause(Channel::Instagram).await?;
    bench.at(minute(6).plus(TimeDelta::hours(48)));
    let claimed = bench.claim(1).await?;
    equal(
        "before all others",
        &ids(&claimed.jobs),
        &vec![job_id("begun")],
    )?;
    let receipt = receipt("17900");
    let token = 3;
    let job = bench
        .does("begun", JobEvent::Published { token, receipt })
        .await?;
    equal("its end", &job.status, &JobStatus::Published)
}
