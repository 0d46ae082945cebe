//! Errors: a stable code, a place in the input, what was measured and what is allowed.

mod code;
mod facts;
mod measure;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use code::{Code, Persistence};
pub use measure::{Allowed, Measure, Unit};

/// Who can mend what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Whoever writes and plans the content.
    Content,
    /// Whoever owns the linked account.
    Account,
    /// Whoever runs the app.
    App,
    /// The platform, or time.
    Platform,
}

/// A place in a text or byte stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Position {
    /// The line, from 1.
    pub line: i64,
    /// The column: from 1, in bytes for text, in cells for CSV.
    pub column: i64,
}

/// What went wrong, and where.
///
/// `Display` is for developers. What users read comes from [`message`](crate::message), by code.
///
/// ```
/// use calendar_publish::model::Channel;
/// use calendar_publish::{Code, Error};
///
/// let error: Error = "myspace".parse::<Channel>().unwrap_err();
/// assert_eq!(error.code, Code::ChannelUnsupported);
/// assert_eq!(
///     error.to_string(),
///     "CHANNEL_UNSUPPORTED: measured `myspace`, allowed one of tiktok, instagram"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Error {
    /// What went wrong.
    pub code: Code,
    /// Where in the input: `entries[3].piece.date`; empty where the whole input is meant.
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

impl Error {
    /// An error that is about the whole input.
    pub const fn new(code: Code) -> Self {
        Self {
            code,
            path: String::new(),
            measured: None,
            allowed: None,
            position: None,
        }
    }

    /// The same error at `path`.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// The same error with `prefix` before its path: `entries[3]` and `date` give `entries[3].date`.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.path = match self.path.as_str() {
            "" => prefix.to_owned(),
            path if path.starts_with('[') => format!("{prefix}{path}"),
            path => format!("{prefix}.{path}"),
        };
        self
    }

    /// The same error with what was measured.
    #[must_use]
    pub fn measured(mut self, measured: Measure) -> Self {
        self.measured = Some(measured);
        self
    }

    /// The same error with what is allowed.
    #[must_use]
    pub fn allowed(mut self, allowed: Allowed) -> Self {
        self.allowed = Some(allowed);
        self
    }

    /// The same error at a place in the text.
    #[must_use]
    pub const fn positioned(mut self, line: i64, column: i64) -> Self {
        self.position = Some(Position { line, column });
        self
    }

    /// Whether trying again can help.
    pub const fn persistence(&self) -> Persistence {
        self.code.persistence()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if !self.path.is_empty() {
            write!(f, " at `{}`", self.path)?;
        }
        if let Some(Position { line, column }) = self.position {
            write!(f, " (line {line}, column {column})")?;
        }
        if let Some(measured) = &self.measured {
            write!(f, ": measured {measured}")?;
        }
        if let Some(allowed) = &self.allowed {
            let before = if self.measured.is_some() { ", " } else { ": " };
            write!(f, "{before}allowed {allowed}")?;
        }
        Ok(())
    }
}
