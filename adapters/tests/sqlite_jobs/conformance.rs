//! The suite that every store of jobs must pass.

use std::sync::atomic::{AtomicUsize, Ordering};

use calendar_publish::conformance::job_store_suite;
use calendar_publish_adapters::sqlite::SqliteStore;
use futures_executor::block_on;
use tempfile::TempDir;

#[test]
fn the_store_of_jobs_conforms() {
    let folder = TempDir::new().unwrap();
    let count = AtomicUsize::new(0);
    let passed = block_on(job_store_suite(async |clock| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        SqliteStore::open(folder.path().join(format!("{number}.db")))
            .unwrap()
            .with_clock(clock)
    }))
    .unwrap();
    assert!(passed > 40, "{passed} cases");
}
