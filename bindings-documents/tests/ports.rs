//! What a host's ports answer and throw, and what that means for a post.
#![allow(clippy::unwrap_used)]

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::Code;
use calendar_publish::model::{AccountId, Channel, Timestamp, deterministic_uuid};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Clock, Header, HttpRequest, HttpTransport, MediaError,
    MediaRange, MediaSource, Method, Post, Progress, Step, StepKind, TransportError,
};
use calendar_publish_adapters::access::{AccessError, AccessTokens};
use calendar_publish_documents::ports::{
    AdapterPlace, BytesAnswer, BytesPort, DocumentAdapter, DocumentClock, DocumentMedia,
    DocumentPort, DocumentTokens, DocumentTransport, HostFailure, TimePort,
};
use futures_executor::block_on;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// A host that answers one thing and remembers what it was asked.
struct Host {
    answer: Result<&'static str, HostFailure>,
    body: &'static [u8],
    asked: Mutex<Vec<(String, String, Vec<u8>)>>,
}

impl Host {
    fn new(answer: Result<&'static str, HostFailure>) -> Self {
        Self {
            answer,
            body: b"",
            asked: Mutex::default(),
        }
    }

    fn asked(&self, method: &str, head: String, body: Vec<u8>) {
        let mut asked = self.asked.lock().unwrap();
        asked.push((method.to_owned(), head, body));
    }

    fn last(&self) -> (String, Value, Vec<u8>) {
        let (method, head, body) = self.asked.lock().unwrap().last().cloned().unwrap();
        (method, serde_json::from_str(&head).unwrap(), body)
    }
}

#[async_trait]
impl DocumentPort for Host {
    async fn call(&self, method: &'static str, request: String) -> Result<String, HostFailure> {
        self.asked(method, request, Vec::new());
        self.answer.clone().map(str::to_owned)
    }
}

#[async_trait]
impl BytesPort for Host {
    async fn exchange(&self, head: String, body: Vec<u8>) -> Result<BytesAnswer, HostFailure> {
        self.asked("", head, body);
        self.answer.clone().map(|head| BytesAnswer {
            head: head.to_owned(),
            body: self.body.to_vec(),
        })
    }
}

fn thrown() -> HostFailure {
    HostFailure::thrown("Error: boom")
}

