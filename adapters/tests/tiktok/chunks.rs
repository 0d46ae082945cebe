//! Uploads that are interrupted, and how they go on.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use calendar_publish::model::JobId;
use calendar_publish::ports::{ChannelAdapter, MediaError, Post, Progress};
use calendar_publish::{Code, Error};
use calendar_publish_adapters::sealing::StateSealer;
use calendar_publish_adapters::tiktok::{TiktokSettings, UploadObserver};
use futures_executor::block_on;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::fixture::{Bench, VIDEO, code, next, post, video_entry, video_file};

/// Keeps what it seals in a list, and gives it back for the same context.
#[derive(Default)]
struct Drawer(Mutex<Vec<(SecretString, String)>>);

#[async_trait]
impl StateSealer for Drawer {
    async fn seal(&self, plain: SecretString, context: String) -> Result<String, Error> {
        let mut kept = self.0.lock().unwrap();
        kept.push((plain, context));
        Ok(format!("sealed-{}", kept.len() - 1))
    }

    async fn open(&self, sealed: String, context: String) -> Result<SecretString, Error> {
        let index: usize = sealed.trim_start_matches("sealed-").parse().unwrap();
        let kept = self.0.lock().unwrap();
        let (plain, sealed_for) = &kept[index];
        assert_eq!(*sealed_for, context);
        Ok(SecretString::from(plain.expose_secret().to_owned()))
    }
}

pub(crate) fn sealed() -> TiktokSettings {
    TiktokSettings {
        sealer: Some(Arc::new(Drawer::default())),
        ..TiktokSettings::default()
    }
}

/// Two of six chunks are sent.
fn after_two_chunks(bench: &Bench, post: &Post) -> Progress {
    bench.script.creator().upload_begun();
    let mut progress = bench.up_to(post, "chunk");
    for _ in 0..2 {
        bench.script.put(206);
        progress = next(bench.advance(post, &progress));
    }
    progress
}

fn last_range(bench: &Bench) -> String {
    let put = bench.script.requests().pop().unwrap();
    let range = put
        .headers
        .iter()
        .find(|header| header.name == "content-range");
    range.unwrap().value.clone()
}

#[test]
fn another_worker_goes_on_where_the_first_one_stopped() {
    let settings = sealed();
    let bench = Bench::with(settings.clone());
    let post = post(video_entry());
    let progress = after_two_chunks(&bench, &post);
    let other = bench.another(settings);
    bench.script.put(206);
    let step = block_on(other.advance(post, progress));
    assert_eq!(next(step).stage, "chunk");
    assert_eq!(last_range(&bench), "bytes 12000000-17999999/66259900");
}

