//! Instagram as a script: it answers as the documentation's examples do, until a test tells it otherwise.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::Code;
use calendar_publish::memory::ManualClock;
use calendar_publish::model::{
    AccountId, CalendarEntry, ChannelAccount, JobId, Timestamp, deterministic_uuid,
};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Clock, Header, HttpRequest, HttpResponse, HttpTransport,
    MediaSource, Method, Post, Progress, Receipt, Step, TransportError,
};
use calendar_publish_adapters::access::{AccessError, AccessToken, AccessTokens};
use calendar_publish_adapters::instagram::{
    InstagramAdapter, InstagramLogin, InstagramPorts, InstagramSettings,
};
use futures_executor::block_on;
use serde_json::{Value, json};

pub(crate) const ACCOUNT: &str = "17841499000000001";
pub(crate) const CONTAINER: &str = "17900000000000101";
pub(crate) const MEDIA: &str = "18000000000000201";
pub(crate) const LINK: &str = "https://www.instagram.com/p/DEMOcode1/";

pub(crate) type Answer = Result<HttpResponse, TransportError>;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Asked {
    Quota,
    Create,
    Status,
    List,
    Publish,
    Link,
    Upload,
    UploadStatus,
}

impl Asked {
    fn of(request: &HttpRequest) -> Self {
        let (address, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        match (request.method, address.rsplit('/').next().unwrap()) {
            (Method::Post, _) if address.starts_with("https://rupload.") => Self::Upload,
            (Method::Post, "media") => Self::Create,
            (Method::Post, "media_publish") => Self::Publish,
            (Method::Get, "content_publishing_limit") => Self::Quota,
            (Method::Get, "media") => Self::List,
            (Method::Get, _) if query.contains("video_status") => Self::UploadStatus,
            (Method::Get, _) if query.contains("status_code") => Self::Status,
            (Method::Get, _) if query.contains("fields=permalink") => Self::Link,
            _ => panic!("nobody asks for {address}"),
        }
    }
}

/// Instagram.
#[derive(Default)]
pub(crate) struct Graph {
    told: Mutex<HashMap<Asked, VecDeque<Answer>>>,
    always: Mutex<HashMap<Asked, Answer>>,
    log: Mutex<Vec<HttpRequest>>,
    silent: Mutex<Option<Asked>>,
}

impl Graph {
    /// Such requests are never answered.
    pub(crate) fn then_nothing(&self, asked: Asked) {
        *self.silent.lock().unwrap() = Some(asked);
    }

    /// The next answer to such a request.
    pub(crate) fn then(&self, asked: Asked, answer: Answer) -> &Self {
        let mut told = self.told.lock().unwrap();
        told.entry(asked).or_default().push_back(answer);
        self
    }

    /// Every answer to such a request for which nothing else was told.
    pub(crate) fn always(&self, asked: Asked, answer: Answer) -> &Self {
        self.always.lock().unwrap().insert(asked, answer);
        self
    }

    pub(crate) fn sent(&self, asked: Asked) -> Vec<HttpRequest> {
        let log = self.log.lock().unwrap();
        log.iter()
            .filter(|it| Asked::of(it) == asked)
            .cloned()
            .collect()
    }

    pub(crate) fn count(&self, asked: Asked) -> usize {
        self.sent(asked).len()
    }

    pub(crate) fn order(&self) -> Vec<Asked> {
        self.log.lock().unwrap().iter().map(Asked::of).collect()
    }

