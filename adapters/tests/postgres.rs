//! The PostgreSQL store: the common suite, the host's tables, and what a server does to its clients.
#![allow(clippy::unwrap_used)]

use calendar_publish::conformance::store_suite;
use calendar_publish_adapters::postgres::PostgresStore;
use calendar_publish_postgres_harness::shared;

/// A store on an empty database of its own.
async fn store() -> PostgresStore {
    let url = shared().create_database();
    let store = PostgresStore::connect(&url).await.unwrap();
    store.migrate().await.unwrap();
    store
}

#[tokio::test]
async fn the_postgres_store_conforms() {
    let passed = store_suite(store).await.unwrap();
    assert!(passed > 15, "{passed} cases");
}
