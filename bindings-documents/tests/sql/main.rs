//! The store that is made of SQL functions alone keeps every promise of the store: whoever can only call
//! `publish_store` with documents, as the npm package does, has the same one.
#![allow(clippy::panic, clippy::unwrap_used)]

mod database;
mod javascript;

use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::conformance::{job_store_suite, store_suite};
use calendar_publish::model::{
    CalendarEntry, CalendarId, EntryId, RunId, UserId, deterministic_uuid,
};
use calendar_publish::ports::{Clock, RefusedEntry, SaveCalendar, Store, StoreError};
use calendar_publish_adapters::postgres::PostgresStore;
use calendar_publish_documents::DocumentStore;
use calendar_publish_documents::ports::{DocumentPort, HostFailure};
use calendar_publish_postgres_harness::shared;
use serde_json::value::RawValue;
use tokio_postgres::Client;

use database::{client, migrate};

/// What the function answers: one of both.
#[derive(serde::Deserialize)]
struct Answer {
    answer: Option<Box<RawValue>>,
    error: Option<Box<RawValue>>,
}

/// Calls the SQL function, as the role of the service.
struct Sql {
    client: Client,
    clock: Option<Arc<dyn Clock>>,
}

impl Sql {
    /// Over a database of its own.
    async fn new(clock: Option<Arc<dyn Clock>>) -> Self {
        Self::over(&database::migrated_copy().await, clock).await
    }

    /// Over a migrated database.
    async fn over(url: &str, clock: Option<Arc<dyn Clock>>) -> Self {
        let client = client(url).await;
        client.batch_execute("set role service_role").await.unwrap();
        Self { client, clock }
    }

    /// Over a database that may not be migrated yet.
    async fn at(url: &str, clock: Option<Arc<dyn Clock>>) -> Self {
        migrate(&client(url).await).await;
        Self::over(url, clock).await
    }
}

