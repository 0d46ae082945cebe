//! The one error of the package.

use std::fmt;

use calendar_publish::error::{Allowed, Code, Error, Measure, Persistence, Position};
use calendar_publish::message::{Lang, MessageContext, MessageText, error_text};

/// What went wrong, and where: a stable code, the place in the input, what was measured there and what
/// is allowed.
///
/// Its description is for developers. What users read comes from `message_for`, in Spanish or English.
#[derive(Clone, uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct CalendarPublishError {
    error: Error,
}

#[uniffi::export]
impl CalendarPublishError {
    /// What went wrong.
    pub fn code(&self) -> Code {
        self.error.code
    }

    /// Where in the input: `entries[3].piece.date`; empty where the whole input is meant.
    pub fn path(&self) -> String {
        self.error.path.clone()
    }

    /// What was measured there.
    pub fn measured(&self) -> Option<Measure> {
        self.error.measured.clone()
    }

    /// What is allowed there.
    pub fn allowed(&self) -> Option<Allowed> {
        self.error.allowed.clone()
    }

    /// Where in the text, for what was read from one.
    pub fn position(&self) -> Option<Position> {
        self.error.position
    }

    /// Whether the same call can succeed later. Where it may have taken effect already, this is false:
    /// look before you try again.
    pub fn retryable(&self) -> bool {
        self.error.persistence() == Persistence::Temporary
    }

    /// The same as a document: what `call` and the other languages of this library show.
    pub fn record(&self) -> Error {
        self.error.clone()
    }

    /// What a user reads, with what to do about it.
    pub fn message_for(&self, lang: Lang) -> MessageText {
        error_text(&self.error, lang, &MessageContext::default())
    }
}

impl fmt::Display for CalendarPublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

/// The same line: Swift shows this as `localizedDescription`, where fields of Rust's mean nothing.
impl fmt::Debug for CalendarPublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for CalendarPublishError {}

impl From<Error> for CalendarPublishError {
    fn from(error: Error) -> Self {
        Self { error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_shows_one_line_with_code_and_place() {
        let error = Error::new(Code::DateInvalid)
            .at("entries[3].piece.date")
            .measured(Measure::text("2026-02-30"));
        let error = CalendarPublishError::from(error);
        let line = "DATE_INVALID at `entries[3].piece.date`: measured `2026-02-30`";
        assert_eq!(error.to_string(), line);
        assert_eq!(format!("{error:?}"), line);
    }
}
