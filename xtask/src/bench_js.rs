//! The npm package beside what a team would write by hand, as a table.

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::bindings;

/// Builds the package, installs the peers as the lockfile says, and lets them take turns in one
/// process. Fails where a bar is missed.
pub(crate) fn run(shell: &Shell, json: bool) -> Result<()> {
    bindings::wasm::build(shell)?;
    let _folder = shell.push_dir("bindings-wasm/bench");
    cmd!(shell, "npm ci --no-audit --no-fund --loglevel error")
        .run()
        .context("the peers don't install; Node 20 with npm is needed")?;
    let json = json.then_some("--json");
    cmd!(shell, "node --expose-gc run.js {json...}")
        .run()
        .context("a bar was missed, or the two sides disagree")
}
