//! A piece taken apart into the units that are compared and merged.

use std::collections::BTreeMap;
use std::ops::Deref;

use calendar_publish_derive::DeserializeTagged;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::tags::same_tags;
use crate::error::{Code, Error, Measure};
use crate::model::{CalendarPiece, Channel, ExtraField, LocalDate, LocalTime, PostFormat};

/// What one side holds in one field of a piece.
///
/// Date and time are one unit: a person who moved a post to Thursday at 18:00 chose a slot, and a
/// merge that took the day from one side and the hour from the other would make a slot that nobody
/// chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "field",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum PieceValue {
    /// The title.
    Title {
        /// Its text.
        value: String,
    },
    /// The channel.
    Channel {
        /// Which.
        value: Channel,
    },
    /// The format, in the host's spelling.
    Format {
        /// Which.
        value: PostFormat,
    },
    /// The caption.
    Copy {
        /// Its text.
        value: String,
    },
    /// The script.
    Script {
        /// Its text, if there is one.
        #[serde(default)]
        value: Option<String>,
    },
    /// Whom the piece is for.
    TargetAudience {
        /// Its text, if there is one.
        #[serde(default)]
        value: Option<String>,
    },
    /// When it is published, on the clocks of the account's zone.
    Schedule {
        /// The day.
        date: LocalDate,
        /// The time of day.
        time: LocalTime,
    },
    /// The hashtags.
    Hashtags {
        /// The tags, in order.
        values: Vec<String>,
    },
    /// A field of the payload that this library doesn't know.
    Extra {
        /// The field's name.
        name: String,
        /// Its value as JSON text; `None` where the side has no such field.
        #[serde(default)]
        json: Option<String>,
    },
}

impl PieceValue {
    /// Puts this value in its place.
    pub(super) fn write(self, piece: &mut CalendarPiece) {
        match self {
            Self::Title { value } => piece.title = value,
            Self::Channel { value } => piece.channel = value,
            Self::Format { value } => piece.format = value,
            Self::Copy { value } => piece.copy = value,
            Self::Script { value } => piece.script = value,
            Self::TargetAudience { value } => piece.target_audience = value,
            Self::Schedule { date, time } => (piece.date, piece.time) = (date, time),
            Self::Hashtags { values } => piece.hashtags = values,
            Self::Extra { name, json } => {
                let place = piece.extra.iter().position(|field| field.name == name);
                match (place, json) {
                    (Some(place), Some(json)) => {
                        if let Some(field) = piece.extra.get_mut(place) {
                            field.json = json;
                        }
                    }
                    (Some(place), None) => drop(piece.extra.remove(place)),
                    (None, Some(json)) => piece.extra.push(ExtraField { name, json }),
                    (None, None) => {}
                }
            }
        }
    }

    /// Refuses an unknown field that bears a known name or holds no JSON: written into a piece it
    /// would make a payload that nobody can read.
    pub(super) fn check(&self) -> Result<(), Error> {
        let Self::Extra { name, json } = self else {
            return Ok(());
        };
        if KNOWN_NAMES.contains(&name.as_str()) {
            return Err(Error::new(Code::FieldValueInvalid)
                .at("name")
                .measured(Measure::text(name)));
        }
        match json {
            Some(json) if crate::json::from_str::<&RawValue>(json).is_err() => {
                Err(Error::new(Code::InputInvalid)
                    .at("json")
                    .measured(Measure::text(json)))
            }
            _ => Ok(()),
        }
    }
}

/// The payload's own names; no unknown field bears one of them.
const KNOWN_NAMES: [&str; 11] = [
    "id",
    "title",
    "channel",
    "format",
    "copy",
    "script",
    "targetAudience",
    "date",
    "time",
    "hashtags",
    "order",
];

/// A piece whose unknown fields are found by name without searching them all each time.
pub(super) struct Indexed<'a> {
    piece: &'a CalendarPiece,
    extras: BTreeMap<&'a str, &'a str>,
}

impl<'a> Indexed<'a> {
    pub(super) fn new(piece: &'a CalendarPiece) -> Self {
        let mut extras = BTreeMap::new();
        for field in &piece.extra {
            // Of two fields of one name the first counts.
            extras
                .entry(field.name.as_str())
                .or_insert(field.json.as_str());
        }
        Self { piece, extras }
    }

    fn extra(&self, name: &str) -> Option<&'a str> {
        self.extras.get(name).copied()
    }
}

impl Deref for Indexed<'_> {
    type Target = CalendarPiece;

    fn deref(&self) -> &CalendarPiece {
        self.piece
    }
}

/// A unit of a piece. The position ([`CalendarPiece::order`]) isn't one: inserting a piece moves all
/// that follow, and nobody would call them changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<'a> {
    Title,
    Channel,
    Format,
    Copy,
    Script,
    TargetAudience,
    Schedule,
    Hashtags,
    Extra(&'a str),
}

