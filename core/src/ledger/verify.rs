//! Whether an account's ledger is as it was written.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{LedgerHead, LedgerRecord, LedgerRow, link};
use crate::model::AccountId;

/// The first place at which a ledger isn't as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LedgerBreak {
    /// The sequence that the row at this place must have; the one after the last where rows are
    /// missing at the end, and 0 for the header of a file.
    pub sequence: i64,
    /// The line of the file, from 1; absent where the rows came from no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What is wrong there.
    pub kind: BreakKind,
}

impl fmt::Display for LedgerBreak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        write!(f, "row {}: {}", self.sequence, self.kind)
    }
}

/// What is wrong at a place of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BreakKind {
    /// The row has another sequence than the one that follows: rows were taken out, put in or moved.
    Gap,
    /// The row's previous hash isn't the hash of the row before: one of the two was exchanged.
    LinkWrong,
    /// The row's hash isn't that of its content: the row was edited.
    HashWrong,
    /// The record isn't one, although its hash is right: it was never written by this library.
    RecordUnreadable,
    /// The row, or its record, belongs to another account than the rows before.
    AnotherAccount,
    /// The file's first line isn't the header of a ledger, or was edited.
    HeaderWrong,
    /// The file was written by a version that isn't known here.
    VersionUnknown,
    /// The line isn't a row to the letter: it was edited or cut.
    LineWrong,
    /// The file ends before the row that its header names as the last.
    CutShort,
    /// The file goes on after the row that its header names as the last.
    Surplus,
    /// The last row isn't the one that the header names.
    HeadWrong,
}

impl BreakKind {
    const fn words(self) -> &'static str {
        match self {
            Self::Gap => "another sequence was expected",
            Self::LinkWrong => "it doesn't follow the row before",
            Self::HashWrong => "its content has another hash",
            Self::RecordUnreadable => "its record can't be read",
            Self::AnotherAccount => "it belongs to another account",
            Self::HeaderWrong => "the header is wrong",
            Self::VersionUnknown => "the file's version isn't known",
            Self::LineWrong => "the line isn't a row",
            Self::CutShort => "the file ends before it",
            Self::Surplus => "the file should have ended before it",
            Self::HeadWrong => "the header names another last row",
        }
    }
}

impl fmt::Display for BreakKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// Checks an account's whole ledger, from its first row on, and gives where it ends.
///
/// Rows taken off the **end** leave a chain that is whole: hold the answer against a head that was
/// kept elsewhere, or check an [export](super::export), which names its head.
///
/// # Errors
/// The first row that isn't as it was written.
pub fn verify<'a>(
    rows: impl IntoIterator<Item = &'a LedgerRow>,
) -> Result<LedgerHead, LedgerBreak> {
    verify_after(&LedgerHead::default(), rows)
}

/// Checks the rows after a head that is known, so that a long ledger can be checked page by page.
///
/// # Errors
/// The first row that isn't as it was written.
pub fn verify_after<'a>(
    head: &LedgerHead,
    rows: impl IntoIterator<Item = &'a LedgerRow>,
) -> Result<LedgerHead, LedgerBreak> {
    let mut chain = Chain::after(head.clone());
    for row in rows {
        chain.take(row)?;
    }
    Ok(chain.head)
}

/// A chain that is being checked row by row.
pub(super) struct Chain {
    pub(super) head: LedgerHead,
    pub(super) account: Option<AccountId>,
}

impl Chain {
    pub(super) const fn after(head: LedgerHead) -> Self {
        Self {
            head,
            account: None,
        }
    }

    /// The sequence that the next row must have.
    pub(super) const fn next(&self) -> i64 {
        self.head.sequence.saturating_add(1)
    }

    pub(super) const fn broken(&self, kind: BreakKind) -> LedgerBreak {
        LedgerBreak {
            sequence: self.next(),
            line: None,
            kind,
        }
    }

    pub(super) fn take(&mut self, row: &LedgerRow) -> Result<LedgerRecord, LedgerBreak> {
        let record = self.judge(row).map_err(|kind| self.broken(kind))?;
        self.account = Some(row.account_id);
        self.head = LedgerHead {
            sequence: row.sequence,
            hash: row.hash.clone(),
        };
        Ok(record)
    }

    fn judge(&self, row: &LedgerRow) -> Result<LedgerRecord, BreakKind> {
        if self
            .account
            .is_some_and(|account| account != row.account_id)
        {
            return Err(BreakKind::AnotherAccount);
        }
        if row.sequence != self.next() {
            return Err(BreakKind::Gap);
        }
        if row.previous_hash != self.head.hash {
            return Err(BreakKind::LinkWrong);
        }
        if row.hash != link(&row.previous_hash, &row.record) {
            return Err(BreakKind::HashWrong);
        }
        let record: LedgerRecord =
            crate::json::from_str(&row.record).map_err(|_| BreakKind::RecordUnreadable)?;
        if record.account_id != row.account_id {
            return Err(BreakKind::AnotherAccount);
        }
        Ok(record)
    }
}
