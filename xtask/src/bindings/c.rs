//! The C package.

use anyhow::Context;
use xshell::{Shell, cmd};

use crate::gate::Counts;

/// Where the package is put together.
const PACKAGE: &str = "target/packages/c";

/// Builds the shared and the static library, and lays them out with the header and a file for pkg-config.
pub(crate) fn build(shell: &Shell) -> anyhow::Result<()> {
    cmd!(shell, "cargo build --release -p calendar-publish-c").run()?;
    for library in ["libcalendar_publish_c.so", "libcalendar_publish_c.a"] {
        shell.create_dir(format!("{PACKAGE}/lib"))?;
        shell.copy_file(
            format!("target/release/{library}"),
            format!("{PACKAGE}/lib/{library}"),
        )?;
    }
    shell.create_dir(format!("{PACKAGE}/include"))?;
    shell.copy_file(
        "bindings-c/include/calendar_publish.h",
        format!("{PACKAGE}/include/calendar_publish.h"),
    )?;
    shell.write_file(
        format!("{PACKAGE}/lib/pkgconfig/calendar-publish.pc"),
        format!(
            "prefix=${{pcfiledir}}/../..\n\nName: calendar-publish\nDescription: The publishing core of a content \
             calendar\nVersion: {}\nCflags: -I${{prefix}}/include\nLibs: -L${{prefix}}/lib \
             -lcalendar_publish_c\nLibs.private: -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc\n",
            env!("CARGO_PKG_VERSION")
        ),
    )?;
    println!("the C package: {PACKAGE}");
    Ok(())
}

/// Runs the programs in C against the shared library: every vector, and what a caller does wrong.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<Counts> {
    tools(shell)?;
    cmd!(shell, "cargo build --quiet -p calendar-publish-c").run()?;
    let library = shell.current_dir().join("target/debug");
    let mut vectors = Vec::new();
    for folder in shell.read_dir("tests/vectors")? {
        if folder.is_dir() {
            vectors.extend(shell.read_dir(folder)?);
        }
    }
    vectors.extend(shell.read_dir("tests/vectors-calendar")?);
    let mut counts = run(shell, &library, "vectors", &vectors)?;
    counts += run(shell, &library, "misuse", &[])?;
    Ok(counts)
}

/// Compiles a test program, runs it under valgrind and reads its counts. What the library makes once and
/// keeps until the process ends is still reachable then, and no leak.
fn run(
    shell: &Shell,
    library: &std::path::Path,
    name: &str,
    arguments: &[std::path::PathBuf],
) -> anyhow::Result<Counts> {
    let program = library.join(format!("c-{name}"));
    cmd!(
        shell,
        "gcc -std=c11 -Wall -Wextra -Werror -pedantic -g -Ibindings-c/include
         bindings-c/tests/{name}.c -L{library} -lcalendar_publish_c -Wl,-rpath,{library} -ljansson
         -o {program}"
    )
    .run()?;
    let told = cmd!(
        shell,
        "valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible
         --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 {program} {arguments...}"
    )
    .read()?;
    let passed = told
        .lines()
        .filter_map(|line| line.split_once(" passed, "))
        .find_map(|(passed, _)| passed.parse().ok())
        .context("the program told no counts")?;
    Ok(Counts {
        passed,
        ..Counts::default()
    })
}

/// A compiler, valgrind, and the parser that the vectors are split with.
fn tools(shell: &Shell) -> anyhow::Result<()> {
    let there = [
        "/usr/bin/gcc",
        "/usr/bin/valgrind",
        "/usr/include/jansson.h",
    ];
    if there.into_iter().all(|path| shell.path_exists(path)) {
        return Ok(());
    }
    let install = || cmd!(shell, "apt-get install -y gcc valgrind libjansson-dev").run();
    if install().is_err() {
        cmd!(shell, "apt-get update").run()?;
        install().context(
            "the tests in C need, as root: apt-get install -y gcc valgrind libjansson-dev",
        )?;
    }
    Ok(())
}
