//! A store in memory, a clock that stands still until it is moved, and a platform that answers what it
//! was told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::flags::{Flags, PublishingOn};
use calendar_publish::memory::{ManualClock, MemoryStore};
use calendar_publish::model::{
    Cadence, CalendarEntry, CalendarRun, Channel, ChannelAccount, JobId, PublishJob, RunId,
    RunStatus, Timestamp, UserId, deterministic_uuid,
};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Clock, CommandJobs, JobHistory, JobResult, JobStore, JobWrite,
    NewJob, Post, Progress, Receipt, ReceiptKind, Reconciled, SaveCalendar, ScheduleJobs, Step,
    StepKind, Store, Telemetry,
};
use calendar_publish::publish::{PublishWorker, WorkReport, WorkerPorts, WorkerSettings};
use calendar_publish::retry::RetryPolicy;
use calendar_publish::telemetry::Event;
use calendar_publish::{Code, Error};
use chrono::TimeDelta;
use futures_executor::block_on;
use serde_json::json;

/// What the platform does with one call of `advance` or `reconcile`.
pub(crate) type Answer = Result<Step, AdapterError>;
pub(crate) type Look = Result<Reconciled, AdapterError>;

/// A platform that is told what to answer; it remembers what it was asked.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) first: Option<StepKind>,
    pub(crate) answers: Mutex<VecDeque<Answer>>,
    pub(crate) looks: Mutex<VecDeque<Look>>,
    pub(crate) calls: Mutex<Vec<String>>,
    /// Until when each call might begin.
    pub(crate) begin_by: Mutex<Vec<Timestamp>>,
    meanwhile: Mutex<Option<Meanwhile>>,
}

/// What happens elsewhere while the platform is asked.
type Meanwhile = Box<dyn FnOnce() + Send>;

impl Script {
    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    pub(crate) fn then(&self, answer: Answer) -> &Self {
        self.answers.lock().unwrap().push_back(answer);
        self
    }

    /// Lets something happen during the next call.
    pub(crate) fn then_meanwhile(&self, happens: impl FnOnce() + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::new(happens));
    }

    fn let_happen(&self) {
        let happens = self.meanwhile.lock().unwrap().take();
        if let Some(happens) = happens {
            happens();
        }
    }

    pub(crate) fn then_look(&self, look: Look) -> &Self {
        self.looks.lock().unwrap().push_back(look);
        self
    }
}

pub(crate) struct ScriptedAdapter(pub(crate) Arc<Script>);

#[async_trait]
impl ChannelAdapter for ScriptedAdapter {
    fn channel(&self) -> Channel {
        Channel::Instagram
    }

    fn call_deadline(&self) -> Duration {
        Duration::from_secs(30)
    }

    fn begin(&self, _: &Post) -> Progress {
        step("first", self.0.first.unwrap_or(StepKind::Decisive))
    }

    async fn advance(&self, post: Post, progress: Progress) -> Answer {
        let call = format!(
            "{} {} #{}",
            progress.stage, post.entry.piece.copy, post.attempt
        );
        self.0.calls.lock().unwrap().push(call);
        self.0.begin_by.lock().unwrap().push(post.begin_by);
        self.0.let_happen();
        let answer = self.0.answers.lock().unwrap().pop_front();
        answer.unwrap_or_else(done)
    }

    async fn reconcile(&self, _: Post, progress: Progress) -> Look {
        let call = format!("look after {}", progress.stage);
        self.0.calls.lock().unwrap().push(call);
        self.0.let_happen();
        self.0.looks.lock().unwrap().pop_front().unwrap()
    }
}

pub(crate) fn step(stage: &str, kind: StepKind) -> Progress {
    Progress {
        stage: stage.to_owned(),
        kind,
        state: "{}".to_owned(),
    }
}

pub(crate) fn receipt() -> Receipt {
    Receipt {
        kind: ReceiptKind::Published,
        external_id: "17900000000000201".to_owned(),
        permalink: Some("https://www.instagram.com/p/abc/".to_owned()),
        at: due(),
    }
}

pub(crate) fn done() -> Answer {
    Ok(Step::Done(receipt()))
}

pub(crate) fn pending(stage: &str, kind: StepKind, seconds: u64) -> Answer {
    Ok(Step::Pending {
        progress: step(stage, kind),
        poll_after: Duration::from_secs(seconds),
    })
}

pub(crate) fn refused(code: Code, retry_after_seconds: Option<u64>) -> Answer {
    Err(AdapterError::NotPublished {
        error: Error::new(code),
        retry_after: retry_after_seconds.map(Duration::from_secs),
        meta: None,
    })
}

pub(crate) fn unanswered() -> Answer {
    Err(AdapterError::Unknown {
        error: Error::new(Code::PlatformTemporary),
        meta: None,
    })
}

/// A sink that keeps what it was told.
#[derive(Default)]
pub(crate) struct Events(Mutex<Vec<Event>>);

