//! A ledger as a file: JSON Lines, the header first.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::verify::Chain;
use super::{BreakKind, LedgerBreak, LedgerHead, LedgerRecord, LedgerRow, hexadecimal, redact};
use super::{redact_json, verify_after};
use crate::error::{Code, Error, Measure};
use crate::model::{AccountId, Timestamp};

/// The version of the file that is written.
const VERSION: u32 = 1;

/// What a file says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LedgerHeader {
    /// The version of the file's form.
    pub version: u32,
    /// Whose ledger it is.
    pub account_id: AccountId,
    /// The row after which the file begins: the empty head where it holds the whole ledger.
    pub after: LedgerHead,
    /// The last row.
    pub head: LedgerHead,
    /// How many rows there are.
    pub count: u64,
    /// When it was exported.
    pub exported_at: Timestamp,
}

/// The first line: the header, and the SHA-256 of its text, so that an edit of the header shows too.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SealedHeader {
    ledger: LedgerHeader,
    hash: String,
}

/// A ledger that was read from a file and found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerExport {
    /// What the file says of itself.
    pub header: LedgerHeader,
    /// The rows, the oldest first.
    pub rows: Vec<LedgerRow>,
}

/// Writes an account's rows after `after` as JSON Lines: a header, then a row a line, each line ended
/// by a line feed. The rows are checked first.
///
/// # Errors
/// [`Code::StoreCorrupt`] at the first row that isn't as it was written, or is of another account.
/// [`Code::FieldValueInvalid`] at a row whose texts hold what looks like a secret: a row can't be
/// changed without breaking the chain, so it isn't handed out at all. What was found isn't told.
pub fn export(
    account_id: AccountId,
    after: &LedgerHead,
    rows: &[LedgerRow],
    now: Timestamp,
) -> Result<String, Error> {
    let head = verify_after(after, rows).map_err(|broken| broken.error(after))?;
    if let Some(row) = rows.first()
        && row.account_id != account_id
    {
        return Err(LedgerBreak {
            sequence: row.sequence,
            line: None,
            kind: BreakKind::AnotherAccount,
        }
        .error(after));
    }
    let header = LedgerHeader {
        version: VERSION,
        account_id,
        after: after.clone(),
        head,
        count: rows.len() as u64,
        exported_at: now,
    };
    let mut file = String::new();
    line(&mut file, &seal(header)?)?;
    for (index, row) in rows.iter().enumerate() {
        let record: LedgerRecord = crate::operation::read(&row.record)
            .map_err(|error| error.under(&format!("rows[{index}].record")))?;
        if let Some(field) = tells_a_secret(&record) {
            return Err(Error::new(Code::FieldValueInvalid)
                .at(format!("rows[{index}].record.{field}"))
                .measured(Measure::text("redacted")));
        }
        line(&mut file, row)?;
    }
    Ok(file)
}

/// Reads a file that [`export`] wrote, to the letter.
///
/// # Errors
/// The first place at which it isn't as it was written: a header, line or row that was edited, moved,
/// left out or added, or the end of a file that was cut.
pub fn import(file: &[u8]) -> Result<LedgerExport, LedgerBreak> {
    let mut lines = file.split_inclusive(|byte| *byte == b'\n');
    let header = header(lines.next()).map_err(|kind| LedgerBreak {
        sequence: 0,
        line: Some(1),
        kind,
    })?;
    let mut chain = Chain::after(header.after.clone());
    chain.account = Some(header.account_id);
    let mut rows = Vec::new();
    let mut number = 1;
    for text in lines {
        number += 1;
        let broken = |chain: &Chain, kind| LedgerBreak {
            line: Some(number),
            ..chain.broken(kind)
        };
        if rows.len() as u64 == header.count {
            return Err(broken(&chain, BreakKind::Surplus));
        }
        let row: LedgerRow = to_the_letter(text).map_err(|kind| broken(&chain, kind))?;
        chain.take(&row).map_err(|found| LedgerBreak {
            line: Some(number),
            ..found
        })?;
        rows.push(row);
    }
    let ends = |kind| LedgerBreak {
        line: Some(number + 1),
        ..chain.broken(kind)
    };
    if (rows.len() as u64) < header.count {
        return Err(ends(BreakKind::CutShort));
    }
    if chain.head != header.head {
        return Err(ends(BreakKind::HeadWrong));
    }
    Ok(LedgerExport { header, rows })
}

fn seal(ledger: LedgerHeader) -> Result<SealedHeader, Error> {
    let text = serde_json::to_string(&ledger).map_err(|e| crate::operation::json_error(&e))?;
    let hash = hexadecimal(&Sha256::digest(text.as_bytes()));
    Ok(SealedHeader { ledger, hash })
}

fn header(text: Option<&[u8]>) -> Result<LedgerHeader, BreakKind> {
    let text = text.ok_or(BreakKind::CutShort)?;
    let sealed: SealedHeader = to_the_letter(text).map_err(|kind| match kind {
        BreakKind::CutShort => kind,
        _ => BreakKind::HeaderWrong,
    })?;
    let again = seal(sealed.ledger).map_err(|_| BreakKind::HeaderWrong)?;
    if again.hash != sealed.hash {
        return Err(BreakKind::HeaderWrong);
    }
    if again.ledger.version != VERSION {
        return Err(BreakKind::VersionUnknown);
    }
    Ok(again.ledger)
}

/// Reads a line that must be written exactly as this module writes it: other spellings of the same
/// value (another case, a blank, an escape) are edits as well.
fn to_the_letter<T: Serialize + DeserializeOwned>(text: &[u8]) -> Result<T, BreakKind> {
    let text = text.strip_suffix(b"\n").ok_or(BreakKind::CutShort)?;
    let text = std::str::from_utf8(text).map_err(|_| BreakKind::LineWrong)?;
    let value: T = crate::json::from_str(text).map_err(|_| BreakKind::LineWrong)?;
    match serde_json::to_string(&value) {
        Ok(again) if again == text => Ok(value),
        _ => Err(BreakKind::LineWrong),
    }
}

fn line<T: Serialize>(file: &mut String, value: &T) -> Result<(), Error> {
    let text = serde_json::to_string(value).map_err(|e| crate::operation::json_error(&e))?;
    file.push_str(&text);
    file.push('\n');
    Ok(())
}

/// The field of a record that redacting would change.
fn tells_a_secret(record: &LedgerRecord) -> Option<&'static str> {
    let changes = |text: &Option<String>, redact: fn(&str) -> String| {
        text.as_ref().is_some_and(|text| redact(text) != *text)
    };
    if changes(&record.message, redact) {
        Some("message")
    } else if changes(&record.response_meta, redact_json) {
        Some("responseMeta")
    } else {
        None
    }
}

impl LedgerBreak {
    /// The break as an error about the rows after `after`.
    fn error(&self, after: &LedgerHead) -> Error {
        let index = self
            .sequence
            .saturating_sub(after.sequence.saturating_add(1));
        Error::new(Code::StoreCorrupt)
            .at(format!("rows[{index}]"))
            .measured(Measure::text(self.kind.to_string()))
    }
}
