//! The way of a post: quota, waiting, containers made anew, limits.

use std::time::Duration;

use calendar_publish::Code;
use calendar_publish::ports::{AdapterError, ChannelAdapter, Clock, Progress, Step, StepKind};
use futures_executor::block_on;
use serde_json::{Value, json};

use crate::fixture::{
    Asked, Bench, CONTAINER, End, MEDIA, bun, due, entry, error, image, not_sent, ok, pairs, post,
    quota, status, video, with_header,
};

fn failed(subcode: u32) -> crate::fixture::Answer {
    let sentence = format!("Error: upload failed with error code {subcode}");
    ok(json!({"status_code": "ERROR", "status": sentence, "id": CONTAINER}))
}

/// Every step of `post`: its stage, its kind and how long it was waited for.
fn walk(bench: &Bench) -> Vec<(String, StepKind, u64)> {
    let adapter = bench.adapter();
    let mut progress = adapter.begin(&bun());
    let mut steps = vec![(progress.stage.clone(), progress.kind, 0)];
    while let Ok(Step::Pending {
        progress: next,
        poll_after,
    }) = block_on(adapter.advance(bun(), progress))
    {
        bench.wait(poll_after);
        steps.push((next.stage.clone(), next.kind, poll_after.as_secs()));
        progress = next;
    }
    steps
}

#[test]
fn only_the_publishing_call_is_decisive_and_what_it_needs_is_read_before() {
    let bench = Bench::new();
    let steps = walk(&bench);
    let names: Vec<_> = steps
        .iter()
        .map(|(name, kind, _)| (name.as_str(), *kind))
        .collect();
    assert_eq!(
        names,
        [
            ("quota", StepKind::Read),
            ("create", StepKind::Repeatable),
            ("poll", StepKind::Read),
            ("snapshot", StepKind::Read),
            ("publish", StepKind::Decisive),
            ("link", StepKind::Confirm),
        ]
    );
}

#[test]
fn a_container_is_asked_seldom_and_ever_more_seldom() {
    let bench = Bench::new();
    for _ in 0..8 {
        bench.graph.then(Asked::Status, status("IN_PROGRESS"));
    }
    let waits: Vec<u64> = walk(&bench)
        .iter()
        .filter(|(name, ..)| name == "poll")
        .map(|(.., wait)| *wait)
        .collect();
    assert_eq!(waits, [3, 5, 8, 13, 20, 30, 60, 60, 60]);
}

#[test]
fn processing_that_never_ends_fails_for_certain_before_a_workers_patience_does() {
    let bench = Bench::new();
    bench.graph.always(Asked::Status, status("IN_PROGRESS"));
    let End::NotPublished(Code::PlatformTemporary, _) = bench.drive(&bun()) else {
        panic!("it didn't end as it should");
    };
    let minutes = (bench.clock.now().millis() - due().millis()) / 60_000;
    assert!((45..=46).contains(&minutes), "{minutes} minutes");
    assert_eq!(bench.graph.count(Asked::Publish), 0);
}

#[test]
fn a_spent_quota_is_told_before_anything_is_written() {
    let bench = Bench::new();
    bench.graph.then(Asked::Quota, quota(50, 50));
    let End::NotPublished(Code::QuotaExhausted, wait) = bench.drive(&bun()) else {
        panic!("it went on");
    };
    assert_eq!(wait, Some(Duration::from_secs(3600)));
    assert_eq!(bench.graph.order(), [Asked::Quota]);
    // Whatever the limit of the day is, it is the one that Instagram tells.
    for (used, total, out) in [(25, 25, false), (25, 100, true), (99, 100, true)] {
        let bench = Bench::new();
        bench.graph.always(Asked::Quota, quota(used, total));
        assert_eq!(
            matches!(bench.drive(&bun()), End::Done(_)),
            out,
            "{used} of {total}"
        );
    }
}

