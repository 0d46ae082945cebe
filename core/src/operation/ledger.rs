//! The operations of `ledger`.

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::ledger::{LedgerBreak, LedgerHead, LedgerHeader, LedgerRow, import, verify_after};

/// What `verifyLedger` checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VerifyLedgerInput {
    /// The ledger.
    pub ledger: LedgerSource,
}

/// Where a ledger's rows are.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum LedgerSource {
    /// Rows as the store gives them.
    Rows {
        /// The rows, in order.
        rows: Vec<LedgerRow>,
        /// The row before the first; the empty head if left out.
        #[serde(default)]
        after: LedgerHead,
    },
    /// An exported file.
    File {
        /// The file's text.
        text: String,
    },
}

/// Whether a ledger is whole. A broken one is an answer: whoever asks wants to know just that.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "result",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum LedgerVerdict {
    /// Nothing is missing, and nothing was changed.
    Whole {
        /// The last row.
        head: LedgerHead,
        /// The header, where the rows came as a file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        header: Option<LedgerHeader>,
    },
    /// A row doesn't follow from the one before it.
    Broken {
        /// Where, and how.
        #[serde(rename = "break")]
        place: LedgerBreak,
    },
}

pub(super) fn verify_ledger(input: VerifyLedgerInput) -> Result<LedgerVerdict, Error> {
    let checked = match input.ledger {
        LedgerSource::Rows { rows, after } => verify_after(&after, &rows).map(|head| (head, None)),
        LedgerSource::File { text } => {
            import(text.as_bytes()).map(|export| (export.header.head.clone(), Some(export.header)))
        }
    };
    Ok(match checked {
        Ok((head, header)) => LedgerVerdict::Whole { head, header },
        Err(place) => LedgerVerdict::Broken { place },
    })
}
