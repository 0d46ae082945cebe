//! calendar-publish for JavaScript.
//!
//! What crosses are JSON texts and bytes: parsing a text on the other side costs less than handing over
//! objects field by field. The classes that people use are written in JavaScript over these handles
//! (`npm/src`), which they also free.

mod calendar;
#[cfg(all(feature = "engine", target_family = "wasm"))]
mod engine;
mod failure;
#[cfg(not(feature = "server-operations"))]
mod interface;
mod latin1;
mod stream;
#[cfg(not(feature = "zone-database"))]
mod zones;

#[cfg(feature = "server-operations")]
use calendar_publish::operation::call as run;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::failure::thrown;
#[cfg(not(feature = "server-operations"))]
use crate::interface::run;

/// Runs the operation `name` on a JSON document and gives its answer as JSON; throws a failure as JSON.
#[wasm_bindgen]
pub fn call(name: &str, input: &str) -> Result<String, JsValue> {
    run(name, input).map_err(|error| thrown(&error))
}

/// The version of the library.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
