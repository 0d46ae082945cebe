//! A store, the platforms, and workers that live one after the other.

use std::fmt;
use std::future::pending;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use calendar_publish::flags::Flags;
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{
    Channel, ChannelAccount, JobId, JobStatus, PublishAttempt, PublishJob, Timestamp, UserId,
    deterministic_uuid,
};
use calendar_publish::ports::{
    ChannelAdapter, Clock, HttpTransport, JobResult, JobStore, NewJob, ScheduleJobs, StoreError,
};
use calendar_publish::publish::{PublishWorker, WorkerPorts, WorkerSettings};
use calendar_publish::{Code, Error};
use calendar_publish_adapters::sqlite::SqliteStore;
use calendar_publish_adapters::webhooks::LinkedAccounts;
use calendar_publish_simulation::executor::{Executor, Stopped};
use calendar_publish_simulation::settled::SettledStore;
use calendar_publish_simulation::time::{VirtualClock, VirtualTime};
use calendar_publish_simulators::instagram::{Account, Flavour, InstagramSimulator, SecondPublish};
use calendar_publish_simulators::tiktok::{Creator, TiktokSimulator};
use calendar_publish_simulators::{InProcess, MediaShelf, PublishedPost, Simulator};
use futures_util::FutureExt;

use crate::flow::{Flow, account};
use crate::host::{Drawer, LentUrls, Tokens};
use crate::shelf::stocked;
use crate::wire::{Ended, Script, Wire};

/// The scopes that posting to TikTok needs.
pub const TIKTOK_SCOPES: [&str; 4] = [
    "user.info.basic",
    "video.publish",
    "video.upload",
    "video.list",
];

/// How long after it has come to its end a job's post may still come out late.
const AFTERMATH: i64 = 3 * 60 * 60 * 1000;
/// How long a job may take: all retries, and each of them for as long as a worker confirms.
const PATIENCE: i64 = 24 * 60 * 60 * 1000;

/// Where the jobs are.
#[derive(Clone, Copy, Debug)]
pub enum Keeping<'a> {
    /// In memory.
    Memory,
    /// In a SQLite file.
    Sqlite(&'a Path),
}

/// A store and the platforms, in one virtual time.
pub struct World {
    /// The one time.
    pub time: VirtualTime,
    /// Where the jobs are.
    pub store: Arc<dyn JobStore>,
    /// Finds accounts by their ids on a platform.
    pub linked: Arc<dyn LinkedAccounts>,
    /// The web, as far as media are on it.
    pub shelf: MediaShelf,
    /// TikTok.
    pub tiktok: Arc<TiktokSimulator>,
    /// Instagram.
    pub instagram: Arc<InstagramSimulator>,
    /// What adapters reach the platforms by.
    transport: Arc<dyn HttpTransport>,
    /// The accounts' tokens.
    pub tokens: Arc<Tokens>,
    /// Addresses for one attempt each.
    pub urls: Arc<LentUrls>,
    /// Seals what adapters must remember and nobody may read.
    pub sealer: Arc<Drawer>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("time", &self.time.now())
            .finish_non_exhaustive()
    }
}

/// What a post's way came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The job.
    pub job: PublishJob,
    /// Its attempts.
    pub attempts: Vec<PublishAttempt>,
    /// What came out.
    pub posts: Vec<PublishedPost>,
    /// The exchanges with the platform.
    pub exchanges: Vec<String>,
    /// How many workers were killed.
    pub deaths: u64,
}

impl World {
    /// When it begins.
    ///
    /// # Errors
    /// None: the instant is written right.
    pub fn start() -> Result<Timestamp, Error> {
        "2026-11-20T10:15:00Z".parse()
    }

    /// A world in which nothing has happened yet.
    ///
    /// # Errors
    /// Where the store can't be opened.
    pub fn new(keeping: Keeping<'_>) -> Result<Arc<Self>, Error> {
        let time = VirtualTime::new(Self::start()?);
        let clock: Arc<dyn Clock> = Arc::new(VirtualClock::new(time.clone()));
        let (store, linked): (Arc<dyn JobStore>, Arc<dyn LinkedAccounts>) = match keeping {
            Keeping::Memory => {
                let store = Arc::new(MemoryStore::new(clock.clone()));
                (store.clone(), store)
            }
            Keeping::Sqlite(path) => {
                let store = SqliteStore::open(path)?.with_clock(clock.clone());
                let store = Arc::new(store);
                (Arc::new(SettledStore::new(store.clone())), store)
            }
        };
        let shelf = stocked();
        let tiktok = TiktokSimulator::new(clock.clone(), Arc::new(shelf.clone()));
        let instagram = InstagramSimulator::new(clock, Arc::new(shelf.clone()));
        // A container that is published twice is two posts here: nothing but the engine prevents it.
        instagram.knobs(|knobs| knobs.second_publish = SecondPublish::Again);
        let simulators: Vec<Arc<dyn Simulator>> = vec![tiktok.clone(), instagram.clone()];
        Ok(Arc::new(Self {
            transport: Arc::new(InProcess::new(simulators)),
            urls: LentUrls::new(shelf.clone()),
            tokens: Arc::default(),
            sealer: Arc::default(),
            time,
            store,
            linked,
            shelf,
            tiktok,
            instagram,
        }))
    }

