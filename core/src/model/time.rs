//! Dates, times and instants: validated when they are read, plain strings on the wire.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use serde::Serialize;

use crate::error::{Allowed, Code, Error, Measure};

/// Gives a type with `FromStr` and `Display` the serde form of a validated string.
macro_rules! string_on_the_wire {
    ($name:ident) => {
        $crate::model::text_form::read_as_text!($name);

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self, Error> {
                text.parse()
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

/// Writes a date in the ten bytes of `place`, between which the hyphens are there already.
fn fill_date(place: &mut [u8], date: NaiveDate) {
    fill(&mut place[..4], date.year().unsigned_abs());
    fill(&mut place[5..7], date.month());
    fill(&mut place[8..], date.day());
}

/// Writes `number` in all of `place`, with zeros in front.
fn fill(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// Writes all of a text at once: calendars are full of times, and JSON looks at each part that is written.
fn write_ascii(f: &mut fmt::Formatter<'_>, text: &[u8]) -> fmt::Result {
    f.write_str(std::str::from_utf8(text).map_err(|_| fmt::Error)?)
}

/// An instant in UTC, to the millisecond, between the years 1 and 9999.
///
/// On the wire: RFC 3339 in UTC, `2026-04-01T09:00:00Z`, with milliseconds only where there are any.
/// Any RFC 3339 offset is read.
///
/// ```
/// use calendar_publish::model::Timestamp;
///
/// let instant: Timestamp = "2026-04-01T11:00:00+02:00".parse()?;
/// assert_eq!(instant.to_string(), "2026-04-01T09:00:00Z");
/// assert!("yesterday".parse::<Timestamp>().is_err());
/// # Ok::<(), calendar_publish::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(with = "String")
)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first instant that can be told: 0001-01-01T00:00:00Z.
    pub const MIN: Self = Self(-62_135_596_800_000);
    /// The last instant that can be told: 9999-12-31T23:59:59.999Z.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The instant `millis` milliseconds after 1970-01-01T00:00:00Z; outside [`Self::MIN`] and
    /// [`Self::MAX`] the nearer of the two.
    pub const fn from_millis(millis: i64) -> Self {
        if millis < Self::MIN.0 {
            Self::MIN
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The same instant as chrono writes it.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }

    /// This instant moved by `delta`, held inside the range of the type.
    #[must_use]
    pub fn plus(self, delta: TimeDelta) -> Self {
        Self::from_millis(self.0.saturating_add(delta.num_milliseconds()))
    }

    /// How much later this instant is than `earlier` (negative if it is before).
    pub fn since(self, earlier: Self) -> TimeDelta {
        TimeDelta::milliseconds(self.0 - earlier.0)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        Self::from_millis(instant.timestamp_millis())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.utc().naive_utc();
        let mut text = *b"0000-00-00T00:00:00.000Z";
        fill_date(&mut text[..10], utc.date());
        fill(&mut text[11..13], utc.hour());
        fill(&mut text[14..16], utc.minute());
        fill(&mut text[17..19], utc.second());
        match utc.and_utc().timestamp_subsec_millis() {
            0 => {
                text[19] = b'Z';
                write_ascii(f, &text[..20])
            }
            millis => {
                fill(&mut text[20..23], millis);
                write_ascii(f, &text)
            }
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = || {
            Error::new(Code::TimestampInvalid)
                .measured(Measure::text(text))
                .allowed(Allowed::pattern("YYYY-MM-DDTHH:MM:SSZ"))
        };
        let millis = DateTime::parse_from_rfc3339(text)
            .map_err(|_| refused())?
            .timestamp_millis();
        if (Self::MIN.0..=Self::MAX.0).contains(&millis) {
            Ok(Self(millis))
        } else {
            Err(refused())
        }
    }
}

pub(super) use string_on_the_wire;

string_on_the_wire!(Timestamp);

/// A calendar date without a zone. On the wire: `YYYY-MM-DD`, between the years 1 and 9999.
///
/// ```
/// use calendar_publish::model::LocalDate;
///
/// assert!("2026-02-29".parse::<LocalDate>().is_err()); // 2026 is no leap year
/// assert!("2028-02-29".parse::<LocalDate>().is_ok());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(with = "String")
)]
pub struct LocalDate(NaiveDate);

impl LocalDate {
    /// Wraps a chrono date; `None` outside the years 1 to 9999.
    pub fn new(date: NaiveDate) -> Option<Self> {
        (1..=9999).contains(&date.year()).then_some(Self(date))
    }

    /// The date `year`-`month`-`day`; `None` where there is none, or outside the years 1 to 9999.
    pub const fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        match NaiveDate::from_ymd_opt(year, month, day) {
            Some(date) if year >= 1 && year <= 9999 => Some(Self(date)),
            _ => None,
        }
    }

    /// The date as chrono writes it.
    pub const fn naive(self) -> NaiveDate {
        self.0
    }
}

impl fmt::Display for LocalDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = *b"0000-00-00";
        fill_date(&mut text, self.0);
        write_ascii(f, &text)
    }
}

