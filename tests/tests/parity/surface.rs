//! What each language really offers, read from what its package is made of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The files below `folder` with the ending.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found
}

/// The word that `text` begins with.
fn word(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    &text[..end.unwrap_or(text.len())]
}

/// A class as a declaration file tells it.
#[derive(Debug, Default)]
struct Class {
    extends: Option<String>,
    methods: BTreeSet<String>,
}

/// The declared functions, or the methods and properties of `class` and of those that it extends.
pub(crate) fn in_javascript(class: Option<&str>) -> BTreeSet<String> {
    let mut functions = BTreeSet::new();
    let mut classes: BTreeMap<String, Class> = BTreeMap::new();
    for path in files(&root().join("bindings-wasm/npm/types"), ".d.ts") {
        let mut within: Option<&mut Class> = None;
        for line in fs::read_to_string(path).unwrap().lines() {
            let declared = line.strip_prefix("export ").unwrap_or_default();
            let declared = declared.strip_prefix("abstract ").unwrap_or(declared);
            if let Some(name) = declared.strip_prefix("class ") {
                let known = classes.entry(word(name).to_owned()).or_default();
                known.extends = name
                    .split_once(" extends ")
                    .map(|(_, parent)| word(parent).to_owned());
                within = Some(known);
            } else if line == "}" {
                within = None;
            } else if let Some(name) = declared.strip_prefix("function ") {
                functions.insert(word(name).to_owned());
            } else if let Some(class) = &mut within {
                class.methods.extend(member(line));
            }
        }
    }
    let Some(class) = class else { return functions };
    let mut methods = BTreeSet::new();
    let mut next = classes.get(class);
    while let Some(class) = next {
        methods.extend(class.methods.iter().cloned());
        next = class
            .extends
            .as_ref()
            .and_then(|parent| classes.get(parent));
    }
    methods
}

/// The method or property that a line in a class declares. How an object is made isn't one.
fn member(line: &str) -> Option<String> {
    let declared = line.strip_prefix("  ")?;
    let declared = ["static ", "get ", "private "]
        .iter()
        .find_map(|modifier| declared.strip_prefix(modifier))
        .unwrap_or(declared);
    let name = word(declared);
    let is_member = !name.is_empty() && declared[name.len()..].starts_with(['(', '<']);
    (is_member && name != "constructor").then(|| name.to_owned())
}

macro_rules! functions {
    ($( $(#[$doc:meta])* $name:literal $function:ident $input:ty => $answer:ty )*) => {
        [$(stringify!($function)),*]
    };
}

/// The exported functions, or the methods of `class`, by their names in Rust.
pub(crate) fn in_uniffi(class: Option<&str>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in files(&root().join("bindings-uniffi/src"), ".rs") {
        let text = fs::read_to_string(path).unwrap();
        let all = text
            .lines()
            .any(|line| line.starts_with("calendar_publish::for_each_operation!("));
        if all && class.is_none() && text.contains("#[uniffi::export]") {
            let functions = calendar_publish::for_each_operation!(functions);
            names.extend(functions.map(str::to_owned));
        }
        let mut exported = false;
        let mut within = None;
        for line in text.lines() {
            let bare = line.trim_start();
            if line.starts_with("#[uniffi::export") {
                exported = true;
            } else if let Some(name) = line.strip_prefix("impl ") {
                within = exported.then(|| word(name).to_owned());
                exported = false;
            } else if line == "}" {
                within = None;
                exported = false;
            } else if let Some(function) = ["pub fn ", "pub async fn "]
                .iter()
                .find_map(|start| bare.strip_prefix(start))
            {
                let is_method = bare.len() < line.len();
                let belongs = match class {
                    Some(_) => is_method && within.as_deref() == class,
                    None => !is_method && exported,
                };
                // How an object is made is no method.
                if belongs && word(function) != "new" {
                    names.insert(word(function).to_owned());
                }
            }
        }
    }
    names
}

/// The functions of the header.
pub(crate) fn headers() -> BTreeSet<String> {
    let header = root().join("bindings-c/include/calendar_publish.h");
    let text =
        fs::read_to_string(&header).unwrap_or_else(|error| panic!("{}: {error}", header.display()));
    text.match_indices("cp_")
        .map(|(at, _)| word(&text[at..]))
        .filter(|name| text.contains(&format!("{name}(")))
        .map(str::to_owned)
        .collect()
}
