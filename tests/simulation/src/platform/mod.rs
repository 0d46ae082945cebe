//! A platform that does as it is told, and keeps the truth about what came out.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//! use calendar_publish::model::{JobId, deterministic_uuid};
//! use calendar_publish_simulation::platform::{Flow, Outcome, ScriptedPlatform};
//! use calendar_publish_simulation::time::{VirtualClock, VirtualTime};
//!
//! let time = VirtualTime::new("2026-04-01T09:00:00Z".parse()?);
//! let clock = Arc::new(VirtualClock::new(time));
//! let platform = ScriptedPlatform::new(Flow::Container, clock);
//! let job_id = JobId::new(deterministic_uuid(&["job"]));
//! // The first try meets a rate limit, the second one comes out, but nobody is told.
//! platform.script(job_id, [
//!     Outcome::rate_limited(Some(Duration::from_secs(60))),
//!     Outcome::AnswerLost { published: true },
//! ]);
//! assert!(platform.posts().is_empty());
//! # Ok::<(), calendar_publish::Error>(())
//! ```

mod look;
mod record;
mod script;
mod server;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::model::{Channel, JobId};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Clock, Post, Progress, Reconciled, Step,
};

pub use record::{Call, PlatformEvent, Publication};
pub use script::{Evidence, Flow, Mix, Outcome, Place, Turn};
use server::{Manner, Server};

/// The longest that a call can take, unless it is set.
const CALL_DEADLINE: Duration = Duration::from_secs(60);

/// Who wants to know at once what happens on a platform.
pub type Observer = Arc<dyn Fn(&PlatformEvent) + Send + Sync>;

/// A platform and the adapter to it, in one.
///
/// Each job has its own script: what happens to its first try, its second and so on; after the
/// script's end everything is published. A job without a script gets what the seed and the [`Mix`] say
/// (without either everything is published at once). What a job gets doesn't depend on what other jobs
/// do or when.
///
/// The clock is only for waiting: with a latency of zero (as it begins) calls are answered at once,
/// but for lost answers, which take the whole deadline. A call that was received takes effect even if
/// its caller is dropped.
pub struct ScriptedPlatform {
    clock: Arc<dyn Clock>,
    server: Mutex<Server>,
    observer: Option<Observer>,
}

impl fmt::Debug for ScriptedPlatform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedPlatform")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

impl ScriptedPlatform {
    /// A platform on which everything is published at once.
    pub fn new(flow: Flow, clock: Arc<dyn Clock>) -> Self {
        let channel = match flow {
            Flow::Container => Channel::Instagram,
            Flow::Upload | Flow::PullFromUrl | Flow::UploadOrPull => Channel::Tiktok,
        };
        Self {
            clock,
            server: Mutex::new(Server::new(Manner {
                channel,
                flow,
                seed: 0,
                mix: Mix::FLAWLESS,
                deadline: CALL_DEADLINE,
                latency: (0, 0),
                chunks: 2,
            })),
            observer: None,
        }
    }

    /// The same, where jobs without a script get what `seed` says.
    #[must_use]
    pub fn seeded(self, seed: u64, mix: Mix) -> Self {
        self.with(|manner| {
            manner.seed = seed;
            manner.mix = mix;
        })
    }

    /// The same, where no call takes longer than `deadline`.
    #[must_use]
    pub fn with_call_deadline(self, deadline: Duration) -> Self {
        self.with(|manner| manner.deadline = deadline)
    }

    /// The same, where an answer takes from `shortest` to `longest`.
    #[must_use]
    pub fn with_latency(self, shortest: Duration, longest: Duration) -> Self {
        let millis = |wait: Duration| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        self.with(|manner| manner.latency = (millis(shortest), millis(longest)))
    }

    /// The same, where an upload has so many chunks, at least one.
    #[must_use]
    pub fn with_chunks(self, chunks: u32) -> Self {
        self.with(|manner| manner.chunks = chunks.max(1))
    }

    /// The same, telling `observer` what happens as it happens.
    #[must_use]
    pub fn observed_by(mut self, observer: Observer) -> Self {
        self.observer = Some(observer);
        self
    }

    fn with(self, change: impl FnOnce(&mut Manner)) -> Self {
        change(&mut self.server().manner);
        self
    }

    /// Says what happens to the tries of a job, in turn.
    pub fn script<T: Into<Turn>>(&self, job_id: JobId, turns: impl IntoIterator<Item = T>) {
        let turns = turns.into_iter().map(Into::into).collect();
        self.server().scripts.insert(job_id, turns);
    }

    /// Everything that has come out, in order.
    pub fn posts(&self) -> Vec<Publication> {
        self.settle();
        self.server().posts.clone()
    }

    /// Every call that came in, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.server().calls.clone()
    }

    /// Lets everything come out that is due by now.
    pub fn settle(&self) {
        let now = self.clock.now();
        self.server().settle(now);
        self.tell();
    }

    /// A panic of an observer can't leave the records half written.
    fn server(&self) -> MutexGuard<'_, Server> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        let news = std::mem::take(&mut self.server().news);
        if let Some(observer) = &self.observer {
            for event in &news {
                observer(event);
            }
        }
    }
}

/// Notes when a caller stops waiting, even one that is dropped.
struct Caller<'a> {
    platform: &'a ScriptedPlatform,
    call: usize,
    answered: bool,
}

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        let now = self.platform.clock.now();
        self.platform.server().ended(self.call, now, !self.answered);
        self.platform.tell();
    }
}

#[async_trait]
impl ChannelAdapter for ScriptedPlatform {
    fn channel(&self) -> Channel {
        self.server().manner.channel
    }

    fn call_deadline(&self) -> Duration {
        self.server().manner.deadline
    }

    fn begin(&self, post: &Post) -> Progress {
        self.server().begin(post)
    }

    async fn advance(&self, post: Post, progress: Progress) -> Result<Step, AdapterError> {
        let now = self.clock.now();
        let plan = self.server().step(now, &post, &progress);
        let mut caller = Caller {
            platform: self,
            call: plan.call,
            answered: false,
        };
        self.tell();
        if plan.at > now {
            self.clock.sleep_until(plan.at).await;
        }
        caller.answered = true;
        plan.answer.into()
    }

    async fn reconcile(&self, post: Post, progress: Progress) -> Result<Reconciled, AdapterError> {
        let now = self.clock.now();
        let plan = self.server().look(now, &post, &progress);
        let mut caller = Caller {
            platform: self,
            call: plan.call,
            answered: false,
        };
        self.tell();
        if plan.at > now {
            self.clock.sleep_until(plan.at).await;
        }
        caller.answered = true;
        Ok(plan.answer)
    }
}
