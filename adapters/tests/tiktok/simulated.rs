//! The whole way against the simulator, which knows what really came out.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use calendar_publish::Code;
use calendar_publish::memory::ManualClock;
use calendar_publish::model::{AccountId, CalendarEntry, JobId, JobStatus, PublishJob};
use calendar_publish_adapters::access::{AccessError, AccessToken, AccessTokens};
use calendar_publish_adapters::tiktok::{
    PullFate, PullFile, PullUrls, TiktokAdapter, TiktokPorts, TiktokSettings,
};
use calendar_publish_simulators::tiktok::{
    Creator, Endpoint, Fault, FaultKind, PostIds, TiktokSimulator,
};
use calendar_publish_simulators::{InProcess, MediaShelf, ShelvedFile};
use secrecy::SecretString;
use serde_json::json;

use crate::chunks::sealed;
use crate::fixture::{VIDEO, draft, due, photo_entry, video_entry, video_file};
use crate::worker::Engine;

const OPEN_ID: &str = "sim-open-id-0001";
const SCOPES: [&str; 4] = [
    "user.info.basic",
    "video.publish",
    "video.upload",
    "video.list",
];

/// Tokens that the simulator grants; a replacement is a new grant.
struct Granted {
    simulator: Arc<TiktokSimulator>,
    current: Mutex<(String, i64)>,
}

#[async_trait]
impl AccessTokens for Granted {
    async fn access_token(&self, _: AccountId) -> Result<AccessToken, AccessError> {
        let (token, version) = self.current.lock().unwrap().clone();
        Ok(AccessToken {
            secret: SecretString::from(token),
            version,
        })
    }

    async fn replacement(
        &self,
        account: AccountId,
        refused: i64,
    ) -> Result<AccessToken, AccessError> {
        let granted = self.simulator.grant(OPEN_ID, &SCOPES).access;
        *self.current.lock().unwrap() = (granted, refused + 1);
        self.access_token(account).await
    }
}

struct World {
    simulator: Arc<TiktokSimulator>,
    shelf: MediaShelf,
    clock: Arc<ManualClock>,
    engine: Engine,
}

impl World {
    fn new() -> Self {
        Self::with(TiktokSettings::default(), true)
    }

    fn with(settings: TiktokSettings, uploads: bool) -> Self {
        let clock = Arc::new(ManualClock::new(due()));
        let shelf = MediaShelf::default();
        shelf.put(VIDEO, video_file(100_000));
        let photo = |mime: &str| ShelvedFile::new(mime, [0; 64]);
        shelf.put("https://media.host.example/p/1.jpg", photo("image/jpeg"));
        shelf.put("https://media.host.example/p/2.webp", photo("image/webp"));
        shelf.put(
            "https://media.host.example/v/abc.mp4",
            video_file(5_000_000),
        );
        let simulator = TiktokSimulator::new(clock.clone(), Arc::new(shelf.clone()));
        simulator.knobs(|knobs| knobs.checks_media = false);
        simulator.add_creator(Creator::new(OPEN_ID, "sim.baker"));
        let granted = simulator.grant(OPEN_ID, &SCOPES).access;
        let ports = TiktokPorts {
            transport: Arc::new(InProcess::new(vec![simulator.clone()])),
            media: uploads.then(|| Arc::new(shelf.clone()) as _),
            tokens: Arc::new(Granted {
                simulator: simulator.clone(),
                current: Mutex::new((granted, 1)),
            }),
            clock: clock.clone(),
        };
        let adapter = TiktokAdapter::new(ports, settings).unwrap();
        Self {
            engine: Engine::new(clock.clone(), Arc::new(adapter)),
            simulator,
            shelf,
            clock,
        }
    }

    fn publish(&self, entry: CalendarEntry) -> PublishJob {
        let id = self.engine.schedule(entry);
        self.settled(id)
    }

    /// The job when nothing happens by itself any more.
    fn settled(&self, id: JobId) -> PublishJob {
        self.engine.run(id, 6 * 60)
    }

