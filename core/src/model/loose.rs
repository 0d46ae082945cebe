//! Payloads as they come: every field caught without judging it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use crate::json::{self, RawFields, Text};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A list of pieces: the document itself, or its `entries`.
pub(super) struct Document<E> {
    /// What stands before an element's place in a path.
    pub(super) root: &'static str,
    /// `None` where an object has no `entries`.
    pub(super) elements: Option<Vec<E>>,
}

impl<'de, E: Deserialize<'de>> Deserialize<'de> for Document<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DocumentVisitor<E>(PhantomData<E>);

        impl<'de, E: Deserialize<'de>> Visitor<'de> for DocumentVisitor<E> {
            type Value = Document<E>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of pieces, or an object with `entries`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = list.next_element()? {
                    elements.push(element);
                }
                Ok(Document {
                    root: "",
                    elements: Some(elements),
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut elements = None;
                while let Some(Text(name)) = map.next_key()? {
                    if name == "entries" {
                        elements = map.next_value()?;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Document {
                    root: "entries",
                    elements,
                })
            }
        }

        deserializer.deserialize_any(DocumentVisitor(PhantomData))
    }
}

/// What a known field holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Loose<'de> {
    /// Nothing: the field is absent or `null`.
    #[default]
    Missing,
    Text(Cow<'de, str>),
    Number(f64),
    List(Vec<Loose<'de>>),
    /// Anything else, by the name of its JSON type.
    Other(&'static str),
    /// JSON that no value of this library can hold, such as half a surrogate pair: the reason.
    Broken(String),
}

impl Loose<'_> {
    /// The name of the JSON type.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Missing => "null",
            Self::Text(_) => "string",
            Self::Number(_) => "number",
            Self::List(_) => "array",
            Self::Other(kind) => kind,
            Self::Broken(_) => "broken",
        }
    }
}

/// The known fields of a piece and the unknown ones, as they came.
#[derive(Debug, Default)]
pub(super) struct LoosePiece<'de> {
    pub(super) id: Loose<'de>,
    pub(super) title: Loose<'de>,
    pub(super) channel: Loose<'de>,
    pub(super) format: Loose<'de>,
    pub(super) copy: Loose<'de>,
    pub(super) script: Loose<'de>,
    pub(super) target_audience: Loose<'de>,
    pub(super) date: Loose<'de>,
    pub(super) time: Loose<'de>,
    pub(super) hashtags: Loose<'de>,
    pub(super) order: Loose<'de>,
    pub(super) extra: Vec<(Cow<'de, str>, &'de RawValue)>,
    /// The names in `extra`.
    names: HashSet<Cow<'de, str>>,
}

impl<'de> LoosePiece<'de> {
    /// Where the field `name` is kept; `None` for a field that isn't known.
    fn field(&mut self, name: &str) -> Option<&mut Loose<'de>> {
        Some(match name {
            "id" => &mut self.id,
            "title" => &mut self.title,
            "channel" => &mut self.channel,
            "format" => &mut self.format,
            "copy" => &mut self.copy,
            "script" => &mut self.script,
            "targetAudience" => &mut self.target_audience,
            "date" => &mut self.date,
            "time" => &mut self.time,
            "hashtags" => &mut self.hashtags,
            "order" => &mut self.order,
            _ => return None,
        })
    }

    /// Keeps an unknown field; of two with one name the first counts.
    fn keep(&mut self, name: Cow<'de, str>, value: &'de RawValue) {
        if self.names.insert(name.clone()) {
            self.extra.push((name, value));
        }
    }

    /// Reads field by field what couldn't be read at once, so that one value that can't be held
    /// leaves the others readable.
    pub(super) fn by_field(raw: &'de RawValue) -> Result<Self, serde_json::Error> {
        let RawFields(fields) = json::from_str(raw.get())?;
        let mut piece = Self::default();
        for (name, value) in fields {
            match piece.field(&name) {
                Some(field) => {
                    *field = json::from_str(value.get())
                        .unwrap_or_else(|error| Loose::Broken(error.to_string()));
                }
                None => piece.keep(name, value),
            }
        }
        Ok(piece)
    }
}

/// An element of a list of pieces.
#[derive(Debug)]
pub(super) enum LooseElement<'de> {
    Piece(Box<LoosePiece<'de>>),
    /// Not an object, but this.
    Other(&'static str),
}

impl<'de> Deserialize<'de> for LooseElement<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ElementVisitor;

        impl<'de> Visitor<'de> for ElementVisitor {
            type Value = LooseElement<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a calendar piece")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut piece = Box::<LoosePiece<'de>>::default();
                while let Some(Text(name)) = map.next_key()? {
                    match piece.field(&name) {
                        Some(field) => *field = map.next_value()?,
                        None => piece.keep(name, map.next_value()?),
                    }
                }
                Ok(LooseElement::Piece(piece))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(LooseElement::Other("array"))
            }

            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(LooseElement::Other("string"))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(LooseElement::Other("boolean"))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(LooseElement::Other("number"))
            }

            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(LooseElement::Other("number"))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(LooseElement::Other("number"))
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(LooseElement::Other("null"))
            }
        }

        deserializer.deserialize_any(ElementVisitor)
    }
}

impl<'de> Deserialize<'de> for Loose<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor { lists: true })
    }
}

/// Reads a value; `lists` says whether a list's items are worth keeping, which they are one level
/// deep. So no input makes the reader recurse.
struct LooseVisitor {
    lists: bool,
}

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field of a calendar piece")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Loose::Other("boolean"))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Loose::Missing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        if !self.lists {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Loose::Other("array"));
        }
        let mut items = Vec::new();
        while let Some(LooseItem(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Loose::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose::Other("object"))
    }
}

struct LooseItem<'de>(Loose<'de>);

impl<'de> Deserialize<'de> for LooseItem<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(LooseVisitor { lists: false })
            .map(Self)
    }
}
