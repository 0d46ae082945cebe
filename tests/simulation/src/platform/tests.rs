use std::sync::{Arc, Mutex};
use std::time::Duration;

use calendar_publish::error::Code;
use calendar_publish::model::{JobId, Timestamp, deterministic_uuid};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Post, Progress, ReceiptKind, Reconciled, Step, StepKind,
};

use super::{Evidence, Flow, Mix, Outcome, Place, ScriptedPlatform, Turn};
use crate::executor::{Ended, Executor, crash_at};
use crate::time::{VirtualClock, VirtualTime};

const START: &str = "2026-04-01T09:00:00Z";

fn time() -> VirtualTime {
    VirtualTime::new(START.parse().unwrap())
}

fn platform(flow: Flow, time: &VirtualTime) -> Arc<ScriptedPlatform> {
    Arc::new(ScriptedPlatform::new(
        flow,
        Arc::new(VirtualClock::new(time.clone())),
    ))
}

fn post(name: &str, channel: &str, inbox: bool) -> Post {
    let uuid = |part: &str| deterministic_uuid(&[part, name]);
    let mode = if inbox { "inbox" } else { "direct" };
    let json = format!(
        r#"{{ "id": "{}", "calendarId": "{}", "tiktok": {{ "mode": "{mode}" }},
            "piece": {{ "channel": "{channel}", "format": "video", "date": "2026-04-01" }} }}"#,
        uuid("entry"),
        uuid("calendar")
    );
    let account = format!(
        r#"{{ "id": "{}", "userId": "{}", "channel": "{channel}", "externalAccountId": "17",
            "displayName": "@pan", "timezone": "Europe/Madrid", "status": "ok" }}"#,
        uuid("account"),
        uuid("user")
    );
    Post {
        job_id: JobId::new(uuid("job")),
        attempt: 1,
        entry: serde_json::from_str(&json).unwrap(),
        content_hash: "abc".to_owned(),
        account: serde_json::from_str(&account).unwrap(),
        begin_by: Timestamp::from_millis(i64::MAX),
    }
}

/// What a run came to: the kinds of the steps, the end, and the seconds it took.
type Run = (Vec<StepKind>, Result<Step, AdapterError>, i64);

fn run<T: Send + 'static>(time: &VirtualTime, future: impl Future<Output = T> + 'static) -> T {
    let result = Arc::new(Mutex::new(None));
    let slot = result.clone();
    let mut executor = Executor::new(time.clone(), 1);
    executor.spawn(async move {
        let value = future.await;
        *slot.lock().unwrap() = Some(value);
    });
    executor.run(Timestamp::MAX, || true);
    result.lock().unwrap().take().unwrap()
}

/// Takes steps until there are none.
async fn publish(platform: Arc<ScriptedPlatform>, post: Post, time: VirtualTime) -> Run {
    let begun = time.now();
    let mut progress = platform.begin(&post);
    let mut kinds = Vec::new();
    loop {
        kinds.push(progress.kind);
        let step = platform.advance(post.clone(), progress).await;
        match step {
            Ok(Step::Pending {
                progress: next,
                poll_after,
            }) => {
                progress = next;
                let until = time.now().millis() + i64::try_from(poll_after.as_millis()).unwrap();
                time.sleep_until(Timestamp::from_millis(until)).await;
            }
            end => {
                let seconds = (time.now().millis() - begun.millis()) / 1000;
                return (kinds, end, seconds);
            }
        }
    }
}

fn published(flow: Flow, channel: &str, turn: impl Into<Turn>) -> (Run, usize) {
    let time = time();
    let platform = platform(flow, &time);
    let post = post("a", channel, false);
    platform.script(post.job_id, [turn.into()]);
    let end = run(&time, publish(platform.clone(), post, time.clone()));
    (end, platform.posts().len())
}

fn code(end: &Result<Step, AdapterError>) -> Option<Code> {
    match end {
        Err(AdapterError::NotPublished { error, .. }) => Some(error.code),
        _ => None,
    }
}

#[test]
fn each_flow_takes_its_own_steps_and_publishes_once() {
    use StepKind::{Confirm, Decisive, Read, Repeatable};
    let ((kinds, end, _), posts) = published(Flow::Container, "instagram", Outcome::Published);
    assert_eq!(kinds, [Read, Repeatable, Read, Decisive, Confirm]);
    let Ok(Step::Done(receipt)) = end else {
        panic!("{end:?}")
    };
    assert_eq!((receipt.kind, posts), (ReceiptKind::Published, 1));
    assert!(receipt.permalink.is_some());

    let ((kinds, _, _), posts) = published(Flow::Upload, "tiktok", Outcome::Published);
    assert_eq!(kinds, [Read, Repeatable, Repeatable, Decisive, Confirm]);
    assert_eq!(posts, 1);

    let ((kinds, _, _), posts) = published(Flow::PullFromUrl, "tiktok", Outcome::Published);
    assert_eq!((kinds, posts), (vec![Decisive, Confirm], 1));
}

