//! Core's source, as far as types are declared in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::{fs, io};

use syn::{Attribute, Fields, Generics, Ident, Item, Visibility};

use crate::defaults::FileDefaults;

/// What a type becomes.
pub(crate) enum Shape {
    /// A struct with public fields.
    Record(syn::ItemStruct),
    /// An enum.
    Enum(syn::ItemEnum),
    /// Validated when it is read: a text on the wire.
    Text(Vec<Attribute>),
    /// Lent by hand, in `src/types.rs`.
    ByHand,
}

/// A type of core that is lent to UniFFI.
pub(crate) struct Lent {
    /// Where it is exported.
    pub(crate) place: Place,
    pub(crate) ident: Ident,
    pub(crate) shape: Shape,
    /// What its file says about defaults.
    pub(crate) defaults: Rc<FileDefaults>,
}

/// Where a type is exported.
#[derive(Clone, PartialEq)]
pub(crate) struct Place {
    /// The path in front of the type's name.
    pub(crate) path: syn::Path,
    /// The same in one word.
    pub(crate) word: String,
}

impl Place {
    /// A module of core's.
    fn core(module: &str) -> Option<Self> {
        Some(Self {
            path: syn::parse_str(&format!("calendar_publish::{module}")).ok()?,
            word: module.to_owned(),
        })
    }

    /// The engine that the bindings share.
    pub(crate) fn engine() -> Self {
        Self {
            path: syn::parse_quote! { calendar_publish_documents },
            word: "engine".to_owned(),
        }
    }
}

/// A file that types are read from.
struct File {
    place: Place,
    defaults: Rc<FileDefaults>,
}

/// Every lent type, by name and module.
#[derive(Default)]
pub(crate) struct Types {
    by_name: BTreeMap<String, Vec<Lent>>,
}

/// What goes over the wire by code of its own, or only between ports in memory.
const WITHOUT_DERIVES: [&str; 9] = [
    "CalendarPiece",
    "EntryRow",
    "Header",
    "HttpRequest",
    "HttpResponse",
    "MediaChunk",
    "MediaRange",
    "Reconciled",
    "Step",
];

/// What is lent by hand, in `src/types.rs`: it is checked when it is made, or mustn't be shown.
const BY_HAND: [&str; 2] = ["RetryPolicy", "SealingKeyOption"];

/// What ports fail with: the bindings declare these errors themselves, because an exception that a
/// host throws has to become one of them.
const ERRORS: [&str; 5] = [
    "AdapterError",
    "KeyError",
    "MediaError",
    "StoreError",
    "TransportError",
];

/// Texts whose Rust form has private fields or is an enum of ids.
const TEXTS: [&str; 8] = [
    "LocalDate",
    "LocalTime",
    "PostFormat",
    "Release",
    "RequestId",
    "RunRef",
    "Timestamp",
    "Zone",
];

impl Types {
    pub(crate) fn lent(&self) -> impl Iterator<Item = &Lent> {
        self.by_name.values().flatten()
    }

    /// The type that `name` means where it stands in `place`.
    pub(crate) fn find(&self, name: &str, place: &Place) -> Option<&Lent> {
        let found = self.by_name.get(name)?;
        found
            .iter()
            .find(|lent| lent.place == *place)
            .or(found.first())
    }

    fn add(&mut self, file: &File, ident: Ident, shape: Shape) {
        let lent = Lent {
            place: file.place.clone(),
            ident,
            shape,
            defaults: Rc::clone(&file.defaults),
        };
        let name = lent.ident.to_string();
        self.by_name.entry(name).or_default().push(lent);
    }

    /// Reads the types of a file.
    pub(crate) fn read_file(&mut self, path: &Path, place: &Place) -> io::Result<()> {
        let file = syn::parse_file(&fs::read_to_string(path)?)
            .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
        let from = File {
            place: place.clone(),
            defaults: Rc::new(FileDefaults::read(&file.items)),
        };
        for item in file.items {
            self.read_item(&from, item);
        }
        Ok(())
    }

