//! The peers, each in a process of its own, on the same server.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use calendar_publish_postgres_harness::PrivatePostgres;
use serde::Deserialize;

use crate::database::connect;

/// What a peer's run came to.
#[derive(Deserialize)]
pub(crate) struct PeerReport {
    /// From the worker's start until the last job's end was stored.
    pub(crate) seconds: f64,
    /// What it ran with.
    pub(crate) settings: String,
}

/// Runs a job queue of somebody else's.
pub(crate) fn queue(
    server: &PrivatePostgres,
    program: &Path,
    peer: &str,
    jobs: u64,
) -> Result<PeerReport> {
    let output = Command::new(program)
        .arg(peer)
        .args([
            "--url",
            &server.create_database(),
            "--jobs",
            &jobs.to_string(),
        ])
        .output()
        .with_context(|| format!("{}: cargo xtask bench-queue builds it", program.display()))?;
    ensure!(
        output.status.success(),
        "{peer}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}

const TABLE: &str = "
    create table jobs (id bigint primary key, due timestamptz not null, status text not null, finished timestamptz);
    insert into jobs select n, now(), 'due' from generate_series(1, JOBS) n;
    create index on jobs (due, id) where status = 'due';";

/// One job a transaction: claimed, and finished.
const LOOP: &str = r"begin;
select id from jobs where status = 'due' order by due, id limit 1 for update skip locked \gset
update jobs set status = 'done', finished = now() where id = :id;
commit;
";

/// Runs the plain loop in SQL over so many connections.
pub(crate) async fn sql_loop(
    server: &PrivatePostgres,
    clients: u64,
    jobs: u64,
) -> Result<PeerReport> {
    let url = server.create_database();
    let client = connect(&url).await?;
    client
        .batch_execute(&TABLE.replace("JOBS", &jobs.to_string()))
        .await?;
    client.batch_execute("vacuum analyze").await?;
    let folder = tempfile::tempdir()?;
    let script = folder.path().join("loop.sql");
    std::fs::write(&script, LOOP)?;
    let output = Command::new(pgbench())
        .args([
            "--no-vacuum",
            "--protocol=prepared",
            "--client",
            &clients.to_string(),
        ])
        .args(["--transactions", &(jobs / clients).to_string(), "--file"])
        .arg(&script)
        .arg(&url)
        .output()
        .context("pgbench is missing: apt-get install -y postgresql-15")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(
        output.status.success(),
        "pgbench: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let row = client
        .query_one("select count(*) from jobs where status = 'due'", &[])
        .await?;
    ensure!(
        row.get::<_, i64>(0) == i64::try_from(jobs % clients)?,
        "pgbench left jobs"
    );
    let per_second: f64 = said
        .lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|rest| rest.split_whitespace().next())
        .context("pgbench printed no rate")?
        .parse()?;
    #[allow(clippy::cast_precision_loss)]
    Ok(PeerReport {
        seconds: jobs as f64 / per_second,
        settings: format!("{clients} connections, one job a transaction"),
    })
}

fn pgbench() -> PathBuf {
    let installed = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    installed
        .map(|version| version.path().join("bin/pgbench"))
        .filter(|path| path.exists())
        .max()
        .unwrap_or_else(|| PathBuf::from("pgbench"))
}
