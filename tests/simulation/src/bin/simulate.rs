//! Runs the simulation: one seed with its timeline, or many seeds in search of one that fails.

use std::process::ExitCode;

use calendar_publish_simulation::{Protection, Scenario, simulate, sweep};
use clap::Parser;

/// Runs the publish engine in virtual time and checks its invariants after every event.
#[derive(Debug, Parser)]
struct Arguments {
    /// Replays this seed and prints its timeline.
    #[arg(long)]
    seed: Option<u64>,
    /// Runs so many seeds, from `--from` on, on every processor.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// The first of many seeds.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Switches off a protection, to see what breaks.
    #[arg(long, value_parser = protection)]
    without: Option<Protection>,
    /// With `--without`: asks only the invariant that this protection upholds.
    #[arg(long)]
    alone: bool,
}

fn protection(name: &str) -> Result<Protection, String> {
    Protection::ALL
        .into_iter()
        .find(|protection| protection.as_str() == name)
        .ok_or_else(|| {
            format!(
                "one of {}",
                Protection::ALL.map(Protection::as_str).join(", ")
            )
        })
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let scenario = |seed| Scenario {
        seed,
        without: arguments.without,
        only: arguments
            .without
            .filter(|_| arguments.alone)
            .map(Protection::invariant),
        has_timeline: false,
    };
    if let Some(seed) = arguments.seed {
        let run = simulate(scenario(seed).with_timeline())?;
        for line in &run.timeline {
            println!("{line}");
        }
        println!("{:?}", run.counts);
        return Ok(match run.violation {
            None => ExitCode::SUCCESS,
            Some(violation) => {
                println!("{violation}");
                ExitCode::FAILURE
            }
        });
    }
    let sweep = sweep(arguments.from, arguments.seeds, scenario)?;
    println!("{sweep}");
    Ok(if sweep.failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
