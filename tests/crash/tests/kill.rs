//! Worker processes are killed with `kill -9` at random for a minute, on a real database, while a
//! platform answers late, loses answers and refuses. Afterwards its books and the store's must agree:
//! nothing lost, nothing twice.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use calendar_publish::Code;
use calendar_publish::job::{JobEvent, content_hash};
use calendar_publish::ledger::{LedgerHead, link};
use calendar_publish::model::{
    CalendarEntry, ChannelAccount, JobId, JobStatus, PublishJob, Timestamp, deterministic_uuid,
};
use calendar_publish::ports::{
    Clock, CommandJobs, JobFilter, JobResult, JobStore, JobWrite, NewJob, ScheduleJobs,
};
use calendar_publish::retry::RetryPolicy;
use calendar_publish_adapters::clock::SystemClock;
use calendar_publish_crash::{Platform, Post, accounts, entries, open_store, user};
use calendar_publish_postgres_harness::{Durability, PrivatePostgres, Stop};
use chrono::TimeDelta;

const MINUTE: Duration = Duration::from_secs(60);
const WORKERS: usize = 3;
const JOBS: u32 = 600;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_published_twice_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("jobs.db").display());
    let trial = Trial::begin(&address, JOBS).await;
    trial.kill_at_random(MINUTE).await;
    trial.drain_and_compare().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_published_twice_on_postgresql() {
    let server = PrivatePostgres::start(Durability::Stock);
    let address = server.create_database();
    let trial = Trial::begin(&address, JOBS).await;
    trial.kill_at_random(MINUTE).await;
    trial.drain_and_compare().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_stops_and_starts_loses_nothing() {
    let server = PrivatePostgres::start(Durability::Stock);
    let address = server.create_database();
    let trial = Trial::begin(&address, 300).await;
    let mut workers = Workers::start(&trial, 2);
    for round in 0..4 {
        tokio::time::sleep(Duration::from_secs(4)).await;
        server.stop(if round % 2 == 0 {
            Stop::Immediate
        } else {
            Stop::Fast
        });
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        server.start_again();
        workers.revive(&trial);
    }
    drop(workers);
    trial.drain_and_compare().await;
}

/// A calendar that is being published on one database.
struct Trial {
    address: String,
    store: Arc<dyn JobStore>,
    platform: Platform,
    platform_at: SocketAddr,
    accounts: Vec<ChannelAccount>,
    hashes: HashMap<String, String>,
}

impl Trial {
    /// Schedules `count` jobs, all due within the next 50 seconds or less.
    async fn begin(address: &str, count: u32) -> Self {
        let store = open_store(address).await.unwrap();
        let platform = Platform::default();
        let platform_at = platform.serve().await.unwrap();
        let accounts = accounts(20).unwrap();
        for account in &accounts {
            store.put_account(account.clone()).await.unwrap();
        }
        let soon = SystemClock.now().plus(TimeDelta::seconds(1));
        let due: Vec<Timestamp> = (0..count)
            .map(|number| soon.plus(TimeDelta::milliseconds(i64::from(number) * 80)))
            .collect();
        let entries = entries(&accounts, &due).unwrap();
        schedule(&*store, &entries).await;
        let hashes = entries
            .iter()
            .map(|entry| (entry.id.to_string(), content_hash(entry).unwrap()))
            .collect();
        Self {
            address: address.to_owned(),
            store,
            platform,
            platform_at,
            accounts,
            hashes,
        }
    }

    async fn kill_at_random(&self, span: Duration) {
        let mut workers = Workers::start(self, WORKERS);
        let end = Instant::now() + span;
        let mut kills = 0;
        while Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(fastrand::u64(100..700))).await;
            workers.kill_one(self);
            kills += 1;
        }
        println!("{kills} workers were killed");
        assert!(kills > 30, "{kills} kills");
    }

    /// Lets workers that nobody kills finish what is left, and compares the books.
    async fn drain_and_compare(&self) {
        let workers = Workers::start(self, 2);
        let deadline = Instant::now() + 2 * MINUTE;
        loop {
            let jobs = self.jobs().await;
            if jobs.iter().all(|job| !is_live(job)) {
                break;
            }
            assert!(
                Instant::now() < deadline,
                "jobs that nobody finishes: {:#?}",
                jobs.iter().filter(|job| is_live(job)).collect::<Vec<_>>()
            );
            self.retry_what_failed(&jobs).await;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        drop(workers);
        self.compare(&self.jobs().await, &self.platform.posts());
        self.check_ledger().await;
    }

    /// Nothing waits five minutes here for the second try.
    async fn retry_what_failed(&self, jobs: &[PublishJob]) {
        let writes = jobs
            .iter()
            .filter(|job| job.status == JobStatus::Failed && job.attempt_count > 0)
            .map(|job| JobWrite::new(job.id, JobEvent::RetryNow))
            .collect();
        let command = CommandJobs {
            user_id: user(),
            command: None,
            policy: RetryPolicy::default(),
            writes,
            all_or_nothing: false,
        };
        self.store.command_jobs(command).await.unwrap();
    }

    async fn jobs(&self) -> Vec<PublishJob> {
        self.store.jobs(user(), JobFilter::default()).await.unwrap()
    }

    fn compare(&self, jobs: &[PublishJob], posts: &[Post]) {
        assert_eq!(jobs.len(), self.hashes.len(), "a job was lost");
        let mut truth: HashMap<&str, &Post> = HashMap::new();
        for post in posts {
            let earlier = truth.insert(&post.entry, post);
            assert!(
                earlier.is_none(),
                "published twice: {earlier:?} and {post:?}"
            );
            assert_eq!(self.hashes[&post.entry], post.hash, "other content");
        }
        let mut counts: HashMap<(JobStatus, Option<Code>), u32> = HashMap::new();
        for job in jobs {
            *counts.entry((job.status, job.last_error)).or_default() += 1;
            let is_out = truth.contains_key(job.calendar_entry_id.to_string().as_str());
            match (job.status, job.last_error) {
                (JobStatus::Published, _) => assert!(is_out, "not out: {job:?}"),
                (JobStatus::NeedsAttention, Some(Code::OutcomeUnknown)) => {}
                (JobStatus::NeedsAttention, Some(Code::RetriesExhausted)) => {
                    assert!(!is_out, "out, and called unpublished: {job:?}");
                }
                _ => panic!("a state that nobody can explain: {job:?}"),
            }
        }
        let published = counts
            .get(&(JobStatus::Published, None))
            .copied()
            .unwrap_or(0);
        println!(
            "{} publish calls, {} posts, jobs: {counts:?}",
            self.platform.publish_calls(),
            posts.len()
        );
        assert!(published as usize > jobs.len() * 9 / 10, "{counts:?}");
    }

    /// Every account's chain holds, and every post has its opened attempt in it.
    async fn check_ledger(&self) {
        let mut opened = Vec::new();
        for account in &self.accounts {
            let mut head = LedgerHead::default();
            for row in self.store.ledger(account.id, 0, u32::MAX).await.unwrap() {
                assert_eq!(row.sequence, head.sequence + 1);
                assert_eq!(row.previous_hash, head.hash);
                assert_eq!(row.hash, link(&head.hash, &row.record));
                let record: serde_json::Value = serde_json::from_str(&row.record).unwrap();
                if record["status"] == "open" {
                    opened.push(record["entryId"].as_str().unwrap().to_owned());
                }
                head.sequence = row.sequence;
                head.hash = row.hash;
            }
        }
        for post in self.platform.posts() {
            assert!(opened.contains(&post.entry), "no ledger row for {post:?}");
        }
    }
}