#[test]
fn slow_processing_is_waited_for() {
    let wait = Outcome::PublishedAfter(Duration::from_secs(100));
    for (flow, channel) in [
        (Flow::Container, "instagram"),
        (Flow::Upload, "tiktok"),
        (Flow::PullFromUrl, "tiktok"),
    ] {
        let ((_, end, seconds), posts) = published(flow, channel, wait);
        assert!(matches!(end, Ok(Step::Done(_))), "{flow:?}: {end:?}");
        assert_eq!((seconds, posts), (100, 1), "{flow:?}");
    }
}

#[test]
fn a_refusal_strikes_where_it_is_told_and_publishes_nothing() {
    for place in [
        Place::Read,
        Place::Write,
        Place::Decisive,
        Place::Processing,
    ] {
        for (flow, channel) in [(Flow::Container, "instagram"), (Flow::Upload, "tiktok")] {
            let turn = Turn::from(Outcome::PERMANENT).at(place);
            let ((kinds, end, _), posts) = published(flow, channel, turn);
            assert_eq!(
                code(&end),
                Some(Code::ContentRejected),
                "{flow:?} {place:?}"
            );
            assert_eq!(posts, 0);
            match place {
                Place::Read => assert_eq!(kinds.len(), 1),
                Place::Write => assert_eq!(kinds.len(), 2),
                Place::Decisive => assert_eq!(kinds.last(), Some(&StepKind::Decisive)),
                Place::Processing => assert!(matches!(
                    kinds.last(),
                    Some(StepKind::Read | StepKind::Confirm)
                )),
            }
        }
    }
}

#[test]
fn a_draft_reaches_the_inbox() {
    let time = time();
    let platform = platform(Flow::Upload, &time);
    let (_, end, _) = run(
        &time,
        publish(platform.clone(), post("a", "tiktok", true), time.clone()),
    );
    let Ok(Step::Done(receipt)) = end else {
        panic!("{end:?}")
    };
    assert_eq!(receipt.kind, ReceiptKind::DeliveredToInbox);
    assert_eq!(platform.posts()[0].kind, ReceiptKind::DeliveredToInbox);
}

#[test]
fn an_error_after_the_step_that_decides_leaves_the_outcome_open() {
    for published_too in [false, true] {
        for outcome in [
            Outcome::AnswerLost {
                published: published_too,
            },
            Outcome::ServerError {
                published: published_too,
            },
            Outcome::Forbidden {
                published: published_too,
            },
        ] {
            let ((_, end, _), posts) = published(Flow::Container, "instagram", outcome);
            assert!(matches!(end, Err(AdapterError::Unknown { .. })), "{end:?}");
            assert_eq!(posts, usize::from(published_too), "{outcome:?}");
        }
    }
}

/// Looks until there is something to be seen, for an hour at most.
async fn look(
    platform: Arc<ScriptedPlatform>,
    post: Post,
    mut progress: Progress,
    time: VirtualTime,
) -> Reconciled {
    loop {
        let seen = platform.reconcile(post.clone(), progress).await.unwrap();
        match seen {
            Reconciled::StillUnknown {
                look_again_after: Some(wait),
                progress: next,
            } => {
                progress = next;
                let until = time.now().millis() + i64::try_from(wait.as_millis()).unwrap();
                time.sleep_until(Timestamp::from_millis(until)).await;
            }
            seen => return seen,
        }
    }
}

fn decisive(kind: &str) -> Progress {
    Progress {
        stage: kind.to_owned(),
        kind: StepKind::Decisive,
        state: r#"{"upload":0,"chunks":1}"#.to_owned(),
    }
}