#[test]
fn a_token_is_asked_for_by_account_and_version() {
    let account = AccountId::new(deterministic_uuid(&["account"]));
    let host = std::sync::Arc::new(Host::new(Ok(r#"{"token":"SECRET","version":7}"#)));
    let tokens = DocumentTokens::new(host.clone());
    let token = block_on(tokens.access_token(account)).unwrap();
    assert_eq!((token.secret.expose_secret(), token.version), ("SECRET", 7));
    assert_eq!(host.last().0, "accessToken");
    assert_eq!(host.last().1, json!({ "accountId": account }));
    block_on(tokens.replacement(account, 7)).unwrap();
    assert_eq!(host.last().0, "replacement");
    assert_eq!(host.last().1, json!({ "accountId": account, "refused": 7 }));
}

#[test]
fn a_token_that_isnt_there_says_why() {
    let account = AccountId::new(deterministic_uuid(&["account"]));
    let failed = |answer| {
        let tokens = DocumentTokens::new(Host::new(answer));
        block_on(tokens.access_token(account)).unwrap_err()
    };
    let refused = |document: &str| failed(Err(HostFailure::refused(document)));
    assert_eq!(refused(r#"{"type":"revoked"}"#), AccessError::Revoked);
    assert_eq!(refused(r#"{"type":"expired"}"#), AccessError::Expired);
    let unavailable = |reason: &str| AccessError::Unavailable {
        reason: reason.to_owned(),
    };
    assert_eq!(
        refused(r#"{"type":"unavailable","reason":"vault"}"#),
        unavailable("vault")
    );
    assert_eq!(failed(Err(thrown())), unavailable("Error: boom"));
    let AccessError::Unavailable { reason } = failed(Ok(r#"{"token":"SECRET","version":"x"}"#))
    else {
        panic!("an answer that can't be read is no answer");
    };
    assert!(!reason.contains("SECRET"), "{reason}");
}

fn request() -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        url: "https://graph.instagram.com/me".to_owned(),
        headers: vec![Header {
            name: "authorization".to_owned(),
            value: "Bearer X".to_owned(),
        }],
        body: vec![0, 255, 7],
        deadline: Duration::from_millis(2500),
    }
}

#[test]
fn a_request_passes_its_body_beside_the_document() {
    let head = r#"{"status":201,"headers":[{"name":"Content-Type","value":"text/plain"}]}"#;
    let mut host = Host::new(Ok(head));
    host.body = &[1, 254];
    let host = std::sync::Arc::new(host);
    let answer = block_on(DocumentTransport::new(host.clone()).send(request())).unwrap();
    assert_eq!((answer.status, answer.body), (201, vec![1, 254]));
    assert_eq!(answer.headers[0].name, "content-type");
    let (_, asked, body) = host.last();
    assert_eq!(body, [0, 255, 7]);
    assert_eq!(
        asked,
        json!({
            "method": "POST", "url": "https://graph.instagram.com/me", "deadlineMillis": 2500,
            "headers": [{ "name": "authorization", "value": "Bearer X" }],
        })
    );
}

#[test]
fn only_a_host_that_says_so_has_not_sent() {
    let failed = |answer| {
        let transport = DocumentTransport::new(Host::new(answer));
        block_on(transport.send(request())).unwrap_err()
    };
    let refused = |document: &str| failed(Err(HostFailure::refused(document)));
    let reason = || "dns".to_owned();
    assert_eq!(
        refused(r#"{"type":"not_sent","reason":"dns"}"#),
        TransportError::NotSent { reason: reason() }
    );
    assert_eq!(
        refused(r#"{"type":"address_forbidden","reason":"dns"}"#),
        TransportError::AddressForbidden { reason: reason() }
    );
    for unanswered in [
        refused(r#"{"type":"no_answer","reason":"dns"}"#),
        refused(r#"{"notSent":true}"#),
        failed(Err(thrown())),
        failed(Ok("{}")),
        failed(Ok("")),
    ] {
        assert!(
            matches!(unanswered, TransportError::NoAnswer { .. }),
            "{unanswered:?}"
        );
    }
}

#[test]
fn media_come_in_ranges() {
    let range = MediaRange {
        url: "https://cdn.test/a.mp4".to_owned(),
        offset: 5,
        length: 3,
    };
    let read = |answer, body| {
        let mut host = Host::new(answer);
        host.body = body;
        block_on(DocumentMedia::new(host).read(range.clone()))
    };
    let head = r#"{"totalBytes":8,"mimeType":"video/mp4"}"#;
    let chunk = read(Ok(head), b"abc").unwrap();
    assert_eq!(
        (chunk.bytes.as_slice(), chunk.total_bytes),
        (&b"abc"[..], 8)
    );
    let missing = HostFailure::refused(r#"{"type":"missing"}"#);
    assert_eq!(read(Err(missing), b""), Err(MediaError::Missing));
    for unavailable in [
        read(Ok(head), b"abcd"),
        read(Ok("{}"), b"abc"),
        read(Err(thrown()), b""),
    ] {
        assert!(
            matches!(unavailable, Err(MediaError::Unavailable { .. })),
            "{unavailable:?}"
        );
    }
}

/// A timer that ends early, as timers do.
#[derive(Default)]
struct Hasty {
    now: AtomicI64,
    slept: Mutex<Vec<u64>>,
}

#[async_trait]
impl TimePort for Hasty {
    fn now_millis(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    async fn sleep_millis(&self, millis: u64) {
        self.slept.lock().unwrap().push(millis);
        let passed = i64::try_from(millis.max(2) - 1).unwrap();
        self.now.fetch_add(passed, Ordering::SeqCst);
    }
}

#[test]
fn a_clock_sleeps_until_the_instant_and_no_longer_than_a_day_at_once() {
    let time = std::sync::Arc::new(Hasty::default());
    let clock = DocumentClock::new(time.clone());
    block_on(clock.sleep_until(Timestamp::from_millis(-5)));
    assert!(time.slept.lock().unwrap().is_empty());
    block_on(clock.sleep_until(Timestamp::from_millis(100)));
    assert!(clock.now() >= Timestamp::from_millis(100));
    let month = 30 * 24 * 60 * 60 * 1000;
    block_on(clock.sleep_until(Timestamp::from_millis(month)));
    let longest = time.slept.lock().unwrap().iter().copied().max();
    assert_eq!(longest, Some(24 * 60 * 60 * 1000));
}

fn post() -> Post {
    serde_json::from_value(json!({
        "jobId": deterministic_uuid(&["job"]), "attempt": 1, "contentHash": "00", "beginBy": "2026-11-20T10:00:00Z",
        "entry": { "id": deterministic_uuid(&["entry"]), "calendarId": deterministic_uuid(&["calendar"]),
                   "piece": { "title": "Pan", "channel": "instagram", "format": "post", "copy": "Pan",
                              "date": "2026-11-20", "time": "11:00" } },
        "account": { "id": deterministic_uuid(&["account"]), "userId": deterministic_uuid(&["ana"]),
                     "channel": "instagram", "externalAccountId": "1", "displayName": "bakery",
                     "timezone": "Europe/Madrid", "status": "ok" },
    }))
    .unwrap()
}

#[test]
fn what_an_adapter_throws_is_unknown_only_where_it_can_have_published() {
    let progress = |kind| Progress {
        stage: "publish".to_owned(),
        kind,
        state: "{}".to_owned(),
    };
    let adapter = |answer| {
        let place = AdapterPlace {
            channel: Channel::Instagram,
            call_deadline_seconds: 20,
            first: progress(StepKind::Read),
        };
        DocumentAdapter::new(Host::new(answer), place)
    };
    let advance = |answer, kind| block_on(adapter(answer).advance(post(), progress(kind)));
    for answer in [Err(thrown()), Ok("{}")] {
        for kind in [StepKind::Read, StepKind::Repeatable] {
            match advance(answer.clone(), kind) {
                Err(AdapterError::NotPublished { error, .. }) => {
                    assert_eq!(error.code, Code::PlatformTemporary);
                }
                other => panic!("{other:?}"),
            }
        }
        for kind in [StepKind::Decisive, StepKind::Confirm] {
            let got = advance(answer.clone(), kind);
            assert!(matches!(got, Err(AdapterError::Unknown { .. })), "{got:?}");
        }
    }
    let done = r#"{"type":"done","kind":"published","externalId":"9","permalink":null,"at":"2026-11-20T10:00:00Z"}"#;
    let got = advance(Ok(done), StepKind::Decisive);
    assert!(matches!(got, Ok(Step::Done(receipt)) if receipt.external_id == "9"));
    let adapter = adapter(Err(thrown()));
    assert_eq!(adapter.begin(&post()).kind, StepKind::Read);
    assert_eq!(adapter.call_deadline(), Duration::from_secs(20));
}
