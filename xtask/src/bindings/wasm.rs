//! The npm package.

use std::env;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use anyhow::{Context, bail, ensure};
use xshell::{Shell, cmd};

use crate::gate::Counts;
use crate::{runner, vectors};

const PACKAGE: &str = "bindings-wasm/npm";
const TARGET: &str = "wasm32-unknown-unknown";

/// How far a process stands back, as `nice` counts it: not at all, or behind all others.
const NORMAL: u32 = 0;
const LOWEST: u32 = 19;

/// A module of the package.
struct Variant {
    name: &'static str,
    profile: &'static str,
    features: &'static str,
}

/// Servers load the module from a disk, and want speed; browsers download it, and publish nothing. The smallest
/// takes zones from `Intl`, and goes without what only servers do.
const VARIANTS: [Variant; 3] = [
    Variant {
        name: "node",
        profile: "wasm",
        features: "engine,server-operations,zone-database",
    },
    Variant {
        name: "browser",
        profile: "wasm-small",
        features: "server-operations,zone-database",
    },
    Variant {
        name: "intl",
        profile: "wasm-small",
        features: "",
    },
];

/// Installs what the package is built and tested with.
pub(crate) fn dependencies(shell: &Shell) -> anyhow::Result<()> {
    npm_ci(shell, PACKAGE)
}

/// Compiles the modules on a thread of its own, with what the other work leaves of the processor.
pub(crate) fn compile_aside() -> JoinHandle<anyhow::Result<()>> {
    thread::spawn(|| {
        let shell = Shell::new()?;
        for variant in &VARIANTS {
            compile(&shell, variant, LOWEST)?;
        }
        Ok(())
    })
}

/// Builds the package.
pub(crate) fn build(shell: &Shell) -> anyhow::Result<()> {
    crate::tools::wasm_target(shell)?;
    dependencies(shell)?;
    for variant in &VARIANTS {
        module(shell, variant)?;
    }
    let _package = shell.push_dir(PACKAGE);
    cmd!(shell, "node build.js").run()?;
    Ok(())
}

/// Compiles one module.
fn compile(shell: &Shell, variant: &Variant, niceness: u32) -> anyhow::Result<()> {
    let Variant {
        profile, features, ..
    } = variant;
    // Places in dependencies' code are in the module, and it matters to nobody where this machine keeps that.
    let home = env::home_dir().map(|home| home.join(".cargo"));
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
    let sources = home
        .context("there is no home folder")?
        .join("registry/src");
    // Functions lie in the order of their names. With these, those that are alike lie side by side.
    let flags = format!(
        "-C target-feature=+simd128 -C symbol-mangling-version=v0 --remap-path-prefix={}=",
        sources.display()
    );
    let _flags = shell.push_env("RUSTFLAGS", flags);
    let niceness = niceness.to_string();
    cmd!(
        shell,
        "nice -n {niceness} cargo build --quiet --profile {profile} --target {TARGET} -p calendar-publish-wasm --no-default-features --features {features}"
    )
    .run()?;
    Ok(())
}

/// Compiles one module and writes its glue.
fn module(shell: &Shell, variant: &Variant) -> anyhow::Result<()> {
    compile(shell, variant, NORMAL)?;
    let Variant { name, profile, .. } = variant;
    let folder = format!("target/{TARGET}/{profile}");
    let mut compiled = format!("{folder}/calendar_publish_wasm.wasm");
    if *profile == "wasm-small" {
        // What is generated for one type is then beside the same for another, which Brotli rewards.
        let optimise = format!("{PACKAGE}/node_modules/binaryen/bin/wasm-opt");
        let ordered = format!("{folder}/ordered.wasm");
        cmd!(
            shell,
            "node {optimise} {compiled} -g --reorder-functions-by-name -o {ordered}"
        )
        .run()?;
        compiled = ordered;
    }
    let out = format!("{PACKAGE}/build/{name}");
    // Both modules that browsers download lie in one folder of the package.
    let module = match *name {
        "intl" => "calendar_publish_intl",
        _ => "calendar_publish",
    };
    // Node's says itself where its file is; whoever traces files would take another for it.
    let place: &[&str] = match *name {
        "node" => &["--without-path"],
        _ => &[],
    };
    cmd!(
        shell,
        "cargo run --quiet -p bindgen -- wasm {compiled} {out} --name {module} {place...}"
    )
    .run()?;
    Ok(())
}

/// Installs what a `package-lock.json` names.
pub(super) fn npm_ci(shell: &Shell, folder: &str) -> anyhow::Result<()> {
    let _folder = shell.push_dir(folder);
    cmd!(shell, "npm ci --no-audit --no-fund --loglevel=error")
        .run()
        .context("npm and Node 20 are needed: apt-get install nodejs npm, or nodejs.org")
}

/// Runs its tests against the built package.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<Counts> {
    ensure!(
        Path::new(PACKAGE).join("dist/node.js").exists(),
        "the package isn't built: cargo xtask bindings"
    );
    chromium(shell)?;
    let simulators = super::simulators(shell)?;
    let _simulators = shell.push_env("CALENDAR_PUBLISH_SIMULATORS", simulators);
    let package = shell.push_dir(PACKAGE);
    // Much of the time is spent on waiting, for leases and for other programs: no core need be left free.
    let at_once = thread::available_parallelism().map_or(2, NonZero::get);
    let mut arguments: Vec<String> = ["--expose-gc", "--test", "--test-reporter=tap"]
        .map(str::to_owned)
        .into();
    arguments.push(format!("--test-concurrency={at_once}"));
    // Node 20 takes neither patterns nor a folder in which not every file is a test.
    for folder in [
        "test",
        "test/browser",
        "test/crash",
        "test/next",
        "test/stores",
        "test/transport",
    ] {
        for file in shell.read_dir(folder)? {
            let file = file.display().to_string();
            if file.ends_with(".test.js") {
                arguments.push(file);
            }
        }
    }
    let ran = runner::run(shell, cmd!(shell, "node {arguments...}"))
        .context("Node 20.10 is needed: apt-get install nodejs, or nodejs.org")?;
    drop(package);
    let counts = counts(&ran.said);
    if !ran.succeeded {
        bail!("{} tests in JavaScript failed", counts.failed.max(1));
    }
    vectors::hold(shell, "JavaScript", &ran.said)?;
    Ok(counts)
}

/// What Node's test runner counted.
fn counts(said: &str) -> Counts {
    let total = |name: &str| -> u64 {
        let told = said
            .lines()
            .filter_map(|line| line.strip_prefix("# ")?.strip_prefix(name));
        told.filter_map(|number| number.trim().parse::<u64>().ok())
            .sum()
    };
    Counts {
        passed: total("pass "),
        failed: total("fail ") + total("cancelled "),
        ignored: total("skipped ") + total("todo "),
    }
}

/// The browser that the modules for browsers are tested in.
fn chromium(shell: &Shell) -> anyhow::Result<()> {
    if shell.path_exists("/usr/bin/chromium") {
        return Ok(());
    }
    let install = || cmd!(shell, "apt-get install -y chromium").run();
    if install().is_err() {
        cmd!(shell, "apt-get update").run()?;
        install().context("a browser is needed, as root: apt-get install -y chromium")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::counts;

    #[test]
    fn counts_are_read_from_what_node_tells_at_the_end() {
        let counts =
            counts("ok 1 - one\n# pass 12\n# fail 2\n# cancelled 1\n# skipped 3\n# todo 4\n");
        assert_eq!((counts.passed, counts.failed, counts.ignored), (12, 3, 7));
    }
}
