//! The adapter under a real worker, with a store in memory: what becomes of jobs.

use std::sync::Arc;

use calendar_publish::Code;
use calendar_publish::flags::{Flags, PublishingOn};
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{
    CalendarEntry, JobId, JobStatus, PublishJob, Timestamp, UserId, deterministic_uuid,
};
use calendar_publish::ports::{
    Clock, JobHistory, JobResult, JobStore, NewJob, ScheduleJobs, Store, Telemetry,
};
use calendar_publish::publish::{PublishWorker, WorkerPorts, WorkerSettings};
use calendar_publish::telemetry::Event;
use calendar_publish_adapters::instagram::ReconcilePolicy;
use futures_executor::block_on;
use serde_json::json;

use crate::fixture::{
    Answer, Asked, Bench, CONTAINER, LINK, MEDIA, account, bun, due, error, listed, lost, ok,
    pairs, quota, status,
};

struct Deaf;

impl Telemetry for Deaf {
    fn record(&self, _: Event) {}
}

pub(crate) struct Desk {
    pub(crate) bench: Bench,
    store: Arc<MemoryStore>,
    job: JobId,
}

fn user() -> UserId {
    UserId::new(deterministic_uuid(&["ana"]))
}

impl Desk {
    /// One image that is due, on an account whose platform is `bench`.
    fn new(bench: Bench) -> Self {
        Self::with(bench, bun().entry)
    }

    /// The same with another post.
    pub(crate) fn with(bench: Bench, entry: CalendarEntry) -> Self {
        let store = Arc::new(MemoryStore::new(bench.clock.clone()));
        let job = JobId::new(deterministic_uuid(&["job"]));
        block_on(store.put_account(account())).unwrap();
        let schedule = ScheduleJobs {
            user_id: user(),
            command: None,
            jobs: vec![NewJob {
                id: job,
                entry,
                account_id: account().id,
                scheduled_at: due(),
            }],
        };
        let made = block_on(store.schedule_jobs(schedule)).unwrap();
        assert!(
            matches!(made.outcomes[0].result, JobResult::Done { .. }),
            "{made:?}"
        );
        Self { bench, store, job }
    }

    /// A new worker each time: whatever isn't in the store is forgotten.
    pub(crate) fn worker(&self) -> PublishWorker {
        let flags = Flags {
            publish_service: true,
            ..Flags::OFF
        };
        let on: PublishingOn = flags.publishing().unwrap();
        let ports = WorkerPorts {
            store: self.store.clone(),
            adapters: vec![Arc::new(self.bench.adapter())],
            clock: self.bench.clock.clone(),
            telemetry: Arc::new(Deaf),
        };
        PublishWorker::new(on, ports, WorkerSettings::new("worker-1".parse().unwrap())).unwrap()
    }

    /// Lets workers work for so many minutes.
    pub(crate) fn work(&self, minutes: i64) -> PublishJob {
        let ends = self.bench.clock.now().millis() + minutes * 60_000;
        while self.bench.clock.now().millis() < ends {
            block_on(self.worker().tick(10)).unwrap();
            self.bench.clock.set(Timestamp::from_millis(
                self.bench.clock.now().millis() + 5_000,
            ));
        }
        self.job()
    }

    /// Lets workers work until a person must act or nothing is left to do, and an hour longer.
    pub(crate) fn settle(&self) -> PublishJob {
        let mut steps = 0;
        let mut later = 0;
        while later < 6 {
            block_on(self.worker().tick(10)).unwrap();
            let seconds = match self.job().status {
                JobStatus::Publishing => 5,
                JobStatus::Scheduled | JobStatus::Failed => 60,
                _ => {
                    later += 1;
                    600
                }
            };
            let now = self.bench.clock.now().millis();
            self.bench
                .clock
                .set(Timestamp::from_millis(now + seconds * 1000));
            steps += 1;
            assert!(steps < 3000, "it never settles: {:?}", self.job());
        }
        self.job()
    }

    pub(crate) fn history(&self) -> JobHistory {
        block_on(self.store.job(user(), self.job)).unwrap().unwrap()
    }

    pub(crate) fn job(&self) -> PublishJob {
        self.history().record.job
    }

    fn count(&self, asked: Asked) -> usize {
        self.bench.graph.count(asked)
    }

