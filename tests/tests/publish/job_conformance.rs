//! The suite that every store of jobs must fulfil: the in-memory store does, and stores that break a
//! promise are found.

use calendar_publish::conformance::{ConformanceError, job_store_suite};
use calendar_publish::memory::MemoryStore;
use futures_executor::block_on;

use crate::faulty_jobs::{Broken, FaultyJobStore};

fn suite(broken: Broken) -> Result<usize, ConformanceError> {
    block_on(job_store_suite(async |clock| FaultyJobStore {
        inner: MemoryStore::new(clock),
        broken,
    }))
}

#[test]
fn the_memory_store_keeps_every_promise() {
    let passed = block_on(job_store_suite(async |clock| MemoryStore::new(clock)));
    let passed = passed.unwrap_or_else(|broken| panic!("{broken}"));
    assert!(passed > 60, "{passed} cases");
    // The store that the others are made of breaks nothing by itself.
    assert_eq!(suite(Broken::Nothing), Ok(passed));
}

#[test]
fn a_store_that_breaks_a_promise_is_told_which() {
    for (broken, case) in [
        (Broken::Fencing, "only the newest claim writes"),
        (Broken::Stamps, "a repeated write changes nothing"),
        (Broken::OneLiveJob, "an entry has one live job"),
        (
            Broken::AccountLock,
            "an account publishes one job at a time",
        ),
        (
            Broken::FrozenContent,
            "a write that was begun is taken over",
        ),
        (
            Broken::Progress,
            "a begun write minds neither pause nor cool-down",
        ),
        (Broken::Order, "the longest due jobs are given first"),
        (Broken::PauseOnce, "a paused channel begins nothing"),
        (
            Broken::Ledger,
            "the ledger is a chain that can be recomputed",
        ),
        (Broken::Atomic, "a refused move saves nothing"),
        (Broken::Ownership, "other users' jobs are not found"),
    ] {
        let found = suite(broken).expect_err(case);
        assert_eq!(found.case, case, "{broken:?}: {found}");
    }
}
