//! One lent type, as the Rust that UniFFI reads.

use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprLit, Field, Fields, ItemStruct, Lit, Meta, Path, Type};

use crate::defaults::{self, Serde, Value};
use crate::source::{self, Lent, Place, Shape, Types};

/// Types whose name means something else in one of the languages, or says too little outside its
/// module: module, name, and what they are called there.
const RENAMED: [(&str, &str, &str); 13] = [
    ("engine", "InstagramOptions", "InstagramSettings"),
    ("engine", "LoginOption", "InstagramLogin"),
    ("engine", "TiktokOptions", "TiktokSettings"),
    ("engine", "VideoOption", "InstagramVideo"),
    ("calendar", "Entries", "CalendarEntries"),
    ("calendar", "ExportRequest", "CalendarExportRequest"),
    ("error", "Error", "ErrorRecord"),
    ("error", "Unit", "MeasureUnit"),
    ("ports", "Header", "HttpHeader"),
    ("ports", "Method", "HttpMethod"),
    ("ports", "Step", "AdapterStep"),
    ("rules", "Source", "LimitSource"),
    ("publish", "EntryFindings", "DryRunFindings"),
];

/// Variants whose name hides a type that the languages' own code needs: enum, name, and what they are
/// called there.
const RENAMED_VARIANTS: [(&str, &str, &str); 1] = [("FormattableValue", "List", "Texts")];

