//! What every store promises, and what many writers at once must not break.

use calendar_publish::conformance::{job_store_suite, store_suite};
use calendar_publish::model::Timestamp;
use calendar_publish::ports::{Store, StoreError};
use calendar_publish_adapters::postgres::PostgresStore;

use crate::fixture::{calendar, connect, database, entries, entry, save, store_at, user};

#[tokio::test(flavor = "multi_thread")]
async fn the_store_conforms() {
    let passed = store_suite(async || store_at(&database()).await)
        .await
        .unwrap();
    assert!(passed > 15, "{passed} cases");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_of_jobs_conforms() {
    let passed = job_store_suite(async |clock| store_at(&database()).await.with_clock(clock))
        .await
        .unwrap();
    assert!(passed > 50, "{passed} cases");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_writers_who_read_the_same_revision_one_wins() {
    let url = database();
    let first = store_at(&url).await;
    let second = PostgresStore::connect(&url).await.unwrap();
    for revision in 0..5 {
        let attempt = async |store: &PostgresStore, name: &str| {
            let run = format!("{name} {revision}");
            let request = save(user("ana"), &run, revision, entries(20));
            store.save_calendar(request).await
        };
        let (a, b, c, d) = tokio::join!(
            attempt(&first, "a"),
            attempt(&second, "b"),
            attempt(&first, "c"),
            attempt(&second, "d"),
        );
        let outcomes = [a, b, c, d];
        let saved = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(saved, 1, "{outcomes:?}");
        for refused in outcomes.into_iter().filter_map(Result::err) {
            let conflict = StoreError::RevisionConflict {
                expected: revision,
                found: revision + 1,
            };
            assert_eq!(refused, conflict);
        }
    }
    let runs = first.runs(user("ana"), calendar("abril")).await.unwrap();
    assert_eq!(runs.len(), 5);
}

#[tokio::test]
async fn ten_thousand_entries_are_saved_and_edited() {
    let store = store_at(&database()).await;
    let mut all = entries(10_000);
    store
        .save_calendar(save(user("ana"), "one", 0, all.clone()))
        .await
        .unwrap();
    all[7].piece.title = "Otro pan".to_owned();
    all.swap(0, 9_999);
    store
        .save_calendar(save(user("ana"), "two", 1, all.clone()))
        .await
        .unwrap();
    let stored = store
        .calendar(user("ana"), calendar("abril"))
        .await
        .unwrap();
    for entry in &mut all {
        entry.revision = 1;
    }
    all[7].revision = 2;
    assert!(stored.entries == all);
}

#[tokio::test]
async fn what_jsonb_cannot_hold_comes_back_and_the_host_still_reads_the_rest() {
    let url = database();
    let store = store_at(&url).await;
    let mut odd = entry("odd");
    odd.piece = serde_json::from_str(
        "{\"title\":\"a\\u0000b \\\\u0000\",\"channel\":\"tiktok\",\"date\":\"2026-04-02\",\"time\":\"09:00\",\
         \"half\":\"\\ud83c\",\"huge\":1e999999}",
    )
    .unwrap();
    let mut null = entry("null");
    null.piece.title = "a\0b \\u0000".to_owned();
    let request = save(user("ana"), "one", 0, vec![odd, null]);
    store.save_calendar(request.clone()).await.unwrap();
    let stored = store
        .calendar(user("ana"), calendar("abril"))
        .await
        .unwrap();
    let pieces = |entries: &[calendar_publish::model::CalendarEntry]| {
        let pieces = entries.iter();
        pieces
            .map(|entry| serde_json::to_string(&entry.piece).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(pieces(&stored.entries), pieces(&request.entries));
    let title: String = connect(&url)
        .await
        .query_one(
            "select payload ->> 'title' from public.calendar_entries where position = 1",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(title, "a\u{fffd}b \\u0000");
}

#[tokio::test]
async fn instants_keep_their_milliseconds_at_both_ends_of_time() {
    let store = store_at(&database()).await;
    let mut first = entry("first");
    first.scheduled_at = Some(Timestamp::MIN);
    let mut last = entry("last");
    last.scheduled_at = Some(Timestamp::MAX);
    store
        .save_calendar(save(user("ana"), "one", 0, vec![first, last]))
        .await
        .unwrap();
    let stored = store
        .calendar(user("ana"), calendar("abril"))
        .await
        .unwrap();
    let instants: Vec<_> = stored.entries.iter().map(|one| one.scheduled_at).collect();
    assert_eq!(instants, [Some(Timestamp::MIN), Some(Timestamp::MAX)]);
}
