//! What a field has where it is left out, read from `Default` and from serde's attributes.

use std::collections::BTreeMap;

use syn::{Attribute, Block, Expr, ImplItem, Item, ItemImpl, Lit, Stmt, Type};

/// A value that UniFFI can give to a field that is left out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// The type's own: nothing, zero, an empty list, a record whose fields all have one.
    OfType,
    Number(u64),
    Text(String),
    Truth(bool),
}

/// What one file says about defaults.
#[derive(Default)]
pub(crate) struct FileDefaults {
    constants: BTreeMap<String, Expr>,
    functions: BTreeMap<String, Block>,
    /// By type and field.
    implemented: BTreeMap<String, BTreeMap<String, Expr>>,
}

impl FileDefaults {
    pub(crate) fn read(items: &[Item]) -> Self {
        let mut defaults = Self::default();
        for item in items {
            match item {
                Item::Const(it) => {
                    let name = it.ident.to_string();
                    defaults.constants.insert(name, (*it.expr).clone());
                }
                Item::Fn(it) if it.sig.inputs.is_empty() => {
                    let name = it.sig.ident.to_string();
                    defaults.functions.insert(name, (*it.block).clone());
                }
                Item::Impl(it) => defaults.read_impl(it),
                _ => {}
            }
        }
        defaults
    }

    fn read_impl(&mut self, it: &ItemImpl) {
        let is_default = it
            .trait_
            .as_ref()
            .is_some_and(|(_, path, _)| path.is_ident("Default"));
        let Some(name) = name_of(&it.self_ty).filter(|_| is_default) else {
            return;
        };
        for item in &it.items {
            if let ImplItem::Fn(function) = item
                && let Some(Expr::Struct(made)) = tail(&function.block)
            {
                let fields = made.fields.iter().filter_map(|field| match &field.member {
                    syn::Member::Named(member) => Some((member.to_string(), field.expr.clone())),
                    syn::Member::Unnamed(_) => None,
                });
                self.implemented.insert(name.clone(), fields.collect());
            }
        }
    }

    /// What `Default` gives to `field` of the type `name`, where this file implements it.
    pub(crate) fn implemented(&self, name: &str, field: &str) -> Option<Value> {
        self.value(self.implemented.get(name)?.get(field)?)
    }

    pub(crate) fn implements(&self, name: &str) -> bool {
        self.implemented.contains_key(name)
    }

    /// What the function gives that `#[serde(default = "function")]` names.
    pub(crate) fn function(&self, name: &str) -> Option<Value> {
        self.value(tail(self.functions.get(name)?)?)
    }

    fn value(&self, expr: &Expr) -> Option<Value> {
        match expr {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(number) => number.base10_parse().ok().map(Value::Number),
                Lit::Bool(truth) => Some(Value::Truth(truth.value)),
                Lit::Str(text) => Some(Value::Text(text.value())),
                _ => None,
            },
            Expr::Binary(both) if matches!(both.op, syn::BinOp::Mul(_)) => {
                match (self.value(&both.left)?, self.value(&both.right)?) {
                    (Value::Number(left), Value::Number(right)) => {
                        left.checked_mul(right).map(Value::Number)
                    }
                    _ => None,
                }
            }
            Expr::Path(path) if path.path.is_ident("None") => Some(Value::OfType),
            Expr::Path(path) => {
                let name = path.path.get_ident()?.to_string();
                self.value(self.constants.get(&name)?)
            }
            Expr::Call(call) => self.called(call),
            Expr::MethodCall(call) if call.method == "repeat" => {
                let times = self.value(call.args.first()?)?;
                match (self.value(&call.receiver)?, times) {
                    (Value::Text(text), Value::Number(times)) => {
                        Some(Value::Text(text.repeat(usize::try_from(times).ok()?)))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn called(&self, call: &syn::ExprCall) -> Option<Value> {
        let Expr::Path(function) = &*call.func else {
            return None;
        };
        let name = function.path.segments.last()?.ident.to_string();
        match name.as_str() {
            "default" | "new" if call.args.is_empty() => Some(Value::OfType),
            _ => self.function(&name),
        }
    }
}

/// The expression that a block ends with.
fn tail(block: &Block) -> Option<&Expr> {
    match block.stmts.last()? {
        Stmt::Expr(expr, None) => Some(expr),
        _ => None,
    }
}

fn name_of(kind: &Type) -> Option<String> {
    let Type::Path(path) = kind else {
        return None;
    };
    Some(path.path.segments.last()?.ident.to_string())
}

/// What serde says of a field that is left out.
pub(crate) enum Serde {
    /// It may not be.
    Required,
    /// It is the type's default.
    OfType,
    /// A function makes it.
    Function(String),
}

/// Reads `#[serde(default)]` and `#[serde(default = "function")]`.
pub(crate) fn serde(attrs: &[Attribute]) -> Serde {
    let mut found = Serde::Required;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("serde")) {
        let read = attr.parse_nested_meta(|meta| {
            if meta.input.peek(syn::Token![=]) {
                let value: Expr = meta.value()?.parse()?;
                if let Expr::Lit(literal) = value
                    && let Lit::Str(function) = literal.lit
                    && meta.path.is_ident("default")
                {
                    found = Serde::Function(function.value());
                }
            } else if meta.path.is_ident("default") {
                found = Serde::OfType;
            } else if meta.input.peek(syn::token::Paren) {
                meta.parse_nested_meta(|inner| inner.value()?.parse::<Expr>().map(drop))?;
            }
            Ok(())
        });
        if read.is_err() {
            return Serde::Required;
        }
    }
    found
}
