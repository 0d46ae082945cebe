//! Every operation is in every language, by the name that `parity.toml` says.

#[path = "parity/surface.rs"]
mod surface;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use calendar_publish::operation::OPERATIONS;
use serde::Deserialize;
use surface::{headers, in_javascript, in_uniffi, root};

/// Operations that are reached in the same way.
struct Area {
    /// The table of `parity.toml`.
    table: &'static str,
    /// The class whose methods they are; `None` for free functions.
    class: Option<&'static str>,
    /// The function of the header that takes them by name.
    call: &'static str,
    /// What core lists.
    names: Vec<&'static str>,
}

fn areas() -> [Area; 1] {
    [Area {
        table: "operation",
        class: None,
        call: "cp_call",
        names: OPERATIONS.iter().map(|operation| operation.name).collect(),
    }]
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    js: Name,
    kotlin: Name,
    swift: Name,
    python: Name,
    c: Name,
    test: String,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Name {
    Called(String),
    Without { without: String },
}

impl Name {
    /// The name; `None` where the language goes without.
    fn called(&self) -> Option<&str> {
        match self {
            Self::Called(name) => Some(name),
            Self::Without { .. } => None,
        }
    }
}

type Rows = BTreeMap<String, Row>;

fn parity() -> BTreeMap<String, Rows> {
    toml::from_str(&fs::read_to_string(root().join("tests/parity.toml")).unwrap()).unwrap()
}

/// Calls `check` with each area, operation and row.
fn each(mut check: impl FnMut(&Area, &str, &Row)) {
    let tables = parity();
    for area in areas() {
        for (operation, row) in &tables[area.table] {
            check(&area, operation, row);
        }
    }
}

/// `planShift` as Rust and Python write it.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[test]
fn every_operation_stands_in_the_file_and_nothing_else() {
    let written: BTreeMap<String, BTreeSet<String>> = parity()
        .into_iter()
        .map(|(table, rows)| (table, rows.into_keys().collect()))
        .collect();
    let listed: BTreeMap<String, BTreeSet<String>> = areas()
        .into_iter()
        .map(|area| {
            let names = area.names.into_iter().map(str::to_owned).collect();
            (area.table.to_owned(), names)
        })
        .collect();
    assert_eq!(written, listed);
}

#[test]
fn names_follow_the_habit_of_each_language() {
    each(|_, operation, row| {
        for (language, name) in [
            ("js", &row.js),
            ("kotlin", &row.kotlin),
            ("swift", &row.swift),
        ] {
            let name = name.called().unwrap_or(operation);
            assert_eq!(name, operation, "{language}");
        }
        let python = snake(operation);
        assert_eq!(row.python.called().unwrap_or(&python), python);
        if let Some(c) = row.c.called() {
            let is_name = match c.strip_prefix("cp_") {
                Some(function) => function.ends_with(&python),
                None => c == operation,
            };
            assert!(is_name, "{operation}: {c}");
        }
    });
}

#[test]
fn whatever_is_missing_has_its_reason() {
    each(|_, operation, row| {
        for name in [&row.js, &row.kotlin, &row.swift, &row.python, &row.c] {
            if let Name::Without { without } = name {
                assert!(
                    without.len() > 20 && without.ends_with('.'),
                    "{operation}: `{without}` is no reason"
                );
            }
        }
    });
}

#[test]
fn each_operation_has_its_test() {
    each(|_, operation, row| {
        let (path, function) = match row.test.split_once("::") {
            Some((path, function)) => (path, Some(function)),
            None => (row.test.as_str(), None),
        };
        let path = root().join(path);
        let holds = match function {
            // A test by its name.
            Some(function) => fs::read_to_string(&path)
                .is_ok_and(|text| text.contains(&format!("fn {function}("))),
            // The vectors of the operation: that they are there is for the vectors' own test to say.
            None => path.is_dir() && path.ends_with(operation),
        };
        assert!(holds, "{operation}: there is no test `{}`", row.test);
    });
}

#[test]
fn javascript_has_what_it_is_said_to_have() {
    each(|area, operation, row| {
        if let Some(name) = row.js.called() {
            let there = in_javascript(area.class);
            assert!(
                there.contains(name),
                "{operation}: `{name}` isn't in {there:?}"
            );
        }
    });
}

#[test]
fn kotlin_swift_and_python_have_what_they_are_said_to_have() {
    each(|area, operation, row| {
        // UniFFI writes all three from the same functions, each in the language's habit.
        if [&row.kotlin, &row.swift, &row.python]
            .iter()
            .any(|name| name.called().is_some())
        {
            let there = in_uniffi(area.class);
            let name = snake(operation);
            assert!(
                there.contains(&name),
                "{operation}: `{name}` isn't in {there:?}"
            );
        }
    });
}

#[test]
fn c_has_what_it_is_said_to_have() {
    each(|area, operation, row| {
        if let Some(name) = row.c.called() {
            let function = if name.starts_with("cp_") {
                name
            } else {
                area.call
            };
            let there = headers();
            assert!(
                there.contains(function),
                "{operation}: `{function}` isn't in {there:?}"
            );
        }
    });
}
