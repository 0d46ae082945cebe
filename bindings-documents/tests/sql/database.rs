//! Databases of the tests' own.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use calendar_publish_postgres_harness::shared;
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

/// The address of a fresh copy of a migrated database: copying is quicker than migrating.
pub(crate) async fn migrated_copy() -> String {
    static MIGRATED: OnceCell<()> = OnceCell::const_new();
    static COPIES: AtomicU32 = AtomicU32::new(0);
    let server = client(&shared().url("postgres")).await;
    MIGRATED
        .get_or_init(async || {
            server.batch_execute("create database migrated").await.unwrap();
            let database = client(&shared().url("migrated")).await;
            migrate(&database).await;
            drop(database);
            // Nobody may be connected to what is copied.
            server
                .execute(
                    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = 'migrated'",
                    &[],
                )
                .await
                .unwrap();
        })
        .await;
    let name = format!("copy_{}", COPIES.fetch_add(1, Ordering::Relaxed));
    server
        .batch_execute(&format!("create database {name} template migrated"))
        .await
        .unwrap();
    shared().url(&name)
}

pub(crate) async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

pub(crate) async fn migrate(client: &Client) {
    for migration in migrations() {
        client
            .batch_execute(&format!("begin;\n{migration}\ncommit"))
            .await
            .unwrap();
    }
}

fn migrations() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../adapters/migrations/postgres");
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
