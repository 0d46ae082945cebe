//! Every vector holds, and every operation has vectors for answers and for refusals.

use std::collections::BTreeMap;

use calendar_publish::operation::OPERATIONS;
use calendar_publish_tests::{load, run, tell_count};

#[test]
fn every_vector_holds() {
    let vectors = load().unwrap();
    let failures: Vec<String> = vectors
        .iter()
        .filter_map(|(path, vector)| {
            run(vector)
                .err()
                .map(|why| format!("{}: {}: {why}", path.display(), vector.name))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        vectors.len(),
        failures.join("\n")
    );
    tell_count(vectors.len(), "operations").unwrap();
}

#[test]
fn every_operation_has_answers_and_refusals() {
    let mut covered: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (_, vector) in load().unwrap() {
        let (answers, refusals) = covered.entry(vector.operation).or_default();
        *(if vector.expected.is_some() {
            answers
        } else {
            refusals
        }) += 1;
    }
    for operation in OPERATIONS {
        let (answers, refusals) = covered.remove(operation.name).unwrap_or_default();
        assert!(
            answers > 0 && refusals > 0,
            "{}: {answers} answers, {refusals} refusals",
            operation.name
        );
    }
    assert!(
        covered.is_empty(),
        "vectors of unknown operations: {covered:?}"
    );
}

#[test]
fn every_expectation_names_its_document() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    for (path, vector) in load().unwrap() {
        let source = vector.source.as_str();
        let document = source.split([':', ',', ';']).next().unwrap_or_default();
        let found = match document.starts_with("docs/") {
            true => std::path::Path::new(root).join(document).exists(),
            // Anything else is somebody else's: a standard, a platform's page, a data base.
            false => document.chars().next().is_some_and(char::is_uppercase) && source.len() > 6,
        };
        assert!(
            found,
            "{}: the source `{source}` names no document",
            path.display()
        );
    }
}
