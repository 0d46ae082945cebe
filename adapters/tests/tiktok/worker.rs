//! The adapter in the hands of the real worker, on a store in memory and a clock that the test owns.

use std::sync::Arc;

use calendar_publish::Code;
use calendar_publish::flags::{Flags, PublishingOn};
use calendar_publish::memory::{ManualClock, MemoryStore};
use calendar_publish::model::{
    AttemptStatus, CalendarEntry, ChannelAccount, JobId, JobStatus, PublishJob, UserId,
    deterministic_uuid,
};
use calendar_publish::ports::{
    ChannelAdapter, Clock, JobHistory, JobResult, JobStore, NewJob, ScheduleJobs, Store, Telemetry,
};
use calendar_publish::publish::{PublishWorker, WorkerPorts, WorkerSettings};
use calendar_publish::telemetry::Event;
use calendar_publish_adapters::access::AccessError;
use calendar_publish_adapters::tiktok::TiktokSettings;
use chrono::TimeDelta;
use futures_executor::block_on;
use serde_json::json;

use crate::fixture::{
    Bench, PUBLISH_ID, VIDEO, account, draft, due, photo_entry, video_entry, video_file,
};

struct Silence;

impl Telemetry for Silence {
    fn record(&self, _: Event) {}
}

/// A store and a worker around one adapter.
pub(crate) struct Engine {
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: Arc<ManualClock>,
    adapter: Arc<dyn ChannelAdapter>,
}

impl Engine {
    pub(crate) fn new(clock: Arc<ManualClock>, adapter: Arc<dyn ChannelAdapter>) -> Self {
        Self {
            store: Arc::new(MemoryStore::new(clock.clone())),
            clock,
            adapter,
        }
    }

    /// Another worker on the same store.
    pub(crate) fn hand_over_to(&mut self, adapter: Arc<dyn ChannelAdapter>) {
        self.adapter = adapter;
    }

    pub(crate) fn schedule(&self, entry: CalendarEntry) -> JobId {
        self.schedule_for(entry, account())
    }

    pub(crate) fn schedule_for(&self, entry: CalendarEntry, account: ChannelAccount) -> JobId {
        let job = NewJob {
            id: JobId::new(deterministic_uuid(&["job"])),
            entry,
            account_id: account.id,
            scheduled_at: due(),
        };
        let id = job.id;
        let user_id = account.user_id;
        block_on(self.store.put_account(account)).unwrap();
        let schedule = ScheduleJobs {
            user_id,
            command: None,
            jobs: vec![job],
        };
        let made = block_on(self.store.schedule_jobs(schedule)).unwrap();
        assert!(
            matches!(made.outcomes[0].result, JobResult::Done { .. }),
            "{made:?}"
        );
        id
    }

    fn worker(&self) -> PublishWorker {
        let flags = Flags {
            publish_service: true,
            ..Flags::OFF
        };
        let on: PublishingOn = flags.publishing().unwrap();
        let ports = WorkerPorts {
            store: self.store.clone(),
            adapters: vec![self.adapter.clone()],
            clock: self.clock.clone(),
            telemetry: Arc::new(Silence),
        };
        // The usual lease of five minutes is long enough.
        PublishWorker::new(on, ports, WorkerSettings::new("worker-1".parse().unwrap())).unwrap()
    }

    pub(crate) fn tick(&self) {
        block_on(self.worker().tick(10)).unwrap();
    }

    /// Lets time pass, up to `minutes`, until the job is at rest: published, in the inbox, or a person's.
    pub(crate) fn run(&self, id: JobId, minutes: i64) -> PublishJob {
        let end = self.clock.now().plus(TimeDelta::minutes(minutes));
        loop {
            self.tick();
            let job = self.job(id);
            let rests = !matches!(
                job.status,
                JobStatus::Scheduled | JobStatus::Publishing | JobStatus::Failed
            );
            let now = self.clock.now();
            if rests || now >= end {
                return job;
            }
            let waits = [
                job.lease.map(|lease| lease.expires_at),
                job.next_attempt_at,
                job.held_until,
            ];
            let soonest = waits.into_iter().flatten().filter(|at| *at > now).min();
            let least = now.plus(TimeDelta::seconds(1));
            self.clock.set(soonest.unwrap_or(least).max(least).min(end));
        }
    }

