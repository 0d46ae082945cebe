//! The store that is made of SQL functions alone keeps every promise of the store: whoever can only call
//! `publish_store` with documents, as the npm package does, has the same one.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::conformance::{job_store_suite, store_suite};
use calendar_publish::ports::Clock;
use calendar_publish_documents::DocumentStore;
use calendar_publish_documents::ports::{DocumentPort, HostFailure};
use calendar_publish_postgres_harness::shared;
use serde_json::value::RawValue;
use tokio_postgres::{Client, NoTls};

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
    async fn new(clock: Option<Arc<dyn Clock>>) -> Self {
        let (client, connection) = tokio_postgres::connect(&shared().create_database(), NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        for migration in migrations() {
            client
                .batch_execute(&format!("begin;\n{migration}\ncommit"))
                .await
                .unwrap();
        }
        client.batch_execute("set role service_role").await.unwrap();
        Self { client, clock }
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
