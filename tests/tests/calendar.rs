//! Every vector of a held calendar holds, every operation has some, and files are those of the operations.

use calendar_publish::calendar::{CALENDAR_OPERATIONS, Calendar};
use calendar_publish::operation::call;
use calendar_publish_tests::steps::{load_calendars, missing, run_calendar};
use calendar_publish_tests::tell_count;
use serde_json::{Value, json};

#[test]
fn every_vector_holds() {
    let vectors = load_calendars().unwrap();
    let mut failures = Vec::new();
    let mut steps = 0;
    for (path, vector) in &vectors {
        steps += vector.steps.len();
        let found = run_calendar(vector).unwrap_or_else(|why| vec![why]);
        let named = found
            .into_iter()
            .map(|why| format!("{}: {why}", path.display()));
        failures.extend(named);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    tell_count(steps, "calendar steps").unwrap();
}

#[test]
fn every_operation_has_answers_and_refusals_and_every_case_a_source() {
    let vectors = load_calendars().unwrap();
    let told = vectors.iter().map(|(path, vector)| {
        let steps = vector.steps.iter();
        let calls = steps.map(|step| (step.call.as_str(), step.error.is_some()));
        (path.as_path(), vector.source.as_str(), calls.collect())
    });
    let operations = CALENDAR_OPERATIONS.iter().map(|operation| operation.name);
    assert_eq!(missing(told, operations), Vec::<String>::new());
}

/// A calendar's file is what the operation writes of its entries, with the readiness that `evaluateCalendar`
/// finds and the zones of their accounts.
#[test]
fn files_are_those_of_the_operations() {
    for (path, vector) in load_calendars().unwrap() {
        let mut document: Value = serde_json::from_str(vector.document.get()).unwrap();
        let calendar = Calendar::load(vector.document.get().as_bytes(), vector.now).unwrap();
        document["now"] = json!(vector.now);
        let answer = call("evaluateCalendar", &document.to_string()).unwrap();
        let judged: Value = serde_json::from_str(&answer).unwrap();
        let entries = document["entries"].as_array().unwrap().iter();
        let judged = judged["entries"].as_array().unwrap();
        let rows: Vec<Value> = entries
            .zip(judged)
            .map(|(entry, judged)| {
                json!({ "entry": entry, "readiness": judged["readiness"],
                        "timezone": "Europe/Madrid" })
            })
            .collect();
        let options = json!({ "columns": "extended", "delimiter": ";", "bom": true });
        let stamp = "2026-05-01T00:00:00Z";
        let id = "00000000-0000-4000-8000-0000000000c1";
        for (operation, input, request) in [
            (
                "exportCsv",
                json!({ "rows": rows, "options": options }),
                json!({ "format": "csv", "options": options }),
            ),
            (
                "exportIcal",
                json!({ "rows": rows, "stamp": stamp }),
                json!({ "format": "ical", "stamp": stamp }),
            ),
            (
                "exportJson",
                json!({ "calendarId": id, "exportedAt": stamp, "entries": rows }),
                json!({ "format": "json", "calendarId": id, "exportedAt": stamp }),
            ),
        ] {
            let answer = call(operation, &input.to_string()).unwrap();
            let expected: Value = serde_json::from_str(&answer).unwrap();
            let written = calendar.export_document(&request.to_string()).unwrap();
            let written = String::from_utf8(written).unwrap();
            assert_eq!(
                expected["text"],
                json!(written),
                "{}: {operation}",
                path.display()
            );
        }
        assert!(calendar.export_document(r#"{"format":"pdf"}"#).is_err());
    }
}
