//! Time zones: from the compiled-in IANA database, or from the host.
//!
//! With the feature `zone-database`, which is on by default, the database is compiled in. Without it
//! the library is smaller by most of a megabyte and takes the zones from the host, which gives a
//! [`ZoneSource`] before the first calendar is read: a browser has the whole database already.
//! A source need only say which zones there are and a zone's offset at an instant. Gaps, repeated
//! hours and the changes that an iCalendar file spells out are worked out from that, to the same
//! answers.
//!
//! What a host's zones can't be the same in:
//!
//! - the version of the IANA database is the host's;
//! - an offset has no abbreviation, so `TZNAME` is left out of iCalendar files, and an offset counts as
//!   daylight time where it is greater than the smallest one of its year.
//!
//! Either way a zone keeps the offset that it has at the end of the year 2099.

#[cfg(feature = "zone-database")]
mod database;
#[cfg(any(test, not(feature = "zone-database")))]
mod host;
#[cfg(any(test, not(feature = "zone-database")))]
mod offsets;
mod source;

use std::fmt;
use std::str::FromStr;

use chrono::{LocalResult, NaiveDateTime, TimeDelta};
use serde::Serialize;

#[cfg(feature = "zone-database")]
use self::database::Entry;
#[cfg(not(feature = "zone-database"))]
use self::host::Entry;
use super::Timestamp;
use super::time::string_on_the_wire;
use crate::error::{Allowed, Code, Error, Measure};

pub use source::{ZoneSource, set_zone_source};

/// An IANA time zone, such as `America/Argentina/Buenos_Aires`. On the wire: its name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(with = "String")
)]
pub struct Zone(Entry);

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(Entry::UTC);

    /// Wraps a zone of the compiled-in database.
    #[cfg(feature = "zone-database")]
    pub const fn new(tz: chrono_tz::Tz) -> Self {
        Self(Entry::new(tz))
    }

    /// The zone as chrono-tz writes it.
    #[cfg(feature = "zone-database")]
    pub const fn tz(self) -> chrono_tz::Tz {
        self.0.tz()
    }

    /// The zone's IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// A number that no other zone has.
    pub(crate) fn number(self) -> usize {
        self.0.number()
    }

    /// How many seconds clocks are ahead of UTC at an instant in UTC.
    pub(crate) fn offset_at(self, utc: NaiveDateTime) -> i32 {
        self.0.offset_at(utc)
    }

    /// How many seconds clocks are ahead of UTC when they show `wall`: nothing in a gap, two offsets
    /// where it is shown twice.
    pub(crate) fn offset_of(self, wall: NaiveDateTime) -> LocalResult<i32> {
        self.0.offset_of(wall)
    }

    /// What clocks show at `instant`.
    pub(crate) fn wall_at(self, instant: Timestamp) -> NaiveDateTime {
        let utc = instant.utc().naive_utc();
        moved(utc, self.offset_at(utc))
    }

    /// The offset in force at an instant in UTC.
    pub(crate) fn observed(self, utc: NaiveDateTime) -> Observed {
        self.0.observed(utc)
    }

    /// The last change of the offset at or before an instant in UTC.
    pub(crate) fn change_before(self, utc: NaiveDateTime) -> Option<Change> {
        self.0.change_before(utc)
    }

    /// The first change of the offset after `utc` and not a day or more after `end`.
    pub(crate) fn change_after(self, utc: NaiveDateTime, end: NaiveDateTime) -> Option<Change> {
        self.0.change_after(utc, end)
    }
}

/// An offset as an iCalendar file tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Observed {
    /// How many seconds clocks are ahead of UTC.
    pub(crate) seconds: i32,
    pub(crate) daylight: bool,
    /// Zones without an abbreviation of their own have none, and neither have a host's.
    pub(crate) name: Option<String>,
}

/// The offset of a zone changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// When, in UTC.
    pub(crate) instant: NaiveDateTime,
    /// How many seconds clocks were ahead of UTC before.
    pub(crate) before: i32,
}

impl Change {
    /// What clocks show when it happens, before they are moved.
    pub(crate) fn wall(&self) -> NaiveDateTime {
        moved(self.instant, self.before)
    }
}

fn moved(time: NaiveDateTime, seconds: i32) -> NaiveDateTime {
    time.checked_add_signed(TimeDelta::seconds(i64::from(seconds)))
        .unwrap_or(time)
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Zone {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Entry::find(text).map(Self).ok_or_else(|| {
            Error::new(Code::ZoneUnknown)
                .measured(Measure::text(text))
                .allowed(Allowed::pattern(Entry::allowed()))
        })
    }
}

string_on_the_wire!(Zone);
