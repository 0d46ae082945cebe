//! Whatever happens in whatever order, the file answers as the store in memory does.

use std::sync::Arc;

use calendar_publish::Code;
use calendar_publish::job::{JobEvent, PostReceipt, Reconciliation};
use calendar_publish::memory::{ManualClock, MemoryStore};
use calendar_publish::model::{
    Cadence, CalendarRun, Channel, ChannelAccount, PublishJob, Quota, RunId, RunStatus, Timestamp,
    deterministic_uuid,
};
use calendar_publish::ports::{
    AttemptNote, ChannelPause, ClaimJobs, Clock, CommandJobs, CommandKey, JobFilter, JobStore,
    JobWrite, NewJob, Progress, ProgressChange, SaveCalendar, ScheduleJobs, StepKind, Store,
    WriteStamp,
};
use calendar_publish::retry::RetryPolicy;
use calendar_publish_adapters::sqlite::SqliteStore;
use futures_executor::block_on;
use proptest::prelude::*;
use tempfile::TempDir;

use super::fixture::{MINUTE, account, account_id, calendar, clock, entry, job_id, user};

const JOBS: usize = 12;
const ACCOUNTS: usize = 3;

/// One thing that happens. Numbers choose among what there is, times are in minutes from now.
#[derive(Clone, Debug)]
enum Step {
    Wait(i64),
    Schedule(Vec<(usize, usize, usize, i64)>, Option<u8>),
    Claim(u32, usize),
    /// Of the publishing jobs: those that haven't begun, begin; the others get the event.
    Drive(Vec<(usize, StepKind, Event, i64)>),
    Work(Vec<(usize, Event, bool, i64)>),
    Command(Vec<(usize, Event)>, bool, Option<u8>, usize),
    Save(Vec<(usize, u8)>, Vec<(usize, Event)>),
    Account(usize, Option<i64>, Option<u32>, bool),
    Unlink(usize),
    Pause(bool, i64),
    Lift(bool),
}

/// An event, by what a worker or a person says.
#[derive(Clone, Copy, Debug)]
enum Event {
    Start(StepKind),
    Published,
    Delivered,
    Failed(Option<u32>),
    Rejected,
    Limited(i64),
    Unknown,
    Move(i64),
    Defer(i64),
    Preflight,
    Looked(u8),
    Expired,
    Missed,
    Cancel,
    Reschedule(i64),
    Retry,
    WasPublished,
    WasNot,
    Resume,
}

fn kind() -> impl Strategy<Value = StepKind> {
    prop::sample::select(vec![StepKind::Repeatable, StepKind::Decisive])
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => kind().prop_map(Event::Start),
        2 => Just(Event::Published),
        1 => Just(Event::Delivered),
        3 => prop::option::of(0_u32..7_200).prop_map(Event::Failed),
        1 => Just(Event::Rejected),
        2 => (0_i64..2_000).prop_map(Event::Limited),
        1 => Just(Event::Unknown),
        1 => (-1_i64..10).prop_map(Event::Move),
        1 => (0_i64..90).prop_map(Event::Defer),
        1 => Just(Event::Preflight),
        2 => (0_u8..4).prop_map(Event::Looked),
        1 => Just(Event::Expired),
        1 => Just(Event::Missed),
        1 => Just(Event::Cancel),
        1 => (-1_i64..90).prop_map(Event::Reschedule),
        1 => Just(Event::Retry),
        1 => Just(Event::WasPublished),
        1 => Just(Event::WasNot),
        1 => Just(Event::Resume),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    // Mostly each entry with the job and on the account of its number, else anything with anything.
    let job = (
        0..JOBS,
        0..JOBS,
        0..=ACCOUNTS,
        -1_i64..10,
        prop::bool::weighted(0.7),
    )
        .prop_map(|(job, of, account, minutes, plain)| match plain {
            true => (job, job, job % ACCOUNTS, minutes.abs()),
            false => (job, of, account, minutes),
        });
    let wait = prop::sample::select(vec![0, 1, 1, 4, 5, 5, 15, 30, 61, 24 * 60]);
    let named = || (0..JOBS, event());
    prop_oneof![
        5 => wait.prop_map(Step::Wait),
        5 => (prop::collection::vec(job, 1..5), prop::option::weighted(0.2, 0_u8..3))
            .prop_map(|(jobs, key)| Step::Schedule(jobs, key)),
        8 => (0_u32..4, 0_usize..4).prop_map(|(limit, channels)| Step::Claim(limit, channels)),
        12 => prop::collection::vec((0..ACCOUNTS, kind(), event(), 1_i64..6), 1..4).prop_map(Step::Drive),
        3 => prop::collection::vec((0..JOBS, event(), prop::bool::weighted(0.1), 0_i64..4), 1..5)
            .prop_map(Step::Work),
        3 => (prop::collection::vec(named(), 1..4), any::<bool>(), prop::option::weighted(0.3, 0_u8..3), 0_usize..2)
            .prop_map(|(events, all, key, who)| Step::Command(events, all, key, who)),
        2 => (prop::collection::vec((0..JOBS, 0_u8..3), 0..30), prop::collection::vec(named(), 0..2))
            .prop_map(|(entries, events)| Step::Save(entries, events)),
        2 => (0..ACCOUNTS, prop::option::of(-1_i64..30), prop::option::of(0_u32..90), any::<bool>())
            .prop_map(|(number, cooling, grace, quota)| Step::Account(number, cooling, grace, quota)),
        1 => (0..ACCOUNTS).prop_map(Step::Unlink),
        1 => (any::<bool>(), -1_i64..20).prop_map(|(channel, until)| Step::Pause(channel, until)),
        1 => any::<bool>().prop_map(Step::Lift),
    ]
}

