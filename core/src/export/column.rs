//! The columns of a CSV export, in the host's order.

use serde::{Deserialize, Serialize};

/// A column of the CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Column {
    /// The title.
    Title,
    /// `tiktok` or `instagram`.
    Channel,
    /// The format in the host's spelling.
    Format,
    /// The caption.
    Copy,
    /// The script.
    Script,
    /// Whom the piece is for.
    TargetAudience,
    /// `YYYY-MM-DD`.
    Date,
    /// `HH:MM`.
    Time,
    /// The hashtags, joined with `;`.
    Hashtags,
    /// What the tile shows.
    Status,
    /// The stored readiness.
    Readiness,
    /// Why.
    Reason,
    /// The instant of publication, RFC 3339 in UTC.
    ScheduledAt,
    /// The account's zone, by its IANA name.
    Timezone,
    /// The entry's id.
    Id,
    /// The position in the calendar.
    Order,
    /// Whatever else the payload holds, as a JSON object.
    Extra,
}

impl Column {
    /// Every column, in the order they are written. The first ten are the host's.
    pub const ALL: [Self; 17] = [
        Self::Title,
        Self::Channel,
        Self::Format,
        Self::Copy,
        Self::Script,
        Self::TargetAudience,
        Self::Date,
        Self::Time,
        Self::Hashtags,
        Self::Status,
        Self::Readiness,
        Self::Reason,
        Self::ScheduledAt,
        Self::Timezone,
        Self::Id,
        Self::Order,
        Self::Extra,
    ];

    /// The name in the header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Channel => "channel",
            Self::Format => "format",
            Self::Copy => "copy",
            Self::Script => "script",
            Self::TargetAudience => "targetAudience",
            Self::Date => "date",
            Self::Time => "time",
            Self::Hashtags => "hashtags",
            Self::Status => "status",
            Self::Readiness => "readiness",
            Self::Reason => "reason",
            Self::ScheduledAt => "scheduledAt",
            Self::Timezone => "timezone",
            Self::Id => "id",
            Self::Order => "order",
            Self::Extra => "extra",
        }
    }

    /// The column of that name, in any capitals; spreadsheets and people change them.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|column| column.as_str().eq_ignore_ascii_case(name))
    }
}

/// Which columns are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ColumnSet {
    /// The host's ten columns, from `title` to `status`. The payload's unknown fields, its position
    /// and the ids have no place in them.
    #[default]
    Host,
    /// The host's ten and seven more, `readiness` to `extra`: enough to read every piece back whole.
    Extended,
}

impl ColumnSet {
    /// The columns, in order.
    pub const fn columns(self) -> &'static [Column] {
        const ALL: &[Column] = &Column::ALL;
        match self {
            Self::Host => ALL.split_at(10).0,
            Self::Extended => ALL,
        }
    }
}

/// What separates the cells of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Delimiter {
    /// `,`, as in RFC 4180.
    #[default]
    #[serde(rename = ",")]
    Comma,
    /// `;`, which spreadsheets expect where the comma is the decimal sign (Spain, most of Latin
    /// America).
    #[serde(rename = ";")]
    Semicolon,
}

impl Delimiter {
    /// The byte.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }
}
