//! sqlxmq. Its tables come, as its documentation asks, from copies of its migrations.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::ensure;
use sqlx::PgPool;
use sqlxmq::{CurrentJob, JobRegistry, job};

use crate::{LOOK, Payload, Report};

static FINISHED: AtomicU64 = AtomicU64::new(0);

#[job("answer_at_once")]
async fn answer_at_once(
    mut job: CurrentJob,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let _: Option<Payload> = job.json()?;
    job.complete().await?;
    FINISHED.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

pub(crate) async fn run(url: &str, jobs: u64) -> anyhow::Result<Report> {
    let pool = PgPool::connect(url).await?;
    sqlx::migrate!("./migrations").run(&pool).await?;
    fill(&pool, jobs).await?;

    let start = Instant::now();
    let runner = JobRegistry::new(&[answer_at_once])
        .runner(&pool)
        .run()
        .await?;
    while FINISHED.load(Ordering::Relaxed) < jobs {
        tokio::time::sleep(LOOK).await;
    }
    let seconds = start.elapsed().as_secs_f64();

    drop(runner);
    let left: i64 = sqlx::query_scalar("select count(*) from mq_payloads")
        .fetch_one(&pool)
        .await?;
    ensure!(left == 0, "sqlxmq left {left} jobs");
    let settings = format!(
        "{} connections, 16 to 32 jobs at once",
        pool.options().get_max_connections()
    );
    Ok(Report { seconds, settings })
}

/// The same rows as its builder makes with its own settings, a thousand in a call.
async fn fill(pool: &PgPool, jobs: u64) -> anyhow::Result<()> {
    for first in (0..jobs).step_by(1_000) {
        let last = (first + 1_000).min(jobs) - 1;
        sqlx::query(
            "select mq_insert(array_agg((uuid_generate_v4(), interval '0', 4, interval '1 second', '', '', null, false, \
             'answer_at_once', json_build_object('number', n)::text, null)::mq_new_t)) from generate_series($1, $2) n",
        )
        .bind(i64::try_from(first)?)
        .bind(i64::try_from(last)?)
        .execute(pool)
        .await?;
    }
    Ok(())
}
