//! The SQLite store: the common suite, what the file itself must withstand, and its speed.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::Duration;

use calendar_publish::conformance::store_suite;
use calendar_publish::model::{
    Cadence, CalendarEntry, CalendarId, CalendarRun, EntryId, RunId, RunStatus, Timestamp, UserId,
    deterministic_uuid,
};
use calendar_publish::ports::{SaveCalendar, Store, StoreError};
use calendar_publish::{Code, Error};
use calendar_publish_adapters::sqlite::{OpenError, SqliteStore};
use futures_executor::block_on;
use rusqlite::Connection;
use tempfile::TempDir;

fn user() -> UserId {
    UserId::new(deterministic_uuid(&["user"]))
}

fn calendar() -> CalendarId {
    CalendarId::new(deterministic_uuid(&["calendar"]))
}

fn save(name: &str, expected_revision: i64, entries: Vec<CalendarEntry>) -> SaveCalendar {
    let run = CalendarRun {
        id: RunId::new(deterministic_uuid(&["run", name])),
        calendar_id: calendar(),
        user_id: user(),
        plan_id: None,
        status: RunStatus::Completed,
        started_at: Timestamp::from_millis(0),
        completed_at: Timestamp::from_millis(0),
        piece_count: 0,
        cadence: Cadence::Weekly,
        channels: Vec::new(),
        start_date: None,
        end_date: None,
    };
    SaveCalendar::new(run, expected_revision, entries)
}

fn entries(count: usize) -> Vec<CalendarEntry> {
    let piece = serde_json::from_str(
        r#"{"title":"Pan","channel":"tiktok","format":"video","copy":"Recién hecho, como cada mañana.",
            "script":"Plano corto de la masa","date":"2026-04-02","time":"09:00","hashtags":["pan"],"mood":1.50}"#,
    )
    .unwrap();
    (0..count)
        .map(|index| {
            let id = EntryId::new(deterministic_uuid(&["entry", &index.to_string()]));
            CalendarEntry::new(id, calendar(), Clone::clone(&piece))
        })
        .collect()
}

#[test]
fn the_sqlite_store_conforms() {
    let folder = TempDir::new().unwrap();
    let count = AtomicUsize::new(0);
    let passed = block_on(store_suite(async || {
        let number = count.fetch_add(1, Ordering::Relaxed);
        SqliteStore::open(folder.path().join(format!("{number}.db"))).unwrap()
    }))
    .unwrap();
    assert!(passed > 15, "{passed} cases");
}

#[test]
fn a_reopened_file_holds_what_was_saved() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("calendario de Ana.db");
    let store = SqliteStore::open(&path).unwrap();
    block_on(store.save_calendar(save("one", 0, entries(3)))).unwrap();
    let before = block_on(store.calendar(user(), calendar())).unwrap();
    drop(store);
    for _ in 0..2 {
        let store = SqliteStore::open(&path).unwrap();
        assert_eq!(
            block_on(store.calendar(user(), calendar())).unwrap(),
            before
        );
    }
}

#[test]
fn the_payload_is_the_hosts_piece_to_the_letter() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let store = SqliteStore::open(&path).unwrap();
    block_on(store.save_calendar(save("one", 0, entries(1)))).unwrap();
    let payload: String = Connection::open(&path)
        .unwrap()
        .query_row("SELECT payload FROM calendar_entries", (), |row| row.get(0))
        .unwrap();
    assert!(payload.contains(r#""mood":1.50"#), "{payload}");
    assert!(payload.contains(r#""title":"Pan""#), "{payload}");
}

#[test]
fn the_file_is_durable_and_checks_its_references() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let _store = SqliteStore::open(&path).unwrap();
    let connection = Connection::open(&path).unwrap();
    let mode: String = connection
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    connection
        .pragma_update(None, "foreign_keys", "ON")
        .unwrap();
    let orphan = connection.execute(
        "INSERT INTO calendar_entries (user_id, run_id, position, id, calendar_id, payload)
         VALUES ('u', 'no run', 0, 'e', 'c', '{}')",
        (),
    );
    assert!(orphan.is_err());
}

#[test]
fn a_row_that_somebody_else_wrote_badly_blocks_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let store = SqliteStore::open(&path).unwrap();
    block_on(store.save_calendar(save("one", 0, entries(3)))).unwrap();
    let payload = r#"{"title": "Hilo", "channel": "facebook", "date": "2026-04-02"}"#;
    Connection::open(&path)
        .unwrap()
        .execute(
            "UPDATE calendar_entries SET payload = ?1 WHERE position = 1",
            [payload],
        )
        .unwrap();
    let stored = block_on(store.calendar(user(), calendar())).unwrap();
    assert_eq!(stored.entries.len(), 2);
    assert_eq!(stored.refused.len(), 1);
    let refused = &stored.refused[0];
    assert_eq!(refused.error.code, Code::ChannelUnsupported);
    assert_eq!(refused.position, 1);
    assert_eq!(refused.payload, payload);
    assert_eq!(refused.title(), "Hilo");
}

#[test]
fn a_damaged_column_is_named() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let store = SqliteStore::open(&path).unwrap();
    block_on(store.save_calendar(save("one", 0, entries(1)))).unwrap();
    Connection::open(&path)
        .unwrap()
        .execute("UPDATE calendar_runs SET status = 'perhaps'", ())
        .unwrap();
    let error = block_on(store.calendar(user(), calendar())).unwrap_err();
    assert!(
        matches!(&error, StoreError::Corrupt { place, .. } if place == "calendar_runs.status"),
        "{error}"
    );
    assert_eq!(Error::from(error).code, Code::StoreCorrupt);
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("no").join("a.db");
    assert_eq!(
        SqliteStore::open(&missing).unwrap_err(),
        OpenError::DirectoryMissing {
            path: folder.path().join("no")
        }
    );
    assert_eq!(
        SqliteStore::open(folder.path()).unwrap_err(),
        OpenError::NotAFile {
            path: folder.path().to_owned()
        }
    );
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "Lista de la compra: harina, sal, agua. ".repeat(50)).unwrap();
    assert_eq!(
        SqliteStore::open(&text).unwrap_err(),
        OpenError::NotADatabase { path: text.clone() }
    );
    assert!(
        std::fs::read_to_string(&text)
            .unwrap()
            .starts_with("Lista de")
    );
}

