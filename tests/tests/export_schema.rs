//! What is exported is valid by the published JSON Schema.

use calendar_publish::export::{JsonHead, export_json};
use calendar_publish_tests::calendars::{calendar, calendar_id, rows};
use jsonschema::Validator;
use serde_json::{Value, json};

const PATH: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../docs/schema/calendar-export.v1.schema.json"
);

fn published() -> Value {
    serde_json::from_str(&std::fs::read_to_string(PATH).unwrap()).unwrap()
}

fn validator() -> Validator {
    jsonschema::validator_for(&published()).unwrap()
}

fn exported() -> Value {
    let head = JsonHead {
        calendar_id: calendar_id().unwrap(),
        run_id: Some("legacy".parse().unwrap()),
        exported_at: Some("2026-04-01T09:00:00Z".parse().unwrap()),
    };
    let mut json = Vec::new();
    let entries = calendar(10).unwrap();
    let rows = rows(&entries, "Europe/Madrid".parse().unwrap());
    export_json(rows, &head, &mut json).unwrap();
    serde_json::from_slice(&json).unwrap()
}

#[test]
fn exports_are_valid() {
    let document = exported();
    let errors: Vec<String> = validator()
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn documents_of_another_shape_are_not() {
    let validator = validator();
    let breakers: [fn(&mut Value); 6] = [
        |document| document["schemaVersion"] = json!(2),
        |document| document["owner"] = json!("me"),
        |document| document["entries"] = json!({}),
        |document| document["entries"][0]["entry"]["piece"] = json!({ "title": "Pan" }),
        |document| document["entries"][0]["entry"]["readiness"] = json!("fine"),
        |document| document["entries"][0]["note"] = json!("x"),
    ];
    for (index, breaker) in breakers.into_iter().enumerate() {
        let mut document = exported();
        breaker(&mut document);
        assert!(!validator.is_valid(&document), "case {index} is valid");
    }
}
