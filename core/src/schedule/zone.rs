//! Wall clock ↔ instant in a zone.

use chrono::offset::{LocalResult, Offset};
use chrono::{NaiveDateTime, TimeDelta, TimeZone};
use serde::{Deserialize, Serialize};

use crate::model::{LocalDate, LocalTime, Timestamp, Zone};

/// What a daylight-saving change did to a wall-clock time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// The instant.
    pub instant: Timestamp,
    /// What a daylight-saving change did to it, if anything.
    pub note: Option<DstNote>,
}

/// The instant of `time` on `date` in `zone`.
///
/// A time that falls into a gap moves forward by the gap; of a time that exists twice the earlier
/// instant is taken. Both are said in the note.
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
    let wall = time.on(date);
    match zone.tz().from_local_datetime(&wall) {
        LocalResult::Single(instant) => Resolution {
            instant: instant.to_utc().into(),
            note: None,
        },
        LocalResult::Ambiguous(one, other) => {
            let (earlier, later) = if one <= other {
                (one, other)
            } else {
                (other, one)
            };
            let minutes = (later - earlier).num_minutes();
            Resolution {
                instant: earlier.to_utc().into(),
                note: Some(DstNote::Fold { minutes }),
            }
        }
        LocalResult::None => resolve_gap(wall, zone),
    }
}

/// Read with the offset in force before the gap, a wall-clock time inside it names the instant that
/// the clocks show moved forward by exactly the gap.
fn resolve_gap(wall: NaiveDateTime, zone: Zone) -> Resolution {
    let day = TimeDelta::days(1);
    let before = wall.checked_sub_signed(day).unwrap_or(wall);
    let offset_before = zone
        .tz()
        .offset_from_utc_datetime(&before)
        .fix()
        .local_minus_utc();
    let instant = wall
        .checked_sub_signed(TimeDelta::seconds(i64::from(offset_before)))
        .unwrap_or(wall);
    let offset_after = zone
        .tz()
        .offset_from_utc_datetime(&instant)
        .fix()
        .local_minus_utc();
    let minutes = i64::from(offset_after - offset_before) / 60;
    Resolution {
        instant: instant.and_utc().into(),
        note: Some(DstNote::Gap { minutes }),
    }
}

/// The date and time that clocks in `zone` show at `instant`, seconds cut off.
pub fn wall_clock(instant: Timestamp, zone: Zone) -> Option<(LocalDate, LocalTime)> {
    let wall = instant.utc().with_timezone(&zone.tz()).naive_local();
    Some((LocalDate::new(wall.date())?, LocalTime::floor(wall.time())))
}
