//! Every pure operation: as a function with a type for what goes in and what comes out, and by its
//! name, JSON in and JSON out.
//!
//! The functions here take one value and give one, as every language can pass them;
//! [`for_each_operation`](crate::for_each_operation) hands them to a binding. A host that can only pass
//! documents (C, a message queue, a test vector) calls [`call`]. The names are the ones every binding
//! uses, and [`OPERATIONS`] is the list they are held against.
//!
//! ```
//! use calendar_publish::operation::{CountTextInput, call, count_text};
//! use calendar_publish::model::Channel;
//!
//! let count = count_text(CountTextInput {
//!     text: "Pan 🍞".to_owned(),
//!     channel: Channel::Tiktok,
//! })?;
//! let document = call("countText", r#"{"text":"Pan 🍞","channel":"tiktok"}"#)?;
//! assert_eq!(document, serde_json::to_string(&count)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod audience;
mod export;
mod generation;
mod ledger;
mod list;
mod merge;
mod message;
mod model;
mod place;
mod publish;
mod readiness;
mod refusal;
mod rules;
mod schedule;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Allowed, Code, Error, Measure, Unit};

pub use audience::is_for_servers;
pub use export::*;
pub use generation::*;
pub use ledger::*;
pub use merge::*;
pub use message::*;
pub use model::*;
pub use publish::*;
pub use readiness::*;
pub use rules::*;
pub use schedule::*;

pub(crate) use refusal::{json_error, read};

/// The largest input document [`call`] reads, in bytes.
pub const MAX_INPUT_BYTES: usize = 64 * 1024 * 1024;

/// An operation: its name in every language, and the function behind it.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The name, in camelCase: `evaluateReadiness`.
    pub name: &'static str,
    /// What it does and refuses, in Markdown.
    #[cfg(feature = "schema")]
    pub documentation: &'static str,
    /// The schema of its input, with the types that it names added to the generator.
    #[cfg(feature = "schema")]
    pub input: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
    /// The schema of its answer.
    #[cfg(feature = "schema")]
    pub answer: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
    run: fn(&str) -> Result<String, Error>,
}

/// The functions themselves, without documentation: that stands once, in the list.
mod bodies {
    pub(super) use super::{
        export::*, generation::*, ledger::*, merge::*, message::*, model::*, publish::*,
        readiness::*, rules::*, schedule::*,
    };
}

macro_rules! declare {
    ($( $(#[doc = $doc:literal])* $name:literal $function:ident $input:ty => $answer:ty )*) => {
        $(
            $(#[doc = $doc])*
            pub fn $function(input: $input) -> Result<$answer, Error> {
                bodies::$function(input)
            }
        )*

        /// The operations, area by area: each is also a function of this module.
        pub const OPERATIONS: &[Operation] = &[
            $(Operation {
                name: $name,
                #[cfg(feature = "schema")]
                documentation: concat!($($doc, "\n"),*),
                #[cfg(feature = "schema")]
                input: |generator| generator.subschema_for::<$input>(),
                #[cfg(feature = "schema")]
                answer: |generator| generator.subschema_for::<$answer>(),
                run: |input| on_document(input, bodies::$function),
            }),*
        ];
    };
}

crate::for_each_operation!(declare);

/// Runs the operation `name` on the JSON document `input` and gives its answer as JSON.
///
/// # Errors
/// [`Code::OperationUnknown`] where there is no such operation, [`Code::InputTooLarge`] over
/// [`MAX_INPUT_BYTES`], [`Code::InputInvalid`] with path, line and column where the document doesn't fit,
/// and whatever the operation itself refuses.
pub fn call(name: &str, input: &str) -> Result<String, Error> {
    let operation = OPERATIONS
        .iter()
        .find(|operation| operation.name == name)
        .ok_or_else(|| Error::new(Code::OperationUnknown).measured(Measure::text(name)))?;
    (operation.run)(input)
}

/// Reads a document as [`call`] reads its input, for whoever has documents of their own.
///
/// # Errors
/// [`Code::InputTooLarge`] over [`MAX_INPUT_BYTES`], and [`Code::InputInvalid`] or what a field of it refuses,
/// with path, line and column.
///
/// ```
/// use calendar_publish::operation::read_document;
///
/// assert_eq!(read_document::<Vec<u32>>("[1, true]").unwrap_err().path, "[1]");
/// ```
pub fn read_document<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    check_size(json.len())?;
    // The types are the caller's, who may use all of serde's shapes.
    serde_json::from_str(json).map_err(|error| refusal::refusal(json, &error))
}

/// Reads a document of a type of core's own.
///
/// # Errors
/// Those of [`read_document`].
pub(crate) fn input_of<I: DeserializeOwned>(input: &str) -> Result<I, Error> {
    check_size(input.len())?;
    read(input)
}

/// # Errors
/// [`Code::InputTooLarge`] over [`MAX_INPUT_BYTES`].
pub(crate) fn check_size(bytes: usize) -> Result<(), Error> {
    if bytes <= MAX_INPUT_BYTES {
        return Ok(());
    }
    Err(Error::new(Code::InputTooLarge)
        .measured(Measure::count(bytes, Unit::Bytes))
        .allowed(Allowed::at_most(MAX_INPUT_BYTES as f64, Unit::Bytes)))
}

/// Runs an operation on a JSON document and gives its answer as JSON, as [`call`] does: for whoever offers some
/// of them, or more.
///
/// # Errors
/// Those of [`read_document`], and whatever the operation refuses.
///
/// ```
/// use calendar_publish::operation::{count_text, on_document};
///
/// let count = on_document(r##"{"text":"#pan","channel":"instagram"}"##, count_text)?;
/// assert!(count.contains(r#""hashtags":1"#));
/// # Ok::<(), calendar_publish::Error>(())
/// ```
pub fn on_document<I: DeserializeOwned, O: Serialize>(
    input: &str,
    operation: impl FnOnce(I) -> Result<O, Error>,
) -> Result<String, Error> {
    let answer = operation(input_of(input)?)?;
    serde_json::to_string(&answer).map_err(|error| json_error(&error))
}
