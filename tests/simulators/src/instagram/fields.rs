//! Choosing fields of an object.

use serde_json::{Map, Value};

use super::call::Call;
use super::error::GraphError;

/// The object with the fields that the call names, and its id. `known` are the names that exist for the object,
/// whether or not this one has a value.
pub(super) fn select(
    call: &Call,
    known: &[&str],
    default: &[&str],
    object: &Map<String, Value>,
) -> Result<Value, GraphError> {
    let names: Vec<&str> = match call.get("fields") {
        Some(text) => named(text).collect(),
        None => default.to_vec(),
    };
    let mut chosen = Map::new();
    for name in names {
        if !known.contains(&name) {
            return Err(GraphError::parameter(format!(
                "Tried accessing nonexisting field ({name})"
            )));
        }
        if let Some(value) = object.get(name) {
            chosen.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(id) = object.get("id") {
        chosen.insert("id".to_owned(), id.clone());
    }
    Ok(Value::Object(chosen))
}

/// The names of `id,owner{id,username},…` without what stands in braces: an object below is given as it is.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    text.split(move |letter| {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    })
    .map(|name| name.split('{').next().unwrap_or_default().trim())
}

/// A JSON object of these fields, `null` ones left out.
pub(super) fn object(
    fields: impl IntoIterator<Item = (&'static str, Value)>,
) -> Map<String, Value> {
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