impl fmt::Debug for LocalDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for LocalDate {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse_date(text).ok_or_else(|| {
            Error::new(Code::DateInvalid)
                .measured(Measure::text(text))
                .allowed(Allowed::pattern("YYYY-MM-DD"))
        })
    }
}

string_on_the_wire!(LocalDate);

fn parse_date(text: &str) -> Option<LocalDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = i32::try_from(digits(&bytes[..4])?).ok()?;
    LocalDate::new(NaiveDate::from_ymd_opt(
        year,
        digits(&bytes[5..7])?,
        digits(&bytes[8..])?,
    )?)
}

/// A wall-clock time to the minute. On the wire: `HH:MM`, 24 h.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(with = "String")
)]
pub struct LocalTime(NaiveTime);

impl LocalTime {
    /// 09:00, the time the host gives to a piece without one.
    pub const DEFAULT: Self = match NaiveTime::from_hms_opt(9, 0, 0) {
        Some(time) => Self(time),
        None => Self(NaiveTime::MIN),
    };

    /// The wall-clock time `hour:minute`; `None` for 24:00 and beyond.
    pub const fn from_hm(hour: u32, minute: u32) -> Option<Self> {
        match NaiveTime::from_hms_opt(hour, minute, 0) {
            Some(time) => Some(Self(time)),
            None => None,
        }
    }

    /// The minute that `time` falls in.
    pub fn floor(time: NaiveTime) -> Self {
        Self(
            time.with_second(0)
                .and_then(|t| t.with_nanosecond(0))
                .unwrap_or(time),
        )
    }

    /// The time as chrono writes it.
    pub const fn naive(self) -> NaiveTime {
        self.0
    }

    /// This time on `date`.
    pub const fn on(self, date: LocalDate) -> NaiveDateTime {
        date.0.and_time(self.0)
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = *b"00:00";
        fill(&mut text[..2], self.0.hour());
        fill(&mut text[3..], self.0.minute());
        write_ascii(f, &text)
    }
}

impl fmt::Debug for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for LocalTime {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse_time(text).ok_or_else(|| {
            Error::new(Code::TimeInvalid)
                .measured(Measure::text(text))
                .allowed(Allowed::pattern("HH:MM"))
        })
    }
}

string_on_the_wire!(LocalTime);

fn parse_time(text: &str) -> Option<LocalTime> {
    let bytes = text.as_bytes();
    if bytes.len() != 5 || bytes[2] != b':' {
        return None;
    }
    LocalTime::from_hm(digits(&bytes[..2])?, digits(&bytes[3..])?)
}

/// The number that ASCII `digits` spell; `None` where one of them is no digit.
fn digits(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + u32::from(byte - b'0'))
    })
}
