//! What every function answers.

use calendar_publish::Error;
use calendar_publish::error::Persistence;
use calendar_publish::message::{Lang, MessageContext, MessageText, error_text};
use serde::Serialize;

/// How a call went. Everything but `CP_OK` changed nothing, unless its function says otherwise.
#[repr(C)]
#[allow(clippy::enum_variant_names)] // The prefix is that of the names in C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CpStatus {
    /// It was done; the buffer holds the answer.
    CpOk = 0,
    /// The library refuses; the buffer holds the error document.
    CpError = 1,
    /// A null pointer, a length that no memory has, or a handle of another kind.
    CpInvalidArgument = 2,
    /// A text isn't UTF-8.
    CpInvalidUtf8 = 3,
    /// The handle was closed, or never was one; the reply was used, or nobody waits for it any more.
    CpClosed = 4,
    /// A defect of the library. The process goes on, and the handle that was used is as it was or closed.
    CpPanic = 5,
    /// The call would wait for the thread that it stands on: it was made within `now`.
    CpReentered = 6,
}

/// Why a call did nothing.
#[derive(Debug)]
pub(crate) enum Failure {
    Error(Box<Error>),
    Status(CpStatus),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(Box::new(error))
    }
}

impl From<CpStatus> for Failure {
    fn from(status: CpStatus) -> Self {
        Self::Status(status)
    }
}

/// An error as every caller needs it: the facts, whether trying again helps, and the words.
#[derive(Serialize)]
struct ErrorDocument<'a> {
    #[serde(flatten)]
    error: &'a Error,
    retryable: bool,
    messages: Messages,
}

#[derive(Serialize)]
struct Messages {
    es: MessageText,
    en: MessageText,
}

/// The error document: an `Error` with `retryable` and, in `messages`, its text in both languages.
pub(crate) fn document(error: &Error) -> Vec<u8> {
    let context = MessageContext::default();
    let document = ErrorDocument {
        error,
        retryable: error.persistence() == Persistence::Temporary,
        messages: Messages {
            es: error_text(error, Lang::Es, &context),
            en: error_text(error, Lang::En, &context),
        },
    };
    serde_json::to_vec(&document).unwrap_or_default()
}