/// The two stores, on one clock.
struct Pair {
    clock: Arc<ManualClock>,
    file: SqliteStore,
    memory: MemoryStore,
    saves: usize,
}

macro_rules! agree {
    ($pair:expr, $store:ident => $answer:expr) => {{
        let file = {
            let $store = &$pair.file;
            block_on($answer)
        };
        let memory = {
            let $store = &$pair.memory;
            block_on($answer)
        };
        prop_assert_eq!(&file, &memory);
        file
    }};
}

impl Pair {
    fn at(&self, minutes: i64) -> Timestamp {
        Timestamp::from_millis(self.clock.now().millis() + minutes * MINUTE)
    }

    fn job(&self, number: usize) -> Option<PublishJob> {
        let history = block_on(self.memory.job(user(0), job_id(number))).unwrap();
        history.map(|history| history.record.job)
    }

    fn write(&self, number: usize, event: Event, late: bool, sequence: i64) -> JobWrite {
        let job = self.job(number);
        let token = job.and_then(|job| job.lease).map_or(0, |lease| lease.token);
        let token = token - i64::from(late);
        let progress = match event {
            Event::Start(kind) => ProgressChange::Set {
                progress: Progress {
                    stage: format!("stage {sequence}"),
                    kind,
                    state: r#"{"container":"179"}"#.to_owned(),
                },
            },
            Event::Rejected => ProgressChange::Clear,
            _ => ProgressChange::Keep,
        };
        JobWrite {
            stamp: (sequence > 0).then_some(WriteStamp { token, sequence }),
            progress,
            note: AttemptNote {
                message: Some(format!("note {sequence}")),
                response_meta: (sequence > 1).then(|| "{}".to_owned()),
            },
            ..JobWrite::new(job_id(number), self.event(event, token))
        }
    }

