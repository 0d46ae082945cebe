//! A process is killed while it saves, again and again: the file holds the old calendar or the new
//! one, whole, every time.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};
use std::{env, thread};

use calendar_publish::model::{
    Cadence, CalendarEntry, CalendarId, CalendarRun, EntryId, RunId, RunStatus, Timestamp, UserId,
    deterministic_uuid,
};
use calendar_publish::ports::{SaveCalendar, Store, StoreError, StoredCalendar};
use calendar_publish_adapters::sqlite::SqliteStore;
use futures_executor::block_on;
use rusqlite::Connection;
use tempfile::TempDir;

/// The file that a child writes to; without it this binary is the test itself.
const FILE: &str = "CALENDAR_PUBLISH_KILL_FILE";
const ROUNDS: u32 = 30;

fn user() -> UserId {
    UserId::new(deterministic_uuid(&["user"]))
}

fn calendar() -> CalendarId {
    CalendarId::new(deterministic_uuid(&["calendar"]))
}

/// Calendars of odd revisions are "A" with 500 entries, of even ones "B" with 400, some of them the
/// same entries: a mixture would show in the number, in a title or in a revision.
fn content(revision: i64) -> Vec<CalendarEntry> {
    let (title, count) = if revision % 2 == 1 {
        ("A", 500)
    } else {
        ("B", 400)
    };
    let piece = serde_json::from_str(&format!(
        r#"{{"title":"{title}","channel":"tiktok","date":"2026-04-02","copy":"revisión {revision}"}}"#
    ))
    .unwrap();
    (0..count)
        .map(|index| {
            let id = EntryId::new(deterministic_uuid(&["entry", &index.to_string()]));
            CalendarEntry::new(id, calendar(), Clone::clone(&piece))
        })
        .collect()
}

fn save(revision: i64, process: &str) -> SaveCalendar {
    let run = CalendarRun {
        id: RunId::new(deterministic_uuid(&["run", process, &revision.to_string()])),
        calendar_id: calendar(),
        user_id: user(),
        plan_id: None,
        status: RunStatus::Completed,
        started_at: Timestamp::from_millis(revision),
        completed_at: Timestamp::from_millis(revision),
        piece_count: 0,
        cadence: Cadence::Manual,
        channels: Vec::new(),
        start_date: None,
        end_date: None,
    };
    SaveCalendar::new(run, revision - 1, content(revision))
}

fn revision(store: &SqliteStore) -> i64 {
    match block_on(store.calendar(user(), calendar())) {
        Ok(stored) => stored.revision,
        Err(StoreError::NotFound { .. }) => 0,
        Err(error) => panic!("{error}"),
    }
}

/// What the child does: it saves the one calendar and the other, until it is killed.
#[test]
fn child_saves_until_it_is_killed() {
    let Ok(file) = env::var(FILE) else { return };
    let store = SqliteStore::open(file).unwrap();
    let process = std::process::id().to_string();
    println!("saving");
    loop {
        let next = revision(&store) + 1;
        match block_on(store.save_calendar(save(next, &process))) {
            Ok(_) | Err(StoreError::RevisionConflict { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

fn start(file: &Path) -> Child {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child_saves_until_it_is_killed", "--nocapture"])
        .env(FILE, file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let saving = lines.map_while(Result::ok).any(|line| line == "saving");
    assert!(saving, "the child ended before it saved anything");
    child
}

fn check(stored: &StoredCalendar) {
    let expected = content(stored.revision);
    assert_eq!(stored.entries.len(), expected.len());
    for (stored, expected) in stored.entries.iter().zip(&expected) {
        assert_eq!((stored.id, &stored.piece), (expected.id, &expected.piece));
    }
    assert_eq!(stored.run.started_at.millis(), stored.revision);
    assert!(stored.refused.is_empty());
}

/// Checks the file as whoever opens it next finds it, and gives its revision.
fn reopen(file: &Path) -> i64 {
    let store = SqliteStore::open(file).unwrap();
    let found = revision(&store);
    if found > 0 {
        check(&block_on(store.calendar(user(), calendar())).unwrap());
        let runs = block_on(store.runs(user(), calendar())).unwrap();
        assert_eq!(
            runs.len() as i64,
            found,
            "a save is missing or stands twice"
        );
    }
    drop(store);
    let connection = Connection::open(file).unwrap();
    let verdict: String = connection
        .pragma_query_value(None, "integrity_check", |row| row.get(0))
        .unwrap();
    assert_eq!(verdict, "ok");
    let mut orphans = connection.prepare("PRAGMA foreign_key_check").unwrap();
    assert!(!orphans.exists(()).unwrap());
    found
}

/// Between 0 and 60 ms, so that the end comes before, in and after a save.
fn pause() {
    let nanos = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .subsec_nanos();
    thread::sleep(Duration::from_micros(u64::from(nanos / 7 % 60_000)));
}

#[test]
fn a_killed_save_leaves_the_old_calendar_or_the_new_one() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("a.db");
    let mut last = 0;
    for _ in 0..ROUNDS {
        let mut child = start(&file);
        pause();
        child.kill().unwrap();
        child.wait().unwrap();
        let found = reopen(&file);
        assert!(found >= last, "revision {found} after {last}");
        last = found;
    }
    assert!(last > 0, "no save was ever finished");
    println!("{ROUNDS} kills, {last} revisions");
}

#[test]
fn two_processes_that_save_lose_nothing_of_each_other() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("a.db");
    let mut children = [start(&file), start(&file)];
    let store = SqliteStore::open(&file).unwrap();
    while revision(&store) < 4 {
        for child in &mut children {
            assert_eq!(child.try_wait().unwrap(), None, "a child ended by itself");
        }
        thread::sleep(Duration::from_millis(20));
    }
    drop(store);
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(reopen(&file) >= 4);
}
