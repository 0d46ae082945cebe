mod commands;
mod faults;
mod incident;
mod moving;
mod now;
mod schedule;
mod store;

use std::fmt::Debug;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use chrono::TimeDelta;

use super::*;
use crate::error::Error;
use crate::flags::{Flags, PublishNowOn, PublishingOn};
use crate::job::JobEvent;
use crate::memory::{ManualClock, MemoryStore};
use crate::model::{
    Cadence, CalendarEntry, CalendarId, CalendarRun, Channel, ChannelAccount, EntryId, JobId,
    JobStatus, PublishJob, RunStatus, Timestamp, UserId, deterministic_uuid,
};
use crate::ports::{
    ClaimJobs, ClaimedJob, JobFilter, JobResult, JobStore, JobWrite, RefusedEntry, SaveCalendar,
    Store,
};
use crate::telemetry::{Event, EventKind};

/// The output of a future that never waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    let Poll::Ready(output) = pin!(future).poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it waits");
    };
    output
}

fn id<T: TryFrom<String>>(name: &str) -> T
where
    T::Error: Debug,
{
    deterministic_uuid(&[name]).to_string().try_into().unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn ana() -> UserId {
    id("ana")
}

fn calendar() -> CalendarId {
    id("calendar")
}

/// An Instagram entry at `date` and `time` of Madrid's clocks, which has no instant yet.
fn entry(name: &str, date: &str, time: &str) -> CalendarEntry {
    let piece = format!(
        r#"{{"title":"{name}","channel":"instagram","format":"reel","copy":"Hoy","date":"{date}","time":"{time}"}}"#
    );
    CalendarEntry::new(id(name), calendar(), serde_json::from_str(&piece).unwrap())
}

/// Entries of consecutive days from 2026-04-02, at nine.
fn entries(count: usize) -> Vec<CalendarEntry> {
    let first = chrono::NaiveDate::from_ymd_opt(2026, 4, 2).unwrap();
    first
        .iter_days()
        .take(count)
        .enumerate()
        .map(|(number, date)| entry(&format!("entry {number}"), &date.to_string(), "09:00"))
        .collect()
}

fn account(name: &str, user: &str, channel: &str) -> ChannelAccount {
    let text = format!(
        r#"{{"id":"{}","userId":"{}","channel":"{channel}","externalAccountId":"178","displayName":"{name}",
            "timezone":"Europe/Madrid","status":"ok"}}"#,
        deterministic_uuid(&[name]),
        deterministic_uuid(&[user])
    );
    serde_json::from_str(&text).unwrap()
}

fn publishing_on() -> PublishingOn {
    all_flags().publishing().unwrap()
}

fn publish_now_on() -> PublishNowOn {
    all_flags().publishing_now().unwrap()
}

fn all_flags() -> Flags {
    Flags {
        calendar_service: true,
        publish_service: true,
        publish_now: true,
    }
}

#[derive(Default)]
struct Log(Mutex<Vec<Event>>);

impl Telemetry for Log {
    fn record(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

/// A queue over a store in which Ana has an Instagram account; it is 2026-04-01, nine in London.
struct Desk {
    clock: Arc<ManualClock>,
    store: Arc<store::Faulty>,
    log: Arc<Log>,
    queue: PublishQueue,
}

impl Desk {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new(time("2026-04-01T09:00:00Z")));
        let store = Arc::new(store::Faulty::new(MemoryStore::new(clock.clone())));
        ready(store.put_account(account("@pan", "ana", "instagram"))).unwrap();
        let log = Arc::new(Log::default());
        let settings = QueueSettings {
            chunk: 3,
            ..QueueSettings::default()
        };
        let queue = PublishQueue::new(store.clone(), log.clone(), settings);
        Self {
            clock,
            store,
            log,
            queue,
        }
    }

    fn now(&self) -> Timestamp {
        crate::ports::Clock::now(&*self.clock)
    }

    fn by(&self, user: &str) -> CommandContext {
        CommandContext::new("req-1".parse().unwrap(), id(user), self.now())
    }

    fn ana(&self) -> CommandContext {
        self.by("ana")
    }

    fn schedule(
        &self,
        context: &CommandContext,
        entries: &[CalendarEntry],
    ) -> Result<Scheduled, Error> {
        let schedule = Schedule {
            entries: entries.to_vec(),
        };
        ready(
            self.queue
                .schedule(publishing_on(), context, &schedule, &mut |_| {}),
        )
    }

    /// Saves Ana's calendar for the first time, and schedules all of it.
    fn with_calendar(entries: &[CalendarEntry]) -> Self {
        let desk = Self::new();
        desk.save(entries, Vec::new());
        let scheduled = desk.schedule(&desk.ana(), entries).unwrap();
        assert!(scheduled.outcomes.iter().all(|done| job_of(done).is_ok()));
        desk.log.0.lock().unwrap().clear();
        desk
    }

    fn save(&self, entries: &[CalendarEntry], refused: Vec<RefusedEntry>) {
        let run = CalendarRun {
            id: id("run 1"),
            calendar_id: calendar(),
            user_id: ana(),
            plan_id: None,
            status: RunStatus::Completed,
            started_at: self.now(),
            completed_at: self.now(),
            piece_count: 1,
            cadence: Cadence::Daily,
            channels: vec![Channel::Instagram],
            start_date: None,
            end_date: None,
        };
        let save = SaveCalendar {
            refused,
            ..SaveCalendar::new(run, 0, entries.to_vec())
        };
        ready(self.store.save_calendar(save)).unwrap();
    }

