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
    let files = [
        ("types/model.d.ts", typescript::model()),
        ("types/operations.d.ts", typescript::declarations()),
        ("src/operations.js", typescript::module()),
    ];
    for (path, fresh) in files {
        check_fresh(&format!("bindings-wasm/npm/{path}"), &fresh).unwrap();
    }
}
