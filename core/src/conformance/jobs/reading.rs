//! Cases about looking at jobs.

use std::sync::Arc;

use super::JobCases;
use super::bench::{Bench, ana, job_id, later, minute, new_job, receipt, start};
use crate::conformance::fixture::{account, calendar, entry_id, user};
use crate::conformance::{ConformanceError, Verdict, equal};
use crate::error::Code;
use crate::job::JobEvent;
use crate::model::{Channel, JobId, JobStatus};
use crate::ports::{Clock, JobCount, JobFilter, JobStore, QueueDepth, ScheduleJobs};

pub(super) async fn run<S: JobStore>(
    cases: &mut JobCases<impl AsyncFn(Arc<dyn Clock>) -> S>,
) -> Result<(), ConformanceError> {
    cases
        .check("jobs are found by what they are", filters)
        .await?;
    cases.check("jobs are paged by id", pages).await?;
    cases
        .check("whoever runs the service sees every user's jobs", all_jobs)
        .await?;
    cases
        .check("the queue's depth counts what isn't finished", depth)
        .await
}

fn sorted(names: &[&str]) -> Vec<JobId> {
    let mut ids: Vec<_> = names.iter().map(|name| job_id(name)).collect();
    ids.sort();
    ids
}

/// Four jobs of Ana's, on two channels, in two calendars.
async fn four(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    let cafe = bench.account_with("Café", "tiktok", |_| {}).await?;
    let mut clip = new_job("clip", cafe, minute(3))?;
    clip.entry.piece.channel = Channel::Tiktok;
    let mut may = new_job("may", pan, minute(4))?;
    may.entry.calendar_id = calendar("mayo");
    let jobs = vec![
        new_job("1", pan, minute(1))?,
        new_job("2", pan, minute(2))?,
        clip,
        may,
    ];
    for outcome in bench.schedule(jobs).await? {
        super::bench::done("scheduling", outcome.result)?;
    }
    bench.gets("2", JobEvent::CancelRequested).await.map(drop)
}

async fn filters(bench: &Bench<'_>) -> Verdict {
    four(bench).await?;
    let found = async |what: &str, filter, expected: &[&str]| {
        let jobs = bench.store.jobs(ana(), filter).await?;
        let found: Vec<_> = jobs.iter().map(|job| job.id).collect();
        equal(what, &found, &sorted(expected))
    };
    let any = JobFilter::default;
    found("any", any(), &["1", "2", "clip", "may"]).await?;
    let of_calendar = JobFilter {
        calendar_id: Some(calendar("abril")),
        ..any()
    };
    found("a calendar's", of_calendar.clone(), &["1", "2", "clip"]).await?;
    let of_entries = JobFilter {
        entry_ids: vec![entry_id("2"), entry_id("may"), entry_id("nobody")],
        ..any()
    };
    found("of entries", of_entries, &["2", "may"]).await?;
    let on_channel = JobFilter {
        channel: Some(Channel::Tiktok),
        ..any()
    };
    found("on a channel", on_channel, &["clip"]).await?;
    let in_status = JobFilter {
        statuses: vec![JobStatus::Cancelled, JobStatus::Published],
        ..any()
    };
    found("in a status", in_status, &["2"]).await?;
    let both = JobFilter {
        channel: Some(Channel::Instagram),
        statuses: vec![JobStatus::Scheduled],
        ..of_calendar
    };
    found("all of it", both, &["1"]).await
}

async fn pages(bench: &Bench<'_>) -> Verdict {
    let pan = bench.account("Pan").await?;
    let names: Vec<String> = (0..7).map(|number| format!("pan {number}")).collect();
    for name in &names {
        bench.job(name, pan, minute(5)).await?;
    }
    let mut filter = JobFilter {
        limit: 3,
        ..JobFilter::default()
    };
    let mut pages = Vec::new();
    loop {
        let page = bench.store.jobs(ana(), filter.clone()).await?;
        let Some(last) = page.last() else {
            break;
        };
        filter.after = Some(last.id);
        pages.push(page.iter().map(|job| job.id).collect::<Vec<_>>());
    }
    let sizes: Vec<_> = pages.iter().map(Vec::len).collect();
    equal("the pages", &sizes, &vec![3, 3, 1])?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    equal("all of them", &pages.concat(), &sorted(&names))
}

async fn all_jobs(bench: &Bench<'_>) -> Verdict {
    four(bench).await?;
    let his = account(user("luis"), "Luis", "instagram")?;
    bench.store.put_account(his.clone()).await?;
    let schedule = ScheduleJobs {
        user_id: user("luis"),
        command: None,
        jobs: vec![new_job("his", his.id, minute(5))?],
    };
    bench.store.schedule_jobs(schedule).await?;
    let filter = JobFilter {
        statuses: vec![JobStatus::Scheduled],
        channel: Some(Channel::Instagram),
        ..JobFilter::default()
    };
    let jobs = bench.store.all_jobs(filter.clone()).await?;
    let found: Vec<_> = jobs.iter().map(|job| job.id).collect();
    equal("everybody's", &found, &sorted(&["1", "may", "his"]))?;
    let jobs = bench.store.jobs(user("luis"), filter).await?;
    let found: Vec<_> = jobs.iter().map(|job| job.id).collect();
    equal("his", &found, &sorted(&["his"]))?;
    let hers = bench.store.job(user("luis"), job_id("1")).await?;
    equal("his look at hers", &hers, &None)
}

async fn depth(bench: &Bench<'_>) -> Verdict {
    let depth = async |what: &str, counts: &[(Channel, JobStatus, u64)], oldest_due_at| {
        let mut depth = bench.store.queue_depth().await?;
        let order = |count: &JobCount| {
            let place = JobStatus::ALL
                .iter()
                .position(|status| *status == count.status);
            (count.channel, place)
        };
        depth.counts.sort_by_key(order);
        let expected = QueueDepth {
            at: bench.now(),
            counts: counts
                .iter()
                .map(|&(channel, status, count)| JobCount {
                    channel,
                    status,
                    count,
                })
                .collect(),
            oldest_due_at,
        };
        equal(what, &depth, &expected)
    };
    use Channel::{Instagram as I, Tiktok as T};
    use JobStatus as S;
    depth("an empty queue", &[], None).await?;
    four(bench).await?;
    let waiting = [(T, S::Scheduled, 1), (I, S::Scheduled, 2)];
    depth("before any is due", &waiting, None).await?;
    bench.at(later(minute(1), -1));
    depth("a millisecond before", &waiting, None).await?;
    bench.at(minute(4));
    depth("when they are due", &waiting, Some(minute(1))).await?;
    bench.claims("both accounts", &["1", "clip"]).await?;
    let held = [
        (T, S::Publishing, 1),
        (I, S::Scheduled, 1),
        (I, S::Publishing, 1),
    ];
    depth("while two are held", &held, Some(minute(4))).await?;
    for name in ["1", "clip"] {
        bench
            .does(name, JobEvent::WriteStarted { token: 1 })
            .await?;
    }
    let token = 1;
    let receipt = receipt("17900");
    bench
        .does("clip", JobEvent::Published { token, receipt })
        .await?;
    let code = Code::ContentRejected;
    bench
        .does("1", JobEvent::RejectedPermanently { token, code })
        .await?;
    let ended = [(I, S::Scheduled, 1), (I, S::NeedsAttention, 1)];
    depth("when one is out", &ended, Some(minute(4))).await?;
    bench.at(start());
    depth("by an earlier clock", &ended, None).await
}
