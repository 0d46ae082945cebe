//! A week's calendar for both platforms, in trouble, as a seed says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use calendar_publish::model::{Channel, JobId, JobStatus, Timestamp};
use calendar_publish::ports::{Clock, JobStore};
use calendar_publish::publish::PublishWorker;
use calendar_publish::{Code, Error};
use calendar_publish_simulation::executor::{Executor, Stopped};
use calendar_publish_simulation::faults::{FaultyStore, StoreFaults};
use calendar_publish_simulation::random::Random;
use calendar_publish_simulation::time::VirtualClock;
use calendar_publish_simulators::PublishedPost;

use crate::flow::Flow;
use crate::mishap;
use crate::postman::{Heard, Postman};
use crate::wire::{Cut, Ended, Wire};
use crate::world::{Keeping, World, later};

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WORKERS: u64 = 2;
const ENTRIES: u32 = 14;

/// What every worker can publish with the same two adapters.
const FLOWS: [Flow; 7] = [
    Flow::InstagramImage,
    Flow::InstagramCarousel,
    Flow::InstagramReel,
    Flow::TiktokVideo,
    Flow::TiktokPhotos,
    Flow::TiktokVideoDraft,
    Flow::TiktokPhotosDraft,
];

/// What a week came to, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Jobs that were scheduled.
    pub jobs: u64,
    /// Posts and drafts that came out.
    pub posts: u64,
    /// Jobs that say that their post is out.
    pub published: u64,
    /// Jobs that need a person, by why.
    pub needs_attention: BTreeMap<String, u64>,
    /// Workers that were killed.
    pub deaths: u64,
    /// Exchanges with the platforms.
    pub exchanges: u64,
    /// Attempts.
    pub attempts: u64,
    /// Webhooks that were followed; those that came again aren't counted.
    pub webhooks: u64,
    /// What should not have happened.
    pub violations: Vec<String>,
}

impl Report {
    /// Adds another week.
    pub fn add(&mut self, other: Self) {
        self.jobs += other.jobs;
        self.posts += other.posts;
        self.published += other.published;
        self.deaths += other.deaths;
        self.exchanges += other.exchanges;
        self.attempts += other.attempts;
        self.webhooks += other.webhooks;
        for (code, count) in other.needs_attention {
            *self.needs_attention.entry(code).or_default() += count;
        }
        self.violations.extend(other.violations);
    }
}

struct Scheduled {
    id: JobId,
    name: String,
    flow: Flow,
    /// The account's id on the platform.
    external_id: String,
}

fn millis(millis: u64) -> i64 {
    i64::try_from(millis).unwrap_or(i64::MAX)
}

/// Publishes a week's calendar in six days of trouble and two of calm.
///
/// # Errors
/// What keeps the week from being set up.
pub fn week(seed: u64) -> Result<Report, Error> {
    let world = World::new(Keeping::Memory)?;
    let start = world.time.now();
    let calm_from = later(start, millis(7 * DAY));
    mishap::turn_knobs(&world, &mut Random::of(seed, &[5]));
    let jobs = schedule(&world, seed)?;
    let mut executor = Executor::new(world.time.clone(), seed);
    let mut lines = Vec::new();
    for number in 0..WORKERS {
        let mut lives = Lives::new(&world, seed, number, calm_from);
        lines.push(lives.wire.clone());
        lives.begin()?;
        executor.spawn(async move { lives.live().await });
    }
    let heard = Arc::new(Mutex::new(Heard::default()));
    let postman = Postman::new(&world, Random::of(seed, &[6]), heard.clone())?;
    executor.spawn(async move { postman.walk().await });
    executor.spawn(trouble(world.clone(), Random::of(seed, &[2]), calm_from));
    let stopped = executor.run(later(calm_from, millis(2 * DAY)), || true);
    drop(executor);
    let mut report = judge(&world, seed, &jobs)?;
    if stopped != Stopped::TimeIsUp {
        report.violations.push(format!("seed {seed}: {stopped:?}"));
    }
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
    report.webhooks = heard.followed;
    report.violations.extend(heard.refused.iter().cloned());
    for line in lines {
        report.deaths += line.deaths();
        report.exchanges += line.exchanges().len() as u64;
    }
    Ok(report)
}

