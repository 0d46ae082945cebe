//! What is measured of the engine.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::Timestamp;
use calendar_publish::ports::{Clock, JobStore};
use calendar_publish_adapters::clock::SystemClock;
use calendar_publish_adapters::sqlite::SqliteStore;
use calendar_publish_postgres_harness::{Durability, PrivatePostgres};
use hdrhistogram::Histogram;

use crate::adapter::InstantAdapter;
use crate::database::{check_ledger, commits, connect, multiply_finished, stores};
use crate::engine::{SetupClock, drain, due_now, put_accounts, schedule, work};
use crate::fixture::calls;
use crate::table::Rate;

/// What one filling and emptying of a queue came to.
pub(crate) struct Run {
    pub(crate) scheduled: Rate,
    pub(crate) published: Rate,
}

fn run(what: &str, accounts: u64, jobs: u64, seconds: (f64, f64)) -> Run {
    let rate = |what: String, settings: &str, seconds| Rate {
        what,
        settings: settings.to_owned(),
        jobs,
        seconds,
    };
    Run {
        scheduled: rate(
            format!("scheduling, {what}"),
            "1,000 jobs a call, one call at a time",
            seconds.0,
        ),
        published: rate(
            format!("{what}, {accounts} accounts"),
            "512 jobs at once, two ledger rows a job",
            seconds.1,
        ),
    }
}

/// The engine on PostgreSQL with empty tables.
pub(crate) async fn postgres(server: &PrivatePostgres, accounts: u64, jobs: u64) -> Result<Run> {
    let url = server.create_database();
    let (setup, store, clock) = stores(&url).await?;
    put_accounts(&setup, accounts).await?;
    let scheduled = schedule(&setup, calls(accounts, &due_now(&clock, jobs)?)?).await?;
    let published = drain(store, jobs).await?;
    check_ledger(&connect(&url).await?, jobs).await?;
    Ok(run(
        "calendar-publish on PostgreSQL",
        accounts,
        jobs,
        (scheduled, published),
    ))
}

/// The engine on PostgreSQL, first with empty tables and then with `finished` jobs in them.
pub(crate) async fn finished(
    server: &PrivatePostgres,
    accounts: u64,
    jobs: u64,
    finished: u64,
) -> Result<(Run, Run)> {
    let url = server.create_database();
    let (setup, store, clock) = stores(&url).await?;
    put_accounts(&setup, accounts).await?;
    let mut seconds = Vec::new();
    for filled in [false, true] {
        if filled {
            let client = connect(&url).await?;
            let there = multiply_finished(&client, finished).await?;
            println!("{there} finished jobs are in the tables");
        }
        let scheduled = schedule(&setup, calls(accounts, &due_now(&clock, jobs)?)?).await?;
        seconds.push((scheduled, drain(store.clone(), jobs).await?));
    }
    Ok((
        run("calendar-publish, tables empty", accounts, jobs, seconds[0]),
        run(
            &format!("calendar-publish, {finished} finished jobs"),
            accounts,
            jobs,
            seconds[1],
        ),
    ))
}

/// The engine on a file of SQLite.
pub(crate) async fn sqlite(accounts: u64, jobs: u64) -> Result<Run> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("calendar.db");
    let clock = SetupClock::behind();
    let store = Arc::new(SqliteStore::open(&path)?.with_clock(clock.clone()));
    embedded("calendar-publish on SQLite", store, &clock, accounts, jobs).await
}

/// The engine on the store in memory.
pub(crate) async fn memory(accounts: u64, jobs: u64) -> Result<Run> {
    let clock = SetupClock::behind();
    let store = Arc::new(MemoryStore::new(clock.clone()));
    embedded("calendar-publish in memory", store, &clock, accounts, jobs).await
}

async fn embedded(
    what: &str,
    store: Arc<dyn JobStore>,
    clock: &SetupClock,
    accounts: u64,
    jobs: u64,
) -> Result<Run> {
    put_accounts(&*store, accounts).await?;
    let scheduled = schedule(&*store, calls(accounts, &due_now(clock, jobs)?)?).await?;
    clock.catch_up();
    let published = drain(store, jobs).await?;
    Ok(run(what, accounts, jobs, (scheduled, published)))
}

