//! The publish engine's throughput, latency and rest, beside its peers, as tables.

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

/// What a short look takes instead of the whole.
const QUICK_JOBS: &str = "4000";
const QUICK_FINISHED: &str = "50000";

/// Builds the peers and the engine for release, and runs them one after another on one private server.
pub(crate) fn run(shell: &Shell, quick: bool, only: &[String]) -> Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let _folder = shell.push_dir("benches-queue");
    // Two lockfiles: the peers' SQLite and the engine's can't stand in one.
    cmd!(
        shell,
        "{cargo} build --release --locked --manifest-path peers/Cargo.toml"
    )
    .run()
    .context("the peers don't build")?;
    let mut arguments = Vec::new();
    if quick {
        arguments.extend(["--jobs", QUICK_JOBS, "--finished", QUICK_FINISHED]);
    }
    for scenario in only {
        arguments.extend(["--only", scenario]);
    }
    cmd!(shell, "{cargo} run --release --locked -- {arguments...}").run()?;
    Ok(())
}