/// Two accounts a platform and entries over a week, some due together.
fn schedule(world: &World, seed: u64) -> Result<Vec<Scheduled>, Error> {
    let mut random = Random::of(seed, &[1]);
    let start = world.time.now();
    let accounts = [
        world.link(Flow::InstagramImage, 1)?,
        world.link(Flow::InstagramImage, 2)?,
        world.link(Flow::TiktokVideo, 1)?,
        world.link(Flow::TiktokVideo, 2)?,
    ];
    let mut jobs = Vec::new();
    for number in 0..ENTRIES {
        let flow = FLOWS[number as usize % FLOWS.len()];
        // The two of a flow go to different accounts: a video draft has no caption to be known by.
        let second = number as usize / FLOWS.len();
        let account = match flow.channel() {
            Channel::Instagram => &accounts[second % 2],
            Channel::Tiktok => &accounts[2 + second % 2],
        };
        let due = if random.percent(20) {
            3 * DAY
        } else {
            random.between(MINUTE, 6 * DAY)
        };
        let name = format!("Pan {number}");
        let due = later(start, millis(due));
        jobs.push(Scheduled {
            id: world.schedule(flow, account, &name, due)?,
            name,
            flow,
            external_id: account.external_account_id.clone(),
        });
    }
    Ok(jobs)
}

/// Lets things go wrong at the platforms every few hours.
async fn trouble(world: Arc<World>, mut random: Random, calm_from: Timestamp) {
    loop {
        let pause = millis(random.between(10 * MINUTE, 10 * HOUR));
        world.time.sleep_until(later(world.time.now(), pause)).await;
        if world.time.now() >= calm_from {
            world.tiktok.clear_faults();
            world.instagram.clear_faults();
            return;
        }
        match random.below(5) {
            0 => {
                let number = random.between(1, 2);
                world
                    .tiktok
                    .expire_access(&format!("sim-open-id-{number:04}"));
            }
            1 | 2 => {
                if let Some(fault) = mishap::tiktok(&mut random) {
                    world.tiktok.fault(fault);
                }
            }
            _ => {
                if let Some(fault) = mishap::instagram(&mut random) {
                    world.instagram.fault(fault);
                }
            }
        }
    }
}

/// A worker's processes, one after the other.
struct Lives {
    who: String,
    world: Arc<World>,
    wire: Arc<Wire>,
    random: Random,
    faults: StoreFaults,
    calm_from: Timestamp,
}

impl Lives {
    fn new(world: &Arc<World>, seed: u64, number: u64, calm_from: Timestamp) -> Self {
        let mut random = Random::of(seed, &[3, number]);
        let mut cuts = Random::of(seed, &[4, number]);
        let time = world.time.clone();
        let script = move |_| {
            if time.now() >= calm_from || !cuts.percent(8) {
                return None;
            }
            cuts.weighted(&Cut::ALL.map(|cut| (1, cut)))
        };
        let is_rough = random.percent(50);
        let faults = StoreFaults {
            unreachable_percent: if is_rough { random.below(5) } else { 0 },
            answer_lost_percent: if is_rough { random.below(5) } else { 0 },
            slow_percent: random.below(10),
            slow_millis: 20 * SECOND,
            stalled_permille: if is_rough { random.below(20) } else { 0 },
            stalled_millis: 15 * MINUTE,
            outages: Vec::new(),
            calm_from,
        };
        Self {
            who: format!("live-worker-{number}"),
            wire: world.wire(Box::new(script)),
            world: world.clone(),
            random,
            faults,
            calm_from,
        }
    }

