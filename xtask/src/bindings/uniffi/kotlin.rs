//! The Kotlin package.

use std::path::{Path, PathBuf};

use anyhow::Context;
use xshell::{Shell, cmd};

use super::package::{Package, clear, copy_folder};
use super::{simulators, tools};
use crate::gate::Counts;
use crate::vectors;

/// JNA, as Debian installs it; an app takes it from Maven.
const JNA: &str = "/usr/share/java/jna.jar";

/// Puts a Gradle project together, with the library as JNA finds it.
pub(super) fn sources(shell: &Shell, package: &Package) -> anyhow::Result<()> {
    let root = shell.current_dir();
    let folder = package.out.join("kotlin");
    clear(shell, &folder)?;
    let source = root.join("bindings-uniffi/kotlin");
    for file in ["README.md", "build.gradle.kts", "settings.gradle.kts"] {
        shell.copy_file(source.join(file), folder.join(file))?;
    }
    copy_folder(
        shell,
        &package.generated.join("kotlin"),
        &folder.join("src/main/kotlin"),
    )?;
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x86-64",
        other => other,
    };
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let resources = folder.join(format!("src/main/resources/{system}-{machine}"));
    shell.create_dir(&resources)?;
    shell.copy_file(&package.library, &resources)?;
    Ok(())
}

/// Kotlin's compiler, where it isn't installed yet; its folder.
fn compiler(shell: &Shell) -> anyhow::Result<PathBuf> {
    let folder = tools(shell).join("kotlin");
    let compiler = folder.join("node_modules/kotlin-compiler");
    if !compiler.exists() {
        copy_folder(
            shell,
            &shell.current_dir().join("bindings-uniffi/kotlin/tools"),
            &folder,
        )?;
        cmd!(
            shell,
            "npm ci --silent --no-audit --no-fund --prefix {folder}"
        )
        .run()
        .context("npm is needed: apt-get install npm")?;
    }
    Ok(compiler)
}

/// Java and JNA.
fn java(shell: &Shell) -> anyhow::Result<()> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let has_java = std::env::split_paths(&path).any(|folder| folder.join("java").exists());
    if Path::new(JNA).exists() && has_java {
        return Ok(());
    }
    let install = || cmd!(shell, "apt-get install -y libjna-java default-jre-headless").run();
    // A fresh machine has no list of packages, or one that is too old.
    if install().is_err() {
        cmd!(shell, "apt-get update").run()?;
        install().context(
            "Java and JNA are needed, as root: apt-get install -y libjna-java default-jre-headless",
        )?;
    }
    Ok(())
}

/// Compiles package, tests, README and example at once, and runs them.
pub(super) fn test(shell: &Shell, package: &Package) -> anyhow::Result<Counts> {
    java(shell)?;
    let compiler = compiler(shell)?;
    let root = shell.current_dir();
    let out = package.out.join("kotlin-tests");
    clear(shell, &out)?;
    let readme = out.join("Readme.kt");
    shell.write_file(
        &readme,
        program(&shell.read_file("bindings-uniffi/kotlin/README.md")?)
            .context("the README has no lines of Kotlin")?,
    )?;
    let jar = out.join("tests.jar");
    let class_path = |jars: &[&Path]| std::env::join_paths(jars.iter().copied());
    let lib = |name: &str| compiler.join("lib").join(name);
    let (coroutines, reflect) = (
        lib("kotlinx-coroutines-core-jvm.jar"),
        lib("kotlin-reflect.jar"),
    );
    let needed = class_path(&[Path::new(JNA), &coroutines, &reflect])?;
    let kotlinc = compiler.join("bin/kotlinc");
    let sources = [
        package.generated.join("kotlin"),
        root.join("bindings-uniffi/kotlin/tests"),
        root.join("examples/kotlin"),
        readme,
    ];
    // It runs once, for half a minute: the optimising compiler of the JVM would not pay.
    let _options = shell.push_env(
        "JAVA_OPTS",
        "-Xmx3g -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    );
    cmd!(
        shell,
        "bash {kotlinc} -nowarn -cp {needed} {sources...} -d {jar}"
    )
    .ignore_stderr()
    .run()
    .context("the Kotlin doesn't compile")?;

    let run = class_path(&[
        &jar,
        Path::new(JNA),
        &coroutines,
        &reflect,
        &lib("kotlin-stdlib.jar"),
    ])?;
    let library = package.library.parent().unwrap_or(&root);
    let (jna, tests) = (
        property("jna.library.path", library),
        property("tests", &root.join("tests")),
    );
    let fixed_heap = [
        "-Xms192m",
        "-Xmx192m",
        "-XX:+UseSerialGC",
        "-XX:+AlwaysPreTouch",
    ];
    let said = cmd!(
        shell,
        "java {fixed_heap...} {jna} {tests} -cp {run} TestsKt"
    )
    .ignore_status()
    .read()?;
    println!("{said}");
    let mut counts = counts(&said).context("the Kotlin tests didn't end")?;

    cmd!(shell, "java {jna} -cp {run} Readme").run()?;
    let _simulators = shell.push_env("CALENDAR_PUBLISH_SIMULATORS", simulators(shell)?);
    let with_platforms = root.join("bindings-uniffi/python/tests/with_platforms.py");
    cmd!(
        shell,
        "python3 {with_platforms} java {jna} -cp {run} Publish"
    )
    .run()?;
    counts.passed += 2;
    anyhow::ensure!(counts.failed == 0, "tests in Kotlin failed");
    vectors::hold(shell, "Kotlin", &said)?;
    Ok(counts)
}

fn property(name: &str, value: &Path) -> String {
    format!("-D{name}={}", value.display())
}

/// The README's Kotlin as a program.
fn program(readme: &str) -> Option<String> {
    let code = readme.split("```kotlin\n").nth(1)?.split("```").next()?;
    let (imports, lines): (Vec<&str>, Vec<&str>) =
        code.lines().partition(|line| line.starts_with("import "));
    Some(format!(
        "{}\n\nobject Readme {{\n    @JvmStatic\n    fun main(arguments: Array<String>) {{\n{}\n    }}\n}}\n",
        imports.join("\n"),
        lines.join("\n")
    ))
}

/// What the runner counted, from its last line.
fn counts(said: &str) -> Option<Counts> {
    let result = said
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("test result: "))?;
    let mut numbers = result.split("; ").map(|part| {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().ok()
    });
    Some(Counts {
        passed: numbers.next()??,
        failed: numbers.next()??,
        ignored: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::{counts, program};

    #[test]
    fn counts_are_read_from_the_last_line() {
        let counts = counts("ok: one\ntest result: 12 passed; 3 failed\n").unwrap_or_default();
        assert_eq!((counts.passed, counts.failed), (12, 3));
    }

    #[test]
    fn the_readmes_lines_become_a_program() {
        let made = program("# It\n```kotlin\nimport a.*\nprintln(1)\n```\n").unwrap_or_default();
        assert!(made.starts_with("import a.*\n\nobject Readme"), "{made}");
        assert!(made.contains("println(1)"), "{made}");
    }
}
