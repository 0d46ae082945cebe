//! Whatever callers do and whatever goes wrong: nothing is out that no accepted publish explains.

use std::collections::BTreeMap;

use calendar_publish::ports::Method;
use calendar_publish_simulators::instagram::{Endpoint, Fault, GraphError, Mishap, SecondPublish};
use proptest::prelude::*;

use crate::bench::{ACCOUNT, Bench, GRAPH};

#[derive(Clone, Debug)]
enum Step {
    Create {
        broken: bool,
    },
    /// Publishes one of the containers so far, or one that isn't there.
    Publish(usize),
    Wait(i64),
    Fault {
        at: Endpoint,
        effect: bool,
        kind: u8,
    },
    Restrict(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let endpoint = prop_oneof![
        Just(Endpoint::Publish),
        Just(Endpoint::CreateContainer),
        Just(Endpoint::ReadContainer)
    ];
    prop_oneof![
        3 => any::<bool>().prop_map(|broken| Step::Create { broken }),
        6 => (0_usize..6).prop_map(Step::Publish),
        2 => (0_i64..40_000).prop_map(Step::Wait),
        2 => (endpoint, any::<bool>(), 0_u8..4)
            .prop_map(|(at, effect, kind)| Step::Fault { at, effect, kind }),
        1 => any::<bool>().prop_map(Step::Restrict),
    ]
}

fn mishap(kind: u8) -> Mishap {
    match kind {
        0 => Mishap::Lost,
        1 => Mishap::Html(503),
        2 => Mishap::Error(GraphError::new(4, Some(2_207_051)).with_status(403)),
        _ => Mishap::Error(GraphError::new(1, None)),
    }
}

/// Plays the steps, and compares the truth with the log.
fn play(steps: &[Step], second: SecondPublish) -> Result<(), TestCaseError> {
    let bench = Bench::new();
    bench.instagram.knobs(|knobs| knobs.second_publish = second);
    let bearer = format!("Bearer {}", bench.token);
    let mut containers = Vec::new();
    for step in steps {
        match step {
            Step::Create { broken } => {
                let name = if *broken { "none" } else { "bun" };
                let url = format!("{GRAPH}/{ACCOUNT}/media?image_url=https://cdn.test/{name}.jpg");
                let answer = bench.send(Method::Post, &url, &[("authorization", &bearer)], &[]);
                let body = answer.map(|answer| answer.body).unwrap_or_default();
                let read = serde_json::from_slice::<serde_json::Value>(&body).unwrap_or_default();
                containers.extend(read["id"].as_str().map(str::to_owned));
            }
            Step::Publish(place) => {
                let id = containers
                    .get(*place)
                    .map_or("17900000000009999", String::as_str);
                let url = format!("{GRAPH}/{ACCOUNT}/media_publish?creation_id={id}");
                let _ = bench.send(Method::Post, &url, &[("authorization", &bearer)], &[]);
            }
            Step::Wait(seconds) => bench.wait(*seconds),
            Step::Fault { at, effect, kind } => {
                let fault = Fault::at(*at, mishap(*kind));
                bench
                    .instagram
                    .fault(if *effect { fault.after_effect() } else { fault });
            }
            Step::Restrict(restricted) => {
                bench
                    .instagram
                    .account(ACCOUNT, |account| account.restricted = *restricted);
            }
        }
    }
    let count = |handles: Vec<Option<String>>| {
        let mut counts = BTreeMap::<String, usize>::new();
        for handle in handles.into_iter().flatten() {
            *counts.entry(handle).or_default() += 1;
        }
        counts
    };
    let accepted = bench.instagram.requests().into_iter().filter(|request| {
        request.endpoint.ends_with("/media_publish") && request.decided.as_deref() == Some("ok")
    });
    let accepted = count(accepted.map(|request| request.handle).collect());
    let posts = bench.instagram.posts();
    let out = count(posts.iter().map(|post| Some(post.handle.clone())).collect());
    prop_assert_eq!(&out, &accepted);
    if second != SecondPublish::Again {
        prop_assert!(out.values().all(|&times| times == 1), "{:?}", out);
    }
    for post in &posts {
        prop_assert_eq!(post.media.len(), 1);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_post_is_an_accepted_publish(
        steps in prop::collection::vec(step(), 1..40),
        second in prop_oneof![Just(SecondPublish::Refused), Just(SecondPublish::NotReady)],
    ) {
        play(&steps, second)?;
    }

    #[test]
    fn also_where_a_container_publishes_again(steps in prop::collection::vec(step(), 1..40)) {
        play(&steps, SecondPublish::Again)?;
    }
}
