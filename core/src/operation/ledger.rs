//! The operations of `ledger`.

use serde::{Deserialize, Serialize};

use super::{Operation, answer};
use crate::error::Error;
use crate::ledger::{LedgerBreak, LedgerHead, LedgerHeader, LedgerRow, import, verify_after};

pub(super) const OPERATIONS: &[Operation] = &[Operation {
    name: "verifyLedger",
    run: |input| answer(input, verify_ledger),
}];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VerifyLedgerInput {
    ledger: Ledger,
}

/// Where the rows are.
#[derive(Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum Ledger {
    /// Rows as the store gives them.
    Rows {
        rows: Vec<LedgerRow>,
        /// The row before the first; the empty head without one.
        #[serde(default)]
        after: LedgerHead,
    },
    /// An exported file.
    File { text: String },
}

/// A broken ledger is an answer: whoever asks wants to know just that.
#[derive(Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
enum Verdict {
    Whole {
        head: LedgerHead,
        #[serde(skip_serializing_if = "Option::is_none")]
        header: Option<LedgerHeader>,
    },
    Broken {
        #[serde(rename = "break")]
        place: LedgerBreak,
    },
}

fn verify_ledger(input: VerifyLedgerInput) -> Result<Verdict, Error> {
    let checked = match input.ledger {
        Ledger::Rows { rows, after } => verify_after(&after, &rows).map(|head| (head, None)),
        Ledger::File { text } => {
            import(text.as_bytes()).map(|export| (export.header.head.clone(), Some(export.header)))
        }
    };
    Ok(match checked {
        Ok((head, header)) => Verdict::Whole { head, header },
        Err(place) => Verdict::Broken { place },
    })
}
