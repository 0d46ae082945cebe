use proptest::prelude::*;

use super::*;
use crate::model::deterministic_uuid;

const CHANNEL: Channel = Channel::Instagram;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000 + seconds * 1000)
}

fn account(number: u32) -> AccountId {
    AccountId::new(deterministic_uuid(&["account", &number.to_string()]))
}

fn pause(code: Code, since: i64, until: i64) -> ChannelPause {
    ChannelPause {
        channel: CHANNEL,
        code,
        since: at(since),
        until: at(until),
    }
}

/// A monitor with the default rule that has just paused the channel at second 0.
fn paused() -> IncidentMonitor {
    let mut monitor = IncidentMonitor::new(IncidentRule::default());
    for number in 0..5 {
        monitor.observe(
            CHANNEL,
            account(number),
            Some(Code::PlatformTemporary),
            at(0),
        );
    }
    assert_eq!(
        monitor.pause(CHANNEL),
        Some(pause(Code::PlatformTemporary, 0, 900))
    );
    monitor
}

#[test]
fn five_accounts_that_fail_alike_pause_their_channel_for_a_quarter_of_an_hour() {
    let mut monitor = IncidentMonitor::new(IncidentRule::default());
    let mut fails = |number, second| {
        let code = Some(Code::PlatformTemporary);
        monitor.observe(CHANNEL, account(number), code, at(second))
    };
    for number in 0..4 {
        assert_eq!(fails(number, i64::from(number) * 10), None);
    }
    assert_eq!(
        fails(4, 40),
        Some(pause(Code::PlatformTemporary, 40, 940)),
        "the fifth"
    );
    assert_eq!(
        monitor.pause(Channel::Tiktok),
        None,
        "the other channel goes on"
    );
}

#[test]
fn one_account_that_fails_again_and_again_is_no_incident() {
    let mut monitor = IncidentMonitor::new(IncidentRule::default());
    for second in 0..500 {
        let paused = monitor.observe(
            CHANNEL,
            account(1),
            Some(Code::PlatformTemporary),
            at(second),
        );
        assert_eq!(paused, None);
    }
}

#[test]
fn what_people_must_mend_themselves_is_no_incident() {
    for code in [
        Code::ContentRejected,
        Code::TokenExpired,
        Code::AccountBlocked,
    ] {
        let mut monitor = IncidentMonitor::new(IncidentRule::default());
        for number in 0..100 {
            assert_eq!(
                monitor.observe(CHANNEL, account(number), Some(code), at(0)),
                None
            );
        }
    }
}

#[test]
fn failures_that_differ_are_no_incident() {
    let mut monitor = IncidentMonitor::new(IncidentRule::default());
    for number in 0..40 {
        let code = if number % 2 == 0 {
            Code::PlatformTemporary
        } else {
            Code::RateLimited
        };
        assert_eq!(
            monitor.observe(CHANNEL, account(number), Some(code), at(0)),
            None
        );
    }
}

#[test]
fn a_fifth_of_the_accounts_may_succeed_and_no_more() {
    for (successes, is_incident) in [(2, true), (3, false)] {
        let mut monitor = IncidentMonitor::new(IncidentRule::default());
        for number in 0..successes {
            monitor.observe(CHANNEL, account(1000 + number), None, at(0));
        }
        for number in 0..8 {
            monitor.observe(
                CHANNEL,
                account(number),
                Some(Code::AppMisconfigured),
                at(1),
            );
        }
        let paused = monitor.pause(CHANNEL).is_some();
        assert_eq!(paused, is_incident, "8 failures and {successes} successes");
    }
}

#[test]
fn a_failure_as_old_as_the_window_no_longer_counts() {
    for (last, is_incident) in [(599, true), (600, false)] {
        let mut monitor = IncidentMonitor::new(IncidentRule::default());
        for number in 0..4 {
            monitor.observe(CHANNEL, account(number), Some(Code::RateLimited), at(0));
        }
        let paused = monitor.observe(CHANNEL, account(4), Some(Code::RateLimited), at(last));
        assert_eq!(paused.is_some(), is_incident, "after {last} s");
    }
}

