//! The operations of `model`.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::model::{PieceReading, read_pieces as read};

/// What `readPieces` reads. The document is text, so that what is wrong in it has a place in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadPiecesInput {
    /// A JSON array of pieces, or an object with such an array as `entries`.
    pub json: String,
}

pub(super) fn read_pieces(input: ReadPiecesInput) -> Result<PieceReading, Error> {
    read(input.json.as_bytes())
}
