//! One peer of the publish engine's throughput benchmark: fills its queue, empties it with one worker
//! that answers at once, and prints the time as JSON.

mod graphile;
mod sqlxmq;

use std::time::Duration;

use clap::{Parser, ValueEnum};
use serde::{Deserialize, Serialize};

#[derive(Parser)]
struct Arguments {
    /// Whose queue.
    peer: Peer,
    /// An empty database.
    #[arg(long)]
    url: String,
    /// How many jobs are due.
    #[arg(long, default_value_t = 20_000)]
    jobs: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Peer {
    /// sqlxmq with its own settings.
    Sqlxmq,
    /// `graphile_worker` with its own settings.
    Graphile,
    /// `graphile_worker` with its local queue and its batches of completions, which are off unless asked for.
    GraphileBatched,
}

/// What a run came to.
#[derive(Serialize)]
struct Report {
    /// The time from the worker's start until the last job's end was stored.
    seconds: f64,
    /// What the worker ran with.
    settings: String,
}

/// The content of a job: enough to find what is to be done.
#[derive(Serialize, Deserialize)]
struct Payload {
    number: u64,
}

/// How often the counter of finished jobs is looked at.
const LOOK: Duration = Duration::from_millis(2);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let (url, jobs) = (&arguments.url, arguments.jobs);
    let report = match arguments.peer {
        Peer::Sqlxmq => sqlxmq::run(url, jobs).await,
        Peer::Graphile => graphile::run(url, jobs, false).await,
        Peer::GraphileBatched => graphile::run(url, jobs, true).await,
    }?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}