/// The Rust of one type: a module of its own, so that the name in it can only mean this type.
pub(crate) fn render(lent: &Lent, types: &Types) -> String {
    let (place, ident) = (&lent.place.path, &lent.ident);
    let inside = format_ident!("{}_{}", lent.place.word, ident.to_string().to_lowercase());
    let name = RENAMED
        .iter()
        .find(|(module, name, _)| lent.place.word == *module && ident == name)
        .map(|(_, _, name)| quote! { #[uniffi(name = #name)] });
    let mut lend = LendFields {
        types,
        place: &lent.place,
    };
    let body = match &lent.shape {
        Shape::Record(it) => {
            let mut it = it.clone();
            let defaults = lend.record(lent, &it);
            it.attrs = docs(&it.attrs);
            for (field, default) in it.fields.iter_mut().zip(defaults) {
                lend.document(field, default);
            }
            quote! { #[uniffi::remote(Record)] #name #it }
        }
        Shape::Enum(it) => {
            let mut it = it.clone();
            let non_exhaustive = it
                .attrs
                .iter()
                .any(|attr| attr.path().is_ident("non_exhaustive"))
                .then(|| quote! { #[non_exhaustive] });
            it.attrs = docs(&it.attrs);
            for variant in &mut it.variants {
                variant.attrs = docs(&variant.attrs);
                let renamed = RENAMED_VARIANTS
                    .iter()
                    .find(|(kind, name, _)| it.ident == kind && variant.ident == name)
                    .map(|(_, _, name)| -> Attribute {
                        syn::parse_quote! { #[uniffi(name = #name)] }
                    });
                variant.attrs.extend(renamed);
                lend.variant(lent, &mut variant.fields);
            }
            quote! { #[uniffi::remote(Enum)] #name #non_exhaustive #it }
        }
        Shape::Text(attrs) => {
            let docs = docs(attrs);
            quote! {
                uniffi::custom_type!(#(#docs)* #ident, String, {
                    remote,
                    lower: |value| value.to_string(),
                    try_lift: |text| Ok(text.parse::<#ident>().map_err(crate::CalendarPublishError::from)?),
                });
            }
        }
        Shape::ByHand => return String::new(),
    };
    quote! { mod #inside { use #place::#ident; #body } }.to_string()
}

struct LendFields<'a> {
    types: &'a Types,
    place: &'a Place,
}

impl LendFields<'_> {
    fn document(&mut self, field: &mut Field, default: Option<Value>) {
        field.attrs = docs(&field.attrs);
        field.attrs.extend(default.map(attribute));
        self.visit_type_mut(&mut field.ty);
    }

    /// Python passes a variant's fields by place: only those at the end can be left out.
    fn variant(&mut self, lent: &Lent, fields: &mut Fields) {
        let mut required_follows = false;
        for field in fields.iter_mut().rev() {
            let default = self.left_out(lent, field).filter(|_| !required_follows);
            required_follows |= default.is_none();
            self.document(field, default);
        }
    }

    /// What the fields of a record have where they are left out: what they have in JSON, or in Rust where
    /// the record has a default of its own.
    fn record(&self, lent: &Lent, it: &ItemStruct) -> Vec<Option<Value>> {
        let name = it.ident.to_string();
        let derives = derives_default(&it.attrs);
        let of_field = |field: &Field| {
            let ident = field.ident.as_ref()?.to_string();
            if lent.defaults.implements(&name) {
                let value = lent.defaults.implemented(&name, &ident)?;
                return self.fits(&field.ty, value);
            }
            if derives {
                return self.fits(&field.ty, Value::OfType);
            }
            self.left_out(lent, field)
        };
        it.fields.iter().map(of_field).collect()
    }

    /// What a field has that is left out of the JSON.
    fn left_out(&self, lent: &Lent, field: &Field) -> Option<Value> {
        match defaults::serde(&field.attrs) {
            Serde::Function(function) => lent.defaults.function(&function),
            Serde::OfType => self.fits(&field.ty, Value::OfType),
            Serde::Required => match outer(&field.ty)?.as_str() {
                "Option" => Some(Value::OfType),
                "Vec" if source::is_without_derives(&lent.ident) => Some(Value::OfType),
                _ => None,
            },
        }
    }

    /// The value, where UniFFI can give it to a field of that type.
    fn fits(&self, kind: &Type, value: Value) -> Option<Value> {
        if value != Value::OfType {
            return Some(value);
        }
        let name = outer(kind)?;
        let has_one = match name.as_str() {
            "Option" | "Vec" | "String" | "bool" | "f64" | "i64" | "u8" | "u16" | "u32" | "u64" => {
                true
            }
            name => match self.types.find(name, self.place) {
                Some(lent) => match &lent.shape {
                    Shape::Record(it) => self.record(lent, it).iter().all(Option::is_some),
                    Shape::ByHand => true,
                    // UniFFI knows no default of an enum: which variant is meant has to be said.
                    Shape::Enum(_) | Shape::Text(_) => false,
                },
                None => false,
            },
        };
        has_one.then_some(value)
    }
}

/// The type's name without its arguments.
fn outer(kind: &Type) -> Option<String> {
    let Type::Path(path) = kind else {
        return None;
    };
    Some(path.path.segments.last()?.ident.to_string())
}

fn derives_default(attrs: &[Attribute]) -> bool {
    let mut found = false;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("derive")) {
        let read = attr.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("Default");
            Ok(())
        });
        found &= read.is_ok();
    }
    found
}

/// The attribute that gives a field its value where it is left out.
fn attribute(value: Value) -> Attribute {
    match value {
        Value::OfType => syn::parse_quote! { #[uniffi(default)] },
        Value::Number(number) => {
            let number = proc_macro2::Literal::u64_unsuffixed(number);
            syn::parse_quote! { #[uniffi(default = #number)] }
        }
        Value::Text(text) => syn::parse_quote! { #[uniffi(default = #text)] },
        Value::Truth(truth) => syn::parse_quote! { #[uniffi(default = #truth)] },
    }
}

impl VisitMut for LendFields<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let Some(last) = path.segments.last() else {
            return;
        };
        if let Some(lent) = self.types.find(&last.ident.to_string(), self.place) {
            let (place, ident) = (&lent.place.path, &lent.ident);
            *path = syn::parse_quote! { #place::#ident };
        } else if last.ident == "Duration" {
            *path = syn::parse_quote! { std::time::Duration };
        }
    }
}

/// The documentation, without links that only rustdoc follows.
fn docs(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs.iter().filter_map(doc).collect()
}

fn doc(attr: &Attribute) -> Option<Attribute> {
    let Meta::NameValue(meta) = &attr.meta else {
        return None;
    };
    let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = &meta.value
    else {
        return None;
    };
    if !meta.path.is_ident("doc") {
        return None;
    }
    let text = without_links(&text.value());
    Some(syn::parse_quote! { #[doc = #text] })
}

/// "[`Tile`](crate::model::Tile)" and "[`Tile`]" become "`Tile`"; addresses of pages stay.
fn without_links(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        let (before, link) = rest.split_at(start);
        plain.push_str(before);
        let Some(end) = link.find(']') else {
            rest = link;
            break;
        };
        let (label, after) = (&link[1..end], &link[end + 1..]);
        let target = after
            .strip_prefix('(')
            .and_then(|after| after.split_once(')'));
        match target {
            Some((address, after)) if !address.contains("://") => {
                plain.push_str(label);
                rest = after;
            }
            None if label.starts_with('`') => {
                plain.push_str(label);
                rest = after;
            }
            _ => {
                plain.push_str(&link[..=end]);
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}
