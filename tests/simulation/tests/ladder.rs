//! When attempts are made, to the millisecond of the virtual clock.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::sync::Arc;
use std::time::Duration;

use calendar_publish::Code;
use calendar_publish::flags::Flags;
use calendar_publish::memory::MemoryStore;
use calendar_publish::model::{
    AttemptStatus, CalendarEntry, ChannelAccount, JobId, JobStatus, Timestamp, deterministic_uuid,
};
use calendar_publish::ports::{
    ChannelAdapter, Clock, JobHistory, JobStore, NewJob, ScheduleJobs, Store,
};
use calendar_publish::publish::{PublishWorker, WorkerPorts, WorkerSettings};
use calendar_publish_simulation::executor::Executor;
use calendar_publish_simulation::platform::{Call, Flow, Outcome, Place, ScriptedPlatform, Turn};
use calendar_publish_simulation::time::{VirtualClock, VirtualTime};

const MINUTE: i64 = 60_000;

const ACCOUNT: &str = r#"{
    "id": "018f0000-0000-7000-8000-0000000000a1", "userId": "018f0000-0000-7000-8000-0000000000b1",
    "channel": "instagram", "externalAccountId": "17841400000000000", "displayName": "@pan",
    "timezone": "Europe/Madrid", "status": "ok" }"#;

const ENTRY: &str = r#"{
    "id": "018f0000-0000-7000-8000-000000000001", "calendarId": "018f0000-0000-7000-8000-0000000000c1",
    "media": [{ "kind": "image", "url": "https://cdn.example/pan.jpg", "mimeType": "image/jpeg",
                "sizeBytes": 640000, "width": 1080, "height": 1350 }],
    "piece": { "title": "Pan", "channel": "instagram", "format": "post", "copy": "Hoy hay pan.",
               "date": "2026-04-02" } }"#;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn due() -> Timestamp {
    at("2026-04-02T07:00:00Z")
}

/// A job that is due at nine in Madrid, and workers that each live from one instant to the next.
fn run(turns: Vec<Turn>, lives: &[(Timestamp, Timestamp)]) -> (JobHistory, Vec<Call>) {
    let time = VirtualTime::new(at("2026-04-02T06:00:00Z"));
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::new(time.clone()));
    let store = Arc::new(MemoryStore::new(clock.clone()));
    let platform = Arc::new(ScriptedPlatform::new(Flow::Container, clock.clone()));
    let account: ChannelAccount = serde_json::from_str(ACCOUNT).unwrap();
    let entry: CalendarEntry = serde_json::from_str(ENTRY).unwrap();
    let job_id = JobId::new(deterministic_uuid(&["job"]));
    let user_id = account.user_id;
    platform.script(job_id, turns);

    let mut executor = Executor::new(time.clone(), 1);
    let lives = lives.to_vec();
    let ports = WorkerPorts {
        store: store.clone(),
        adapters: vec![platform.clone() as Arc<dyn ChannelAdapter>],
        clock,
        telemetry: Arc::new(()),
    };
    let history = Arc::new(std::sync::Mutex::new(None));
    let seen = history.clone();
    executor.spawn(async move {
        store.put_account(account.clone()).await.unwrap();
        let jobs = vec![NewJob {
            id: job_id,
            entry,
            account_id: account.id,
            scheduled_at: due(),
        }];
        let schedule = ScheduleJobs {
            user_id,
            command: None,
            jobs,
        };
        store.schedule_jobs(schedule).await.unwrap();
        for (from, until) in lives {
            time.sleep_until(from).await;
            let on = Flags {
                publish_service: true,
                ..Flags::OFF
            };
            let mut settings = WorkerSettings::new("worker".parse().unwrap());
            settings.idle_poll = Duration::from_secs(600);
            let worker =
                PublishWorker::new(on.publishing().unwrap(), ports.clone(), settings).unwrap();
            worker.run(time.sleep_until(until)).await;
        }
        *seen.lock().unwrap() = store.job(user_id, job_id).await.unwrap();
    });
    executor.run(Timestamp::MAX, || true);
    let history = history.lock().unwrap().take().unwrap();
    (history, platform.calls())
}

