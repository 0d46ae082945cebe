//! Wall clocks, instants and shifts, judged by Python's `zoneinfo`.
//!
//! Both sides read the IANA database, each through its own code: Python the system's files, this
//! library the tables compiled into `chrono-tz`. The years end with 2037, where the two agree on
//! every zone below even if one of them is a release or two behind.

// The helpers of tests may panic as the tests themselves do.
use std::io::Write;
use std::process::{Command, Stdio};

use calendar_publish::model::{
    AccountId, CalendarEntry, CalendarId, ChannelAccount, EntryId, Timestamp, Zone,
    deterministic_uuid,
};
use calendar_publish::schedule::{
    DstNote, ScheduleContext, ScheduleSettings, ShiftOffset, ShiftPlan, ShiftRequest, plan_shift,
    resolve, wall_clock,
};
use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::{GapInfo, TZ_VARIANTS, Tz};
use serde_json::{Value, json};

/// Hours, half hours, two hours and whole days; both hemispheres; negative savings; none at all.
const ZONES: [&str; 18] = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Argentina/Buenos_Aires",
    "America/Mexico_City",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Dublin",
    "Europe/Madrid",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kwajalein",
];
const YEARS: (i32, i32) = (1972, 2037);
/// Around each change of a zone's offset.
const TIMES_PER_TRANSITION: usize = 6;
/// Anywhere in the years.
const TIMES_ANYWHERE: usize = 200;

#[test]
fn wall_clocks_come_to_the_instants_that_zoneinfo_says() {
    let cases: Vec<Value> = walls()
        .iter()
        .map(|(zone, wall)| json!({"op": "resolve", "zone": zone, "wall": text(*wall)}))
        .collect();
    let answers = ask(&cases);
    let (mut gaps, mut folds) = (0, 0);
    for (case, expected) in cases.iter().zip(&answers) {
        let (zone, wall) = (zone(case), wall(case));
        let resolution = resolve(
            wall.0.parse().unwrap(),
            wall.1.parse().unwrap(),
            zone.parse().unwrap(),
        );
        assert_eq!(
            answered(resolution.instant, resolution.note),
            *expected,
            "{case}"
        );
        match resolution.note {
            Some(DstNote::Gap { .. }) => gaps += 1,
            Some(DstNote::Fold { .. }) => folds += 1,
            None => {}
        }
    }
    assert!(cases.len() > 10_000, "{} cases", cases.len());
    assert!(gaps > 1_000 && folds > 1_000, "{gaps} gaps, {folds} folds");
}

#[test]
fn shifts_by_days_come_to_the_instants_that_zoneinfo_says() {
    let mut random = Random(7);
    let cases: Vec<Value> = walls()
        .iter()
        .map(|(zone, wall)| {
            let by = random.between(-40, 40);
            let from = *wall - TimeDelta::days(by);
            json!({"op": "days", "zone": zone, "wall": text(from), "by": by})
        })
        .collect();
    for (case, expected) in cases.iter().zip(&ask(&cases)) {
        let days = case["by"].as_i64().unwrap();
        let (date, time) = wall(case);
        let plan = shift(zone(case), date, time, None, ShiftOffset::Days { days });
        let planned = &plan.moves[0];
        assert_eq!(planned.after.time.to_string(), time, "{case}");
        let at = planned.after.scheduled_at.unwrap();
        assert_eq!(answered(at, planned.note), *expected, "{case}");
    }
}

#[test]
fn shifts_by_minutes_come_to_the_wall_clocks_that_zoneinfo_says() {
    let mut random = Random(11);
    let cases: Vec<Value> = walls()
        .iter()
        .map(|(name, wall)| {
            let zone: Zone = name.parse().unwrap();
            let (date, time) = parts(*wall);
            let at = resolve(date.parse().unwrap(), time.parse().unwrap(), zone).instant;
            let by = random.between(-3_000, 3_000);
            json!({"op": "minutes", "zone": name, "at": at.millis() / 1000 - by * 60, "by": by})
        })
        .collect();
    for (case, expected) in cases.iter().zip(&ask(&cases)) {
        let zone: Zone = zone(case).parse().unwrap();
        let before = Timestamp::from_millis(case["at"].as_i64().unwrap() * 1000);
        let (date, time) = wall_clock(before, zone).unwrap();
        let minutes = case["by"].as_i64().unwrap();
        let plan = shift(
            zone.name(),
            &date.to_string(),
            &time.to_string(),
            Some(before),
            ShiftOffset::Minutes { minutes },
        );
        let after = &plan.moves[0].after;
        let shown = format!("{}T{}", after.date, after.time);
        let at = after.scheduled_at.unwrap().millis() / 1000;
        assert_eq!(json!({"at": at, "wall": shown}), *expected, "{case}");
    }
}

