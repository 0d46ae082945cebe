//! A calendar's readiness with findings and forecast: all of it, and after one change.
//!
//! Bars: at most 2 µs an entry, 100,000 entries in at most 11 times the time of 10,000, and one
//! changed entry in a calendar of 10,000 in at most 20 µs.

// A benchmark that can't be set up has nothing to say.
use std::hint::black_box;

use calendar_publish::model::{CalendarEntry, ChannelAccount, PublishJob, Timestamp};
use calendar_publish::readiness::CalendarReadiness;
use calendar_publish::rules::{RuleBook, validate};
use chrono::TimeDelta;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::json;

const ACCOUNTS: usize = 8;

fn now() -> Timestamp {
    "2026-04-01T08:00:00Z".parse().unwrap()
}

fn id(kind: u8, number: usize) -> String {
    format!("018f0000-0000-7000-80{kind:02x}-{number:012x}")
}

fn channel(account: usize) -> &'static str {
    ["instagram", "tiktok"][account % 2]
}

fn zone(account: usize) -> &'static str {
    ["Europe/Madrid", "America/Mexico_City"][account / 2 % 2]
}

fn accounts() -> Vec<ChannelAccount> {
    let account = |i: usize| {
        json!({
            "id": id(1, i), "userId": id(2, 0), "channel": channel(i),
            "externalAccountId": "17841400000000001", "displayName": "Panadería",
            "timezone": zone(i), "status": "ok",
            "expiresAt": "2026-05-20T00:00:00Z", "renewableUntil": "2036-01-01T00:00:00Z",
            "scopes": ["video.publish", "video.upload", "instagram_business_basic",
                       "instagram_business_content_publish"],
        })
    };
    (0..ACCOUNTS)
        .map(|i| serde_json::from_value(account(i)).unwrap())
        .collect()
}

/// A post every two hours on each account, as a host stores them: date and time, no instant yet. One
/// in twenty has no media, one in fifty a caption that is too long, one in thirty a URL that dies.
fn entries(count: usize) -> Vec<CalendarEntry> {
    (0..count)
        .map(|i| {
            let hours = 30 + i / ACCOUNTS * 2;
            let at = now().plus(TimeDelta::hours(hours as i64)).utc();
            let copy = "Pan de masa madre, recién hecho. ".repeat(if i % 50 == 7 { 70 } else { 6 });
            let expires_at = if i % 30 == 9 { "2026-04-02T00:00:00Z" } else { "2046-01-01T00:00:00Z" };
            let media = json!([{
                "kind": "video", "url": "https://media.example.com/pan.mp4", "urlExpiresAt": expires_at,
                "mimeType": "video/mp4", "sizeBytes": 5_000_000, "width": 1080, "height": 1920,
                "durationMs": 15_000, "frameRate": 30.0, "bitRate": 2_600_000, "videoCodec": "h264",
                "audioCodec": "aac", "audioSampleRate": 48_000, "audioChannels": 2,
                "moovFirst": true, "editList": false,
            }]);
            serde_json::from_value(json!({
                "id": id(3, i), "calendarId": id(4, 0), "accountId": id(1, i % ACCOUNTS),
                "piece": {
                    "title": "Pan", "channel": channel(i % ACCOUNTS), "format": "reel", "copy": copy,
                    "date": at.format("%Y-%m-%d").to_string(), "time": at.format("%H:%M").to_string(),
                    "hashtags": ["pan", "masamadre", "barcelona"],
                },
                "tiktok": {
                    "privacy": "PUBLIC_TO_EVERYONE",
                    "consent": { "givenAt": "2026-03-01T00:00:00Z", "text": "Acepto." },
                },
                "media": if i % 20 == 3 { json!([]) } else { media },
                "reviewed": true,
            }))
            .unwrap()
        })
        .collect()
}

/// A job for every second entry.
fn jobs(entries: &[CalendarEntry]) -> Vec<PublishJob> {
    entries
        .iter()
        .step_by(2)
        .map(|entry| {
            serde_json::from_value(json!({
                "id": entry.id, "calendarEntryId": entry.id, "userId": id(2, 0),
                "accountId": entry.account_id, "channel": entry.piece.channel,
                "scheduledAt": "2046-01-01T00:00:00Z", "status": "scheduled", "attemptCount": 0,
                "createdAt": "2026-03-20T10:00:00Z", "updatedAt": "2026-03-20T10:00:00Z",
            }))
            .unwrap()
        })
        .collect()
}

fn batch(c: &mut Criterion) {
    let accounts = accounts();
    let mut group = c.benchmark_group("readiness_calendar");
    for count in [10_000, 100_000] {
        let entries = entries(count);
        let jobs = jobs(&entries);
        group.throughput(Throughput::Elements(count as u64));
        if count > 10_000 {
            group.sample_size(20);
        }
        // The peer: the rules alone, without account, schedule, job and neighbours.
        group.bench_function(BenchmarkId::new("peer: the rules alone", count), |b| {
            let mut findings = Vec::new();
            b.iter(|| {
                for entry in black_box(&entries) {
                    findings.clear();
                    validate(RuleBook::builtin(), entry, None, &mut findings);
                    black_box(&findings);
                }
            });
        });
        group.bench_function(BenchmarkId::new("all", count), |b| {
            b.iter_with_large_drop(|| {
                CalendarReadiness::new(
                    black_box(&entries),
                    &accounts,
                    &jobs,
                    RuleBook::builtin(),
                    now(),
                )
                .unwrap()
            });
        });
    }
    group.finish();
}

fn one_change(c: &mut Criterion) {
    let accounts = accounts();
    let entries = entries(10_000);
    let jobs = jobs(&entries);
    let mut group = c.benchmark_group("readiness_one_change");
    let mut bench = |name: &str, change: fn(&mut CalendarEntry)| {
        let mut calendar =
            CalendarReadiness::new(&entries, &accounts, &jobs, RuleBook::builtin(), now()).unwrap();
        let changed: Vec<[CalendarEntry; 2]> = entries
            .iter()
            .skip(1_000)
            .step_by(97)
            .map(|entry| {
                let mut other = entry.clone();
                change(&mut other);
                [other, entry.clone()]
            })
            .collect();
        let mut turn = 0;
        group.bench_function(name, |b| {
            b.iter_batched(
                || {
                    turn += 1;
                    &changed[turn / 2 % changed.len()][turn % 2]
                },
                |entry| calendar.update(black_box(entry)),
                BatchSize::SmallInput,
            );
        });
    };
    bench("edited", |entry| entry.piece.copy.push_str(" Ven a verlo."));
    bench("media_removed", |entry| entry.media.clear());
    bench("moved_by_a_week", |entry| {
        let date = entry.piece.date.naive() + TimeDelta::days(7);
        entry.piece.date = calendar_publish::model::LocalDate::new(date).unwrap();
        entry.piece.time = "12:34".parse().unwrap();
    });
    bench("moved_onto_another", |entry| {
        let date = entry.piece.date.naive() + TimeDelta::days(7);
        entry.piece.date = calendar_publish::model::LocalDate::new(date).unwrap();
    });
    group.finish();
}

criterion_group!(benches, batch, one_change);
criterion_main!(benches);
