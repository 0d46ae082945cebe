//! The host's calendar piece: the payload of a calendar entry.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Channel, EntryId, LocalDate, LocalTime, PostFormat};

/// A field of a payload that this library doesn't know. It is kept and written back as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExtraField {
    /// The field's name.
    pub name: String,
    /// The field's value, as JSON text.
    pub json: String,
}

/// A calendar piece, as the host stores it and its AI delivers it.
///
/// On the wire it is one flat object in camelCase. Fields this library doesn't know are kept in
/// [`extra`](Self::extra) and written back to the letter. Reading is strict about types; rows that
/// may be incomplete are read with [`read_pieces`](super::read_pieces), which names every default
/// and every refusal.
///
/// ```
/// use calendar_publish::model::CalendarPiece;
///
/// let json = r#"{"title":"Pan","channel":"ig","format":"reel","copy":"Hola","date":"2026-04-02",
///     "time":"09:00","hashtags":["pan"],"mood":{"tone":"warm"}}"#;
/// let piece: CalendarPiece = serde_json::from_str(json)?;
/// assert_eq!(piece.channel.as_str(), "instagram");
/// assert_eq!(piece.extra[0].name, "mood");
/// assert!(serde_json::to_string(&piece)?.contains(r#""mood":{"tone":"warm"}"#));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarPiece {
    /// The id of the entry this piece is the payload of; pieces fresh from the AI have none.
    pub id: Option<EntryId>,
    /// The title, for people; it isn't published, except as the title of a TikTok photo post.
    pub title: String,
    /// Where the piece goes.
    pub channel: Channel,
    /// What the piece is made of.
    pub format: PostFormat,
    /// The caption.
    pub copy: String,
    /// The script of a video, for whoever films it.
    pub script: Option<String>,
    /// Whom the piece is for.
    pub target_audience: Option<String>,
    /// The date of publication, in the account's zone.
    pub date: LocalDate,
    /// The wall-clock time of publication, in the account's zone.
    pub time: LocalTime,
    /// Hashtags, with or without `#`.
    pub hashtags: Vec<String>,
    /// The position in its calendar, from 0.
    pub order: Option<u32>,
    /// Fields of the payload that this library doesn't know.
    pub extra: Vec<ExtraField>,
}

/// The title the host gives to a piece without one.
pub(crate) const DEFAULT_TITLE: &str = "Pieza";

impl Serialize for CalendarPiece {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(id) = &self.id {
            map.serialize_entry("id", id)?;
        }
        map.serialize_entry("title", &self.title)?;
        map.serialize_entry("channel", self.channel.as_str())?;
        map.serialize_entry("format", self.format.as_str())?;
        map.serialize_entry("copy", &self.copy)?;
        if let Some(script) = &self.script {
            map.serialize_entry("script", script)?;
        }
        if let Some(audience) = &self.target_audience {
            map.serialize_entry("targetAudience", audience)?;
        }
        map.serialize_entry("date", &self.date)?;
        map.serialize_entry("time", &self.time)?;
        map.serialize_entry("hashtags", &self.hashtags)?;
        if let Some(order) = self.order {
            map.serialize_entry("order", &order)?;
        }
        for field in &self.extra {
            let raw: &RawValue =
                crate::json::from_str(&field.json).map_err(serde::ser::Error::custom)?;
            map.serialize_entry(&field.name, raw)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for CalendarPiece {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PieceVisitor)
    }
}

/// The fields of a piece, each as far as it was given.
#[derive(Default)]
pub(super) struct PieceFields {
    pub(super) id: Option<EntryId>,
    pub(super) title: Option<String>,
    pub(super) channel: Option<Channel>,
    pub(super) format: Option<PostFormat>,
    pub(super) copy: Option<String>,
    pub(super) script: Option<String>,
    pub(super) target_audience: Option<String>,
    pub(super) date: Option<LocalDate>,
    pub(super) time: Option<LocalTime>,
    pub(super) hashtags: Option<Vec<String>>,
    pub(super) order: Option<u32>,
    pub(super) extra: Vec<ExtraField>,
}