/// `resolve` reads a time in a gap with the offset of the day before. Every gap in the database, in
/// every zone, must agree with what `chrono-tz` itself says lies before it.
#[test]
fn every_gap_of_every_zone_is_read_with_the_offset_before_it() {
    let mut gaps = 0;
    for zone in TZ_VARIANTS {
        for (transition, before, after) in rises(zone) {
            let start = transition + TimeDelta::seconds(i64::from(before));
            let length = i64::from(after - before);
            // The first and the last whole minute inside, and one between.
            let first = (start.and_utc().timestamp() + 59).div_euclid(60) * 60;
            let last = (start.and_utc().timestamp() + length - 1).div_euclid(60) * 60;
            for second in [first, (first + last) / 120 * 60, last] {
                let wall = DateTime::from_timestamp(second, 0).unwrap().naive_utc();
                let Some(gap) = GapInfo::new(&wall, &zone) else {
                    continue; // A gap of less than a minute between two whole minutes.
                };
                let (_, offset) = gap.begin.unwrap();
                let expected = second - i64::from(offset.fix().local_minus_utc());
                let (date, time) = parts(wall);
                let answer = resolve(
                    date.parse().unwrap(),
                    time.parse().unwrap(),
                    Zone::new(zone),
                );
                assert_eq!(answer.instant.millis(), expected * 1000, "{wall} {zone}");
                assert_eq!(
                    answer.note,
                    Some(DstNote::Gap {
                        minutes: length / 60
                    })
                );
                gaps += 1;
            }
        }
    }
    assert!(gaps > 50_000, "{gaps} times in gaps");
}

/// Bulk shifts remember the offset of four days that begin and end with the same one, from 1970 to
/// 2098. So in no zone may an offset change and change back within five.
#[test]
fn no_zone_changes_its_offset_and_back_within_five_days() {
    let day = 86_400;
    for zone in TZ_VARIANTS {
        let offset = |second: i64| {
            let utc = DateTime::from_timestamp(second, 0).unwrap().naive_utc();
            zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
        };
        // Each change, and the offset it left.
        let mut changes: Vec<(i64, i32)> = Vec::new();
        // Every day from the last ones of 1969 to the end of 2099.
        let from = -10 * day;
        let mut last = offset(from);
        for second in (from..4_102_444_800).step_by(day as usize) {
            let now = offset(second);
            if now != last {
                let recent = changes
                    .iter()
                    .rev()
                    .take_while(|(at, _)| second - at <= 5 * day);
                assert!(
                    recent.clone().all(|(_, left)| *left != now),
                    "{zone} at {second}"
                );
                changes.push((second, last));
                last = now;
            }
        }
    }
}

/// One plan over every wall clock of every zone says what `resolve` says of each.
#[test]
fn a_bulk_shift_agrees_with_resolving_one_by_one() {
    let accounts: Vec<ChannelAccount> = ZONES.iter().map(|zone| account(zone)).collect();
    let entries: Vec<CalendarEntry> = walls()
        .iter()
        .enumerate()
        .map(|(i, (zone, wall))| {
            let (date, time) = parts(*wall);
            let mut entry = entry(&i.to_string(), &date, &time);
            entry.account_id = Some(account(zone).id);
            entry
        })
        .collect();
    let plan = plan_shift(
        &ScheduleContext {
            entries: &entries,
            accounts: &accounts,
            jobs: &[],
            settings: &ScheduleSettings::default(),
            now: Timestamp::MIN,
        },
        &ShiftRequest {
            entry_ids: entries.iter().map(|entry| entry.id).collect(),
            offset: ShiftOffset::Days { days: 1 },
        },
    )
    .unwrap();
    assert_eq!(plan.moves.len(), entries.len());
    for planned in &plan.moves {
        let expected = resolve(planned.after.date, planned.after.time, planned.zone);
        assert_eq!(planned.after.scheduled_at, Some(expected.instant));
        assert_eq!(planned.note, expected.note);
    }
}

/// Where the clocks of `zone` jump forward: the instant, and the offsets before and after it.
fn rises(zone: Tz) -> Vec<(NaiveDateTime, i32, i32)> {
    let offset = |second: i64| {
        let utc = DateTime::from_timestamp(second, 0).unwrap().naive_utc();
        zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
    };
    let step = 7 * 86_400;
    // 1840 to 2100, the years the database speaks of.
    let mut found = Vec::new();
    for low in (-4_102_444_800..4_102_444_800).step_by(step as usize) {
        let (before, after) = (offset(low), offset(low + step));
        if before < after {
            let (mut low, mut high) = (low, low + step);
            while high - low > 1 {
                let middle = (low + high) / 2;
                match offset(middle) == before {
                    true => low = middle,
                    false => high = middle,
                }
            }
            let at = DateTime::from_timestamp(high, 0).unwrap().naive_utc();
            found.push((at, before, offset(high)));
        }
    }
    found.retain(|(_, before, after)| before < after);
    found
}