    fn read_item(&mut self, file: &File, item: Item) {
        match item {
            Item::Struct(it) if lends(&it.ident, &it.vis, &it.generics, &it.attrs) => {
                if is_text(&it.ident) {
                    self.add(file, it.ident, Shape::Text(it.attrs));
                } else if is_by_hand(&it.ident) {
                    self.add(file, it.ident, Shape::ByHand);
                } else if all_public(&it.fields) {
                    self.add(file, it.ident.clone(), Shape::Record(it));
                }
            }
            Item::Enum(it) if lends(&it.ident, &it.vis, &it.generics, &it.attrs) => {
                if is_text(&it.ident) {
                    self.add(file, it.ident, Shape::Text(it.attrs));
                } else {
                    self.add(file, it.ident.clone(), Shape::Enum(it));
                }
            }
            Item::Macro(it) if it.mac.path.is_ident("ids") => {
                for (attrs, ident) in it.mac.parse_body_with(ids).unwrap_or_default() {
                    self.add(file, ident, Shape::Text(attrs));
                }
            }
            Item::Macro(it) if it.mac.path.is_ident("logged_word") => {
                if let Ok(word) = it.mac.parse_body::<syn::ItemStruct>() {
                    self.add(file, word.ident, Shape::Text(word.attrs));
                }
            }
            _ => {}
        }
    }
}

/// The body of `ids!`: documented names, each with a semicolon.
fn ids(input: syn::parse::ParseStream<'_>) -> syn::Result<Vec<(Vec<Attribute>, Ident)>> {
    let mut ids = Vec::new();
    while !input.is_empty() {
        let attrs = input.call(Attribute::parse_outer)?;
        ids.push((attrs, input.parse()?));
        input.parse::<syn::Token![;]>()?;
    }
    Ok(ids)
}

fn lends(ident: &Ident, vis: &Visibility, generics: &Generics, attrs: &[Attribute]) -> bool {
    matches!(vis, Visibility::Public(_))
        && generics.params.is_empty()
        && !ERRORS.contains(&ident.to_string().as_str())
        && (derives_serde(attrs) || is_without_derives(ident) || is_text(ident))
}

/// Whether the type's JSON is written by hand, or it has none. A list of such a type may be left out.
pub(crate) fn is_without_derives(ident: &Ident) -> bool {
    WITHOUT_DERIVES.contains(&ident.to_string().as_str())
}

fn is_by_hand(ident: &Ident) -> bool {
    BY_HAND.contains(&ident.to_string().as_str())
}

fn is_text(ident: &Ident) -> bool {
    TEXTS.contains(&ident.to_string().as_str())
}

fn all_public(fields: &Fields) -> bool {
    matches!(fields, Fields::Named(_))
        && fields
            .iter()
            .all(|field| matches!(field.vis, Visibility::Public(_)))
}

fn derives_serde(attrs: &[Attribute]) -> bool {
    let mut found = false;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("derive")) {
        let read = attr.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("Serialize") || meta.path.is_ident("Deserialize");
            Ok(())
        });
        // A derive of another crate's path is none of ours.
        if read.is_err() {
            continue;
        }
    }
    found
}

/// Reads every file below `core` that isn't a test.
pub(crate) fn read(core: &Path) -> io::Result<Types> {
    let mut types = Types::default();
    let mut folders = vec![(core.to_owned(), None::<String>)];
    while let Some((folder, module)) = folders.pop() {
        let mut paths: Vec<PathBuf> = fs::read_dir(&folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<_>>()?;
        paths.sort();
        for path in paths {
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            let Some(stem) = stem.filter(|stem| !matches!(*stem, "tests" | "conformance")) else {
                continue;
            };
            let top = module.clone().unwrap_or_else(|| stem.to_owned());
            if path.is_dir() {
                folders.push((path, Some(top)));
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && let Some(place) = Place::core(&top)
            {
                types.read_file(&path, &place)?;
            }
        }
    }
    Ok(types)
}
