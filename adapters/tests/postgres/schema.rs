//! Bringing the schema up to date.

use calendar_publish::ports::{Store, StoreError};
use calendar_publish_adapters::postgres::PostgresStore;

use crate::fixture::{calendar, connect, database, entries, save, store_at, user};

#[tokio::test(flavor = "multi_thread")]
async fn many_processes_may_migrate_at_once_and_again() {
    let url = database();
    let store = PostgresStore::connect(&url).await.unwrap();
    let outcomes = tokio::join!(
        store.migrate(),
        store.migrate(),
        store.migrate(),
        store.migrate()
    );
    assert_eq!(outcomes, (Ok(()), Ok(()), Ok(()), Ok(())));
    store
        .save_calendar(save(user("ana"), "one", 0, entries(3)))
        .await
        .unwrap();
    let before = store
        .calendar(user("ana"), calendar("abril"))
        .await
        .unwrap();
    let again = store_at(&url).await;
    let after = again.calendar(user("ana"), calendar("abril")).await;
    assert_eq!(after.unwrap(), before);
}

#[tokio::test]
async fn every_step_can_be_run_again_by_hand() {
    let url = database();
    store_at(&url).await;
    let client = connect(&url).await;
    client
        .batch_execute("delete from calendar_publish.schema_version")
        .await
        .unwrap();
    store_at(&url).await;
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_and_left_alone() {
    let url = database();
    let store = store_at(&url).await;
    let client = connect(&url).await;
    client
        .batch_execute("insert into calendar_publish.schema_version (version) values (1000)")
        .await
        .unwrap();
    for refused in [
        store.migrate().await.unwrap_err(),
        PostgresStore::connect(&url).await.unwrap_err(),
    ] {
        let StoreError::SchemaNewer { found, known } = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(found, 1000);
        assert!(known < 1000);
    }
}

#[tokio::test]
async fn a_database_that_was_never_migrated_says_so() {
    let store = PostgresStore::connect(&database()).await.unwrap();
    let refused = store.calendar(user("ana"), calendar("abril")).await;
    let Err(StoreError::Unavailable { reason }) = refused else {
        panic!("{refused:?}");
    };
    assert!(reason.contains("migrate"), "{reason}");
}
