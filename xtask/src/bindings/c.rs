//! The C package.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

use crate::gate::Counts;

/// What the static library needs besides itself, as `rustc --print native-static-libs` says.
const STATIC_LIBRARIES: &str = "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc";

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
             -lcalendar_publish_c\nLibs.private: {STATIC_LIBRARIES}\n",
            env!("CARGO_PKG_VERSION")
        ),
    )?;
    println!("the C package: {PACKAGE}");
    Ok(())
}

/// What every program is compiled with.
const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Werror", "-Ibindings-c/include"];

/// Runs the programs in C: every vector and what a caller does wrong, under valgrind and with sanitizers; and
/// the README's lines as C and as C++, over the shared and the static library.
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
    counts.passed += readme(shell, &library)?;
    Ok(counts)
}

/// Compiles a test program, runs it under valgrind and with sanitizers, and reads its counts. What the library
/// makes once and keeps until the process ends is still reachable then, and no leak.
fn run(shell: &Shell, library: &Path, name: &str, arguments: &[PathBuf]) -> anyhow::Result<Counts> {
    let build = |program: &Path, sanitizers: &[&str]| {
        cmd!(
            shell,
            "gcc -std=c11 -pedantic -g {WARNINGS...} {sanitizers...} bindings-c/tests/{name}.c
             -L{library} -lcalendar_publish_c -Wl,-rpath,{library} -ljansson -o {program}"
        )
        .run()
    };
    let sanitized = library.join(format!("c-{name}-sanitized"));
    let sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    build(&sanitized, &sanitizers)?;
    cmd!(shell, "{sanitized} {arguments...}").quiet().run()?;

    let program = library.join(format!("c-{name}"));
    build(&program, &[])?;
    let told = cmd!(
        shell,
        "valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible
         --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 {program} {arguments...}"
    )
    .quiet()
    .read()?;
    println!("{name} in C: {told}");
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

/// Runs the README's lines and says how many programs were made of them.
fn readme(shell: &Shell, library: &Path) -> anyhow::Result<u64> {
    let text = shell.read_file("bindings-c/README.md")?;
    let lines = text
        .split_once("```c\n")
        .and_then(|(_, rest)| rest.split_once("```"))
        .map(|(lines, _)| lines)
        .context("bindings-c/README.md shows no C")?;
    ensure!(lines.lines().count() <= 5, "embedding takes five lines");
    let source = format!(
        "#include <calendar_publish.h>\n#include <stdio.h>\n#include <string.h>\n\nint main(void) {{\n\
         {lines}return status == CP_OK ? 0 : 1;\n}}\n"
    );
    let static_library = library.join("libcalendar_publish_c.a");
    let shared = format!(
        "-L{0} -lcalendar_publish_c -Wl,-rpath,{0}",
        library.display()
    );
    let linked = format!("{} {STATIC_LIBRARIES}", static_library.display());
    let programs = [
        ("gcc -std=c11 -pedantic", "c", &shared),
        ("gcc -std=c11 -pedantic", "c", &linked),
        ("g++ -std=c++17", "cc", &shared),
    ];
    for (compiler, extension, libraries) in programs {
        let file = library.join(format!("c-readme.{extension}"));
        shell.write_file(&file, &source)?;
        let program = library.join("c-readme");
        let (compiler, libraries) = (compiler.split(' '), libraries.split(' '));
        cmd!(
            shell,
            "env {compiler...} {WARNINGS...} {file} {libraries...} -o {program}"
        )
        .run()?;
        let said = cmd!(shell, "{program}").read()?;
        ensure!(
            said.contains("\"utf16\":6"),
            "the README's program said: {said}"
        );
    }
    Ok(programs.len() as u64)
}

/// A compiler, valgrind, and the parser that the vectors are split with.
fn tools(shell: &Shell) -> anyhow::Result<()> {
    let there = [
        "/usr/bin/gcc",
        "/usr/bin/g++",
        "/usr/bin/valgrind",
        "/usr/include/jansson.h",
    ];
    if there.into_iter().all(|path| shell.path_exists(path)) {
        return Ok(());
    }
    let install = || cmd!(shell, "apt-get install -y gcc g++ valgrind libjansson-dev").run();
    if install().is_err() {
        cmd!(shell, "apt-get update").run()?;
        install().context(
            "the tests in C need, as root: apt-get install -y gcc g++ valgrind libjansson-dev",
        )?;
    }
    Ok(())
}