/// When each attempt began and ended, in minutes from when it was due.
fn minutes(history: &JobHistory) -> Vec<(i64, i64)> {
    let since = |at: Timestamp| (at.millis() - due().millis()) / MINUTE;
    history
        .attempts
        .iter()
        .map(|attempt| {
            assert_eq!(attempt.started_at.millis() % MINUTE, 0);
            (
                since(attempt.started_at),
                since(attempt.finished_at.unwrap()),
            )
        })
        .collect()
}

fn whole_day() -> Vec<(Timestamp, Timestamp)> {
    vec![(at("2026-04-02T06:00:00Z"), at("2026-04-03T06:00:00Z"))]
}

/// The same day, with another worker every seven minutes.
fn many_lives() -> Vec<(Timestamp, Timestamp)> {
    let start = at("2026-04-02T06:00:00Z").millis();
    let life = 7 * MINUTE;
    (0..200)
        .map(|number| {
            (
                Timestamp::from_millis(start + number * life),
                Timestamp::from_millis(start + (number + 1) * life),
            )
        })
        .collect()
}

#[test]
fn attempts_come_at_0_5_15_and_30_minutes_after_each_failure_and_a_fifth_never() {
    for lives in [whole_day(), many_lives()] {
        let (history, calls) = run(vec![Outcome::TEMPORARY.into(); 6], &lives);
        assert_eq!(minutes(&history), [(0, 0), (5, 5), (20, 20), (50, 50)]);
        let job = &history.record.job;
        assert_eq!(job.status, JobStatus::NeedsAttention);
        assert_eq!(job.last_error, Some(Code::RetriesExhausted));
        let publishes = calls.iter().filter(|call| call.stage == "publish");
        assert_eq!(publishes.count(), 4);
    }
}

#[test]
fn the_wait_counts_from_the_end_of_the_failure() {
    // Three minutes of processing, and then it is refused; the second time it works.
    let slow = Turn::from(Outcome::TEMPORARY).at(Place::Processing);
    let (history, _) = run(vec![slow], &whole_day());
    let attempts = &history.attempts;
    assert_eq!(attempts.len(), 2);
    let failed_at = attempts[0].finished_at.unwrap();
    assert!(failed_at > attempts[0].started_at);
    assert_eq!(
        attempts[1].started_at.millis() - failed_at.millis(),
        5 * MINUTE
    );
    assert_eq!(attempts[1].status, AttemptStatus::Ok);
    assert_eq!(history.record.job.status, JobStatus::Published);
}

#[test]
fn retry_after_lengthens_a_wait() {
    let busy = Outcome::Refused {
        code: Code::PlatformTemporary,
        retry_after: Some(Duration::from_secs(12 * 60)),
    };
    let (history, _) = run(vec![busy.into(), Outcome::Published.into()], &whole_day());
    assert_eq!(minutes(&history), [(0, 0), (12, 12)]);
}

#[test]
fn a_rate_limit_costs_no_attempt() {
    let limited = Outcome::rate_limited(Some(Duration::from_secs(40 * 60)));
    let (history, _) = run(vec![limited.into()], &whole_day());
    let job = &history.record.job;
    assert_eq!(job.status, JobStatus::Published);
    assert_eq!(job.attempt_count, 1);
    assert_eq!(
        minutes(&history).last(),
        Some(&(40, 40)),
        "{:?}",
        history.attempts
    );
}

#[test]
fn a_worker_that_was_off_for_six_hours_publishes_nothing_late() {
    let lives = [(at("2026-04-02T13:00:00Z"), at("2026-04-03T13:00:00Z"))];
    let (history, calls) = run(Vec::new(), &lives);
    assert_eq!(calls, []);
    let job = &history.record.job;
    assert_eq!(job.status, JobStatus::NeedsAttention);
    assert_eq!(job.last_error, Some(Code::MissedSchedule));
}

#[test]
fn a_worker_that_was_off_for_half_an_hour_publishes_what_was_due() {
    let lives = [(at("2026-04-02T07:30:00Z"), at("2026-04-02T13:00:00Z"))];
    let (history, _) = run(Vec::new(), &lives);
    assert_eq!(history.record.job.status, JobStatus::Published);
    assert_eq!(minutes(&history), [(30, 30)]);
}