    fn stored(&self) -> crate::ports::StoredCalendar {
        ready(self.store.calendar(ana(), calendar())).unwrap()
    }

    fn stored_entry(&self, name: &str) -> CalendarEntry {
        let wanted: EntryId = id(name);
        let entries = self.stored().entries;
        entries
            .into_iter()
            .find(|entry| entry.id == wanted)
            .unwrap()
    }

    fn jobs(&self) -> Vec<PublishJob> {
        ready(self.store.all_jobs(JobFilter::default())).unwrap()
    }

    /// The entry's jobs.
    fn jobs_of(&self, name: &str) -> Vec<PublishJob> {
        let wanted: EntryId = id(name);
        let mut jobs = self.jobs();
        jobs.retain(|job| job.calendar_entry_id == wanted);
        jobs
    }

    /// The entry's only job.
    fn job(&self, name: &str) -> PublishJob {
        let mut jobs = self.jobs_of(name);
        assert_eq!(jobs.len(), 1, "{name}");
        jobs.remove(0)
    }

    /// The statuses that telemetry was told.
    fn told(&self) -> Vec<(JobId, JobStatus)> {
        let log = self.log.0.lock().unwrap();
        log.iter()
            .map(|event| match event.kind {
                EventKind::Job { status, job_id, .. } => (job_id, status),
                _ => panic!("{event:?}"),
            })
            .collect()
    }

    /// A worker takes the entry's job at its time.
    fn claim(&self, name: &str) -> ClaimedJob {
        let job = self.job(name);
        self.clock.set(crate::job::due_at(&job).max(self.now()));
        let claim = ClaimJobs {
            limit: 100,
            lease_seconds: 300,
            channels: Channel::ALL.to_vec(),
        };
        let claimed = ready(self.store.claim_jobs(claim)).unwrap().jobs;
        claimed
            .into_iter()
            .find(|claimed| claimed.job.id == job.id)
            .unwrap()
    }

    /// A worker reports.
    fn report(&self, claimed: &ClaimedJob, event: impl Fn(i64) -> JobEvent) {
        let token = claimed.job.lease.unwrap().token;
        let write = JobWrite::new(claimed.job.id, event(token));
        let policy = crate::retry::RetryPolicy::default();
        let outcomes = ready(self.store.advance_jobs(policy, vec![write])).unwrap();
        assert!(
            matches!(outcomes[0].result, JobResult::Done { .. }),
            "{outcomes:?}"
        );
    }

    /// A worker begins to write the entry's post.
    fn begin(&self, name: &str) -> ClaimedJob {
        let claimed = self.claim(name);
        self.report(&claimed, |token| JobEvent::WriteStarted { token });
        claimed
    }

    /// The entry's post is out.
    fn publish(&self, name: &str) {
        let claimed = self.begin(name);
        self.report(&claimed, |token| JobEvent::Published {
            token,
            receipt: crate::job::PostReceipt::default(),
        });
    }

    /// Nobody can say whether the entry's post is out.
    fn lose(&self, name: &str) {
        let claimed = self.begin(name);
        self.report(&claimed, |token| JobEvent::OutcomeUnknown { token });
    }

    /// The platform refuses the entry's post for good.
    fn reject(&self, name: &str, code: crate::Code) {
        let claimed = self.begin(name);
        self.report(&claimed, |token| JobEvent::RejectedPermanently {
            token,
            code,
        });
    }
}

/// The job of an entry, or the error.
fn job_of(outcome: &EntryJob) -> Result<&PublishJob, &Error> {
    match &outcome.result {
        EntryJobResult::Scheduled { job } => Ok(job),
        EntryJobResult::Refused { error } => Err(error),
    }
}

/// What was refused: code and place.
fn refusal(outcome: &EntryJob) -> (crate::Code, String) {
    let error = job_of(outcome).unwrap_err();
    (error.code, error.path.clone())
}

/// How a command's job stands, or the code of its refusal.
fn results(outcomes: &[crate::ports::JobOutcome]) -> Vec<Result<JobStatus, crate::Code>> {
    let result = |outcome: &crate::ports::JobOutcome| match &outcome.result {
        JobResult::Done { job, .. } => Ok(job.status),
        JobResult::Refused { error } => Err(error.code),
    };
    outcomes.iter().map(result).collect()
}

fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

/// Hosts await commands on executors of many threads.
#[test]
fn commands_can_be_sent_between_threads() {
    fn sent<T: Send>(_: T) {}
    let desk = Desk::new();
    let (queue, context) = (&desk.queue, desk.ana());
    let schedule = Schedule { entries: vec![] };
    let mut on_progress = |_| {};
    sent(queue.schedule(publishing_on(), &context, &schedule, &mut on_progress));
    let shift = Shift {
        calendar_id: calendar(),
        change: ShiftChange::Undo {
            receipt: crate::schedule::ShiftReceipt { moved: vec![] },
        },
    };
    sent(queue.shift(&context, &shift));
    let publish = PublishNow {
        calendar_id: calendar(),
        entry_id: id("entry 0"),
    };
    sent(queue.publish_now(publish_now_on(), &context, &publish));
    sent(queue.cancel(&context, &[]));
}
