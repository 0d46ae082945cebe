//! Jobs, accounts and stores to test with.

use std::path::Path;
use std::sync::Arc;

use calendar_publish::job::{JobEvent, PostReceipt};
use calendar_publish::memory::ManualClock;
use calendar_publish::model::{
    AccountId, CalendarEntry, CalendarId, Channel, ChannelAccount, EntryId, JobId, Timestamp,
    UserId, deterministic_uuid,
};
use calendar_publish::ports::{
    ClaimJobs, ClaimedJob, ClaimedJobs, JobOutcome, JobResult, JobStore, JobWrite, NewJob,
    Progress, ProgressChange, ScheduleJobs, StepKind, Store, WriteStamp,
};
use calendar_publish::retry::RetryPolicy;
use calendar_publish_adapters::sqlite::SqliteStore;
use futures_executor::block_on;

pub(crate) const MINUTE: i64 = 60_000;

pub(crate) fn nine() -> Timestamp {
    "2026-04-01T09:00:00Z".parse().unwrap()
}

/// `millis` after nine.
pub(crate) fn after(millis: i64) -> Timestamp {
    Timestamp::from_millis(nine().millis() + millis)
}

pub(crate) fn user(number: usize) -> UserId {
    UserId::new(deterministic_uuid(&["user", &number.to_string()]))
}

pub(crate) fn account_id(number: usize) -> AccountId {
    AccountId::new(deterministic_uuid(&["account", &number.to_string()]))
}

pub(crate) fn job_id(number: usize) -> JobId {
    JobId::new(deterministic_uuid(&["job", &number.to_string()]))
}

pub(crate) fn calendar() -> CalendarId {
    CalendarId::new(deterministic_uuid(&["calendar"]))
}

pub(crate) fn entry(number: usize, copy: &str) -> CalendarEntry {
    let id = EntryId::new(deterministic_uuid(&["entry", &number.to_string()]));
    let piece = format!(
        r#"{{"title":"Pan","channel":"instagram","format":"reel","copy":"{copy}","date":"2026-04-01","mood":1.50}}"#
    );
    CalendarEntry::new(id, calendar(), serde_json::from_str(&piece).unwrap())
}

/// An Instagram account of user 0.
pub(crate) fn account(number: usize) -> ChannelAccount {
    let text = format!(
        r#"{{"id":"{}","userId":"{}","channel":"instagram","externalAccountId":"178","displayName":"@pan",
            "timezone":"Europe/Madrid","status":"ok"}}"#,
        account_id(number),
        user(0)
    );
    serde_json::from_str(&text).unwrap()
}

pub(crate) fn new_job(number: usize, account: usize, at: Timestamp) -> NewJob {
    NewJob {
        id: job_id(number),
        entry: entry(number, "Recién hecho, como cada mañana."),
        account_id: account_id(account),
        scheduled_at: at,
    }
}

pub(crate) fn open(path: &Path, clock: &Arc<ManualClock>) -> SqliteStore {
    SqliteStore::open(path).unwrap().with_clock(clock.clone())
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(nine()))
}

pub(crate) fn link(store: &SqliteStore, accounts: usize) {
    for number in 0..accounts {
        block_on(store.put_account(account(number))).unwrap();
    }
}

pub(crate) fn schedule(store: &SqliteStore, jobs: Vec<NewJob>) {
    let request = ScheduleJobs {
        user_id: user(0),
        command: None,
        jobs,
    };
    for outcome in block_on(store.schedule_jobs(request)).unwrap().outcomes {
        done(&outcome);
    }
}

pub(crate) fn request(limit: u32) -> ClaimJobs {
    ClaimJobs {
        limit,
        lease_seconds: 300,
        channels: Channel::ALL.to_vec(),
    }
}

pub(crate) fn claim(store: &SqliteStore, limit: u32) -> ClaimedJobs {
    block_on(store.claim_jobs(request(limit))).unwrap()
}

pub(crate) fn write(claimed: &ClaimedJob, sequence: i64, event: JobEvent) -> JobWrite {
    let token = claimed.job.lease.unwrap().token;
    JobWrite {
        stamp: Some(WriteStamp { token, sequence }),
        ..JobWrite::new(claimed.job.id, event)
    }
}

pub(crate) fn start(claimed: &ClaimedJob) -> JobWrite {
    let token = claimed.job.lease.unwrap().token;
    JobWrite {
        progress: ProgressChange::Set {
            progress: Progress {
                stage: "publish".to_owned(),
                kind: StepKind::Decisive,
                state: "{}".to_owned(),
            },
        },
        ..write(claimed, 1, JobEvent::WriteStarted { token })
    }
}

pub(crate) fn publish(claimed: &ClaimedJob) -> JobWrite {
    let token = claimed.job.lease.unwrap().token;
    let receipt = PostReceipt {
        post_id: Some(format!("post of {}", claimed.job.id)),
        permalink: None,
    };
    write(claimed, 2, JobEvent::Published { token, receipt })
}

pub(crate) fn advance(store: &SqliteStore, writes: Vec<JobWrite>) -> Vec<JobOutcome> {
    block_on(store.advance_jobs(RetryPolicy::default(), writes)).unwrap()
}

pub(crate) fn done(outcome: &JobOutcome) {
    assert!(
        matches!(outcome.result, JobResult::Done { .. }),
        "{outcome:?}"
    );
}
