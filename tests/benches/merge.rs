//! Merging a regeneration into a calendar of 10,000 entries, beside the host's own diff.
//!
//! The peer keys a piece by date, time, channel and title in a hash map, as the host does. It can't
//! recognise a piece that moved, so it does less; the comparison says what recognising costs.

use std::collections::HashMap;
use std::hint::black_box;

use calendar_publish::merge::{KeyedPiece, MergeChoices, MergeRequest, apply, diff, plan};
use calendar_publish::model::{
    CalendarDiff, CalendarEntry, CalendarId, CalendarPiece, EntryId, PieceUpdate,
    deterministic_uuid,
};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

const ENTRIES: u64 = 10_000;
const WORDS: [&str; 24] = [
    "pan",
    "masa",
    "horno",
    "harina",
    "receta",
    "barrio",
    "taller",
    "verano",
    "equipo",
    "tienda",
    "café",
    "dulce",
    "integral",
    "semilla",
    "sábado",
    "mañana",
    "oferta",
    "cliente",
    "historia",
    "vecino",
    "cuchillo",
    "mantequilla",
    "fermento",
    "corteza",
];

/// Text that looks like a calendar's: few words, often repeated.
fn text(seed: u64, length: u64) -> String {
    let word = |n: u64| {
        let mixed = (seed * 31 + n).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        WORDS[(mixed % WORDS.len() as u64) as usize]
    };
    (0..length).map(word).collect::<Vec<_>>().join(" ")
}

fn piece(number: u64) -> CalendarPiece {
    let first = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let date = first + chrono::Days::new(number / 8);
    serde_json::from_value(serde_json::json!({
        "title": text(number, 4),
        "copy": text(number + 7, 40),
        "channel": if number.is_multiple_of(2) { "tiktok" } else { "instagram" },
        "format": "reel",
        "date": date.to_string(),
        "time": format!("{:02}:00", 9 + number % 8),
        "hashtags": ["pan", "barrio", text(number, 1)],
    }))
    .unwrap()
}

fn keyed(change: impl Fn(u64, &mut CalendarPiece)) -> Vec<KeyedPiece> {
    let pieces = (0..ENTRIES).map(|number| {
        let mut piece = piece(number);
        change(number, &mut piece);
        piece.into()
    });
    pieces.collect()
}

fn next_day(piece: &mut CalendarPiece) {
    let next = piece.date.naive().succ_opt().unwrap();
    piece.date = calendar_publish::model::LocalDate::new(next).unwrap();
}

fn host_diff(before: &[KeyedPiece], after: &[KeyedPiece]) -> CalendarDiff {
    let key = |piece: &CalendarPiece| {
        format!(
            "{}|{}|{}|{}",
            piece.date, piece.time, piece.channel, piece.title
        )
    };
    let old: HashMap<String, &CalendarPiece> = before
        .iter()
        .map(|keyed| (key(&keyed.piece), &keyed.piece))
        .collect();
    let new: HashMap<String, &CalendarPiece> = after
        .iter()
        .map(|keyed| (key(&keyed.piece), &keyed.piece))
        .collect();
    let added = new.iter().filter(|(key, _)| !old.contains_key(*key));
    let removed = old.iter().filter(|(key, _)| !new.contains_key(*key));
    let both = new
        .iter()
        .filter_map(|(key, after)| old.get(key).map(|before| (*before, *after)));
    CalendarDiff {
        added: added.map(|(_, piece)| (*piece).clone()).collect(),
        updated: both
            .filter(|(before, after)| before != after)
            .map(|(before, after)| PieceUpdate {
                before: before.clone(),
                after: after.clone(),
                fields: Vec::new(),
            })
            .collect(),
        removed: removed.map(|(_, piece)| (*piece).clone()).collect(),
    }
}

fn merge(c: &mut Criterion) {
    let base = keyed(|_, _| {});
    let rewritten = keyed(|number, piece| {
        if number.is_multiple_of(10) {
            piece.script = Some("Plano del horno".to_owned());
        }
    });
    let moved = keyed(|_, piece| next_day(piece));
    let renamed = keyed(|number, piece| {
        next_day(piece);
        piece.title.push_str(&format!(" {number}"));
    });
    let mut group = c.benchmark_group("merge_10000");
    group.sample_size(10);
    group.bench_function("peer: the host's key diff, a tenth rewritten", |b| {
        b.iter(|| black_box(host_diff(&base, &rewritten)))
    });
    group.bench_function("diff, a tenth rewritten", |b| {
        b.iter(|| black_box(diff(&base, &rewritten)))
    });
    group.bench_function("diff, everything moved", |b| {
        b.iter(|| black_box(diff(&base, &moved)))
    });
    group.bench_function("diff, everything moved and renamed", |b| {
        b.iter(|| black_box(diff(&base, &renamed)))
    });

    let calendar_id = CalendarId::new(deterministic_uuid(&["calendar"]));
    let mine = base.iter().enumerate().map(|(number, keyed)| {
        let id = EntryId::new(deterministic_uuid(&["entry", &number.to_string()]));
        let mut piece = keyed.piece.clone();
        if number.is_multiple_of(7) {
            piece.copy.push_str(" ¡hoy!");
        }
        CalendarEntry::new(id, calendar_id, piece)
    });
    let request = MergeRequest {
        calendar_id,
        base: base.clone(),
        mine: mine.collect(),
        theirs: moved,
        complete: true,
        frozen: Vec::new(),
    };
    group.bench_function("plan and apply, everything moved, no ids", |b| {
        b.iter_batched(
            || request.clone(),
            |request| black_box(plan(request).and_then(|plan| apply(plan, &MergeChoices::ALL))),
            BatchSize::LargeInput,
        )
    });
    group.finish();
}

criterion_group!(benches, merge);
criterion_main!(benches);
