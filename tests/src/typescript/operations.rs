//! The operations: their declarations, and the module that runs them.

use std::collections::BTreeSet;

use calendar_publish::calendar::CALENDAR_OPERATIONS;
use calendar_publish::operation::{OPERATIONS, is_for_servers};
use calendar_publish_documents::ENGINE_OPERATIONS;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

use super::documentation::{comment, worded};
use super::{head, names_in, shape};

/// `types/operations.d.ts`: a function for each operation.
pub fn declarations() -> String {
    let mut names = BTreeSet::new();
    let mut functions = String::new();
    for operation in &pure() {
        let (input, answer) = operation.schemas();
        names.extend(names_in(&input));
        names.extend(names_in(&answer));
        functions.push('\n');
        functions.push_str(&comment(&documentation(operation, ""), ""));
        functions.push_str(&format!(
            "export function {}(input: {}): {};\n",
            operation.name,
            shape::shape(&input, ""),
            shape::shape(&answer, ""),
        ));
    }
    let names: Vec<String> = names
        .into_iter()
        .map(|name| format!("  {name},\n"))
        .collect();
    format!(
        "{}\nimport type {{\n{}}} from \"./model.js\";\n{functions}",
        head(),
        names.concat()
    )
}

/// `src/operations.js`: the same functions, each of them a call by name.
pub fn module() -> String {
    let mut out = format!("{}\nimport {{ call }} from \"./call.js\";\n", head());
    for operation in &pure() {
        let (input, answer) = operation.schemas();
        let model = "import(\"../types/model.js\")";
        let types = format!(
            "@param {{{model}.{}}} input\n@returns {{{model}.{}}}\n",
            shape::shape(&input, ""),
            shape::shape(&answer, ""),
        );
        out.push('\n');
        out.push_str(&comment(&documentation(operation, &types), ""));
        out.push_str(&format!(
            "export const {0} = (input) => call(\"{0}\", input);\n",
            operation.name
        ));
    }
    out
}

/// `interface-operations`: those that no server is needed for, as a smaller module has them.
pub fn for_interfaces() -> String {
    let names: Vec<String> = OPERATIONS
        .iter()
        .filter(|operation| !is_for_servers(operation.name))
        .map(|operation| format!("  {},\n", operation.name))
        .collect();
    format!(
        "{}\nexport {{\n{}}} from \"./operations.js\";\n",
        head(),
        names.concat()
    )
}

/// An operation of any kind, as its documentation and its schemas tell it.
#[derive(Clone, Copy, Debug)]
pub struct Described {
    /// Its name.
    pub name: &'static str,
    /// What it does and refuses, in Markdown.
    pub documentation: &'static str,
    /// The schema of its input.
    pub input: fn(&mut SchemaGenerator) -> Schema,
    /// The schema of its answer.
    pub answer: fn(&mut SchemaGenerator) -> Schema,
}

macro_rules! described {
    ($operations:expr, $input:ident) => {
        $operations
            .iter()
            .map(|operation| Described {
                name: operation.name,
                documentation: operation.documentation,
                input: operation.$input,
                answer: operation.answer,
            })
            .collect()
    };
}

/// The pure operations.
pub fn pure() -> Vec<Described> {
    described!(OPERATIONS, input)
}

/// Those of a calendar that is held.
pub fn of_a_calendar() -> Vec<Described> {
    described!(CALENDAR_OPERATIONS, input)
}

/// Those of an engine.
pub fn of_an_engine() -> Vec<Described> {
    described!(ENGINE_OPERATIONS, request)
}

impl Described {
    pub(super) fn schemas(&self) -> (Value, Value) {
        let mut generator = SchemaSettings::draft2020_12().into_generator();
        let input = (self.input)(&mut generator).to_value();
        (input, (self.answer)(&mut generator).to_value())
    }

    /// Whether there is nothing to be said to it.
    pub(super) fn takes_nothing(&self) -> bool {
        names_in(&self.schemas().0).contains("NoInput")
    }
}

/// What the operation does, then the lines of `between`, then what it throws.
pub(super) fn documentation(operation: &Described, between: &str) -> String {
    let lines: Vec<&str> = operation.documentation.lines().map(str::trim).collect();
    let text = worded(&lines.join("\n"));
    let (does, refuses) = text.split_once("# Errors").unwrap_or((text.as_str(), ""));
    let refuses = match refuses.trim() {
        "None but those of the input." => String::new(),
        other => format!("\n{other}"),
    };
    format!(
        "{}\n\n{between}@throws {{CalendarPublishError}} Where the input isn't of its type, at its path.{refuses}",
        does.trim()
    )
}