impl<'a> Field<'a> {
    const KNOWN: [Self; 8] = [
        Self::Title,
        Self::Channel,
        Self::Format,
        Self::Copy,
        Self::Script,
        Self::TargetAudience,
        Self::Schedule,
        Self::Hashtags,
    ];

    /// The fields in which two pieces differ, in the order of the payload.
    pub(super) fn differing(a: &Indexed<'a>, b: &Indexed<'a>) -> impl Iterator<Item = Self> {
        let only_b = b.piece.extra.iter();
        let only_b = only_b.filter(|field| a.extra(&field.name).is_none());
        let extras = a.piece.extra.iter().chain(only_b);
        let extras = extras.map(|field| Self::Extra(&field.name));
        let fields = Self::KNOWN.into_iter().chain(extras);
        fields.filter(|field| !field.same(a, b))
    }

    /// Whether both pieces mean the same here. Another spelling of the same format or hashtag, or of
    /// the same JSON value, is no difference.
    pub(super) fn same(self, a: &Indexed<'_>, b: &Indexed<'_>) -> bool {
        match self {
            Self::Title => a.title == b.title,
            Self::Channel => a.channel == b.channel,
            Self::Format => a.format.kind() == b.format.kind(),
            Self::Copy => a.copy == b.copy,
            Self::Script => a.script == b.script,
            Self::TargetAudience => a.target_audience == b.target_audience,
            Self::Schedule => (a.date, a.time) == (b.date, b.time),
            Self::Hashtags => same_tags(&a.hashtags, &b.hashtags),
            Self::Extra(name) => same_json(a.extra(name), b.extra(name)),
        }
    }

    /// Whether the piece says nothing here.
    pub(super) fn is_empty(self, piece: &Indexed<'_>) -> bool {
        match self {
            Self::Copy => piece.copy.is_empty(),
            Self::Script => piece.script.is_none(),
            Self::TargetAudience => piece.target_audience.is_none(),
            Self::Hashtags => piece.hashtags.is_empty(),
            Self::Extra(name) => piece.extra(name).is_none(),
            Self::Title | Self::Channel | Self::Format | Self::Schedule => false,
        }
    }

    /// What the piece holds here.
    pub(super) fn value(self, piece: &Indexed<'_>) -> PieceValue {
        match self {
            Self::Title => PieceValue::Title {
                value: piece.title.clone(),
            },
            Self::Channel => PieceValue::Channel {
                value: piece.channel,
            },
            Self::Format => PieceValue::Format {
                value: piece.format.clone(),
            },
            Self::Copy => PieceValue::Copy {
                value: piece.copy.clone(),
            },
            Self::Script => PieceValue::Script {
                value: piece.script.clone(),
            },
            Self::TargetAudience => PieceValue::TargetAudience {
                value: piece.target_audience.clone(),
            },
            Self::Schedule => PieceValue::Schedule {
                date: piece.date,
                time: piece.time,
            },
            Self::Hashtags => PieceValue::Hashtags {
                values: piece.hashtags.clone(),
            },
            Self::Extra(name) => PieceValue::Extra {
                name: name.to_owned(),
                json: piece.extra(name).map(str::to_owned),
            },
        }
    }

    /// The name in change ids: `copy`, `schedule`, `extra.mood`.
    pub(super) fn name(self) -> String {
        match self {
            Self::Title => "title".to_owned(),
            Self::Channel => "channel".to_owned(),
            Self::Format => "format".to_owned(),
            Self::Copy => "copy".to_owned(),
            Self::Script => "script".to_owned(),
            Self::TargetAudience => "targetAudience".to_owned(),
            Self::Schedule => "schedule".to_owned(),
            Self::Hashtags => "hashtags".to_owned(),
            Self::Extra(name) => format!("extra.{name}"),
        }
    }
}

/// The payload's names of the fields in which two pieces differ: date and time apart, an unknown
/// field by its own name.
pub(super) fn changed_names(before: &CalendarPiece, after: &CalendarPiece) -> Vec<String> {
    let mut names = Vec::new();
    for field in Field::differing(&Indexed::new(before), &Indexed::new(after)) {
        match field {
            Field::Schedule => {
                let parts = [
                    ("date", before.date != after.date),
                    ("time", before.time != after.time),
                ];
                names.extend(
                    parts
                        .iter()
                        .filter(|part| part.1)
                        .map(|part| part.0.to_owned()),
                );
            }
            Field::Extra(name) => names.push(name.to_owned()),
            field => names.push(field.name()),
        }
    }
    names
}

fn same_json(a: Option<&str>, b: Option<&str>) -> bool {
    let (Some(a), Some(b)) = (a, b) else {
        return a == b;
    };
    let read = |text| crate::json::from_str::<Value>(text);
    a == b || matches!((read(a), read(b)), (Ok(a), Ok(b)) if a == b)
}
