//! Writes TypeScript declarations from the JSON Schemas of core.
//!
//! The usual tools name a type anew wherever a description stands beside a reference, and drop what
//! each value of an enumeration means. These declarations are read by people, so they are written here.

mod class;
mod documentation;
mod documents;
mod operations;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use calendar_publish::message::Lang;
use calendar_publish::model::Channel;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::generated::WRITTEN_BY_THE_CODE;

pub use class::Class;
pub use operations::{
    Described, declarations, for_interfaces, module, of_a_calendar, of_an_engine, pure,
};

/// The schema of each type by its name in Rust.
type Definitions = BTreeMap<String, Value>;

/// The first line of each file.
fn head() -> String {
    format!("{WRITTEN_BY_THE_CODE} from the library's types. Edit those.\n")
}

/// Spellings that are read and never written, left out so that a `switch` is complete.
fn closed(name: &str) -> Option<Vec<String>> {
    match name {
        "Channel" => Some(
            Channel::ALL
                .iter()
                .map(|channel| channel.as_str().to_owned())
                .collect(),
        ),
        "Lang" => Some(
            Lang::ALL
                .iter()
                .map(|lang| lang.as_str().to_owned())
                .collect(),
        ),
        _ => None,
    }
}

/// The name of a Rust type in TypeScript, where `Error` is taken.
fn type_name(rust: &str) -> &str {
    match rust {
        "Error" => "Failure",
        other => other,
    }
}

/// `types/model.d.ts`: every type that a document is made of.
///
/// A type that is read is declared as it may be written: what has a default may be left out. One that
/// is only answered is declared as it is answered.
pub fn model() -> String {
    let mut out = head();
    out.push_str(
        "//\n// A field with `?` may be left out. Where a field is left out or `null`, nothing is said of it.\n",
    );
    for (name, schema) in definitions() {
        out.push('\n');
        out.push_str(&shape::declaration(
            type_name(&name),
            &schema,
            closed(&name),
        ));
    }
    out
}

fn definitions() -> Definitions {
    let mut read = SchemaSettings::draft2020_12().into_generator();
    let mut written = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    for operation in pure().iter().chain(&of_a_calendar()).chain(&of_an_engine()) {
        (operation.input)(&mut read);
        (operation.answer)(&mut written);
    }
    documents::read(&mut read);
    documents::written(&mut written);
    let mut all = taken(written);
    // A type that goes both ways is declared as it is read.
    all.append(&mut taken(read));
    all
}

fn taken(mut generator: SchemaGenerator) -> Definitions {
    generator.take_definitions(true).into_iter().collect()
}

/// The names of the types that a schema refers to, in TypeScript.
fn names_in(schema: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(schema, &mut names);
    names
}

fn collect(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                names.insert(shape::referred(reference).to_owned());
            }
            fields.values().for_each(|value| collect(value, names));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, names)),
        _ => {}
    }
}
