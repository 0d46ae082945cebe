//! A host whose every port is documents, and which throws when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use calendar_publish::Error;
use calendar_publish::memory::{ManualClock, MemoryStore};
use calendar_publish::model::{JobStatus, PublishJob, Timestamp, deterministic_uuid};
use calendar_publish::ports::{Clock, Header, HttpRequest, HttpTransport};
use calendar_publish_documents::ports::{
    BytesAnswer, BytesPort, DocumentClock, DocumentPort, DocumentTelemetry, DocumentTokens,
    DocumentTransport, EventPort, HostFailure, RequestHead, TimePort,
};
use calendar_publish_documents::{DocumentStore, Engine, EnginePorts, EngineSettings, ServedStore};
use calendar_publish_simulators::instagram::{Account, Flavour, InstagramSimulator, SecondPublish};
use calendar_publish_simulators::sample::jpeg;
use calendar_publish_simulators::{InProcess, MediaShelf, ShelvedFile};
use futures_executor::block_on;
use serde_json::{Value, json};

const EXTERNAL: &str = "17841499000000001";
pub(crate) const START: &str = "2026-11-20T09:59:00Z";
pub(crate) const DUE: &str = "2026-11-20T10:00:00Z";

/// Which call of any port throws, counted from 1, and whether it does before or after its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    None,
    Before(u64),
    After(u64),
}

#[derive(Debug)]
pub(crate) struct Chaos {
    trouble: Trouble,
    calls: AtomicU64,
}

impl Chaos {
    /// Counts a call: whether it throws before its effect, and whether after.
    fn next(&self) -> (bool, bool) {
        let number = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        (
            self.trouble == Trouble::Before(number),
            self.trouble == Trouble::After(number),
        )
    }

    pub(crate) async fn around<T>(
        &self,
        effect: impl Future<Output = Result<T, HostFailure>>,
    ) -> Result<T, HostFailure> {
        let boom = || HostFailure::thrown("Error: boom");
        let (before, after) = self.next();
        if before {
            return Err(boom());
        }
        let answer = effect.await?;
        if after { Err(boom()) } else { Ok(answer) }
    }
}

/// The host's store.
struct Store(ServedStore, Arc<Chaos>);

#[async_trait]
impl DocumentPort for Store {
    async fn call(&self, method: &'static str, request: String) -> Result<String, HostFailure> {
        self.1.around(self.0.call(method, request)).await
    }
}

/// The host's tokens.
struct Tokens(String, Arc<Chaos>);

#[async_trait]
impl DocumentPort for Tokens {
    async fn call(&self, _: &'static str, _: String) -> Result<String, HostFailure> {
        let token = json!({ "token": self.0, "version": 1 }).to_string();
        self.1.around(async { Ok(token) }).await
    }
}

/// The host's HTTP.
struct Http(InProcess, Arc<Chaos>);

#[async_trait]
impl BytesPort for Http {
    async fn exchange(&self, head: String, body: Vec<u8>) -> Result<BytesAnswer, HostFailure> {
        let head: RequestHead = serde_json::from_str(&head).unwrap();
        let request = HttpRequest {
            method: head.method,
            url: head.url,
            headers: head
                .headers
                .into_iter()
                .map(|line| Header {
                    name: line.name,
                    value: line.value,
                })
                .collect(),
            body,
            deadline: std::time::Duration::from_millis(head.deadline_millis),
        };
        let send = async {
            let answer =
                self.0.send(request).await.map_err(|error| {
                    HostFailure::refused(serde_json::to_string(&error).unwrap())
                })?;
            let lines = answer.headers.iter();
            let headers: Vec<Value> = lines
                .map(|line| json!({ "name": line.name, "value": line.value }))
                .collect();
            Ok(BytesAnswer {
                head: json!({ "status": answer.status, "headers": headers }).to_string(),
                body: answer.body,
            })
        };
        self.1.around(send).await
    }
}

/// The host's log.
struct Log(Arc<Chaos>);

impl EventPort for Log {
    fn record(&self, event: String) -> Result<(), HostFailure> {
        let _: Value = serde_json::from_str(&event).unwrap();
        match self.0.next() {
            (false, false) => Ok(()),
            _ => Err(HostFailure::thrown("Error: boom")),
        }
    }
}

/// The host's time.
struct Time(Arc<ManualClock>);

#[async_trait]
impl TimePort for Time {
    fn now_millis(&self) -> i64 {
        self.0.now().millis()
    }

    async fn sleep_millis(&self, millis: u64) {
        let until = self.0.now().millis() + i64::try_from(millis).unwrap();
        self.0.sleep_until(Timestamp::from_millis(until)).await;
    }
}

pub(crate) fn user(name: &str) -> Value {
    json!(deterministic_uuid(&[name]))
}

pub(crate) fn account() -> Value {
    json!({
        "id": deterministic_uuid(&["account"]), "userId": user("ana"), "channel": "instagram",
        "externalAccountId": EXTERNAL, "displayName": "bakery.demo", "timezone": "Europe/Madrid",
        "status": "ok", "scopes": Flavour::Instagram.publishing_permissions(),
    })
}