#[test]
fn a_file_whose_middle_was_overwritten_is_damaged_and_not_merely_unavailable() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    drop(SqliteStore::open(&path).unwrap());
    let mut bytes = std::fs::read(&path).unwrap();
    let end = bytes.len() * 3 / 4;
    // The header of a SQLite file ends at byte 100.
    bytes[100..end].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
    assert_eq!(Error::from(error).code, Code::StoreCorrupt);
}

#[test]
fn a_read_only_file_says_so() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    drop(SqliteStore::open(&path).unwrap());
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    // Root may write whatever the permissions say; then the file is no read-only file.
    if std::fs::OpenOptions::new().append(true).open(&path).is_ok() {
        assert!(SqliteStore::open(&path).is_ok());
    } else {
        assert_eq!(
            SqliteStore::open(&path).unwrap_err(),
            OpenError::ReadOnly { path }
        );
    }
}

#[test]
fn a_locked_file_says_so_and_a_save_waits_its_turn() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let store = SqliteStore::open_patiently(&path, Duration::from_millis(50)).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(
        SqliteStore::open_patiently(&path, Duration::from_millis(50)).unwrap_err(),
        OpenError::Locked { path: path.clone() }
    );
    let error = block_on(store.save_calendar(save("one", 0, entries(1)))).unwrap_err();
    assert_eq!(Error::from(error).code, Code::StoreUnavailable);
    other.execute_batch("ROLLBACK").unwrap();
    block_on(store.save_calendar(save("one", 0, entries(1)))).unwrap();
}

#[test]
fn a_newer_schema_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    drop(SqliteStore::open(&path).unwrap());
    Connection::open(&path)
        .unwrap()
        .execute(
            "INSERT INTO calendar_publish_schema (version) VALUES (99)",
            (),
        )
        .unwrap();
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(
        matches!(error, OpenError::SchemaNewer { found: 99, .. }),
        "{error}"
    );
    assert_eq!(Error::from(error).code, Code::StoreSchemaNewer);
}

#[test]
fn a_hosts_own_tables_are_left_as_they_were() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let host = Connection::open(&path).unwrap();
    host.execute_batch(
        "CREATE TABLE assets (id TEXT); INSERT INTO assets VALUES ('x'); PRAGMA user_version = 7;",
    )
    .unwrap();
    drop(SqliteStore::open(&path).unwrap());
    let version: i64 = host
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    let asset: String = host
        .query_row("SELECT id FROM assets", (), |row| row.get(0))
        .unwrap();
    assert_eq!((version, asset.as_str()), (7, "x"));
}

#[test]
fn a_new_file_can_be_opened_by_many_at_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    std::thread::scope(|scope| {
        let opened: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| SqliteStore::open(&path).map(drop)))
            .collect();
        for thread in opened {
            thread.join().unwrap().unwrap();
        }
    });
}

#[test]
fn of_two_writers_one_is_told_of_the_conflict_and_nothing_is_lost() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    for round in 0..10 {
        let answers: Vec<_> = std::thread::scope(|scope| {
            let writers: Vec<_> = ["ana", "luis"]
                .map(|who| {
                    let path: &Path = &path;
                    scope.spawn(move || {
                        let store = SqliteStore::open(path).unwrap();
                        let request = save(&format!("{who} {round}"), round, entries(20));
                        block_on(store.save_calendar(request))
                    })
                })
                .into_iter()
                .collect();
            writers.into_iter().map(|w| w.join().unwrap()).collect()
        });
        let saved = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(saved, 1, "{answers:?}");
        assert!(
            answers.contains(&Err(StoreError::RevisionConflict {
                expected: round,
                found: round + 1
            })),
            "{answers:?}"
        );
    }
}

#[test]
fn a_save_that_nobody_waits_for_is_done_wholly() {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path().join("a.db")).unwrap();
    let mut saving = store.save_calendar(save("one", 0, entries(500)));
    let _ = saving
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    drop(saving);
    let stored = block_on(store.calendar(user(), calendar())).unwrap();
    assert_eq!((stored.revision, stored.entries.len()), (1, 500));
}

#[test]
fn ten_thousand_entries_are_saved_and_read_back() {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path().join("a.db")).unwrap();
    let all = entries(10_000);
    for revision in 0..2 {
        let request = save(&revision.to_string(), revision, all.clone());
        block_on(store.save_calendar(request)).unwrap();
    }
    let stored = block_on(store.calendar(user(), calendar())).unwrap();
    assert_eq!((stored.revision, stored.entries.len()), (2, 10_000));
}
