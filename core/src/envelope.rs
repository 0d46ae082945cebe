//! The host's envelope: every answer of its API has `data`, `error` and `meta`.

use serde::{Deserialize, Serialize};

use crate::error::{Allowed, Code, Error, Measure, Position};

/// What stands beside an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Meta {
    /// The request's id, to find it again in the logs.
    pub request_id: String,
    /// How long the answer took, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<i64>,
    /// Who answered: an AI provider, or `legacy-fallback` and `legacy-publish-disabled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The AI model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Tokens that were spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<i64>,
    /// The number of the chunk in a stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chunk: Option<u32>,
    /// The place of the piece in its calendar, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// How many pieces there will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// Whether this is the last envelope of a stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<bool>,
}

impl Meta {
    /// A meta that says nothing but the request's id.
    pub fn new(request_id: impl Into<String>) -> Self {
        Self {
            request_id: request_id.into(),
            latency_ms: None,
            provider: None,
            model: None,
            tokens: None,
            chunk: None,
            index: None,
            total: None,
            done: None,
        }
    }
}

/// An error as the host's API words it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorBody {
    /// What went wrong.
    pub code: Code,
    /// The text for people, in the request's language.
    pub message: String,
    /// Where and by how much, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<ErrorDetails>,
}

/// Where an error is, what was measured and what is allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorDetails {
    /// Where in the input; empty where the whole input is meant.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// What was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Measure>,
    /// What is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Allowed>,
    /// Where in the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

impl ErrorBody {
    /// The body for `error`, with the text that people read.
    pub fn new(error: Error, message: impl Into<String>) -> Self {
        let Error {
            code,
            path,
            measured,
            allowed,
            position,
        } = error;
        let details = ErrorDetails {
            path,
            measured,
            allowed,
            position,
        };
        let is_known = !details.path.is_empty()
            || details.measured.is_some()
            || details.allowed.is_some()
            || details.position.is_some();
        Self {
            code,
            message: message.into(),
            details: is_known.then_some(details),
        }
    }
}

/// An answer: data or an error, never both, and always a meta. Both are written, the absent one as
/// `null`.
///
/// It is generic, so it doesn't cross into other languages itself; its parts do.
///
/// ```
/// use calendar_publish::envelope::{Envelope, ErrorBody, Meta};
/// use calendar_publish::{Code, Error};
///
/// let found = Envelope::answer(7, Meta::new("req-1"));
/// assert_eq!(
///     serde_json::to_string(&found)?,
///     r#"{"data":7,"error":null,"meta":{"requestId":"req-1"}}"#
/// );
/// let error = ErrorBody::new(Error::new(Code::CalendarNotFound), "No existe ese calendario.");
/// assert_eq!(
///     serde_json::to_string(&Envelope::<i64>::refusal(error, Meta::new("req-2")))?,
///     r#"{"data":null,"error":{"code":"CALENDAR_NOT_FOUND","message":"No existe ese calendario."},"meta":{"requestId":"req-2"}}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Envelope<T> {
    data: Option<T>,
    error: Option<ErrorBody>,
    meta: Meta,
}

impl<T> Envelope<T> {
    /// The envelope of an answer.
    pub const fn answer(data: T, meta: Meta) -> Self {
        Self {
            data: Some(data),
            error: None,
            meta,
        }
    }

    /// The envelope of a refusal.
    pub const fn refusal(error: ErrorBody, meta: Meta) -> Self {
        Self {
            data: None,
            error: Some(error),
            meta,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Unit;

    #[test]
    fn details_carry_what_the_error_knows_and_only_that() {
        let error = Error::new(Code::CaptionTooLong)
            .at("entries[3].piece.copy")
            .measured(Measure::count(2301, Unit::Utf16))
            .allowed(Allowed::at_most(2200, Unit::Utf16));
        let body = serde_json::to_value(ErrorBody::new(error, "El texto es demasiado largo."));
        assert_eq!(
            body.unwrap(),
            serde_json::json!({
                "code": "CAPTION_TOO_LONG",
                "message": "El texto es demasiado largo.",
                "details": {
                    "path": "entries[3].piece.copy",
                    "measured": { "type": "number", "value": 2301.0, "unit": "utf16" },
                    "allowed": { "type": "at_most", "max": 2200.0, "unit": "utf16" },
                },
            })
        );
    }
}
