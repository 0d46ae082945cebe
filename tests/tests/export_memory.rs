//! Exports hold no more for 100,000 entries than for ten, and neither do imports.
//!
//! The allocator counts for the whole process, so this file is one test of its own.

use std::alloc::System;
use std::cell::Cell;
use std::io::{self, Read, Write};

use calendar_publish::export::{
    ColumnSet, CsvOptions, IcalOptions, JsonHead, export_csv, export_ical, export_json,
};
use calendar_publish::import::{
    CsvImportOptions, Imported, JsonImportOptions, import_csv, import_json,
};
use calendar_publish_tests::calendars::{calendar, calendar_id, rows};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ENTRIES: usize = 100_000;
const ALLOWED_BYTES: isize = 4 * 1024 * 1024;

fn live_bytes() -> isize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated as isize - stats.bytes_deallocated as isize
}

/// The most that was held above the beginning, over all moments it was looked at.
struct Peak {
    begin: isize,
    most: Cell<isize>,
}

impl Peak {
    fn new() -> Self {
        Self {
            begin: live_bytes(),
            most: Cell::new(0),
        }
    }

    fn look(&self) {
        self.most
            .set(self.most.get().max(live_bytes() - self.begin));
    }

    fn hold(&self, what: &str) {
        let most = self.most.get();
        println!("{what}: {} KiB", most / 1024);
        assert!(most > 0, "{what}: nothing was counted");
        assert!(most < ALLOWED_BYTES, "{what}: {most} bytes were held");
    }
}

/// Passes everything on and looks at the memory each time.
struct Looking<'a, T>(&'a Peak, T);

impl<T: Write> Write for Looking<'_, T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.look();
        self.1.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.1.flush()
    }
}

impl<T: Read> Read for Looking<'_, T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.look();
        self.1.read(bytes)
    }
}

#[test]
fn a_hundred_thousand_entries_hold_less_than_four_mebibytes() {
    let entries = calendar(ENTRIES).unwrap();
    let zone = "Europe/Madrid".parse().unwrap();
    let head = JsonHead {
        calendar_id: calendar_id().unwrap(),
        run_id: None,
        exported_at: None,
    };
    let csv_options = CsvOptions {
        columns: ColumnSet::Extended,
        ..CsvOptions::default()
    };
    let ical_options = IcalOptions {
        stamp: "2026-04-01T09:00:00Z".parse().unwrap(),
    };

    let peak = Peak::new();
    let looking = || rows(&entries, zone).inspect(|_| peak.look());
    export_csv(looking(), &csv_options, Looking(&peak, io::sink())).unwrap();
    peak.hold("CSV out");
    let peak = Peak::new();
    let looking = || rows(&entries, zone).inspect(|_| peak.look());
    export_json(looking(), &head, Looking(&peak, io::sink())).unwrap();
    peak.hold("JSON out");
    let peak = Peak::new();
    let looking = || rows(&entries, zone).inspect(|_| peak.look());
    export_ical(looking(), &ical_options, Looking(&peak, io::sink())).unwrap();
    peak.hold("iCalendar out");

    let mut csv = Vec::new();
    export_csv(rows(&entries, zone), &csv_options, &mut csv).unwrap();
    let mut json = Vec::new();
    export_json(rows(&entries, zone), &head, &mut json).unwrap();
    drop(entries);

    let mut taken = 0;
    let peak = Peak::new();
    let count = |item: Imported<_>| taken += usize::from(matches!(item, Imported::Taken(_)));
    let input = Looking(&peak, csv.as_slice());
    import_csv(input, &CsvImportOptions::default(), count).unwrap();
    peak.hold("CSV in");
    assert_eq!(taken, ENTRIES);

    let mut taken = 0;
    let peak = Peak::new();
    let count = |item: Imported<_>| taken += usize::from(matches!(item, Imported::Taken(_)));
    let options = JsonImportOptions {
        max_bytes: u32::MAX,
        ..JsonImportOptions::default()
    };
    import_json(Looking(&peak, json.as_slice()), &options, count).unwrap();
    peak.hold("JSON in");
    assert_eq!(taken, ENTRIES);
}
