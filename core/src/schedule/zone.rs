//! Wall clock ↔ instant in a zone.

use calendar_publish_derive::DeserializeTagged;
use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Measure};
use crate::model::{LocalDate, LocalTime, Timestamp, Zone};

/// What a daylight-saving change did to a wall-clock time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum DstNote {
    /// The wall-clock time doesn't exist that day; it moved forward by the gap.
    Gap {
        /// The length of the gap in minutes.
        minutes: i64,
    },
    /// The wall-clock time exists twice that day; the earlier instant was taken.
    Fold {
        /// How long after the earlier instant the later one is, in minutes.
        minutes: i64,
    },
}

/// The instant that a wall-clock time stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resolution {
    /// The instant.
    pub instant: Timestamp,
    /// What a daylight-saving change did to it, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<DstNote>,
}

/// The instant of `time` on `date` in `zone`.
///
/// A time that falls into a gap moves forward by the gap; of a time that exists twice the earlier
/// instant is taken. Both are said in the note. An instant outside [`Timestamp`]'s years, which only
/// the first and the last day of all can come to, is the nearest one inside; [`try_resolve`] refuses
/// it. The zones' rules are those of the [IANA database](crate::model::zones), which foresees changes up
/// to the year 2099; after that a zone keeps its last offset.
///
/// ```
/// use calendar_publish::schedule::{DstNote, resolve};
///
/// // On 2026-03-29 clocks in Madrid jump from 02:00 to 03:00.
/// let gap = resolve("2026-03-29".parse()?, "02:30".parse()?, "Europe/Madrid".parse()?);
/// assert_eq!(gap.instant, "2026-03-29T01:30:00Z".parse()?); // 03:30 on the wall
/// assert_eq!(gap.note, Some(DstNote::Gap { minutes: 60 }));
/// # Ok::<(), calendar_publish::Error>(())
/// ```
pub fn resolve(date: LocalDate, time: LocalTime, zone: Zone) -> Resolution {
    let (millis, note) = resolve_wall(time.on(date), zone);
    Resolution {
        instant: Timestamp::from_millis(millis),
        note,
    }
}

/// The same as [`resolve`], refusing what can't be told as an instant.
///
/// # Errors
/// [`Code::TimestampOutOfRange`] where the instant lies outside the years 1 to 9999 in UTC.
///
/// ```
/// use calendar_publish::schedule::try_resolve;
/// use calendar_publish::{Code, Error};
///
/// // Midnight in Tokyo is 15:00 of the day before in UTC, and there is no day before.
/// let first = try_resolve("0001-01-01".parse()?, "00:00".parse()?, "Asia/Tokyo".parse()?);
/// assert_eq!(first.unwrap_err().code, Code::TimestampOutOfRange);
/// # Ok::<(), Error>(())
/// ```
pub fn try_resolve(date: LocalDate, time: LocalTime, zone: Zone) -> Result<Resolution, Error> {
    let (millis, note) = resolve_wall(time.on(date), zone);
    match in_range(millis) {
        Some(instant) => Ok(Resolution { instant, note }),
        None => Err(Error::new(Code::TimestampOutOfRange)
            .measured(Measure::text(format!("{date}T{time} {zone}")))),
    }
}

/// The date and time that clocks in `zone` show at `instant`, seconds cut off; `None` where that is
/// outside the years 1 to 9999.
///
/// ```
/// use calendar_publish::schedule::wall_clock;
///
/// // Kathmandu is 5 hours and 45 minutes ahead.
/// let shown = wall_clock("2026-04-01T09:00:00Z".parse()?, "Asia/Kathmandu".parse()?);
/// assert_eq!(shown, Some(("2026-04-01".parse()?, "14:45".parse()?)));
/// # Ok::<(), calendar_publish::Error>(())
/// ```
pub fn wall_clock(instant: Timestamp, zone: Zone) -> Option<(LocalDate, LocalTime)> {
    let wall = zone.wall_at(instant);
    Some((LocalDate::new(wall.date())?, LocalTime::floor(wall.time())))
}

/// The instant of `wall` in `zone` in milliseconds, perhaps outside the range of [`Timestamp`].
pub(super) fn resolve_wall(wall: NaiveDateTime, zone: Zone) -> (i64, Option<DstNote>) {
    let local = wall.and_utc().timestamp_millis();
    match zone.offset_of(wall) {
        LocalResult::Single(offset) => (local - millis(offset), None),
        LocalResult::Ambiguous(one, other) => {
            let (one, other) = (local - millis(one), local - millis(other));
            let minutes = (one - other).abs() / MINUTE;
            (one.min(other), Some(DstNote::Fold { minutes }))
        }
        LocalResult::None => resolve_gap(wall, zone),
    }
}