#[test]
fn a_chunk_that_had_arrived_before_the_crash_is_skipped() {
    let settings = sealed();
    let bench = Bench::with(settings.clone());
    let post = post(video_entry());
    // The progress of before the third chunk, which was sent and taken before the worker died.
    let progress = after_two_chunks(&bench, &post);
    let other = bench.another(settings);
    bench
        .script
        .reply_raw(416, &[("content-range", "bytes 0-17999999/66259900")], b"");
    let resume = next(block_on(other.advance(post.clone(), progress)));
    assert_eq!(resume.stage, "resume");
    bench
        .script
        .status(json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": 18_000_000 }));
    let chunk = next(block_on(other.advance(post.clone(), resume)));
    assert_eq!(chunk.stage, "chunk");
    bench.script.put(206);
    next(block_on(other.advance(post, chunk)));
    assert_eq!(last_range(&bench), "bytes 18000000-23999999/66259900");
}

#[test]
fn without_a_sealer_another_worker_begins_a_new_upload() {
    let bench = Bench::new();
    let post = post(video_entry());
    let progress = after_two_chunks(&bench, &post);
    let other = bench.another(TiktokSettings::default());
    let calls = bench.script.requests().len();
    let init = next(block_on(other.advance(post.clone(), progress)));
    assert_eq!(init.stage, "init");
    assert_eq!(bench.script.requests().len(), calls, "nothing was sent");
    bench.script.upload_begun();
    assert_eq!(next(block_on(other.advance(post, init))).stage, "chunk");
}

#[test]
fn an_address_that_has_died_is_replaced_by_a_new_upload() {
    let bench = Bench::new();
    let post = post(video_entry());
    let progress = after_two_chunks(&bench, &post);
    bench.pass(3_600);
    let init = next(bench.advance(&post, &progress));
    assert_eq!(init.stage, "init");
    // What the creator may do is an hour old by then.
    assert_eq!(next(bench.advance(&post, &init)).stage, "creator");
}

#[test]
fn a_refused_range_that_cant_be_explained_doesnt_go_on_for_ever() {
    let bench = Bench::new();
    let post = post(video_entry());
    let mut progress = after_two_chunks(&bench, &post);
    for _ in 0..3 {
        bench.script.put(416);
        progress = next(bench.advance(&post, &progress));
        bench
            .script
            .status(json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": 12_000_000 }));
        progress = next(bench.advance(&post, &progress));
    }
    bench.script.put(416);
    let error = bench.advance(&post, &progress).unwrap_err();
    assert_eq!(code(&error), Code::PlatformTemporary);
}

#[test]
fn a_file_that_changed_is_never_posted_in_halves() {
    let bench = Bench::new();
    let post = post(video_entry());
    let mut progress = after_two_chunks(&bench, &post);
    bench.shelf.put(VIDEO, video_file(66_259_901));
    let calls = bench.script.requests().len();
    for _ in 0..3 {
        progress = next(bench.advance(&post, &progress));
    }
    let error = bench.advance(&post, &progress).unwrap_err();
    assert_eq!(code(&error), Code::MediaUnreachable);
    assert_eq!(bench.script.requests().len(), calls, "nothing was sent");
}

#[test]
fn a_file_that_isnt_there_costs_no_attempt() {
    let bench = Bench::new();
    let post = post(video_entry());
    bench.script.creator();
    let media = bench.up_to(&post, "media");
    bench.shelf.fail(VIDEO, Some(MediaError::Missing));
    assert_eq!(
        code(&bench.advance(&post, &media).unwrap_err()),
        Code::MediaMissing
    );
    bench.shelf.fail(
        VIDEO,
        Some(MediaError::Unavailable {
            reason: "down".to_owned(),
        }),
    );
    assert_eq!(
        code(&bench.advance(&post, &media).unwrap_err()),
        Code::MediaUnreachable
    );
    bench.shelf.fail(VIDEO, None);
    bench
        .shelf
        .put(VIDEO, video_file(0).padded_to(4_294_967_297));
    assert_eq!(
        code(&bench.advance(&post, &media).unwrap_err()),
        Code::MediaTooLarge
    );
}

#[test]
fn nothing_that_publishes_is_sent_when_its_time_is_over() {
    let bench = Bench::new();
    let post = post(video_entry());
    bench.shelf.put(VIDEO, video_file(5_000_000));
    let clock = bench.clock.clone();
    // The media source takes two minutes.
    let source = Slow(bench.shelf.clone(), clock);
    let ports = calendar_publish_adapters::tiktok::TiktokPorts {
        transport: bench.script.clone(),
        media: Some(Arc::new(source)),
        tokens: bench.tokens.clone(),
        clock: bench.clock.clone(),
    };
    let settings = TiktokSettings::default();
    let adapter = calendar_publish_adapters::tiktok::TiktokAdapter::new(ports, settings).unwrap();
    let mut progress = adapter.begin(&post);
    bench.script.creator().upload_begun();
    while progress.stage != "last_chunk" {
        progress = next(block_on(adapter.advance(post.clone(), progress)));
    }
    let calls = bench.script.requests().len();
    let step = block_on(adapter.advance(post, progress));
    assert_eq!(next(step).stage, "resume");
    assert_eq!(bench.script.requests().len(), calls, "nothing was sent");
}

struct Slow(
    calendar_publish_simulators::MediaShelf,
    Arc<calendar_publish::memory::ManualClock>,
);

#[async_trait]
impl calendar_publish::ports::MediaSource for Slow {
    async fn read(
        &self,
        range: calendar_publish::ports::MediaRange,
    ) -> Result<calendar_publish::ports::MediaChunk, MediaError> {
        self.1.advance(chrono::TimeDelta::seconds(120));
        self.0.read(range).await
    }
}

#[derive(Default)]
struct Bar(Mutex<Vec<(u64, u64)>>);

impl UploadObserver for Bar {
    fn confirmed(&self, _: JobId, bytes: u64, total: u64) {
        self.0.lock().unwrap().push((bytes, total));
    }
}

#[test]
fn whoever_watches_is_told_of_each_chunk() {
    let bar = Arc::new(Bar::default());
    let bench = Bench::with(TiktokSettings {
        on_upload: Some(bar.clone()),
        ..TiktokSettings::default()
    });
    let post = post(video_entry());
    bench.shelf.put(VIDEO, video_file(64_000_001));
    let mut progress = after_two_chunks(&bench, &post);
    for _ in 2..9 {
        bench.script.put(206);
        progress = next(bench.advance(&post, &progress));
    }
    bench.script.put(201);
    next(bench.advance(&post, &progress));
    let total = 64_000_001;
    let told: Vec<_> = (1..10)
        .map(|chunk| chunk * 6_000_000)
        .chain([total])
        .map(|bytes| (bytes, total))
        .collect();
    assert_eq!(*bar.0.lock().unwrap(), told);
}
