//! A PostgreSQL server of a test's own: made in a temporary folder, gone with the process.
//!
//! It never touches a server that runs already. It ends when it is dropped, when the test panics and
//! when the process is killed: a small guard beside it waits for the end of a pipe that only this
//! process holds.
//!
//! ```no_run
//! let server = calendar_publish_postgres_harness::shared();
//! let url = server.create_database();
//! ```

mod programs;

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use programs::{Programs, attempt, run};

/// What a commit survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing but the death of a session: the quickest, for tests.
    Off,
    /// What an untouched installation promises: for benchmarks, and for tests of crashes.
    Stock,
}

impl Durability {
    const fn settings(self) -> &'static str {
        match self {
            Self::Off => "-c fsync=off -c synchronous_commit=off -c full_page_writes=off",
            Self::Stock => "",
        }
    }
}

/// How a server is brought to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Sessions are ended and everything is written.
    Fast,
    /// As if the power went off; the next start recovers from the log.
    Immediate,
}

/// A server of one's own. Dropping it stops it and removes its files.
#[derive(Debug)]
pub struct PrivatePostgres {
    programs: Programs,
    folder: PathBuf,
    port: u16,
    durability: Durability,
    databases: AtomicU32,
    guard: Child,
}

/// The one server of this test process. Each test makes a database of its own in it.
pub fn shared() -> &'static PrivatePostgres {
    static SERVER: OnceLock<PrivatePostgres> = OnceLock::new();
    SERVER.get_or_init(|| PrivatePostgres::start(Durability::Off))
}

impl PrivatePostgres {
    /// Makes and starts a server.
    ///
    /// # Panics
    /// Where PostgreSQL isn't installed (with the command that installs it) or doesn't start.
    pub fn start(durability: Durability) -> Self {
        let programs = Programs::find();
        let folder = new_folder();
        programs.give(&folder);
        // From here on whatever fails is cleaned up by the guard.
        let guard = guard(&programs, &folder);
        let mut server = Self {
            programs,
            folder,
            port: 0,
            durability,
            databases: AtomicU32::new(0),
            guard,
        };
        let mut initdb = server.server("initdb");
        initdb
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8"])
            .args(["--locale=C.UTF-8", "--no-sync", "--no-instructions", "-D"])
            .arg(server.data());
        run(&mut initdb);
        server.start_on_a_free_port();
        server
    }

    /// The address of a database of this server.
    pub fn url(&self, database: &str) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database and gives its address.
    ///
    /// # Panics
    /// Where the server isn't running.
    pub fn create_database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        let mut createdb = self.programs.client("createdb");
        createdb
            .args(["-U", "postgres", "-h", "127.0.0.1", "-p"])
            .args([&self.port.to_string(), &name])
            .current_dir(&self.folder);
        run(&mut createdb);
        self.url(&name)
    }

    /// The port on 127.0.0.1; the same after [`start_again`](Self::start_again).
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Stops the server; its data stays.
    ///
    /// # Panics
    /// Where it wasn't running.
    pub fn stop(&self, how: Stop) {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        let mut pg_ctl = self.server("pg_ctl");
        pg_ctl
            .args(["stop", "-w", "-m", mode, "-D"])
            .arg(self.data());
        run(&mut pg_ctl);
    }

    /// Starts a stopped server on the port it had.
    ///
    /// # Panics
    /// Where it doesn't start, with its log.
    pub fn start_again(&self) {
        if let Err(said) = self.try_start(self.port) {
            panic!("{said}\n{}", self.log());
        }
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        fs::read(self.log_file())
            .map(|log| String::from_utf8_lossy(&log).into_owned())
            .unwrap_or_default()
    }

    /// Another process may take a free port before the server does: then the next one is tried.
    fn start_on_a_free_port(&mut self) {
        let mut said = String::new();
        for _ in 0..5 {
            let port = free_port();
            match self.try_start(port) {
                Ok(()) => {
                    self.port = port;
                    return;
                }
                Err(why) => said = why,
            }
        }
        panic!("PostgreSQL doesn't start: {said}\n{}", self.log());
    }

    fn try_start(&self, port: u16) -> Result<(), String> {
        let options = format!(
            "-p {port} -k {} -c listen_addresses=127.0.0.1 -c max_connections=200 {}",
            self.folder.display(),
            self.durability.settings()
        );
        let mut pg_ctl = self.server("pg_ctl");
        pg_ctl
            .args(["start", "-w", "-t", "120", "-o", &options, "-l"])
            .arg(self.log_file())
            .arg("-D")
            .arg(self.data());
        // The server would hold the ends of captured pipes for as long as it lives.
        pg_ctl.stdout(Stdio::null()).stderr(Stdio::null());
        attempt(&mut pg_ctl)
    }

    fn server(&self, program: &str) -> Command {
        let mut command = self.programs.server(program);
        // The server's user may not read the folder of whoever runs the test.
        command.current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.join("log")
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        // The files are gone when the guard has ended; a guard that failed has nothing to be told.
        let _ = self.guard.wait();
    }
}

/// A socket's path may have 107 bytes, which a long temporary folder would leave too few of.
fn new_folder() -> PathBuf {
    let usual = std::env::temp_dir();
    let parent = if usual.as_os_str().len() > 60 {
        Path::new("/tmp")
    } else {
        &usual
    };
    match tempfile::Builder::new()
        .prefix("calpub-pg.")
        .tempdir_in(parent)
    {
        Ok(folder) => folder.keep(),
        Err(error) => panic!("{}: {error}", parent.display()),
    }
}

/// Waits until this process has closed the pipe or is no more, then stops the server and removes its
/// files. A group of its own keeps it from the signals of a terminal.
fn guard(programs: &Programs, folder: &Path) -> Child {
    let mut stop = programs.server("pg_ctl");
    stop.args(["stop", "-s", "-m", "immediate", "-D"])
        .arg(folder.join("data"));
    let mut shell = Command::new("sh");
    shell
        .args([
            "-c",
            r#"cd "$1" || exit; read -r _; shift; "$@"; rm -rf "$PWD""#,
            "guard",
        ])
        .arg(folder)
        .arg(stop.get_program())
        .args(stop.get_args())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    match shell.spawn() {
        Ok(guard) => guard,
        Err(error) => panic!("sh: {error}"),
    }
}

fn free_port() -> u16 {
    match TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()) {
        Ok(address) => address.port(),
        Err(error) => panic!("no free port: {error}"),
    }
}
