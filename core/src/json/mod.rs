//! How JSON is read: with serde, so that each type is compiled for it once.
//!
//! What serde generates takes a structure in two shapes, and whatever has a tag or is flattened from two kinds
//! of source. Most of what a browser would download is that. Nobody writes those shapes, so that they are
//! left out here.

mod raw;
mod reader;
mod tagged;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

pub(crate) use raw::{RawFields, Text};
pub(crate) use reader::Objects;
pub(crate) use tagged::read_tagged;

/// Reads a document, whose structures are objects.
pub(crate) fn from_str<'de, T: Deserialize<'de>>(json: &'de str) -> serde_json::Result<T> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let value = T::deserialize(Objects(&mut reader))?;
    reader.end()?;
    Ok(value)
}

/// Reads one of the parts that an object was put together from. It passes over the others' fields.
pub(crate) fn part<T: DeserializeOwned, E: serde::de::Error>(object: &RawValue) -> Result<T, E> {
    from_str(object.get()).map_err(|error| E::custom(without_place(&error)))
}

/// serde_json ends its texts with a place, which is none in the document where only a part of it was read.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}
