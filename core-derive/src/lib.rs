//! How core reads what serde would first read into values of its own: enumerations whose objects say by a
//! field which one they are, and structures that are put together from others.
//!
//! serde's own derives compile every type inside once more for those values, which a browser would download.
//! These keep the object as text and read that. The types can only be read from JSON, and not
//! inside of what serde itself reads into values (`flatten`, `tag`, `untagged`).
#![deny(missing_docs)]

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Error, Field, LitStr, Meta, Token, parse_macro_input};

/// Derives `Deserialize` for an enumeration with `#[serde(tag = "...")]`.
///
/// It puts the tag outside, and leaves that to what serde derives for an enumeration without a tag, so that
/// every other attribute of serde means what it says.
#[proc_macro_derive(DeserializeTagged, attributes(serde))]
pub fn deserialize_tagged(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    tagged(input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// Derives `Deserialize` for a structure of which some fields are `#[serde(flatten)]`.
///
/// Each of those reads the whole object, as do the fields that are the structure's own, so that none may
/// refuse fields that it doesn't know.
#[proc_macro_derive(DeserializeFlattened, attributes(serde))]
pub fn deserialize_flattened(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    flattened(input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

fn flattened(input: DeriveInput) -> syn::Result<TokenStream> {
    let name = input.ident;
    let Data::Struct(data) = input.data else {
        return Err(Error::new(name.span(), "only structures are put together"));
    };
    let attributes = input.attrs.iter().filter(|it| is_serde(it));
    let (parts, mut own): (Vec<Field>, Vec<Field>) =
        data.fields.into_iter().partition(is_flattened);
    for field in &mut own {
        field.attrs.retain(is_serde);
    }
    let parts = parts.iter().map(|field| &field.ident);
    let names = own.iter().map(|field| &field.ident);
    let names_too = names.clone();
    Ok(quote! {
        const _: () = {
            #[derive(::serde::Deserialize)]
            #(#attributes)*
            struct Own { #(#own),* }

            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                    let object = ::std::boxed::Box::<::serde_json::value::RawValue>::deserialize(deserializer)?;
                    let Own { #(#names),* } = crate::json::part(&object)?;
                    Ok(Self { #(#names_too,)* #(#parts: crate::json::part(&object)?),* })
                }
            }
        };
    })
}

fn is_flattened(field: &Field) -> bool {
    let is_flatten = |meta: &Meta| meta.path().is_ident("flatten");
    field
        .attrs
        .iter()
        .filter(|it| is_serde(it))
        .any(|attribute| metas(attribute).is_ok_and(|metas| metas.iter().any(is_flatten)))
}

fn tagged(input: DeriveInput) -> syn::Result<TokenStream> {
    let name = input.ident;
    let Data::Enum(data) = input.data else {
        return Err(Error::new(name.span(), "only enumerations have a tag"));
    };
    let (tag, rest) = container(&input.attrs)?;
    let tag = tag.ok_or_else(|| Error::new(name.span(), "`#[serde(tag = \"...\")]` is missing"))?;
    let text = name.to_string();
    let mut variants = data.variants;
    for variant in &mut variants {
        variant.attrs.retain(is_serde);
        for field in &mut variant.fields {
            field.attrs.retain(is_serde);
        }
    }
    Ok(quote! {
        const _: () = {
            /// The same without the tag. It is only ever read into the enumeration itself.
            #[derive(::serde::Deserialize)]
            #[serde(remote = #text, #(#rest),*)]
            #[allow(dead_code)]
            enum Untagged { #variants }

            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                    crate::json::read_tagged(deserializer, #tag, |object| Untagged::deserialize(object))
                }
            }
        };
    })
}

/// The tag, and what else `serde` is told about the enumeration.
fn container(attributes: &[Attribute]) -> syn::Result<(Option<LitStr>, Vec<TokenStream>)> {
    let mut tag = None;
    let mut rest = Vec::new();
    for attribute in attributes.iter().filter(|it| is_serde(it)) {
        for meta in metas(attribute)? {
            match &meta {
                Meta::NameValue(pair) if pair.path.is_ident("tag") => {
                    tag = Some(syn::parse2(pair.value.to_token_stream())?);
                }
                _ => rest.push(meta.into_token_stream()),
            }
        }
    }
    Ok((tag, rest))
}

fn metas(attribute: &Attribute) -> syn::Result<Punctuated<Meta, Token![,]>> {
    attribute.parse_args_with(Punctuated::parse_terminated)
}

fn is_serde(attribute: &Attribute) -> bool {
    attribute.path().is_ident("serde")
}
