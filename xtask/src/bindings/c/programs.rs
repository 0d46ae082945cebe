//! Programs in C and C++: how they are compiled, linked and run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

use crate::gate::Counts;

/// What the static library needs besides itself, as `rustc --print native-static-libs` says.
pub(super) const STATIC_LIBRARIES: &str = "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc";

/// What every program is compiled with.
pub(super) const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Werror", "-Ibindings-c/include"];

/// How long a program may take, in seconds: one that waits for what never comes must not hold the gate.
const PATIENCE: &str = "600";

/// A source file that becomes a program, by its path from the project's root.
pub(super) struct Source(pub(super) &'static str);

impl Source {
    fn name(&self) -> &'static str {
        let file = self.0.rsplit('/').next().unwrap_or(self.0);
        file.split('.').next().unwrap_or(file)
    }

    fn compiler(&self) -> &'static str {
        if self.0.ends_with(".cc") {
            "g++"
        } else {
            "gcc"
        }
    }

    fn language(&self) -> &'static [&'static str] {
        match self.compiler() {
            "g++" => &["-std=c++17", "-pedantic", "-g"],
            _ => &["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-pedantic", "-g"],
        }
    }

    /// Compiles it against the shared library in `library`, and says where the program is.
    pub(super) fn program(
        &self,
        shell: &Shell,
        library: &Path,
        sanitizers: &[&str],
    ) -> anyhow::Result<PathBuf> {
        let (path, compiler, language) = (self.0, self.compiler(), self.language());
        let kind = if sanitizers.is_empty() {
            ""
        } else {
            "-sanitized"
        };
        let program = library.join(format!("c-{}{kind}", self.name()));
        cmd!(
            shell,
            "{compiler} {language...} {WARNINGS...} {sanitizers...} {path}
             -L{library} -lcalendar_publish_c -Wl,-rpath,{library} -ljansson -lpthread -o {program}"
        )
        .run()?;
        Ok(program)
    }

    /// Compiles it with sanitizers and for valgrind, runs both, and gives what it said. What the library makes
    /// once and keeps until the process ends is still reachable then, and no leak.
    pub(super) fn test(
        &self,
        shell: &Shell,
        library: &Path,
        arguments: &[PathBuf],
    ) -> anyhow::Result<String> {
        let sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
        let sanitized = self.program(shell, library, &sanitizers)?;
        cmd!(shell, "timeout {PATIENCE} {sanitized} {arguments...}")
            .quiet()
            .run()?;

        let program = self.program(shell, library, &[])?;
        let said = cmd!(
            shell,
            "timeout {PATIENCE} valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible
             --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 {program} {arguments...}"
        )
        .quiet()
        .read()?;
        println!("{}: {said}", self.0);
        Ok(said)
    }

    /// Links it with a library that was compiled for ThreadSanitizer, and with the `runtime` that the
    /// library's compiler brings, runs it, and gives what it said.
    pub(super) fn test_threads(
        &self,
        shell: &Shell,
        library: &Path,
        runtime: &Path,
    ) -> anyhow::Result<String> {
        let (path, compiler, language) = (self.0, self.compiler(), self.language());
        let static_library = library.join("libcalendar_publish_c.a");
        let object = library.join(format!("c-{}.o", self.name()));
        let program = library.join(format!("c-{}", self.name()));
        cmd!(
            shell,
            "{compiler} {language...} {WARNINGS...} -fsanitize=thread -c {path} -o {object}"
        )
        .run()?;
        let libraries = STATIC_LIBRARIES.split(' ');
        cmd!(
            shell,
            "{compiler} {object} {static_library} -Wl,--whole-archive {runtime} -Wl,--no-whole-archive
             -Wl,--export-dynamic -ljansson {libraries...} -o {program}"
        )
        .run()?;
        let said = cmd!(shell, "timeout {PATIENCE} {program}").quiet().read()?;
        println!("{}: {said}", self.0);
        Ok(said)
    }
}

/// What a program's last line says; one that ends well has failed nothing.
pub(super) fn counted(said: &str) -> anyhow::Result<Counts> {
    let passed = said
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
pub(super) fn readme(shell: &Shell, library: &Path) -> anyhow::Result<u64> {
    let text = shell.read_file("bindings-c/README.md")?;
    let embedding = lines_of(&text, "c")?;
    ensure!(embedding.lines().count() <= 5, "embedding takes five lines");
    let embedding = format!(
        "#include <calendar_publish.h>\n#include <stdio.h>\n#include <string.h>\n\nint main(void) {{\n\
         {embedding}return status == CP_OK ? 0 : 1;\n}}\n"
    );
    let catching = format!(
        "#include <calendar_publish.hpp>\n#include <iostream>\n\nint main() {{\n{}}}\n",
        lines_of(&text, "cpp")?
    );
    let static_library = library.join("libcalendar_publish_c.a");
    let shared = format!(
        "-L{0} -lcalendar_publish_c -Wl,-rpath,{0}",
        library.display()
    );
    let linked = format!("{} {STATIC_LIBRARIES}", static_library.display());
    let embedding = (&embedding, "\"utf16\":6");
    let catching = (&catching, "TIMESTAMP_INVALID at instant\n");
    let programs = [
        ("gcc -std=c11 -pedantic", "c", embedding, &shared),
        ("gcc -std=c11 -pedantic", "c", embedding, &linked),
        ("g++ -std=c++17", "cc", embedding, &shared),
        ("g++ -std=c++17 -pedantic", "cc", catching, &shared),
    ];
    for (compiler, extension, (source, expected), libraries) in programs {
        let file = library.join(format!("c-readme.{extension}"));
        shell.write_file(&file, source)?;
        let program = library.join("c-readme");
        let (compiler, libraries) = (compiler.split(' '), libraries.split(' '));
        cmd!(
            shell,
            "env {compiler...} {WARNINGS...} {file} {libraries...} -o {program}"
        )
        .run()?;
        let ran = cmd!(shell, "{program}").output()?;
        let said = String::from_utf8([ran.stdout, ran.stderr].concat())?;
        ensure!(said.contains(expected), "the README's program said: {said}");
    }
    Ok(programs.len() as u64)
}

/// The lines of the README's first block in a language.
fn lines_of<'t>(readme: &'t str, language: &str) -> anyhow::Result<&'t str> {
    readme
        .split_once(&format!("```{language}\n"))
        .and_then(|(_, rest)| rest.split_once("```"))
        .map(|(lines, _)| lines)
        .with_context(|| format!("bindings-c/README.md shows no {language}"))
}

/// Runs the example against the simulated Instagram, where it must have published once, and the upload to the
/// simulated TikTok, which a second process takes over.
pub(super) fn published(
    shell: &Shell,
    library: &Path,
    simulators: OsString,
) -> anyhow::Result<u64> {
    let _simulators = shell.push_env("CALENDAR_PUBLISH_SIMULATORS", simulators);
    let programs = [
        ("examples/c/publish.c", "with_platforms.py"),
        ("bindings-c/tests/upload.c", "with_upload.py"),
    ];
    for (source, judge) in programs {
        let program = Source(source).program(shell, library, &[])?;
        let judge = format!("bindings-uniffi/python/tests/{judge}");
        cmd!(shell, "python3 {judge} {program}").run()?;
    }
    Ok(programs.len() as u64)
}
