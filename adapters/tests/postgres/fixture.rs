//! Stores, and what the tests put into them.

use calendar_publish::model::{
    AccountId, Cadence, CalendarEntry, CalendarId, CalendarRun, Channel, ChannelAccount, EntryId,
    JobId, RunId, RunStatus, Timestamp, UserId, deterministic_uuid,
};
use calendar_publish::ports::{
    ClaimJobs, JobOutcome, JobResult, JobStore, NewJob, SaveCalendar, ScheduleJobs,
};
use calendar_publish_adapters::postgres::PostgresStore;
use calendar_publish_postgres_harness::shared;
use tokio_postgres::{Client, NoTls};

/// The address of an empty database.
pub(crate) fn database() -> String {
    shared().create_database()
}

/// A store on the database, its schema up to date.
pub(crate) async fn store_at(url: &str) -> PostgresStore {
    let store = PostgresStore::connect(url).await.unwrap();
    store.migrate().await.unwrap();
    store
}

/// A connection of one's own.
pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

pub(crate) fn user(name: &str) -> UserId {
    UserId::new(deterministic_uuid(&["user", name]))
}

pub(crate) fn calendar(name: &str) -> CalendarId {
    CalendarId::new(deterministic_uuid(&["calendar", name]))
}

pub(crate) fn entry_id(name: &str) -> EntryId {
    EntryId::new(deterministic_uuid(&["entry", name]))
}

pub(crate) fn account_id(name: &str) -> AccountId {
    AccountId::new(deterministic_uuid(&["account", name]))
}

pub(crate) fn job_id(name: &str) -> JobId {
    JobId::new(deterministic_uuid(&["job", name]))
}

pub(crate) fn run_id(name: &str) -> RunId {
    RunId::new(deterministic_uuid(&["run", name]))
}

pub(crate) fn entry(name: &str) -> CalendarEntry {
    let piece = serde_json::from_str(
        r#"{"title":"Pan","channel":"tiktok","format":"video","copy":"Recién hecho, como cada mañana.",
            "script":"Plano corto","date":"2026-04-02","time":"09:00","hashtags":["pan"],"mood":1.50}"#,
    )
    .unwrap();
    CalendarEntry::new(entry_id(name), calendar("abril"), piece)
}

pub(crate) fn entries(count: usize) -> Vec<CalendarEntry> {
    (0..count).map(|index| entry(&index.to_string())).collect()
}

/// A save of a user's calendar "abril" as run `name`.
pub(crate) fn save(
    owner: UserId,
    name: &str,
    expected_revision: i64,
    entries: Vec<CalendarEntry>,
) -> SaveCalendar {
    let run = CalendarRun {
        id: run_id(name),
        calendar_id: calendar("abril"),
        user_id: owner,
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

pub(crate) fn account(owner: UserId, name: &str) -> ChannelAccount {
    let mut account: ChannelAccount = serde_json::from_str(
        r#"{"id":"018f0000-0000-7000-8000-000000000005","userId":"018f0000-0000-7000-8000-000000000006",
            "channel":"tiktok","externalAccountId":"17841400000000000000001","displayName":"Panadería",
            "timezone":"Europe/Madrid","status":"ok"}"#,
    )
    .unwrap();
    account.id = account_id(name);
    account.user_id = owner;
    account
}

/// A job of the entry with its name, due at `at`.
pub(crate) fn job(name: &str, account: &str, at: Timestamp) -> NewJob {
    NewJob {
        id: job_id(name),
        entry: entry(name),
        account_id: account_id(account),
        scheduled_at: at,
    }
}

pub(crate) fn schedule(owner: UserId, jobs: Vec<NewJob>) -> ScheduleJobs {
    ScheduleJobs {
        user_id: owner,
        command: None,
        jobs,
    }
}

pub(crate) fn claim(limit: u32) -> ClaimJobs {
    ClaimJobs {
        limit,
        lease_seconds: 300,
        channels: vec![Channel::Tiktok, Channel::Instagram],
    }
}

pub(crate) fn all_done(outcomes: &[JobOutcome]) -> bool {
    let done = |outcome: &JobOutcome| matches!(outcome.result, JobResult::Done { .. });
    outcomes.iter().all(done)
}

/// The database's time, and a while later: when jobs are due at once.
pub(crate) async fn soon(store: &PostgresStore) -> Timestamp {
    let now = store.queue_depth().await.unwrap().at;
    Timestamp::from_millis(now.millis() + 1500)
}
