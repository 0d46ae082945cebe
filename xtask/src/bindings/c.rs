//! The C package.

mod programs;

use std::path::PathBuf;

use anyhow::Context;
use xshell::{Shell, cmd};

use super::simulators;
use crate::gate::Counts;
use crate::vectors;
use programs::{STATIC_LIBRARIES, Source, counted, published, readme};

/// Where the package is put together.
const PACKAGE: &str = "target/packages/c";

/// Builds the shared and the static library, and lays them out with the headers and a file for pkg-config.
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
    for header in ["calendar_publish.h", "calendar_publish.hpp"] {
        shell.copy_file(
            format!("bindings-c/include/{header}"),
            format!("{PACKAGE}/include/{header}"),
        )?;
    }
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

/// The programs that need threads of their own.
const THREADED: [Source; 3] = [
    Source("bindings-c/tests/replies.c"),
    Source("bindings-c/tests/threads.c"),
    Source("bindings-c/tests/wrapper.cc"),
];

/// Runs the programs in C and C++ under valgrind and with sanitizers: every vector, what a caller does wrong,
/// and the engine; the README's lines as C and as C++, over the shared and the static library; and, against the
/// simulators, the example and an upload.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<Counts> {
    tools(shell)?;
    cmd!(shell, "cargo build --quiet -p calendar-publish-c").run()?;
    let library = shell.current_dir().join("target/debug");
    let said = Source("bindings-c/tests/vectors.c").test(shell, &library, &vector_files(shell)?)?;
    vectors::hold(shell, "C", &said)?;
    let mut counts = counted(&said)?;
    for path in ["bindings-c/tests/misuse.c", "bindings-c/tests/engine.c"] {
        counts += counted(&Source(path).test(shell, &library, &[])?)?;
    }
    for program in THREADED {
        counts += counted(&program.test(shell, &library, &[])?)?;
    }
    counts.passed += readme(shell, &library)?;
    counts.passed += published(shell, &library, simulators(shell)?.into())?;
    Ok(counts)
}

fn vector_files(shell: &Shell) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in shell.read_dir("tests/vectors")? {
        if folder.is_dir() {
            files.extend(shell.read_dir(folder)?);
        }
    }
    for folder in ["tests/vectors-calendar", "tests/vectors-engine"] {
        files.extend(shell.read_dir(folder)?);
    }
    Ok(files)
}

/// Runs the threaded programs under ThreadSanitizer. The library and Rust's own are compiled for it, too:
/// otherwise it doesn't see what keeps their threads apart, and takes everything for a race. That takes a
/// nightly compiler with its sources, and minutes, so that it is no part of the gate.
pub(crate) fn test_threads(shell: &Shell) -> anyhow::Result<Counts> {
    const TARGET: &str = "x86_64-unknown-linux-gnu";
    tools(shell)?;
    cmd!(
        shell,
        "rustup component add rust-src --toolchain nightly-{TARGET}"
    )
    .run()
    .context("ThreadSanitizer needs a nightly Rust with its sources")?;
    let folder = "target/thread-sanitizer";
    cmd!(
        shell,
        "cargo +nightly-{TARGET} build --quiet -Zbuild-std --target {TARGET} --target-dir {folder}
         -p calendar-publish-c"
    )
    .env("RUSTFLAGS", "-Zsanitizer=thread")
    // The toolchain that runs this chore would be the one that is asked otherwise.
    .env_remove("RUSTUP_TOOLCHAIN")
    .run()?;
    let sysroot = cmd!(shell, "rustc +nightly-{TARGET} --print sysroot")
        .env_remove("RUSTUP_TOOLCHAIN")
        .read()?;
    let runtime = PathBuf::from(sysroot).join(format!(
        "lib/rustlib/{TARGET}/lib/librustc-nightly_rt.tsan.a"
    ));
    let library = shell.current_dir().join(folder).join(TARGET).join("debug");
    let mut counts = Counts::default();
    for program in THREADED {
        counts += counted(&program.test_threads(shell, &library, &runtime)?)?;
    }
    Ok(counts)
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
