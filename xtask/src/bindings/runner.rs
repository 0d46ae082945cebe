//! What the test runners of other languages report.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use xshell::{Shell, cmd};

use crate::gate::Counts;

/// Runs Node's test runner and adds up what it counts.
pub(super) fn count_tap(shell: &Shell, arguments: &[String]) -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    let mut child = Command::from(cmd!(shell, "node {arguments...}"))
        .current_dir(shell.current_dir())
        .stdout(Stdio::piped())
        .spawn()
        .context("Node 20 is needed: apt-get install nodejs, or nodejs.org")?;
    let stdout = child
        .stdout
        .take()
        .context("the tests' output can't be read")?;
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        println!("{line}");
        let total = |name: &str| {
            line.strip_prefix("# ")
                .and_then(|line| line.strip_prefix(name))
                .and_then(|number| number.trim().parse::<u64>().ok())
        };
        counts.passed += total("pass ").unwrap_or(0);
        counts.failed += total("fail ").unwrap_or(0) + total("cancelled ").unwrap_or(0);
        counts.ignored += total("skipped ").unwrap_or(0) + total("todo ").unwrap_or(0);
    }
    if !child.wait()?.success() {
        bail!("{} tests in JavaScript failed", counts.failed.max(1));
    }
    Ok(counts)
}
