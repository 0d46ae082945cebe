//! What became of a publishing call that wasn't answered, or not clearly.

use std::time::Duration;

use calendar_publish::Code;
use calendar_publish::model::Timestamp;
use calendar_publish::ports::{AdapterError, ChannelAdapter, Progress, Reconciled, StepKind};
use calendar_publish_adapters::instagram::ReconcilePolicy;
use futures_executor::block_on;
use serde_json::{Value, json};

use crate::fixture::{
    Answer, Asked, Bench, CONTAINER, End, LINK, MEDIA, bun, due, error, listed, lost, ok, quota,
    status,
};

/// Drives a post until its publishing call gets `answer`.
fn unknown(bench: &Bench, answer: Answer) -> Progress {
    bench.graph.then(Asked::Publish, answer);
    let End::Unknown(_, progress) = bench.drive(&bun()) else {
        panic!("the outcome isn't unknown");
    };
    assert_eq!(progress.kind, StepKind::Decisive);
    assert_eq!(bench.graph.count(Asked::Publish), 1);
    bench.wait(bench.settings.call_deadline);
    progress
}

fn look(bench: &Bench, progress: Progress) -> Reconciled {
    let looked = block_on(bench.adapter().reconcile(bun(), progress)).unwrap();
    assert_eq!(
        bench.graph.count(Asked::Publish),
        1,
        "reconciling published"
    );
    looked
}

/// Looks until the adapter has nothing more to say, at most 30 times.
fn settle(bench: &Bench, mut progress: Progress) -> (Reconciled, u32) {
    for looks in 1..=30 {
        match look(bench, progress) {
            Reconciled::StillUnknown {
                look_again_after: Some(wait),
                progress: next,
            } => {
                bench.wait(wait);
                progress = next;
            }
            settled => return (settled, looks),
        }
    }
    panic!("it looks for ever");
}

fn list(media: &[Value]) -> Answer {
    ok(json!({ "data": media }))
}

fn seconds_after_due(seconds: i64) -> Timestamp {
    Timestamp::from_millis(due().millis() + seconds * 1000)
}

fn is_persons(looked: &Reconciled) -> bool {
    matches!(
        looked,
        Reconciled::StillUnknown {
            look_again_after: None,
            ..
        }
    )
}

#[test]
fn a_published_container_is_bound_to_the_only_post_that_can_be_its() {
    let bench = Bench::new();
    bench.graph.then(
        Asked::List,
        list(&[listed("1", "Older", seconds_after_due(-9_000))]),
    );
    let progress = unknown(&bench, lost());
    bench.graph.always(Asked::Status, status("PUBLISHED"));
    let newer = [
        listed(MEDIA, "Fresh buns", seconds_after_due(5)),
        listed("1", "Older", seconds_after_due(-9_000)),
    ];
    bench.graph.always(Asked::List, list(&newer));
    let Reconciled::Published(receipt) = look(&bench, progress) else {
        panic!("it isn't found");
    };
    assert_eq!(receipt.external_id, MEDIA);
    assert_eq!(receipt.permalink.as_deref(), Some(LINK));
}

#[test]
fn a_published_container_without_a_post_that_can_be_told_keeps_its_own_id() {
    let same = |id: &str| listed(id, "Fresh buns", seconds_after_due(5));
    for media in [
        vec![],
        vec![same("1"), same("2")],
        vec![listed("1", "Another caption", seconds_after_due(5))],
        // Posted long before, and only now among the newest.
        vec![listed("1", "Fresh buns", seconds_after_due(-86_400))],
    ] {
        let bench = Bench::new();
        let progress = unknown(&bench, lost());
        bench.graph.always(Asked::Status, status("PUBLISHED"));
        bench.graph.always(Asked::List, list(&media));
        let Reconciled::Published(receipt) = look(&bench, progress) else {
            panic!("a published container isn't published");
        };
        assert_eq!(receipt.external_id, CONTAINER, "{media:?}");
        assert_eq!(receipt.permalink, None);
    }
    // Even where the list can't be read.
    let bench = Bench::new();
    let progress = unknown(&bench, lost());
    bench.graph.always(Asked::Status, status("PUBLISHED"));
    bench.graph.always(Asked::List, error(500, 2, None));
    assert!(matches!(look(&bench, progress), Reconciled::Published(_)));
}

