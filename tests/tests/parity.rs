//! Every operation is in every language, by the name that `parity.toml` says.

#[path = "parity/surface.rs"]
mod surface;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use calendar_publish::calendar::CALENDAR_OPERATIONS;
use calendar_publish::operation::OPERATIONS;
use calendar_publish_documents::ENGINE_OPERATIONS;
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
    /// What the code lists; of what a handle itself can do there is no list.
    names: Option<Vec<&'static str>>,
}

fn areas() -> [Area; 5] {
    let operations = OPERATIONS.iter().map(|operation| operation.name);
    let of_calendars = CALENDAR_OPERATIONS.iter().map(|operation| operation.name);
    let of_engines = ENGINE_OPERATIONS.iter().map(|operation| operation.name);
    let area = |table, class, call, names| Area {
        table,
        class,
        call,
        names,
    };
    [
        area("operation", None, "cp_call", Some(operations.collect())),
        area(
            "calendar",
            Some("Calendar"),
            "cp_calendar_call",
            Some(of_calendars.collect()),
        ),
        area("calendar-handle", Some("Calendar"), "", None),
        area(
            "engine",
            Some("Engine"),
            "cp_engine_call",
            Some(of_engines.collect()),
        ),
        area("engine-handle", Some("Engine"), "", None),
    ]
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
            let names = match area.names {
                Some(names) => names.into_iter().map(str::to_owned).collect(),
                None => written[area.table].clone(),
            };
            (area.table.to_owned(), names)
        })
        .collect();
    assert_eq!(written, listed);
}

/// A method that some language has and the file doesn't name is one that the others may lack unseen.
#[test]
fn every_method_stands_in_the_file() {
    let mut javascript: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut uniffi = javascript.clone();
    each(|area, operation, row| {
        let Some(class) = area.class else { return };
        let name = row.js.called().unwrap_or(operation).to_owned();
        javascript.entry(class).or_default().insert(name);
        let name = row
            .python
            .called()
            .map_or_else(|| snake(operation), str::to_owned);
        uniffi.entry(class).or_default().insert(name);
    });
    for (class, named) in javascript {
        let methods = in_javascript(Some(class));
        assert_eq!(
            methods.difference(&named).collect::<Vec<_>>(),
            [""; 0],
            "{class}"
        );
    }
    for (class, named) in uniffi {
        let methods = in_uniffi(Some(class));
        assert_eq!(
            methods.difference(&named).collect::<Vec<_>>(),
            [""; 0],
            "{class}"
        );
    }
}

/// What a method is called where the name of the operation is taken: `run` of an engine is its worker.
fn method_for<'a>(area: &Area, operation: &'a str) -> &'a str {
    match (area.table, operation) {
        ("engine", "run") => "runOf",
        _ => operation,
    }
}

#[test]
fn names_follow_the_habit_of_each_language() {
    each(|area, operation, row| {
        let method = method_for(area, operation);
        for (language, name) in [
            ("js", &row.js),
            ("kotlin", &row.kotlin),
            ("swift", &row.swift),
        ] {
            let name = name.called().unwrap_or(method);
            assert_eq!(name, method, "{language}");
        }
        let python = snake(method);
        assert_eq!(row.python.called().unwrap_or(&python), python);
        if let Some(c) = row.c.called() {
            let is_name = match c.strip_prefix("cp_") {
                // A handle of any kind is closed.
                Some(function) => function.ends_with(&snake(operation)) || c == "cp_close",
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
    each(|area, operation, row| {
        let (path, function) = match row.test.split_once("::") {
            Some((path, function)) => (path, Some(function)),
            None => (row.test.as_str(), None),
        };
        let path = root().join(path);
        let read = || fs::read_to_string(&path).unwrap_or_default();
        let holds = match function {
            // A test by its name.
            Some(function) => read().contains(&format!("fn {function}(")),
            // The vectors of the operation: that they are there is for the vectors' own test to say.
            None if area.class.is_none() => path.is_dir() && path.ends_with(operation),
            // Vectors that call the operation in a step.
            None if path.is_dir() => calls_in(&path).contains(operation),
            // A file of tests in another language, which calls the method.
            None => read().contains(&format!(".{operation}")),
        };
        assert!(holds, "{operation}: there is no test `{}`", row.test);
    });
}

/// What the vectors in `folder` call, step by step.
fn calls_in(folder: &Path) -> BTreeSet<String> {
    let mut calls = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let vector: serde_json::Value = serde_json::from_str(&text).unwrap();
        let steps = vector["steps"].as_array().into_iter().flatten();
        calls.extend(steps.filter_map(|step| Some(step["call"].as_str()?.to_owned())));
    }
    calls
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
            let name = snake(method_for(area, operation));
            assert!(
                there.contains(&name),
                "{operation}: `{name}` isn't in {there:?}"
            );
        }
    });
}

#[test]
fn c_has_what_it_is_said_to_have() {
    let there = headers();
    each(|area, operation, row| {
        if let Some(name) = row.c.called() {
            let function = if name.starts_with("cp_") {
                name
            } else {
                area.call
            };
            assert!(
                there.contains(function),
                "{operation}: `{function}` isn't in {there:?}"
            );
        }
    });
}
