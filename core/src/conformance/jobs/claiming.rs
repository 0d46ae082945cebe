//! Cases about who is given what, and when.

use std::sync::Arc;

use super::JobCases;
use super::bench::{
    Bench, LEASE_SECONDS, ids, job_id, later, minute, new_job, receipt, stand, start,
};
use crate::conformance::fixture::{account_id, plain};
use crate::conformance::{ConformanceError, Verdict, equal};
use crate::job::{JobEvent, content_hash};
use crate::model::{Channel, JobStatus, Lease, Quota};
use crate::ports::{ClaimJobs, Clock, JobStore};
use crate::readiness::Surroundings;

pub(super) async fn run<S: JobStore>(
    cases: &mut JobCases<impl AsyncFn(Arc<dyn Clock>) -> S>,
) -> Result<(), ConformanceError> {
    cases
        .check("a job is given when it is due, not before", due)
        .await?;
    cases
        .check("the longest due jobs are given first", order)
        .await?;
    cases
        .check("an account publishes one job at a time", one_an_account)
        .await?;
    cases
        .check("no account keeps the others waiting", fair)
        .await?;
    cases
        .check("a worker is given jobs of its channels", channels)
        .await?;
    cases
        .check("a claimed job has what publishing needs", content)
        .await?;
    cases
        .check("posts of the last day are counted", surroundings)
        .await?;
    cases
        .check("a claim says when to look again", next_due_at)
        .await
}

async fn due(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, minute(5)).await?;
    bench.at(later(minute(5), -1));
    let claimed = bench.claims("a millisecond before", &[]).await?;
    equal("the store's time", &claimed.at, &later(minute(5), -1))?;
    bench.at(minute(5));
    let claimed = bench.claims("when it is due", &["pan"]).await?;
    equal("the store's time", &claimed.at, &minute(5))?;
    let job = &claimed.jobs[0].job;
    equal(
        "its stand",
        &stand(job),
        &(JobStatus::Publishing, 0, None, None),
    )?;
    let lease = Lease {
        token: 1,
        expires_at: minute(5 + i64::from(LEASE_SECONDS) / 60),
        write_started: false,
    };
    equal("its lease", &job.lease, &Some(lease))?;
    equal(
        "what is stored",
        &bench.stored("pan").await?.record.job,
        job,
    )?;
    bench.claims("while it is held", &[]).await.map(drop)
}

async fn order(bench: &Bench<'_>) -> Verdict {
    for (name, due) in [("c", 3), ("a", 1), ("e", 5), ("d", 4), ("b", 2)] {
        let account = bench.account(name).await?;
        bench.job(name, account, minute(due)).await?;
    }
    bench.at(minute(4));
    let names = |names: &[&str]| names.iter().map(|name| job_id(name)).collect::<Vec<_>>();
    let first = bench.claim(3).await?;
    equal(
        "the first three",
        &ids(&first.jobs),
        &names(&["a", "b", "c"]),
    )?;
    let more = first.next_due_at.is_some_and(|at| at <= minute(4));
    equal("that there is more", &more, &true)?;
    let second = bench.claim(3).await?;
    equal("the rest", &ids(&second.jobs), &names(&["d"]))?;
    bench.at(minute(5));
    bench.claims("the last", &["e"]).await.map(drop)
}

async fn one_an_account(bench: &Bench<'_>) -> Verdict {
    let (pan, cafe) = (bench.account("Pan").await?, bench.account("Café").await?);
    for (name, account, due) in [("1", pan, 1), ("2", pan, 2), ("3", pan, 3), ("4", cafe, 4)] {
        bench.job(name, account, minute(due)).await?;
    }
    bench.at(minute(4));
    let token = bench.claims("one each", &["1", "4"]).await?.jobs[0]
        .job
        .lease
        .map_or(0, |lease| lease.token);
    bench.claims("while both publish", &[]).await?;
    bench.does("1", JobEvent::WriteStarted { token }).await?;
    bench.claims("while a write is begun", &[]).await?;
    let receipt = receipt("1");
    bench
        .does("1", JobEvent::Published { token, receipt })
        .await?;
    bench.claims("the next", &["2"]).await.map(drop)
}

async fn fair(bench: &Bench<'_>) -> Verdict {
    let busy = bench.account("busy").await?;
    let mut jobs = Vec::new();
    for number in 0..200 {
        let at = later(start(), number);
        jobs.push(new_job(&format!("busy {number}"), busy, at)?);
    }
    bench.schedule(jobs).await?;
    for name in ["a", "b", "c"] {
        let account = bench.account(name).await?;
        bench.job(name, account, minute(1)).await?;
    }
    bench.at(minute(1));
    let claimed = bench.claim(4).await?;
    equal(
        "the number of accounts that are served",
        &claimed.jobs.len(),
        &4,
    )?;
    equal("the first", &claimed.jobs[0].job.id, &job_id("busy 0"))
}