    /// A way to the platforms whose exchanges `script` may cut.
    pub fn wire(&self, script: Script) -> Arc<Wire> {
        Wire::new(self.transport.clone(), self.time.clone(), script)
    }

    /// The right time.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(VirtualClock::new(self.time.clone()))
    }

    /// Whose everything is.
    pub fn user() -> UserId {
        UserId::new(deterministic_uuid(&["live user"]))
    }

    /// Opens an account on the flow's platform and links it.
    ///
    /// # Errors
    /// What the store says.
    pub fn link(&self, flow: Flow, number: u32) -> Result<ChannelAccount, Error> {
        let (external_id, name) = match flow.channel() {
            Channel::Tiktok => (
                format!("sim-open-id-{number:04}"),
                format!("sim.baker.{number}"),
            ),
            Channel::Instagram => (
                format!("1784149900000{number:04}"),
                format!("bakery.{number}"),
            ),
        };
        let scopes: &[&str] = match flow.channel() {
            Channel::Tiktok => &TIKTOK_SCOPES,
            // Accounts of either login carry these names, which the rules know.
            Channel::Instagram => Flavour::Instagram.publishing_permissions(),
        };
        let account = account(Self::user(), flow.channel(), &name, &external_id, scopes)?;
        at_once(self.store.put_account(account.clone()))?;
        match flow.channel() {
            Channel::Tiktok => {
                self.tiktok.add_creator(Creator::new(&external_id, &name));
                let tiktok = self.tiktok.clone();
                let grant = move || tiktok.grant(&external_id, &TIKTOK_SCOPES).access;
                self.tokens.link(account.id, grant);
            }
            Channel::Instagram => {
                self.instagram
                    .add_account(Account::new(&external_id, &name));
                let instagram = self.instagram.clone();
                let flavour = flow.flavour();
                let grant = move || {
                    instagram.grant(&external_id, flavour, flavour.publishing_permissions())
                };
                self.tokens.link(account.id, grant);
            }
        }
        Ok(account)
    }

    /// Schedules an entry of the flow, whose caption is its name.
    ///
    /// # Errors
    /// What the store says, and why the job was refused.
    pub fn schedule(
        &self,
        flow: Flow,
        account: &ChannelAccount,
        name: &str,
        due: Timestamp,
    ) -> Result<JobId, Error> {
        let id = JobId::new(deterministic_uuid(&["live job", name]));
        let schedule = ScheduleJobs {
            user_id: Self::user(),
            command: None,
            jobs: vec![NewJob {
                id,
                entry: flow.entry(name, account, due)?,
                account_id: account.id,
                scheduled_at: due,
            }],
        };
        let mut made = at_once(self.store.schedule_jobs(schedule))?;
        match made.outcomes.pop().map(|outcome| outcome.result) {
            Some(JobResult::Done { .. }) => Ok(id),
            Some(JobResult::Refused { error }) => Err(error),
            None => Err(Error::new(Code::JobNotFound)),
        }
    }

    /// A worker, as in a process that has just begun.
    ///
    /// # Errors
    /// Where its settings make no sense.
    pub fn worker(
        &self,
        store: Arc<dyn JobStore>,
        adapters: Vec<Arc<dyn ChannelAdapter>>,
        clock: Arc<dyn Clock>,
    ) -> Result<PublishWorker, Error> {
        let flags = Flags {
            publish_service: true,
            ..Flags::OFF
        };
        let on = flags
            .publishing()
            .ok_or_else(|| Error::new(Code::FlagOff))?;
        let mut settings = WorkerSettings::new("live-worker".parse()?);
        settings.idle_poll = Duration::from_secs(300);
        let ports = WorkerPorts {
            store,
            adapters,
            clock,
            telemetry: Arc::new(()),
        };
        PublishWorker::new(on, ports, settings)
    }

    /// The job and its attempts.
    ///
    /// # Errors
    /// What the store says.
    pub fn job(&self, id: JobId) -> Result<(PublishJob, Vec<PublishAttempt>), Error> {
        let history = at_once(self.store.job(Self::user(), id))?;
        let history = history.ok_or_else(|| Error::new(Code::JobNotFound))?;
        Ok((history.record.job, history.attempts))
    }

    /// What really came out, of both platforms.
    pub fn posts(&self) -> Vec<PublishedPost> {
        // It is over at once: nothing here waits for anything but virtual time.
        let _ = self.tiktok.settle().now_or_never();
        let mut posts = self.tiktok.posts();
        posts.extend(self.instagram.posts());
        posts
    }
}

