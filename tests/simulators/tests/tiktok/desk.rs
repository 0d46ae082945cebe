//! A platform, a clock that a test turns, and calls as a client writes them.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::model::Timestamp;
use calendar_publish::ports::{
    Clock, Header, HttpRequest, HttpResponse, HttpTransport, Method, TransportError,
};
use calendar_publish_simulators::tiktok::{Creator, TiktokSimulator};
use calendar_publish_simulators::{InProcess, MediaShelf, Simulator};
use serde_json::{Value, json};

pub(crate) const API: &str = "https://open.tiktokapis.com";
pub(crate) const BAKER: &str = "sim-open-id-0001";
pub(crate) const ALL_SCOPES: [&str; 5] = [
    "user.info.basic",
    "user.info.profile",
    "video.publish",
    "video.upload",
    "video.list",
];

/// A clock that stands still until it is turned.
#[derive(Debug)]
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn pass(&self, duration: Duration) {
        self.0
            .fetch_add(duration.as_millis() as i64, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }

    async fn sleep_until(&self, instant: Timestamp) {
        self.0.fetch_max(instant.millis(), Ordering::SeqCst);
    }
}

/// An answer of the API, read.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    pub(crate) fn told(&self) -> (u16, &str, &str) {
        let message = self.body["error"]["message"].as_str().unwrap_or_default();
        (self.status, self.code(), message)
    }

    pub(crate) fn publish_id(&self) -> String {
        self.body["data"]["publish_id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn upload_url(&self) -> String {
        self.body["data"]["upload_url"].as_str().unwrap().to_owned()
    }
}

pub(crate) struct Desk {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) shelf: MediaShelf,
    pub(crate) tiktok: Arc<TiktokSimulator>,
    pub(crate) web: InProcess,
    token: Mutex<String>,
}

impl Desk {
    /// An audited app with the public account of a baker, who allowed everything. It is 2026-11-20, 10:15 in UTC.
    pub(crate) fn new() -> Self {
        let start: Timestamp = "2026-11-20T10:15:00Z".parse().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(start.millis())));
        let shelf = MediaShelf::default();
        let tiktok = TiktokSimulator::new(clock.clone(), Arc::new(shelf.clone()));
        tiktok.add_creator(Creator {
            nickname: "Sim Baker".to_owned(),
            stitch_disabled: true,
            ..Creator::new(BAKER, "sim.baker")
        });
        // Without probing: these tests' files are no videos.
        tiktok.knobs(|knobs| knobs.checks_media = false);
        let tokens = tiktok.grant(BAKER, &ALL_SCOPES);
        let web = InProcess::new(vec![tiktok.clone() as Arc<dyn Simulator>]);
        Self {
            clock,
            shelf,
            tiktok,
            web,
            token: Mutex::new(tokens.access),
        }
    }

    pub(crate) fn token(&self) -> String {
        self.token.lock().unwrap().clone()
    }

    /// Calls are made with this token from now on.
    pub(crate) fn use_token(&self, token: &str) {
        *self.token.lock().unwrap() = token.to_owned();
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.pass(Duration::from_secs(seconds));
    }

    pub(crate) fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<HttpResponse, TransportError> {
        let header = |(name, value): &(&str, &str)| Header {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        };
        futures_executor::block_on(self.web.send(HttpRequest {
            method,
            url: url.to_owned(),
            headers: headers.iter().map(header).collect(),
            body: body.to_vec(),
            deadline: Duration::from_secs(30),
        }))
    }

    /// A POST to the API, whose answer may be lost.
    pub(crate) fn try_post(&self, path: &str, body: &Value) -> Result<Reply, TransportError> {
        let bearer = format!("Bearer {}", self.token());
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json; charset=UTF-8"),
        ];
        let body = match body {
            Value::Null => Vec::new(),
            body => body.to_string().into_bytes(),
        };
        let response = self.send(Method::Post, &format!("{API}{path}"), &headers, &body)?;
        Ok(Reply {
            status: response.status,
            body: serde_json::from_slice(&response.body).unwrap_or_default(),
        })
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        self.try_post(path, body).unwrap()
    }

    pub(crate) fn video_init(&self, source: Value) -> Reply {
        let body = json!({ "post_info": post_info(), "source_info": source });
        self.post("/v2/post/publish/video/init/", &body)
    }

    pub(crate) fn status(&self, publish_id: &str) -> Reply {
        let body = json!({ "publish_id": publish_id });
        self.post("/v2/post/publish/status/fetch/", &body)
    }

    /// A chunk; the status and the `Content-Range` of the answer.
    pub(crate) fn put(&self, url: &str, range: &str, bytes: &[u8]) -> (u16, Option<String>) {
        let headers = [("content-type", "video/mp4"), ("content-range", range)];
        let answer = self.send(Method::Put, url, &headers, bytes).unwrap();
        let told = answer.headers.iter().find(|h| h.name == "content-range");
        (answer.status, told.map(|header| header.value.clone()))
    }

    /// A small video, posted in whole.
    pub(crate) fn post_video(&self, bytes: &[u8]) -> String {
        let init = self.video_init(file(bytes.len(), bytes.len(), 1));
        assert_eq!(init.code(), "ok", "{init:?}");
        let (status, _) = self.put(&init.upload_url(), &whole(bytes), bytes);
        assert_eq!(status, 201);
        init.publish_id()
    }
}

pub(crate) fn post_info() -> Value {
    json!({
        "title": "Fresh bread at six #bakery @sim.friend", "privacy_level": "PUBLIC_TO_EVERYONE",
        "disable_comment": false, "disable_duet": true, "disable_stitch": true, "video_cover_timestamp_ms": 1500,
        "brand_content_toggle": false, "brand_organic_toggle": true, "is_aigc": false
    })
}

pub(crate) fn file(video_size: usize, chunk_size: usize, count: usize) -> Value {
    json!({
        "source": "FILE_UPLOAD", "video_size": video_size, "chunk_size": chunk_size, "total_chunk_count": count
    })
}

/// The `Content-Range` of a file in one chunk.
pub(crate) fn whole(bytes: &[u8]) -> String {
    format!("bytes 0-{}/{}", bytes.len() - 1, bytes.len())
}
