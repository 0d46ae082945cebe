//! Weeks of trouble: nothing is out twice, lost, stuck, or said to be what it isn't.
#![allow(clippy::unwrap_used, clippy::panic)]

use calendar_publish_live::week::{Report, week};

/// How many weeks the gate lives through; `LIVE_WEEKS` asks for another number, and `LIVE_FROM` for another first seed.
const WEEKS: u64 = 200;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn weeks_of_trouble() {
    let from = number("LIVE_FROM", 0);
    let weeks = number("LIVE_WEEKS", WEEKS);
    let mut all = Report::default();
    for seed in from..from + weeks {
        all.add(week(seed).unwrap());
    }
    let violations = std::mem::take(&mut all.violations);
    println!("{weeks} weeks: {all:#?}");
    assert!(
        violations.is_empty(),
        "{} violations: {}",
        violations.len(),
        violations.join("\n")
    );
    assert_eq!(all.jobs, 14 * weeks);
    assert_eq!(
        all.published + all.needs_attention.values().sum::<u64>(),
        all.jobs
    );
    assert!(all.webhooks > weeks * 5, "{} webhooks", all.webhooks);
    // The weeks are troubled enough to prove anything, and most posts come out all the same.
    assert!(all.deaths > weeks, "{} deaths", all.deaths);
    assert!(all.published * 10 > all.jobs * 6, "{} out", all.published);
}

#[test]
fn the_same_seed_is_the_same_week() {
    assert_eq!(week(7).unwrap(), week(7).unwrap());
}
