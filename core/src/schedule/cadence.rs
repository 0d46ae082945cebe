//! Slots of a cadence, and the next one that is free.

use calendar_publish_derive::DeserializeTagged;
use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::board::{Board, ScheduleContext};
use super::cap::Cap;
use super::timeline::Post;
use super::zone::{DstNote, resolve, wall_clock};
use crate::error::{Allowed, Code, Error, Measure, Unit};
use crate::model::{AccountId, LocalDate, LocalTime, Timestamp, Zone};
use crate::order::sort_by_key;

/// The longest range that slots are made for, in days: ten years.
pub const MAX_CADENCE_DAYS: u32 = 3_660;

/// The most slots of one answer.
pub const MAX_CADENCE_SLOTS: u32 = 100_000;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// The first day of the ISO week.
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The last.
    Sunday,
}

impl Weekday {
    fn of(date: NaiveDate) -> Self {
        match date.weekday() {
            chrono::Weekday::Mon => Self::Monday,
            chrono::Weekday::Tue => Self::Tuesday,
            chrono::Weekday::Wed => Self::Wednesday,
            chrono::Weekday::Thu => Self::Thursday,
            chrono::Weekday::Fri => Self::Friday,
            chrono::Weekday::Sat => Self::Saturday,
            chrono::Weekday::Sun => Self::Sunday,
        }
    }
}

/// On which days, and at which wall-clock times, there are slots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum CadenceRule {
    /// Every day.
    Daily {
        /// The times; at least one.
        times: Vec<LocalTime>,
    },
    /// Every week, on the first date's day of the week.
    Weekly {
        /// The times; at least one.
        times: Vec<LocalTime>,
    },
    /// Every month, on the first date's day of the month, or the month's last where it is shorter.
    Monthly {
        /// The times; at least one.
        times: Vec<LocalTime>,
    },
    /// On some days of the week.
    Weekdays {
        /// The days; at least one.
        days: Vec<Weekday>,
        /// The times; at least one.
        times: Vec<LocalTime>,
    },
}

/// Which slots are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CadenceRequest {
    /// The cadence.
    pub rule: CadenceRule,
    /// The zone of its wall clock.
    pub zone: Zone,
    /// The first date.
    pub from: LocalDate,
    /// The last date, at most [`MAX_CADENCE_DAYS`] days on.
    pub to: LocalDate,
}

/// A place in time where a post can be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CadenceSlot {
    /// The date on the wall.
    pub date: LocalDate,
    /// The time on the wall.
    pub time: LocalTime,
    /// The instant.
    pub scheduled_at: Timestamp,
    /// What a daylight-saving change does to the wall clock, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<DstNote>,
}

/// The slots of a cadence between two dates, both included, by instant.
///
/// A wall-clock time that a gap swallows moves forward like any other. It is left out where that
/// would be another slot's instant or another date: a date that a zone skips has no slots.
///
/// # Errors
/// [`Code::CalendarInvalidRange`] where the last date lies before the first, or the range has more
/// than [`MAX_CADENCE_DAYS`] days or [`MAX_CADENCE_SLOTS`] slots; [`Code::FieldValueInvalid`] for a
/// rule without times or days.
///
/// ```
/// use calendar_publish::schedule::{CadenceRequest, CadenceRule, Weekday, cadence_slots};
///
/// let slots = cadence_slots(&CadenceRequest {
///     rule: CadenceRule::Weekdays {
///         days: vec![Weekday::Saturday, Weekday::Sunday],
///         times: vec!["09:00".parse()?],
///     },
///     zone: "Europe/Madrid".parse()?,
///     from: "2026-03-28".parse()?,
///     to: "2026-03-29".parse()?,
/// })?;
/// // Nine o'clock on both days, 23 hours apart.
/// assert_eq!(slots[0].scheduled_at, "2026-03-28T08:00:00Z".parse()?);
/// assert_eq!(slots[1].scheduled_at, "2026-03-29T07:00:00Z".parse()?);
/// # Ok::<(), calendar_publish::Error>(())
/// ```
pub fn cadence_slots(request: &CadenceRequest) -> Result<Vec<CadenceSlot>, Error> {
    let bound = MAX_CADENCE_SLOTS as usize;
    let slots: Vec<CadenceSlot> =
        Slots::new(&request.rule, request.zone, request.from, request.to)?
            .take(bound + 1)
            .collect();
    if slots.len() > bound {
        return Err(Error::new(Code::CalendarInvalidRange)
            .at("to")
            .allowed(Allowed::at_most(MAX_CADENCE_SLOTS, Unit::Posts)));
    }
    Ok(slots)
}

/// Where a free slot is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FreeSlotRequest {
    /// The account that wants to post.
    pub account_id: AccountId,
    /// The cadence, in the account's zone.
    pub rule: CadenceRule,
    /// The first date.
    pub from: LocalDate,
    /// The last date, at most [`MAX_CADENCE_DAYS`] days on.
    pub to: LocalDate,
}

