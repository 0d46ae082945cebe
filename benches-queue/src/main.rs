//! The publish engine's throughput, latency and rest, beside job queues of others on the same private
//! PostgreSQL with stock durability. `cargo xtask bench-queue` builds and runs it.

mod adapter;
mod database;
mod engine;
mod fixture;
mod peers;
mod scenarios;
mod table;

use std::path::PathBuf;

use anyhow::Result;
use calendar_publish_postgres_harness::{Durability, PrivatePostgres};
use clap::{Parser, ValueEnum};

use crate::table::Rate;

#[derive(Parser)]
struct Arguments {
    /// How many jobs are due.
    #[arg(long, default_value_t = 20_000)]
    jobs: u64,
    /// How many finished jobs are in the tables of `finished`.
    #[arg(long, default_value_t = 1_000_000)]
    finished: u64,
    /// How many jobs `resident` publishes.
    #[arg(long, default_value_t = 1_000_000)]
    resident: u64,
    /// Only these; without it everything but `resident`.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Scenario>,
    /// The program that runs the peers.
    #[arg(long, default_value = "peers/target/release/queue-bench-peers")]
    peers: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scenario {
    /// The engine on PostgreSQL, each job on an account of its own, and ten an account.
    Postgres,
    /// sqlxmq, `graphile_worker` and a loop in plain SQL.
    Peers,
    /// The engine with many finished jobs in the tables.
    Finished,
    /// From due to called.
    Latency,
    /// A worker without work.
    Idle,
    /// The engine on SQLite.
    Sqlite,
    /// The engine on the store in memory: what it costs itself.
    Memory,
    /// The worker's memory over many jobs.
    Resident,
}

impl Arguments {
    fn wants(&self, scenario: Scenario) -> bool {
        if self.only.is_empty() {
            scenario != Scenario::Resident
        } else {
            self.only.contains(&scenario)
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut rates: Vec<Rate> = Vec::new();
    let mut scheduled: Vec<Rate> = Vec::new();
    let mut figures: Vec<(String, String)> = Vec::new();
    let keep = |run: scenarios::Run, rates: &mut Vec<Rate>, scheduled: &mut Vec<Rate>| {
        run.scheduled.say();
        run.published.say();
        scheduled.push(run.scheduled);
        rates.push(run.published);
    };
    let jobs = arguments.jobs;
    let server = PrivatePostgres::start(Durability::Stock);

    if arguments.wants(Scenario::Postgres) {
        for accounts in [jobs, jobs / 10] {
            let run = scenarios::postgres(&server, accounts, jobs).await?;
            keep(run, &mut rates, &mut scheduled);
        }
    }
    if arguments.wants(Scenario::Peers) {
        let mut found = Vec::new();
        for clients in [1, 8] {
            let report = peers::sql_loop(&server, clients, jobs).await?;
            found.push(("plain SQL loop (pgbench)", report));
        }
        for (what, peer) in [
            ("sqlxmq", "sqlxmq"),
            ("graphile_worker", "graphile"),
            ("graphile_worker, batched", "graphile-batched"),
        ] {
            found.push((what, peers::queue(&server, &arguments.peers, peer, jobs)?));
        }
        for (what, report) in found {
            let rate = Rate {
                what: what.to_owned(),
                settings: report.settings,
                jobs,
                seconds: report.seconds,
            };
            rate.say();
            rates.push(rate);
        }
    }
    if arguments.wants(Scenario::Finished) {
        let (empty, full) = scenarios::finished(&server, jobs, jobs, arguments.finished).await?;
        let ratio = full.published.per_second() / empty.published.per_second();
        figures.push((
            format!(
                "with {} finished jobs, to the empty tables",
                arguments.finished
            ),
            format!("{ratio:.2}"),
        ));
        keep(empty, &mut rates, &mut scheduled);
        keep(full, &mut rates, &mut scheduled);
    }
    if arguments.wants(Scenario::Sqlite) {
        keep(
            scenarios::sqlite(jobs, jobs).await?,
            &mut rates,
            &mut scheduled,
        );
    }
    if arguments.wants(Scenario::Memory) {
        keep(
            scenarios::memory(jobs, jobs).await?,
            &mut rates,
            &mut scheduled,
        );
    }
    if arguments.wants(Scenario::Latency) {
        figures.push((
            "from due to called, 1,000 jobs over 20 s".to_owned(),
            scenarios::latency(&server).await?,
        ));
    }
    if arguments.wants(Scenario::Idle) {
        figures.push((
            "a worker without work, over 20 s".to_owned(),
            scenarios::idle(&server).await?,
        ));
    }
    if arguments.wants(Scenario::Resident) {
        figures.extend(scenarios::resident(arguments.resident).await?);
    }

    for (title, table) in [
        ("Publishing", table::rates(&rates)),
        ("Scheduling", table::rates(&scheduled)),
        ("Figures", table::figures(&figures)),
    ] {
        println!("\n{title}\n{table}");
    }
    Ok(())
}