#[test]
fn a_post_is_told_without_its_caption_and_with_a_caption_without_at_signs() {
    let bare = json!({"id": MEDIA, "permalink": LINK, "timestamp": "2026-11-20T10:00:05+0000",
                      "media_type": "IMAGE"});
    let bench = Bench::new();
    let progress = unknown(&bench, lost());
    bench.graph.always(Asked::Status, status("PUBLISHED"));
    bench.graph.always(Asked::List, list(&[bare]));
    let Reconciled::Published(receipt) = look(&bench, progress) else {
        panic!("it isn't found");
    };
    assert_eq!(receipt.external_id, MEDIA);

    let mut video = listed("1", "Fresh buns", seconds_after_due(5));
    video["media_type"] = "VIDEO".into();
    let bench = Bench::new();
    let progress = unknown(&bench, lost());
    bench.graph.always(Asked::Status, status("PUBLISHED"));
    bench.graph.always(Asked::List, list(&[video]));
    let Reconciled::Published(receipt) = look(&bench, progress) else {
        panic!("it isn't published");
    };
    assert_eq!(receipt.external_id, CONTAINER, "a video is no image");
}

#[test]
fn a_token_that_cannot_read_captions_reads_the_rest() {
    let bench = Bench::new();
    bench.graph.then(Asked::List, error(400, 100, None));
    assert!(matches!(bench.drive(&bun()), End::Done(_)));
    let lists = bench.graph.sent(Asked::List);
    assert!(lists[0].url.contains("caption"));
    assert!(!lists[1].url.contains("caption"));
}

#[test]
fn two_looks_half_a_minute_apart_without_a_trace_are_evidence_and_the_same_container_goes_on() {
    let bench = Bench::new();
    let progress = unknown(&bench, lost());
    let Reconciled::StillUnknown {
        look_again_after: Some(wait),
        progress,
    } = look(&bench, progress)
    else {
        panic!("one look is no evidence");
    };
    assert!(wait >= Duration::from_secs(30));
    // Asking sooner tells nothing more.
    bench.wait(Duration::from_secs(29));
    let early = look(&bench, progress.clone());
    assert!(matches!(
        early,
        Reconciled::StillUnknown {
            look_again_after: Some(_),
            ..
        }
    ));
    bench.wait(Duration::from_secs(1));
    let Reconciled::NotPublished {
        evidence,
        resume: Some(resume),
    } = look(&bench, progress)
    else {
        panic!("two looks are evidence");
    };
    assert!(evidence.contains("FINISHED"), "{evidence}");
    assert_ne!(
        resume.kind,
        StepKind::Decisive,
        "it looks once more before it publishes"
    );
    assert!(matches!(bench.drive_from(&bun(), resume), End::Done(_)));
    assert_eq!(bench.graph.count(Asked::Create), 1);
    assert_eq!(bench.graph.count(Asked::Publish), 2);
}

#[test]
fn a_post_that_appears_after_the_evidence_is_not_published_again() {
    for published in [false, true] {
        let bench = Bench::new();
        let progress = unknown(&bench, lost());
        let (settled, _) = settle(&bench, progress);
        let Reconciled::NotPublished {
            resume: Some(resume),
            ..
        } = settled
        else {
            panic!("{settled:?}");
        };
        let late = listed(MEDIA, "Fresh buns", seconds_after_due(5));
        bench.graph.always(Asked::List, list(&[late]));
        if published {
            bench.graph.always(Asked::Status, status("PUBLISHED"));
        }
        let End::Done(receipt) = bench.drive_from(&bun(), resume) else {
            panic!("it isn't found");
        };
        assert_eq!(receipt.external_id, MEDIA);
        assert_eq!(bench.graph.count(Asked::Publish), 1);
    }
}

