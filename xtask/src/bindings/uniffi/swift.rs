//! The Swift package.

use std::collections::BTreeSet;

use anyhow::ensure;
use xshell::{Shell, cmd};

use super::package::{Package, clear, copy_folder};
use crate::gate::Counts;

/// Puts a Swift package together.
pub(super) fn sources(shell: &Shell, package: &Package) -> anyhow::Result<()> {
    let folder = package.out.join("swift");
    clear(shell, &folder)?;
    let source = shell.current_dir().join("bindings-uniffi/swift");
    for file in ["Package.swift", "README.md", "test.sh"] {
        shell.copy_file(source.join(file), folder.join(file))?;
    }
    copy_folder(shell, &source.join("Tests"), &folder.join("Tests"))?;
    let generated = package.generated.join("swift");
    let (swift, c) = (
        folder.join("Sources/CalendarPublish"),
        folder.join("Sources/calendar_publishFFI"),
    );
    shell.create_dir(&swift)?;
    shell.create_dir(&c)?;
    shell.copy_file(generated.join("CalendarPublish.swift"), &swift)?;
    shell.copy_file(generated.join("calendar_publishFFI.h"), &c)?;
    shell.copy_file(
        generated.join("calendar_publishFFI.modulemap"),
        c.join("module.modulemap"),
    )?;
    Ok(())
}

/// Runs the tests where Swift is installed. Elsewhere, checks what can be checked without it.
pub(super) fn test(shell: &Shell, package: &Package) -> anyhow::Result<Counts> {
    sources(shell, package)?;
    let mut counts = Counts::default();
    header_compiles(shell, package)?;
    module_map_names_the_header(shell, package)?;
    names_exist(shell, package)?;
    counts.passed += 3;

    let folder = package.out.join("swift");
    let libraries = package.library.parent().unwrap_or(&folder);
    let script = folder.join("test.sh");
    let ran = cmd!(shell, "sh {script} {folder} {libraries}")
        .ignore_status()
        .output()?;
    let said = String::from_utf8_lossy(&ran.stderr);
    match ran.status.code() {
        Some(0) => counts.passed += 1,
        // It said that there is no Swift here.
        Some(69) => println!("{}", said.trim()),
        _ => anyhow::bail!("the tests in Swift failed: {said}"),
    }
    Ok(counts)
}

fn header_compiles(shell: &Shell, package: &Package) -> anyhow::Result<()> {
    let header = package
        .out
        .join("swift/Sources/calendar_publishFFI/calendar_publishFFI.h");
    // `_Nullable` and `_Nonnull` are Clang's, which is what Swift reads the header with.
    cmd!(
        shell,
        "gcc -std=c11 -Wall -Werror -D_Nullable= -D_Nonnull= -fsyntax-only -include {header} -x c /dev/null"
    )
    .run()?;
    Ok(())
}

fn module_map_names_the_header(shell: &Shell, package: &Package) -> anyhow::Result<()> {
    let map = shell.read_file(
        package
            .out
            .join("swift/Sources/calendar_publishFFI/module.modulemap"),
    )?;
    let words: Vec<&str> = map.split_whitespace().collect();
    let well_formed = matches!(
        words.as_slice(),
        [
            "module",
            "calendar_publishFFI",
            "{",
            "header",
            "\"calendar_publishFFI.h\"",
            "export",
            "*",
            ..,
            "}"
        ]
    );
    ensure!(well_formed, "the module map isn't what Swift reads: {map}");
    Ok(())
}

/// What the tests, README and example take from Swift, Foundation and XCTest.
const SWIFTS_OWN: &str = "
    CommandLine Data Date Foundation ISO8601DateFormatter Int Int64 ProcessInfo Sendable String Task
    TimeInterval UUID XCTAssertEqual XCTAssertFalse XCTAssertTrue XCTFail XCTest XCTestCase
    addingTimeInterval append arguments as async await break case catch class components contains do else
    environment error fatalError final from func guard if import init isEmpty joined let localizedDescription lowercased main map
    nanoseconds nil override prefix print private processInfo return self separatedBy separator set
    sleep static string struct throw throws true try uuidString value var while
    CalendarPublish unchecked";

/// Every name in the Swift of ours is Swift's, the file's own, or in the generated Swift.
fn names_exist(shell: &Shell, package: &Package) -> anyhow::Result<()> {
    let root = shell.current_dir();
    let generated = shell.read_file(package.generated.join("swift/CalendarPublish.swift"))?;
    let generated = names(&generated);
    let own: BTreeSet<&str> = SWIFTS_OWN.split_whitespace().collect();
    let readme = shell.read_file("bindings-uniffi/swift/README.md")?;
    let readme = readme
        .split("```swift\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let tests = "bindings-uniffi/swift/Tests/CalendarPublishTests/CalendarPublishTests.swift";
    let sources = [
        ("the README", readme.unwrap_or_default().to_owned()),
        ("the tests", shell.read_file(root.join(tests))?),
        (
            "the example",
            shell.read_file(root.join("examples/swift/Publish.swift"))?,
        ),
    ];
    for (place, source) in &sources {
        let code = code(source);
        let declared = declared(&code);
        let used = names(&code);
        ensure!(used.len() > 10, "{place} of Swift are empty");
        let unknown: Vec<&str> = used
            .into_iter()
            .filter(|name| {
                !generated.contains(name) && !own.contains(name) && !declared.contains(name)
            })
            .collect();
        ensure!(
            unknown.is_empty(),
            "{place} of Swift name what doesn't exist: {unknown:?}"
        );
    }
    Ok(())
}

/// The source without comments and texts.
fn code(source: &str) -> String {
    let mut code = String::new();
    for line in source.lines() {
        let line = line.split("//").next().unwrap_or_default();
        // A text between `#"` and `"#` holds quotes of its own.
        let plain = line.split("#\"").enumerate().map(|(number, part)| {
            let after = part.split_once("\"#").map(|(_, after)| after);
            after.filter(|_| number > 0).unwrap_or(part)
        });
        for part in plain {
            for (number, part) in part.split('"').enumerate() {
                if number % 2 == 0 {
                    code.push_str(part);
                    code.push(' ');
                }
            }
        }
        code.push('\n');
    }
    code
}

fn names(code: &str) -> BTreeSet<&str> {
    code.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| word.chars().next().is_some_and(char::is_alphabetic))
        .collect()
}

/// What follows a word that declares a name, and the names of tuples that are taken apart.
fn declared(code: &str) -> BTreeSet<&str> {
    let mut declared = BTreeSet::new();
    for keyword in ["let ", "var ", "func ", "class ", "struct ", "let (", "_ "] {
        for after in code.split(keyword).skip(1) {
            let end = if keyword == "let (" { ')' } else { '\n' };
            let taken = after.split(end).next().unwrap_or_default();
            let count = if keyword == "let (" { usize::MAX } else { 1 };
            declared.extend(
                taken
                    .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                    .filter(|word| !word.is_empty())
                    .take(count),
            );
        }
    }
    declared
}

#[cfg(test)]
mod tests {
    use super::{code, declared, names};

    #[test]
    fn comments_and_texts_name_nothing() {
        let code = code("let a = \"Foo\" // Bar\nbaz(a, #\"{\"Qux\":1}\"#)");
        assert_eq!(
            names(&code).into_iter().collect::<Vec<_>>(),
            ["a", "baz", "let"]
        );
    }

    #[test]
    fn declarations_are_found() {
        let found = declared("let (one, two) = f()\nfunc three(_ four: Int) {}");
        for name in ["one", "two", "three", "four"] {
            assert!(found.contains(name), "{name}");
        }
    }
}