#[test]
fn a_quota_that_is_spent_when_it_counts_keeps_the_container() {
    let bench = Bench::new();
    bench
        .graph
        .then(Asked::Publish, error(400, 9, Some(2_207_042)));
    let adapter = bench.adapter();
    let mut progress = adapter.begin(&bun());
    let wait = loop {
        match block_on(adapter.advance(bun(), progress.clone())) {
            Ok(Step::Pending { progress: next, .. }) => progress = next,
            Err(AdapterError::NotPublished {
                error, retry_after, ..
            }) => {
                assert_eq!(error.code, Code::QuotaExhausted);
                break retry_after.unwrap();
            }
            other => panic!("{other:?}"),
        }
    };
    // The engine keeps the step that told it so.
    bench.wait(wait);
    assert!(matches!(bench.drive_from(&bun(), progress), End::Done(_)));
    assert_eq!(bench.graph.count(Asked::Create), 1);
    let published: Vec<_> = bench.graph.sent(Asked::Publish).iter().map(pairs).collect();
    assert_eq!(published[0], published[1]);
}

#[test]
fn an_account_whose_calls_are_used_up_is_left_alone_as_long_as_instagram_says() {
    let full = r#"{"17841499000000001":[{"type":"instagram","call_count":97,"total_cputime":20,"total_time":31,"estimated_time_to_regain_access":19}]}"#;
    let name = "x-business-use-case-usage";
    let minutes = Some(Duration::from_secs(19 * 60));
    for (asked, answer, created) in [
        (Asked::Quota, quota(7, 50), 0),
        (Asked::Create, ok(json!({"id": CONTAINER})), 1),
        (Asked::Status, status("IN_PROGRESS"), 1),
        (Asked::List, ok(json!({"data": []})), 1),
        (Asked::Create, error(400, 80_002, None), 1),
    ] {
        let bench = Bench::new();
        bench.graph.then(asked, with_header(answer, name, full));
        let End::NotPublished(Code::RateLimited, wait) = bench.drive(&bun()) else {
            panic!("{asked:?} went on");
        };
        assert_eq!(wait, minutes, "{asked:?}");
        assert_eq!(bench.graph.count(Asked::Create), created, "{asked:?}");
        assert_eq!(bench.graph.count(Asked::Publish), 0);
    }
}

#[test]
fn one_item_that_could_not_be_fetched_is_made_anew_and_the_others_are_kept() {
    let bench = Bench::new();
    let items: Vec<Value> = (1..=3)
        .map(|it| image(&format!("https://cdn.test/{it}.jpg")))
        .collect();
    bench.graph.then(Asked::Status, status("FINISHED"));
    bench.graph.then(Asked::Status, failed(2_207_052));
    let carousel = post(entry("carousel", "Three", &items, &json!({})));
    assert!(matches!(bench.drive(&carousel), End::Done(_)));
    let made: Vec<_> = bench.graph.sent(Asked::Create).iter().map(pairs).collect();
    let urls: Vec<_> = made
        .iter()
        .map(|pairs| {
            pairs
                .iter()
                .find(|(name, _)| name == "image_url")
                .map(|(_, url)| url.as_str())
        })
        .collect();
    let url = |it: u32| format!("https://cdn.test/{it}.jpg");
    let (one, two, three) = (url(1), url(2), url(3));
    let [one, two, three] = [&one, &two, &three].map(|it| Some(it.as_str()));
    assert_eq!(urls, [one, two, three, two, None]);
    let children = &made[4]
        .iter()
        .find(|(name, _)| name == "children")
        .unwrap()
        .1;
    assert_eq!(
        children,
        "17900000000000101,17900000000000104,17900000000000103"
    );
}

#[test]
fn an_expired_container_is_made_anew_with_everything_that_belongs_to_it() {
    let bench = Bench::new();
    bench.graph.then(Asked::Status, status("EXPIRED"));
    assert!(matches!(bench.drive(&bun()), End::Done(_)));
    assert_eq!(bench.graph.count(Asked::Create), 2);
    let published = pairs(&bench.graph.sent(Asked::Publish)[0]);
    assert_eq!(published[0].1, "17900000000000102");
}

