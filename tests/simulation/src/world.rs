//! One run: a month of trouble in a few hours of virtual time.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::Error;
use calendar_publish::flags::Flags;
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{Channel, JobStatus, Timestamp};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Clock, JobResult, JobStore, Post, Progress, Reconciled,
    ScheduleJobs, Step, StepKind, Store,
};
use calendar_publish::publish::{PublishWorker, WorkerPorts, WorkerSettings};
use futures_util::FutureExt;

use crate::executor::{Ended, Executor, Stopped, crash_at};
use crate::faults::{FaultyStore, StoreFaults};
use crate::fixture::{Fixture, Shape};
use crate::people::People;
use crate::platform::{Flow, Mix, Observer, PlatformEvent, ScriptedPlatform};
use crate::protection::{self, Protection};
use crate::random::Random;
use crate::time::{VirtualClock, VirtualTime};
use crate::watch::{Counts, Intended, Violation, Watch};

const MINUTE: u64 = 60_000;
/// The longest that a call can take.
const CALL_DEADLINE: Duration = Duration::from_secs(60);
const LEASE_SECONDS: u32 = 180;
/// How long all goes well at the end, so that whatever can move comes to its end.
const CALM: u64 = 40 * 60 * MINUTE;

/// What is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Decides everything.
    pub seed: u64,
    /// Which protection is switched off, to see that something breaks without it.
    pub without: Option<Protection>,
    /// The one invariant that is asked; all of them where none is named.
    pub only: Option<&'static str>,
    /// Whether the timeline is kept.
    pub has_timeline: bool,
}

impl Scenario {
    /// The scenario of a seed, with every protection.
    pub const fn new(seed: u64) -> Self {
        Self {
            seed,
            without: None,
            only: None,
            has_timeline: false,
        }
    }

    /// The same with its timeline.
    #[must_use]
    pub const fn with_timeline(mut self) -> Self {
        self.has_timeline = true;
        self
    }

    /// The same, asking no invariant but this one.
    #[must_use]
    pub const fn asking(mut self, invariant: &'static str) -> Self {
        self.only = Some(invariant);
        self
    }

    /// The same with one protection switched off.
    #[must_use]
    pub const fn without(mut self, protection: Protection) -> Self {
        self.without = Some(protection);
        self
    }
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first invariant that didn't hold.
    pub violation: Option<Violation>,
    /// What happened, in numbers.
    pub counts: Counts,
    /// What happened, line by line: the virtual time, who, and what.
    pub timeline: Vec<String>,
}

/// Runs a scenario to its end, or to the first invariant that doesn't hold.
///
/// # Errors
/// What keeps the scenario from being set up.
pub fn simulate(scenario: Scenario) -> Result<Run, Error> {
    World::new(scenario)?.run()
}

struct World {
    scenario: Scenario,
    random: Random,
    time: VirtualTime,
    store: Arc<MemoryStore>,
    watch: Arc<Watch>,
    platforms: Vec<Arc<ScriptedPlatform>>,
    fixture: Fixture,
    calm_from: Timestamp,
}

fn later(at: Timestamp, millis: u64) -> Timestamp {
    Timestamp::from_millis(at.millis() + i64::try_from(millis).unwrap_or(0))
}

impl World {
    fn new(scenario: Scenario) -> Result<Self, Error> {
        let mut random = Random::of(scenario.seed, &[0]);
        // 2026-04-01T08:00:00Z, and up to a second.
        let start = Timestamp::from_millis(1_775_030_400_000 + random.below(1000) as i64);
        let time = VirtualTime::new(start);
        let clock: Arc<dyn Clock> = Arc::new(VirtualClock::new(time.clone()));
        let store = Arc::new(MemoryStore::new(clock.clone()));
        let is_aliased = scenario.without == Some(Protection::AccountLock);
        let shape = Shape {
            start,
            accounts: random.between(if is_aliased { 2 } else { 1 }, 3),
            entries: random.between(3, 7),
            span: random.between(20, 150) * MINUTE,
            is_aliased,
        };
        let fixture = Fixture::new(shape, &mut random)?;
        let watch = Arc::new(Watch::new(
            time.clone(),
            store.clone(),
            scenario.has_timeline,
            CALL_DEADLINE.as_millis() as i64,
            i64::from(LEASE_SECONDS) * 1000,
        ));
        let mix = if random.percent(70) {
            Mix::ROUGH
        } else {
            Mix::USUAL
        };
        let platforms = [Flow::Container, Flow::UploadOrPull].map(|flow| {
            let watch = watch.clone();
            let observer: Observer = Arc::new(move |event: &PlatformEvent| watch.platform(event));
            Arc::new(
                ScriptedPlatform::new(flow, clock.clone())
                    .seeded(scenario.seed, mix)
                    .with_call_deadline(CALL_DEADLINE)
                    .with_latency(Duration::from_millis(20), Duration::from_millis(2_500))
                    .observed_by(observer),
            )
        });
        let calm_from = later(start, shape.span + random.between(30, 120) * MINUTE);
        Ok(Self {
            scenario,
            random,
            time,
            store,
            watch,
            platforms: platforms.to_vec(),
            fixture,
            calm_from,
        })
    }

