//! Worker processes with the real adapters are killed with `kill -9` at random, over real sockets and on a
//! real database. Afterwards the simulators' truth and the store must agree: nothing lost, nothing twice.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use calendar_publish::Code;
use calendar_publish::job::JobEvent;
use calendar_publish::model::{
    AccountId, Channel, ChannelAccount, JobId, JobStatus, PublishJob, Timestamp, deterministic_uuid,
};
use calendar_publish::ports::{
    Clock, CommandJobs, JobFilter, JobResult, JobStore, JobWrite, NewJob, ScheduleJobs,
};
use calendar_publish::retry::RetryPolicy;
use calendar_publish_adapters::clock::SystemClock;
use calendar_publish_crash::open_store;
use calendar_publish_live::flow::{Flow, account};
use calendar_publish_live::shelf::stocked;
use calendar_publish_live::world::{TIKTOK_SCOPES, World, later};
use calendar_publish_postgres_harness::{Durability, PrivatePostgres};
use calendar_publish_simulators::instagram::{Account, Flavour, InstagramSimulator, SecondPublish};
use calendar_publish_simulators::tiktok::{Creator, TiktokSimulator};
use calendar_publish_simulators::{Answer, PublishedPost, Request, Served, Simulator};
use chrono::TimeDelta;
use tempfile::TempDir;

const WORKERS: usize = 3;
const ACCOUNTS: u32 = 20;
const JOBS: u32 = 80;
/// For how long workers are killed; the jobs are due within it.
const KILLING: Duration = Duration::from_secs(25);
/// How long those that nobody kills may take for what is left: a lost answer is looked for twice, half a
/// minute apart, behind a lease's end.
const PATIENCE: Duration = Duration::from_secs(240);

const FLOWS: [Flow; 4] = [
    Flow::InstagramImage,
    Flow::TiktokVideo,
    Flow::InstagramReel,
    Flow::TiktokVideo,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_published_twice_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("jobs.db").display());
    let trial = Trial::begin(&address).await;
    trial.kill_at_random().await;
    trial.drain_and_compare().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_published_twice_on_postgresql() {
    let server = PrivatePostgres::start(Durability::Stock);
    let address = server.create_database();
    let trial = Trial::begin(&address).await;
    trial.kill_at_random().await;
    trial.drain_and_compare().await;
}

/// A platform far away: a worker that is killed is often waiting for it, and what it asked for happens
/// all the same.
struct Slow(Arc<dyn Simulator>);

impl Slow {
    fn new(platform: Arc<dyn Simulator>) -> Arc<Self> {
        Arc::new(Self(platform))
    }

    async fn travel() {
        tokio::time::sleep(Duration::from_millis(fastrand::u64(50..500))).await;
    }
}

#[async_trait]
impl Simulator for Slow {
    fn hosts(&self) -> Vec<&'static str> {
        self.0.hosts()
    }

    fn served_at(&self, origin: &str) {
        self.0.served_at(origin);
    }

    async fn answer(&self, request: Request) -> Answer {
        Self::travel().await;
        let answer = self.0.answer(request).await;
        Self::travel().await;
        answer
    }
}

/// A calendar that is being published on one database.
struct Trial {
    address: String,
    store: Arc<dyn JobStore>,
    tiktok: Arc<TiktokSimulator>,
    instagram: Arc<InstagramSimulator>,
    served: [Served; 2],
    jobs: HashMap<JobId, String>,
    tokens: PathBuf,
    _folder: TempDir,
}