/// The container was given back as unpublished, and the second call is refused. Ending the attempt would have the
/// next one make another container, which could be published besides the first.
#[test]
fn a_container_of_which_it_is_open_what_became_is_never_given_up_for_another() {
    let not_ready = || error(400, 9007, Some(2_207_027));
    type Then = (&'static str, Asked, fn() -> Answer);
    let cases: [Then; 3] = [
        ("it is worked on for ever", Asked::Status, || {
            status("IN_PROGRESS")
        }),
        ("it can't be read any more", Asked::Status, lost),
        ("the account can't be read any more", Asked::List, lost),
    ];
    for (what, asked, answer) in cases {
        let bench = Bench::new();
        let progress = unknown(&bench, lost());
        let (settled, _) = settle(&bench, progress);
        let Reconciled::NotPublished {
            resume: Some(resume),
            ..
        } = settled
        else {
            panic!("{settled:?}");
        };
        bench.graph.then(Asked::Publish, not_ready());
        if asked == Asked::Status {
            // Before the second call it is ready.
            bench.graph.then(Asked::Status, status("FINISHED"));
        } else {
            bench.graph.then(Asked::List, list(&[]));
        }
        bench.graph.always(asked, answer());
        let end = bench.drive_from(&bun(), resume);
        let End::Unknown(code, progress) = end else {
            panic!("{what}: {end:?}");
        };
        assert_eq!(code, Code::OutcomeUnknown, "{what}");
        assert!(progress.state.contains(CONTAINER), "{what}");
        assert_eq!(bench.graph.count(Asked::Create), 1, "{what}");
        assert_eq!(bench.graph.count(Asked::Publish), 2, "{what}");
    }
}

#[test]
fn whatever_speaks_against_it_leaves_the_outcome_to_a_person() {
    let other = listed("1", "Another caption", seconds_after_due(5));
    let cases: [(&str, Option<Answer>, Option<Answer>); 3] = [
        ("somebody posted something", Some(list(&[other])), None),
        ("the quota grew", None, Some(quota(8, 50))),
        ("the quota shrank", None, Some(quota(6, 50))),
    ];
    for (what, media, used) in cases {
        let bench = Bench::new();
        let progress = unknown(&bench, lost());
        if let Some(media) = media {
            bench.graph.always(Asked::List, media);
        }
        if let Some(used) = used {
            bench.graph.always(Asked::Quota, used);
        }
        let (settled, looks) = settle(&bench, progress);
        assert!(is_persons(&settled), "{what}: {settled:?}");
        assert_eq!(looks, 2, "{what}");
    }
}

#[test]
fn under_the_strict_policy_nothing_is_published_again() {
    let mut bench = Bench::new();
    bench.settings.reconcile = ReconcilePolicy::Strict;
    let progress = unknown(&bench, lost());
    let (settled, looks) = settle(&bench, progress);
    assert!(is_persons(&settled), "{settled:?}");
    assert_eq!(looks, 2);
    // What can be found is still found.
    let mut bench = Bench::new();
    bench.settings.reconcile = ReconcilePolicy::Strict;
    let progress = unknown(&bench, lost());
    bench.graph.always(Asked::Status, status("PUBLISHED"));
    assert!(matches!(look(&bench, progress), Reconciled::Published(_)));
}

#[test]
fn after_a_block_the_post_may_be_found_and_is_never_published_again() {
    for blocked in [
        error(403, 4, Some(2_207_051)),
        error(400, 4, Some(2_207_051)),
        error(403, 1, None),
        crate::fixture::answer(403, &json!("<html>")),
    ] {
        for state in ["FINISHED", "ERROR", "EXPIRED"] {
            let bench = Bench::new();
            let progress = unknown(&bench, blocked.clone());
            bench.graph.always(Asked::Status, status(state));
            let (settled, _) = settle(&bench, progress);
            assert!(is_persons(&settled), "{state}: {settled:?}");
        }
        // The container still says that it is ready, and the post is there.
        let bench = Bench::new();
        let progress = unknown(&bench, blocked);
        let media = listed(MEDIA, "Fresh buns", seconds_after_due(5));
        bench.graph.always(Asked::List, list(&[media]));
        let Reconciled::Published(receipt) = look(&bench, progress) else {
            panic!("it isn't found");
        };
        assert_eq!(receipt.external_id, MEDIA);
    }
}

#[test]
fn a_container_that_failed_is_made_anew_only_where_nothing_appeared() {
    for state in ["ERROR", "EXPIRED"] {
        let bench = Bench::new();
        let progress = unknown(&bench, error(500, 1, None));
        bench.graph.always(Asked::Status, status(state));
        let looked = look(&bench, progress.clone());
        assert!(
            matches!(looked, Reconciled::NotPublished { resume: None, .. }),
            "{looked:?}"
        );
        let other = listed("1", "Another caption", seconds_after_due(5));
        bench.graph.always(Asked::List, list(&[other]));
        assert!(is_persons(&look(&bench, progress)), "{state}");
    }
}

#[test]
fn a_container_that_is_being_published_is_looked_at_again() {
    let bench = Bench::new();
    let progress = unknown(&bench, lost());
    for _ in 0..3 {
        bench.graph.then(Asked::Status, status("IN_PROGRESS"));
    }
    bench.graph.then(Asked::Status, status("PUBLISHED"));
    let (settled, looks) = settle(&bench, progress);
    assert!(matches!(settled, Reconciled::Published(_)), "{settled:?}");
    assert_eq!(looks, 4);

    let bench = Bench::new();
    let progress = unknown(&bench, lost());
    bench.graph.always(Asked::Status, status("IN_PROGRESS"));
    assert!(is_persons(&settle(&bench, progress).0), "it looks for ever");
}

#[test]
fn a_platform_that_cannot_be_read_proves_nothing() {
    for asked in [Asked::Status, Asked::List] {
        for trouble in [lost(), error(400, 100, Some(33)), error(400, 190, None)] {
            let bench = Bench::new();
            let progress = unknown(&bench, lost());
            bench.graph.always(asked, trouble);
            let looked = block_on(bench.adapter().reconcile(bun(), progress));
            assert!(
                matches!(looked, Err(AdapterError::Unknown { .. })),
                "{asked:?}: {looked:?}"
            );
        }
    }
    // The post can be there although its container can't be read.
    let bench = Bench::new();
    let progress = unknown(&bench, lost());
    bench.graph.always(Asked::Status, error(400, 100, Some(33)));
    let media = listed(MEDIA, "Fresh buns", seconds_after_due(5));
    bench.graph.always(Asked::List, list(&[media]));
    assert!(matches!(look(&bench, progress), Reconciled::Published(_)));
}

#[test]
fn a_person_who_asks_about_a_post_that_is_out_gets_its_address() {
    let bench = Bench::new();
    let progress = Progress {
        stage: "link".to_owned(),
        kind: StepKind::Confirm,
        state: json!({"mediaId": MEDIA, "post": {"id": CONTAINER}}).to_string(),
    };
    let Ok(Reconciled::Published(receipt)) = block_on(bench.adapter().reconcile(bun(), progress))
    else {
        panic!("it isn't published");
    };
    assert_eq!(
        (receipt.external_id.as_str(), receipt.permalink.as_deref()),
        (MEDIA, Some(LINK))
    );
}

#[test]
fn what_is_unknown_says_why() {
    let bench = Bench::new();
    bench
        .graph
        .then(Asked::Publish, error(403, 4, Some(2_207_051)));
    let End::Unknown(code, progress) = bench.drive(&bun()) else {
        panic!("it isn't unknown");
    };
    assert_eq!(code, Code::AccountBlocked);
    assert_eq!(progress.kind, StepKind::Decisive);
}
