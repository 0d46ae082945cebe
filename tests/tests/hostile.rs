//! No operation panics: every vector's input is bent in many ways and handed in again.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calendar_publish::operation::call;
use calendar_publish_tests::load;
use serde_json::{Value, json};

/// A small deterministic generator, so that a failure can be replayed from the printed input.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

/// Values that decoders trip over.
fn hostile(dice: &mut Dice) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(-1e308),
        json!(5e-324),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("\u{feff}"),
        json!("👨‍👩‍👧".repeat(50)),
        json!("e\u{301}".repeat(100)),
        json!("=HYPERLINK(\"x\")"),
        json!("#".repeat(300)),
        json!("@a ".repeat(300)),
        json!("9999-12-31"),
        json!("0001-01-01"),
        json!("2026-02-30"),
        json!("24:00"),
        json!("23:59"),
        json!("9999-12-31T23:59:59.999Z"),
        json!("0001-01-01T00:00:00Z"),
        json!("-0001-01-01T00:00:00Z"),
        json!("Europe/Nowhere"),
        json!("Pacific/Apia"),
        json!("00000000-0000-0000-0000-000000000000"),
        json!("https://user:pass@[::1]:99999/%00"),
        json!([]),
        json!({}),
        json!([[[[[[[[]]]]]]]]),
    ];
    values[dice.roll(values.len())].clone()
}

/// Every place in `value`, as the steps that lead to it.
fn places(value: &Value, prefix: &str, found: &mut Vec<String>) {
    found.push(prefix.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let step = name.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{prefix}/{step}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &format!("{prefix}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn survives(operation: &str, input: &str) {
    let outcome = catch_unwind(AssertUnwindSafe(|| call(operation, input)));
    match outcome {
        Ok(Ok(answer)) => {
            assert!(
                serde_json::from_str::<Value>(&answer).is_ok(),
                "{operation} answers no JSON"
            );
        }
        Ok(Err(error)) => assert!(!error.to_string().is_empty()),
        Err(_) => panic!("{operation} panicked on {input}"),
    }
}

#[test]
fn bent_vectors_never_panic() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut tried = 0;
    for (_, vector) in load().unwrap() {
        let Ok(input) = serde_json::from_str::<Value>(vector.input.get()) else {
            continue;
        };
        let mut found = Vec::new();
        places(&input, "", &mut found);
        for _ in 0..40 {
            let mut bent = input.clone();
            for _ in 0..=dice.roll(2) {
                let place = &found[dice.roll(found.len())];
                let value = hostile(&mut dice);
                if let Some(slot) = bent.pointer_mut(place) {
                    *slot = value;
                }
            }
            survives(&vector.operation, &bent.to_string());
            tried += 1;
        }
    }
    println!("bent inputs: {tried}");
}

#[test]
fn truncated_vectors_never_panic() {
    for (_, vector) in load().unwrap() {
        let text = vector.input.get();
        for (end, _) in text.char_indices().step_by(7) {
            survives(&vector.operation, &text[..end]);
        }
    }
}

#[test]
fn deep_nesting_is_refused_with_a_place() {
    for operation in calendar_publish::operation::OPERATIONS {
        for deep in ["[".repeat(200_000), "{\"a\":".repeat(200_000)] {
            let error = call(operation.name, &deep).unwrap_err();
            assert!(error.position.is_some(), "{}: {error}", operation.name);
        }
    }
}
