//! Every vector of an engine holds, and every operation of it has some: `tests/vectors-engine/<case>.json`.
//!
//! `{ "name", "source", "now", "settings", "steps": [{ "call", "input", "expected", "keep" }] }`: an engine that
//! speaks to no platform is made over an empty store, and each operation is called in turn, with `"error"` in
//! place of `"expected"` where it must be refused. `keep` names places of the answer, and later inputs say
//! `"$name"` for what was there: the engine makes ids by itself. Every binding can run them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::memory::{ManualClock, MemoryStore};
use calendar_publish::model::{AccountId, Timestamp};
use calendar_publish::ports::{HttpRequest, HttpResponse, HttpTransport, TransportError};
use calendar_publish_adapters::access::{AccessError, AccessToken, AccessTokens};
use calendar_publish_documents::{ENGINE_OPERATIONS, Engine, EnginePorts, EngineSettings};
use calendar_publish_tests::steps::missing;
use calendar_publish_tests::{differs, tell_count};
use futures_executor::block_on;
use serde::Deserialize;
use serde_json::Value;

/// What happens to one engine.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EngineVector {
    name: String,
    source: String,
    now: Timestamp,
    settings: Value,
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    call: String,
    input: Value,
    /// An answer may be `null`.
    #[serde(default, deserialize_with = "there")]
    expected: Option<Value>,
    #[serde(default)]
    error: Option<Value>,
    #[serde(default)]
    keep: BTreeMap<String, String>,
}

fn there<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

/// Nobody is spoken to.
struct Nobody;

#[async_trait]
impl HttpTransport for Nobody {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        panic!("nobody is to be spoken to");
    }
}

#[async_trait]
impl AccessTokens for Nobody {
    async fn access_token(&self, _: AccountId) -> Result<AccessToken, AccessError> {
        Err(AccessError::Revoked)
    }

    async fn replacement(&self, _: AccountId, _: i64) -> Result<AccessToken, AccessError> {
        Err(AccessError::Revoked)
    }
}

fn engine(vector: &EngineVector) -> Engine {
    let clock = Arc::new(ManualClock::new(vector.now));
    let ports = EnginePorts {
        store: Arc::new(MemoryStore::new(clock.clone())),
        clock,
        telemetry: Arc::new(()),
        transport: Arc::new(Nobody),
        tokens: Arc::new(Nobody),
        media: None,
        adapters: Vec::new(),
    };
    Engine::new(
        ports,
        EngineSettings::read(&vector.settings.to_string()).unwrap(),
    )
    .unwrap()
}

/// The value with what was kept in place of its names.
fn filled(value: &Value, kept: &BTreeMap<String, Value>) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix('$') {
            Some(name) => kept[name].clone(),
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(|item| filled(item, kept)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), filled(value, kept)))
            .collect(),
        _ => value.clone(),
    }
}

fn take(engine: &Engine, step: &Step, kept: &mut BTreeMap<String, Value>) -> Result<(), String> {
    let input = filled(&step.input, kept).to_string();
    match (
        &step.expected,
        &step.error,
        block_on(engine.call(&step.call, &input)),
    ) {
        (Some(expected), None, Ok(answer)) => {
            let answer: Value = serde_json::from_str(&answer).unwrap();
            for (name, place) in &step.keep {
                let found = answer
                    .pointer(place)
                    .ok_or_else(|| format!("no {place} in {answer}"))?;
                kept.insert(name.clone(), found.clone());
            }
            differs("answer", &filled(expected, kept), &answer)
        }
        (None, Some(expected), Err(error)) => {
            differs("error", expected, &serde_json::to_value(&error).unwrap())
        }
        (Some(_), None, Err(error)) => Err(format!("was refused: {error}")),
        (None, Some(_), Ok(answer)) => Err(format!("was answered: {answer}")),
        _ => Err("a step has either `expected` or `error`".to_owned()),
    }
}

fn vectors() -> Vec<(PathBuf, EngineVector)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors-engine");
    let mut vectors: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let vector = serde_json::from_str(&fs::read_to_string(&path).unwrap());
            let vector = vector.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path, vector)
        })
        .collect();
    vectors.sort_by(|one, other| one.0.cmp(&other.0));
    vectors
}

#[test]
fn every_vector_holds() {
    let mut failures = Vec::new();
    let mut steps = 0;
    for (path, vector) in vectors() {
        let engine = engine(&vector);
        let mut kept = BTreeMap::new();
        for (index, step) in vector.steps.iter().enumerate() {
            steps += 1;
            if let Err(why) = take(&engine, step, &mut kept) {
                failures.push(format!(
                    "{}: {}: step {index}, {}: {why}",
                    path.display(),
                    vector.name,
                    step.call
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    tell_count(steps, "engine steps").unwrap();
}

#[test]
fn every_operation_has_answers_and_refusals_and_every_case_a_source() {
    let vectors = vectors();
    let told = vectors.iter().map(|(path, vector)| {
        let steps = vector.steps.iter();
        let calls = steps.map(|step| (step.call.as_str(), step.error.is_some()));
        (path.as_path(), vector.source.as_str(), calls.collect())
    });
    let operations = ENGINE_OPERATIONS.iter().map(|operation| operation.name);
    assert_eq!(missing(told, operations), Vec::<String>::new());
}
