//! How long a healthy entry takes, against what no check can avoid: reading its caption once.

// A benchmark that can't be set up has nothing to measure.
use std::hint::black_box;

use calendar_publish::model::CalendarEntry;
use calendar_publish::rules::{RuleBook, count_text, validate};
use criterion::{Criterion, criterion_group, criterion_main};

const COPY: &str = "Hoy abrimos a las siete con pan de masa madre recién hecho, cruasanes y café de \
    especialidad. Pasa a desayunar con nosotros y llévate una barra de regalo con tu compra 🥐. \
    ¿Nos vemos mañana? #desayuno";

fn entry(name: &str) -> CalendarEntry {
    let path = format!(
        "{}/vectors/validateEntry/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(path).unwrap();
    let vector: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut entry: CalendarEntry =
        serde_json::from_value(vector["input"]["entry"].clone()).unwrap();
    entry.piece.copy = COPY.to_owned();
    entry.piece.hashtags = ["pan", "masamadre", "panaderia", "madrid"]
        .map(str::to_owned)
        .to_vec();
    entry
}

fn rules(c: &mut Criterion) {
    let book = RuleBook::builtin();
    let mut group = c.benchmark_group("rules");
    for name in [
        "healthy_instagram_reel",
        "healthy_tiktok_video",
        "healthy_instagram_carousel_of_an_image_and_a_video",
    ] {
        let entry = entry(name);
        let mut findings = Vec::new();
        validate(book, &entry, None, &mut findings);
        assert_eq!(findings, []);
        group.bench_function(name, |b| {
            b.iter(|| validate(black_box(book), black_box(&entry), None, &mut findings));
        });
    }
    group.bench_function("count_text", |b| {
        b.iter(|| count_text(black_box(COPY), calendar_publish::model::Channel::Instagram));
    });
    group.bench_function("peer: chars().count() and encode_utf16().count()", |b| {
        b.iter(|| {
            (
                black_box(COPY).chars().count(),
                black_box(COPY).encode_utf16().count(),
            )
        });
    });
    group.finish();
}

criterion_group!(benches, rules);
criterion_main!(benches);