#[async_trait]
impl DocumentPort for Sql {
    async fn call(&self, method: &'static str, request: String) -> Result<String, HostFailure> {
        let now = self.clock.as_ref().map(|clock| clock.now().to_string());
        let mut tries = 0;
        let row = loop {
            let asked = self
                .client
                .query_one(
                    "select public.publish_store($1, $2, $3::text::timestamptz)",
                    &[&method, &request, &now],
                )
                .await;
            match asked {
                Ok(row) => break row,
                Err(_) if tries < 3 => tries += 1,
                Err(error) => return Err(HostFailure::thrown(format!("{method}: {error:?}"))),
            }
        };
        let answer: Answer = serde_json::from_str(row.get(0)).unwrap();
        match (answer.answer, answer.error) {
            (_, Some(error)) => Err(HostFailure::refused(error.get())),
            (Some(answer), None) => Ok(answer.get().to_owned()),
            (None, None) => Ok("null".to_owned()),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_in_sql_conforms() {
    let passed = store_suite(async || DocumentStore::new(Sql::new(None).await))
        .await
        .unwrap();
    assert!(passed > 15, "{passed} cases");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_of_jobs_in_sql_conforms() {
    let passed = job_store_suite(async |clock| DocumentStore::new(Sql::new(Some(clock)).await))
        .await
        .unwrap();
    assert!(passed > 50, "{passed} cases");
}

fn named(name: &str) -> uuid::Uuid {
    deterministic_uuid(&[name])
}

/// A calendar whose payloads hold what jsonb can't.
fn odd(run: &str, expected: i64) -> SaveCalendar {
    let (user, calendar) = (named("ana"), named("abril"));
    let entry = |name: &str, title: &str, more: &str| {
        format!(
            r#"{{"id":"{}","calendarId":"{calendar}","entryKey":"{name}","piece":{{"title":{title},"channel":"tiktok","format":"video","copy":"","date":"2026-04-02","time":"09:00"{more}}},"scheduledAt":"2026-04-02T07:00:00.125Z","draft":true}}"#,
            named(name)
        )
    };
    let entries = [
        entry("null", r#""a\u0000b \\u0000 \\\u0000""#, ""),
        entry(
            "half",
            r#""🍞""#,
            r#","half":"\ud83c","huge":1e999999,"z":1.50,"a":"\u0007""#,
        ),
        entry("mark", "\"\u{e0f0}u0041 \u{e0f0}m\"", ""),
    ];
    let at = "2026-04-01T09:00:00Z";
    let mut save: SaveCalendar = serde_json::from_str(&format!(
        r#"{{"userId":"{user}","calendarId":"{calendar}","expectedRevision":{expected},"run":{{"id":"{}","calendarId":"{calendar}","userId":"{user}","status":"completed","startedAt":"{at}","completedAt":"{at}","pieceCount":3,"cadence":"weekly","channels":["tiktok","instagram"],"startDate":"2026-04-01"}},"entries":[{}]}}"#,
        named(run),
        entries.join(",")
    ))
    .unwrap();
    save.refused.push(RefusedEntry {
        id: EntryId::new(named("refused")),
        position: 3,
        payload: "no \0JSON \"\\\u{e0f1}\n\0".to_owned(),
        error: calendar_publish::Error::new(calendar_publish::Code::InputInvalid),
    });
    save.generated = Some(save.entries.clone());
    save
}

fn texts(entries: &[CalendarEntry]) -> Vec<String> {
    entries
        .iter()
        .map(|entry| serde_json::to_string(entry).unwrap())
        .collect()
}

/// Whoever saved, the other reads the same to the letter, and knows the save again.
#[tokio::test(flavor = "multi_thread")]
async fn the_store_in_sql_and_the_one_in_rust_are_one() {
    let url = shared().create_database();
    let rust = PostgresStore::connect(&url).await.unwrap();
    rust.migrate().await.unwrap();
    let sql = DocumentStore::new(Sql::at(&url, None).await);
    let (user, calendar) = (UserId::new(named("ana")), CalendarId::new(named("abril")));

    let first = odd("first", 0);
    assert_eq!(rust.save_calendar(first.clone()).await.unwrap().revision, 1);
    assert!(sql.save_calendar(first.clone()).await.unwrap().repeated);
    let mut second = odd("second", 1);
    second.entries[1].draft = false;
    assert_eq!(sql.save_calendar(second.clone()).await.unwrap().revision, 2);
    assert!(rust.save_calendar(second.clone()).await.unwrap().repeated);

    let stored = sql.calendar(user, calendar).await.unwrap();
    let revisions: Vec<i64> = stored.entries.iter().map(|entry| entry.revision).collect();
    assert_eq!(revisions, [1, 2, 1]);
    assert_eq!(stored.refused, second.refused);
    let saved = |entries: &[CalendarEntry]| {
        let pieces = entries.iter();
        pieces
            .map(|entry| serde_json::to_string(&entry.piece).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(saved(&stored.entries), saved(&second.entries));

    let same = rust.calendar(user, calendar).await.unwrap();
    assert_eq!(texts(&stored.entries), texts(&same.entries));
    assert_eq!(stored, same);
    let run = RunId::new(named("first"));
    assert_eq!(
        sql.run(user, calendar, run).await,
        rust.run(user, calendar, run).await
    );
    assert_eq!(
        sql.runs(user, calendar).await,
        rust.runs(user, calendar).await
    );
    assert_eq!(
        sql.last_generation(user, calendar).await,
        rust.last_generation(user, calendar).await
    );
}

/// A row that only the host has written is an entry where it is one, and blocks nothing where it isn't.
#[tokio::test(flavor = "multi_thread")]
async fn rows_of_the_host_are_read() {
    let url = shared().create_database();
    let sql = DocumentStore::new(Sql::at(&url, None).await);
    let client = client(&url).await;
    let (user, calendar) = (named("ana"), named("abril"));
    client
        .batch_execute(&format!(
            r#"insert into calendar_runs (id, calendar_id, user_id, status) values ('{run}', '{calendar}', '{user}', 'queued');
            insert into calendar_entries (id, run_id, calendar_id, user_id, payload) values
            ('{one}', '{run}', '{calendar}', '{user}', '{{"title": "Pan", "channel": "IG", "format": "post", "copy": "", "date": "2026-04-02", "time": "09:00", "order": 2}}'),
            ('{two}', '{run}', '{calendar}', '{user}', '{{"title": "?", "channel": "myspace", "order": 1}}')"#,
            run = named("run"),
            one = named("one"),
            two = named("two"),
        ))
        .await
        .unwrap();
    let stored = sql
        .calendar(UserId::new(user), CalendarId::new(calendar))
        .await
        .unwrap();
    assert_eq!(stored.revision, 0);
    assert_eq!(stored.entries[0].piece.title, "Pan");
    assert_eq!(stored.refused[0].title(), "?");
    assert_eq!(stored.refused[0].error.path, "payload.channel");
    let missing = sql
        .runs(UserId::new(named("eva")), CalendarId::new(calendar))
        .await;
    assert!(
        matches!(missing, Err(StoreError::NotFound { .. })),
        "{missing:?}"
    );
}
