//! What holds for every plan, whatever the calendar.

// The helpers of tests may panic as the tests themselves do.
use std::collections::BTreeSet;

use calendar_publish::model::{
    AccountId, CalendarEntry, CalendarId, ChannelAccount, EntryId, LocalDate, LocalTime,
    ReadinessState, Timestamp, deterministic_uuid,
};
use calendar_publish::schedule::{
    AccountCap, CadenceRule, FreeSlotRequest, InsertRequest, ScheduleContext, ScheduleSettings,
    ShiftOffset, ShiftRequest, evaluate_caps, find_clashes, next_free_slot, plan_insert,
    plan_shift, resolve, undo,
};
use calendar_publish::{Code, Error};
use chrono::{Days, NaiveDate};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

const ZONES: [&str; 4] = [
    "Europe/Madrid",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
];

/// An entry in numbers: day, quarter of an hour, account, and whether it is scheduled, a draft or out.
type Numbers = (u64, u32, usize, bool, bool, bool);

fn numbers() -> impl Strategy<Value = Numbers> {
    // Five weeks around the change of March and few times, so that clashes and gaps do happen.
    (
        0..35_u64,
        0..16_u32,
        0..ZONES.len(),
        any::<bool>(),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.1),
    )
}

fn entries(numbers: &[Numbers]) -> Vec<CalendarEntry> {
    numbers
        .iter()
        .enumerate()
        .map(
            |(i, &(day, quarter, account, scheduled, draft, published))| {
                let piece = json!({
                    "channel": "tiktok",
                    "date": day_of(day).to_string(),
                    "time": LocalTime::from_hm(quarter / 4, quarter % 4 * 15).unwrap().to_string(),
                });
                let mut entry = CalendarEntry::new(
                    entry_id(i),
                    CalendarId::new(deterministic_uuid(&["calendar"])),
                    serde_json::from_value(piece).unwrap(),
                );
                let account = &accounts()[account];
                entry.account_id = Some(account.id);
                entry.draft = draft;
                entry.readiness = published.then_some(ReadinessState::Published);
                entry.scheduled_at = scheduled
                    .then(|| resolve(entry.piece.date, entry.piece.time, account.timezone).instant);
                entry
            },
        )
        .collect()
}

fn day_of(day: u64) -> LocalDate {
    let first = NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
    LocalDate::new(first + Days::new(day)).unwrap()
}

fn entry_id(i: usize) -> EntryId {
    EntryId::new(deterministic_uuid(&["entry", &i.to_string()]))
}

fn accounts() -> Vec<ChannelAccount> {
    ZONES
        .iter()
        .map(|zone| {
            serde_json::from_value(json!({
                "id": AccountId::new(deterministic_uuid(&["account", zone])).to_string(),
                "userId": deterministic_uuid(&["user"]).to_string(), "channel": "tiktok",
                "externalAccountId": "1", "displayName": "Pan", "timezone": zone, "status": "ok",
            }))
            .unwrap()
        })
        .collect()
}

fn offsets() -> impl Strategy<Value = ShiftOffset> {
    prop_oneof![
        (-40..40_i64).prop_map(|days| ShiftOffset::Days { days }),
        (-50_000..50_000_i64).prop_map(|minutes| ShiftOffset::Minutes { minutes }),
    ]
}

fn settings(distance: u32, cap: u32) -> ScheduleSettings {
    ScheduleSettings {
        min_distance_minutes: distance,
        caps: accounts()
            .iter()
            .map(|account| AccountCap {
                account_id: account.id,
                posts: cap,
                window_seconds: 86_400,
            })
            .collect(),
    }
}

fn with<T>(
    entries: &[CalendarEntry],
    settings: &ScheduleSettings,
    ask: impl FnOnce(&ScheduleContext<'_>) -> T,
) -> T {
    ask(&ScheduleContext {
        entries,
        accounts: &accounts(),
        jobs: &[],
        settings,
        now: Timestamp::MIN,
    })
}

/// Plans and applies a shift of every entry.
fn shift(entries: &mut [CalendarEntry], offset: ShiftOffset) -> Result<(), Error> {
    let entry_ids = entries.iter().map(|entry| entry.id).collect();
    let request = ShiftRequest { entry_ids, offset };
    let plan = with(entries, &ScheduleSettings::default(), |context| {
        plan_shift(context, &request)
    })?;
    plan.apply(entries).map(|_| ())
}

fn without_revisions(entries: &[CalendarEntry]) -> Vec<CalendarEntry> {
    let mut entries = entries.to_vec();
    entries.iter_mut().for_each(|entry| entry.revision = 0);
    entries
}

/// The instants of an account's posts with their entries, by instant: from the entries alone.
fn line(entries: &[CalendarEntry], account: &ChannelAccount) -> Vec<(Timestamp, EntryId)> {
    let mut line: Vec<(Timestamp, usize)> = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.account_id == Some(account.id) && !entry.draft)
        .map(|(i, entry)| {
            let at = entry.scheduled_at.unwrap_or_else(|| {
                resolve(entry.piece.date, entry.piece.time, account.timezone).instant
            });
            (at, i)
        })
        .collect();
    line.sort_unstable();
    line.into_iter()
        .map(|(at, i)| (at, entries[i].id))
        .collect()
}