async fn schedule(store: &dyn JobStore, entries: &[CalendarEntry]) {
    let jobs = entries
        .iter()
        .map(|entry| NewJob {
            id: JobId::new(deterministic_uuid(&["crash", "job", &entry.id.to_string()])),
            entry: entry.clone(),
            account_id: entry.account_id.unwrap(),
            scheduled_at: entry.scheduled_at.unwrap(),
        })
        .collect();
    let schedule = ScheduleJobs {
        user_id: user(),
        command: None,
        jobs,
    };
    let made = store.schedule_jobs(schedule).await.unwrap();
    for outcome in made.outcomes {
        assert!(
            matches!(outcome.result, JobResult::Done { .. }),
            "{outcome:?}"
        );
    }
}

fn is_live(job: &PublishJob) -> bool {
    matches!(
        job.status,
        JobStatus::Scheduled | JobStatus::Publishing | JobStatus::Failed
    )
}

/// Worker processes; those that still run are killed at the end.
struct Workers(Vec<Child>);

impl Workers {
    fn start(trial: &Trial, count: usize) -> Self {
        Self((0..count).map(|_| Self::spawn(trial)).collect())
    }

    fn spawn(trial: &Trial) -> Child {
        Command::new(env!("CARGO_BIN_EXE_crash-worker"))
            .args(["--store", &trial.address])
            .args(["--platform", &trial.platform_at.to_string()])
            .stdin(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn kill_one(&mut self, trial: &Trial) {
        let place = fastrand::usize(..self.0.len());
        end(&mut self.0[place]);
        self.0[place] = Self::spawn(trial);
    }

    /// Starts again whichever has given up.
    fn revive(&mut self, trial: &Trial) {
        for worker in &mut self.0 {
            if worker.try_wait().unwrap().is_some() {
                *worker = Self::spawn(trial);
            }
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(end);
    }
}

/// `kill -9`.
fn end(worker: &mut Child) {
    let _ = worker.kill();
    let _ = worker.wait();
}