    fn usual(asked: Asked, number: usize) -> Answer {
        match asked {
            Asked::Quota => quota(7, 50),
            Asked::Create => {
                ok(json!({"id": (17_900_000_000_000_100 + number as u64).to_string()}))
            }
            Asked::Status => status("FINISHED"),
            Asked::List => ok(json!({"data": []})),
            Asked::Publish => ok(json!({"id": MEDIA})),
            Asked::Link => ok(json!({"id": MEDIA, "permalink": LINK})),
            Asked::Upload => ok(json!({"success": true, "message": "ok"})),
            Asked::UploadStatus => ok(json!({"id": CONTAINER, "status_code": "IN_PROGRESS"})),
        }
    }
}

#[async_trait]
impl HttpTransport for Graph {
    async fn send(&self, request: HttpRequest) -> Answer {
        let asked = Asked::of(&request);
        self.log.lock().unwrap().push(request);
        let is_silent = self
            .silent
            .lock()
            .unwrap()
            .take_if(|it| *it == asked)
            .is_some();
        if is_silent {
            std::future::pending::<()>().await;
        }
        let told = self
            .told
            .lock()
            .unwrap()
            .get_mut(&asked)
            .and_then(VecDeque::pop_front);
        let always = || self.always.lock().unwrap().get(&asked).cloned();
        let number = self.count(asked);
        told.or_else(always)
            .unwrap_or_else(|| Self::usual(asked, number))
    }
}

pub(crate) fn answer(status: u16, body: &Value) -> Answer {
    Ok(HttpResponse {
        status,
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
    })
}

#[allow(clippy::needless_pass_by_value)]
pub(crate) fn ok(body: Value) -> Answer {
    answer(200, &body)
}

pub(crate) fn with_header(answer: Answer, name: &str, value: &str) -> Answer {
    answer.map(|mut response| {
        response.headers.push(Header {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        response
    })
}

pub(crate) fn quota(used: u32, total: u32) -> Answer {
    let config = json!({"quota_total": total, "quota_duration": 86_400});
    ok(json!({"data": [{"quota_usage": used, "config": config}]}))
}

pub(crate) fn status(code: &str) -> Answer {
    let sentence = format!("{code}: some sentence");
    ok(json!({"status_code": code, "status": sentence, "id": CONTAINER}))
}

/// A post in the list of the account's media.
pub(crate) fn listed(id: &str, caption: &str, at: Timestamp) -> Value {
    let at = at.to_string().replace('Z', "+0000");
    json!({"id": id, "caption": caption, "permalink": LINK, "timestamp": at, "media_type": "IMAGE",
           "media_product_type": "FEED"})
}

pub(crate) fn error(http: u16, code: i64, subcode: Option<i64>) -> Answer {
    worded(http, code, subcode, "words of Instagram's")
}

pub(crate) fn worded(http: u16, code: i64, subcode: Option<i64>, message: &str) -> Answer {
    let mut error = json!({"message": message, "type": "OAuthException", "code": code,
                           "is_transient": false, "fbtrace_id": "Atrace9"});
    if let Some(subcode) = subcode {
        error["error_subcode"] = subcode.into();
    }
    answer(http, &json!({ "error": error }))
}

pub(crate) fn lost() -> Answer {
    Err(TransportError::NoAnswer {
        reason: "the connection was closed".to_owned(),
    })
}

pub(crate) fn not_sent() -> Answer {
    Err(TransportError::NotSent {
        reason: "no route".to_owned(),
    })
}

/// An account's tokens: `IG.TOKEN` first, `IG.NEWER` as its replacement.
#[derive(Default)]
pub(crate) struct Tokens {
    pub(crate) refused: Mutex<Vec<i64>>,
    pub(crate) trouble: Mutex<Option<AccessError>>,
    /// Another token than those two.
    pub(crate) given: Mutex<Option<String>>,
}

impl Tokens {
    fn token(&self, usual: &str, version: i64) -> AccessToken {
        let given = self.given.lock().unwrap().clone();
        AccessToken {
            secret: given.unwrap_or_else(|| usual.to_owned()).into(),
            version,
        }
    }
}

#[async_trait]
impl AccessTokens for Tokens {
    async fn access_token(&self, _: AccountId) -> Result<AccessToken, AccessError> {
        match self.trouble.lock().unwrap().clone() {
            Some(trouble) => Err(trouble),
            None if self.refused.lock().unwrap().is_empty() => Ok(self.token("IG.TOKEN", 1)),
            None => Ok(self.token("IG.NEWER", 2)),
        }
    }

    async fn replacement(&self, _: AccountId, refused: i64) -> Result<AccessToken, AccessError> {
        self.refused.lock().unwrap().push(refused);
        match self.trouble.lock().unwrap().clone() {
            Some(trouble) => Err(trouble),
            None => Ok(self.token("IG.NEWER", 2)),
        }
    }
}

/// The adapter among its ports.
pub(crate) struct Bench {
    pub(crate) graph: Arc<Graph>,
    /// Another platform than the script.
    pub(crate) transport: Option<Arc<dyn HttpTransport>>,
    pub(crate) media: Option<Arc<dyn MediaSource>>,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) settings: InstagramSettings,
}

/// What driving a post came to.
#[derive(Debug)]
pub(crate) enum End {
    Done(Receipt),
    NotPublished(Code, Option<Duration>),
    Unknown(Code, Progress),
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            graph: Arc::default(),
            transport: None,
            media: None,
            tokens: Arc::default(),
            clock: Arc::new(ManualClock::new(due())),
            settings: InstagramSettings::new(InstagramLogin::Instagram),
        }
    }

