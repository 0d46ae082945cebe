//! What a worker tells: telemetry about itself, and the ledger about a platform's answers.

use std::future::{pending, ready};
use std::pin::pin;
use std::task::{Context, Waker};

use calendar_publish::model::JobStatus;
use calendar_publish::ports::{AdapterError, JobStore, StepKind};
use calendar_publish::{Code, Error};
use futures_executor::block_on;

use crate::fixture::{self, Bench, due};

#[test]
fn a_run_is_told_from_its_beginning_to_its_end() {
    let bench = Bench::new();
    block_on(bench.worker().run(ready(())));
    let lines = bench.lines("worker");
    let statuses: Vec<_> = lines.iter().map(|line| line["status"].clone()).collect();
    assert_eq!(statuses, ["started", "stopped"]);
    assert!(lines.iter().all(|line| line["requestId"] == "worker-1"));
}

#[test]
fn a_step_tells_how_many_jobs_it_settled() {
    let bench = Bench::new();
    bench.schedule("pan");
    bench.schedule("bollo");
    bench.tick_at(0);
    let lines = bench.lines("worker");
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (&lines[0]["status"], &lines[0]["jobCount"]),
        (&"ticked".into(), &2.into())
    );
}

#[test]
fn a_claim_that_is_lost_is_told() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench
        .script
        .then(fixture::pending("status", StepKind::Confirm, 1));
    bench.clock.set(due());
    let slow = bench.worker();
    let mut run = pin!(slow.run(pending()));
    let mut poll = || {
        for _ in 0..100 {
            assert!(
                run.as_mut()
                    .poll(&mut Context::from_waker(Waker::noop()))
                    .is_pending()
            );
        }
    };
    poll();
    bench.advance(301);
    assert_eq!(bench.tick().published, 1);
    assert_eq!(bench.lines("lease").len(), 0);
    // It wakes up, and finds that another worker has brought the job to its end.
    bench
        .script
        .then(fixture::pending("status", StepKind::Confirm, 1));
    poll();
    assert_eq!(bench.job(job).status, JobStatus::Published);
    let lines = bench.lines("lease");
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (&lines[0]["status"], &lines[0]["jobId"]),
        (&"lost".into(), &job.to_string().into())
    );
}

#[test]
fn secrets_in_an_answer_reach_neither_attempt_nor_ledger() {
    let bench = Bench::new();
    let job = bench.schedule("pan");
    bench.script.then(Err(AdapterError::NotPublished {
        error: Error::new(Code::PlatformTemporary),
        retry_after: None,
        meta: Some(
            r#"{"code":2,"access_token":"EAABplanted","mail":"ana@example.com"}"#.to_owned(),
        ),
    }));
    bench.tick_at(0);
    let attempts = bench.history(job).attempts;
    let meta = attempts[0].response_meta.as_deref().unwrap();
    assert!(meta.contains(r#""code":2"#), "{meta}");
    assert!(
        !meta.contains("planted") && !meta.contains("ana@"),
        "{meta}"
    );
    let rows = block_on(bench.store.ledger(fixture::account("pan").id, 0, 10)).unwrap();
    assert_eq!(rows.len(), 2);
    let outcome: serde_json::Value = serde_json::from_str(&rows[1].record).unwrap();
    assert_eq!(outcome["status"], "failed");
    for row in &rows {
        let record = &row.record;
        assert!(
            !record.contains("planted") && !record.contains("ana@"),
            "{record}"
        );
    }
}