impl Trial {
    async fn begin(address: &str) -> Self {
        let store = open_store(address).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let shelf = Arc::new(stocked());
        let tiktok = TiktokSimulator::new(clock.clone(), shelf.clone());
        let instagram = InstagramSimulator::new(clock, shelf);
        tiktok.knobs(|knobs| {
            knobs.processing = TimeDelta::seconds(1);
            knobs.moderation = TimeDelta::zero();
        });
        instagram.knobs(|knobs| {
            knobs.image_processing = TimeDelta::seconds(1);
            knobs.video_processing = TimeDelta::seconds(2);
            knobs.second_publish = SecondPublish::Again;
        });
        let anywhere: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let served = [
            Served::start(Slow::new(tiktok.clone()), anywhere)
                .await
                .unwrap(),
            Served::start(Slow::new(instagram.clone()), anywhere)
                .await
                .unwrap(),
        ];
        let folder = tempfile::tempdir().unwrap();
        let mut trial = Self {
            address: address.to_owned(),
            store,
            tiktok,
            instagram,
            served,
            jobs: HashMap::new(),
            tokens: folder.path().join("tokens.json"),
            _folder: folder,
        };
        trial.schedule().await;
        trial
    }

    /// Opens an account on the flow's platform; the account, and a token for it.
    fn open(&self, channel: Channel, number: u32) -> (ChannelAccount, String) {
        let (id, scopes, token): (_, &[&str], _) = match channel {
            Channel::Tiktok => {
                let id = format!("sim-open-id-{number:04}");
                self.tiktok.add_creator(Creator::new(&id, &id));
                let tokens = self.tiktok.grant(&id, &TIKTOK_SCOPES);
                (id, &TIKTOK_SCOPES, tokens.access)
            }
            Channel::Instagram => {
                let id = format!("1784149900000{number:04}");
                let scopes = Flavour::Instagram.publishing_permissions();
                self.instagram.add_account(Account::new(&id, &id));
                let token = self.instagram.grant(&id, Flavour::Instagram, scopes);
                (id, scopes, token)
            }
        };
        let account = account(World::user(), channel, &id, &id, scopes).unwrap();
        (account, token)
    }

    async fn schedule(&mut self) {
        let mut granted: HashMap<AccountId, String> = HashMap::new();
        let mut accounts = HashMap::new();
        for channel in Channel::ALL {
            for number in 0..ACCOUNTS {
                let (account, token) = self.open(channel, number);
                granted.insert(account.id, token);
                self.store.put_account(account.clone()).await.unwrap();
                accounts.insert((channel, number), account);
            }
        }
        std::fs::write(&self.tokens, serde_json::to_string(&granted).unwrap()).unwrap();
        let soon = later(SystemClock.now(), 1_000);
        let span = i64::try_from(KILLING.as_millis()).unwrap() - 5_000;
        let jobs: Vec<NewJob> = (0..JOBS)
            .map(|number| {
                let flow = FLOWS[number as usize % FLOWS.len()];
                let account = &accounts[&(flow.channel(), number / 2 % ACCOUNTS)];
                let due: Timestamp = later(soon, span * i64::from(number) / i64::from(JOBS));
                let name = format!("Pan {number}");
                NewJob {
                    id: JobId::new(deterministic_uuid(&["live job", &name])),
                    entry: flow.entry(&name, account, due).unwrap(),
                    account_id: account.id,
                    scheduled_at: due,
                }
            })
            .collect();
        for job in &jobs {
            self.jobs.insert(job.id, job.entry.piece.copy.clone());
        }
        let schedule = ScheduleJobs {
            user_id: World::user(),
            command: None,
            jobs,
        };
        for outcome in self.store.schedule_jobs(schedule).await.unwrap().outcomes {
            assert!(
                matches!(outcome.result, JobResult::Done { .. }),
                "{outcome:?}"
            );
        }
    }