/// Publishes one post by `flow` while `script` cuts exchanges: a worker after the other, each with adapters
/// that know nothing of the one before, until the job has come to its end or a person must act.
///
/// # Errors
/// What keeps the post from being scheduled, and [`Code::OutcomeUnknown`] at `run` for a job that never
/// comes to its end.
pub fn publish(flow: Flow, keeping: Keeping<'_>, script: Script) -> Result<Outcome, Error> {
    publish_by(flow, keeping, script, |adapter| adapter)
}

/// As [`publish`], with every adapter replaced by what `instead` makes of it.
///
/// # Errors
/// As [`publish`].
pub fn publish_by(
    flow: Flow,
    keeping: Keeping<'_>,
    script: Script,
    instead: impl Fn(Arc<dyn ChannelAdapter>) -> Arc<dyn ChannelAdapter> + 'static,
) -> Result<Outcome, Error> {
    publish_in(&World::new(keeping)?, flow, script, instead)
}

/// As [`publish_by`], in a world that was prepared.
///
/// # Errors
/// As [`publish`].
pub fn publish_in(
    world: &Arc<World>,
    flow: Flow,
    script: Script,
    instead: impl Fn(Arc<dyn ChannelAdapter>) -> Arc<dyn ChannelAdapter> + 'static,
) -> Result<Outcome, Error> {
    let account = world.link(flow, 1)?;
    let due = later(world.time.now(), 60_000);
    let id = world.schedule(flow, &account, "Pan recién hecho", due)?;
    let wire = world.wire(script);
    let mut executor = Executor::new(world.time.clone(), 1);
    let (here, line) = (world.clone(), wire.clone());
    let begin = move || {
        let clock = here.clock();
        let adapter = instead(flow.adapter(&here, &line, &clock)?);
        here.worker(here.store.clone(), vec![adapter], clock)
    };
    // What is wrong with the settings is seen before anything runs.
    begin()?;
    let (here, line) = (world.clone(), wire.clone());
    executor.spawn(async move {
        while let Ok(worker) = begin() {
            let process = async {
                worker.run(pending()).await;
            };
            if line.mortal(process).await == Ended::Done {
                return;
            }
            let rest = later(here.time.now(), 1000);
            here.time.sleep_until(rest).await;
        }
    });
    let end = later(world.time.now(), PATIENCE);
    let is_unfinished = || {
        world.job(id).is_ok_and(|(job, _)| {
            !job.status.is_terminal() && job.status != JobStatus::NeedsAttention
        })
    };
    let stopped = executor.run(end, is_unfinished);
    if stopped != Stopped::Asked {
        let (job, _) = world.job(id)?;
        return Err(Error::new(Code::OutcomeUnknown).at("run").measured(
            calendar_publish::error::Measure::text(format!(
                "{stopped:?}: {job:?} after {:?}",
                wire.exchanges()
            )),
        ));
    }
    // What is on its way still comes out, though nobody asks any more.
    drop(executor);
    world.time.move_to(later(world.time.now(), AFTERMATH));
    let (job, attempts) = world.job(id)?;
    Ok(Outcome {
        job,
        attempts,
        posts: world.posts(),
        exchanges: wire.exchanges(),
        deaths: wire.deaths(),
    })
}

/// `millis` milliseconds after `at`.
pub fn later(at: Timestamp, millis: i64) -> Timestamp {
    Timestamp::from_millis(at.millis().saturating_add(millis))
}

/// What a store answers that never lets anybody wait.
///
/// # Errors
/// What the store says, and [`Code::StoreUnavailable`] where it does.
pub fn at_once<T>(operation: impl Future<Output = Result<T, StoreError>>) -> Result<T, Error> {
    match operation.now_or_never() {
        Some(answer) => answer.map_err(Error::from),
        None => Err(Error::new(Code::StoreUnavailable)),
    }
}
