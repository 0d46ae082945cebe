//! The simulation can fail: without one of the engine's protections a promise is broken.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use calendar_publish_simulation::{Protection, Scenario, simulate, sweep};

/// Within so many seeds a missing protection shows.
const SEEDS: u64 = 400;

fn breaks(protection: Protection) {
    let invariant = protection.invariant();
    let scenario = |seed| Scenario::new(seed).asking(invariant);
    let sweep = sweep(0, SEEDS, |seed| scenario(seed).without(protection)).unwrap();
    println!("without {}: {sweep}", protection.as_str());
    let Some((broken, violation)) = sweep.failures.first() else {
        panic!("without {} nothing broke", protection.as_str());
    };
    assert_eq!(violation.invariant, invariant);

    // The same seed again, with the timeline, ends the same way, and says how to replay it.
    let again = simulate(broken.with_timeline()).unwrap();
    assert_eq!(again.violation.as_ref(), Some(violation));
    assert!(again.timeline.iter().any(|line| line.contains(invariant)));
    let command = format!(
        "cargo run -p calendar-publish-simulation --bin simulate -- --seed {} --without {} --alone",
        broken.seed,
        protection.as_str()
    );
    assert!(sweep.to_string().ends_with(&command), "{sweep}");

    // With the protection all is well.
    let whole = simulate(Scenario::new(broken.seed)).unwrap();
    assert_eq!(whole.violation, None);
}

#[test]
fn without_fencing_a_worker_writes_that_lost_its_claim() {
    breaks(Protection::Fencing);
}

#[test]
fn without_write_ahead_a_post_goes_out_twice() {
    breaks(Protection::WriteAhead);
}

#[test]
fn without_reconciling_a_post_goes_out_twice() {
    breaks(Protection::Reconcile);
}

#[test]
fn without_the_lock_of_an_account_two_calls_to_it_overlap() {
    breaks(Protection::AccountLock);
}

#[test]
fn without_the_freeze_other_content_goes_out_than_was_claimed() {
    breaks(Protection::HashFreeze);
}
