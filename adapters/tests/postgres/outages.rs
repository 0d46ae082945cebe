//! A server that goes away and comes back.

use calendar_publish::ports::{JobStore, Store, StoreError};
use calendar_publish_adapters::postgres::PostgresStore;
use calendar_publish_postgres_harness::{Durability, PrivatePostgres, Stop};

use crate::fixture::{calendar, claim, entries, save, store_at, user};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_store_works_again_when_the_server_is_back() {
    let server = PrivatePostgres::start(Durability::Stock);
    let url = server.create_database();
    let store = store_at(&url).await;
    for (revision, stop) in [(0, Stop::Immediate), (1, Stop::Fast)] {
        let run = format!("run {revision}");
        store
            .save_calendar(save(user("ana"), &run, revision, entries(3)))
            .await
            .unwrap();
        server.stop(stop);
        let outcomes = [
            store
                .calendar(user("ana"), calendar("abril"))
                .await
                .map(drop),
            store
                .save_calendar(save(user("ana"), "never", 9, Vec::new()))
                .await
                .map(drop),
            store.claim_jobs(claim(10)).await.map(drop),
            PostgresStore::connect(&url).await.map(drop),
        ];
        for outcome in outcomes {
            assert!(
                matches!(outcome, Err(StoreError::Unavailable { .. })),
                "{outcome:?}"
            );
        }
        server.start_again();
        let stored = store
            .calendar(user("ana"), calendar("abril"))
            .await
            .unwrap();
        assert_eq!(stored.revision, revision + 1);
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_showing_its_password() {
    for url in ["nonsense", "postgresql://ana:geheim@127.0.0.1:1/app"] {
        let Err(StoreError::Unavailable { reason }) = PostgresStore::connect(url).await else {
            panic!("{url}");
        };
        assert!(!reason.contains("geheim"), "{reason}");
    }
}
