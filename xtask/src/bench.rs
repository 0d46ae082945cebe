//! The benchmarks, each beside its peer.

use xshell::{Shell, cmd};

/// Runs the benchmarks; criterion prints each time, and its report stands in `target/criterion`.
pub(crate) fn run(shell: &Shell, filter: Option<&str>) -> anyhow::Result<()> {
    cmd!(
        shell,
        "cargo bench -p calendar-publish-tests -- {filter...}"
    )
    .run()?;
    Ok(())
}
