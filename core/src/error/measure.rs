//! Measured values and allowed ranges, typed so that a message can word them in any language.

use std::fmt;

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use crate::model::Timestamp;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// UTF-16 code units, the way TikTok counts characters: 👍 is two.
    Utf16,
    /// Unicode code points: 👍 is one.
    CodePoints,
    /// Bytes.
    Bytes,
    /// Levels of nesting.
    Levels,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Pixels.
    Pixels,
    /// Frames per second.
    FramesPerSecond,
    /// Width divided by height.
    Ratio,
    /// Bits per second.
    BitsPerSecond,
    /// Hertz.
    Hertz,
    /// Audio channels.
    AudioChannels,
    /// Media files of a post.
    Items,
    /// Hashtags.
    Hashtags,
    /// Mentions.
    Mentions,
    /// Accounts (tagged, or invited).
    Accounts,
    /// Posts in a window.
    Posts,
    /// Pieces of a calendar.
    Pieces,
    /// Entries of a calendar.
    Entries,
    /// Cells of a row.
    Cells,
    /// A revision number.
    Revision,
    /// A plain number.
    Plain,
}

impl Unit {
    /// The unit's name for developers; what users read is worded by [`message`](crate::message).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf16 => "UTF-16 units",
            Self::CodePoints => "code points",
            Self::Bytes => "bytes",
            Self::Levels => "levels",
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Pixels => "px",
            Self::FramesPerSecond => "fps",
            Self::Ratio => "ratio",
            Self::BitsPerSecond => "bit/s",
            Self::Hertz => "Hz",
            Self::AudioChannels => "audio channels",
            Self::Items => "items",
            Self::Hashtags => "hashtags",
            Self::Mentions => "mentions",
            Self::Accounts => "accounts",
            Self::Posts => "posts",
            Self::Pieces => "pieces",
            Self::Entries => "entries",
            Self::Cells => "cells",
            Self::Revision => "revision",
            Self::Plain => "",
        }
    }
}

/// A measured value.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Measure {
    /// A number of something.
    Number {
        /// How many.
        value: f64,
        /// Of what.
        unit: Unit,
    },
    /// A text, shortened to [`Measure::MAX_TEXT`] characters.
    Text {
        /// The text.
        value: String,
    },
    /// An instant.
    Instant {
        /// The instant.
        at: Timestamp,
    },
}

impl Measure {
    /// The characters of a measured text that are kept, so that a hostile input doesn't come back whole.
    pub const MAX_TEXT: usize = 120;

    /// A number of something.
    pub fn number(value: impl Into<f64>, unit: Unit) -> Self {
        Self::Number {
            value: value.into(),
            unit,
        }
    }

    /// A count of something; counts above 2^53 lose their last digits.
    pub fn count(value: usize, unit: Unit) -> Self {
        Self::Number {
            value: value as f64,
            unit,
        }
    }

    /// A 64-bit number of something (bytes, milliseconds); above 2^53 it loses its last digits.
    pub fn integer(value: i64, unit: Unit) -> Self {
        Self::Number {
            value: value as f64,
            unit,
        }
    }

    /// A text, shortened where it is long.
    pub fn text(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        let value = match text.char_indices().nth(Self::MAX_TEXT) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        };
        Self::Text { value }
    }

    /// An instant.
    pub const fn instant(at: Timestamp) -> Self {
        Self::Instant { at }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number { value, unit } => number(f, *value, *unit),
            Self::Text { value } => write!(f, "`{value}`"),
            Self::Instant { at } => at.fmt(f),
        }
    }
}

/// What is allowed.
#[derive(Clone, Debug, PartialEq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Allowed {
    /// At most so many.
    AtMost {
        /// The bound, allowed itself.
        max: f64,
        /// Of what.
        unit: Unit,
    },
    /// At least so many.
    AtLeast {
        /// The bound, allowed itself.
        min: f64,
        /// Of what.
        unit: Unit,
    },
    /// Between two bounds, both allowed.
    Between {
        /// The lower bound.
        min: f64,
        /// The upper bound.
        max: f64,
        /// Of what.
        unit: Unit,
    },
    /// One of these.
    OneOf {
        /// The choices.
        values: Vec<String>,
    },
    /// Written like this.
    Pattern {
        /// The pattern, for people: `YYYY-MM-DD`.
        pattern: String,
    },
    /// Not before this instant.
    NotBefore {
        /// The instant.
        at: Timestamp,
    },
}

impl Allowed {
    /// At most `max`.
    pub fn at_most(max: impl Into<f64>, unit: Unit) -> Self {
        Self::AtMost {
            max: max.into(),
            unit,
        }
    }

    /// At least `min`.
    pub fn at_least(min: impl Into<f64>, unit: Unit) -> Self {
        Self::AtLeast {
            min: min.into(),
            unit,
        }
    }

    /// From `min` to `max`.
    pub fn between(min: impl Into<f64>, max: impl Into<f64>, unit: Unit) -> Self {
        Self::Between {
            min: min.into(),
            max: max.into(),
            unit,
        }
    }

    /// One of `values`.
    pub fn one_of<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::OneOf {
            values: values.into_iter().map(Into::into).collect(),
        }
    }

    /// Written like `pattern`.
    pub fn pattern(pattern: impl Into<String>) -> Self {
        Self::Pattern {
            pattern: pattern.into(),
        }
    }

    /// Not before `at`.
    pub const fn not_before(at: Timestamp) -> Self {
        Self::NotBefore { at }
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost { max, unit } => {
                f.write_str("at most ")?;
                number(f, *max, *unit)
            }
            Self::AtLeast { min, unit } => {
                f.write_str("at least ")?;
                number(f, *min, *unit)
            }
            Self::Between { min, max, unit } => {
                write!(f, "from {min} to ")?;
                number(f, *max, *unit)
            }
            Self::OneOf { values } => write!(f, "one of {}", values.join(", ")),
            Self::Pattern { pattern } => f.write_str(pattern),
            Self::NotBefore { at } => write!(f, "not before {at}"),
        }
    }
}

fn number(f: &mut fmt::Formatter<'_>, value: f64, unit: Unit) -> fmt::Result {
    match unit.as_str() {
        "" => write!(f, "{value}"),
        unit => write!(f, "{value} {unit}"),
    }
}