/// Read with the offset in force before the gap, a wall-clock time inside it names the instant that
/// the clocks show moved forward by exactly the gap.
///
/// The day before, taken as UTC, lies before every gap there has been: a gap of a whole day only
/// happens to zones behind UTC, and the others' gaps and offsets together are shorter than a day.
fn resolve_gap(wall: NaiveDateTime, zone: Zone) -> (i64, Option<DstNote>) {
    let local = wall.and_utc().timestamp_millis();
    let before = wall.checked_sub_signed(TimeDelta::days(1)).unwrap_or(wall);
    let offset_before = millis(zone.offset_at(before));
    let instant = local - offset_before;
    let after = DateTime::from_timestamp_millis(instant).unwrap_or_default();
    let offset_after = millis(zone.offset_at(after.naive_utc()));
    let minutes = (offset_after - offset_before) / MINUTE;
    (instant, Some(DstNote::Gap { minutes }))
}

/// The offset, in milliseconds, that clocks show both at the beginning and at the end of `days` days
/// from `first`, counted from the year 1; `None` where they differ or aren't clear.
pub(super) fn steady_offset(first: i32, days: i32, zone: Zone) -> Option<i32> {
    let at = |day: i32| {
        let wall = NaiveDate::from_num_days_from_ce_opt(day)?.and_time(NaiveTime::MIN);
        let offset = zone.offset_of(wall).single()?;
        i32::try_from(millis(offset)).ok()
    };
    let (begin, end) = (at(first)?, at(first + days)?);
    (begin == end).then_some(begin)
}

/// The instant, if it can be told.
pub(super) fn in_range(millis: i64) -> Option<Timestamp> {
    (Timestamp::MIN.millis()..=Timestamp::MAX.millis())
        .contains(&millis)
        .then(|| Timestamp::from_millis(millis))
}

/// An offset of so many seconds, in milliseconds.
fn millis(seconds: i32) -> i64 {
    i64::from(seconds) * 1_000
}

/// A minute in milliseconds.
pub(super) const MINUTE: i64 = 60_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(date: &str, time: &str, zone: &str) -> (String, Option<DstNote>) {
        let answer = resolve(
            date.parse().unwrap(),
            time.parse().unwrap(),
            zone.parse().unwrap(),
        );
        (answer.instant.to_string(), answer.note)
    }

    #[test]
    fn a_skipped_day_moves_forward_by_a_day() {
        // tz database, australasia: Samoa crossed the date line at the end of 2011-12-29.
        assert_eq!(
            resolved("2011-12-30", "12:00", "Pacific/Apia"),
            (
                "2011-12-30T22:00:00Z".to_owned(),
                Some(DstNote::Gap { minutes: 1440 })
            )
        );
    }

    #[test]
    fn half_an_hour_of_summer_time() {
        // tz database, australasia: Lord Howe moves between +10:30 and +11.
        assert_eq!(
            resolved("2026-04-05", "01:45", "Australia/Lord_Howe"),
            (
                "2026-04-04T14:45:00Z".to_owned(),
                Some(DstNote::Fold { minutes: 30 })
            )
        );
    }

    #[test]
    fn summer_time_that_is_the_standard() {
        // tz database, europe: Ireland's winter time is written as a negative saving.
        assert_eq!(
            resolved("2026-10-25", "01:30", "Europe/Dublin"),
            (
                "2026-10-25T00:30:00Z".to_owned(),
                Some(DstNote::Fold { minutes: 60 })
            )
        );
    }

    #[test]
    fn the_first_and_the_last_day_hold() {
        assert_eq!(
            resolved("0001-01-01", "00:00", "Asia/Tokyo").0,
            "0001-01-01T00:00:00Z"
        );
        assert_eq!(
            resolved("9999-12-31", "23:59", "America/Los_Angeles").0,
            "9999-12-31T23:59:59.999Z"
        );
        let tokyo = "Asia/Tokyo".parse().unwrap();
        assert_eq!(wall_clock(Timestamp::MAX, tokyo), None);
        let new_york = "America/New_York".parse().unwrap();
        assert_eq!(wall_clock(Timestamp::MIN, new_york), None);
    }
}
