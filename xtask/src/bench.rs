//! The benchmarks, each beside its peer, as ratios.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use xshell::{Shell, cmd};

/// Where criterion keeps what it measured.
const RESULTS: &str = "target/criterion";

/// What criterion writes about a benchmark's name.
#[derive(Deserialize)]
struct Name {
    group_id: String,
    function_id: Option<String>,
    value_str: Option<String>,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

/// One measured function: its name, and its median in nanoseconds.
struct Row {
    function: String,
    nanoseconds: f64,
}

impl Row {
    /// Benchmarks name their peers `peer: …`.
    fn is_peer(&self) -> bool {
        self.function.starts_with("peer: ")
    }
}

/// Runs the benchmarks and prints every function with its median and, for each peer measured on the
/// same input in the same run, how many times the peer's time it took.
pub(crate) fn run(shell: &Shell, filter: Option<&str>) -> Result<()> {
    shell.remove_path(RESULTS)?;
    cmd!(shell, "cargo bench -p calendar-publish-tests --benches -- --noplot --warm-up-time 1 --measurement-time 3 {filter...}")
        .run()?;
    println!();
    for (input, rows) in measured(&shell.current_dir().join(RESULTS))? {
        println!("{input}");
        for row in &rows {
            let ratios = rows
                .iter()
                .filter(|peer| peer.is_peer() && !row.is_peer())
                .map(|peer| {
                    let name = peer.function.trim_start_matches("peer: ");
                    format!("  {:.2} × {name}", row.nanoseconds / peer.nanoseconds)
                });
            println!(
                "  {:<44}{:>12}{}",
                row.function,
                time(row.nanoseconds),
                ratios.collect::<String>()
            );
        }
    }
    Ok(())
}

/// What was measured, by group and input.
fn measured(folder: &Path) -> Result<BTreeMap<String, Vec<Row>>> {
    let mut inputs: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for file in results(folder)? {
        let name: Name = read(&file.join("benchmark.json"))?;
        let estimates: Estimates = read(&file.join("estimates.json"))?;
        let input = match &name.value_str {
            Some(value) => format!("{}/{value}", name.group_id),
            None => name.group_id.clone(),
        };
        inputs.entry(input).or_default().push(Row {
            function: name.function_id.unwrap_or_default(),
            nanoseconds: estimates.median.point_estimate,
        });
    }
    Ok(inputs)
}

/// Every `new` folder below `folder`: the results of the last run.
fn results(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("{} has no results", folder.display()))?
    {
        let path = entry?.path();
        if path.ends_with("new") {
            found.push(path);
        } else if path.is_dir() {
            found.extend(results(&path)?);
        }
    }
    found.sort();
    Ok(found)
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        ns if ns < 1e3 => format!("{ns:.0} ns"),
        ns if ns < 1e6 => format!("{:.2} µs", ns / 1e3),
        ns => format!("{:.2} ms", ns / 1e6),
    }
}