    fn event(&self, event: Event, token: i64) -> JobEvent {
        let grace_minutes = None;
        let receipt = || PostReceipt {
            post_id: Some("178_1".to_owned()),
            permalink: None,
        };
        match event {
            Event::Start(_) => JobEvent::WriteStarted { token },
            Event::Published => JobEvent::Published {
                token,
                receipt: receipt(),
            },
            Event::Delivered => JobEvent::DeliveredToInbox { token },
            Event::Failed(retry_after_seconds) => JobEvent::FailedForCertain {
                token,
                code: Code::PublishError,
                retry_after_seconds,
            },
            Event::Rejected => JobEvent::RejectedPermanently {
                token,
                code: Code::CaptionTooLong,
            },
            Event::Limited(minutes) => JobEvent::AccountLimited {
                token,
                code: Code::RateLimited,
                until: self.at(minutes),
            },
            Event::Unknown => JobEvent::OutcomeUnknown { token },
            Event::Move(minutes) => JobEvent::LeaseMoved {
                token,
                until: self.at(minutes),
            },
            Event::Defer(minutes) => JobEvent::Deferred {
                token,
                code: Code::StoreUnavailable,
                until: self.at(minutes),
                grace_minutes,
            },
            Event::Preflight => JobEvent::PreflightFailed {
                token,
                code: Code::CaptionTooLong,
            },
            Event::Looked(outcome) => JobEvent::Reconciled {
                token: Some(token),
                outcome: match outcome {
                    0 => Reconciliation::Published { receipt: receipt() },
                    1 => Reconciliation::DeliveredToInbox,
                    2 => Reconciliation::NotPublished,
                    _ => Reconciliation::StillUnknown,
                },
                grace_minutes,
            },
            Event::Expired => JobEvent::LeaseExpired,
            Event::Missed => JobEvent::MissedSchedule { grace_minutes },
            Event::Cancel => JobEvent::CancelRequested,
            Event::Reschedule(minutes) => JobEvent::Rescheduled {
                at: self.at(minutes),
            },
            Event::Retry => JobEvent::RetryNow,
            Event::WasPublished => JobEvent::ConfirmedPublished,
            Event::WasNot => JobEvent::ConfirmedNotPublished { grace_minutes },
            Event::Resume => JobEvent::Resumed { grace_minutes },
        }
    }

    fn account(
        &self,
        number: usize,
        cooling: Option<i64>,
        grace: Option<u32>,
        quota: bool,
    ) -> ChannelAccount {
        ChannelAccount {
            // The last account is on the other channel.
            channel: channel_of(number),
            cooling_down_until: cooling.map(|minutes| self.at(minutes)),
            grace_minutes: grace,
            quota: quota.then(|| Quota {
                used: 1,
                total: 25,
                window_seconds: 86_400,
                read_at: self.at(-10),
            }),
            ..account(number)
        }
    }

    fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let policy = RetryPolicy::default();
        match step {
            Step::Wait(minutes) => self.clock.set(self.at(*minutes)),
            Step::Schedule(jobs, key) => {
                let jobs: Vec<NewJob> = jobs
                    .iter()
                    .map(|&(job, of, account, minutes)| NewJob {
                        id: job_id(job),
                        entry: {
                            let mut entry = entry(of, "Hoy");
                            entry.piece.channel = channel_of(of % ACCOUNTS);
                            entry
                        },
                        account_id: account_id(account),
                        scheduled_at: self.at(minutes),
                    })
                    .collect();
                let request = ScheduleJobs {
                    user_id: user(0),
                    command: key.map(|key| command_key(key, jobs.len())),
                    jobs,
                };
                agree!(self, store => store.schedule_jobs(request.clone())).ok();
            }
            Step::Claim(limit, channels) => {
                let request = ClaimJobs {
                    limit: *limit,
                    lease_seconds: 300,
                    channels: match channels {
                        0 => vec![Channel::Tiktok],
                        1 => vec![Channel::Instagram],
                        _ => Channel::ALL.to_vec(),
                    },
                };
                agree!(self, store => store.claim_jobs(request.clone())).ok();
            }
            Step::Drive(writes) => {
                let publishing: Vec<PublishJob> = (0..JOBS)
                    .filter_map(|number| self.job(number))
                    .filter(|job| job.lease.is_some())
                    .collect();
                let writes: Vec<JobWrite> = writes
                    .iter()
                    .filter_map(|&(number, kind, event, sequence)| {
                        let job = publishing.get(number)?;
                        let number = (0..JOBS).find(|number| job_id(*number) == job.id)?;
                        let begun = job.lease.is_some_and(|lease| lease.write_started);
                        let event = if begun { event } else { Event::Start(kind) };
                        Some(self.write(number, event, false, sequence))
                    })
                    .collect();
                agree!(self, store => store.advance_jobs(policy.clone(), writes.clone())).ok();
            }
            Step::Work(writes) => {
                let writes: Vec<JobWrite> = writes
                    .iter()
                    .map(|&(job, event, late, sequence)| self.write(job, event, late, sequence))
                    .collect();
                agree!(self, store => store.advance_jobs(policy.clone(), writes.clone())).ok();
            }
            Step::Command(events, all_or_nothing, key, who) => {
                let request = CommandJobs {
                    user_id: user(*who),
                    command: key.map(|key| command_key(key, events.len())),
                    policy,
                    writes: self.commands(events),
                    all_or_nothing: *all_or_nothing,
                };
                agree!(self, store => store.command_jobs(request.clone())).ok();
            }
            Step::Save(entries, events) => {
                let request = self.save(entries);
                let writes = self.commands(events);
                agree!(self, store => store.save_calendar_and_jobs(
                    request.clone(),
                    policy.clone(),
                    writes.clone()
                ))
                .ok();
            }
            Step::Account(number, cooling, grace, quota) => {
                let account = self.account(*number, *cooling, *grace, *quota);
                agree!(self, store => store.put_account(account.clone())).ok();
            }
            Step::Unlink(number) => {
                agree!(self, store => store.remove_account(user(0), account_id(*number))).ok();
            }
            Step::Pause(channel, until) => {
                let pause = ChannelPause {
                    channel: Channel::ALL[usize::from(*channel)],
                    code: Code::PublishError,
                    since: self.at(0),
                    until: self.at(*until),
                };
                agree!(self, store => store.pause_channel(pause)).ok();
            }
            Step::Lift(channel) => {
                let channel = Channel::ALL[usize::from(*channel)];
                agree!(self, store => store.lift_pause(channel)).ok();
            }
        }
        self.compare()
    }

    fn commands(&self, events: &[(usize, Event)]) -> Vec<JobWrite> {
        events
            .iter()
            .map(|&(job, event)| self.write(job, event, false, 0))
            .collect()
    }

    fn save(&mut self, entries: &[(usize, u8)]) -> SaveCalendar {
        self.saves += 1;
        let stored = block_on(self.memory.calendar(user(0), calendar()));
        let run = CalendarRun {
            id: RunId::new(deterministic_uuid(&["run", &self.saves.to_string()])),
            calendar_id: calendar(),
            user_id: user(0),
            plan_id: None,
            status: RunStatus::Completed,
            started_at: self.at(0),
            completed_at: self.at(0),
            piece_count: 0,
            cadence: Cadence::Manual,
            channels: Vec::new(),
            start_date: None,
            end_date: None,
        };
        let mut saved = Vec::new();
        for &(number, copy) in entries {
            let copy = ["Hoy", "Mañana", "Nunca"][usize::from(copy)];
            let mut entry = entry(number, copy);
            entry.piece.channel = channel_of(number % ACCOUNTS);
            if saved
                .iter()
                .all(|other: &calendar_publish::model::CalendarEntry| other.id != entry.id)
            {
                saved.push(entry);
            }
        }
        SaveCalendar::new(run, stored.map_or(0, |stored| stored.revision), saved)
    }

    fn compare(&self) -> Result<(), TestCaseError> {
        agree!(self, store => store.all_jobs(JobFilter::default())).ok();
        agree!(self, store => store.queue_depth()).ok();
        agree!(self, store => store.accounts(user(0))).ok();
        for number in 0..JOBS {
            agree!(self, store => store.job(user(0), job_id(number))).ok();
        }
        for number in 0..ACCOUNTS {
            agree!(self, store => store.ledger(account_id(number), 0, 1_000)).ok();
        }
        Ok(())
    }
}

fn channel_of(account: usize) -> Channel {
    Channel::ALL[usize::from(account != ACCOUNTS - 1)]
}

fn command_key(key: u8, content: usize) -> CommandKey {
    CommandKey {
        key: format!("key {key}"),
        fingerprint: format!("content {content}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_file_and_the_memory_agree(steps in prop::collection::vec(step(), 1..80)) {
        let folder = TempDir::new().unwrap();
        let clock = clock();
        let file = SqliteStore::open(folder.path().join("a.db")).unwrap();
        let mut pair = Pair {
            file: file.with_clock(clock.clone()),
            memory: MemoryStore::new(clock.clone()),
            clock,
            saves: 0,
        };
        for number in 0..ACCOUNTS {
            let account = pair.account(number, None, None, false);
            agree!(pair, store => store.put_account(account.clone())).ok();
        }
        let first = (0..JOBS / 2).map(|n| (n, n, n % ACCOUNTS, n as i64 / 3)).collect();
        pair.take(&Step::Schedule(first, None))?;
        for step in &steps {
            pair.take(step)?;
        }
    }
}
