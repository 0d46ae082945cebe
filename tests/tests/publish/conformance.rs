//! The suite that every store must fulfil: the in-memory store does, and stores that don't are found.

use calendar_publish::conformance::store_suite;
use calendar_publish::memory::MemoryStore;
use futures_executor::block_on;

use crate::faulty::{Fault, FaultyStore};

#[test]
fn the_memory_store_conforms() {
    let passed = block_on(store_suite(async || MemoryStore::default())).unwrap();
    assert!(passed > 15, "{passed} cases");
}

#[test]
fn a_store_that_does_not_conform_is_told_what_it_gets_wrong() {
    for (fault, case) in [
        (Fault::Reversed, "a calendar comes back to the letter"),
        (
            Fault::Overwrites,
            "a stale save is a conflict and changes nothing",
        ),
        (Fault::AnswerLost, "intents come back in order, by calendar"),
    ] {
        let broken = block_on(store_suite(async || FaultyStore::with(fault))).unwrap_err();
        assert_eq!(broken.case, case, "{broken}");
    }
}
