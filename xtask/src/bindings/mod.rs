//! The packages of every language: how they are built and tested.

mod c;
mod runner;
mod uniffi;
pub(crate) mod wasm;

use xshell::Shell;

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
