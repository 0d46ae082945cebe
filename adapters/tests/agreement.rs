//! Whatever is done in whatever order, the file answers as the store in memory does.

#![allow(clippy::unwrap_used)]

use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{
    Cadence, CalendarEntry, CalendarId, CalendarRun, EntryId, ReadinessState, RunId, RunStatus,
    Timestamp, UserId, deterministic_uuid,
};
use calendar_publish::ports::{SaveCalendar, Store};
use calendar_publish_adapters::sqlite::SqliteStore;
use futures_executor::block_on;
use proptest::prelude::*;
use tempfile::TempDir;

fn user(number: u8) -> UserId {
    UserId::new(deterministic_uuid(&["user", &number.to_string()]))
}

fn calendar(number: u8) -> CalendarId {
    CalendarId::new(deterministic_uuid(&["calendar", &number.to_string()]))
}

fn run_id(number: u8) -> RunId {
    RunId::new(deterministic_uuid(&["run", &number.to_string()]))
}

/// An entry, by the few things that a person changes.
#[derive(Clone, Debug)]
struct Edit {
    id: u8,
    key: Option<String>,
    copy: String,
    reviewed: bool,
    minutes: Option<i64>,
    readiness: Option<ReadinessState>,
}

impl Edit {
    fn entry(&self, calendar_id: CalendarId) -> CalendarEntry {
        let mut piece: calendar_publish::model::CalendarPiece = serde_json::from_str(
            r#"{"channel":"instagram","date":"2026-04-02","mood":{"tone":"warm"}}"#,
        )
        .unwrap();
        piece.copy.clone_from(&self.copy);
        let id = EntryId::new(deterministic_uuid(&["entry", &self.id.to_string()]));
        let mut entry = CalendarEntry::new(id, calendar_id, piece);
        entry.entry_key.clone_from(&self.key);
        entry.reviewed = self.reviewed;
        entry.scheduled_at = self.minutes.map(|m| Timestamp::from_millis(m * 60_000));
        entry.readiness = self.readiness;
        entry
    }
}

#[derive(Clone, Debug)]
struct Step {
    user: u8,
    calendar: u8,
    run: u8,
    /// How far the expected revision is from the one that is stored.
    stale_by: i64,
    manual: bool,
    entries: Vec<Edit>,
    generated: Option<Vec<Edit>>,
}

fn edit() -> impl Strategy<Value = Edit> {
    (
        0_u8..5,
        prop::option::of("\\PC{0,3}"),
        prop_oneof![
            Just(String::new()),
            Just("hola".to_owned()),
            any::<String>()
        ],
        any::<bool>(),
        prop::option::of(-10_000_000_i64..100_000_000),
        prop::option::of(prop_oneof![
            Just(ReadinessState::Ready),
            Just(ReadinessState::NeedsAttention)
        ]),
    )
        .prop_map(|(id, key, copy, reviewed, minutes, readiness)| Edit {
            id,
            key,
            copy,
            reviewed,
            minutes,
            readiness,
        })
}

fn step() -> impl Strategy<Value = Step> {
    (
        0_u8..2,
        0_u8..2,
        0_u8..8,
        prop_oneof![6 => Just(0_i64), 1 => -1_i64..2],
        any::<bool>(),
        prop::collection::vec(edit(), 0..5),
        prop::option::of(prop::collection::vec(edit(), 0..3)),
    )
        .prop_map(
            |(user, calendar, run, stale_by, manual, entries, generated)| Step {
                user,
                calendar,
                run,
                stale_by,
                manual,
                entries,
                generated,
            },
        )
}

fn save(step: &Step, revision: i64) -> SaveCalendar {
    let calendar_id = calendar(step.calendar);
    let run = CalendarRun {
        id: run_id(step.run),
        calendar_id,
        user_id: user(step.user),
        plan_id: None,
        status: RunStatus::Timeout,
        started_at: Timestamp::from_millis(1),
        completed_at: Timestamp::from_millis(2),
        piece_count: 3,
        cadence: if step.manual {
            Cadence::Manual
        } else {
            Cadence::Daily
        },
        channels: Vec::new(),
        start_date: None,
        end_date: None,
    };
    let entries = |edits: &[Edit]| edits.iter().map(|e| e.entry(calendar_id)).collect();
    let mut save = SaveCalendar::new(run, revision + step.stale_by, entries(&step.entries));
    save.generated = step.generated.as_deref().map(entries);
    save
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_file_and_the_memory_agree(steps in prop::collection::vec(step(), 1..12)) {
        let folder = TempDir::new().unwrap();
        let file = SqliteStore::open(folder.path().join("a.db")).unwrap();
        let memory = MemoryStore::default();
        for step in &steps {
            let (who, which) = (user(step.user), calendar(step.calendar));
            let stored = block_on(memory.calendar(who, which));
            let request = save(step, stored.map_or(0, |stored| stored.revision));
            prop_assert_eq!(
                block_on(file.save_calendar(request.clone())),
                block_on(memory.save_calendar(request))
            );
            prop_assert_eq!(
                block_on(file.calendar(who, which)),
                block_on(memory.calendar(who, which))
            );
            prop_assert_eq!(
                block_on(file.last_generation(who, which)),
                block_on(memory.last_generation(who, which))
            );
            prop_assert_eq!(
                block_on(file.runs(who, which)),
                block_on(memory.runs(who, which))
            );
        }
    }
}