    /// The next process. Its clock is its own.
    fn begin(&mut self) -> Result<PublishWorker, Error> {
        let world = &self.world;
        let off = millis(self.random.below(180 * SECOND)) - millis(90 * SECOND);
        let clock = VirtualClock::skewed(world.time.clone(), off, 50);
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let store: Arc<dyn JobStore> = Arc::new(FaultyStore::new(
            self.who.clone(),
            world.store.clone(),
            world.time.clone(),
            self.faults.clone(),
            Random::new(self.random.below(u64::MAX)),
            Arc::new(()),
        ));
        let adapters = vec![
            Flow::InstagramImage.adapter(world, &self.wire, &clock)?,
            Flow::TiktokVideo.adapter(world, &self.wire, &clock)?,
        ];
        world.worker(store, adapters, clock)
    }

    async fn live(&mut self) {
        while let Ok(worker) = self.begin() {
            let time = self.world.time.clone();
            let is_calm = time.now() >= self.calm_from;
            let ends = later(time.now(), millis(self.random.between(HOUR, 40 * HOUR)));
            let process = async {
                if is_calm {
                    worker.run(std::future::pending()).await;
                } else {
                    worker.run(time.sleep_until(ends.min(self.calm_from))).await;
                }
            };
            let ended = self.wire.mortal(process).await;
            let rest = match ended {
                Ended::Killed => self.random.between(SECOND, 20 * MINUTE),
                Ended::Done => self.random.between(SECOND, MINUTE),
            };
            let rest = later(self.world.time.now(), millis(rest));
            self.world.time.sleep_until(rest).await;
        }
    }
}

/// Holds what the jobs say against what came out.
fn judge(world: &World, seed: u64, jobs: &[Scheduled]) -> Result<Report, Error> {
    let posts = world.posts();
    let mut report = Report {
        jobs: jobs.len() as u64,
        posts: posts.len() as u64,
        ..Report::default()
    };
    let mut claimed = 0;
    for scheduled in jobs {
        let (job, attempts) = world.job(scheduled.id)?;
        let out: Vec<&PublishedPost> = posts.iter().filter(|post| scheduled.is(post)).collect();
        claimed += out.len();
        report.attempts += attempts.len() as u64;
        let says_out = matches!(
            job.status,
            JobStatus::Published | JobStatus::DeliveredToInbox
        );
        let wrong = if out.len() > 1 {
            Some("is out more than once")
        } else if job.attempt_count > 4 {
            Some("had more than four attempts")
        } else if !job.status.is_terminal() && job.status != JobStatus::NeedsAttention {
            Some("is stuck")
        } else if says_out && out.is_empty() {
            Some("is said to be out and isn't")
        } else if !says_out && !out.is_empty() && job.last_error != Some(Code::OutcomeUnknown) {
            Some("is out and is said not to be")
        } else {
            None
        };
        if let Some(wrong) = wrong {
            report.violations.push(format!(
                "seed {seed}: `{}` ({:?}) {wrong}: {job:?} {attempts:#?} {out:?}",
                scheduled.name, scheduled.flow
            ));
        }
        if says_out {
            report.published += 1;
        } else {
            let code = job.last_error.map_or("none", Code::as_str);
            *report.needs_attention.entry(code.to_owned()).or_default() += 1;
        }
    }
    if claimed != posts.len() {
        let strays: Vec<_> = posts
            .iter()
            .filter(|post| !jobs.iter().any(|job| job.is(post)))
            .collect();
        report
            .violations
            .push(format!("seed {seed}: posts of no job: {strays:?}"));
    }
    Ok(report)
}

impl Scheduled {
    /// Whether a post is the job's.
    fn is(&self, post: &PublishedPost) -> bool {
        let has_its_name = match self.flow {
            Flow::TiktokVideoDraft => post.is_draft && post.media.len() == 1,
            _ => post.caption == self.name,
        };
        has_its_name && post.account == self.external_id
    }
}
