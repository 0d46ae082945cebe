//! Several stores on one file, as several processes have them, and workers that wait for news.

use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use calendar_publish::model::JobStatus;
use calendar_publish::ports::{JobStore, Store};
use calendar_publish_adapters::sqlite::SqliteStore;
use futures_executor::block_on;
use tempfile::TempDir;

use super::fixture::{
    MINUTE, account, account_id, advance, after, claim, clock, done, link, new_job, nine, open,
    publish, schedule, start,
};

#[test]
fn of_many_workers_on_one_file_each_job_goes_to_one() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let clock = clock();
    let store = open(&path, &clock);
    link(&store, 40);
    schedule(
        &store,
        (0..400).map(|n| new_job(n, n % 40, nine())).collect(),
    );
    let claims: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    // Turns aren't fair, and the machine may be busy.
                    let store = SqliteStore::open_patiently(&path, Duration::from_secs(120))
                        .unwrap()
                        .with_clock(clock.clone());
                    let mut mine = Vec::new();
                    loop {
                        let claimed = claim(&store, 16).jobs;
                        let writes = claimed.iter().flat_map(|job| [start(job), publish(job)]);
                        advance(&store, writes.collect()).iter().for_each(done);
                        if claimed.is_empty()
                            && block_on(store.queue_depth()).unwrap().counts.is_empty()
                        {
                            return mine;
                        }
                        mine.extend(claimed.into_iter().map(|claimed| claimed.job.id));
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|w| w.join().unwrap())
            .collect()
    });
    let mut times: BTreeMap<_, u32> = BTreeMap::new();
    for id in claims {
        *times.entry(id).or_default() += 1;
    }
    assert_eq!(times.len(), 400);
    assert!(times.values().all(|times| *times == 1));
    for job in block_on(store.all_jobs(Default::default())).unwrap() {
        assert_eq!((job.status, job.attempt_count), (JobStatus::Published, 1));
    }
    for number in 0..40 {
        let ledger = block_on(store.ledger(account_id(number), 0, 100)).unwrap();
        assert_eq!(ledger.len(), 20);
    }
}

#[test]
fn a_waiting_worker_hears_of_new_jobs_and_of_accounts_that_are_free_again() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("a.db"), &clock());
    link(&store, 1);
    let arrived = || {
        pin!(store.work_arrived())
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    };
    claim(&store, 1);
    let mut waiting = pin!(store.work_arrived());
    let mut context = Context::from_waker(Waker::noop());
    assert!(waiting.as_mut().poll(&mut context).is_pending());
    schedule(&store, vec![new_job(0, 0, nine()), new_job(1, 0, nine())]);
    assert!(waiting.as_mut().poll(&mut context).is_ready());
    // A worker that begins to wait only now doesn't sleep through it.
    assert!(arrived());

    let held = claim(&store, 5).jobs.remove(0);
    assert!(!arrived());
    advance(&store, vec![start(&held)]).iter().for_each(done);
    assert!(!arrived());
    advance(&store, vec![publish(&held)]).iter().for_each(done);
    assert!(arrived());
}

#[test]
fn an_idle_worker_writes_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let store = open(&path, &clock());
    link(&store, 2);
    schedule(
        &store,
        vec![new_job(0, 0, after(MINUTE)), new_job(1, 1, nine())],
    );
    let mut cooling = account(1);
    cooling.cooling_down_until = Some(after(2 * MINUTE));
    block_on(store.put_account(cooling)).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    // Even a writer elsewhere doesn't disturb it.
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let version = |connection: &rusqlite::Connection| -> i64 {
        connection
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .unwrap()
    };
    let before = version(&other);
    for _ in 0..3 {
        let claimed = claim(&store, 10);
        assert!(claimed.jobs.is_empty());
        assert_eq!(claimed.next_due_at, Some(after(MINUTE)));
    }
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(version(&other), before);
}