#[test]
fn a_call_takes_effect_though_its_caller_is_gone_and_a_look_finds_it() {
    let time = time();
    let platform = platform(Flow::Container, &time);
    let post = post("a", "instagram", false);
    platform.script(post.job_id, [Outcome::Slow(Duration::from_secs(50))]);
    let seen = run(&time, {
        let (platform, time, post) = (platform.clone(), time.clone(), post.clone());
        async move {
            // Every step is answered at once but the one that publishes.
            let end = crash_at(publish(platform.clone(), post.clone(), time.clone()), 1).await;
            assert_eq!(end, Ended::Crashed);
            assert!(platform.posts().is_empty());
            look(platform, post, decisive("publish"), time).await
        }
    });
    assert!(matches!(seen, Reconciled::Published(_)), "{seen:?}");
    let posts = platform.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].at.to_string(), "2026-04-01T09:00:50Z");
    assert!(platform.calls()[3].abandoned);
}

#[test]
fn what_was_never_received_is_published_with_the_same_container() {
    let time = time();
    let platform = platform(Flow::Container, &time);
    let post = post("a", "instagram", false);
    platform.script(post.job_id, [Outcome::AnswerLost { published: false }]);
    let seen = run(&time, {
        let (platform, time, post) = (platform.clone(), time.clone(), post.clone());
        async move {
            let _ = publish(platform.clone(), post.clone(), time.clone()).await;
            let seen = look(platform.clone(), post.clone(), decisive("publish"), time).await;
            let Reconciled::NotPublished {
                resume: Some(resume),
                ..
            } = &seen
            else {
                panic!("{seen:?}")
            };
            platform
                .advance(post.clone(), resume.clone())
                .await
                .unwrap();
            platform.advance(post, resume.clone()).await.unwrap();
            seen
        }
    });
    assert!(matches!(seen, Reconciled::NotPublished { .. }));
    assert_eq!(platform.posts().len(), 1);
}

#[test]
fn a_file_that_was_not_fetched_is_withdrawn_and_never_published() {
    let time = time();
    let platform = platform(Flow::PullFromUrl, &time);
    let post = post("a", "tiktok", false);
    platform.script(post.job_id, [Outcome::Slow(Duration::from_secs(50))]);
    let seen = run(&time, {
        let (platform, time, post) = (platform.clone(), time.clone(), post.clone());
        async move {
            crash_at(publish(platform.clone(), post.clone(), time.clone()), 1).await;
            let seen = look(platform, post, decisive("pull"), time.clone()).await;
            time.sleep_until("2026-04-01T10:00:00Z".parse().unwrap())
                .await;
            seen
        }
    });
    assert!(
        matches!(seen, Reconciled::NotPublished { resume: None, .. }),
        "{seen:?}"
    );
    assert!(platform.posts().is_empty());
}

#[test]
fn evidence_can_come_late_or_never() {
    for evidence in [Evidence::After(Duration::from_secs(600)), Evidence::Never] {
        let time = time();
        let platform = platform(Flow::Container, &time);
        let post = post("a", "instagram", false);
        let lost = Turn::from(Outcome::ServerError { published: true });
        platform.script(post.job_id, [lost.with_evidence(evidence)]);
        let seen = run(&time, {
            let (platform, time) = (platform.clone(), time.clone());
            async move {
                let _ = publish(platform.clone(), post.clone(), time.clone()).await;
                look(platform, post, decisive("publish"), time).await
            }
        });
        if evidence == Evidence::Never {
            assert!(matches!(
                seen,
                Reconciled::StillUnknown {
                    look_again_after: None,
                    ..
                }
            ));
        } else {
            assert!(matches!(seen, Reconciled::Published(_)), "{seen:?}");
            assert!(time.now() >= "2026-04-01T09:10:00Z".parse().unwrap());
        }
    }
}

#[test]
fn what_a_job_gets_depends_on_the_seed_alone() {
    let outcome = |seed, others: usize| {
        let time = time();
        let clock = Arc::new(VirtualClock::new(time.clone()));
        let platform =
            Arc::new(ScriptedPlatform::new(Flow::Container, clock).seeded(seed, Mix::ROUGH));
        run(&time, {
            let (platform, time) = (platform.clone(), time.clone());
            async move {
                for other in 0..others {
                    let post = post(&format!("other {other}"), "instagram", false);
                    let _ = publish(platform.clone(), post, time.clone()).await;
                }
                let (_, end, _) = publish(
                    platform.clone(),
                    post("a", "instagram", false),
                    time.clone(),
                )
                .await;
                match end {
                    Ok(_) => "done".to_owned(),
                    Err(error) => error.to_string(),
                }
            }
        })
    };
    let ends: Vec<_> = (0..40).map(|seed| outcome(seed, 0)).collect();
    let again: Vec<_> = (0..40).map(|seed| outcome(seed, 3)).collect();
    assert_eq!(ends, again);
    assert!(ends.iter().any(|end| *end != ends[0]));
}
