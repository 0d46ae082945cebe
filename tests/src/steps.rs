//! Vectors of a calendar that is held: `tests/vectors-calendar/<case>.json`.
//!
//! `{ "name", "source", "document", "now", "steps": [{ "call", "input", "expected" }] }`: the document is
//! loaded, then each operation is called in turn, with `"error"` in place of `"expected"` where it must be
//! refused. Answers are judged as those of the other vectors. Every binding can run them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use calendar_publish::calendar::Calendar;
use calendar_publish::model::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::{collect, differs};

/// What happens to one calendar.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarVector {
    /// What the case is about, in words.
    pub name: String,
    /// The document the expectations come from.
    pub source: String,
    /// What is loaded.
    pub document: Box<RawValue>,
    /// What time it is.
    pub now: Timestamp,
    /// What is called, in order.
    pub steps: Vec<Step>,
}

/// One call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The operation.
    pub call: String,
    /// Its input document, to the letter.
    pub input: Box<RawValue>,
    /// What the answer must hold; an answer may be `null`.
    #[serde(default, deserialize_with = "there")]
    pub expected: Option<Value>,
    /// What the refusal must hold.
    #[serde(default)]
    pub error: Option<Value>,
}

fn there<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

/// Every vector with its file, sorted by path.
///
/// # Errors
/// Names the file that can't be read.
pub fn load_calendars() -> Result<Vec<(PathBuf, CalendarVector)>, String> {
    let mut files = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors-calendar");
    collect(&folder, &mut files)?;
    files.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let vector = serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok((path, vector))
    };
    files.into_iter().map(read).collect()
}

/// Runs a vector; gives what differs, step by step.
///
/// # Errors
/// Where the calendar can't be loaded.
pub fn run_calendar(vector: &CalendarVector) -> Result<Vec<String>, String> {
    let mut calendar = Calendar::load(vector.document.get().as_bytes(), vector.now)
        .map_err(|error| error.to_string())?;
    let steps = vector.steps.iter().enumerate();
    let failures = steps.filter_map(|(index, step)| {
        let failure = take(&mut calendar, step).err()?;
        Some(format!("step {index}, {}: {failure}", step.call))
    });
    Ok(failures.collect())
}

fn take(calendar: &mut Calendar, step: &Step) -> Result<(), String> {
    match (
        &step.expected,
        &step.error,
        calendar.call(&step.call, step.input.get()),
    ) {
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
        _ => Err("a step has either `expected` or `error`".to_owned()),
    }
}

/// What is missing of `operations`' vectors: of each its file, its source and its calls, with whether they are
/// refused. A source is a page that exists, and each operation has an answer and a refusal.
pub fn missing<'v>(
    vectors: impl IntoIterator<Item = (&'v Path, &'v str, Vec<(&'v str, bool)>)>,
    operations: impl IntoIterator<Item = &'static str>,
) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut covered: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut missing = Vec::new();
    for (file, source, calls) in vectors {
        let page = source.split([':', ',', ';']).next().unwrap_or(source);
        if !root.join(page).exists() {
            missing.push(format!("{}: {page}", file.display()));
        }
        for (call, is_refused) in calls {
            covered.entry(call).or_default()[usize::from(is_refused)] += 1;
        }
    }
    for operation in operations {
        let counts = covered.get(operation).copied().unwrap_or_default();
        if counts.contains(&0) {
            missing.push(format!("{operation}: {counts:?}"));
        }
    }
    missing
}
