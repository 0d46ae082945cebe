//! Every store finds the accounts behind a platform's id, whoever linked them.

use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{Channel, ChannelAccount, UserId, deterministic_uuid};
use calendar_publish::ports::Store;
use calendar_publish_adapters::webhooks::LinkedAccounts;
use futures_executor::block_on;
use serde_json::json;

fn account(user: &str, channel: Channel, external_id: &str) -> ChannelAccount {
    serde_json::from_value(json!({
        "id": deterministic_uuid(&[user, channel.as_str(), external_id]).to_string(),
        "userId": UserId::new(deterministic_uuid(&[user])), "channel": channel,
        "externalAccountId": external_id, "displayName": user, "timezone": "Europe/Madrid",
        "status": "ok", "scopes": ["video.publish"],
    }))
    .unwrap()
}

async fn check(store: &(impl Store + LinkedAccounts)) {
    let mut linked = [
        account("ana", Channel::Tiktok, "o-1"),
        account("luis", Channel::Tiktok, "o-1"),
    ];
    let others = [
        account("eva", Channel::Tiktok, "o-10"),
        account("ana", Channel::Instagram, "o-1"),
    ];
    for account in linked.iter().chain(&others) {
        store.put_account(account.clone()).await.unwrap();
    }
    linked.sort_by_key(|account| account.id);
    let found = |channel, id: &'static str| store.linked_accounts(channel, id);
    assert_eq!(found(Channel::Tiktok, "o-1").await.unwrap(), linked);
    assert_eq!(found(Channel::Instagram, "o-1").await.unwrap(), others[1..]);
    assert_eq!(found(Channel::Tiktok, "O-1").await.unwrap(), []);
}

#[test]
fn in_memory() {
    block_on(check(&MemoryStore::default()));
}

#[cfg(feature = "sqlite")]
#[test]
fn in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calendar.db");
    let store = calendar_publish_adapters::sqlite::SqliteStore::open(path).unwrap();
    block_on(check(&store));
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn in_postgresql() {
    let url = calendar_publish_postgres_harness::shared().create_database();
    let store = calendar_publish_adapters::postgres::PostgresStore::connect(&url);
    let store = store.await.unwrap();
    store.migrate().await.unwrap();
    check(&store).await;
}
