//! The shape of a JSON Schema, as TypeScript writes it.

use serde_json::{Map, Value};

use super::documentation::comment;
use super::type_name;

type Fields = Map<String, Value>;

/// The declaration of the type `name`, with its documentation.
pub(super) fn declaration(name: &str, schema: &Value, closed: Option<Vec<String>>) -> String {
    let mut out = comment(description(schema), "");
    if let Some(values) = closed {
        let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
        out.push_str(&format!("export type {name} = {};\n", values.join(" | ")));
        return out;
    }
    if is_plain_object(schema) {
        out.push_str(&format!("export interface {name} {}\n", shape(schema, "")));
        return out;
    }
    let members = alternatives(schema).filter(|_| properties(schema).is_none());
    match members {
        Some(members) if members.len() > 1 => {
            out.push_str(&format!("export type {name} ="));
            for member in members {
                out.push('\n');
                out.push_str(&comment(description(member), "  "));
                out.push_str(&format!("  | {}", shape(member, "  ")));
            }
            out.push_str(";\n");
        }
        _ => out.push_str(&format!("export type {name} = {};\n", shape(schema, ""))),
    }
    out
}

/// The type of `schema`; lines after the first begin at `indent`.
pub(super) fn shape(schema: &Value, indent: &str) -> String {
    let Some(fields) = schema.as_object() else {
        return "unknown".to_owned();
    };
    if let Some(Value::String(reference)) = fields.get("$ref") {
        return referred(reference).to_owned();
    }
    if let Some(value) = fields.get("const") {
        return value.to_string();
    }
    if let Some(Value::Array(values)) = fields.get("enum") {
        return union(values.iter().map(Value::to_string));
    }
    let mut parts = Vec::new();
    if properties(schema).is_some() {
        parts.push(object(fields, indent));
    }
    if let Some(members) = alternatives(schema) {
        let members = union(members.iter().map(|member| shape(member, indent)));
        parts.push(match parts.is_empty() {
            true => members,
            false => format!("({members})"),
        });
    }
    if let Some(Value::Array(all)) = fields.get("allOf") {
        parts.extend(all.iter().map(|part| shape(part, indent)));
    }
    if !parts.is_empty() {
        return parts.join(" & ");
    }
    match fields.get("type") {
        Some(Value::String(kind)) => simple(kind, fields, indent),
        Some(Value::Array(kinds)) => union(
            kinds
                .iter()
                .filter_map(Value::as_str)
                .map(|kind| simple(kind, fields, indent)),
        ),
        _ => "unknown".to_owned(),
    }
}

/// The TypeScript name of the type that `reference` leads to.
pub(super) fn referred(reference: &str) -> &str {
    type_name(reference.rsplit('/').next().unwrap_or(reference))
}

fn simple(kind: &str, fields: &Fields, indent: &str) -> String {
    match kind {
        "integer" | "number" => "number".to_owned(),
        "array" => array(fields, indent),
        "object" => object(fields, indent),
        // `string`, `boolean` and `null` are called so in both.
        other => other.to_owned(),
    }
}

fn array(fields: &Fields, indent: &str) -> String {
    if let Some(Value::Array(places)) = fields.get("prefixItems") {
        let places: Vec<String> = places.iter().map(|place| shape(place, indent)).collect();
        return format!("[{}]", places.join(", "));
    }
    let item = fields
        .get("items")
        .map_or_else(|| "unknown".to_owned(), |item| shape(item, indent));
    if item.contains([' ', '\n']) {
        format!("({item})[]")
    } else {
        format!("{item}[]")
    }
}

fn object(fields: &Fields, indent: &str) -> String {
    let inner = format!("{indent}  ");
    let required: Vec<&str> = fields
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut members: Vec<(&String, &Value)> = fields
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .collect();
    // What is required comes first, in the order of the type in Rust; the sort keeps the others' order.
    members.sort_by_key(|(name, _)| {
        let place = required.iter().position(|other| other == name);
        place.unwrap_or(required.len())
    });
    let mut out = String::from("{\n");
    for (name, schema) in members {
        let mark = if required.contains(&name.as_str()) {
            ""
        } else {
            "?"
        };
        out.push_str(&comment(description(schema), &inner));
        out.push_str(&format!(
            "{inner}{name}{mark}: {};\n",
            shape(schema, &inner)
        ));
    }
    match fields.get("additionalProperties") {
        Some(Value::Bool(true)) => {
            out.push_str(&format!("{inner}[field: string]: unknown;\n"));
        }
        Some(other @ Value::Object(_)) => {
            out.push_str(&format!(
                "{inner}[key: string]: {};\n",
                shape(other, &inner)
            ));
        }
        _ => {}
    }
    out + indent + "}"
}

/// The members once each, in their order.
fn union(members: impl Iterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for member in members {
        if !seen.contains(&member) {
            seen.push(member);
        }
    }
    seen.join(" | ")
}

fn alternatives(schema: &Value) -> Option<&Vec<Value>> {
    ["oneOf", "anyOf"]
        .into_iter()
        .find_map(|word| schema.get(word)?.as_array())
}

fn properties(schema: &Value) -> Option<&Fields> {
    schema.get("properties")?.as_object()
}

/// An object without alternatives: TypeScript writes it as an interface.
fn is_plain_object(schema: &Value) -> bool {
    properties(schema).is_some() && alternatives(schema).is_none() && schema.get("allOf").is_none()
}

fn description(schema: &Value) -> &str {
    schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default()
}
