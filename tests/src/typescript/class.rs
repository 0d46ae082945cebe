//! What can be asked of something that lives in the library: a class with a method an operation.

use std::collections::BTreeSet;

use super::documentation::comment;
use super::operations::{Described, documentation};
use super::{head, names_in, shape};

/// A class whose methods are operations.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// Its name.
    pub name: &'static str,
    /// What an object of it is.
    pub documentation: &'static str,
    /// Whether its methods answer with promises.
    pub promises: bool,
    /// An operation whose method is called otherwise, since the class has its own name for another thing.
    pub renamed: Option<(&'static str, &'static str)>,
}

impl Class {
    /// Its declaration.
    pub fn declaration(&self, operations: &[Described]) -> String {
        let mut names = BTreeSet::new();
        let mut methods = String::new();
        for operation in operations {
            let (input, answer) = operation.schemas();
            names.extend(names_in(&answer));
            let parameter = if operation.takes_nothing() {
                String::new()
            } else {
                names.extend(names_in(&input));
                format!("input: {}", shape::shape(&input, "  "))
            };
            methods.push('\n');
            methods.push_str(&comment(&documentation(operation, ""), "  "));
            methods.push_str(&format!(
                "  {}({parameter}): {};\n",
                self.method(operation.name),
                self.answered(&shape::shape(&answer, "  ")),
            ));
        }
        let names: Vec<String> = names
            .into_iter()
            .map(|name| format!("  {name},\n"))
            .collect();
        format!(
            "{}\nimport type {{\n{}}} from \"./model.js\";\n\n{}export abstract class {} {{{methods}}}\n",
            head(),
            names.concat(),
            comment(self.documentation, ""),
            self.name,
        )
    }

    /// Its methods, each a call by name.
    pub fn module(&self, operations: &[Described]) -> String {
        let mut methods = String::new();
        for operation in operations {
            let (input, answer) = operation.schemas();
            let model = "import(\"../types/model.js\")";
            let typed = |schema| format!("{model}.{}", shape::shape(schema, ""));
            let answered = if names_in(&answer).is_empty() {
                self.answered(&shape::shape(&answer, ""))
            } else {
                self.answered(&typed(&answer))
            };
            let (parameter, argument, types) = if operation.takes_nothing() {
                ("", "{}", format!("@returns {{{answered}}}\n"))
            } else {
                let types = format!(
                    "@param {{{}}} input\n@returns {{{answered}}}\n",
                    typed(&input)
                );
                ("input", "input", types)
            };
            methods.push('\n');
            methods.push_str(&comment(&documentation(operation, &types), "  "));
            methods.push_str(&format!(
                "  {}({parameter}) {{\n    return this.call(\"{}\", {argument});\n  }}\n",
                self.method(operation.name),
                operation.name,
            ));
        }
        format!(
            "{}\n{}export class {} {{{methods}}}\n",
            head(),
            comment(self.documentation, ""),
            self.name,
        )
    }

    /// What the method of an operation is called.
    fn method<'a>(&self, operation: &'a str) -> &'a str {
        match self.renamed {
            Some((renamed, method)) if renamed == operation => method,
            _ => operation,
        }
    }

    fn answered(&self, answer: &str) -> String {
        if self.promises {
            format!("Promise<{answer}>")
        } else {
            answer.to_owned()
        }
    }
}