    async fn kill_at_random(&self) {
        let mut workers: Vec<Child> = (0..WORKERS).map(|_| self.spawn()).collect();
        let end = Instant::now() + KILLING;
        let mut kills = 0;
        while Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(fastrand::u64(100..900))).await;
            let place = fastrand::usize(..WORKERS);
            kill(&mut workers[place]);
            workers[place] = self.spawn();
            kills += 1;
        }
        workers.iter_mut().for_each(kill);
        println!("{kills} workers were killed");
        assert!(kills > 15, "{kills} kills");
    }

    /// Lets workers that nobody kills finish what is left, and compares the books.
    async fn drain_and_compare(&self) {
        let mut workers: Vec<Child> = (0..2).map(|_| self.spawn()).collect();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let jobs = self.stored().await;
            if !jobs.iter().any(is_live) {
                break;
            }
            if Instant::now() > deadline {
                workers.iter_mut().for_each(kill);
                let live: Vec<_> = jobs.iter().filter(|job| is_live(job)).collect();
                panic!("jobs that nobody finishes: {live:#?}");
            }
            self.retry_what_failed(&jobs).await;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        workers.iter_mut().for_each(kill);
        self.tiktok.settle().await;
        let mut posts = self.tiktok.posts();
        posts.extend(self.instagram.posts());
        self.compare(&self.stored().await, &posts);
    }

    /// Nothing waits five minutes here for the second try.
    async fn retry_what_failed(&self, jobs: &[PublishJob]) {
        let writes = jobs
            .iter()
            .filter(|job| job.status == JobStatus::Failed && job.attempt_count > 0)
            .map(|job| JobWrite::new(job.id, JobEvent::RetryNow))
            .collect();
        let command = CommandJobs {
            user_id: World::user(),
            command: None,
            policy: RetryPolicy::default(),
            writes,
            all_or_nothing: false,
        };
        self.store.command_jobs(command).await.unwrap();
    }

    async fn stored(&self) -> Vec<PublishJob> {
        let jobs = self.store.jobs(World::user(), JobFilter::default()).await;
        jobs.unwrap()
    }

    fn compare(&self, jobs: &[PublishJob], posts: &[PublishedPost]) {
        assert_eq!(jobs.len(), self.jobs.len(), "a job was lost");
        let mut truth: HashMap<&str, &PublishedPost> = HashMap::new();
        for post in posts {
            let earlier = truth.insert(&post.caption, post);
            assert!(earlier.is_none(), "twice: {earlier:?} and {post:?}");
        }
        let mut counts: HashMap<(JobStatus, Option<Code>), u32> = HashMap::new();
        for job in jobs {
            *counts.entry((job.status, job.last_error)).or_default() += 1;
            let is_out = truth.contains_key(self.jobs[&job.id].as_str());
            match (job.status, job.last_error) {
                (JobStatus::Published, _) => assert!(is_out, "not out: {job:?}"),
                (JobStatus::NeedsAttention, Some(Code::OutcomeUnknown)) => {}
                (JobStatus::NeedsAttention, Some(Code::RetriesExhausted)) => {
                    assert!(!is_out, "out, and called unpublished: {job:?}");
                }
                _ => panic!("a state that nobody can explain: {job:?}"),
            }
        }
        println!("{} posts, jobs: {counts:?}", posts.len());
        let published = counts.get(&(JobStatus::Published, None)).copied();
        assert!(published.unwrap_or(0) > JOBS * 8 / 10, "{counts:?}");
    }

    fn spawn(&self) -> Child {
        let [tiktok, instagram] = &self.served;
        Command::new(env!("CARGO_BIN_EXE_live-worker"))
            .args(["--store", &self.address])
            .args(["--tiktok", &format!("http://{}", tiktok.address())])
            .args(["--instagram", &format!("http://{}", instagram.address())])
            .args([std::ffi::OsStr::new("--tokens"), self.tokens.as_os_str()])
            .stdin(Stdio::null())
            .spawn()
            .unwrap()
    }
}

fn is_live(job: &PublishJob) -> bool {
    matches!(
        job.status,
        JobStatus::Scheduled | JobStatus::Publishing | JobStatus::Failed
    )
}

/// `kill -9`.
fn kill(worker: &mut Child) {
    let _ = worker.kill();
    let _ = worker.wait();
}
