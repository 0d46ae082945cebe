//! Reading 10,000 pieces leniently, beside the plain strict reader over the same bytes.

use std::hint::black_box;

use calendar_publish::model::{CalendarPiece, read_pieces};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const PIECES: usize = 10_000;

fn calendar() -> Vec<u8> {
    let pieces: Vec<String> = (0..PIECES)
        .map(|index| {
            format!(
                r##"{{"id":"0190a1b2-0000-7000-8000-{index:012}","title":"Receta {index}","channel":"instagram","format":"carrusel","copy":"Pan de hoy, ¡mañana no!\n\nLa receta completa, con sus tiempos y sus trucos, paso a paso para que salga a la primera.","script":null,"targetAudience":"Vecinos del barrio","date":"2026-04-{:02}","time":"09:30","hashtags":["#pan","#masamadre","#barrio"],"order":{index},"status":"draft"}}"##,
                index % 30 + 1
            )
        })
        .collect();
    format!("[{}]", pieces.join(",")).into_bytes()
}

fn bench(c: &mut Criterion) {
    let json = calendar();
    let mut group = c.benchmark_group("read_pieces");
    group.throughput(Throughput::Elements(PIECES as u64));
    group.sample_size(20);
    group.bench_function("read_pieces", |b| {
        b.iter(|| {
            let reading = read_pieces(black_box(&json)).unwrap();
            assert_eq!(reading.pieces.len(), PIECES);
            reading
        });
    });
    group.bench_function("peer: strict serde", |b| {
        b.iter(|| serde_json::from_slice::<Vec<CalendarPiece>>(black_box(&json)).unwrap());
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