pub(crate) fn entry() -> Value {
    json!({
        "id": deterministic_uuid(&["entry"]), "calendarId": deterministic_uuid(&["calendar"]),
        "accountId": account()["id"], "scheduledAt": DUE, "reviewed": true,
        "piece": { "title": "Pan", "channel": "instagram", "format": "post", "copy": "Fresh buns",
                   "date": "2026-11-20", "time": "11:00" },
        "media": [{ "kind": "image", "url": "https://cdn.test/bun.jpg", "mimeType": "image/jpeg",
                    "sizeBytes": 640_000, "width": 1080, "height": 1350 }],
    })
}

pub(crate) fn context(name: &str, key: &str) -> Value {
    json!({ "requestId": "req-1", "userId": user(name), "idempotencyKey": key, "now": START })
}

pub(crate) fn schedule() -> Value {
    json!({ "context": context("ana", "k1"), "schedule": { "entries": [entry()] } })
}

pub(crate) fn switched_on() -> Value {
    json!({ "settings": [{ "name": "PUBLISH_SERVICE_ENABLED", "value": "true" }], "instagram": {} })
}

/// The host, its engine and the platform.
pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) instagram: Arc<InstagramSimulator>,
    pub(crate) engine: Engine,
    pub(crate) chaos: Arc<Chaos>,
}

pub(crate) fn ports(
    trouble: Trouble,
) -> (
    EnginePorts,
    Arc<ManualClock>,
    Arc<InstagramSimulator>,
    Arc<Chaos>,
) {
    let chaos = Arc::new(Chaos {
        trouble,
        calls: AtomicU64::new(0),
    });
    let clock = Arc::new(ManualClock::new(START.parse().unwrap()));
    let shelf = MediaShelf::default();
    shelf.put(
        "https://cdn.test/bun.jpg",
        ShelvedFile::new("image/jpeg", jpeg(1080, 1350)),
    );
    let instagram = InstagramSimulator::new(clock.clone(), Arc::new(shelf));
    // A container that is published twice is two posts here: nothing but the engine prevents it.
    instagram.knobs(|knobs| knobs.second_publish = SecondPublish::Again);
    instagram.add_account(Account::new(EXTERNAL, "bakery.demo"));
    let flavour = Flavour::Instagram;
    let token = instagram.grant(EXTERNAL, flavour, flavour.publishing_permissions());
    let store = ServedStore::new(Arc::new(MemoryStore::new(clock.clone())));
    let http = InProcess::new(vec![instagram.clone()]);
    let ports = EnginePorts {
        store: Arc::new(DocumentStore::new(Store(store, chaos.clone()))),
        clock: Arc::new(DocumentClock::new(Time(clock.clone()))),
        telemetry: Arc::new(DocumentTelemetry::new(Log(chaos.clone()))),
        transport: Arc::new(DocumentTransport::new(Http(http, chaos.clone()))),
        tokens: Arc::new(DocumentTokens::new(Tokens(token, chaos.clone()))),
        media: None,
        adapters: Vec::new(),
    };
    (ports, clock, instagram, chaos)
}

impl World {
    pub(crate) fn new(trouble: Trouble) -> Self {
        Self::with(trouble, &switched_on())
    }

    pub(crate) fn with(trouble: Trouble, settings: &Value) -> Self {
        let (ports, clock, instagram, chaos) = ports(trouble);
        let settings = EngineSettings::read(&settings.to_string()).unwrap();
        Self {
            clock,
            instagram,
            engine: Engine::new(ports, settings).unwrap(),
            chaos,
        }
    }

    pub(crate) fn call(&self, name: &str, request: &Value) -> Result<Value, Error> {
        let answer = block_on(self.engine.call(name, &request.to_string()))?;
        Ok(serde_json::from_str(&answer).unwrap())
    }

    /// Asks as a host does: again, when an exception was thrown.
    pub(crate) fn insist(&self, name: &str, request: &Value) -> Value {
        let tries = [(); 3].map(|()| self.call(name, request));
        tries.into_iter().find_map(Result::ok).unwrap()
    }

    /// How many calls the ports had.
    pub(crate) fn calls(&self) -> u64 {
        self.chaos.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn forward(&self, seconds: i64) {
        let now = self.clock.now().millis();
        self.clock.set(Timestamp::from_millis(now + seconds * 1000));
    }

    pub(crate) fn job(&self) -> PublishJob {
        let jobs = self.insist("jobs", &json!({ "userId": user("ana") }));
        let mut jobs: Vec<PublishJob> = serde_json::from_value(jobs).unwrap();
        assert_eq!(jobs.len(), 1, "{jobs:?}");
        jobs.remove(0)
    }

    /// Lets the worker work until a person must act or nothing is left to do, and an hour longer.
    pub(crate) fn settle(&self) -> PublishJob {
        let mut later = 0;
        for _ in 0..3000 {
            // A host's cron job minds no failure.
            let _ = self.call("tick", &json!({ "limit": 10 }));
            let job = self.job();
            self.forward(match job.status {
                JobStatus::Publishing => 5,
                JobStatus::Scheduled | JobStatus::Failed => 60,
                _ => {
                    later += 1;
                    600
                }
            });
            if later == 6 {
                return job;
            }
        }
        panic!("it never settles: {:?}", self.job());
    }
}