    fn calls(&self, endpoint: &str) -> usize {
        let requests = self.simulator.requests();
        let named = requests
            .iter()
            .filter(|request| request.endpoint.contains(endpoint));
        named.count()
    }
}

fn large() -> CalendarEntry {
    let mut entry = video_entry();
    entry.media[0].size_bytes = Some(66_259_900);
    entry
}

#[test]
fn a_small_video_comes_out_with_its_address() {
    let world = World::new();
    let job = world.publish(video_entry());
    assert_eq!((job.status, job.attempt_count), (JobStatus::Published, 1));
    let posts = world.simulator.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].caption, "Fresh bread at six #bakery @sim.friend");
    let receipt = world.engine.history(job.id).record.receipt.unwrap();
    let post_id = receipt.post_id.unwrap();
    assert_eq!(
        receipt.permalink.unwrap(),
        format!("https://www.tiktok.com/@sim.baker/video/{post_id}")
    );
    let info = world.simulator.post_info(&posts[0].handle).unwrap();
    assert!(info.disable_duet && info.disable_stitch && !info.disable_comment);
    assert!(info.brand_organic && !info.brand_content);
    assert_eq!(info.cover_timestamp_ms, Some(1_500));
}

#[test]
fn a_large_video_arrives_whole() {
    use sha2::{Digest, Sha256};
    let world = World::new();
    world.shelf.put(VIDEO, video_file(66_259_900));
    let job = world.publish(large());
    assert_eq!(job.status, JobStatus::Published);
    let hash = Sha256::digest(video_file(66_259_900).read(0, 66_259_900));
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(world.simulator.posts()[0].media, [hex]);
    assert_eq!(world.calls("/upload"), 11);
}

#[test]
fn photos_and_drafts_arrive() {
    for entry in [photo_entry(), draft(photo_entry()), draft(video_entry())] {
        let is_draft =
            entry.tiktok.as_ref().unwrap().mode == calendar_publish::model::TiktokMode::Inbox;
        let world = World::new();
        let job = world.publish(entry);
        let expected = if is_draft {
            JobStatus::DeliveredToInbox
        } else {
            JobStatus::Published
        };
        assert_eq!(job.status, expected, "{:?}", world.simulator.requests());
        let posts = world.simulator.posts();
        assert_eq!(posts.len(), 1);
        assert_eq!(posts[0].is_draft, is_draft);
    }
}

#[test]
fn a_video_that_tiktok_fetches_arrives() {
    let world = World::with(TiktokSettings::default(), false);
    let mut entry = video_entry();
    entry.media[0].url = "https://media.host.example/v/abc.mp4".to_owned();
    assert_eq!(world.publish(entry).status, JobStatus::Published);
    assert_eq!(world.simulator.posts().len(), 1);
}

#[test]
fn what_tiktok_refuses_comes_to_the_code_that_says_it() {
    type Change = fn(&World);
    let cases: [(&str, Change, Code); 6] = [
        (
            "banned",
            |world| {
                world
                    .simulator
                    .update_creator(OPEN_ID, |creator| creator.banned = true)
            },
            Code::AccountBlocked,
        ),
        (
            "turned private",
            |world| {
                world
                    .simulator
                    .update_creator(OPEN_ID, |creator| creator.private = true)
            },
            Code::PrivacyNotAllowed,
        ),
        (
            "shorter videos only",
            |world| {
                world
                    .simulator
                    .update_creator(OPEN_ID, |creator| creator.max_video_seconds = 20);
            },
            Code::MediaDurationInvalid,
        ),
        (
            "unaudited",
            |world| world.simulator.update_app(|app| app.audited = false),
            Code::AppUnaudited,
        ),
        (
            "too many frames",
            |world| {
                let kind = FaultKind::FailsWith("frame_rate_check_failed".to_owned());
                world.simulator.fault(Fault::on(Endpoint::VideoInit, kind));
            },
            Code::MediaFrameRateInvalid,
        ),
        (
            "an unknown reason",
            |world| {
                let kind = FaultKind::FailsWith("brand_new".to_owned());
                world.simulator.fault(Fault::on(Endpoint::VideoInit, kind));
            },
            Code::PlatformPermanent,
        ),
    ];
    for (name, change, code) in cases {
        let world = World::new();
        change(&world);
        let job = world.publish(video_entry());
        assert_eq!(job.status, JobStatus::NeedsAttention, "{name}");
        assert_eq!(job.last_error, Some(code), "{name}");
        assert!(world.simulator.posts().is_empty(), "{name}");
    }
}

