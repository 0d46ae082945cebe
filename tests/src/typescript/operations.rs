//! The operations: their declarations, and the module that runs them.

use std::collections::BTreeSet;

use calendar_publish::operation::{OPERATIONS, Operation};
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::documentation::{comment, worded};
use super::{head, names_in, shape};

/// `types/operations.d.ts`: a function for each operation.
pub fn declarations() -> String {
    let mut names = BTreeSet::new();
    let mut functions = String::new();
    for operation in OPERATIONS {
        let (input, answer) = schemas(operation);
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
    for operation in OPERATIONS {
        let (input, answer) = schemas(operation);
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

fn schemas(operation: &Operation) -> (Value, Value) {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let input = (operation.input)(&mut generator).to_value();
    (input, (operation.answer)(&mut generator).to_value())
}

/// What the operation does, then the lines of `between`, then what it throws.
fn documentation(operation: &Operation, between: &str) -> String {
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
