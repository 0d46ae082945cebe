//! A file that an earlier version wrote.

use calendar_publish::model::{AccountStatus, CalendarRun, RunId, deterministic_uuid};
use calendar_publish::ports::{JobFilter, JobStore, SaveCalendar, Store};
use calendar_publish_adapters::sqlite::{OpenError, SqliteStore};
use futures_executor::block_on;
use rusqlite::Connection;
use tempfile::TempDir;

use super::fixture::{account, calendar, claim, clock, entry, new_job, nine, open, schedule, user};

/// The schema of the version before jobs, as it was.
const FIRST: &str = include_str!("../../src/sqlite/migrations/0001_calendars.sql");

/// A file of schema 1 with a calendar, an account, an intent and a command in it.
fn old_file(path: &std::path::Path) {
    let old = Connection::open(path).unwrap();
    old.execute_batch(FIRST).unwrap();
    let (user, calendar, run) = (user(0), calendar(), run_id());
    let piece = r#"{"title":"Pan","channel":"instagram","date":"2026-04-01","mood":1.50}"#;
    old.execute_batch(&format!(
        r#"CREATE TABLE calendar_publish_schema (version INTEGER NOT NULL PRIMARY KEY);
           INSERT INTO calendar_publish_schema VALUES (1);
           BEGIN;
           INSERT INTO calendars VALUES ('{user}', '{calendar}', 1, '{run}');
           INSERT INTO calendar_runs VALUES ('{user}', '{run}', '{calendar}', 1, NULL, 'completed',
               '2026-03-01T09:00:00Z', '2026-03-01T09:00:09Z', 1, 'manual', '["instagram"]', NULL, NULL,
               NULL, 'none', 'f');
           INSERT INTO calendar_entries (user_id, run_id, position, id, calendar_id, payload, channel, revision)
               VALUES ('{user}', '{run}', 0, '{entry}', '{calendar}', '{piece}', 'instagram', 1);
           INSERT INTO publish_intents (user_id, id, calendar_id, entry_id, channel, payload, status, created_at)
               VALUES ('{user}', '{run}', '{calendar}', '{entry}', 'instagram', '{{}}', 'dry_run', '2026-03-01T09:00:00Z');
           INSERT INTO publish_commands VALUES ('{user}', 'k', 'f', '[]');
           INSERT INTO channel_accounts VALUES ('{user}', '{account}', 'instagram', '178', '@pan',
               'Europe/Madrid', 'ok', NULL, '{{"scopes":[],"graceMinutes":15}}');
           COMMIT;"#,
        entry = entry(1, "").id,
        account = account(1).id,
    ))
    .unwrap();
}

fn run_id() -> RunId {
    RunId::new(deterministic_uuid(&["run"]))
}

/// Every row of the tables that the file had before.
fn rows(path: &std::path::Path) -> Vec<String> {
    let file = Connection::open(path).unwrap();
    let mut found = Vec::new();
    for table in [
        "calendars",
        "calendar_runs",
        "calendar_entries",
        "generated_entries",
        "refused_entries",
        "publish_intents",
        "publish_commands",
        "channel_accounts",
    ] {
        let mut statement = file.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query(()).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<_> = (0..columns).map(|i| row.get_ref(i).unwrap()).collect();
            found.push(format!("{table}: {cells:?}"));
        }
    }
    found
}

#[test]
fn an_old_file_keeps_its_rows_and_learns_of_jobs() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    old_file(&path);
    let before = rows(&path);
    assert_eq!(before.len(), 6);
    for _ in 0..2 {
        drop(SqliteStore::open(&path).unwrap());
        assert_eq!(rows(&path), before);
    }
    let store = open(&path, &clock());
    let stored = block_on(store.calendar(user(0), calendar())).unwrap();
    assert_eq!(stored.entries[0].piece.title, "Pan");
    let accounts = block_on(store.accounts(user(0))).unwrap();
    assert_eq!(accounts[0].status, AccountStatus::Ok);
    assert!(
        block_on(store.all_jobs(JobFilter::default()))
            .unwrap()
            .is_empty()
    );
    schedule(&store, vec![new_job(1, 1, nine())]);
    let claimed = claim(&store, 10);
    assert_eq!(claimed.jobs[0].account.grace_minutes, Some(15));
    let run = CalendarRun {
        id: RunId::new(deterministic_uuid(&["another run"])),
        ..stored.run
    };
    let saved = block_on(store.save_calendar(SaveCalendar::new(run, 1, stored.entries))).unwrap();
    assert_eq!(saved.revision, 2);
}

#[test]
fn a_file_of_a_version_to_come_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    drop(SqliteStore::open(&path).unwrap());
    let file = Connection::open(&path).unwrap();
    let known: i64 = file
        .query_row(
            "SELECT max(version) FROM calendar_publish_schema",
            (),
            |row| row.get(0),
        )
        .unwrap();
    file.execute(
        "INSERT INTO calendar_publish_schema (version) VALUES (?1)",
        [known + 1],
    )
    .unwrap();
    assert_eq!(
        SqliteStore::open(&path).unwrap_err(),
        OpenError::SchemaNewer {
            path,
            found: known + 1,
            known
        }
    );
}