/// The first slot of a cadence, not before `now`, at which an account can post without a clash and
/// within its cap; `None` where there is none in the range.
///
/// # Errors
/// [`Code::AccountNotFound`], those of [`cadence_slots`] except the bound on slots, and those of
/// [`find_clashes`](super::find_clashes).
pub fn next_free_slot(
    context: &ScheduleContext<'_>,
    request: &FreeSlotRequest,
) -> Result<Option<CadenceSlot>, Error> {
    let board = Board::new(context)?;
    let place = board.account_place(request.account_id)?;
    let zone = board.account(place).map_or(Zone::UTC, |a| a.timezone);
    let mut slots = Slots::new(&request.rule, zone, request.from, request.to)?;
    let timeline = board.timeline(&board.placements());
    let line = FreeLine::new(&board, place, timeline.of(place));
    Ok(slots.find(|slot| slot.scheduled_at >= context.now && line.is_free(slot.scheduled_at)))
}

/// An account's line, asked for free places.
pub(super) struct FreeLine<'a> {
    posts: &'a [Post],
    distance: i64,
    cap: Option<Cap>,
}

impl<'a> FreeLine<'a> {
    pub(super) fn new(board: &Board<'_>, place: usize, posts: &'a [Post]) -> Self {
        Self {
            posts,
            distance: board.min_distance(),
            cap: board.cap(place),
        }
    }

    /// Whether a post at `at` clashes with nothing and keeps the cap.
    pub(super) fn is_free(&self, at: Timestamp) -> bool {
        let at = at.millis();
        near(self.posts, at, self.distance).is_empty()
            && self.cap.is_none_or(|cap| cap.fits(self.posts, at))
    }
}

/// The posts of a line that are fewer than `distance` milliseconds from `at`.
pub(super) fn near(line: &[Post], at: i64, distance: i64) -> std::ops::Range<usize> {
    let from = line.partition_point(|post| post.at <= at - distance);
    let to = line.partition_point(|post| post.at < at + distance);
    from..to
}

/// The slots of a cadence, made as they are asked for.
pub(super) struct Slots {
    days: Pattern,
    times: Vec<LocalTime>,
    zone: Zone,
    /// The next date to look at, and the last.
    next: Option<NaiveDate>,
    last: NaiveDate,
    today: std::vec::IntoIter<CadenceSlot>,
}

/// Which dates have slots.
enum Pattern {
    Every,
    On(Vec<Weekday>),
    DayOfMonth(u32),
}

impl Pattern {
    fn has(&self, date: NaiveDate) -> bool {
        match self {
            Self::Every => true,
            Self::On(days) => days.contains(&Weekday::of(date)),
            Self::DayOfMonth(day) => {
                let last = date
                    .checked_add_days(Days::new(1))
                    .is_none_or(|tomorrow| tomorrow.month() != date.month());
                date.day() == *day || (last && date.day() < *day)
            }
        }
    }
}

impl Slots {
    pub(super) fn new(
        rule: &CadenceRule,
        zone: Zone,
        from: LocalDate,
        to: LocalDate,
    ) -> Result<Self, Error> {
        let (first, last) = (from.naive(), to.naive());
        let days = (last - first).num_days() + 1;
        if !(1..=i64::from(MAX_CADENCE_DAYS)).contains(&days) {
            return Err(Error::new(Code::CalendarInvalidRange)
                .at("to")
                .measured(Measure::text(format!("{from} – {to}")))
                .allowed(Allowed::pattern(format!("1 – {MAX_CADENCE_DAYS} d"))));
        }
        let (days, times) = match rule {
            CadenceRule::Daily { times } => (Pattern::Every, times),
            CadenceRule::Weekly { times } => (Pattern::On(vec![Weekday::of(first)]), times),
            CadenceRule::Monthly { times } => (Pattern::DayOfMonth(first.day()), times),
            CadenceRule::Weekdays { days, times } => (Pattern::On(days.clone()), times),
        };
        let mut times = times.clone();
        sort_by_key(&mut times, |time| *time);
        times.dedup();
        if times.is_empty() {
            return Err(empty("rule.times"));
        }
        if matches!(&days, Pattern::On(days) if days.is_empty()) {
            return Err(empty("rule.days"));
        }
        Ok(Self {
            days,
            times,
            zone,
            next: Some(first),
            last,
            today: Vec::new().into_iter(),
        })
    }

    /// The slots of one date by instant. None leaves its date, so that days follow each other in order.
    fn on(&self, date: LocalDate) -> Vec<CadenceSlot> {
        let mut slots: Vec<CadenceSlot> = self
            .times
            .iter()
            .filter_map(|&time| {
                let resolution = resolve(date, time, self.zone);
                let (shown, _) = wall_clock(resolution.instant, self.zone)?;
                (shown == date).then_some(CadenceSlot {
                    date,
                    time,
                    scheduled_at: resolution.instant,
                    note: resolution.note,
                })
            })
            .collect();
        // Of two that come to the same instant, the one whose time the clocks really show stays.
        sort_by_key(&mut slots, |slot| (slot.scheduled_at, slot.note.is_some()));
        slots.dedup_by_key(|slot| slot.scheduled_at);
        slots
    }
}

fn empty(path: &str) -> Error {
    Error::new(Code::FieldValueInvalid)
        .at(path)
        .measured(Measure::number(0, Unit::Plain))
        .allowed(Allowed::at_least(1, Unit::Plain))
}

impl Iterator for Slots {
    type Item = CadenceSlot;

    fn next(&mut self) -> Option<CadenceSlot> {
        loop {
            if let Some(slot) = self.today.next() {
                return Some(slot);
            }
            let date = self.next.filter(|date| *date <= self.last)?;
            self.next = date.checked_add_days(Days::new(1));
            if self.days.has(date) {
                self.today = self.on(LocalDate::new(date)?).into_iter();
            }
        }
    }
}
