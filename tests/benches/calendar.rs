//! A calendar that is held: loading it, one edit, a page, a shift of everything, a file.
//!
//! Bars: an edit in at most 0.1 ms and a page of 50 tiles in at most 0.5 ms, of 10,000 and of 100,000 entries;
//! a shift of 10,000 with their readiness, or what time it is, in at most 22 ms; CSV of 10,000 in at most
//! 16 ms. They hold in WebAssembly, so that here half of each is the most.

use std::hint::black_box;

use calendar_publish::calendar::{Calendar, CalendarDocument};
use calendar_publish::model::{ChannelAccount, Timestamp};
use calendar_publish_tests::calendars::calendar;
use chrono::TimeDelta;
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use serde_json::json;

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn account(number: usize, channel: &str) -> ChannelAccount {
    serde_json::from_value(json!({
        "id": format!("018f0000-0000-7000-8001-{number:012x}"),
        "userId": "018f0000-0000-7000-8002-000000000000", "externalAccountId": "1",
        "displayName": "Panadería", "channel": channel, "timezone": "Europe/Madrid", "status": "ok",
    }))
    .unwrap()
}

fn document(count: usize) -> Vec<u8> {
    let document = CalendarDocument {
        entries: calendar(count).unwrap(),
        accounts: vec![account(0, "tiktok"), account(1, "instagram")],
        ..CalendarDocument::default()
    };
    serde_json::to_vec(&document).unwrap()
}

fn held(c: &mut Criterion) {
    let mut group = c.benchmark_group("calendar");
    group.sample_size(20);
    for count in [10_000, 100_000] {
        let bytes = document(count);
        let id = |what: &str| BenchmarkId::new(what, count);
        let load = || Calendar::load(&bytes, now()).unwrap();
        let mut calendar = load();
        if count == 10_000 {
            group.bench_function(id("load"), |b| b.iter(load));
            group.bench_function(id("parse alone"), |b| {
                b.iter(|| serde_json::from_slice::<CalendarDocument>(&bytes).unwrap());
            });
        }
        let entry = calendar.entries()[count / 2].clone();
        let edit = |title: &str| {
            let mut edited = entry.clone();
            edited.piece.title = title.to_owned();
            json!({ "entry": edited }).to_string()
        };
        let edits = [edit("Pan"), edit("Vino")];
        let mut turn = 0;
        group.bench_function(id("edit, as a document"), |b| {
            b.iter(|| {
                turn += 1;
                calendar.call("put", &edits[turn % 2]).unwrap()
            });
        });
        let offset = count / 2;
        for (what, filter) in [("all", ""), ("filtered", r#","channel":"tiktok""#)] {
            let request = format!(r#"{{"offset":{},"limit":50{filter}}}"#, offset / 2);
            group.bench_function(id(&format!("page of {what}, as a document")), |b| {
                b.iter(|| calendar.call("page", black_box(&request)).unwrap());
            });
        }
        let ids: Vec<_> = calendar.entries().iter().map(|entry| entry.id).collect();
        let mut days = -40;
        group.bench_function(id("shift of all, as a document"), |b| {
            b.iter(|| {
                days = -days;
                let offset = json!({ "type": "days", "days": days });
                let request = json!({ "entryIds": ids, "offset": offset }).to_string();
                calendar.call("shift", &request).unwrap()
            });
        });
        let mut calendar = load();
        let mut minutes = 0;
        group.bench_function(id("what time it is, and a page"), |b| {
            b.iter(|| {
                minutes += 1;
                calendar
                    .set_now(now().plus(TimeDelta::minutes(minutes)))
                    .unwrap();
                calendar.call("page", r#"{"limit":50}"#).unwrap()
            });
        });
        group.bench_function(id("CSV"), |b| {
            b.iter(|| calendar.export_document(r#"{"format":"csv"}"#).unwrap());
        });
        group.bench_function(id("remove and put back"), |b| {
            let put = json!({ "entry": entry }).to_string();
            let remove = json!({ "entryId": entry.id }).to_string();
            b.iter_batched(
                || (),
                |()| {
                    calendar.call("remove", &remove).unwrap();
                    calendar.call("put", &put).unwrap()
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, held);
criterion_main!(benches);