    fn run(mut self) -> Result<Run, Error> {
        self.set_up()?;
        let mut executor = Executor::new(self.time.clone(), self.scenario.seed);
        for number in 0..self.random.between(2, 4) {
            executor.spawn(self.worker(number)?);
        }
        let people = People {
            time: self.time.clone(),
            store: self.store.clone(),
            watch: self.watch.clone(),
            platforms: self.platforms.clone(),
            fixture: self.fixture.clone(),
            random: Random::of(self.scenario.seed, &[3]),
            calm_from: self.calm_from,
        };
        executor.spawn(people.live());
        let end = later(self.calm_from, CALM);
        let stopped = executor.run(end, || {
            for platform in &self.platforms {
                platform.settle();
            }
            self.watch.violation().is_none() && !self.is_quiet()
        });
        if stopped == Stopped::Busy {
            self.watch
                .fail("something_waits", "it runs in circles".to_owned());
        }
        if self.watch.violation().is_none() {
            self.watch.at_the_end();
        }
        let counts = self.watch.state().counts;
        Ok(Run {
            violation: self.watch.violation(),
            counts,
            timeline: self.watch.take_timeline(),
        })
    }

    fn set_up(&mut self) -> Result<(), Error> {
        let now = self.time.now();
        for account in &self.fixture.accounts {
            done(self.store.put_account(account.clone()))?;
        }
        done(self.store.save_calendar(self.fixture.save(now)))?;
        let outcomes = done(self.store.schedule_jobs(ScheduleJobs {
            user_id: self.fixture.user_id,
            command: None,
            jobs: self.fixture.jobs.clone(),
        }))?;
        for (number, outcome) in outcomes.outcomes.into_iter().enumerate() {
            match outcome.result {
                JobResult::Done { job, .. } => self.watch.add(format!("job {number}"), *job),
                JobResult::Refused { error } => return Err(error),
            }
        }
        let mut state = self.watch.state();
        state.only = self.scenario.only;
        state.unfit.extend(self.fixture.unfit.iter().cloned());
        Ok(())
    }

    /// It is calm, and every job is over or waits for a person.
    fn is_quiet(&self) -> bool {
        self.time.now() > self.calm_from
            && self.watch.state().jobs.values().all(|seen| {
                seen.job.status.is_terminal() || seen.job.status == JobStatus::NeedsAttention
            })
    }

    /// A worker that crashes and is started again, until it is calm.
    fn worker(&mut self, number: u64) -> Result<impl Future<Output = ()> + 'static, Error> {
        let who = format!("worker-{number}");
        let mut random = Random::of(self.scenario.seed, &[4, number]);
        let faults = self.faults(&mut random);
        let offset = random.between(0, 1_200_000) as i64 - 600_000;
        let drift = random.between(0, 400) as i64 - 200;
        let clock: Arc<dyn Clock> =
            Arc::new(VirtualClock::skewed(self.time.clone(), offset, drift));
        let mut lives = Lives {
            who: who.clone(),
            scenario: self.scenario,
            time: self.time.clone(),
            clock,
            store: self.store.clone(),
            watch: self.watch.clone(),
            platforms: self.platforms.clone(),
            faults,
            random,
            calm_from: self.calm_from,
        };
        // What is wrong with the settings is seen before anything runs.
        lives.next()?;
        Ok(async move {
            while let Ok(worker) = lives.next() {
                lives.live(worker).await;
            }
        })
    }

    fn faults(&self, random: &mut Random) -> StoreFaults {
        let start = self.time.now();
        let span = u64::try_from(self.calm_from.millis() - start.millis()).unwrap_or(0);
        let outages = (0..random.below(3))
            .map(|_| {
                let from = later(start, random.below(span));
                (from, later(from, random.between(5_000, 15 * MINUTE)))
            })
            .collect();
        let is_rough = random.percent(60);
        StoreFaults {
            unreachable_percent: if is_rough { random.below(8) } else { 0 },
            answer_lost_percent: if is_rough { random.below(8) } else { 0 },
            slow_percent: random.below(15),
            slow_millis: random.between(200, 40_000),
            stalled_permille: if random.percent(50) {
                random.below(60)
            } else {
                0
            },
            stalled_millis: random.between(30_000, 15 * MINUTE),
            outages,
            calm_from: self.calm_from,
        }
    }
}

