//! The conformance vectors: how many there are, and whether a language's tests ran every one.

use std::path::Path;

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde::de::IgnoredAny;
use xshell::Shell;

/// A kind of vectors. Each language's tests tell once how many of it they ran by document:
/// `vectors: 103 calendar steps`.
struct Kind {
    folder: &'static str,
    told_as: &'static str,
}

const KINDS: [Kind; 3] = [
    Kind {
        folder: "tests/vectors",
        told_as: "operations",
    },
    Kind {
        folder: "tests/vectors-calendar",
        told_as: "calendar steps",
    },
    Kind {
        folder: "tests/vectors-engine",
        told_as: "engine steps",
    },
];

/// Of a vector's file, how many cases it is: one, or as many as it has steps.
#[derive(Deserialize)]
struct Cases {
    steps: Option<Vec<IgnoredAny>>,
}

/// Holds what the tests of `language` said against the folders, so that no language leaves a vector out unseen.
pub(crate) fn hold(shell: &Shell, language: &str, said: &str) -> anyhow::Result<()> {
    let mut counts = Vec::new();
    for Kind { folder, told_as } in KINDS {
        let there = cases(&shell.current_dir().join(folder))?;
        let ran = told(said, told_as);
        ensure!(
            ran == [there],
            "{folder} has {there} {told_as}, and the tests in {language} told that they ran {ran:?}"
        );
        counts.push(format!("{there} {told_as}"));
    }
    println!("every vector ran in {language}: {}", counts.join(", "));
    Ok(())
}

/// How many cases the files below `folder` hold.
fn cases(folder: &Path) -> anyhow::Result<usize> {
    let mut found = 0;
    for entry in folder
        .read_dir()
        .with_context(|| folder.display().to_string())?
    {
        let path = entry?.path();
        if path.is_dir() {
            found += cases(&path)?;
        } else if path.extension().is_some_and(|it| it == "json") {
            let read: Cases = serde_json::from_str(&std::fs::read_to_string(&path)?)
                .with_context(|| path.display().to_string())?;
            found += read.steps.map_or(1, |steps| steps.len());
        }
    }
    Ok(found)
}

/// The counts of a kind among the lines of a test runner, which puts marks of its own before and behind them.
fn told(said: &str, kind: &str) -> Vec<usize> {
    said.lines()
        .filter_map(|line| {
            let (_, told) = line.split_once("vectors: ")?;
            let (count, told_as) = told.split_once(' ')?;
            let is_kind = told_as.trim_end() == kind;
            count.parse().ok().filter(|_| is_kind)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{KINDS, cases, hold, told};
    use xshell::Shell;

    #[test]
    fn counts_are_read_from_among_a_runners_marks() {
        let said = "# vectors: 12 operations\n..vectors: 3 engine steps\nvectors: 4 engine steps \n\
                    vectors by types: 9 operations\n";
        assert_eq!(told(said, "operations"), [12]);
        assert_eq!(told(said, "engine steps"), [3, 4]);
        assert_eq!(told(said, "calendar steps"), [0; 0]);
    }

    #[test]
    fn a_language_tells_each_kind_once_and_whole() -> anyhow::Result<()> {
        let shell = Shell::new()?;
        shell.change_dir(crate::root());
        let mut lines = Vec::new();
        for kind in &KINDS {
            let there = cases(&crate::root().join(kind.folder))?;
            assert!(there > 0, "{}", kind.folder);
            lines.push(format!("vectors: {there} {}", kind.told_as));
        }
        assert!(hold(&shell, "all", &lines.join("\n")).is_ok());
        let (last, others) = lines.split_last().unwrap_or((&lines[0], &[]));
        let twice = format!("{}\n{last}\n{last}", others.join("\n"));
        let fewer = format!("{}\nvectors: 1 engine steps", others.join("\n"));
        for said in [others.join("\n"), twice, fewer] {
            let refused = hold(&shell, "one", &said)
                .err()
                .map(|error| error.to_string());
            assert!(
                refused.is_some_and(|it| it.contains("engine steps") && it.contains("in one")),
                "{said}"
            );
        }
        Ok(())
    }
}
