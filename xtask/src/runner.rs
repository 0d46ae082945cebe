//! Test runners, whose output is shown while they run and read when they have ended.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::Context;
use xshell::Shell;

/// What a test runner wrote on its standard output, and whether it ended well.
pub(crate) struct Ran {
    pub(crate) said: String,
    pub(crate) succeeded: bool,
}

/// Runs a command and shows each line as it comes.
pub(crate) fn run(shell: &Shell, command: xshell::Cmd<'_>) -> anyhow::Result<Ran> {
    let mut child = Command::from(command)
        .current_dir(shell.current_dir())
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = child
        .stdout
        .take()
        .context("the tests' output can't be read")?;
    let mut said = String::new();
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        println!("{line}");
        said.push_str(&line);
        said.push('\n');
    }
    let succeeded = child.wait()?.success();
    Ok(Ran { said, succeeded })
}
