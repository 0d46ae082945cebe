//! The invariants of ARCHITECTURE.md that a look at the sources can check.

use std::fs;
use std::path::{Path, PathBuf};

use calendar_publish_tests::generated::WRITTEN_BY_THE_CODE;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every file below `folder` with one of the endings, generated and foreign ones left out.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        if entry.is_dir() {
            let foreign =
                ["target", "node_modules", "corpus", "artifacts"].contains(&name.as_str());
            if !foreign && !name.starts_with('.') {
                found.extend(files(&entry, endings));
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(entry);
        }
    }
    found.sort();
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap()
        .to_string_lossy()
        .into_owned()
}

/// The code of a file: comments and the items that only tests compile left out.
fn code(path: &Path) -> String {
    without_tests(&fs::read_to_string(path).unwrap())
}

/// Leaves out each item under `#[cfg(test)]`, and nothing after it: such an item ends with the line
/// that ends in `;`, or with the brace that closes it at the attribute's own indent.
fn without_tests(text: &str) -> String {
    let mut lines = text.lines();
    let mut code = Vec::new();
    while let Some(line) = lines.next() {
        let bare = line.trim_start();
        if bare == "#[cfg(test)]" {
            let end = format!("{}}}", &line[..line.len() - bare.len()]);
            let mut opened = false;
            for item in lines.by_ref() {
                if item == end || (!opened && item.ends_with(['}', ';'])) {
                    break;
                }
                opened |= item.ends_with('{');
            }
        } else if !bare.starts_with("//") {
            code.push(line);
        }
    }
    code.join("\n")
}

#[test]
fn only_the_item_for_tests_is_left_out() {
    let text =
        "a\n#[cfg(test)]\nmod tests;\nb\n// c\n#[cfg(test)]\nmod more {\n    fn d() {\n    }\n}\ne";
    assert_eq!(without_tests(text), "a\nb\ne");
}

fn is_test(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "tests.rs")
}

/// The files of core whose code contains one of `words`.
fn core_files_with(words: &[&str]) -> Vec<String> {
    files(&root().join("core/src"), &[".rs"])
        .into_iter()
        .filter(|path| !is_test(path))
        .filter(|path| {
            let code = code(path);
            words.iter().any(|word| code.contains(word))
        })
        .map(|path| relative(&path))
        .collect()
}

#[test]
fn core_reads_no_clock_and_draws_no_randomness() {
    let words = [
        "Utc::now",
        "Local::now",
        "SystemTime",
        "Instant::now",
        "rand::",
        "getrandom",
        "new_v4",
    ];
    assert_eq!(core_files_with(&words), Vec::<String>::new());
}

#[test]
fn core_does_no_io() {
    let words = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "println!",
        "eprintln!",
    ];
    assert_eq!(core_files_with(&words), Vec::<String>::new());
}

#[test]
fn only_publish_ports_memory_and_conformance_are_async() {
    let allowed = [
        "core/src/publish",
        "core/src/ports",
        "core/src/memory",
        "core/src/conformance",
    ];
    let strangers: Vec<_> = core_files_with(&["async fn", "async move", ".await"])
        .into_iter()
        .filter(|path| !allowed.iter().any(|folder| path.starts_with(folder)))
        .collect();
    assert_eq!(strangers, Vec::<String>::new());
}

#[test]
fn only_job_changes_the_status_of_a_job() {
    let strangers: Vec<_> = core_files_with(&[
        "job.status = ",
        ".status = JobStatus",
        "status: JobStatus::",
    ])
    .into_iter()
    .filter(|path| !path.starts_with("core/src/job"))
    .collect();
    assert_eq!(strangers, Vec::<String>::new());
}

/// serde would read such a type into values of its own, where what core reads from text can't be read.
#[test]
fn core_reads_tags_and_parts_by_its_own_derives() {
    let through_values = |item: &&str| {
        let derived = item.split(")]").next().unwrap_or_default();
        let reads = derived.split(", ").any(|name| name == "Deserialize");
        let attributes = ["tag = \"", "#[serde(flatten)]", "untagged"];
        reads && attributes.iter().any(|attribute| item.contains(attribute))
    };
    let found: Vec<String> = files(&root().join("core/src"), &[".rs"])
        .into_iter()
        .filter(|path| {
            code(path)
                .split("#[derive(")
                .skip(1)
                .any(|item| through_values(&item))
        })
        .map(|path| relative(&path))
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn no_source_file_is_longer_than_600_lines() {
    let long: Vec<_> = files(root(), &[".rs", ".py", ".ts", ".mjs", ".c", ".h"])
        .into_iter()
        .map(|path| (fs::read_to_string(&path).unwrap(), relative(&path)))
        // Nobody reads a generated file from its top.
        .filter(|(text, _)| !text.starts_with(WRITTEN_BY_THE_CODE))
        .map(|(text, path)| (text.lines().count(), path))
        .filter(|(lines, _)| *lines > 600)
        .collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn a_path_named_in_a_document_exists() {
    // Markdown below a `src` folder is part of the Rust documentation, which checks its own links.
    let documents = files(root(), &[".md"]);
    for path in documents
        .into_iter()
        .filter(|path| !relative(path).contains("/src/"))
    {
        let text = fs::read_to_string(&path).unwrap();
        let folder = path.parent().unwrap();
        for quoted in text.split('`').skip(1).step_by(2) {
            let looks_like_a_path = quoted.contains('/')
                && !quoted.contains([' ', '*', '<', '{', '$', '\n', ':'])
                && !quoted.starts_with(['/', '.', '~', '-'])
                && quoted
                    .rsplit('/')
                    .next()
                    .is_some_and(|name| name.contains('.') || name.is_empty());
            if looks_like_a_path {
                let exists = root().join(quoted).exists() || folder.join(quoted).exists();
                assert!(exists, "{}: `{quoted}` doesn't exist", relative(&path));
            }
        }
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let target = target.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") {
                assert!(
                    folder.join(target).exists(),
                    "{}: link to {target}",
                    relative(&path)
                );
            }
        }
    }
}

#[test]
fn the_project_speaks_of_itself_alone() {
    // Spelt in halves, so that this list doesn't find itself.
    let words = [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["static.rust", "-lang"],
        ["registry.npm", "js"],
        ["crates.io/", "api"],
        ["pypi.org/", "simple"],
    ]
    .map(|halves| halves.concat());
    for path in files(
        root(),
        &[
            ".rs", ".md", ".toml", ".py", ".sql", ".json", ".yml", ".lock",
        ],
    ) {
        let text = fs::read_to_string(&path).unwrap();
        for word in &words {
            assert!(
                !text.contains(word.as_str()),
                "{}: contains {word}",
                relative(&path)
            );
        }
    }
}
