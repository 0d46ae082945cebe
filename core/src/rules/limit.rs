//! A limit: what is measured, what is allowed, how heavy it weighs and who says so.

use serde::{Deserialize, Serialize};

use super::Subject;
use crate::error::{Allowed, Measure, Unit};
use crate::model::{Finding, LocalDate, Severity};

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Source {
    /// The page's title, or who observed it.
    pub page: String,
    /// The page's address, where it is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The date on the page, or the date of the copy that was read.
    pub date: LocalDate,
}

/// A page that rules are taken from: a [`Source`] before it is written into a book.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    pub(super) page: &'static str,
    pub(super) url: &'static str,
    pub(super) date: LocalDate,
}

impl Page {
    pub(super) fn source(&self) -> Source {
        Source {
            page: self.page.to_owned(),
            url: (!self.url.is_empty()).then(|| self.url.to_owned()),
            date: self.date,
        }
    }
}

/// One limit of one kind of post.
///
/// Where sources disagree a subject has a limit for each value, with different severities, and
/// every one that is broken is found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Limit {
    /// What is measured.
    pub subject: Subject,
    /// What is allowed.
    pub allowed: Allowed,
    /// How heavy it weighs to break it.
    pub severity: Severity,
    /// Who says so.
    pub source: Source,
}

/// What was read for a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reading<'a> {
    Number(f64),
    Word(&'a str),
}

impl Limit {
    pub(super) fn new(subject: Subject, allowed: Allowed, severity: Severity, page: &Page) -> Self {
        Self {
            subject,
            allowed,
            severity,
            source: page.source(),
        }
    }

    /// Finds `reading` where it breaks this limit; the path is only written then.
    #[inline]
    pub(super) fn judge(
        &self,
        reading: Reading<'_>,
        path: impl FnOnce() -> String,
        findings: &mut Vec<Finding>,
    ) {
        if !self.admits(reading) {
            findings.push(self.finding(reading, path()));
        }
    }

    /// Whether `reading` keeps this limit. A limit that can't judge such a reading admits it:
    /// books are checked for that when they are read.
    #[inline]
    fn admits(&self, reading: Reading<'_>) -> bool {
        match (&self.allowed, reading) {
            (Allowed::AtMost { max, .. }, Reading::Number(value)) => value <= *max,
            (Allowed::AtLeast { min, .. }, Reading::Number(value)) => value >= *min,
            (Allowed::Between { min, max, .. }, Reading::Number(value)) => {
                value >= *min && value <= *max
            }
            (Allowed::OneOf { values }, Reading::Word(word)) => {
                values.iter().any(|value| value.eq_ignore_ascii_case(word))
            }
            _ => true,
        }
    }

    #[cold]
    fn finding(&self, reading: Reading<'_>, path: String) -> Finding {
        let number = |value: f64| {
            let lower = match self.allowed {
                Allowed::AtLeast { .. } => true,
                Allowed::Between { min, .. } => value < min,
                _ => false,
            };
            (Measure::number(value, self.unit()), lower)
        };
        let (measured, below) = match reading {
            Reading::Number(value) => number(value),
            Reading::Word(word) => (Measure::text(word), false),
        };
        Finding::new(self.subject.code(below), self.severity, path)
            .measured(measured)
            .allowed(self.allowed.clone())
    }

    /// The unit its numbers are in; [`Unit::Plain`] where it allows words.
    pub(super) const fn unit(&self) -> Unit {
        match &self.allowed {
            Allowed::AtMost { unit, .. }
            | Allowed::AtLeast { unit, .. }
            | Allowed::Between { unit, .. } => *unit,
            Allowed::OneOf { .. } | Allowed::Pattern { .. } | Allowed::NotBefore { .. } => {
                Unit::Plain
            }
        }
    }
}