#[test]
fn a_quota_that_is_spent_elsewhere_costs_no_attempt() {
    let world = World::new();
    world
        .simulator
        .update_creator(OPEN_ID, |creator| creator.daily_posts_elsewhere = 15);
    let id = world.engine.schedule(video_entry());
    world.engine.run(id, 30);
    let job = world.engine.job(id);
    assert_eq!(job.attempt_count, 0);
    assert_eq!(job.last_error, Some(Code::QuotaExhausted));
    world
        .simulator
        .update_creator(OPEN_ID, |creator| creator.daily_posts_elsewhere = 0);
    assert_eq!(world.settled(id).status, JobStatus::Published);
}

#[test]
fn photos_under_an_address_that_isnt_verified_are_the_apps_matter() {
    let world = World::new();
    world
        .simulator
        .update_app(|app| app.verified_prefixes.clear());
    let job = world.publish(photo_entry());
    assert_eq!(job.last_error, Some(Code::AppMisconfigured));
}

#[test]
fn a_public_post_whose_id_never_comes_is_published_all_the_same() {
    for ids in [PostIds::Empty, PostIds::Never, PostIds::Text] {
        let world = World::new();
        world.simulator.knobs(|knobs| knobs.post_ids = ids);
        assert_eq!(world.publish(video_entry()).status, JobStatus::Published);
    }
}

/// What may happen to a call.
fn faults() -> Vec<FaultKind> {
    let code = |code: &str| FaultKind::Code(code.to_owned());
    vec![
        FaultKind::LostBefore,
        FaultKind::LostAfter,
        FaultKind::StatusBefore(502),
        FaultKind::StatusAfter(502),
        FaultKind::StatusBefore(503),
        FaultKind::StatusBefore(403),
        FaultKind::StatusAfter(403),
        FaultKind::HtmlBefore(200),
        FaultKind::HtmlAfter(200),
        FaultKind::HtmlAfter(404),
        FaultKind::WithoutData,
        FaultKind::TokenExpires,
        FaultKind::StatusStuck,
        FaultKind::StatusSays("SOMETHING_NEW".to_owned()),
        FaultKind::NeverEnds,
        FaultKind::FailsWith("internal".to_owned()),
        code("internal_error"),
        code("rate_limit_exceeded"),
        code("spam_risk_too_many_posts"),
        code("a_code_nobody_knows"),
    ]
}

/// Whatever happens to any call, once or again and again: never two posts, and what the job says is true.
fn holds(
    entry: &CalendarEntry,
    settings: &TiktokSettings,
    endpoint: Endpoint,
    kind: &FaultKind,
    times: u32,
) {
    let world = World::with(settings.clone(), true);
    let mut fault = Fault::on(endpoint, kind.clone());
    if times > 1 {
        fault = fault.times(times);
    }
    world.simulator.fault(fault);
    let job = world.publish(entry.clone());
    let posts = world.simulator.posts().len();
    let case = format!(
        "{endpoint:?} {kind:?} ×{times}: {:?} {:?}",
        job.status, job.last_error
    );
    assert!(posts <= 1, "{case}: {posts} posts");
    match (job.status, job.last_error) {
        (JobStatus::Published | JobStatus::DeliveredToInbox, _) => assert_eq!(posts, 1, "{case}"),
        (JobStatus::NeedsAttention, Some(Code::OutcomeUnknown)) => {}
        // A quota that is still spent after hours is still waited for.
        (JobStatus::NeedsAttention, _) | (JobStatus::Failed, Some(Code::QuotaExhausted)) => {
            assert_eq!(posts, 0, "{case}");
        }
        _ => panic!("{case}: nobody can explain that state"),
    }
    assert!(job.attempt_count <= 4, "{case}");
}

