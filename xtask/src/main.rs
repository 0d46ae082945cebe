//! The project's own chores. `cargo xtask test` is the whole gate.

mod bench;
mod bench_js;
mod bench_queue;
mod bindings;
mod fuzz;
mod gate;
mod runner;
mod tools;
mod vectors;

use clap::{Parser, Subcommand};
use xshell::Shell;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "The project's own chores",
    arg_required_else_help = true
)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install what is missing, then run every check and test: the whole gate.
    Test {
        /// How long each fuzz target runs, in seconds.
        #[arg(long, default_value_t = 10)]
        fuzz_seconds: u32,
    },
    /// Run the fuzz targets alone.
    Fuzz {
        /// How long each one runs, in seconds.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Only this target.
        target: Option<String>,
    },
    /// Run the benchmarks and print each one beside its peer, as ratios.
    Bench {
        /// Only benchmarks whose name contains this.
        filter: Option<String>,
    },
    /// Run the npm package beside hand-written TypeScript and the usual libraries.
    BenchJs {
        /// Print JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Run the publish engine on a private PostgreSQL and on SQLite, beside other job queues.
    BenchQueue {
        /// With few jobs, for a look.
        #[arg(long)]
        quick: bool,
        /// Only these, separated by commas: `postgres`, `peers`, `finished`, `latency`, `idle`, `sqlite`,
        /// `memory`, and `resident`, which isn't run unless it is named.
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
    },
    /// Build the packages of every language.
    Bindings {
        /// Run their tests instead, as the gate does.
        #[arg(long)]
        test: bool,
        /// Only those of C and C++.
        #[arg(long, requires = "test")]
        only_c: bool,
        /// Only those of C and C++ with threads of their own, under ThreadSanitizer, for which the library is
        /// compiled anew: it takes a nightly Rust, and minutes.
        #[arg(long, requires = "test", conflicts_with = "only_c")]
        only_threads: bool,
    },
    /// Write the generated files again: the JSON Schema, the table of limits, the types of TypeScript and the
    /// header of C.
    Generate,
}

fn main() -> anyhow::Result<()> {
    let shell = Shell::new()?;
    shell.change_dir(root());
    match Arguments::parse().chore {
        Chore::Test { fuzz_seconds } => gate::run(&shell, fuzz_seconds),
        Chore::Fuzz { seconds, target } => fuzz::run(&shell, seconds, target.as_deref()),
        Chore::Bench { filter } => bench::run(&shell, filter.as_deref()),
        Chore::BenchJs { json } => bench_js::run(&shell, json),
        Chore::BenchQueue { quick, only } => bench_queue::run(&shell, quick, &only),
        Chore::Bindings { test: false, .. } => bindings::build(&shell),
        Chore::Bindings {
            only_c,
            only_threads,
            ..
        } => {
            let tests = match (only_c, only_threads) {
                (true, _) => bindings::c::test,
                (_, true) => bindings::c::test_threads,
                _ => bindings::test,
            };
            tests(&shell).map(|counts| counts.print())
        }
        Chore::Generate => gate::generate(&shell),
    }
}

fn root() -> &'static std::path::Path {
    // The manifest's folder is `<root>/xtask`.
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}