impl Telemetry for Events {
    fn record(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

/// When the jobs of the fixture are due.
pub(crate) fn due() -> Timestamp {
    "2026-04-10T07:00:00Z".parse().unwrap()
}

pub(crate) fn user() -> UserId {
    UserId::new(deterministic_uuid(&["ana"]))
}

#[derive(Clone)]
pub(crate) struct Bench {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) script: Arc<Script>,
    pub(crate) events: Arc<Events>,
    pub(crate) settings: WorkerSettings,
}

impl Bench {
    /// One hour before anything is due.
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::new(due().plus(TimeDelta::hours(-1))));
        Self {
            store: Arc::new(MemoryStore::new(clock.clone())),
            clock,
            script: Arc::default(),
            events: Arc::default(),
            settings: WorkerSettings::new("worker-1".parse().unwrap()),
        }
    }

    /// The same with a first step of another kind.
    pub(crate) fn beginning_with(kind: StepKind) -> Self {
        let mut bench = Self::new();
        bench.script = Arc::new(Script {
            first: Some(kind),
            ..Script::default()
        });
        bench
    }

    pub(crate) fn on() -> PublishingOn {
        let flags = Flags {
            publish_service: true,
            ..Flags::OFF
        };
        flags.publishing().unwrap()
    }

    pub(crate) fn ports(&self) -> WorkerPorts {
        WorkerPorts {
            store: self.store.clone(),
            adapters: vec![Arc::new(ScriptedAdapter(self.script.clone()))],
            clock: self.clock.clone(),
            telemetry: self.events.clone(),
        }
    }

    pub(crate) fn worker(&self) -> PublishWorker {
        PublishWorker::new(Self::on(), self.ports(), self.settings.clone()).unwrap()
    }

    /// Schedules an entry on an account of its own; the caption is its name.
    pub(crate) fn schedule(&self, name: &str) -> JobId {
        self.schedule_with(name, |_| {})
    }

    pub(crate) fn schedule_with(&self, name: &str, change: impl Fn(&mut ChannelAccount)) -> JobId {
        self.schedule_at(name, due(), change)
    }

    pub(crate) fn schedule_at(
        &self,
        name: &str,
        scheduled_at: Timestamp,
        change: impl Fn(&mut ChannelAccount),
    ) -> JobId {
        let mut account = account(name);
        change(&mut account);
        let job = NewJob {
            id: JobId::new(deterministic_uuid(&["job", name])),
            entry: entry(name, &account),
            account_id: account.id,
            scheduled_at,
        };
        let id = job.id;
        block_on(self.store.put_account(account)).unwrap();
        let schedule = ScheduleJobs {
            user_id: user(),
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

    /// Saves the calendar with this one entry.
    pub(crate) fn save_entry(&self, entry: CalendarEntry) {
        let run = CalendarRun {
            id: RunId::new(deterministic_uuid(&["run"])),
            calendar_id: entry.calendar_id,
            user_id: user(),
            plan_id: None,
            status: RunStatus::Completed,
            started_at: due(),
            completed_at: due(),
            piece_count: 1,
            cadence: Cadence::Manual,
            channels: Vec::new(),
            start_date: None,
            end_date: None,
        };
        let save = SaveCalendar::new(run, 0, vec![entry]);
        block_on(self.store.save_calendar(save)).unwrap();
    }

    pub(crate) fn command(&self, write: JobWrite) -> JobResult {
        let command = CommandJobs {
            user_id: user(),
            command: None,
            policy: RetryPolicy::default(),
            writes: vec![write],
            all_or_nothing: false,
        };
        block_on(self.store.command_jobs(command))
            .unwrap()
            .outcomes
            .remove(0)
            .result
    }

    /// Moves the clock to `minutes` after the due time and lets a new worker take one step.
    pub(crate) fn tick_at(&self, minutes: i64) -> WorkReport {
        self.clock.set(due().plus(TimeDelta::minutes(minutes)));
        self.tick()
    }

    pub(crate) fn tick(&self) -> WorkReport {
        block_on(self.worker().tick(100)).unwrap()
    }

    pub(crate) fn clock_now(&self) -> Timestamp {
        Clock::now(&*self.clock)
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }

    pub(crate) fn history(&self, id: JobId) -> JobHistory {
        block_on(self.store.job(user(), id)).unwrap().unwrap()
    }

    pub(crate) fn job(&self, id: JobId) -> PublishJob {
        self.history(id).record.job
    }

    /// The events of one kind, as their lines say.
    pub(crate) fn lines(&self, event: &str) -> Vec<serde_json::Value> {
        let events = self.events.0.lock().unwrap();
        let lines = events
            .iter()
            .map(|event| serde_json::to_value(event).unwrap());
        lines.filter(|line| line["event"] == event).collect()
    }
}

pub(crate) fn account(name: &str) -> ChannelAccount {
    serde_json::from_value(json!({
        "id": deterministic_uuid(&["account", name]).to_string(), "userId": user(), "channel": "instagram",
        "externalAccountId": name, "displayName": name, "timezone": "Europe/Madrid", "status": "ok",
    }))
    .unwrap()
}

pub(crate) fn entry(name: &str, account: &ChannelAccount) -> CalendarEntry {
    serde_json::from_value(json!({
        "id": deterministic_uuid(&["entry", name]).to_string(),
        "calendarId": deterministic_uuid(&["calendar"]).to_string(),
        "accountId": account.id, "scheduledAt": due(), "reviewed": true,
        "piece": { "title": "Pan", "channel": "instagram", "format": "post", "copy": name,
                   "date": "2026-04-10", "time": "09:00" },
        "media": [{ "kind": "image", "url": "https://cdn.example/pan.jpg", "mimeType": "image/jpeg",
                    "sizeBytes": 640_000, "width": 1080, "height": 1350 }],
    }))
    .unwrap()
}