fn holds_everywhere(entry: &CalendarEntry, settings: &TiktokSettings, endpoints: &[Endpoint]) {
    for &endpoint in endpoints {
        for kind in faults() {
            for times in [1, 3, 40] {
                holds(entry, settings, endpoint, &kind, times);
            }
        }
    }
}

const OF_VIDEOS: [Endpoint; 4] = [
    Endpoint::CreatorInfo,
    Endpoint::VideoInit,
    Endpoint::Upload,
    Endpoint::Status,
];

#[test]
fn no_fault_makes_two_posts_of_a_video() {
    holds_everywhere(&video_entry(), &TiktokSettings::default(), &OF_VIDEOS);
}

#[test]
fn no_fault_makes_two_posts_of_a_video_strictly() {
    let settings = TiktokSettings {
        strict: true,
        ..TiktokSettings::default()
    };
    holds_everywhere(
        &video_entry(),
        &settings,
        &[Endpoint::Upload, Endpoint::Status],
    );
}

#[test]
fn no_fault_makes_two_posts_of_photos() {
    let endpoints = [Endpoint::CreatorInfo, Endpoint::PhotoInit, Endpoint::Status];
    holds_everywhere(&photo_entry(), &TiktokSettings::default(), &endpoints);
    let endpoints = [Endpoint::PhotoInit, Endpoint::Status];
    holds_everywhere(
        &draft(photo_entry()),
        &TiktokSettings::default(),
        &endpoints,
    );
}

#[test]
fn no_fault_makes_two_drafts_of_a_video() {
    let endpoints = [Endpoint::InboxInit, Endpoint::Upload, Endpoint::Status];
    holds_everywhere(
        &draft(video_entry()),
        &TiktokSettings::default(),
        &endpoints,
    );
}

/// What goes wrong once with an upload, and isn't the post's own fault, never keeps it from coming out.
#[test]
fn a_video_survives_whatever_passes() {
    for endpoint in OF_VIDEOS {
        for kind in faults() {
            let passes = match &kind {
                FaultKind::Code(code) => code == "internal_error" || code == "rate_limit_exceeded",
                FaultKind::NeverEnds => false,
                _ => true,
            };
            if !passes {
                continue;
            }
            let world = World::new();
            world.simulator.fault(Fault::on(endpoint, kind.clone()));
            let job = world.publish(video_entry());
            let case = format!("{endpoint:?} {kind:?}: {:?}", job.last_error);
            assert_eq!(job.status, JobStatus::Published, "{case}");
            assert_eq!(world.simulator.posts().len(), 1, "{case}");
        }
    }
}

#[test]
fn a_last_chunk_that_took_effect_is_found_and_one_that_didnt_is_sent_again() {
    for (kind, attempts) in [(FaultKind::LostAfter, 1), (FaultKind::LostBefore, 2)] {
        let world = World::new();
        world
            .simulator
            .fault(Fault::on(Endpoint::Upload, kind.clone()));
        let job = world.publish(video_entry());
        assert_eq!(job.status, JobStatus::Published, "{kind:?}");
        assert_eq!(job.attempt_count, attempts, "{kind:?}");
        assert_eq!(world.calls("video/init"), 1, "{kind:?}: never begun anew");
        assert_eq!(world.simulator.posts().len(), 1);
    }
}

#[test]
fn an_accepted_download_without_an_answer_is_found_in_the_list() {
    let world = World::with(TiktokSettings::default(), true);
    world
        .simulator
        .fault(Fault::on(Endpoint::PhotoInit, FaultKind::LostAfter));
    let mut entry = photo_entry();
    let chosen = entry.tiktok.as_mut().unwrap();
    chosen.privacy = serde_json::from_value(json!("PUBLIC_TO_EVERYONE")).unwrap();
    let mut account = crate::fixture::account();
    account.scopes = SCOPES.map(str::to_owned).to_vec();
    let id = world.engine.schedule_for(entry, account);
    let job = world.settled(id);
    assert_eq!(job.status, JobStatus::Published, "{:?}", job.last_error);
    assert_eq!(world.calls("content/init"), 1);
    assert_eq!(world.simulator.posts().len(), 1);
}

