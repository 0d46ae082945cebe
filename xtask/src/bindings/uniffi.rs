//! The Kotlin, Swift and Python packages: built, and tested as a user would have them.

mod kotlin;
mod package;
mod python;
mod swift;

use std::path::PathBuf;

use xshell::Shell;

use super::simulators;
use crate::gate::{Counts, step};
use package::Profile;

/// Builds the packages, with an optimised library, below `target/packages`.
pub(crate) fn build(shell: &Shell) -> anyhow::Result<()> {
    let package = package::generate(shell, Profile::Release)?;
    python::wheel(shell, &package)?;
    kotlin::sources(shell, &package)?;
    swift::sources(shell, &package)
}

/// Runs their tests. They take the library that is built for development, which is the same code and
/// compiles in a fraction of the time.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<Counts> {
    let package = package::generate(shell, Profile::Dev)?;
    let mut counts = Counts::default();
    counts += step("Python", || python::test(shell, &package))?;
    counts += step("Kotlin", || kotlin::test(shell, &package))?;
    counts += step("Swift", || swift::test(shell, &package))?;
    Ok(counts)
}

/// The folder of what the tests install; git ignores it.
fn tools(shell: &Shell) -> PathBuf {
    shell.current_dir().join(".tools")
}
