//! The adapter under a real worker against the simulator of Instagram, which keeps the truth of what came out.

use std::sync::Arc;

use calendar_publish::Code;
use calendar_publish::model::{CalendarEntry, JobStatus};
use calendar_publish_adapters::instagram::{InstagramLogin, InstagramSettings, VideoDelivery};
use calendar_publish_simulators::instagram::{
    Account, AfterBlock, BusinessUsage, CaptionReads, Endpoint, Fault, Flavour, GraphError,
    InstagramSimulator, Mishap, Usage,
};
use calendar_publish_simulators::sample::{UPRIGHT, jpeg};
use calendar_publish_simulators::{InProcess, MediaShelf, ShelvedFile};
use chrono::TimeDelta;
use serde_json::json;

use crate::engine::Desk;
use crate::fixture::{ACCOUNT, Bench, bun, entry, image, video};

struct World {
    instagram: Arc<InstagramSimulator>,
    desk: Desk,
}

impl World {
    fn new(entry: CalendarEntry) -> Self {
        Self::with(entry, Flavour::Instagram, |_| {})
    }

    fn with(
        entry: CalendarEntry,
        flavour: Flavour,
        change: impl FnOnce(&mut InstagramSettings),
    ) -> Self {
        let mut bench = Bench::new();
        let shelf = MediaShelf::default();
        for name in ["bun", "1", "2", "cover"] {
            let url = format!("https://cdn.test/{name}.jpg");
            shelf.put(&url, ShelvedFile::new("image/jpeg", jpeg(1080, 1350)));
        }
        shelf.put(
            "https://cdn.test/r.mp4",
            ShelvedFile::new("video/mp4", UPRIGHT.mp4()),
        );
        let instagram = InstagramSimulator::new(bench.clock.clone(), Arc::new(shelf.clone()));
        instagram.add_account(Account::new(ACCOUNT, "bakery.demo"));
        let token = instagram.grant(ACCOUNT, flavour, flavour.publishing_permissions());
        *bench.tokens.given.lock().unwrap() = Some(token);
        bench.transport = Some(Arc::new(InProcess::new(vec![instagram.clone()])));
        bench.media = Some(Arc::new(shelf));
        if flavour != Flavour::Instagram {
            bench.settings = InstagramSettings::new(InstagramLogin::Facebook);
        }
        change(&mut bench.settings);
        let desk = Desk::with(bench, entry);
        Self { instagram, desk }
    }

    /// Works for so long and expects one post, which the job knows.
    fn comes_out(&self, minutes: i64) {
        let job = self.desk.work(minutes);
        assert_eq!(job.status, JobStatus::Published, "{job:?}");
        let posts = self.instagram.posts();
        assert_eq!(posts.len(), 1, "{posts:?}");
        let (id, link) = self.desk.receipt();
        assert_eq!(id.as_ref(), Some(&posts[0].id));
        assert!(link.unwrap().starts_with("https://www.instagram.com/"));
    }
}

fn blocked() -> Mishap {
    Mishap::Error(GraphError::new(4, Some(2_207_051)).with_status(403))
}

fn reel() -> CalendarEntry {
    let more = json!({
        "cover": {"type": "image", "media": image("https://cdn.test/cover.jpg")},
        "instagram": {"shareToFeed": true, "collaborators": ["partner.one"], "audioName": "Oven",
                      "aiGenerated": true},
    });
    entry(
        "reel",
        "Hi @miller #bread",
        &[video("https://cdn.test/r.mp4")],
        &more,
    )
}

fn carousel() -> CalendarEntry {
    let mut first = image("https://cdn.test/1.jpg");
    first["altText"] = "One".into();
    first["userTags"] = json!([{"username": "miller", "x": 0.4, "y": 0.7}]);
    let items = [
        first,
        video("https://cdn.test/r.mp4"),
        image("https://cdn.test/2.jpg"),
    ];
    let more = json!({"instagram": {"collaborators": ["partner.one"], "aiGenerated": true}});
    entry("carousel", "Three things", &items, &more)
}

#[test]
fn every_kind_of_post_comes_out_once_with_both_logins() {
    for flavour in [Flavour::Instagram, Flavour::FacebookPage] {
        for entry in [bun().entry, reel(), carousel()] {
            let caption = entry.piece.copy.clone();
            let world = World::with(entry, flavour, |_| {});
            world.comes_out(15);
            assert_eq!(world.instagram.posts()[0].caption, caption);
        }
    }
}

