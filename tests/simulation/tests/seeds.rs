//! The engine keeps its promises whatever goes wrong, as far as ten thousand seeds can tell.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use calendar_publish_simulation::{Scenario, simulate, sweep};

const SEEDS: u64 = 10_000;

#[test]
fn every_invariant_holds_for_ten_thousand_seeds() {
    let sweep = sweep(0, SEEDS, Scenario::new).unwrap();
    println!("{sweep}");
    assert!(sweep.failures.is_empty(), "{sweep}");
    assert_eq!(sweep.seeds, SEEDS);
    // Much of everything happened.
    let counts = sweep.counts;
    for (what, count) in [
        ("posts", counts.posts),
        ("crashes", counts.crashes),
        ("faults", counts.faults),
        ("commands", counts.commands),
        ("begun writes taken over", counts.taken_over),
        ("jobs that need a person", counts.needs_attention),
    ] {
        assert!(count > SEEDS / 10, "only {count} {what}");
    }
}

#[test]
fn a_seed_is_the_same_timeline_to_the_letter() {
    for seed in [1, 42, 4711] {
        let run = || simulate(Scenario::new(seed).with_timeline()).unwrap();
        let first = run();
        assert!(first.timeline.len() > 20, "{:#?}", first.timeline);
        assert_eq!(first, run());
    }
    let timeline = |seed| {
        let run = simulate(Scenario::new(seed).with_timeline()).unwrap();
        run.timeline
    };
    assert_ne!(timeline(1), timeline(2));
}

#[test]
fn keeping_the_timeline_changes_nothing() {
    for seed in 0..20 {
        let with = simulate(Scenario::new(seed).with_timeline()).unwrap();
        let without = simulate(Scenario::new(seed)).unwrap();
        assert_eq!(with.counts, without.counts);
    }
}
