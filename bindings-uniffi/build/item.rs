//! One lent type, as the Rust that UniFFI reads.

use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprLit, Field, Fields, Lit, Meta, Path, Type};

use crate::source::{Lent, Shape, Types};

/// Types whose name means something else in one of the languages, or says too little outside its
/// module: module, name, and what they are called there.
const RENAMED: [(&str, &str, &str); 7] = [
    ("error", "Error", "ErrorRecord"),
    ("error", "Unit", "MeasureUnit"),
    ("ports", "Header", "HttpHeader"),
    ("ports", "Method", "HttpMethod"),
    ("ports", "Step", "AdapterStep"),
    ("rules", "Source", "LimitSource"),
    ("publish", "EntryFindings", "DryRunFindings"),
];

/// The Rust of one type: a module of its own, so that the name in it can only mean this type.
pub(crate) fn render(lent: &Lent, types: &Types) -> String {
    let module = format_ident!("{}", lent.module);
    let ident = &lent.ident;
    let inside = format_ident!("{}_{}", lent.module, ident.to_string().to_lowercase());
    let name = RENAMED
        .iter()
        .find(|(module, name, _)| lent.module == *module && ident == name)
        .map(|(_, _, name)| quote! { #[uniffi(name = #name)] });
    let mut lend = LendFields {
        types,
        module: &lent.module,
    };
    let body = match &lent.shape {
        Shape::Record(it) => {
            let mut it = it.clone();
            let all_default = has_serde_default(&it.attrs);
            it.attrs = docs(&it.attrs);
            for field in &mut it.fields {
                lend.field(field, all_default);
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
                lend.variant(&mut variant.fields);
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
    quote! { mod #inside { use calendar_publish::#module::#ident; #body } }.to_string()
}

struct LendFields<'a> {
    types: &'a Types,
    module: &'a str,
}

impl LendFields<'_> {
    fn field(&mut self, field: &mut Field, all_default: bool) {
        let default = self.default(field, all_default);
        self.document(field, default);
    }

    fn document(&mut self, field: &mut Field, default: Option<Attribute>) {
        field.attrs = docs(&field.attrs);
        field.attrs.extend(default);
        self.visit_type_mut(&mut field.ty);
    }

    /// Python passes a variant's fields by place: only those at the end can be left out.
    fn variant(&mut self, fields: &mut Fields) {
        let mut required_follows = false;
        for field in fields.iter_mut().rev() {
            let default = self.default(field, false).filter(|_| !required_follows);
            required_follows |= default.is_none();
            self.document(field, default);
        }
    }

    /// What a host may leave out is what may be left out of the JSON.
    fn default(&self, field: &Field, all_default: bool) -> Option<Attribute> {
        let Type::Path(path) = &field.ty else {
            return None;
        };
        let outer = path.path.segments.last()?.ident.to_string();
        if outer == "Option" {
            return Some(syn::parse_quote! { #[uniffi(default = None)] });
        }
        if !all_default && !has_serde_default(&field.attrs) {
            return None;
        }
        match outer.as_str() {
            "bool" | "String" | "Vec" | "i64" | "u32" | "u64" => {
                Some(syn::parse_quote! { #[uniffi(default)] })
            }
            _ => None,
        }
    }
}

impl VisitMut for LendFields<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let Some(last) = path.segments.last() else {
            return;
        };
        if let Some(lent) = self.types.find(&last.ident.to_string(), self.module) {
            let (module, ident) = (format_ident!("{}", lent.module), &lent.ident);
            *path = syn::parse_quote! { calendar_publish::#module::#ident };
        } else if last.ident == "Duration" {
            *path = syn::parse_quote! { std::time::Duration };
        }
    }
}

/// `#[serde(default)]`, without a function of its own.
fn has_serde_default(attrs: &[Attribute]) -> bool {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("serde"))
        .any(|attr| {
            let mut found = false;
            let read = attr.parse_nested_meta(|meta| {
                if meta.path.is_ident("default") && !meta.input.peek(syn::Token![=]) {
                    found = true;
                } else if meta.input.peek(syn::Token![=]) {
                    meta.value()?.parse::<Expr>()?;
                } else if meta.input.peek(syn::token::Paren) {
                    meta.parse_nested_meta(|inner| inner.value()?.parse::<Expr>().map(drop))?;
                }
                Ok(())
            });
            read.is_ok() && found
        })
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
