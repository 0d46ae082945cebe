//! A private PostgreSQL with stock durability, and what it says of itself.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use calendar_publish_adapters::postgres::PostgresStore;
use tokio_postgres::{Client, NoTls};

use crate::engine::SetupClock;

/// A connection that lives as long as the process.
pub(crate) async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // What breaks the connection is answered to whoever uses it next.
    tokio::spawn(connection);
    Ok(client)
}

/// The store twice: one whose time lies behind, to make jobs with, and one as a host opens it.
pub(crate) async fn stores(
    url: &str,
) -> Result<(PostgresStore, Arc<PostgresStore>, Arc<SetupClock>)> {
    let clock = SetupClock::behind();
    let setup = PostgresStore::connect(url).await?.with_clock(clock.clone());
    setup.migrate().await?;
    let store = PostgresStore::connect(url).await?;
    Ok((setup, Arc::new(store), clock))
}

/// Two rows of the ledger stand there for every job: the attempt, and what came of it.
pub(crate) async fn check_ledger(client: &Client, jobs: u64) -> Result<()> {
    let row = client
        .query_one("select count(*) from public.publish_ledger", &[])
        .await?;
    let rows = u64::try_from(row.get::<_, i64>(0))?;
    ensure!(
        rows == 2 * jobs,
        "{rows} rows in the ledger for {jobs} jobs"
    );
    Ok(())
}

/// Copies the finished jobs with all that belongs to them until there are `wanted`.
pub(crate) async fn multiply_finished(client: &Client, wanted: u64) -> Result<u64> {
    let row = client
        .query_one(
            "select count(*) from public.publish_jobs where status = 'published'",
            &[],
        )
        .await?;
    let there = u64::try_from(row.get::<_, i64>(0))?;
    ensure!(there > 0, "no finished jobs to copy");
    let copies = wanted.div_ceil(there).saturating_sub(1);
    let id = "md5(k::text || t.JOB::text)::uuid";
    let job = |column: &str| id.replace("JOB", column);
    // They ended days ago, as most finished jobs did. Each copied chain is an account's of its own.
    let old = "now() - interval '3 days'";
    let jobs = [
        ("id", job("id")),
        ("calendar_entry_id", job("calendar_entry_id")),
        ("updated_at", old.to_owned()),
        ("created_at", old.to_owned()),
        ("scheduled_at", old.to_owned()),
    ];
    copy(client, "public.publish_jobs", &jobs, copies).await?;
    copy(
        client,
        "calendar_publish.job_contents",
        &[("job_id", job("job_id"))],
        copies,
    )
    .await?;
    let attempts = [("id", job("id")), ("publish_job_id", job("publish_job_id"))];
    copy(client, "public.publish_attempts", &attempts, copies).await?;
    let ledger = [("account_id", job("account_id")), ("job_id", job("job_id"))];
    copy(client, "public.publish_ledger", &ledger, copies).await?;
    client.batch_execute("vacuum analyze").await?;
    client.batch_execute("checkpoint").await?;
    Ok(there * (copies + 1))
}

async fn copy(client: &Client, table: &str, changed: &[(&str, String)], copies: u64) -> Result<()> {
    let rows = client
        .query(
            "select attname::text from pg_attribute
             where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = ''",
            &[&table],
        )
        .await?;
    let columns: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let values: Vec<String> = columns
        .iter()
        .map(|column| {
            let change = changed.iter().find(|(name, _)| name == column);
            change.map_or_else(|| format!("t.{column}"), |(_, value)| value.clone())
        })
        .collect();
    let statement = format!(
        "insert into {table} ({}) select {} from {table} t, generate_series(1, {copies}) k",
        columns.join(", "),
        values.join(", ")
    );
    client
        .batch_execute(&statement)
        .await
        .with_context(|| format!("can't copy {table}"))
}

/// How many transactions a database has committed.
pub(crate) async fn commits(elsewhere: &Client, database: &str) -> Result<i64> {
    let row = elsewhere
        .query_one(
            "select xact_commit from pg_stat_database where datname = $1",
            &[&database],
        )
        .await?;
    Ok(row.get(0))
}
