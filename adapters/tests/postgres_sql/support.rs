//! A database with the migrations, and what the tests put into it.

use std::fs;
use std::path::Path;

use calendar_publish::model::{
    AccountId, CalendarEntry, CalendarId, EntryId, JobId, Timestamp, UserId, deterministic_uuid,
};
use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls};

/// A connection; its errors come back from the client's calls.
pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The migrations in their order.
pub(crate) fn migrations() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect()
}

pub(crate) async fn migrate(client: &Client) {
    for migration in migrations() {
        client
            .batch_execute(&format!("begin;\n{migration}\ncommit"))
            .await
            .unwrap();
    }
}

/// The address of a database of the test's own, migrated.
pub(crate) async fn database() -> String {
    let url = calendar_publish_postgres_harness::shared().create_database();
    migrate(&connect(&url).await).await;
    url
}

/// What a query with one row and one column of JSON as text gives.
pub(crate) async fn json_of(
    client: &Client,
    sql: &str,
    values: &[&(dyn tokio_postgres::types::ToSql + Sync)],
) -> Value {
    let row = client.query_one(sql, values).await.unwrap();
    let text: Option<String> = row.get(0);
    text.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap())
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn user(number: usize) -> UserId {
    UserId::new(deterministic_uuid(&["user", &number.to_string()]))
}

pub(crate) fn account(number: usize) -> AccountId {
    AccountId::new(deterministic_uuid(&["account", &number.to_string()]))
}

pub(crate) fn job_id(number: usize) -> JobId {
    JobId::new(deterministic_uuid(&["job", &number.to_string()]))
}

pub(crate) fn calendar() -> CalendarId {
    CalendarId::new(deterministic_uuid(&["calendar"]))
}

pub(crate) fn entry(number: usize, copy: &str) -> CalendarEntry {
    let piece = json!({
        "title": "Pan", "channel": "instagram", "format": "reel", "copy": copy,
        "date": "2026-04-10", "time": "09:00", "hashtags": ["pan"],
    });
    CalendarEntry::new(
        EntryId::new(deterministic_uuid(&["entry", &number.to_string()])),
        calendar(),
        serde_json::from_value(piece).unwrap(),
    )
}

/// Links accounts `0..count` of one user, on Instagram.
pub(crate) async fn link_accounts(client: &Client, user: UserId, count: usize) {
    let ids: Vec<String> = (0..count).map(|n| account(n).to_string()).collect();
    link(client, user, &ids).await;
}

pub(crate) async fn link(client: &Client, user: UserId, ids: &[String]) {
    client
        .execute(
            "insert into public.channel_accounts
               (id, user_id, channel, external_account_id, display_name, timezone, status,
                access_token_encrypted)
             select a::uuid, $1::text::uuid, 'instagram', 'x', 'Panadería', 'UTC', 'ok', 'sealed'
             from unnest($2::text[]) a",
            &[&user.to_string(), &ids],
        )
        .await
        .unwrap();
}

/// A job for `schedule_jobs`.
pub(crate) fn new_job(number: usize, account: AccountId, due: Timestamp) -> Value {
    new_job_of(number, account, due, &entry(number, "Hola"))
}

pub(crate) fn new_job_of(
    number: usize,
    account: AccountId,
    due: Timestamp,
    entry: &CalendarEntry,
) -> Value {
    json!({
        "id": job_id(number), "entryId": entry.id, "calendarId": entry.calendar_id,
        "accountId": account, "channel": "instagram", "scheduledAt": due,
        "entry": serde_json::to_string(entry).unwrap(),
        "contentHash": calendar_publish::job::content_hash(entry).unwrap(),
    })
}

pub(crate) async fn schedule(
    client: &Client,
    user: UserId,
    jobs: &[Value],
    now: Timestamp,
) -> Value {
    json_of(
        client,
        "select calendar_publish.schedule_jobs($1::text::uuid, null, null, $2::text::jsonb,
           $3::text::timestamptz)::text",
        &[
            &user.to_string(),
            &Value::from(jobs).to_string(),
            &now.to_string(),
        ],
    )
    .await
}

pub(crate) async fn claim(client: &Client, limit: i32, lease: i32, now: Timestamp) -> Value {
    json_of(
        client,
        "select calendar_publish.claim_jobs($1, $2, '{instagram,tiktok}', $3::text::timestamptz)::text",
        &[&limit, &lease, &now.to_string()],
    )
    .await
}

pub(crate) async fn advance(
    client: &Client,
    policy: &[i32],
    writes: &Value,
    now: Timestamp,
) -> Value {
    json_of(
        client,
        "select calendar_publish.advance_jobs($1, $2::text::jsonb, $3::text::timestamptz)::text",
        &[&policy, &writes.to_string(), &now.to_string()],
    )
    .await
}
