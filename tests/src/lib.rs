//! Loads the conformance vectors and judges answers by them.
//!
//! A vector is a file `tests/vectors/<operation>/<case>.json`:
//! `{ "name", "operation", "source", "input", "expected" }`, or `"error"` in place of `"expected"`.
//! `source` names the document the expectation comes from.

pub mod calendars;
pub mod generated;
pub mod steps;
pub mod typescript;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// One case: an operation, its input, and what a document says it must answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// What the case is about, in words.
    pub name: String,
    /// The operation's name.
    pub operation: String,
    /// The document the expectation comes from.
    pub source: String,
    /// The input document, to the letter.
    pub input: Box<RawValue>,
    /// What the answer must hold.
    #[serde(default)]
    pub expected: Option<Value>,
    /// What the refusal must hold.
    #[serde(default)]
    pub error: Option<Value>,
}

/// Says how many vectors of a kind ran, as every language's tests do: the gate holds it against the folders. It
/// goes past the test runner, which keeps to itself what passing tests print.
///
/// # Errors
/// Where the standard output is closed.
pub fn tell_count(count: usize, kind: &str) -> io::Result<()> {
    writeln!(io::stdout(), "vectors: {count} {kind}")
}

/// The folder of the vectors.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// Every vector with its file, sorted by path.
///
/// # Errors
/// Names the file that can't be read.
pub fn load() -> Result<Vec<(PathBuf, Vector)>, String> {
    let mut files = Vec::new();
    collect(&folder(), &mut files)?;
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let vector =
                serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
            Ok((path, vector))
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|e| e.to_string())?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(path);
        }
    }
    Ok(())
}

/// Runs a vector. `Err` says what differs.
///
/// # Errors
/// The first difference, with its path in the answer.
pub fn run(vector: &Vector) -> Result<(), String> {
    let answer = calendar_publish::operation::call(&vector.operation, vector.input.get());
    match (&vector.expected, &vector.error, answer) {
        (Some(expected), None, Ok(answer)) => {
            let answer: Value = serde_json::from_str(&answer).map_err(|e| e.to_string())?;
            differs("answer", expected, &answer)
        }
        (None, Some(expected), Err(error)) => {
            let error = serde_json::to_value(&error).map_err(|e| e.to_string())?;
            differs("error", expected, &error)
        }
        (Some(_), None, Err(error)) => Err(format!("was refused: {error}")),
        (None, Some(_), Ok(answer)) => Err(format!("was answered: {answer}")),
        _ => Err("a vector has either `expected` or `error`".to_owned()),
    }
}

/// Judges `actual`: fields the expectation doesn't name aren't judged, `null` stands for absent,
/// lists must agree in length and order, numbers in value.
pub fn differs(path: &str, expected: &Value, actual: &Value) -> Result<(), String> {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            expected.iter().try_for_each(|(name, value)| {
                let actual = actual.get(name).unwrap_or(&Value::Null);
                differs(&format!("{path}.{name}"), value, actual)
            })
        }
        (Value::Array(expected), Value::Array(items)) => {
            if expected.len() != items.len() {
                return Err(format!(
                    "{path}: expected {} items, got {}: {actual}",
                    expected.len(),
                    items.len()
                ));
            }
            expected
                .iter()
                .zip(items)
                .enumerate()
                .try_for_each(|(index, (expected, actual))| {
                    differs(&format!("{path}[{index}]"), expected, actual)
                })
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => Ok(()),
        _ if expected == actual => Ok(()),
        _ => Err(format!("{path}: expected {expected}, got {actual}")),
    }
}
