//! A bulk-shift plan against a bare `chrono-tz` loop over the same entries.
//!
//! The loop is the least any shift by days must do: the wall clock of each entry, moved by a day,
//! looked up in its zone. The plan adds what makes it a plan: the choice of entries by id, their
//! accounts, what is frozen, notes, clashes and caps. Three accounts, three zones, a post every few
//! minutes over two years, so that every window is full and changes of summer time are crossed.
//!
//! The larger calendar comes first. In a young process glibc hands the memory of every plan back to
//! the kernel, and what is measured then is the zeroing of pages; once a larger plan has been freed it
//! keeps that memory.

// A benchmark that can't build its input has nothing to measure.
use std::hint::black_box;

use calendar_publish::model::{
    AccountId, AccountStatus, CalendarEntry, CalendarId, CalendarPiece, Channel, ChannelAccount,
    EntryId, LocalDate, LocalTime, Quota, Timestamp, UserId, Zone, deterministic_uuid,
};
use calendar_publish::schedule::{
    ScheduleContext, ScheduleSettings, ShiftOffset, ShiftRequest, plan_shift, resolve,
};
use chrono::{DateTime, Days, NaiveDate, TimeZone};
use chrono_tz::Tz;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const ZONES: [&str; 3] = ["Europe/Madrid", "America/New_York", "America/Santiago"];

struct Calendar {
    entries: Vec<CalendarEntry>,
    accounts: Vec<ChannelAccount>,
    request: ShiftRequest,
    settings: ScheduleSettings,
    now: Timestamp,
}

fn calendar(size: usize, in_order: bool) -> Calendar {
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a valid instant");
    let accounts: Vec<ChannelAccount> = ZONES.iter().enumerate().map(account).collect();
    let mut entries: Vec<CalendarEntry> = (0..size).map(|i| entry(i, size, &accounts)).collect();
    if !in_order {
        entries.sort_by_key(|entry| entry.id);
    }
    let request = ShiftRequest {
        entry_ids: entries.iter().map(|entry| entry.id).collect(),
        offset: ShiftOffset::Days { days: 1 },
    };
    Calendar {
        entries,
        accounts,
        request,
        settings: ScheduleSettings::default(),
        now,
    }
}

fn account((i, zone): (usize, &&str)) -> ChannelAccount {
    ChannelAccount {
        id: AccountId::new(deterministic_uuid(&["account", zone])),
        user_id: UserId::new(deterministic_uuid(&["user"])),
        channel: Channel::Instagram,
        external_account_id: i.to_string(),
        display_name: (*zone).to_owned(),
        timezone: zone.parse().expect("a valid zone"),
        status: AccountStatus::Ok,
        expires_at: None,
        renewable_until: None,
        scopes: Vec::new(),
        cooling_down_until: None,
        grace_minutes: None,
        quota: Some(Quota {
            used: 0,
            total: 50,
            window_seconds: 86_400,
            read_at: Timestamp::MIN,
        }),
        tiktok_creator: None,
    }
}

fn entry(i: usize, size: usize, accounts: &[ChannelAccount]) -> CalendarEntry {
    let account = &accounts[i % accounts.len()];
    let minute = i * 2 * 365 * 24 * 60 / size;
    let date = NaiveDate::from_ymd_opt(2026, 1, 2)
        .and_then(|first| first.checked_add_days(Days::new(minute as u64 / 1440)))
        .and_then(LocalDate::new)
        .expect("a valid date");
    let time = LocalTime::from_hm(minute as u32 / 60 % 24, minute as u32 % 60).expect("a time");
    let piece = CalendarPiece {
        id: None,
        title: format!("Pieza {i}"),
        channel: account.channel,
        format: Default::default(),
        copy: "Hola".repeat(40),
        script: None,
        target_audience: None,
        date,
        time,
        hashtags: vec!["pan".to_owned()],
        order: None,
        extra: Vec::new(),
    };
    let id = EntryId::new(deterministic_uuid(&["entry", &i.to_string()]));
    let mut entry = CalendarEntry::new(id, CalendarId::new(deterministic_uuid(&["c"])), piece);
    entry.account_id = Some(account.id);
    entry.scheduled_at = Some(resolve(date, time, account.timezone).instant);
    entry
}

/// The wall clock of each entry a day later, looked up in its zone.
fn bare_loop(entries: &[CalendarEntry], zones: &[Tz]) -> Vec<Option<DateTime<Tz>>> {
    entries
        .iter()
        .zip(zones)
        .map(|(entry, zone)| {
            let wall = entry.piece.time.on(entry.piece.date);
            let moved = wall.checked_add_days(Days::new(1))?;
            zone.from_local_datetime(&moved).earliest()
        })
        .collect()
}

fn plans(criterion: &mut Criterion) {
    for (name, in_order) in [("shift_in_order", true), ("shift_shuffled", false)] {
        let mut group = criterion.benchmark_group(name);
        for size in [100_000, 10_000] {
            let calendar = calendar(size, in_order);
            let context = ScheduleContext {
                entries: &calendar.entries,
                accounts: &calendar.accounts,
                jobs: &[],
                settings: &calendar.settings,
                now: calendar.now,
            };
            let zone_of = |entry: &CalendarEntry| {
                let account = calendar
                    .accounts
                    .iter()
                    .find(|a| Some(a.id) == entry.account_id);
                account.map_or(Zone::UTC, |account| account.timezone).tz()
            };
            let zones: Vec<Tz> = calendar.entries.iter().map(zone_of).collect();
            group.throughput(Throughput::Elements(size as u64));
            group.bench_function(BenchmarkId::new("peer: bare chrono-tz loop", size), |b| {
                b.iter(|| bare_loop(black_box(&calendar.entries), &zones));
            });
            group.bench_function(BenchmarkId::new("plan", size), |b| {
                b.iter(|| plan_shift(black_box(&context), &calendar.request));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, plans);
criterion_main!(benches);
