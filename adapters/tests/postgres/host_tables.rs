//! A database in which the host has lived before.

use calendar_publish::model::{Cadence, RunId};
use calendar_publish::ports::{Store, StoreError};
use calendar_publish::{Code, model::CalendarId, model::UserId};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::fixture::{connect, database, entries, save, store_at};

/// The host's tables with the host's columns alone, and two runs of one calendar.
const HOST: &str = r#"
    create schema auth;
    create function auth.uid() returns uuid language sql stable as $$
        select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
    create table calendar_runs (
        id uuid primary key default gen_random_uuid(), calendar_id uuid not null, user_id uuid not null,
        plan_id uuid, status text not null, started_at timestamptz, completed_at timestamptz, tokens int,
        model text, latency_ms int, piece_count int, diff jsonb, constraints jsonb, cadence text,
        channels text[], start_date date, end_date date, created_at timestamptz not null default now());
    create table calendar_entries (
        id uuid primary key default gen_random_uuid(), run_id uuid not null references calendar_runs (id),
        calendar_id uuid not null, user_id uuid not null, plan_id uuid, entry_key text, payload jsonb not null,
        created_at timestamptz not null default now());
    create table publish_intents (
        id uuid primary key default gen_random_uuid(), calendar_id uuid not null, run_id uuid,
        user_id uuid not null, channel text not null, payload jsonb not null, status text not null,
        error jsonb, created_at timestamptz not null default now());
    create table assets (
        id uuid primary key default gen_random_uuid(), user_id uuid not null, piece_id uuid, file_name text,
        file_url text, file_type text, file_size bigint, created_at timestamptz not null default now());
    alter table calendar_entries enable row level security;
    create policy own on calendar_entries using (user_id = auth.uid());

    insert into calendar_runs (id, calendar_id, user_id, status, cadence, channels, piece_count, created_at) values
        ('00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-00000000000c',
         '00000000-0000-4000-8000-00000000000d', 'completed', 'weekly', '{tiktok,facebook}', 3, '2026-03-01'),
        ('00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000000c',
         '00000000-0000-4000-8000-00000000000d', 'failed', 'weekly', null, null, '2026-03-02');
    insert into calendar_entries (id, run_id, calendar_id, user_id, entry_key, payload) values
        ('00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-0000000000a1',
         '00000000-0000-4000-8000-00000000000c', '00000000-0000-4000-8000-00000000000d', 'k1',
         '{"title":"Segunda","channel":"tiktok","format":"video","copy":"b","date":"2026-04-03","time":"10:00","order":2}'),
        ('00000000-0000-4000-8000-0000000000e2', '00000000-0000-4000-8000-0000000000a1',
         '00000000-0000-4000-8000-00000000000c', '00000000-0000-4000-8000-00000000000d', null,
         '{"title":"Primera","channel":"instagram","format":"reel","copy":"a","date":"2026-04-02","time":"10:00","order":1}'),
        ('00000000-0000-4000-8000-0000000000e3', '00000000-0000-4000-8000-0000000000a1',
         '00000000-0000-4000-8000-00000000000c', '00000000-0000-4000-8000-00000000000d', null,
         '{"title":"Hilo","channel":"myspace","date":"2026-04-04","time":"10:00","order":3}');
    insert into publish_intents (calendar_id, user_id, channel, payload, status) values
        ('00000000-0000-4000-8000-00000000000c', '00000000-0000-4000-8000-00000000000d', 'tiktok', '{}', 'queued');
    insert into assets (user_id, file_name) values ('00000000-0000-4000-8000-00000000000d', 'pan.mp4');
"#;

/// The host's columns of every row, as text.
const ROWS: &str = "
    select string_agg(row, e'\\n' order by row) from (
        select 'run ' || (id, calendar_id, user_id, plan_id, status, started_at, completed_at, tokens, model,
            latency_ms, piece_count, diff, constraints, cadence, channels, start_date, end_date, created_at)::text as row
        from calendar_runs
        union all select 'entry ' || (id, run_id, calendar_id, user_id, plan_id, entry_key, payload, created_at)::text
        from calendar_entries
        union all select 'intent ' || (id, calendar_id, run_id, user_id, channel, payload, status, error, created_at)::text
        from publish_intents
        union all select 'asset ' || assets::text from assets) rows";

