//! Many seeds, on every processor.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use calendar_publish::Error;

use crate::{Counts, Protection, Scenario, Violation, simulate};

/// What many runs came to.
#[derive(Clone, Debug, Default)]
pub struct Sweep {
    /// How many seeds were run.
    pub seeds: u64,
    /// All that happened in them.
    pub counts: Counts,
    /// The scenarios in which an invariant didn't hold, by seed.
    pub failures: Vec<(Scenario, Violation)>,
}

/// More failures than this aren't waited for.
const ENOUGH: usize = 10;

/// Runs `count` seeds from `from` on, each in the scenario that is given for it.
///
/// # Errors
/// What keeps a scenario from being set up.
pub fn sweep(
    from: u64,
    count: u64,
    scenario: impl Fn(u64) -> Scenario + Sync,
) -> Result<Sweep, Error> {
    let next = AtomicU64::new(0);
    let all = Mutex::new(Ok(Sweep::default()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut counts = Counts::default();
                let mut seeds = 0;
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    let scenario = scenario(from + number);
                    let run = simulate(scenario);
                    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                    let Ok(sweep) = all.as_mut() else { break };
                    match run {
                        Err(error) => {
                            *all = Err(error);
                            break;
                        }
                        Ok(run) => {
                            seeds += 1;
                            counts = counts.plus(run.counts);
                            if let Some(violation) = run.violation {
                                sweep.failures.push((scenario, violation));
                            }
                            if sweep.failures.len() >= ENOUGH {
                                next.store(count, Ordering::Relaxed);
                            }
                        }
                    }
                }
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                if let Ok(sweep) = all.as_mut() {
                    sweep.seeds += seeds;
                    sweep.counts = sweep.counts.plus(counts);
                }
            });
        }
    });
    let mut sweep = all.into_inner().unwrap_or_else(PoisonError::into_inner)?;
    sweep.failures.sort_by_key(|(scenario, _)| scenario.seed);
    Ok(sweep)
}

impl fmt::Display for Sweep {
    /// The numbers, and for the first failing seed the one command that replays it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts {
            jobs,
            posts,
            calls,
            attempts,
            crashes,
            faults,
            commands,
            needs_attention,
            taken_over,
        } = self.counts;
        writeln!(
            f,
            "{} seeds: {jobs} jobs, {attempts} attempts, {calls} calls, {posts} posts, \
             {needs_attention} need a person",
            self.seeds
        )?;
        write!(
            f,
            "{crashes} crashes, {taken_over} begun writes taken over, {faults} faults of the store, \
             {commands} commands of people, {} seeds failed",
            self.failures.len()
        )?;
        for (scenario, violation) in &self.failures {
            write!(f, "\nseed {}: {violation}", scenario.seed)?;
        }
        if let Some((scenario, _)) = self.failures.first() {
            write!(
                f,
                "\n\nreplay: cargo run -p calendar-publish-simulation --bin simulate -- --seed {}",
                scenario.seed
            )?;
            if let Some(protection) = scenario.without.map(Protection::as_str) {
                write!(f, " --without {protection}")?;
            }
            if scenario.only.is_some() {
                f.write_str(" --alone")?;
            }
        }
        Ok(())
    }
}
