//! The packages of every language: how they are built and tested.

pub(crate) mod c;
mod uniffi;
pub(crate) mod wasm;

use std::path::PathBuf;

use xshell::{Shell, cmd};

use crate::gate::{Counts, step};

/// Builds every package.
pub(crate) fn build(shell: &Shell) -> anyhow::Result<()> {
    step("the npm package", || wasm::build(shell))?;
    step("the Kotlin, Swift and Python packages", || {
        uniffi::build(shell)
    })?;
    step("the C libraries", || c::build(shell))
}

/// Runs the tests of every package and adds up what their runners report. Only JavaScript is tested as it is
/// released; the other languages load the library of the tests, which is built in a tenth of the time.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<Counts> {
    step("the npm package", || wasm::build(shell))?;
    let mut counts = Counts::default();
    counts += step("tests in JavaScript", || wasm::test(shell))?;
    counts += step("tests in Kotlin and Python", || uniffi::test(shell))?;
    counts += step("tests in C and C++", || c::test(shell))?;
    Ok(counts)
}

/// The served simulators, which the tests and examples publish to.
fn simulators(shell: &Shell) -> anyhow::Result<PathBuf> {
    cmd!(
        shell,
        "cargo build --quiet -p calendar-publish-simulators --bin simulators"
    )
    .run()?;
    Ok(shell.current_dir().join("target/debug/simulators"))
}
