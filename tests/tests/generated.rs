//! The files that the code writes are those that are checked in.

use calendar_publish::export::calendar_export_schema;
use calendar_publish::rules::{RuleBook, render_limits};
use calendar_publish_tests::generated::check_fresh;
use calendar_publish_tests::typescript;

#[test]
fn the_page_of_limits_is_fresh() {
    check_fresh("docs/limits.md", &render_limits(RuleBook::builtin())).unwrap();
}

#[test]
fn the_schema_of_the_json_export_is_fresh() {
    let schema = serde_json::to_string_pretty(&calendar_export_schema()).unwrap() + "\n";
    check_fresh("docs/schema/calendar-export.v1.schema.json", &schema).unwrap();
}

#[test]
fn the_types_of_typescript_are_fresh() {
    let calendar = typescript::Class {
        name: "CalendarOperations",
        documentation: "What can be asked of a calendar that is held.",
        promises: false,
        renamed: None,
    };
    let engine = typescript::Class {
        name: "EngineOperations",
        documentation: "What can be asked of an engine.",
        promises: true,
        // `run` is what a worker does, in every language.
        renamed: Some(("run", "runOf")),
    };
    let of_an_engine = typescript::of_an_engine();
    let of_a_calendar = typescript::of_a_calendar();
    let files = [
        ("types/model.d.ts", typescript::model()),
        ("types/operations.d.ts", typescript::declarations()),
        (
            "types/calendar-operations.d.ts",
            calendar.declaration(&of_a_calendar),
        ),
        ("src/operations.js", typescript::module()),
        (
            "types/interface-operations.d.ts",
            typescript::for_interfaces(),
        ),
        ("src/interface-operations.js", typescript::for_interfaces()),
        (
            "src/calendar-operations.js",
            calendar.module(&of_a_calendar),
        ),
        (
            "types/engine-operations.d.ts",
            engine.declaration(&of_an_engine),
        ),
        ("src/engine-operations.js", engine.module(&of_an_engine)),
    ];
    for (path, fresh) in files {
        check_fresh(&format!("bindings-wasm/npm/{path}"), &fresh).unwrap();
    }
}

#[test]
fn no_two_types_share_a_name() {
    // Where two do, the second is given a number.
    let numbered: Vec<String> = typescript::model()
        .lines()
        .filter_map(|line| {
            let declared = line
                .strip_prefix("export interface ")
                .or_else(|| line.strip_prefix("export type "))?;
            let name = declared.split(' ').next()?;
            name.ends_with(|last: char| last.is_ascii_digit())
                .then(|| name.to_owned())
        })
        .collect();
    assert_eq!(numbered, [""; 0]);
}