#[test]
fn stragglers_repeat_the_pause_and_never_lengthen_it() {
    let mut monitor = paused();
    let mut fails = |code, second| monitor.observe(CHANNEL, account(50), Some(code), at(second));
    let same = Some(pause(Code::PlatformTemporary, 0, 900));
    assert_eq!(fails(Code::PlatformTemporary, 5), same);
    assert_eq!(fails(Code::PlatformTemporary, 899), same);
    assert_eq!(fails(Code::RateLimited, 899), None);
}

#[test]
fn each_failed_probe_doubles_the_pause_up_to_the_limit() {
    let mut monitor = paused();
    let mut probe = |second| {
        monitor
            .observe(
                CHANNEL,
                account(60),
                Some(Code::PlatformTemporary),
                at(second),
            )
            .map(|pause| (pause.since, pause.until))
    };
    assert_eq!(probe(900), Some((at(0), at(900 + 1800))));
    assert_eq!(probe(2700), Some((at(0), at(2700 + 3600))));
    assert_eq!(
        probe(6300),
        Some((at(0), at(6300 + 3600))),
        "an hour at most"
    );
}

#[test]
fn a_probe_that_fails_by_its_own_fault_says_nothing() {
    let mut monitor = paused();
    let probe = monitor.observe(CHANNEL, account(60), Some(Code::CaptionTooLong), at(901));
    assert_eq!(probe, None);
    assert_eq!(
        monitor.pause(CHANNEL),
        Some(pause(Code::PlatformTemporary, 0, 900))
    );
}

#[test]
fn a_probe_that_comes_out_ends_it_and_the_next_incident_starts_afresh() {
    let mut monitor = paused();
    assert_eq!(monitor.observe(CHANNEL, account(60), None, at(900)), None);
    assert_eq!(monitor.pause(CHANNEL), None);
    for number in 0..4 {
        let paused = monitor.observe(CHANNEL, account(number), Some(Code::RateLimited), at(901));
        assert_eq!(paused, None);
    }
    let fifth = monitor.observe(CHANNEL, account(4), Some(Code::RateLimited), at(901));
    assert_eq!(fifth, Some(pause(Code::RateLimited, 901, 1801)));
}

#[test]
fn a_straggler_that_comes_out_ends_it_only_where_too_few_failures_are_left() {
    let mut monitor = paused();
    monitor.observe(CHANNEL, account(60), None, at(10));
    assert!(monitor.pause(CHANNEL).is_some(), "5 of 6 failed");
    monitor.observe(CHANNEL, account(61), None, at(11));
    assert_eq!(monitor.pause(CHANNEL), None, "5 of 7 failed");
}

#[test]
fn a_pause_that_another_worker_began_is_prolonged_and_lifted_here_too() {
    let mut monitor = IncidentMonitor::new(IncidentRule::default());
    let stored = pause(Code::PlatformTemporary, 0, 2700);
    monitor.set_pauses(&[stored]);
    assert_eq!(monitor.pause(CHANNEL), Some(stored));
    let probe = monitor.observe(CHANNEL, account(1), Some(Code::PlatformTemporary), at(2700));
    assert_eq!(probe, Some(pause(Code::PlatformTemporary, 0, 6300)));
    monitor.set_pauses(&[]);
    assert_eq!(monitor.pause(CHANNEL), None);
}