    /// The id and address that the job's post has.
    pub(crate) fn receipt(&self) -> (Option<String>, Option<String>) {
        let receipt = self.history().record.receipt.unwrap();
        (receipt.post_id, receipt.permalink)
    }
}

fn list_of_the_post() -> Answer {
    let at = Timestamp::from_millis(due().millis() + 4_000);
    ok(json!({"data": [listed(MEDIA, "Fresh buns", at)]}))
}

#[test]
fn a_due_post_goes_out_once_with_its_address() {
    let desk = Desk::new(Bench::new());
    let job = desk.work(5);
    assert_eq!((job.status, job.attempt_count), (JobStatus::Published, 1));
    assert_eq!(
        desk.receipt(),
        (Some(MEDIA.to_owned()), Some(LINK.to_owned()))
    );
    assert_eq!(desk.count(Asked::Publish), 1);
}

#[test]
fn a_403_that_published_is_found_and_not_repeated() {
    // What the container says after it is recorded nowhere.
    for state in ["PUBLISHED", "FINISHED"] {
        let desk = Desk::new(Bench::new());
        let graph = &desk.bench.graph;
        graph.then(Asked::Publish, error(403, 4, Some(2_207_051)));
        graph.then(Asked::Status, status("FINISHED"));
        graph.always(Asked::Status, status(state));
        graph.then(Asked::List, ok(json!({"data": []})));
        graph.always(Asked::List, list_of_the_post());
        let job = desk.work(30);
        assert_eq!(job.status, JobStatus::Published, "{state}");
        assert_eq!(desk.receipt().0.as_deref(), Some(MEDIA));
        assert_eq!(desk.count(Asked::Publish), 1);
        assert_eq!(desk.count(Asked::Create), 1);
    }
}

#[test]
fn a_403_of_which_nothing_is_found_is_a_persons_matter_for_ever() {
    let desk = Desk::new(Bench::new());
    desk.bench
        .graph
        .always(Asked::Publish, error(403, 4, Some(2_207_051)));
    let job = desk.work(300);
    assert_eq!(
        (job.status, job.last_error),
        (JobStatus::NeedsAttention, Some(Code::OutcomeUnknown))
    );
    assert_eq!(desk.count(Asked::Publish), 1);
    assert_eq!(desk.count(Asked::Create), 1);
    // Later it shows, and somebody asks.
    desk.bench.graph.always(Asked::List, list_of_the_post());
    block_on(desk.worker().look_again(user(), desk.job)).unwrap();
    assert_eq!(desk.job().status, JobStatus::Published);
    assert_eq!(
        desk.receipt(),
        (Some(MEDIA.to_owned()), Some(LINK.to_owned()))
    );
}

#[test]
fn a_lost_answer_of_a_post_that_is_out_is_found() {
    for answer in [lost(), error(500, 1, None), error(503, 2, None)] {
        let desk = Desk::new(Bench::new());
        let graph = &desk.bench.graph;
        graph.then(Asked::Publish, answer);
        graph.then(Asked::Status, status("FINISHED"));
        graph.always(Asked::Status, status("PUBLISHED"));
        graph.then(Asked::List, ok(json!({"data": []})));
        graph.always(Asked::List, list_of_the_post());
        let job = desk.work(30);
        assert_eq!((job.status, job.attempt_count), (JobStatus::Published, 1));
        assert_eq!(desk.receipt().1.as_deref(), Some(LINK));
        assert_eq!(desk.count(Asked::Publish), 1);
    }
}

#[test]
fn a_lost_answer_of_a_post_that_is_not_out_is_repeated_with_the_same_container() {
    let desk = Desk::new(Bench::new());
    desk.bench.graph.then(Asked::Publish, lost());
    let job = desk.work(30);
    assert_eq!((job.status, job.attempt_count), (JobStatus::Published, 2));
    assert_eq!(desk.count(Asked::Create), 1);
    let published = desk.bench.graph.sent(Asked::Publish);
    assert_eq!(published.len(), 2);
    assert_eq!(pairs(&published[0]), pairs(&published[1]));
    let first = &desk.history().attempts[0];
    assert!(first.finished_at.is_some(), "{first:?}");
}

#[test]
fn under_the_strict_policy_a_lost_answer_is_a_persons_matter() {
    let mut bench = Bench::new();
    bench.settings.reconcile = ReconcilePolicy::Strict;
    let desk = Desk::new(bench);
    desk.bench.graph.then(Asked::Publish, lost());
    let job = desk.work(120);
    assert_eq!(
        (job.status, job.last_error),
        (JobStatus::NeedsAttention, Some(Code::OutcomeUnknown))
    );
    assert_eq!(desk.count(Asked::Publish), 1);
}