/// A plan for a single entry that stands at a wall clock.
fn shift(
    zone: &str,
    date: &str,
    time: &str,
    scheduled_at: Option<Timestamp>,
    offset: ShiftOffset,
) -> ShiftPlan {
    let mut entry = entry("1", date, time);
    let id = entry.id;
    entry.scheduled_at = scheduled_at;
    let context = ScheduleContext {
        entries: &[entry],
        accounts: &[account(zone)],
        jobs: &[],
        settings: &ScheduleSettings::default(),
        now: Timestamp::MIN,
    };
    let entry_ids = vec![id];
    plan_shift(&context, &ShiftRequest { entry_ids, offset }).unwrap()
}

fn entry(name: &str, date: &str, time: &str) -> CalendarEntry {
    let piece = json!({"channel": "tiktok", "date": date, "time": time});
    CalendarEntry::new(
        EntryId::new(deterministic_uuid(&["entry", name])),
        CalendarId::new(deterministic_uuid(&["calendar"])),
        serde_json::from_value(piece).unwrap(),
    )
}

fn account(zone: &str) -> ChannelAccount {
    serde_json::from_value(json!({
        "id": AccountId::new(deterministic_uuid(&["account", zone])).to_string(),
        "userId": deterministic_uuid(&["user"]).to_string(), "channel": "tiktok",
        "externalAccountId": "1", "displayName": "Pan", "timezone": zone, "status": "ok",
    }))
    .unwrap()
}

/// Our answer in the oracle's words.
fn answered(at: Timestamp, note: Option<DstNote>) -> Value {
    let (note, minutes) = match note {
        Some(DstNote::Gap { minutes }) => (Some("gap"), minutes),
        Some(DstNote::Fold { minutes }) => (Some("fold"), minutes),
        None => (None, 0),
    };
    json!({"at": at.millis() / 1000, "note": note, "minutes": minutes})
}

/// Wall clocks to ask about: around every change of every zone, and anywhere.
fn walls() -> Vec<(&'static str, NaiveDateTime)> {
    let cases: Vec<Value> = ZONES
        .iter()
        .map(|zone| json!({"op": "transitions", "zone": zone, "from": YEARS.0, "to": YEARS.1}))
        .collect();
    let mut random = Random(3);
    let mut walls = Vec::new();
    for (zone, answer) in ZONES.iter().zip(ask(&cases)) {
        let tz: Tz = zone.parse().unwrap();
        let mut around = |second: i64, spread: i64| {
            let second = second + random.between(-spread, spread) * 60;
            let utc = DateTime::from_timestamp(second, 0).unwrap();
            walls.push((*zone, utc.naive_utc()));
        };
        for at in answer["at"].as_array().unwrap() {
            let at = at.as_i64().unwrap();
            // Near the earlier and the later of the two wall clocks that the change connects.
            for second in [at - 1, at] {
                let utc = DateTime::from_timestamp(second, 0).unwrap();
                let local = utc.with_timezone(&tz).naive_local().and_utc().timestamp();
                for _ in 0..TIMES_PER_TRANSITION / 2 {
                    around(local, 90);
                }
            }
        }
        for _ in 0..TIMES_ANYWHERE {
            around(1_073_000_000, 16_000_000);
        }
    }
    walls
}

/// What `zoneinfo` answers, case by case.
fn ask(cases: &[Value]) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/oracles/zone_oracle.py");
    let mut python = Command::new("python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("python3: {error}; install it: apt install python3 tzdata"));
    let mut stdin = python.stdin.take().unwrap();
    let lines: String = cases.iter().map(|case| format!("{case}\n")).collect();
    // An oracle that gives up early says why on stderr; the broken pipe doesn't matter then.
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = python.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), cases.len());
    answers
}

fn zone(case: &Value) -> &str {
    case["zone"].as_str().unwrap()
}

fn wall(case: &Value) -> (&str, &str) {
    case["wall"].as_str().unwrap().split_once('T').unwrap()
}

fn text(wall: NaiveDateTime) -> String {
    wall.format("%Y-%m-%dT%H:%M").to_string()
}

fn parts(wall: NaiveDateTime) -> (String, String) {
    (
        wall.format("%Y-%m-%d").to_string(),
        wall.format("%H:%M").to_string(),
    )
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same cases in every run.
struct Random(u64);

impl Random {
    fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        low + ((z ^ (z >> 31)) % (high - low + 1) as u64) as i64
    }
}
