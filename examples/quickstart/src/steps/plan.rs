//! Moving entries: a correction that stays, and a shift that is taken back.

use anyhow::Result;
use calendar_publish::model::{CalendarEntry, ChannelAccount, LocalTime, Timestamp};
use calendar_publish::readiness::preview_changes;
use calendar_publish::rules::RuleBook;
use calendar_publish::schedule::{
    EntryMove, RescheduleRequest, ScheduleContext, ScheduleSettings, ShiftOffset, ShiftPlan,
    ShiftRequest, find_clashes, plan_reschedule, plan_shift, undo,
};
use chrono::{Datelike, TimeDelta};

use super::Desk;
use super::keep::set_instant;

/// Moves the second entry of every clash half an hour on, to the next place that is free.
pub(crate) fn correct_clashes(
    entries: &mut [CalendarEntry],
    accounts: &[ChannelAccount],
    now: Timestamp,
) -> Result<Vec<EntryMove>> {
    let settings = ScheduleSettings::default();
    let mut made = Vec::new();
    let clashes = find_clashes(&context(entries, accounts, &settings, now))?;
    for clash in clashes {
        let Some(entry) = entries.iter().find(|entry| entry.id == clash.second) else {
            continue;
        };
        let date = entry.piece.date;
        let moved = (1..=8).find_map(|half_hours| {
            let later = entry.piece.time.naive() + TimeDelta::minutes(30 * half_hours);
            let request = RescheduleRequest {
                entry_id: clash.second,
                date,
                time: LocalTime::floor(later),
                snap_minutes: Some(30),
            };
            plan_reschedule(&context(entries, accounts, &settings, now), &request).ok()
        });
        if let Some(plan) = moved {
            plan.apply(entries)?;
            made.extend(plan.moves);
        }
    }
    Ok(made)
}

/// What a person changed in the recording: a better title, a later hour, one more hashtag.
pub(crate) fn edit_by_hand(entries: &mut [CalendarEntry], desk: &Desk<'_>) {
    let edited = entries
        .iter_mut()
        .find(|entry| entry.piece.title == "El pliegue perfecto");
    if let Some(entry) = edited {
        entry.piece.title = "El pliegue perfecto, paso a paso".to_owned();
        entry.piece.hashtags.push("hechoamano".to_owned());
        if let Some(evening) = LocalTime::from_hm(21, 0) {
            entry.piece.time = evening;
        }
        set_instant(entry, desk);
    }
}

/// Previews moving the calendar's third week by seven days, applies it and undoes it again.
pub(crate) fn preview_shift(
    entries: &[CalendarEntry],
    accounts: &[ChannelAccount],
    now: Timestamp,
) -> Result<Option<ShiftPlan>> {
    let mut weeks: Vec<_> = entries.iter().map(week).collect();
    weeks.sort_unstable();
    weeks.dedup();
    let Some(chosen) = weeks.get(2).or(weeks.last()).copied() else {
        return Ok(None);
    };
    let request = ShiftRequest {
        entry_ids: entries
            .iter()
            .filter(|entry| week(entry) == chosen)
            .map(|entry| entry.id)
            .collect(),
        offset: ShiftOffset::Days { days: 7 },
    };
    let settings = ScheduleSettings::default();
    let mut plan = plan_shift(&context(entries, accounts, &settings, now), &request)?;
    plan.readiness_changes =
        preview_changes(&plan, entries, accounts, &[], RuleBook::builtin(), now)?;
    if plan.is_applicable() {
        let mut moved = entries.to_vec();
        let receipt = plan.apply(&mut moved)?;
        undo(&receipt, &mut moved)?;
    }
    Ok(Some(plan))
}

fn week(entry: &CalendarEntry) -> (i32, u32) {
    let week = entry.piece.date.naive().iso_week();
    (week.year(), week.week())
}

fn context<'a>(
    entries: &'a [CalendarEntry],
    accounts: &'a [ChannelAccount],
    settings: &'a ScheduleSettings,
    now: Timestamp,
) -> ScheduleContext<'a> {
    ScheduleContext {
        entries,
        accounts,
        jobs: &[],
        settings,
        now,
    }
}