/// Lends addresses on the shelf, and sees who asked for them.
struct Lender(MediaShelf);

impl Lender {
    fn address(attempt: u32, index: u32) -> String {
        format!("https://media.host.example/lent/{attempt}/{index}.jpg")
    }
}

#[async_trait]
impl PullUrls for Lender {
    async fn lend(&self, file: PullFile) -> Result<String, calendar_publish::Error> {
        let address = Self::address(file.attempt, file.index);
        self.0
            .put(&address, ShelvedFile::new("image/jpeg", [0; 64]));
        Ok(address)
    }

    async fn withdraw(&self, _: JobId, attempt: u32) -> Result<PullFate, calendar_publish::Error> {
        let fetches = self.0.fetches();
        let unasked = (0..2)
            .map(|index| Self::address(attempt, index))
            .filter(|address| fetches.iter().all(|fetch| fetch.url != *address));
        let mut fate = PullFate::Fetched;
        for address in unasked {
            self.0.withdraw(&address);
            fate = PullFate::Withdrawn;
        }
        Ok(fate)
    }
}

#[test]
fn a_download_whose_addresses_nobody_asked_for_is_begun_anew_with_others() {
    for (kind, attempts) in [(FaultKind::LostBefore, 2), (FaultKind::LostAfter, 1)] {
        let mut world = World::new();
        let adapter = world.another_adapter(TiktokSettings {
            pull_urls: Some(Arc::new(Lender(world.shelf.clone()))),
            ..TiktokSettings::default()
        });
        world.engine.hand_over_to(Arc::new(adapter));
        world
            .simulator
            .fault(Fault::on(Endpoint::PhotoInit, kind.clone()));
        let job = world.publish(photo_entry());
        assert_eq!(job.attempt_count, attempts, "{kind:?}");
        assert_eq!(world.simulator.posts().len(), 1, "{kind:?}");
        if kind == FaultKind::LostBefore {
            assert_eq!(job.status, JobStatus::Published);
        } else {
            // TikTok took it, and nobody knows its handle.
            assert_eq!(job.last_error, Some(Code::OutcomeUnknown));
        }
    }
}

#[test]
fn a_worker_that_dies_in_the_middle_of_an_upload_is_replaced() {
    // Without a sealer the next worker begins a new upload; with one it goes on with this one.
    for (settings, inits, puts) in [(TiktokSettings::default(), 2, 14), (sealed(), 1, 12)] {
        let mut world = World::with(settings.clone(), true);
        world.shelf.put(VIDEO, video_file(66_259_900));
        // The third chunk fails, and while it waits the first worker dies.
        let fault = Fault::on(Endpoint::Upload, FaultKind::StatusBefore(503));
        world.simulator.fault(fault.nth(3));
        let id = world.engine.schedule(large());
        world.engine.tick();
        let other = world.another_adapter(settings);
        world.engine.hand_over_to(Arc::new(other));
        let job = world.settled(id);
        assert_eq!((job.status, job.attempt_count), (JobStatus::Published, 1));
        assert_eq!(world.calls("video/init"), inits);
        assert_eq!(world.calls("/upload"), puts);
        assert_eq!(world.simulator.posts().len(), 1);
    }
}

impl World {
    /// An adapter as another worker has it.
    fn another_adapter(&self, settings: TiktokSettings) -> TiktokAdapter {
        let granted = self.simulator.grant(OPEN_ID, &SCOPES).access;
        let ports = TiktokPorts {
            transport: Arc::new(InProcess::new(vec![self.simulator.clone()])),
            media: Some(Arc::new(self.shelf.clone())),
            tokens: Arc::new(Granted {
                simulator: self.simulator.clone(),
                current: Mutex::new((granted, 1)),
            }),
            clock: self.clock.clone(),
        };
        TiktokAdapter::new(ports, settings).unwrap()
    }
}
