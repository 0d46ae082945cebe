//! The in-memory store fulfils the suite that every store must.

use calendar_publish::conformance::store_suite;
use calendar_publish::memory::MemoryStore;
use futures_executor::block_on;

#[test]
fn the_memory_store_conforms() {
    let passed = block_on(store_suite(async || MemoryStore::default())).unwrap();
    assert!(passed > 15, "{passed} cases");
}
