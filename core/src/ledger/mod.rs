//! The attempt ledger: what was written to a platform, and what came of it, as a chain that shows
//! when a row was changed or taken out.
//!
//! Each account has a chain of its own. A row's [`hash`](LedgerRow::hash) covers the hash of the row
//! before it and the exact text of its [`record`](LedgerRow::record), so that whoever keeps the last
//! hash of an export can check all that came before, without trusting the database.
//!
//! [`verify`] names the first row that isn't as it was written. [`export`] writes a ledger as a file
//! that shows by itself whether it was shortened or edited, and [`import`] reads it. [`redact`] takes
//! secrets out of texts **before** they are hashed: what is in the chain can't be mended later.

mod file;
mod redact;
mod verify;

pub use file::{LedgerExport, LedgerHeader, export, import};
pub use redact::{is_secret_name, redact, redact_json};
pub use verify::{BreakKind, LedgerBreak, verify, verify_after};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Code, Error, Measure};
use crate::model::{AccountId, AttemptStatus, Channel, EntryId, JobId, Timestamp, UserId};

/// What a row of the ledger says. It holds no caption, no media address and no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LedgerRecord {
    /// When it was written.
    pub at: Timestamp,
    /// Whose job it is.
    pub user_id: UserId,
    /// The account it publishes to.
    pub account_id: AccountId,
    /// The platform.
    pub channel: Channel,
    /// The job.
    pub job_id: JobId,
    /// The entry it publishes.
    pub entry_id: EntryId,
    /// Which attempt of the job, from 1.
    pub attempt: u32,
    /// The token of the claim it was made under; `None` where a person said how it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<i64>,
    /// The SHA-256 of what was published, in hexadecimal.
    pub content_hash: String,
    /// `open` before the platform is called; later how it ended. An attempt that was unknown can
    /// have another row once somebody knows.
    pub status: AttemptStatus,
    /// Why it didn't publish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<Code>,
    /// The platform's id of the post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_id: Option<String>,
    /// What the platform said, or the evidence for an outcome, secrets removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The platform's answer as JSON text, secrets removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_meta: Option<String>,
}

/// A row of an account's ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LedgerRow {
    /// The account.
    pub account_id: AccountId,
    /// Its place in the account's chain, from 1, without gaps.
    pub sequence: i64,
    /// The [`LedgerRecord`] as JSON text, to the letter: this text is what was hashed.
    pub record: String,
    /// The hash of the row before; 64 zeros in the first row.
    pub previous_hash: String,
    /// The SHA-256 of `previous_hash`, a line feed and `record`, in hexadecimal.
    pub hash: String,
}

/// Where an account's chain ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LedgerHead {
    /// The sequence of the last row; 0 where there is none.
    pub sequence: i64,
    /// Its hash; 64 zeros where there is none.
    pub hash: String,
}

impl Default for LedgerHead {
    /// The head of an empty chain.
    fn default() -> Self {
        Self {
            sequence: 0,
            hash: "0".repeat(64),
        }
    }
}

/// The row that follows `head`.
///
/// # Errors
/// [`Code::FieldValueInvalid`] where the record can't be written as JSON.
pub fn chain(head: &LedgerHead, record: &LedgerRecord) -> Result<LedgerRow, Error> {
    let text = serde_json::to_string(record).map_err(|error| {
        Error::new(Code::FieldValueInvalid).measured(Measure::text(error.to_string()))
    })?;
    Ok(LedgerRow {
        account_id: record.account_id,
        sequence: head.sequence.saturating_add(1),
        hash: link(&head.hash, &text),
        previous_hash: head.hash.clone(),
        record: text,
    })
}

/// The hash of a row whose predecessor has the hash `previous`.
pub fn link(previous: &str, record: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(previous.as_bytes());
    hash.update(b"\n");
    hash.update(record.as_bytes());
    hexadecimal(&hash.finalize())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