fn done<T>(
    operation: impl Future<Output = Result<T, calendar_publish::ports::StoreError>>,
) -> Result<T, Error> {
    match operation.now_or_never() {
        Some(answer) => answer.map_err(Error::from),
        None => Err(Error::new(calendar_publish::Code::StoreUnavailable)),
    }
}

/// A worker's process, one after the other.
struct Lives {
    who: String,
    scenario: Scenario,
    time: VirtualTime,
    clock: Arc<dyn Clock>,
    store: Arc<MemoryStore>,
    watch: Arc<Watch>,
    platforms: Vec<Arc<ScriptedPlatform>>,
    faults: StoreFaults,
    random: Random,
    calm_from: Timestamp,
}

impl Lives {
    fn next(&mut self) -> Result<PublishWorker, Error> {
        let random = Random::new(self.random.below(u64::MAX));
        let store: Arc<dyn JobStore> = Arc::new(FaultyStore::new(
            self.who.clone(),
            self.store.clone(),
            self.time.clone(),
            self.faults.clone(),
            random,
            self.watch.clone(),
        ));
        let without = self.scenario.without;
        let store = protection::store(without, store, &self.store, &self.time);
        let adapters = self
            .platforms
            .iter()
            .map(|platform| {
                let adapter = protection::adapter(without, platform.clone());
                Arc::new(Named {
                    who: self.who.clone(),
                    watch: self.watch.clone(),
                    inner: adapter,
                }) as Arc<dyn ChannelAdapter>
            })
            .collect();
        let flags = Flags {
            publish_service: true,
            ..Flags::OFF
        };
        let on = flags
            .publishing()
            .ok_or_else(|| Error::new(calendar_publish::Code::FlagOff))?;
        let mut settings = WorkerSettings::new(self.who.parse()?);
        settings.lease_seconds = LEASE_SECONDS;
        settings.idle_poll = Duration::from_secs(300);
        let ports = WorkerPorts {
            store,
            adapters,
            clock: self.clock.clone(),
            telemetry: Arc::new(()),
        };
        PublishWorker::new(on, ports, settings)
    }

    async fn live(&mut self, worker: PublishWorker) {
        if self.time.now() >= self.calm_from {
            worker.run(std::future::pending()).await;
            return;
        }
        // Most lives end with a crash, some in peace.
        let ends = later(self.time.now(), self.random.between(1, 90) * MINUTE);
        let stop = self.time.sleep_until(ends.min(self.calm_from));
        let waits = match self.random.below(4) {
            0 => self.random.between(1, 30),
            1 | 2 => self.random.between(1, 300),
            _ => u64::MAX,
        };
        self.watch.say(&self.who, || "starts".to_owned());
        match crash_at(worker.run(stop), waits).await {
            Ended::Crashed => {
                self.watch.state().counts.crashes += 1;
                self.watch.say(&self.who, || "CRASHES".to_owned());
            }
            Ended::Done(_) => self.watch.say(&self.who, || "stops".to_owned()),
        }
        let rest = self.random.between(100, 12 * MINUTE);
        self.time.sleep_until(later(self.time.now(), rest)).await;
    }
}

/// A worker's way to a platform: the invariants see each call that writes before the platform does.
struct Named {
    who: String,
    watch: Arc<Watch>,
    inner: Arc<dyn ChannelAdapter>,
}

#[async_trait]
impl ChannelAdapter for Named {
    fn channel(&self) -> Channel {
        self.inner.channel()
    }

    fn call_deadline(&self) -> Duration {
        self.inner.call_deadline()
    }

    fn begin(&self, post: &Post) -> Progress {
        self.inner.begin(post)
    }

    async fn advance(&self, post: Post, progress: Progress) -> Result<Step, AdapterError> {
        if matches!(progress.kind, StepKind::Repeatable | StepKind::Decisive) {
            self.watch.intends(Intended {
                who: &self.who,
                post: &post,
                progress: &progress,
            });
        }
        self.inner.advance(post, progress).await
    }

    async fn reconcile(&self, post: Post, progress: Progress) -> Result<Reconciled, AdapterError> {
        self.inner.reconcile(post, progress).await
    }
}
