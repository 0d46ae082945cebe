//! Every call of every port throws once, before and after its effect: never two posts, and every end can be
//! explained.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use calendar_publish::model::JobStatus;
use calendar_publish_documents::ports::{DocumentAdapter, DocumentPort, HostFailure};
use calendar_publish_documents::{Engine, EngineSettings};
use serde_json::json;

use crate::fixture::{Chaos, DUE, Trouble, World, account, ports, schedule, switched_on};

fn live(trouble: Trouble) -> World {
    let world = World::new(trouble);
    world.insist("putAccount", &account());
    world.insist("schedule", &schedule());
    world
}

#[test]
fn an_exception_anywhere_never_makes_two_posts() {
    let calm = live(Trouble::None);
    assert_eq!(calm.settle().status, JobStatus::Published);
    let calls = calm.calls();
    assert!(calls > 20, "{calls} calls");
    let mut published = 0;
    for number in 1..=calls {
        for trouble in [Trouble::Before(number), Trouble::After(number)] {
            let world = live(trouble);
            let job = world.settle();
            let posts = world.instagram.posts().len();
            assert!(posts <= 1, "{trouble:?}: {posts} posts, {job:?}");
            match job.status {
                JobStatus::Published => {
                    assert_eq!(posts, 1, "{trouble:?}: {job:?}");
                    published += 1;
                }
                JobStatus::NeedsAttention => {
                    assert!(job.last_error.is_some(), "{trouble:?}: {job:?}");
                }
                _ => panic!("{trouble:?}: {job:?}"),
            }
        }
    }
    // One exception is nothing that a person should hear of, but where the platform can't be asked.
    assert!(published >= 2 * calls - 4, "{published} of {}", 2 * calls);
}

/// A platform that posts whenever it is told to, behind an adapter of the host's own.
struct Naive {
    posts: Arc<AtomicUsize>,
    chaos: Arc<Chaos>,
}

#[async_trait]
impl DocumentPort for Naive {
    async fn call(&self, method: &'static str, _: String) -> Result<String, HostFailure> {
        let effect = async {
            let is_out = match method {
                "advance" => self.posts.fetch_add(1, Ordering::SeqCst) + 1,
                _ => self.posts.load(Ordering::SeqCst),
            } > 0;
            let mut answer = json!({ "type": "not_published", "evidence": "nothing is out" });
            if is_out {
                let word = if method == "advance" {
                    "done"
                } else {
                    "published"
                };
                answer = json!({ "type": word, "kind": "published", "externalId": "9",
                                 "permalink": null, "at": DUE });
            }
            Ok(answer.to_string())
        };
        self.chaos.around(effect).await
    }
}

/// A world with that platform, and how many posts it has.
fn naive(trouble: Trouble) -> (World, Arc<AtomicUsize>) {
    let posts = Arc::new(AtomicUsize::new(0));
    let (mut ports, clock, instagram, chaos) = ports(trouble);
    let platform = Naive {
        posts: posts.clone(),
        chaos: chaos.clone(),
    };
    let place = json!({
        "channel": "instagram", "callDeadlineSeconds": 30,
        "first": { "stage": "publish", "kind": "decisive", "state": "{}" },
    });
    let place = serde_json::from_value(place).unwrap();
    ports.adapters = vec![Arc::new(DocumentAdapter::new(platform, place))];
    let settings = EngineSettings::read(&switched_on().to_string()).unwrap();
    let world = World {
        clock,
        instagram,
        engine: Engine::new(ports, settings).unwrap(),
        chaos,
    };
    world.insist("putAccount", &account());
    world.insist("schedule", &schedule());
    (world, posts)
}

#[test]
fn an_adapter_that_throws_never_makes_two_posts_either() {
    let (calm, _) = naive(Trouble::None);
    assert_eq!(calm.settle().status, JobStatus::Published);
    assert_eq!(calm.instagram.posts().len(), 0, "its own adapter was used");
    for number in 1..=calm.calls() {
        for trouble in [Trouble::Before(number), Trouble::After(number)] {
            let (world, posts) = naive(trouble);
            let job = world.settle();
            let posts = posts.load(Ordering::SeqCst);
            assert_eq!(job.status, JobStatus::Published, "{trouble:?}: {job:?}");
            assert_eq!(posts, 1, "{trouble:?}: {job:?}");
        }
    }
}
