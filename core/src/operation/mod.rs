//! Every pure operation by its name, JSON in and JSON out.
//!
//! A host that can only pass documents (C, a message queue, a test vector) calls [`call`]. The names
//! are the ones every binding uses, and [`OPERATIONS`] is the list they are held against.

mod export;
mod generation;
mod ledger;
mod merge;
mod message;
mod model;
mod publish;
mod readiness;
mod refusal;
mod rules;
mod schedule;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Code, Error, Measure, Unit};

pub(crate) use refusal::{json_error, read};

/// The largest input document [`call`] reads, in bytes.
pub const MAX_INPUT_BYTES: usize = 64 * 1024 * 1024;

/// An operation: its name in every language, and the function behind it.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The name, in camelCase: `evaluateReadiness`.
    pub name: &'static str,
    run: fn(&str) -> Result<String, Error>,
}

/// The operations, area by area.
pub const OPERATIONS: &[&[Operation]] = &[
    model::OPERATIONS,
    generation::OPERATIONS,
    rules::OPERATIONS,
    readiness::OPERATIONS,
    schedule::OPERATIONS,
    merge::OPERATIONS,
    export::OPERATIONS,
    publish::OPERATIONS,
    ledger::OPERATIONS,
    message::OPERATIONS,
];

/// Runs the operation `name` on the JSON document `input` and gives its answer as JSON.
///
/// # Errors
/// [`Code::OperationUnknown`] where there is no such operation, [`Code::InputTooLarge`] over
/// [`MAX_INPUT_BYTES`], [`Code::InputInvalid`] with path, line and column where the document doesn't fit,
/// and whatever the operation itself refuses.
pub fn call(name: &str, input: &str) -> Result<String, Error> {
    let operation = OPERATIONS
        .iter()
        .flat_map(|area| area.iter())
        .find(|operation| operation.name == name)
        .ok_or_else(|| Error::new(Code::OperationUnknown).measured(Measure::text(name)))?;
    if input.len() > MAX_INPUT_BYTES {
        return Err(Error::new(Code::InputTooLarge)
            .measured(Measure::count(input.len(), Unit::Bytes))
            .allowed(crate::error::Allowed::at_most(
                MAX_INPUT_BYTES as f64,
                Unit::Bytes,
            )));
    }
    (operation.run)(input)
}

/// Reads `input`, applies `operation` and writes its answer: the body of every operation.
fn answer<I: DeserializeOwned, O: Serialize>(
    input: &str,
    operation: impl FnOnce(I) -> Result<O, Error>,
) -> Result<String, Error> {
    serde_json::to_string(&operation(read(input)?)?).map_err(|error| json_error(&error))
}