#[test]
fn an_uploaded_reel_comes_out_once_whole() {
    let world = World::with(reel(), Flavour::FacebookPage, |settings| {
        settings.video = VideoDelivery::Resumable { piece_bytes: 300 };
    });
    world
        .instagram
        .fault(Fault::at(Endpoint::Upload, Mishap::Cut(7)));
    world.comes_out(15);
    let fetched = World::new(reel());
    fetched.comes_out(15);
    assert_eq!(
        world.instagram.posts()[0].media,
        fetched.instagram.posts()[0].media
    );
}

#[test]
fn whatever_becomes_of_the_publishing_call_nothing_comes_out_twice() {
    let mishaps = [
        Mishap::Lost,
        Mishap::Status(500),
        Mishap::Html(502),
        Mishap::Error(GraphError::new(1, None)),
        Mishap::Error(GraphError::new(2, None)),
        Mishap::Error(GraphError::new(-1, Some(2_207_001))),
        blocked(),
        Mishap::Status(403),
    ];
    for mishap in mishaps {
        for effect in [false, true] {
            let world = World::new(bun().entry);
            let fault = Fault::at(Endpoint::Publish, mishap.clone());
            world
                .instagram
                .fault(if effect { fault.after_effect() } else { fault });
            let job = world.desk.work(60);
            let posts = world.instagram.posts().len();
            let is_block = mishap == blocked() || mishap == Mishap::Status(403);
            match (effect, is_block) {
                (false, true) => {
                    assert_eq!(posts, 0, "{mishap:?} was followed by another call");
                    assert_eq!(job.last_error, Some(Code::OutcomeUnknown), "{mishap:?}");
                }
                _ => {
                    assert_eq!(job.status, JobStatus::Published, "{mishap:?}, {effect}");
                    assert_eq!(posts, 1, "{mishap:?}, {effect}");
                }
            }
        }
    }
}

#[test]
fn a_block_that_published_is_found_whatever_the_container_says() {
    for after in [AfterBlock::Published, AfterBlock::Finished] {
        for delay in [0, 20] {
            let world = World::new(bun().entry);
            world.instagram.knobs(|knobs| {
                knobs.after_block = after;
                knobs.list_delay = TimeDelta::seconds(delay);
            });
            world
                .instagram
                .fault(Fault::at(Endpoint::Publish, blocked()).after_effect());
            world.comes_out(60);
        }
    }
}

#[test]
fn a_post_is_found_without_caption_and_product_type() {
    for captions in [CaptionReads::Missing, CaptionReads::WithoutAt] {
        let world = World::new(reel());
        world.instagram.knobs(|knobs| {
            knobs.captions = captions;
            knobs.product_type = false;
        });
        world
            .instagram
            .fault(Fault::at(Endpoint::Publish, Mishap::Lost).after_effect());
        world.comes_out(60);
    }
}

#[test]
fn a_post_that_somebody_made_by_hand_meanwhile_is_not_taken_for_it() {
    let world = World::new(bun().entry);
    world
        .instagram
        .fault(Fault::at(Endpoint::Publish, Mishap::Lost).after_effect());
    let soon = crate::fixture::due().plus(TimeDelta::seconds(5));
    world.desk.work(1);
    world
        .instagram
        .post_by_hand(ACCOUNT, "Something else", soon);
    world.comes_out(60);
}

#[test]
fn reads_that_lie_at_first_and_slow_processing_cost_no_attempt() {
    let world = World::new(carousel());
    world.instagram.knobs(|knobs| {
        knobs.missing_container_reads = 3;
        knobs.missing_media_reads = 1;
        knobs.video_processing = TimeDelta::minutes(6);
        knobs.publishing = TimeDelta::seconds(10);
    });
    world.comes_out(30);
    assert_eq!(world.desk.job().attempt_count, 1);
}

#[test]
fn one_item_of_three_that_fails_is_made_anew() {
    let world = World::new(carousel());
    let fault = Fault::at(Endpoint::CreateContainer, Mishap::ContainerFails(2_207_052));
    world.instagram.fault(fault.call(3));
    world.comes_out(30);
    let log = world.instagram.requests();
    let creates = log
        .iter()
        .filter(|it| it.endpoint.starts_with("POST ") && it.endpoint.ends_with("/media"));
    assert_eq!(
        creates.count(),
        5,
        "three items, one of them twice, and the carousel"
    );
    assert_eq!(world.desk.job().attempt_count, 1);
}

