//! Exports against the bare crates that do the same work, over the same entries.

use std::hint::black_box;
use std::io::{BufWriter, Write, sink};

use calendar_publish::export::{
    CsvOptions, ExportedEntry, IcalOptions, JsonHead, export_csv, export_ical, export_json,
};
use calendar_publish::import::{CsvImportOptions, JsonImportOptions, read_csv, read_json};
use calendar_publish::model::{CalendarEntry, Zone};
use calendar_publish_tests::calendars::{calendar, calendar_id, rows};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use csv::{QuoteStyle, ReaderBuilder, Terminator, WriterBuilder};

fn head() -> JsonHead {
    JsonHead {
        calendar_id: calendar_id().unwrap(),
        run_id: None,
        exported_at: None,
    }
}

fn zone() -> Zone {
    "Europe/Madrid".parse().unwrap()
}

// Both sides write through a buffer of their own into a writer that takes anything, so that the time
// holds no growing vector, and both read strings that were allocated one after the other.

fn csv_of(entries: &[ExportedEntry], out: impl Write) {
    let rows = entries.iter().map(ExportedEntry::row);
    export_csv(rows, &CsvOptions::default(), out).unwrap();
}

fn json_of(entries: &[ExportedEntry], out: impl Write) {
    let rows = entries.iter().map(ExportedEntry::row);
    export_json(rows, &head(), out).unwrap();
}

/// The finished cells of the export, for the bare csv crate to write.
fn cells_of(csv: &[u8]) -> Vec<Vec<String>> {
    ReaderBuilder::new()
        .has_headers(false)
        .from_reader(csv)
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn bare_csv(records: &[Vec<String>], out: impl Write) {
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .buffer_capacity(64 * 1024)
        .from_writer(out);
    for record in records {
        writer.write_record(record).unwrap();
    }
    writer.flush().unwrap();
}

fn bare_json(document: &BareDocument, out: impl Write) {
    let mut out = BufWriter::with_capacity(64 * 1024, out);
    serde_json::to_writer(&mut out, document).unwrap();
    out.flush().unwrap();
}

/// The same structure in memory, for bare serde_json to write.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct BareDocument {
    schema_version: u32,
    calendar_id: String,
    entries: Vec<ExportedEntry>,
}

fn bare_document(entries: &[CalendarEntry]) -> BareDocument {
    BareDocument {
        schema_version: 1,
        calendar_id: calendar_id().unwrap().to_string(),
        entries: entries
            .iter()
            .map(|entry| ExportedEntry {
                entry: entry.clone(),
                readiness: None,
                timezone: Some(zone()),
            })
            .collect(),
    }
}

fn exports(criterion: &mut Criterion) {
    for count in [10_000, 100_000] {
        let entries = calendar(count).unwrap();
        let document = bare_document(&entries);
        let (mut csv, mut json, mut out) = (Vec::new(), Vec::new(), Vec::new());
        csv_of(&document.entries, &mut csv);
        json_of(&document.entries, &mut json);
        let records = cells_of(&csv);
        bare_csv(&records, &mut out);
        assert_eq!(out, csv);
        out.clear();
        bare_json(&document, &mut out);
        assert_eq!(out, json);

        let mut group = criterion.benchmark_group("export_csv");
        group.sample_size(20);
        group.throughput(Throughput::Bytes(csv.len() as u64));
        group.bench_function(BenchmarkId::new("ours", count), |b| {
            b.iter(|| csv_of(black_box(&document.entries), sink()));
        });
        group.bench_function(BenchmarkId::new("peer: csv crate", count), |b| {
            b.iter(|| bare_csv(black_box(&records), sink()));
        });
        group.finish();

        let mut group = criterion.benchmark_group("export_json");
        group.sample_size(20);
        group.throughput(Throughput::Bytes(json.len() as u64));
        group.bench_function(BenchmarkId::new("ours", count), |b| {
            b.iter(|| json_of(black_box(&document.entries), sink()));
        });
        group.bench_function(BenchmarkId::new("peer: serde_json", count), |b| {
            b.iter(|| bare_json(black_box(&document), sink()));
        });
        group.finish();

        let mut group = criterion.benchmark_group("export_ical");
        group.sample_size(10);
        let options = IcalOptions {
            stamp: "2026-04-01T09:00:00Z".parse().unwrap(),
        };
        group.bench_function(BenchmarkId::new("ours", count), |b| {
            b.iter(|| export_ical(rows(black_box(&entries), zone()), &options, sink()));
        });
        group.finish();

        let mut group = criterion.benchmark_group("import");
        group.sample_size(10);
        group.bench_function(BenchmarkId::new("csv", count), |b| {
            b.iter(|| read_csv(black_box(csv.as_slice()), &CsvImportOptions::default()).unwrap());
        });
        let options = JsonImportOptions {
            max_bytes: u32::MAX,
            ..JsonImportOptions::default()
        };
        group.bench_function(BenchmarkId::new("json", count), |b| {
            b.iter(|| read_json(black_box(json.as_slice()), &options).unwrap());
        });
        group.finish();
    }
}

criterion_group!(benches, exports);
criterion_main!(benches);
