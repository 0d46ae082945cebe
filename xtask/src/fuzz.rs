//! The fuzz targets, run for a bounded time each.

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

use crate::tools;

/// Runs every target, or the one named, for `seconds` each. A crash fails with its input's file.
pub(crate) fn run(shell: &Shell, seconds: u32, only: Option<&str>) -> anyhow::Result<()> {
    let program = tools::cargo_fuzz(shell)?;
    // The sanitizer's coverage flags are unstable; the pinned toolchain takes them this way, so that
    // no second toolchain is needed.
    let _bootstrap = shell.push_env("RUSTC_BOOTSTRAP", "1");
    let targets = cmd!(shell, "{program} list")
        .quiet()
        .read()
        .context("listing the targets")?;
    let mut ran = 0;
    for target in targets
        .lines()
        .filter(|target| only.is_none_or(|name| name == *target))
    {
        println!("fuzz: {target} for {seconds} s");
        let limit = format!("-max_total_time={seconds}");
        cmd!(
            shell,
            "{program} run --sanitizer none {target} -- {limit} -max_len=65536 -rss_limit_mb=2048 -verbosity=0"
        )
        .quiet()
        .run()?;
        ran += 1;
    }
    ensure!(
        ran > 0,
        "there is no fuzz target {}",
        only.unwrap_or_default()
    );
    Ok(())
}
