//! The suite that every store of jobs must fulfil: the in-memory store does.

use calendar_publish::conformance::job_store_suite;
use calendar_publish::memory::MemoryStore;
use futures_executor::block_on;

#[test]
fn the_memory_store_keeps_every_promise() {
    let passed = block_on(job_store_suite(async |clock| MemoryStore::new(clock)));
    let passed = passed.unwrap_or_else(|broken| panic!("{broken}"));
    assert!(passed > 50, "{passed} cases");
}