    pub(crate) fn ports(&self) -> InstagramPorts {
        InstagramPorts {
            transport: self.transport.clone().unwrap_or_else(|| self.graph.clone()),
            tokens: self.tokens.clone(),
            clock: self.clock.clone(),
            media: self.media.clone(),
        }
    }

    pub(crate) fn adapter(&self) -> InstagramAdapter {
        InstagramAdapter::new(self.ports(), self.settings.clone()).unwrap()
    }

    pub(crate) fn wait(&self, wait: Duration) {
        let millis = i64::try_from(wait.as_millis()).unwrap();
        self.clock
            .set(Timestamp::from_millis(self.clock.now().millis() + millis));
    }

    /// Takes every step of `post` until it ends, waiting as long as it is told.
    pub(crate) fn drive(&self, post: &Post) -> End {
        self.drive_from(post, self.adapter().begin(post))
    }

    pub(crate) fn drive_from(&self, post: &Post, mut progress: Progress) -> End {
        let adapter = self.adapter();
        for _ in 0..500 {
            match block_on(adapter.advance(post.clone(), progress.clone())) {
                Ok(Step::Done(receipt)) => return End::Done(receipt),
                Ok(Step::Pending {
                    progress: next,
                    poll_after,
                }) => {
                    self.wait(poll_after);
                    progress = next;
                }
                Err(AdapterError::NotPublished {
                    error, retry_after, ..
                }) => return End::NotPublished(error.code, retry_after),
                Err(AdapterError::Unknown { error, .. }) => {
                    return End::Unknown(error.code, progress);
                }
            }
        }
        panic!("it never ends; it asked {:?}", self.graph.order());
    }
}

/// When the posts are due.
pub(crate) fn due() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

pub(crate) fn account() -> ChannelAccount {
    serde_json::from_value(json!({
        "id": deterministic_uuid(&["account"]).to_string(),
        "userId": deterministic_uuid(&["ana"]).to_string(), "channel": "instagram",
        "externalAccountId": ACCOUNT, "displayName": "bakery.demo", "timezone": "Europe/Madrid",
        "status": "ok",
    }))
    .unwrap()
}

pub(crate) fn image(url: &str) -> Value {
    json!({"kind": "image", "url": url, "mimeType": "image/jpeg", "sizeBytes": 640_000, "width": 1080,
           "height": 1350})
}

pub(crate) fn video(url: &str) -> Value {
    json!({"kind": "video", "url": url, "mimeType": "video/mp4", "sizeBytes": 1_048_576, "width": 1080,
           "height": 1920, "durationMs": 9_000, "frameRate": 30.0, "videoCodec": "h264",
           "audioCodec": "aac", "audioSampleRate": 48_000, "audioChannels": 2, "bitRate": 900_000,
           "moovFirst": true, "editList": false})
}

/// An entry of that format, whose caption is `copy`; `more` stands beside.
pub(crate) fn entry(format: &str, copy: &str, media: &[Value], more: &Value) -> CalendarEntry {
    let mut entry = json!({
        "id": deterministic_uuid(&["entry", copy]).to_string(),
        "calendarId": deterministic_uuid(&["calendar"]).to_string(),
        "accountId": account().id, "scheduledAt": due(), "reviewed": true,
        "piece": { "title": "Pan", "channel": "instagram", "format": format, "copy": copy,
                   "date": "2026-11-20", "time": "11:00" },
        "media": media,
    });
    for (name, value) in more.as_object().unwrap() {
        entry[name] = value.clone();
    }
    serde_json::from_value(entry).unwrap()
}

pub(crate) fn post(entry: CalendarEntry) -> Post {
    Post {
        job_id: JobId::new(deterministic_uuid(&["job"])),
        attempt: 1,
        entry,
        content_hash: "00".repeat(32),
        account: account(),
    }
}

/// One image with a caption.
pub(crate) fn bun() -> Post {
    post(entry(
        "post",
        "Fresh buns",
        &[image("https://cdn.test/bun.jpg")],
        &json!({}),
    ))
}

/// The pairs of a form body or a query.
pub(crate) fn pairs(request: &HttpRequest) -> Vec<(String, String)> {
    let query = request.url.split_once('?').map_or("", |(_, query)| query);
    let text = if request.body.is_empty() {
        query.as_bytes()
    } else {
        &request.body
    };
    form_urlencoded::parse(text).into_owned().collect()
}

pub(crate) fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    let header = request.headers.iter().find(|header| header.name == name);
    header.map_or("", |header| &header.value)
}
