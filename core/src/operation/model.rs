//! The operations of `model`.

use serde::Deserialize;

use super::{Operation, answer};
use crate::model::read_pieces;

pub(super) const OPERATIONS: &[Operation] = &[Operation {
    name: "readPieces",
    run: |input| {
        answer(input, |input: ReadPiecesInput| {
            read_pieces(input.json.as_bytes())
        })
    },
}];

/// The document is text, so that what is wrong in it has a place in it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReadPiecesInput {
    json: String,
}
