//! What an export knows of an entry.

use crate::model::{CalendarEntry, Readiness, Zone};

/// An entry with what was judged about it.
///
/// Nothing here is computed: the readiness is the caller's, judged at the instant the caller chose,
/// and the reason is worded by the caller in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct ExportRow<'a> {
    /// The entry.
    pub entry: &'a CalendarEntry,
    /// Its readiness, where it was evaluated.
    pub readiness: Option<&'a Readiness>,
    /// The zone of its account.
    pub timezone: Option<Zone>,
    /// Why it is where it is, in words. Without one the code of its first finding stands there.
    pub reason: Option<&'a str>,
}

impl<'a> ExportRow<'a> {
    /// A row of which nothing but the entry is known.
    pub const fn new(entry: &'a CalendarEntry) -> Self {
        Self {
            entry,
            readiness: None,
            timezone: None,
            reason: None,
        }
    }

    /// What the tile shows; without an evaluation the stored readiness, or `draft`.
    pub(super) fn status(&self) -> &'static str {
        match (self.readiness, self.entry.readiness) {
            (Some(readiness), _) => readiness.tile.as_str(),
            (None, Some(stored)) => stored.as_str(),
            (None, None) if self.entry.draft => "draft",
            (None, None) => "",
        }
    }

    /// The readiness the host stores.
    pub(super) fn state(&self) -> &'static str {
        self.readiness
            .map(|readiness| readiness.state)
            .or(self.entry.readiness)
            .map_or("", |state| state.as_str())
    }

    /// The reason in words, or as a code.
    pub(super) fn reason(&self) -> &'a str {
        let code = || {
            let finding = self.readiness?.findings.first()?;
            Some(finding.code.as_str())
        };
        self.reason.or_else(code).unwrap_or_default()
    }
}