#[test]
fn spent_quotas_and_used_up_calls_rest_the_account_and_cost_no_attempt() {
    let world = World::new(bun().entry);
    // The quota that is told is another than the one that is enforced.
    world.instagram.knobs(|knobs| {
        knobs.quota_reported = Some(100);
        knobs.quota_enforced = Some(0);
    });
    let job = world.desk.work(2);
    assert_eq!(
        (job.last_error, job.attempt_count),
        (Some(Code::QuotaExhausted), 0)
    );
    world
        .instagram
        .knobs(|knobs| knobs.quota_enforced = Some(50));
    // An hour's rest ends within the grace.
    world.comes_out(60);

    let world = World::new(bun().entry);
    let usage = Usage {
        call_count: 100,
        total_time: 20,
        total_cputime: 20,
    };
    world.instagram.knobs(|knobs| {
        knobs.business_usage = Some(BusinessUsage {
            usage,
            regain_minutes: 19,
        });
    });
    let job = world.desk.work(5);
    assert_eq!(
        (job.last_error, job.attempt_count),
        (Some(Code::RateLimited), 0)
    );
    let asked = world.instagram.requests().len();
    assert!(asked <= 2, "{asked} calls of an account that is used up");
    world.instagram.knobs(|knobs| knobs.business_usage = None);
    world.comes_out(30);
}

const ENDPOINTS: [Endpoint; 6] = [
    Endpoint::PublishingLimit,
    Endpoint::CreateContainer,
    Endpoint::ReadContainer,
    Endpoint::ListMedia,
    Endpoint::Publish,
    Endpoint::ReadMedia,
];

fn mishaps() -> [Mishap; 6] {
    [
        Mishap::Lost,
        Mishap::Html(502),
        Mishap::Error(GraphError::new(190, Some(463))),
        Mishap::Error(GraphError::new(100, Some(33))),
        Mishap::Error(GraphError::new(80_002, None)),
        blocked(),
    ]
}

/// Whatever happened: at most one post, and nobody says of one that is out that it isn't.
fn holds(world: &World, what: &str) {
    let job = world.desk.settle();
    let posts = world.instagram.posts();
    assert!(posts.len() <= 1, "{what}: {posts:?}");
    match job.status {
        JobStatus::Published => {
            assert_eq!(posts.len(), 1, "{what}: nothing is out");
            let id = world.desk.receipt().0.unwrap();
            assert!(id == posts[0].id || id == posts[0].handle, "{what}: {id}");
        }
        JobStatus::NeedsAttention => {
            let unknown = job.last_error == Some(Code::OutcomeUnknown);
            assert!(
                unknown || posts.is_empty(),
                "{what}: out, but {:?}",
                job.last_error
            );
        }
        status => panic!("{what}: {status:?}"),
    }
}

#[test]
fn one_mishap_at_any_call_leaves_at_most_one_post_and_an_answer() {
    for endpoint in ENDPOINTS {
        for mishap in mishaps() {
            for (call, times) in [(1, 1), (2, 1), (1, u32::MAX)] {
                for effect in [false, true] {
                    let world = World::new(bun().entry);
                    let fault = Fault::at(endpoint, mishap.clone()).call(call).times(times);
                    world
                        .instagram
                        .fault(if effect { fault.after_effect() } else { fault });
                    let what = format!("{endpoint:?} {mishap:?} {call} {times} {effect}");
                    holds(&world, &what);
                }
            }
        }
    }
}

#[test]
fn a_second_mishap_while_looking_for_a_post_whose_answer_was_lost_changes_nothing() {
    for lost in [false, true] {
        for endpoint in ENDPOINTS {
            for mishap in mishaps() {
                for (call, times) in [(2, 1), (3, 1), (2, u32::MAX)] {
                    let world = World::new(bun().entry);
                    let first = Fault::at(Endpoint::Publish, Mishap::Lost);
                    world
                        .instagram
                        .fault(if lost { first } else { first.after_effect() });
                    world
                        .instagram
                        .fault(Fault::at(endpoint, mishap.clone()).call(call).times(times));
                    let what =
                        format!("lost before: {lost}, {endpoint:?} {mishap:?} {call} {times}");
                    holds(&world, &what);
                }
            }
        }
    }
}