#[test]
fn what_is_remembered_has_a_bound_and_the_latest_stays() {
    let mut monitor = IncidentMonitor::new(IncidentRule::default());
    let many = u32::try_from(IncidentMonitor::CAPACITY).unwrap();
    for number in 0..3 * many {
        monitor.observe(CHANNEL, account(number), None, at(0));
    }
    let watch = &monitor.channels[&CHANNEL];
    assert_eq!(watch.heard.len(), IncidentMonitor::CAPACITY);
    assert_eq!(watch.last.len(), IncidentMonitor::CAPACITY);
    assert!(watch.last.contains_key(&account(3 * many - 1)));
}

#[test]
fn a_rule_that_cannot_be_followed_is_refused_at_its_field() {
    let rule = IncidentRule::default();
    assert_eq!(rule.check(), Ok(()));
    let refused = |rule: IncidentRule| rule.check().unwrap_err().path;
    assert_eq!(
        refused(IncidentRule {
            accounts: 1,
            ..rule
        }),
        "accounts"
    );
    assert_eq!(
        refused(IncidentRule {
            within_seconds: 0,
            ..rule
        }),
        "withinSeconds"
    );
    assert_eq!(
        refused(IncidentRule {
            share_percent: 0,
            ..rule
        }),
        "sharePercent"
    );
    assert_eq!(
        refused(IncidentRule {
            share_percent: 101,
            ..rule
        }),
        "sharePercent"
    );
    assert_eq!(
        refused(IncidentRule {
            pause_seconds: 0,
            ..rule
        }),
        "pauseSeconds"
    );
    assert_eq!(
        refused(IncidentRule {
            max_pause_seconds: 899,
            ..rule
        }),
        "maxPauseSeconds"
    );
}

proptest! {
    /// The running counts open a pause exactly where counting everything anew would.
    #[test]
    fn the_monitor_agrees_with_counting_everything_anew(
        told in prop::collection::vec((0_u32..12, 0_usize..4, 0_i64..120), 1..200),
        accounts in 2_u32..6,
        share_percent in 1_u32..=100,
    ) {
        let codes = [None, Some(Code::PlatformTemporary), Some(Code::RateLimited), Some(Code::TokenExpired)];
        let rule = IncidentRule { accounts, share_percent, ..IncidentRule::default() };
        let mut monitor = IncidentMonitor::new(rule);
        let mut history: Vec<(i64, u32, Option<Code>)> = Vec::new();
        let mut second = 0;
        for (number, code, step) in told {
            second += step;
            let code = codes[code];
            history.push((second, number, code));
            let mut last = BTreeMap::new();
            for (at, number, code) in &history {
                if second - at < 600 {
                    last.insert(*number, *code);
                }
            }
            let alike = last.values().filter(|other| **other == code).count();
            let due = matches!(code, Some(Code::PlatformTemporary | Code::RateLimited))
                && alike >= accounts as usize
                && alike * 100 >= last.len() * share_percent as usize;
            let paused = monitor.observe(CHANNEL, account(number), code, at(second));
            let expected = code.filter(|_| due).map(|code| pause(code, second, second + 900));
            prop_assert_eq!(paused, expected);
            if paused.is_some() {
                break;
            }
        }
    }

    /// However it goes on, no pause outlasts the limit or begins anew while it holds.
    #[test]
    fn a_pause_never_outlasts_the_limit(
        told in prop::collection::vec((0_u32..12, any::<bool>(), 0_i64..2000), 1..200),
    ) {
        let mut monitor = IncidentMonitor::new(IncidentRule { accounts: 2, ..IncidentRule::default() });
        let mut second = 0;
        for (number, fails, step) in told {
            second += step;
            let before = monitor.pause(CHANNEL);
            let code = fails.then_some(Code::PlatformTemporary);
            if let Some(pause) = monitor.observe(CHANNEL, account(number), code, at(second)) {
                prop_assert!(fails);
                prop_assert!(pause.until > at(second));
                prop_assert!(pause.until <= at(second + 3600));
                if let Some(before) = before {
                    prop_assert_eq!(pause.since, before.since);
                    prop_assert!(pause.until >= before.until);
                }
            }
        }
    }
}
