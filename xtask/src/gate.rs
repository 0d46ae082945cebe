//! The whole gate: what a developer runs is what CI runs.

use std::ops::AddAssign;
use std::time::Instant;

use anyhow::{Context, anyhow, bail, ensure};
use xshell::{Shell, cmd};

use crate::{bindings, fuzz, runner, tools, vectors};

/// What the test runner counted.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl Counts {
    pub(crate) fn print(&self) {
        println!(
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.ignored
        );
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
        self.ignored += more.ignored;
    }
}

pub(crate) fn run(shell: &Shell, fuzz_seconds: u32) -> anyhow::Result<()> {
    let started = Instant::now();
    let deny = shell.push_env("RUSTDOCFLAGS", "-D warnings");
    step("tools", || {
        tools::wasm_target(shell)?;
        tools::postgres(shell)?;
        tools::media(shell)?;
        tools::python(shell)?;
        // Tests in Rust call the npm package's stores, over drivers of Node's.
        bindings::wasm::dependencies(shell)
    })?;
    step("format", || {
        Ok(cmd!(shell, "cargo fmt --all --check").run()?)
    })?;
    step("clippy", || {
        Ok(cmd!(
            shell,
            "cargo clippy --workspace --all-targets --all-features -- -D warnings"
        )
        .run()?)
    })?;
    step("documentation", || {
        Ok(cmd!(
            shell,
            "cargo doc --workspace --no-deps --all-features --quiet"
        )
        .run()?)
    })?;
    drop(deny);
    step("core without features", || {
        Ok(cmd!(shell, "cargo check --quiet -p calendar-publish").run()?)
    })?;
    // Compiling the modules for JavaScript takes minutes of one core, and the tests leave as much.
    let modules = bindings::wasm::compile_aside();
    let tested = step("tests", || tests(shell));
    step("modules for JavaScript", || {
        modules
            .join()
            .map_err(|_| anyhow!("their thread panicked"))?
    })?;
    let mut counts = tested?;
    counts += bindings::test(shell)?;
    step("fuzz", || fuzz::run(shell, fuzz_seconds, None))?;

    println!("gate: {} s", started.elapsed().as_secs());
    counts.print();
    ensure!(counts.ignored == 0, "no test may be skipped");
    Ok(())
}

/// Writes the generated files; their freshness is a test.
pub(crate) fn generate(shell: &Shell) -> anyhow::Result<()> {
    let _bless = shell.push_env("CALENDAR_PUBLISH_GENERATE", "1");
    cmd!(
        shell,
        "cargo test --quiet -p calendar-publish-tests --test generated"
    )
    .run()?;
    // The header of C is written where its generator is.
    cmd!(shell, "cargo test --quiet -p bindgen").run()?;
    Ok(())
}

pub(crate) fn step<T>(name: &str, run: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let started = Instant::now();
    println!("\n== {name}");
    let result = run().with_context(|| format!("the step `{name}` failed"))?;
    println!("== {name}: {} s", started.elapsed().as_secs());
    Ok(result)
}

/// Runs every test in Rust and adds up what the runner reports.
fn tests(shell: &Shell) -> anyhow::Result<Counts> {
    let ran = runner::run(
        shell,
        cmd!(
            shell,
            "cargo test --workspace --all-features --no-fail-fast"
        ),
    )?;
    let mut counts = Counts::default();
    for line in ran.said.lines() {
        if let Some(result) = line.strip_prefix("test result: ") {
            counts.passed += number_before(result, " passed");
            counts.failed += number_before(result, " failed");
            counts.ignored += number_before(result, " ignored");
        }
    }
    if !ran.succeeded {
        println!("{} passed, {} failed", counts.passed, counts.failed.max(1));
        bail!("tests failed");
    }
    vectors::hold(shell, "Rust", &ran.said)?;
    Ok(counts)
}

/// The number that stands before `word`: 12 in `ok. 12 passed; 0 failed`.
fn number_before(line: &str, word: &str) -> u64 {
    line.split(word)
        .next()
        .and_then(|before| before.rsplit(' ').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::number_before;

    #[test]
    fn counts_are_read_from_the_runners_line() {
        let line = "FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(number_before(line, " passed"), 12);
        assert_eq!(number_before(line, " failed"), 3);
        assert_eq!(number_before(line, " ignored"), 1);
    }
}
