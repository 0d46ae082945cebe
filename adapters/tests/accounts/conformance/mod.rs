//! What every `TokenStore` must do, sentence by sentence of the port's documentation, in memory, in SQLite and in
//! PostgreSQL.

mod links;
mod renewals;

use std::sync::Arc;

use calendar_publish::memory::ManualClock;
use calendar_publish::model::{AccountId, ChannelAccount, Timestamp, deterministic_uuid};
use calendar_publish_adapters::accounts::{
    ClaimRefresh, Login, MemoryTokens, NewLink, PutLink, RefreshClaim, RefreshEnd, RenewedTokens,
    SealedTokens, TokenRecord, TokenStore,
};
use calendar_publish_adapters::postgres::PostgresStore;
use calendar_publish_adapters::sqlite::SqliteStore;
use calendar_publish_postgres_harness::shared;
use chrono::TimeDelta;
use tempfile::TempDir;

use crate::fixture::{start, user};

const LEASE: i64 = 60_000;

/// A store, its clock, and what must live as long as it.
struct Case {
    store: Arc<dyn TokenStore>,
    clock: Arc<ManualClock>,
    _folder: Option<TempDir>,
}

async fn stores() -> Vec<(&'static str, Case)> {
    let clock = || Arc::new(ManualClock::new(start()));
    let memory = clock();
    let folder = TempDir::new().unwrap();
    let sqlite = clock();
    let file = SqliteStore::open(folder.path().join("a.db")).unwrap();
    let postgres = clock();
    let database = PostgresStore::connect(&shared().create_database())
        .await
        .unwrap();
    database.migrate().await.unwrap();
    vec![
        (
            "memory",
            Case {
                store: Arc::new(MemoryTokens::new(memory.clone())),
                clock: memory,
                _folder: None,
            },
        ),
        (
            "sqlite",
            Case {
                store: Arc::new(file.with_clock(sqlite.clone())),
                clock: sqlite,
                _folder: Some(folder),
            },
        ),
        (
            "postgres",
            Case {
                store: Arc::new(database.with_clock(postgres.clone())),
                clock: postgres,
                _folder: None,
            },
        ),
    ]
}

fn account_id(name: &str) -> AccountId {
    AccountId::new(deterministic_uuid(&["account", name]))
}

fn sealed(name: &str) -> SealedTokens {
    SealedTokens {
        access: format!("v1.k1.access.{name}"),
        refresh: Some(format!("v1.k1.refresh.{name}")),
    }
}

/// Ana's account of the external id `name`, or somebody else's, with the id of `id`.
fn link(owner: &str, name: &str, id: &str) -> NewLink {
    let account: ChannelAccount = serde_json::from_value(serde_json::json!({
        "id": account_id(id), "userId": user(owner), "channel": "tiktok", "externalAccountId": name,
        "displayName": name, "timezone": "Europe/Madrid", "status": "ok",
        "expiresAt": "2026-11-20T12:15:00Z", "renewableUntil": "2027-05-19T10:15:00Z",
        "scopes": ["video.publish"],
    }))
    .unwrap();
    NewLink {
        account,
        login: Login::Tiktok,
        tokens: sealed("1"),
        issued_at: start(),
        renew_at: Some(later(9_000)),
    }
}

async fn put(case: &Case, link: NewLink) -> TokenRecord {
    match case.store.put_link(link).await.unwrap() {
        PutLink::Stored(record) => *record,
        known => panic!("{known:?}"),
    }
}

async fn granted(case: &Case, account: AccountId, version: i64) -> RefreshClaim {
    match case
        .store
        .claim_refresh(account, version, LEASE)
        .await
        .unwrap()
    {
        ClaimRefresh::Granted(claim) => claim,
        other => panic!("{other:?}"),
    }
}

fn renewed(name: &str) -> RefreshEnd {
    RefreshEnd::Renewed(RenewedTokens {
        tokens: sealed(name),
        issued_at: later(7_000),
        renew_at: Some(later(8_000)),
        expires_at: Some(later(7_200)),
        renewable_until: None,
        scopes: Some(vec!["video.upload".to_owned()]),
        replaced_refused: true,
    })
}

fn later(seconds: i64) -> Timestamp {
    start().plus(TimeDelta::seconds(seconds))
}