async fn rows(client: &Client) -> String {
    client.query_one(ROWS, &[]).await.unwrap().get(0)
}

fn ana() -> UserId {
    UserId::new(Uuid::from_u128(0x00000000_0000_4000_8000_00000000000d))
}

fn april() -> CalendarId {
    CalendarId::new(Uuid::from_u128(0x00000000_0000_4000_8000_00000000000c))
}

fn generated() -> RunId {
    RunId::new(Uuid::from_u128(0x00000000_0000_4000_8000_0000000000a1))
}

async fn host_database() -> (String, Client) {
    let url = database();
    let client = connect(&url).await;
    client.batch_execute(HOST).await.unwrap();
    (url, client)
}

#[tokio::test]
async fn the_hosts_rows_and_rules_stay_as_they_are() {
    let (url, client) = host_database().await;
    let before = rows(&client).await;
    store_at(&url).await;
    store_at(&url).await;
    assert_eq!(rows(&client).await, before);
    let policies: i64 = client
        .query_one(
            "select count(*) from pg_policies where tablename = 'calendar_entries'",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(policies, 1, "the host's own");
}

#[tokio::test]
async fn the_hosts_calendar_is_read_in_its_order_and_what_is_wrong_is_named() {
    let (url, _client) = host_database().await;
    let store = store_at(&url).await;
    let stored = store.calendar(ana(), april()).await.unwrap();
    assert_eq!(stored.revision, 0);
    assert_eq!(stored.run.id, generated(), "the run that came to something");
    assert_eq!(stored.run.cadence, Cadence::Weekly);
    let titles: Vec<_> = stored.entries.iter().map(|one| &one.piece.title).collect();
    assert_eq!(titles, ["Primera", "Segunda"]);
    assert_eq!(stored.refused.len(), 1);
    assert_eq!(stored.refused[0].title(), "Hilo");
    assert_eq!(stored.refused[0].error.code, Code::ChannelUnsupported);
    assert_eq!(store.runs(ana(), april()).await.unwrap().len(), 2);
    let stranger = store
        .calendar(UserId::new(Uuid::from_u128(1)), april())
        .await;
    assert!(matches!(stranger, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn a_save_goes_on_from_the_hosts_calendar_and_keeps_its_past() {
    let (url, client) = host_database().await;
    let store = store_at(&url).await;
    let before = store.calendar(ana(), april()).await.unwrap();
    let mut kept = before.entries[0].clone();
    kept.piece.title = "Primera, editada".to_owned();
    let mut request = save(ana(), "ours", 0, vec![kept]);
    request.calendar_id = april();
    request.run.calendar_id = april();
    assert_eq!(store.save_calendar(request).await.unwrap().revision, 1);

    let now = store.calendar(ana(), april()).await.unwrap();
    assert_eq!(now.entries.len(), 1);
    assert_eq!(now.entries[0].id, before.entries[0].id);
    let past = store.run(ana(), april(), generated()).await.unwrap();
    assert_eq!(past.entries, before.entries);
    assert_eq!(past.refused, before.refused);
    // The host finds the calendar as it is now, under the same ids.
    let row = client
        .query_one(
            "select id, payload ->> 'title' from calendar_entries where calendar_id = $1",
            &[&april().uuid()],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, Uuid>(0), before.entries[0].id.uuid());
    assert_eq!(row.get::<_, &str>(1), "Primera, editada");
}

#[tokio::test]
async fn what_the_host_edits_in_its_own_column_is_what_the_entry_says() {
    let url = database();
    let store = store_at(&url).await;
    let mut request = save(ana(), "one", 0, entries(2));
    request.run.user_id = ana();
    let calendar = request.calendar_id;
    store.save_calendar(request).await.unwrap();
    connect(&url)
        .await
        .execute(
            "update calendar_entries set payload = payload || '{\"title\": \"Del host\"}' where position = 0",
            &[],
        )
        .await
        .unwrap();
    let stored = store.calendar(ana(), calendar).await.unwrap();
    let titles: Vec<_> = stored.entries.iter().map(|one| &one.piece.title).collect();
    assert_eq!(titles, ["Del host", "Pan"]);
}
