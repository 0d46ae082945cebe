//! `graphile_worker`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use graphile_worker::{
    IntoTaskHandlerResult, JobSpec, LocalQueueConfig, RawJobSpec, TaskHandler, Worker,
    WorkerContext,
};

use crate::{LOOK, Payload, Report};

static STARTED: AtomicU64 = AtomicU64::new(0);

impl TaskHandler for Payload {
    const IDENTIFIER: &'static str = "answer_at_once";

    async fn run(self, _: WorkerContext) -> impl IntoTaskHandlerResult {
        STARTED.fetch_add(1, Ordering::Relaxed);
        Ok::<(), String>(())
    }
}

pub(crate) async fn run(url: &str, jobs: u64, batched: bool) -> anyhow::Result<Report> {
    let mut options = Worker::options().database_url(url).define_job::<Payload>();
    if batched {
        options = options
            .local_queue(LocalQueueConfig::default())
            .complete_job_batch_delay(Duration::from_millis(1));
    }
    let worker = Arc::new(options.init().await?);
    let jobs_to_add: Vec<RawJobSpec> = (0..jobs)
        .map(|number| {
            Ok(RawJobSpec {
                identifier: Payload::IDENTIFIER.to_owned(),
                payload: serde_json::to_value(Payload { number })?,
                spec: JobSpec::default(),
            })
        })
        .collect::<anyhow::Result<_>>()?;
    for some in jobs_to_add.chunks(1_000) {
        worker.create_utils().add_raw_jobs(some).await?;
    }

    let start = Instant::now();
    let running = tokio::spawn({
        let worker = worker.clone();
        async move {
            if batched {
                worker.run().await
            } else {
                // Without a local queue `run` takes one job a slot at each poll or notification, two
                // jobs a second here; this is what it offers for a queue that is full.
                worker.run_once().await
            }
        }
    });
    while STARTED.load(Ordering::Relaxed) < jobs {
        tokio::time::sleep(LOOK).await;
    }
    // Its handlers end before the database knows of it; an ended job's row is gone.
    while left(&worker).await? > 0 {
        tokio::time::sleep(LOOK).await;
    }
    let seconds = start.elapsed().as_secs_f64();

    worker.request_shutdown();
    running.await?.context("the worker ended with an error")?;
    let how = if batched {
        "run, local queue, completions in batches"
    } else {
        "run_once"
    };
    let settings = format!("{how}, {} jobs at once", worker.concurrency());
    Ok(Report { seconds, settings })
}

async fn left(worker: &Worker) -> anyhow::Result<i64> {
    sqlx_09::query_scalar("select count(*) from graphile_worker._private_jobs")
        .fetch_one(worker.pg_pool())
        .await
        .context("can't count the jobs that are left")
}
