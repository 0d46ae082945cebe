//! Meta's errors: the documented ones by code and sub-code, in the shapes of the three hosts.

use serde_json::{Value, json};

use super::error_rows::{ROWS, Topic};
use crate::Answer;

/// An error of the Graph API.
///
/// ```
/// use calendar_publish_simulators::instagram::GraphError;
///
/// let blocked = GraphError::new(4, Some(2_207_051)).with_status(403);
/// assert_eq!(blocked.status, 403);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphError {
    /// The HTTP status.
    pub status: u16,
    /// The code.
    pub code: i32,
    /// The sub-code.
    pub subcode: Option<u32>,
    /// The `type`, which says nothing: `OAuthException` for nearly everything.
    pub kind: &'static str,
    /// The message in English; with another language the documented topic's text.
    pub message: String,
    pub(super) topic: Topic,
}

impl GraphError {
    /// The documented error of that code and sub-code with its documented status; an undocumented pair
    /// is an error of status 400.
    pub fn new(code: i32, subcode: Option<u32>) -> Self {
        let row = ROWS
            .iter()
            .find(|row| row.code == code && row.subcode == subcode)
            .or_else(|| subcode.and_then(|sub| ROWS.iter().find(|row| row.subcode == Some(sub))));
        Self {
            status: row.map_or(400, |row| row.status),
            code,
            subcode,
            kind: "OAuthException",
            message: format!(
                "(#{code}) {}",
                row.map_or("an error occurred", |row| row.message)
            ),
            topic: row.map_or(Topic::Service, |row| row.topic),
        }
    }

    /// The documented error of that sub-code, with the code that belongs to it.
    pub(super) fn sub(subcode: u32) -> Self {
        let code = ROWS
            .iter()
            .find(|row| row.subcode == Some(subcode))
            .map_or(-1, |row| row.code);
        Self::new(code, Some(subcode))
    }

    /// Code 100 without a sub-code: a parameter is wrong.
    pub(super) fn parameter(message: impl Into<String>) -> Self {
        Self {
            message: format!("(#100) {}", message.into()),
            ..Self::new(100, None)
        }
    }

    /// What a wrong path, method or version gets on the Instagram host.
    pub(super) fn unsupported(method: &str) -> Self {
        Self {
            kind: "IGApiException",
            message: format!(
                "Unsupported request - method type: {}",
                method.to_ascii_lowercase()
            ),
            ..Self::new(100, None)
        }
    }

    /// 100/33: there is no such object, or not for this token.
    pub(super) fn missing_object() -> Self {
        Self {
            kind: "IGApiException",
            ..Self::new(100, Some(33))
        }
    }

    /// The same error with another HTTP status.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same error with another message.
    #[must_use]
    pub fn with_message(mut self, message: &str) -> Self {
        message.clone_into(&mut self.message);
        self
    }

    /// `4/2207051`, or the code alone.
    pub(super) fn name(&self) -> String {
        match self.subcode {
            Some(subcode) => format!("{}/{subcode}", self.code),
            None => self.code.to_string(),
        }
    }

    pub(super) fn answer(&self, language: Language, trace: u64) -> Answer {
        let (title, text) = self.topic.texts(language);
        let message = match language {
            Language::English => self.message.as_str(),
            _ => text,
        };
        let mut error = json!({
            "message": message,
            "type": self.kind,
            "code": self.code,
            "is_transient": false,
            "error_user_title": title,
            "error_user_msg": text,
            "fbtrace_id": format!("Atrace{trace}"),
        });
        if let (Some(subcode), Some(fields)) = (self.subcode, error.as_object_mut()) {
            fields.insert("error_subcode".to_owned(), subcode.into());
        }
        Answer::json(self.status, &json!({ "error": error }))
    }
}

/// The language in which the platform writes to people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
    /// Japanese, so that no byte of a message is ASCII.
    Japanese,
}

/// The error of `api.instagram.com`, which has its own shape.
pub(super) fn token_host_error(message: &str) -> Answer {
    Answer::json(
        400,
        &json!({"error_type": "OAuthException", "code": 400, "error_message": message}),
    )
}

/// The error of `rupload.facebook.com`.
pub(super) fn upload_error(status: u16, retriable: bool, kind: &str, message: &Value) -> Answer {
    // The message may be JSON, as text.
    let message = match message {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Answer::json(
        status,
        &json!({"debug_info": {"retriable": retriable, "type": kind, "message": message}}),
    )
}
