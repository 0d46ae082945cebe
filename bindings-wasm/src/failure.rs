//! Errors on their way to JavaScript.

use calendar_publish::Error;
use calendar_publish::error::Persistence;
use serde::Serialize;
use wasm_bindgen::JsValue;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure<'a> {
    error: &'a Error,
    retryable: bool,
    /// For developers.
    message: String,
}

/// An error as the JSON text that `npm/src/error.js` makes an `Error` of.
pub(crate) fn thrown(error: &Error) -> JsValue {
    let failure = Failure {
        retryable: error.persistence() == Persistence::Temporary,
        message: error.to_string(),
        error,
    };
    let text = serde_json::to_string(&failure).unwrap_or_else(|_| failure.message.clone());
    JsValue::from_str(&text)
}
