//! A worker that runs by itself, and how it ends.

use std::future::pending;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use calendar_publish::model::JobStatus;
use calendar_publish::ports::StepKind;
use chrono::TimeDelta;
use futures_channel::oneshot;

use crate::fixture::{self, Bench, due};

/// Polls until nothing moves any more without time.
macro_rules! settle {
    ($future:expr) => {{
        let mut context = Context::from_waker(Waker::noop());
        (0..100)
            .map(|_| $future.as_mut().poll(&mut context))
            .find(Poll::is_ready)
            .unwrap_or(Poll::Pending)
    }};
}

#[test]
fn a_running_worker_finds_due_jobs_and_new_ones_by_itself() {
    let bench = Bench::new();
    let first = bench.schedule("pan");
    let worker = bench.worker();
    let mut run = pin!(worker.run(pending()));
    assert!(settle!(run).is_pending());
    assert_eq!(bench.job(first).status, JobStatus::Scheduled);
    bench.clock.set(due());
    assert!(settle!(run).is_pending());
    assert_eq!(bench.job(first).status, JobStatus::Published);
    let second = bench.schedule("bollo");
    bench.clock.advance(TimeDelta::seconds(1));
    assert!(settle!(run).is_pending());
    assert_eq!(bench.job(second).status, JobStatus::Published);
}

#[test]
fn asked_to_stop_it_gives_back_what_would_have_to_wait() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench
        .script
        .then(fixture::pending("status", StepKind::Confirm, 1));
    bench
        .script
        .then(fixture::pending("status", StepKind::Confirm, 1));
    bench.clock.set(due());
    let worker = bench.worker();
    let (stop, stopped) = oneshot::channel::<()>();
    let mut run = pin!(worker.run(async {
        let _ = stopped.await;
    }));
    assert!(settle!(run).is_pending());
    stop.send(()).unwrap();
    assert!(settle!(run).is_pending(), "a short wait is waited for");
    bench.clock.advance(TimeDelta::seconds(1));
    let Poll::Ready(report) = settle!(run) else {
        panic!("the worker didn't stop");
    };
    assert_eq!((report.claimed, report.parked), (1, 1));
    let job = bench.job(job);
    assert_eq!(job.status, JobStatus::Publishing);
    // Whoever comes then goes on at once, and doesn't wait for a crashed worker's lease.
    assert_eq!(
        job.lease.unwrap().expires_at,
        bench.clock_now().plus(TimeDelta::seconds(1))
    );
    bench.clock.advance(TimeDelta::seconds(1));
    assert_eq!(bench.tick().published, 1);
}