impl PieceFields {
    /// The piece, with the host's defaults for what is missing; `Err` names a field that has none.
    pub(super) fn complete(self) -> Result<CalendarPiece, &'static str> {
        Ok(CalendarPiece {
            id: self.id,
            title: self.title.unwrap_or_else(|| DEFAULT_TITLE.to_owned()),
            channel: self.channel.ok_or("channel")?,
            format: self.format.unwrap_or_default(),
            copy: self.copy.unwrap_or_default(),
            script: self.script,
            target_audience: self.target_audience,
            date: self.date.ok_or("date")?,
            time: self.time.unwrap_or(LocalTime::DEFAULT),
            hashtags: self.hashtags.unwrap_or_default(),
            order: self.order,
            extra: self.extra,
        })
    }
}

struct PieceVisitor;

impl<'de> Visitor<'de> for PieceVisitor {
    type Value = CalendarPiece;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a calendar piece")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CalendarPiece, A::Error> {
        let mut fields = PieceFields::default();
        let mut names = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "id" => fields.id = map.next_value()?,
                "title" => fields.title = map.next_value()?,
                "channel" => fields.channel = map.next_value()?,
                "format" => fields.format = map.next_value()?,
                "copy" => fields.copy = map.next_value()?,
                "script" => fields.script = map.next_value()?,
                "targetAudience" => fields.target_audience = map.next_value()?,
                "date" => fields.date = map.next_value()?,
                "time" => fields.time = map.next_value()?,
                "hashtags" => fields.hashtags = map.next_value()?,
                "order" => fields.order = map.next_value()?,
                // Of two unknown fields with one name the first counts.
                _ if !names.insert(name.clone()) => {
                    map.next_value::<IgnoredAny>()?;
                }
                _ => {
                    let json = map.next_value::<Box<RawValue>>()?.get().to_owned();
                    fields.extra.push(ExtraField { name, json });
                }
            }
        }
        fields.complete().map_err(serde::de::Error::missing_field)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for CalendarPiece {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CalendarPiece".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A calendar piece, as the host stores it and its AI delivers it. Fields that aren't known here are kept to the letter.",
            "type": "object",
            "required": ["channel", "date"],
            "properties": {
                "id": {
                    "description": "The id of the entry this piece is the payload of; pieces fresh from the AI have none.",
                    "type": ["string", "null"],
                    "format": "uuid"
                },
                "title": {
                    "description": "The title, for people; it isn't published, except as the title of a TikTok photo post.",
                    "type": ["string", "null"]
                },
                "channel": {
                    "description": "Where the piece goes.",
                    "type": "string"
                },
                "format": {
                    "description": "What the piece is made of, in the host's spelling.",
                    "type": ["string", "null"]
                },
                "copy": {
                    "description": "The caption.",
                    "type": ["string", "null"]
                },
                "script": {
                    "description": "The script of a video, for whoever films it.",
                    "type": ["string", "null"]
                },
                "targetAudience": {
                    "description": "Whom the piece is for.",
                    "type": ["string", "null"]
                },
                "date": {
                    "description": "The date of publication, in the account's zone.",
                    "type": "string",
                    "format": "date"
                },
                "time": {
                    "description": "The wall-clock time of publication, in the account's zone.",
                    "type": ["string", "null"],
                    "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"
                },
                "hashtags": {
                    "description": "Hashtags, with or without `#`.",
                    "type": ["array", "null"],
                    "items": { "type": "string" }
                },
                "order": {
                    "description": "The position in its calendar, from 0.",
                    "type": ["integer", "null"],
                    "minimum": 0,
                    "maximum": 4_294_967_295_u32
                }
            },
            "additionalProperties": true
        })
    }
}