    pub(crate) fn history(&self, id: JobId) -> JobHistory {
        let user: UserId = account().user_id;
        block_on(self.store.job(user, id)).unwrap().unwrap()
    }

    pub(crate) fn job(&self, id: JobId) -> PublishJob {
        self.history(id).record.job
    }

    /// How often which attempt status stands in the history.
    pub(crate) fn attempts(&self, id: JobId) -> Vec<AttemptStatus> {
        let attempts = self.history(id).attempts;
        attempts.iter().map(|attempt| attempt.status).collect()
    }
}

fn engine(settings: TiktokSettings) -> (Bench, Engine) {
    let mut bench = Bench::with(settings.clone());
    bench.shelf.put(VIDEO, video_file(5_000_000));
    let adapter = bench.another(settings.clone());
    bench.adapter = bench.another(settings);
    let engine = Engine::new(bench.clock.clone(), Arc::new(adapter));
    (bench, engine)
}

fn complete() -> serde_json::Value {
    json!({ "status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [7_412_345_678_901_234_567_u64] })
}

#[test]
fn a_video_comes_out() {
    let (bench, engine) = engine(TiktokSettings::default());
    let id = engine.schedule(video_entry());
    bench.script.creator().upload_begun().put(201);
    bench
        .script
        .status(json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": 5_000_000 }));
    bench.script.status(complete());
    let job = engine.run(id, 5);
    assert_eq!(job.status, JobStatus::Published);
    assert_eq!(job.attempt_count, 1);
    let receipt = engine.history(id).record;
    assert_eq!(
        receipt.receipt.unwrap().post_id.as_deref(),
        Some("7412345678901234567")
    );
    assert_eq!(
        bench.script.calls(),
        [
            "post/publish/creator_info/query",
            "post/publish/video/init",
            "PUT",
            "post/publish/status/fetch",
            "post/publish/status/fetch"
        ]
    );
}

#[test]
fn photos_for_the_inbox_arrive() {
    let (bench, engine) = engine(TiktokSettings::default());
    let id = engine.schedule(draft(photo_entry()));
    bench.script.ok(json!({ "publish_id": "p_pub_url~v2.7" }));
    bench
        .script
        .status(json!({ "status": "SEND_TO_USER_INBOX" }));
    let job = engine.run(id, 5);
    assert_eq!(job.status, JobStatus::DeliveredToInbox);
}

#[test]
fn a_quota_that_is_spent_costs_no_attempt_and_is_probed_each_hour() {
    let (bench, engine) = engine(TiktokSettings::default());
    let id = engine.schedule(video_entry());
    bench.script.refuse(200, "spam_risk_too_many_posts");
    bench
        .script
        .creator()
        .upload_begun()
        .put(201)
        .status(complete());
    engine.tick();
    let job = engine.job(id);
    assert_eq!(job.attempt_count, 0);
    assert_eq!(job.last_error, Some(Code::QuotaExhausted));
    engine.run(id, 55);
    assert_eq!(bench.script.requests().len(), 1);
    assert_eq!(engine.run(id, 70).status, JobStatus::Published);
}

#[test]
fn a_choice_that_isnt_on_offer_any_more_costs_no_attempt() {
    let (bench, engine) = engine(TiktokSettings::default());
    let id = engine.schedule(video_entry());
    let mut creator = crate::fixture::creator();
    creator["privacy_level_options"] = json!(["FOLLOWER_OF_CREATOR", "SELF_ONLY"]);
    bench.script.ok(creator);
    let job = engine.run(id, 1);
    assert_eq!(job.status, JobStatus::NeedsAttention);
    assert_eq!(job.last_error, Some(Code::PrivacyNotAllowed));
    assert_eq!(job.attempt_count, 0);
}

#[test]
fn an_init_without_an_answer_is_tried_again_five_minutes_later() {
    let (bench, engine) = engine(TiktokSettings::default());
    let id = engine.schedule(video_entry());
    bench.script.creator().lose();
    engine.tick();
    let job = engine.job(id);
    assert_eq!((job.status, job.attempt_count), (JobStatus::Failed, 1));
    bench
        .script
        .creator()
        .upload_begun()
        .put(201)
        .status(complete());
    let job = engine.run(id, 10);
    assert_eq!((job.status, job.attempt_count), (JobStatus::Published, 2));
}

#[test]
fn a_last_chunk_without_an_answer_is_looked_for_and_found() {
    let (bench, engine) = engine(TiktokSettings::default());
    let id = engine.schedule(video_entry());
    bench.script.creator().upload_begun().lose();
    bench.script.status(complete());
    let job = engine.run(id, 10);
    assert_eq!((job.status, job.attempt_count), (JobStatus::Published, 1));
    let inits = bench
        .script
        .calls()
        .into_iter()
        .filter(|call| call.contains("init"));
    assert_eq!(inits.count(), 1);
}

#[test]
fn a_last_chunk_that_didnt_arrive_is_sent_again_to_the_same_upload() {
    let (bench, engine) = engine(TiktokSettings::default());
    let id = engine.schedule(video_entry());
    bench.script.creator().upload_begun().lose();
    for _ in 0..3 {
        bench
            .script
            .status(json!({ "status": "PROCESSING_UPLOAD", "uploaded_bytes": 0 }));
    }
    bench.script.put(201).status(complete());
    let job = engine.run(id, 20);
    assert_eq!((job.status, job.attempt_count), (JobStatus::Published, 2));
    let calls = bench.script.calls();
    assert_eq!(calls.iter().filter(|call| call.contains("init")).count(), 1);
    assert_eq!(calls.iter().filter(|call| *call == "PUT").count(), 2);
}

#[test]
fn a_download_without_an_answer_is_a_persons_and_never_begun_again() {
    let (bench, engine) = engine(TiktokSettings::default());
    let id = engine.schedule(photo_entry());
    bench.script.creator().lose();
    let job = engine.run(id, 60);
    assert_eq!(job.status, JobStatus::NeedsAttention);
    assert_eq!(job.last_error, Some(Code::OutcomeUnknown));
    engine.run(id, 1);
    let inits = bench
        .script
        .calls()
        .into_iter()
        .filter(|call| call.contains("init"));
    assert_eq!(inits.count(), 1);
}

#[test]
fn a_token_that_is_withdrawn_while_tiktok_works_leaves_the_outcome_unknown() {
    let (bench, engine) = engine(TiktokSettings::default());
    let id = engine.schedule(video_entry());
    bench.script.creator().upload_begun().put(201);
    *bench.tokens.refused.lock().unwrap() = Some(AccessError::Revoked);
    for _ in 0..200 {
        bench.script.refuse(401, "access_token_invalid");
    }
    let job = engine.run(id, 90);
    assert_eq!(job.status, JobStatus::NeedsAttention);
    assert_eq!(job.last_error, Some(Code::OutcomeUnknown));
    let stored = engine.history(id).record.progress.unwrap();
    assert!(
        stored.state.contains(PUBLISH_ID),
        "whoever looks again knows the handle"
    );
}

#[test]
fn a_video_that_tiktok_refuses_ends_with_the_reason() {
    let (bench, engine) = engine(TiktokSettings::default());
    let id = engine.schedule(video_entry());
    bench.script.creator().upload_begun().put(201);
    bench
        .script
        .status(json!({ "status": "FAILED", "fail_reason": "frame_rate_check_failed" }));
    let job = engine.run(id, 5);
    assert_eq!(job.status, JobStatus::NeedsAttention);
    assert_eq!(job.last_error, Some(Code::MediaFrameRateInvalid));
    assert_eq!(engine.attempts(id), [AttemptStatus::Failed]);
}

#[test]
fn a_fault_of_tiktok_while_processing_begins_anew() {
    let (bench, engine) = engine(TiktokSettings::default());
    let id = engine.schedule(video_entry());
    bench.script.creator().upload_begun().put(201);
    bench
        .script
        .status(json!({ "status": "FAILED", "fail_reason": "internal" }));
    bench
        .script
        .creator()
        .upload_begun()
        .put(201)
        .status(complete());
    let job = engine.run(id, 15);
    assert_eq!((job.status, job.attempt_count), (JobStatus::Published, 2));
}