#[test]
fn a_container_that_is_not_ready_after_all_is_waited_for() {
    let bench = Bench::new();
    bench
        .graph
        .then(Asked::Publish, error(400, 9007, Some(2_207_027)));
    let End::Done(receipt) = bench.drive(&bun()) else {
        panic!("it isn't out");
    };
    assert_eq!(receipt.external_id, MEDIA);
    assert_eq!(bench.graph.count(Asked::Create), 1);
    assert_eq!(bench.graph.count(Asked::Publish), 2);
    // What the account shows is noted afresh before the second try.
    assert_eq!(bench.graph.count(Asked::List), 2);
}

#[test]
fn reads_of_what_was_just_made_may_fail_a_few_times() {
    let bench = Bench::new();
    for _ in 0..4 {
        bench.graph.then(Asked::Status, error(400, 100, Some(33)));
    }
    bench.graph.then(Asked::List, crate::fixture::lost());
    assert!(matches!(bench.drive(&bun()), End::Done(_)));
    assert_eq!(bench.graph.count(Asked::Create), 1);

    let bench = Bench::new();
    bench.graph.always(Asked::Status, error(400, 100, Some(33)));
    assert!(matches!(
        bench.drive(&bun()),
        End::NotPublished(Code::PlatformTemporary, _)
    ));
}

#[test]
fn a_publishing_call_that_never_left_is_made_again_with_the_same_container() {
    let bench = Bench::new();
    bench.graph.then(Asked::Publish, not_sent());
    assert!(matches!(bench.drive(&bun()), End::Done(_)));
    assert_eq!(bench.graph.count(Asked::Create), 1);

    let bench = Bench::new();
    bench.graph.always(Asked::Publish, not_sent());
    assert!(matches!(
        bench.drive(&bun()),
        End::NotPublished(Code::PlatformTemporary, _)
    ));
    assert!(bench.graph.count(Asked::Publish) <= 6);
}

#[test]
fn no_request_is_sent_that_could_outlast_the_call() {
    let bench = Bench::new();
    let adapter = bench.adapter();
    let longest = bench
        .settings
        .publish_deadline
        .max(bench.settings.request_deadline);
    assert!(longest < adapter.call_deadline());
    assert!(
        adapter.call_deadline() * 2 <= Duration::from_secs(300),
        "the usual lease"
    );
    bench.drive(&bun());
    let publish = &bench.graph.sent(Asked::Publish)[0];
    assert_eq!(publish.deadline, bench.settings.publish_deadline);
    assert_eq!(
        bench.graph.sent(Asked::Status)[0].deadline,
        bench.settings.request_deadline
    );
}

#[test]
fn what_is_stored_between_steps_holds_neither_tokens_nor_addresses() {
    let bench = Bench::new();
    let signed = post(entry(
        "reel",
        "Hi",
        &[video("https://cdn.test/r.mp4?signature=SECRET")],
        &json!({}),
    ));
    let adapter = bench.adapter();
    let mut progress = adapter.begin(&signed);
    while let Ok(Step::Pending { progress: next, .. }) =
        block_on(adapter.advance(signed.clone(), progress.clone()))
    {
        assert!(
            !next.state.contains("SECRET") && !next.state.contains("TOKEN"),
            "{next:?}"
        );
        progress = next;
    }
    assert!(!format!("{adapter:?}").contains("TOKEN"));
}

#[test]
fn a_progress_that_nobody_wrote_publishes_nothing() {
    let bench = Bench::new();
    for (stage, kind, state) in [
        ("publish", StepKind::Decisive, "nonsense"),
        ("leap", StepKind::Decisive, "{}"),
        ("publish", StepKind::Decisive, "{}"),
        ("poll", StepKind::Read, r#"{"items":3}"#),
    ] {
        let progress = Progress {
            stage: stage.to_owned(),
            kind,
            state: state.to_owned(),
        };
        match bench.drive_from(&bun(), progress) {
            End::Unknown(Code::StoreCorrupt, _) => assert_eq!(kind, StepKind::Decisive),
            End::NotPublished(Code::StoreCorrupt, _) => assert_eq!(kind, StepKind::Read),
            end => panic!("{end:?}"),
        }
    }
    assert!(bench.graph.order().is_empty());
}