#[test]
fn a_spent_quota_costs_no_attempt_and_goes_on_when_there_is_room() {
    let desk = Desk::new(Bench::new());
    desk.bench.graph.then(Asked::Quota, quota(50, 50));
    let job = desk.work(1);
    assert_eq!((job.status, job.attempt_count), (JobStatus::Failed, 0));
    assert_eq!(job.last_error, Some(Code::QuotaExhausted));
    assert_eq!(desk.bench.graph.order(), [Asked::Quota]);
    // At publishing: the container stays.
    let desk = Desk::new(Bench::new());
    desk.bench
        .graph
        .then(Asked::Publish, error(400, 9, Some(2_207_042)));
    let job = desk.work(5);
    assert_eq!(job.attempt_count, 0, "{job:?}");
    assert_eq!(desk.count(Asked::Publish), 1);
    let job = desk.work(60);
    assert_eq!((job.status, job.attempt_count), (JobStatus::Published, 1));
    assert_eq!(desk.count(Asked::Create), 1);
}

#[test]
fn media_that_cannot_be_fetched_is_tried_four_times_and_then_told() {
    let desk = Desk::new(Bench::new());
    let sentence = "Error: upload failed with error code 2207052";
    let failed = json!({"status_code": "ERROR", "status": sentence, "id": CONTAINER});
    desk.bench.graph.always(Asked::Status, ok(failed));
    let job = desk.work(120);
    assert_eq!(
        (job.status, job.attempt_count, job.last_error),
        (JobStatus::NeedsAttention, 4, Some(Code::RetriesExhausted))
    );
    let attempts = desk.history().attempts;
    let codes: Vec<_> = attempts.iter().map(|attempt| attempt.error_code).collect();
    assert_eq!(codes, [Some(Code::MediaUnreachable); 4]);
    assert_eq!(desk.count(Asked::Publish), 0);
    assert!(desk.count(Asked::Create) <= 16, "of 400 a day");
}

#[test]
fn a_dead_token_stops_at_once() {
    let desk = Desk::new(Bench::new());
    desk.bench
        .graph
        .always(Asked::Publish, error(400, 190, Some(460)));
    let job = desk.work(120);
    assert_eq!(
        (job.status, job.last_error),
        (JobStatus::NeedsAttention, Some(Code::ChannelAuthInvalid))
    );
    assert_eq!(desk.count(Asked::Create), 1);
}

#[test]
fn a_reel_that_is_processed_for_long_is_no_failure() {
    let desk = Desk::new(Bench::new());
    for _ in 0..25 {
        desk.bench.graph.then(Asked::Status, status("IN_PROGRESS"));
    }
    let job = desk.work(30);
    assert_eq!((job.status, job.attempt_count), (JobStatus::Published, 1));
    assert_eq!(desk.count(Asked::Create), 1);
}

#[test]
fn a_worker_that_dies_with_the_publishing_call_leaves_one_post() {
    let desk = Desk::new(Bench::new());
    let graph = &desk.bench.graph;
    // The answer arrives at nobody: the worker is gone.
    let worker = desk.worker();
    graph.then(Asked::Status, status("FINISHED"));
    graph.always(Asked::Status, status("PUBLISHED"));
    graph.then(Asked::List, ok(json!({"data": []})));
    graph.always(Asked::List, list_of_the_post());
    block_on(worker.tick(10)).unwrap();
    desk.bench
        .clock
        .set(Timestamp::from_millis(due().millis() + 3_000));
    desk.bench.graph.then_nothing(Asked::Publish);
    {
        let mut tick = std::pin::pin!(worker.tick(10));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let mut polls = 0;
        while desk.count(Asked::Publish) == 0 {
            assert!(tick.as_mut().poll(&mut context).is_pending());
            polls += 1;
            assert!(polls < 1000, "it asked {:?}", desk.bench.graph.order());
        }
    }
    assert_eq!(desk.count(Asked::Publish), 1);
    let job = desk.work(30);
    assert_eq!(job.status, JobStatus::Published);
    assert_eq!(desk.receipt().0.as_deref(), Some(MEDIA));
    assert_eq!(desk.count(Asked::Publish), 1);
}