async fn channels(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    bench.job("pan", pan, start()).await?;
    let on = |channels: Vec<Channel>| ClaimJobs {
        limit: 10,
        lease_seconds: LEASE_SECONDS,
        channels,
    };
    for others in [vec![], vec![Channel::Tiktok]] {
        let claimed = bench.store.claim_jobs(on(others)).await?;
        equal("on another channel", &ids(&claimed.jobs), &vec![])?;
        equal("its next", &claimed.next_due_at, &None)?;
    }
    let claimed = bench.store.claim_jobs(on(vec![Channel::Instagram])).await?;
    equal("on its channel", &ids(&claimed.jobs), &vec![job_id("pan")])
}

async fn content(bench: &Bench<'_>) -> Verdict {
    let pan = bench
        .account_with("Pan", "instagram", |account| {
            account.grace_minutes = Some(7);
        })
        .await?;
    bench.job("pan", pan, start()).await?;
    let claimed = bench.claims("the claim", &["pan"]).await?;
    let job = &claimed.jobs[0];
    equal("the entry", &job.entry, &plain("pan")?)?;
    equal(
        "its hash",
        &job.content_hash,
        &content_hash(&plain("pan")?)?,
    )?;
    let accounts = bench.store.accounts(super::bench::ana()).await?;
    equal("the account", &Some(&job.account), &accounts.first())?;
    equal("its id", &job.account.id, &account_id("Pan"))?;
    equal("the progress", &job.progress, &None)?;
    equal("the pauses", &claimed.pauses, &vec![])?;
    equal(
        "what else was published",
        &job.surroundings,
        &Surroundings::default(),
    )
}

async fn surroundings(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    let other = bench.account("Café").await?;
    let day = 24 * 60;
    for (name, account, due) in [
        ("1", pan, 0),
        ("2", pan, 10),
        ("3", pan, 20),
        ("o", other, 30),
    ] {
        bench.job(name, account, minute(due)).await?;
        bench.at(minute(due));
        let token = bench.begin(name).await?;
        let event = match name {
            "2" => JobEvent::DeliveredToInbox { token },
            _ => JobEvent::Published {
                token,
                receipt: receipt(name),
            },
        };
        bench.does(name, event).await?;
    }
    let counted = async |name: &str, at| -> Result<u32, super::Broken> {
        bench.job(name, pan, at).await?;
        bench.at(at);
        let claimed = bench.claims("a later job", &[name]).await?;
        bench.gets(name, JobEvent::CancelRequested).await?;
        equal(
            "the nearest post",
            &claimed.jobs[0].surroundings.nearest,
            &None,
        )?;
        Ok(claimed.jobs[0].surroundings.posts_in_window)
    };
    equal("on the day", &counted("4", minute(40)).await?, &3)?;
    // What the platform had counted when the quota was read isn't counted again.
    bench
        .account_with("Pan", "instagram", |account| {
            account.quota = Some(Quota {
                used: 1,
                total: 50,
                window_seconds: 86_400,
                read_at: minute(10),
            });
        })
        .await?;
    equal("after the quota", &counted("5", minute(50)).await?, &1)?;
    bench.account("Pan").await?;
    let before = later(minute(day), -1);
    equal("just inside the day", &counted("6", before).await?, &3)?;
    equal("a day later", &counted("7", minute(day)).await?, &2)?;
    equal("later", &counted("8", minute(day + 20)).await?, &0)
}

async fn next_due_at(bench: &Bench<'_>) -> Verdict {
    let next = async |what: &str, names: &[&str], expected| {
        let claimed = bench.claims(what, names).await?;
        equal(what, &claimed.next_due_at, &expected)
    };
    next("without jobs", &[], None).await?;
    let pan = bench.account("Pan").await?;
    let cafe = bench.account("Café").await?;
    bench.job("pan", pan, minute(10)).await?;
    bench.job("pan 2", pan, minute(11)).await?;
    bench.job("café", cafe, minute(30)).await?;
    next("before any is due", &[], Some(minute(10))).await?;
    bench.at(minute(10));
    // The account's other job can't be claimed before the lease ends.
    next("while a lease lasts", &["pan"], Some(minute(15))).await?;
    bench.at(minute(12));
    next("still", &[], Some(minute(15))).await?;
    bench.gets("pan", JobEvent::CancelRequested).await?;
    next("the account's next", &["pan 2"], Some(minute(17))).await?;
    bench.gets("pan 2", JobEvent::CancelRequested).await?;
    next("the other account", &[], Some(minute(30))).await?;
    bench.gets("café", JobEvent::CancelRequested).await?;
    next("when all is done", &[], None).await
}
