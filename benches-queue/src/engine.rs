//! The engine over any store: filling its queue, and emptying it with one worker.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use calendar_publish::flags::Flags;
use calendar_publish::model::Timestamp;
use calendar_publish::ports::{Clock, JobResult, JobStore, ScheduleJobs};
use calendar_publish::publish::{PublishWorker, WorkReport, WorkerPorts, WorkerSettings};
use calendar_publish_adapters::clock::SystemClock;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::adapter::InstantAdapter;
use crate::fixture;

/// The machine's time, or one that lies behind it while jobs are made: a job can't be scheduled for
/// an instant that has passed, and due jobs are what is wanted.
#[derive(Debug, Default)]
pub(crate) struct SetupClock {
    behind_ms: AtomicI64,
}

impl SetupClock {
    /// A clock that is ten minutes behind.
    pub(crate) fn behind() -> Arc<Self> {
        let clock = Self::default();
        clock.behind_ms.store(600_000, Ordering::Relaxed);
        Arc::new(clock)
    }

    /// From now on it tells the machine's time.
    pub(crate) fn catch_up(&self) {
        self.behind_ms.store(0, Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for SetupClock {
    fn now(&self) -> Timestamp {
        let now = SystemClock.now().millis();
        Timestamp::from_millis(now - self.behind_ms.load(Ordering::Relaxed))
    }

    async fn sleep_until(&self, instant: Timestamp) {
        SystemClock.sleep_until(instant).await;
    }
}

/// So many instants, all of them now by the clock that jobs are made with.
pub(crate) fn due_now(clock: &SetupClock, jobs: u64) -> Result<Vec<Timestamp>> {
    // The clock goes on while the jobs are made: they are due when the last of them can be.
    let due = Timestamp::from_millis(clock.now().millis() + 594_000);
    Ok(vec![due; usize::try_from(jobs)?])
}

/// Stores the accounts.
pub(crate) async fn put_accounts(store: &dyn JobStore, count: u64) -> Result<()> {
    stream::iter(0..count)
        .map(|number| async move {
            store.put_account(fixture::account(number)?).await?;
            anyhow::Ok(())
        })
        .buffer_unordered(8)
        .try_collect()
        .await
}

/// Makes the jobs, call after call, and gives the seconds that took.
pub(crate) async fn schedule(store: &dyn JobStore, calls: Vec<ScheduleJobs>) -> Result<f64> {
    let start = Instant::now();
    for call in calls {
        for outcome in store.schedule_jobs(call).await?.outcomes {
            if let JobResult::Refused { error } = outcome.result {
                return Err(error).context("a job can't be scheduled");
            }
        }
    }
    Ok(start.elapsed().as_secs_f64())
}

/// Runs a worker with its own settings until `stop`.
pub(crate) async fn work(
    store: Arc<dyn JobStore>,
    adapter: Arc<InstantAdapter>,
    stop: impl Future<Output = ()>,
) -> Result<WorkReport> {
    let flags = Flags {
        publish_service: true,
        ..Flags::OFF
    };
    let ports = WorkerPorts {
        store,
        adapters: vec![adapter],
        clock: Arc::new(SystemClock),
        telemetry: Arc::new(()),
    };
    let settings = WorkerSettings::new("queue-bench".parse()?);
    let on = flags.publishing().context("publishing is off")?;
    Ok(PublishWorker::new(on, ports, settings)?.run(stop).await)
}

/// Publishes all due jobs and gives the seconds from the worker's start until it has ended, when the
/// last outcome is stored.
pub(crate) async fn drain(store: Arc<dyn JobStore>, jobs: u64) -> Result<f64> {
    let adapter = Arc::new(InstantAdapter::new(jobs));
    let start = Instant::now();
    let report = work(store, adapter.clone(), adapter.all()).await?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(
        report.published == jobs,
        "not every job is published: {report:?}"
    );
    Ok(seconds)
}
