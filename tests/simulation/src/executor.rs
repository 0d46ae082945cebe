//! Runs futures on one thread in virtual time, in an order that a seed decides.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use calendar_publish::model::Timestamp;

use crate::random::Random;
use crate::time::VirtualTime;

/// More steps than this without any time passing are a loop that never waits.
const STEPS_AT_ONCE: u32 = 100_000;

/// Why a run stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Time is up.
    TimeIsUp,
    /// Nothing waits for anything any more.
    AllDone,
    /// Whoever looked on said so.
    Asked,
    /// Something runs in circles without ever waiting.
    Busy,
}

/// What the executor runs.
type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Runs futures in virtual time.
///
/// Of the futures that can go on, the seed chooses the next one. Time moves only when none can.
///
/// ```
/// use calendar_publish_simulation::executor::Executor;
/// use calendar_publish_simulation::time::VirtualTime;
///
/// let start = "2026-04-01T09:00:00Z".parse()?;
/// let time = VirtualTime::new(start);
/// let mut executor = Executor::new(time.clone(), 1);
/// let nine = time.clone();
/// executor.spawn(async move {
///     nine.sleep_until("2026-05-01T09:00:00Z".parse().unwrap_or(start)).await;
/// });
/// executor.run("2027-01-01T00:00:00Z".parse()?, || true);
/// assert_eq!(time.now().to_string(), "2026-05-01T09:00:00Z");
/// # Ok::<(), calendar_publish::Error>(())
/// ```
pub struct Executor {
    time: VirtualTime,
    random: Random,
    tasks: Vec<Option<Task>>,
    ready: Arc<Ready>,
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor")
            .field("time", &self.time)
            .field("tasks", &self.tasks.len())
            .finish_non_exhaustive()
    }
}

/// The tasks that can go on, each at most once.
#[derive(Debug, Default)]
struct Ready(Mutex<Vec<usize>>);

impl Ready {
    fn tasks(&self) -> MutexGuard<'_, Vec<usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct TaskWaker {
    task: usize,
    ready: Arc<Ready>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        let mut tasks = self.ready.tasks();
        if !tasks.contains(&self.task) {
            tasks.push(self.task);
        }
    }
}

impl Executor {
    /// An executor without tasks.
    pub fn new(time: VirtualTime, seed: u64) -> Self {
        Self {
            time,
            random: Random::of(seed, &[0xe8ec]),
            tasks: Vec::new(),
            ready: Arc::default(),
        }
    }

    /// Adds a task.
    pub fn spawn(&mut self, task: impl Future<Output = ()> + 'static) {
        self.ready.tasks().push(self.tasks.len());
        self.tasks.push(Some(Box::pin(task)));
    }

    /// Runs until nothing can happen before `end`. After each step `goes_on` is asked whether to.
    pub fn run(&mut self, end: Timestamp, mut goes_on: impl FnMut() -> bool) -> Stopped {
        let mut steps = 0;
        loop {
            while let Some(task) = self.choose() {
                self.step(task);
                steps += 1;
                if !goes_on() {
                    return Stopped::Asked;
                }
                if steps > STEPS_AT_ONCE {
                    return Stopped::Busy;
                }
            }
            steps = 0;
            match self.time.next_wake() {
                None => return Stopped::AllDone,
                Some(at) if at > end => {
                    self.time.move_to(end);
                    return Stopped::TimeIsUp;
                }
                Some(at) => self.time.move_to(at),
            }
        }
    }

    fn choose(&mut self) -> Option<usize> {
        let mut ready = self.ready.tasks();
        let count = ready.len();
        let place = self.random.below(count as u64);
        (count > 0).then(|| ready.remove(usize::try_from(place).unwrap_or(0)))
    }

    fn step(&mut self, place: usize) {
        let Some(slot) = self.tasks.get_mut(place) else {
            return;
        };
        let waker = Waker::from(Arc::new(TaskWaker {
            task: place,
            ready: self.ready.clone(),
        }));
        let mut context = Context::from_waker(&waker);
        if let Some(task) = slot
            && task.as_mut().poll(&mut context).is_ready()
        {
            *slot = None;
        }
    }
}

/// How a future ended that could crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended<T> {
    /// It came to its end.
    Done(T),
    /// It was dropped while it waited.
    Crashed,
}

/// Runs `future`, but drops it when it waits for the `waits`th time, as a crash at that point would.
pub async fn crash_at<T>(future: impl Future<Output = T>, waits: u64) -> Ended<T> {
    let mut future = Some(Box::pin(future));
    let mut left = waits;
    std::future::poll_fn(move |context| {
        let Some(running) = &mut future else {
            return Poll::Ready(Ended::Crashed);
        };
        match running.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Ended::Done(value)),
            Poll::Pending => {
                left = left.saturating_sub(1);
                if left > 0 {
                    return Poll::Pending;
                }
                future = None;
                Poll::Ready(Ended::Crashed)
            }
        }
    })
    .await
}
