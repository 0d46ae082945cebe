//! When alerts begin and end, to the sample and to the second.

use super::*;

const START: i64 = 1_775_120_400_000; // 2026-04-02T09:00:00Z

fn event(seconds: i64, kind: serde_json::Value) -> Event {
    let mut line = serde_json::json!({
        "at": Timestamp::from_millis(START + seconds * 1000), "requestId": "req-1",
        "userId": null, "channel": "tiktok", "calendarId": null, "runId": null,
    });
    let fields = kind.as_object().unwrap().clone();
    line.as_object_mut().unwrap().extend(fields);
    serde_json::from_value(line).unwrap()
}

fn stream(seconds: i64, status: &str) -> Event {
    let kind = serde_json::json!({ "event": "stream", "status": status, "pieceCount": 0,
        "latencyMs": 0, "errorCode": null });
    event(seconds, kind)
}

fn attempt(seconds: i64, status: &str) -> Event {
    let kind = serde_json::json!({ "event": "attempt", "status": status, "attempt": 1,
        "jobId": "018f0000-0000-7000-8000-00000000000a", "latencyMs": 0, "errorCode": null });
    event(seconds, kind)
}

fn watch(events: impl IntoIterator<Item = Event>) -> Vec<(AlertKind, AlertState, i64)> {
    let events: Vec<Event> = events.into_iter().collect();
    let alerts = replay(&events, None);
    let seconds = |alert: &Alert| (alert.at.millis() - START) / 1000;
    alerts
        .iter()
        .map(|alert| (alert.kind, alert.state, seconds(alert)))
        .collect()
}

fn repeat(good: usize, bad: usize, make: impl Fn(bool) -> Event) -> Vec<Event> {
    let outcomes = std::iter::repeat_n(true, good).chain(std::iter::repeat_n(false, bad));
    outcomes.map(make).collect()
}

#[test]
fn two_percent_of_the_streams_is_still_well() {
    let streams = |good, bad| {
        watch(repeat(good, bad, |ok| {
            stream(0, if ok { "completed" } else { "timeout" })
        }))
    };
    assert_eq!(streams(98, 2), []);
    assert_eq!(streams(49, 1), []);
    let raised = [(AlertKind::StreamErrorRate, AlertState::Raised, 0)];
    assert_eq!(streams(97, 2), raised);
    assert_eq!(streams(9_800, 201), raised);
}

#[test]
fn five_percent_of_the_publications_is_still_well() {
    let attempts = |good, bad| {
        watch(repeat(good, bad, |ok| {
            attempt(0, if ok { "ok" } else { "failed" })
        }))
    };
    assert_eq!(attempts(19, 1), []);
    assert_eq!(attempts(95, 5), []);
    let raised = [(AlertKind::PublishFailureRate, AlertState::Raised, 0)];
    assert_eq!(attempts(94, 5), raised);
}

#[test]
fn a_single_failure_raises_no_rate_but_three_do() {
    assert_eq!(watch([stream(0, "failed")]), []);
    assert_eq!(watch([stream(0, "failed"), stream(1, "timeout")]), []);
    let three = [
        stream(0, "failed"),
        stream(1, "timeout"),
        stream(2, "failed"),
    ];
    assert_eq!(
        watch(three),
        [(AlertKind::StreamErrorRate, AlertState::Raised, 2)]
    );
}

#[test]
fn a_rate_that_dances_around_the_threshold_is_one_alert() {
    let mut events = repeat(97, 3, |ok| {
        stream(0, if ok { "completed" } else { "failed" })
    });
    // Down to 2 %, up again, and then down to 1 %.
    events.extend((0..50).map(|_| stream(1, "completed")));
    events.extend([stream(2, "failed")]);
    events.extend((0..400).map(|_| stream(3, "completed")));
    let kind = AlertKind::StreamErrorRate;
    let expected = [
        (kind, AlertState::Raised, 0),
        (kind, AlertState::Cleared, 3),
    ];
    assert_eq!(watch(events), expected);
}

#[test]
fn good_samples_that_leave_the_window_can_raise_a_rate() {
    let mut events: Vec<Event> = (0..100).map(|_| stream(0, "completed")).collect();
    events.extend((0..50).map(|_| stream(600, "completed")));
    events.extend([stream(600, "failed"), stream(600, "failed")]);
    assert_eq!(watch(events.clone()), []);
    let until = Timestamp::from_millis(START + 2_000_000);
    let at: Vec<_> = replay(&events, Some(until))
        .iter()
        .map(|alert| alert.at.millis())
        .collect();
    assert_eq!(at, [START + 900_000, START + 1_500_000]);
}

#[test]
fn an_event_from_the_future_does_not_empty_the_window() {
    let mut monitor = AlertMonitor::new();
    let now = Timestamp::from_millis(START);
    for event in [
        stream(0, "failed"),
        stream(0, "failed"),
        stream(99_999_999, "failed"),
    ] {
        let alerts = monitor.observe(&event, now);
        assert!(alerts.iter().all(|alert| alert.at == now));
    }
    assert!(monitor.tick(now).is_empty());
    assert!(monitor.watches[0].is_raised);
}

#[test]
fn an_event_older_than_the_window_is_too_late() {
    let mut monitor = AlertMonitor::new();
    let now = Timestamp::from_millis(START + 900_000);
    for _ in 0..5 {
        assert!(monitor.observe(&stream(0, "failed"), now).is_empty());
    }
}

#[test]
fn what_failed_before_a_release_is_not_blamed_on_it() {
    let deploy = serde_json::json!({ "event": "deploy", "status": "deployed", "release": "v2" });
    let mut monitor = AlertMonitor::new();
    monitor.observe(&event(60, deploy), Timestamp::from_millis(START + 60_000));
    let now = Timestamp::from_millis(START + 61_000);
    assert!(monitor.observe(&stream(30, "failed"), now).is_empty());
    let alerts = monitor.observe(&stream(61, "failed"), now);
    assert_eq!(alerts[0].kind, AlertKind::FirstFailureAfterDeploy);
}
