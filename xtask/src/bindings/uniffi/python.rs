//! The Python package.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

use super::package::{Package, clear, copy_folder};
use super::{simulators, tools};
use crate::gate::Counts;
use crate::{runner, vectors};

/// Puts the package together and builds its wheel.
pub(super) fn wheel(shell: &Shell, package: &Package) -> anyhow::Result<PathBuf> {
    let root = shell.current_dir();
    let folder = package.out.join("python");
    clear(shell, &folder)?;
    let source = root.join("bindings-uniffi/python");
    for file in ["pyproject.toml", "hatch_build.py", "README.md"] {
        shell.copy_file(source.join(file), folder.join(file))?;
    }
    for file in ["LICENSE-MIT", "LICENSE-APACHE"] {
        shell.copy_file(root.join(file), folder.join(file))?;
    }
    let module = folder.join("calendar_publish");
    copy_folder(shell, &source.join("calendar_publish"), &module)?;
    shell.copy_file(
        package.generated.join("python/calendar_publish.py"),
        module.join("native.py"),
    )?;
    shell.copy_file(&package.library, &module)?;

    let pip = development(shell)?.join("bin/pip");
    let wheels = folder.join("wheels");
    cmd!(
        shell,
        "{pip} wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w {wheels} {folder}"
    )
    .run()?;
    shell.read_dir(&wheels)?.pop().context("pip built no wheel")
}

/// A virtual environment with what the package is built and tested with.
fn development(shell: &Shell) -> anyhow::Result<PathBuf> {
    let venv = tools(shell).join("python-package");
    let pip = venv.join("bin/pip");
    if !pip.exists() {
        cmd!(shell, "python3 -m venv {venv}")
            .run()
            .context("python3 with venv is needed: apt-get install python3 python3-venv")?;
    }
    cmd!(
        shell,
        "{pip} install --quiet --disable-pip-version-check -r bindings-uniffi/python/requirements-dev.txt"
    )
    .run()?;
    Ok(venv)
}

/// Installs the wheel into a fresh environment and runs its tests, the lines of its README and the
/// example there.
pub(super) fn test(shell: &Shell, package: &Package) -> anyhow::Result<Counts> {
    let root = shell.current_dir();
    let simulators = simulators(shell)?;
    let wheel = wheel(shell, package)?;
    let venv = package.out.join("venv");
    clear(shell, &venv)?;
    cmd!(shell, "python3 -m venv {venv}").run()?;
    let (pip, python) = (venv.join("bin/pip"), venv.join("bin/python"));
    let requirements = "bindings-uniffi/python/requirements-dev.txt";
    cmd!(
        shell,
        "{pip} install --quiet --disable-pip-version-check -r {requirements} {wheel}"
    )
    .run()?;

    let report = package.out.join("pytest.xml");
    let _simulators = shell.push_env("CALENDAR_PUBLISH_SIMULATORS", &simulators);
    let here = shell.push_dir(root.join("bindings-uniffi/python/tests"));
    let ran = runner::run(
        shell,
        cmd!(
            shell,
            "{python} -m pytest -q -s -p no:cacheprovider --junit-xml={report}"
        ),
    )?;
    drop(here);
    ensure!(ran.succeeded, "tests in Python failed");
    vectors::hold(shell, "Python", &ran.said)?;
    Ok(counts(&shell.read_file(&report)?))
}

/// What pytest counted, from the attributes of its report's `testsuite`.
fn counts(report: &str) -> Counts {
    let number = |name: &str| {
        let after = report.split(&format!(" {name}=\"")).nth(1)?;
        after.split('"').next()?.parse::<u64>().ok()
    };
    let number = |name| number(name).unwrap_or(0);
    let failed = number("failures") + number("errors");
    let ignored = number("skipped");
    Counts {
        passed: number("tests").saturating_sub(failed + ignored),
        failed,
        ignored,
    }
}

#[cfg(test)]
mod tests {
    use super::counts;

    #[test]
    fn counts_are_read_from_pytests_report() {
        let report = r#"<testsuites name="x"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="16" time="1.5">"#;
        let counts = counts(report);
        assert_eq!((counts.passed, counts.failed, counts.ignored), (10, 3, 3));
    }
}
