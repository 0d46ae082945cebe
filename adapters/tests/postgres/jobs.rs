//! Jobs as workers on several connections meet them.

use std::collections::HashSet;

use calendar_publish::Code;
use calendar_publish::job::{JobEvent, PostReceipt};
use calendar_publish::model::{JobStatus, Timestamp};
use calendar_publish::ports::{
    AttemptNote, JobFilter, JobStore, JobWrite, NewJob, Progress, ProgressChange, StepKind, Store,
    StoreError, WriteStamp,
};
use calendar_publish::retry::RetryPolicy;
use calendar_publish_adapters::postgres::PostgresStore;

use crate::fixture::{
    account, account_id, all_done, claim, connect, database, entry, job, job_id, schedule, soon,
    store_at, user,
};

/// Waits until the database's clock has passed `at`.
async fn wait_until(store: &PostgresStore, at: Timestamp) {
    while store.queue_depth().await.unwrap().at < at {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_worker_hears_of_a_job_that_another_connection_made() {
    let url = database();
    let worker = store_at(&url).await;
    let host = PostgresStore::connect(&url).await.unwrap();
    host.put_account(account(user("ana"), "a")).await.unwrap();
    // The first news is that the listening began.
    worker.claim_jobs(claim(1)).await.unwrap();
    worker.work_arrived().await;
    worker.claim_jobs(claim(1)).await.unwrap();
    let at = soon(&host).await;
    let (_, made) = tokio::join!(
        worker.work_arrived(),
        host.schedule_jobs(schedule(user("ana"), vec![job("one", "a", at)]))
    );
    assert!(all_done(&made.unwrap().outcomes));
    assert!(worker.claim_jobs(claim(1)).await.unwrap().next_due_at == Some(at));
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_at_once_are_each_given_other_jobs() {
    let url = database();
    let store = store_at(&url).await;
    let other = PostgresStore::connect(&url).await.unwrap();
    let at = soon(&store).await;
    let mut jobs = Vec::new();
    for index in 0..60 {
        let name = index.to_string();
        store
            .put_account(account(user("ana"), &name))
            .await
            .unwrap();
        jobs.push(job(&name, &name, at));
    }
    let made = store
        .schedule_jobs(schedule(user("ana"), jobs))
        .await
        .unwrap();
    assert!(all_done(&made.outcomes));
    wait_until(&store, at).await;
    let mut given = Vec::new();
    while given.len() < 60 {
        let (a, b, c, d) = tokio::join!(
            store.claim_jobs(claim(7)),
            other.claim_jobs(claim(7)),
            store.claim_jobs(claim(7)),
            other.claim_jobs(claim(7)),
        );
        for claimed in [a, b, c, d] {
            given.extend(claimed.unwrap().jobs.into_iter().map(|one| one.job.id));
        }
    }
    let different: HashSet<_> = given.iter().collect();
    assert_eq!(different.len(), given.len());
}

#[tokio::test]
async fn what_a_platform_says_is_kept_even_with_a_null_character_in_it() {
    let store = store_at(&database()).await;
    store.put_account(account(user("ana"), "a")).await.unwrap();
    let at = soon(&store).await;
    let mut new = job("one", "a", at);
    new.entry.piece.copy = "a\0b \\u0000 😀".to_owned();
    let made = store
        .schedule_jobs(schedule(user("ana"), vec![new.clone()]))
        .await
        .unwrap();
    assert!(all_done(&made.outcomes), "{made:?}");
    wait_until(&store, at).await;
    let claimed = store.claim_jobs(claim(1)).await.unwrap();
    let [given] = &claimed.jobs[..] else {
        panic!("{claimed:?}");
    };
    assert_eq!(given.entry, new.entry);
    let token = given.job.lease.unwrap().token;
    let write = |sequence, event, message: &str| JobWrite {
        stamp: Some(WriteStamp { token, sequence }),
        note: AttemptNote {
            message: Some(message.to_owned()),
            response_meta: Some(r#"{"trace":"x\\u0000"}"#.to_owned()),
        },
        ..JobWrite::new(job_id("one"), event)
    };
    let receipt = PostReceipt {
        post_id: Some("7".to_owned()),
        permalink: None,
    };
    let outcomes = store
        .advance_jobs(
            RetryPolicy::default(),
            vec![
                write(1, JobEvent::WriteStarted { token }, "begun"),
                write(2, JobEvent::Published { token, receipt }, "sa\0id \\u0000"),
            ],
        )
        .await
        .unwrap();
    assert!(all_done(&outcomes), "{outcomes:?}");
    let history = store
        .job(user("ana"), job_id("one"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(history.record.job.status, JobStatus::Published);
    let attempt = history.record.attempt.unwrap();
    assert_eq!(
        attempt.error_message.as_deref(),
        Some("sa\u{fffd}id \\u0000")
    );
    assert_eq!(
        attempt.response_meta.as_deref(),
        Some(r#"{"trace":"x\\u0000"}"#)
    );
    let ledger = store.ledger(account_id("a"), 0, 10).await.unwrap();
    assert_eq!(ledger.len(), 2);
}

#[tokio::test]
async fn thousands_of_jobs_are_made_at_once_and_read_by_pages() {
    let store = store_at(&database()).await;
    store.put_account(account(user("ana"), "a")).await.unwrap();
    let at = Timestamp::from_millis(soon(&store).await.millis() + 86_400_000);
    let jobs: Vec<NewJob> = (0..3000)
        .map(|index| NewJob {
            entry: entry(&index.to_string()),
            ..job(&index.to_string(), "a", at)
        })
        .collect();
    let made = store
        .schedule_jobs(schedule(user("ana"), jobs))
        .await
        .unwrap();
    assert_eq!(made.outcomes.len(), 3000);
    assert!(all_done(&made.outcomes));
    let mut filter = JobFilter {
        limit: 1000,
        ..JobFilter::default()
    };
    let mut read = Vec::new();
    loop {
        let page = store.jobs(user("ana"), filter.clone()).await.unwrap();
        let Some(last) = page.last() else { break };
        filter.after = Some(last.id);
        read.extend(page.into_iter().map(|job| job.id));
    }
    assert_eq!(read.len(), 3000);
    assert!(read.is_sorted());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_cannot_be_read_keeps_nobody_else_waiting() {
    let url = database();
    let store = store_at(&url).await;
    for name in ["good", "bad", "gone"] {
        store.put_account(account(user("ana"), name)).await.unwrap();
    }
    let at = soon(&store).await;
    let jobs = ["bad", "gone", "good"].map(|name| job(name, name, at));
    let made = store.schedule_jobs(schedule(user("ana"), jobs.to_vec()));
    assert!(all_done(&made.await.unwrap().outcomes));
    let change = format!(
        "update calendar_publish.job_contents set content = '{{\"piece\": 1}}' where job_id = '{}';
         delete from calendar_publish.job_contents where job_id = '{}'",
        job_id("bad"),
        job_id("gone")
    );
    connect(&url).await.batch_execute(&change).await.unwrap();
    wait_until(&store, at).await;
    let claimed = store.claim_jobs(claim(10)).await.unwrap();
    let given: Vec<_> = claimed.jobs.iter().map(|claimed| claimed.job.id).collect();
    assert_eq!(given, [job_id("good")]);
    let filter = JobFilter {
        statuses: vec![JobStatus::NeedsAttention],
        ..JobFilter::default()
    };
    let stopped = store.jobs(user("ana"), filter).await.unwrap();
    assert_eq!(stopped.len(), 2);
    for job in stopped {
        assert_eq!(job.last_error, Some(Code::StoreCorrupt));
        assert_eq!((job.attempt_count, job.lease), (0, None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn data_that_the_database_refuses_are_no_outage() {
    let url = database();
    let store = store_at(&url).await;
    store.put_account(account(user("ana"), "a")).await.unwrap();
    let at = soon(&store).await;
    let made = store.schedule_jobs(schedule(user("ana"), vec![job("one", "a", at)]));
    assert!(all_done(&made.await.unwrap().outcomes));
    let change =
        "alter table public.publish_jobs add constraint short check (length(progress_stage) < 9)";
    connect(&url).await.batch_execute(change).await.unwrap();
    wait_until(&store, at).await;
    let claimed = store.claim_jobs(claim(1)).await.unwrap();
    let lease = claimed.jobs[0].job.lease.unwrap();
    let moved = JobEvent::LeaseMoved {
        token: lease.token,
        until: lease.expires_at,
    };
    let write = JobWrite {
        progress: ProgressChange::Set {
            progress: Progress {
                stage: "far_too_long".to_owned(),
                kind: StepKind::Repeatable,
                state: "{}".to_owned(),
            },
        },
        ..JobWrite::new(job_id("one"), moved)
    };
    let refused = store.advance_jobs(RetryPolicy::default(), vec![write]);
    let error = refused.await.unwrap_err();
    assert!(matches!(error, StoreError::Invalid(_)), "{error:?}");
}