/// From the instant that a job is due until its platform is called, over jobs spread over 20 seconds.
pub(crate) async fn latency(server: &PrivatePostgres) -> Result<String> {
    const JOBS: u64 = 1_000;
    const SPREAD_MS: i64 = 20_000;
    let url = server.create_database();
    let (setup, store, _) = stores(&url).await?;
    put_accounts(&setup, JOBS).await?;
    let first = SystemClock.now().millis() + 5_000;
    let due: Vec<Timestamp> = (0..i64::try_from(JOBS)?)
        .map(|number| Timestamp::from_millis(first + number * SPREAD_MS / 1_000))
        .collect();
    schedule(&setup, calls(JOBS, &due)?).await?;
    ensure!(
        SystemClock.now().millis() < first,
        "scheduling took too long for the latency to be told"
    );
    let adapter = Arc::new(InstantAdapter::new(JOBS));
    work(store, adapter.clone(), adapter.all()).await?;
    let mut histogram = Histogram::<u64>::new(3)?;
    for late in adapter.take_lateness() {
        histogram.record(late)?;
    }
    ensure!(
        histogram.len() == JOBS,
        "{} calls for {JOBS} jobs",
        histogram.len()
    );
    Ok(format!(
        "p50 {} ms, p99 {} ms, longest {} ms",
        histogram.value_at_quantile(0.5),
        histogram.value_at_quantile(0.99),
        histogram.max()
    ))
}

/// What a worker with nothing to do costs the database.
pub(crate) async fn idle(server: &PrivatePostgres) -> Result<String> {
    const SECONDS: u32 = 20;
    let url = server.create_database();
    let database = url
        .rsplit('/')
        .next()
        .context("an address without a database")?;
    let (setup, store, _) = stores(&url).await?;
    put_accounts(&setup, 10).await?;
    drop(setup);
    let elsewhere = connect(&server.url("postgres")).await?;
    // A session tells its commits a little after it made them.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = commits(&elsewhere, database).await?;
    let stop = tokio::time::sleep(Duration::from_secs(SECONDS.into()));
    work(store, Arc::new(InstantAdapter::new(1)), stop).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let commits = f64::from(i32::try_from(
        commits(&elsewhere, database).await? - before,
    )?);
    Ok(format!("{:.2} commits/s", commits / f64::from(SECONDS)))
}

/// The memory of this process while one worker publishes `jobs`, a line each tenth. The database
/// doesn't wait for the disk here: it is not its time that is measured.
pub(crate) async fn resident(jobs: u64) -> Result<Vec<(String, String)>> {
    const CHUNK: u64 = 20_000;
    let server = PrivatePostgres::start(Durability::Off);
    let url = server.create_database();
    let (setup, store, clock) = stores(&url).await?;
    put_accounts(&setup, CHUNK).await?;
    let adapter = Arc::new(InstantAdapter::new(jobs));
    let worker = tokio::spawn({
        let adapter = adapter.clone();
        async move { work(store, adapter.clone(), adapter.all()).await }
    });
    let mut figures = Vec::new();
    let mut made = 0;
    let mut next = jobs / 10;
    while adapter.calls() < jobs {
        // The worker is fed as it goes, so that only its own memory is seen and not the jobs to come.
        if made < jobs && made < adapter.calls() + CHUNK {
            let count = CHUNK.min(jobs - made);
            schedule(&setup, calls(CHUNK, &due_now(&clock, count)?)?).await?;
            made += count;
        }
        if adapter.calls() >= next {
            let figure = (
                format!("memory after {} jobs", adapter.calls()),
                resident_now()?,
            );
            println!("{}: {}", figure.0, figure.1);
            figures.push(figure);
            next += jobs / 10;
        }
        ensure!(
            !worker.is_finished() || adapter.calls() >= jobs,
            "the worker has ended early"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let report = worker.await??;
    ensure!(
        report.published == jobs,
        "not every job is published: {report:?}"
    );
    figures.push(("memory at the end".to_owned(), resident_now()?));
    Ok(figures)
}

#[allow(clippy::cast_precision_loss)]
fn resident_now() -> Result<String> {
    let status = std::fs::read_to_string(Path::new("/proc/self/status"))?;
    let kilobytes: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next())
        .context("no VmRSS in /proc/self/status")?
        .parse()?;
    Ok(format!("{:.1} MiB", kilobytes as f64 / 1_024.0))
}
