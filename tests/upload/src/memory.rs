//! How much memory an upload takes. Linux counts it: `/proc/self/status`.

use std::fs;

use anyhow::{Context, Result, ensure};
use calendar_publish::model::JobStatus;
use tokio::process::Command;

use crate::engine::Engine;
use crate::server::{Kind, Tiktok};

/// Uploads a video and publishes it, and prints what the process needed above what it had when adapter, store
/// and transport stood ready.
pub(crate) async fn measure(bytes: u64, single_chunk_up_to: Option<u64>) -> Result<()> {
    let tiktok = Tiktok::start(Kind::Simulator).await?;
    let engine = Engine::new(&tiktok, bytes, single_chunk_up_to).await?;
    // What was needed until here is forgotten: the peak begins at what is resident now.
    fs::write("/proc/self/clear_refs", "5").context("the peak can't be reset")?;
    let idle = kibibytes("VmRSS")?;
    let job = engine.publish().await?;
    let above = kibibytes("VmHWM")?.saturating_sub(idle);
    ensure!(job.status == JobStatus::Published, "{job:?}");
    println!("{bytes} bytes published: idle {idle} KiB, peak {above} KiB above");
    Ok(())
}

/// The same in a process of its own.
pub(crate) async fn in_a_process(bytes: u64, single_chunk_up_to: Option<u64>) -> Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["memory", &bytes.to_string()]);
    if let Some(single) = single_chunk_up_to {
        println!("as one chunk up to {single} bytes:");
        command.args(["--single-chunk-up-to", &single.to_string()]);
    }
    ensure!(command.status().await?.success(), "it failed");
    Ok(())
}

fn kibibytes(name: &str) -> Result<u64> {
    let status =
        fs::read_to_string("/proc/self/status").context("only Linux counts memory here")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
        .context("the kernel doesn't count it")?;
    let number = line.split_whitespace().next().context("no number")?;
    Ok(number.parse()?)
}
