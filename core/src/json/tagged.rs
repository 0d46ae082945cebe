//! Reading enumerations whose objects say by a field which one they are. The derive `DeserializeTagged`
//! hands over to [`read_tagged`].

use serde::de::value::StrDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer,
    VariantAccess, Visitor,
};
use serde_json::value::RawValue;

use super::{Objects, RawFields, from_str, without_place};

/// Reads an object, and hands it to `read` as serde takes enumerations by itself: the tag outside.
pub(crate) fn read_tagged<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    tag: &'static str,
    read: fn(&Tagged) -> serde_json::Result<T>,
) -> Result<T, D::Error> {
    let object = Box::<RawValue>::deserialize(deserializer)?;
    Tagged::new(object.get(), tag)
        .and_then(|tagged| read(&tagged))
        .map_err(|error| D::Error::custom(without_place(&error)))
}

/// An object whose tag was taken out.
pub(crate) struct Tagged {
    name: String,
    /// The other fields, an object.
    fields: String,
}

impl Tagged {
    fn new(object: &str, tag: &'static str) -> serde_json::Result<Self> {
        let RawFields(fields) = from_str(object)?;
        let mut name = None;
        let mut others = String::with_capacity(object.len());
        for (key, value) in fields {
            if key == tag {
                if name.replace(value).is_some() {
                    return Err(serde_json::Error::duplicate_field(tag));
                }
                continue;
            }
            others.push(if others.is_empty() { '{' } else { ',' });
            others.push_str(&serde_json::to_string(&key)?);
            others.push(':');
            others.push_str(value.get());
        }
        let name = name.ok_or_else(|| serde_json::Error::missing_field(tag))?;
        others.push_str(if others.is_empty() { "{}" } else { "}" });
        Ok(Self {
            name: from_str(name.get())?,
            fields: others,
        })
    }
}

impl<'de> Deserializer<'de> for &'de Tagged {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> serde_json::Result<V::Value> {
        visitor.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for &'de Tagged {
    type Error = serde_json::Error;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> serde_json::Result<(T::Value, Self::Variant)> {
        let name: StrDeserializer<'_, Self::Error> = self.name.as_str().into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for &'de Tagged {
    type Error = serde_json::Error;

    /// Whatever else stands beside the tag is passed over, as serde does.
    fn unit_variant(self) -> serde_json::Result<()> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> serde_json::Result<T::Value> {
        let mut fields = serde_json::Deserializer::from_str(&self.fields);
        seed.deserialize(Objects(&mut fields))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> serde_json::Result<V::Value> {
        Err(serde_json::Error::custom("an object holds no tuple"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> serde_json::Result<V::Value> {
        let mut fields = serde_json::Deserializer::from_str(&self.fields);
        Objects(&mut fields).deserialize_struct("", names, visitor)
    }
}

#[cfg(test)]
mod tests {
    use crate::schedule::ShiftOffset;

    #[test]
    fn the_tag_may_stand_anywhere() {
        for json in [
            r#"{"type":"days","days":3}"#,
            r#"{"days":3,"type":"days"}"#,
            "{ \"days\" : 3 ,\n \"type\":\"d\\u0061ys\" }",
        ] {
            let offset: ShiftOffset = serde_json::from_str(json).unwrap();
            assert_eq!(offset, ShiftOffset::Days { days: 3 });
        }
    }

    #[test]
    fn what_is_wrong_is_said_as_serde_says_it() {
        let said = |json: &str| {
            serde_json::from_str::<ShiftOffset>(json)
                .unwrap_err()
                .to_string()
        };
        for (json, begins) in [
            (r#"{"days":3}"#, "missing field `type`"),
            (r#"{"type":"days"}"#, "missing field `days`"),
            (
                r#"{"type":"weeks","days":3}"#,
                "unknown variant `weeks`, expected",
            ),
            (
                r#"{"type":"days","days":3,"hours":1}"#,
                "unknown field `hours`",
            ),
            (
                r#"{"type":"days","type":"days","days":3}"#,
                "duplicate field `type`",
            ),
            (
                r#"{"type":"days","days":"x"}"#,
                "invalid type: string \"x\", expected i64",
            ),
            (
                r#"{"type":7}"#,
                "invalid type: integer `7`, expected a string",
            ),
            ("[]", "invalid type: sequence, expected an object"),
        ] {
            assert!(said(json).starts_with(begins), "{json}: {}", said(json));
        }
    }
}