fn minutes(later: Timestamp, earlier: Timestamp) -> i64 {
    later.since(earlier).num_minutes().abs()
}

proptest! {
    #[test]
    fn undoing_an_applied_plan_puts_back_exactly_what_was(
        calendar in vec(numbers(), 0..30),
        chosen in vec(any::<bool>(), 30),
        offset in offsets(),
    ) {
        let before = entries(&calendar);
        let entry_ids = before.iter().zip(&chosen).filter(|(_, c)| **c).map(|(e, _)| e.id).collect();
        let request = ShiftRequest { entry_ids, offset };
        let plan = with(&before, &settings(15, 3), |context| plan_shift(context, &request)).unwrap();
        let mut after = before.clone();
        let receipt = plan.apply(&mut after).unwrap();
        for (old, new) in before.iter().zip(&after) {
            let moved = receipt.moved.iter().any(|moved| moved.entry_id == old.id);
            prop_assert_eq!(new.revision, old.revision + i64::from(moved));
            prop_assert!(moved || old == new);
            prop_assert!(!moved || old.readiness != Some(ReadinessState::Published));
        }
        // The plan is spent, and a touched entry can't be put back.
        prop_assert!(receipt.moved.is_empty() || plan.apply(&mut after.clone()).unwrap_err().code == Code::ScheduleStale);
        undo(&receipt, &mut after).unwrap();
        prop_assert_eq!(without_revisions(&after), without_revisions(&before));
    }

    #[test]
    fn days_there_and_back_keep_the_wall_clock(calendar in vec(numbers(), 1..20), days in -400..400_i64) {
        let mut shifted = entries(&calendar);
        shift(&mut shifted, ShiftOffset::Days { days }).unwrap();
        shift(&mut shifted, ShiftOffset::Days { days: -days }).unwrap();
        for (old, new) in entries(&calendar).iter().zip(&shifted) {
            prop_assert_eq!((old.piece.date, old.piece.time), (new.piece.date, new.piece.time));
            if let Some(at) = old.scheduled_at {
                prop_assert_eq!(new.scheduled_at, Some(at));
            }
        }
    }

    #[test]
    fn minutes_there_and_back_keep_the_instant(calendar in vec(numbers(), 1..20), minutes in -500_000..500_000_i64) {
        let mut shifted = entries(&calendar);
        shift(&mut shifted, ShiftOffset::Days { days: 0 }).unwrap();
        let before: Vec<_> = shifted.iter().map(|entry| entry.scheduled_at).collect();
        shift(&mut shifted, ShiftOffset::Minutes { minutes }).unwrap();
        shift(&mut shifted, ShiftOffset::Minutes { minutes: -minutes }).unwrap();
        let after: Vec<_> = shifted.iter().map(|entry| entry.scheduled_at).collect();
        prop_assert_eq!(before, after);
    }

    /// A refused plan, or a stale one, leaves every entry as it was.
    #[test]
    fn what_is_refused_changes_nothing(calendar in vec(numbers(), 1..20), stale in 0..20_usize) {
        let planned = entries(&calendar);
        let entry_ids = planned.iter().map(|entry| entry.id).collect();
        let request = ShiftRequest { entry_ids, offset: ShiftOffset::Days { days: 3 } };
        let plan = with(&planned, &settings(1, 9), |context| plan_shift(context, &request)).unwrap();
        let mut touched = planned.clone();
        let stale = stale % touched.len();
        touched[stale].revision += 1;
        let before = touched.clone();
        match plan.apply(&mut touched) {
            Err(error) => prop_assert_eq!(error.code, Code::ScheduleStale),
            Ok(_) => prop_assert_eq!(touched[stale].readiness, Some(ReadinessState::Published)),
        }
        prop_assert!(plan.moves.iter().all(|m| m.entry_id != touched[stale].id) || touched == before);
    }

    /// Every entry that is too near to any other of its account is named, and no other.
    #[test]
    fn clashes_name_whoever_is_too_near(calendar in vec(numbers(), 0..60), distance in 1..120_u32) {
        let entries = entries(&calendar);
        let found = with(&entries, &settings(distance, 9), find_clashes).unwrap();
        let named: BTreeSet<EntryId> = found.iter().flat_map(|clash| [clash.first, clash.second]).collect();
        let mut near = BTreeSet::new();
        for account in accounts() {
            let line = line(&entries, &account);
            for (at, id) in &line {
                if line.iter().any(|(other, o)| o != id && minutes(*other, *at) < i64::from(distance)) {
                    near.insert(*id);
                }
            }
        }
        prop_assert_eq!(named, near);
    }

    /// Posts are made in order; one is too many when as many as allowed were made in the day before it.
    #[test]
    fn caps_name_whatever_a_platform_would_refuse(calendar in vec(numbers(), 0..60), cap in 1..4_u32) {
        let entries = entries(&calendar);
        let usages = with(&entries, &settings(1, cap), evaluate_caps).unwrap();
        for (account, usage) in accounts().iter().zip(usages) {
            let line = line(&entries, account);
            let mut made: Vec<Timestamp> = Vec::new();
            let mut refused = Vec::new();
            let mut peak = 0;
            for (at, id) in &line {
                let in_window = |other: &&Timestamp| **other <= *at && minutes(*at, **other) < 1440;
                match made.iter().filter(in_window).count() < cap as usize {
                    true => made.push(*at),
                    false => refused.push(*id),
                }
            }
            for (i, (at, _)) in line.iter().enumerate() {
                let planned = line[..=i].iter().filter(|(other, _)| minutes(*at, *other) < 1440);
                peak = peak.max(planned.count());
            }
            let named: Vec<EntryId> = usage.exceeded.iter().map(|excess| excess.entry_id).collect();
            prop_assert_eq!(named, refused);
            prop_assert_eq!(usage.peak as usize, peak);
        }
    }

    /// The slot that is offered is free, and no earlier one is.
    #[test]
    fn the_next_free_slot_is_the_first_that_is_free(
        calendar in vec(numbers(), 0..60), distance in 1..120_u32, cap in 1..4_u32,
    ) {
        let entries = entries(&calendar);
        let account = &accounts()[0];
        let rule = CadenceRule::Daily { times: vec![LocalTime::from_hm(2, 30).unwrap()] };
        let request = FreeSlotRequest { account_id: account.id, rule, from: day_of(0), to: day_of(60) };
        let offered = with(&entries, &settings(distance, cap), |context| next_free_slot(context, &request)).unwrap();
        let instants: Vec<Timestamp> = line(&entries, account).iter().map(|(at, _)| *at).collect();
        let first = (0..=60).map(day_of).find(|date| {
            let at = resolve(*date, LocalTime::from_hm(2, 30).unwrap(), account.timezone).instant;
            let near = instants.iter().any(|other| minutes(*other, at) < i64::from(distance));
            let mut with: Vec<Timestamp> = instants.iter().copied().chain([at]).collect();
            with.sort_unstable();
            // No window that holds the new post may hold more than the cap.
            let over = with.iter().filter(|end| **end >= at && minutes(**end, at) < 1440).any(|end| {
                let count = with.iter().filter(|o| **o <= *end && minutes(*end, **o) < 1440).count();
                count > cap as usize
            });
            !near && !over
        });
        prop_assert_eq!(offered.map(|slot| slot.date), first);
    }

    /// After an insertion nothing that moved clashes, what was pushed went forward and kept its order.
    #[test]
    fn an_insertion_makes_room(calendar in vec(numbers(), 1..40), distance in 1..60_u32, day in 0..35_u64) {
        let mut entries = entries(&calendar);
        entries[0].readiness = None;
        entries[0].draft = false;
        let request = InsertRequest {
            entry_id: entries[0].id,
            date: day_of(day),
            time: LocalTime::from_hm(2, 0).unwrap(),
            rule: CadenceRule::Daily { times: vec![LocalTime::from_hm(2, 0).unwrap()] },
            until: day_of(200),
        };
        match with(&entries, &settings(distance, 9), |context| plan_insert(context, &request)) {
            Err(error) => prop_assert_eq!(error.code, Code::ScheduleClash),
            Ok(plan) => {
                prop_assert_eq!(&plan.clashes, &vec![]);
                let account = accounts().into_iter().find(|a| Some(a.id) == entries[0].account_id).unwrap();
                let order: Vec<EntryId> = line(&entries, &account).iter().map(|(_, id)| *id).collect();
                let place = |id: EntryId| order.iter().position(|other| *other == id).unwrap();
                let mut pushed: Vec<_> = plan.moves.iter().filter(|m| m.entry_id != request.entry_id).collect();
                pushed.sort_by_key(|m| place(m.entry_id));
                for pair in pushed.windows(2) {
                    prop_assert!(pair[0].after.scheduled_at < pair[1].after.scheduled_at);
                }
                for moved in pushed {
                    let at = line(&entries, &account)[place(moved.entry_id)].0;
                    prop_assert!(moved.after.scheduled_at > Some(at));
                    let entry = entries.iter().find(|entry| entry.id == moved.entry_id).unwrap();
                    prop_assert_ne!(entry.readiness, Some(ReadinessState::Published));
                }
            }
        }
    }
}
