//! PostgreSQL's programs, and the user that may run them.

use std::path::{Path, PathBuf};
use std::process::Command;

const INSTALL: &str = "apt-get install -y postgresql-15";

/// Where the server's programs are, and as whom they run.
#[derive(Debug)]
pub(crate) struct Programs {
    folder: PathBuf,
    as_root: bool,
}

impl Programs {
    /// Finds the newest installed server.
    ///
    /// # Panics
    /// Where there is none, with the command that installs it.
    pub(crate) fn find() -> Self {
        let folder = newest(Path::new("/usr/lib/postgresql"))
            .or_else(on_the_path)
            .unwrap_or_else(|| panic!("PostgreSQL's server is missing: {INSTALL}"));
        let user = Command::new("id").arg("-u").output();
        let as_root = user.is_ok_and(|user| user.stdout.trim_ascii() == b"0");
        Self { folder, as_root }
    }

    /// The server refuses to run as root: root becomes the user `postgres` for it.
    pub(crate) fn server(&self, program: &str) -> Command {
        let program = self.folder.join(program);
        if !self.as_root {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command
            .args([
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                "--",
            ])
            .arg(program);
        command
    }

    /// A program that anybody may run.
    pub(crate) fn client(&self, program: &str) -> Command {
        Command::new(self.folder.join(program))
    }

    /// Hands a folder to whoever runs the server.
    pub(crate) fn give(&self, folder: &Path) {
        if self.as_root {
            let mut command = Command::new("chown");
            command.arg("postgres:").arg(folder);
            run(&mut command);
        }
    }
}

fn newest(versions: &Path) -> Option<PathBuf> {
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    std::fs::read_dir(versions)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("bin/initdb").exists())
        .max_by_key(|path| version(path))
        .map(|path| path.join("bin"))
}

fn on_the_path() -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| folder.join("initdb").exists())
}

/// Runs a program to its end.
///
/// # Panics
/// Where it fails, with what it said.
pub(crate) fn run(command: &mut Command) {
    if let Err(said) = attempt(command) {
        panic!("{command:?}: {said}");
    }
}

/// Runs a program to its end; what it said where it fails.
pub(crate) fn attempt(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}
