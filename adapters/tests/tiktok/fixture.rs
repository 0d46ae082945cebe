//! A transport that answers what it was told to and remembers what it was asked, tokens that count their
//! renewals, and posts.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::memory::ManualClock;
use calendar_publish::model::{
    AccountId, CalendarEntry, ChannelAccount, JobId, Timestamp, deterministic_uuid,
};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Header, HttpRequest, HttpResponse, HttpTransport, MediaSource,
    Post, Progress, Reconciled, Step, TransportError,
};
use calendar_publish_adapters::access::{AccessError, AccessToken, AccessTokens};
use calendar_publish_adapters::tiktok::{TiktokAdapter, TiktokPorts, TiktokSettings};
use calendar_publish_simulators::{MediaShelf, ShelvedFile};
use chrono::TimeDelta;
use futures_executor::block_on;
use secrecy::SecretString;
use serde_json::{Value, json};

pub(crate) const VIDEO: &str = "https://cdn.example/bread.mp4?signature=SECRET-SIGNATURE";
pub(crate) const UPLOAD_URL: &str =
    "https://open-upload-sim.tiktokapis.com/upload?upload_id=7&upload_token=SECRET-UPLOAD";
pub(crate) const PUBLISH_ID: &str = "v_pub_file~v2-1.7000000000000000001";

/// Answers what it was told to.
#[derive(Default)]
pub(crate) struct Script {
    replies: Mutex<VecDeque<Result<HttpResponse, TransportError>>>,
    requests: Mutex<Vec<HttpRequest>>,
}

impl Script {
    pub(crate) fn reply(&self, status: u16, body: &Value) -> &Self {
        self.reply_raw(status, &[], body.to_string().as_bytes())
    }

    pub(crate) fn reply_raw(&self, status: u16, headers: &[(&str, &str)], body: &[u8]) -> &Self {
        let headers = headers.iter().map(|(name, value)| Header {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        });
        self.replies.lock().unwrap().push_back(Ok(HttpResponse {
            status,
            headers: headers.collect(),
            body: body.to_vec(),
        }));
        self
    }

    pub(crate) fn ok(&self, data: Value) -> &Self {
        self.reply(
            200,
            &json!({ "data": data, "error": { "code": "ok", "message": "", "log_id": "2026SIM" } }),
        )
    }

    pub(crate) fn refuse(&self, status: u16, code: &str) -> &Self {
        let error = json!({ "code": code, "message": "generic", "log_id": "2026SIM" });
        self.reply(status, &json!({ "data": {}, "error": error }))
    }

    pub(crate) fn lose(&self) -> &Self {
        self.fail(TransportError::NoAnswer {
            reason: "timeout".to_owned(),
        })
    }

    pub(crate) fn fail(&self, error: TransportError) -> &Self {
        self.replies.lock().unwrap().push_back(Err(error));
        self
    }

    pub(crate) fn creator(&self) -> &Self {
        self.ok(creator())
    }

    pub(crate) fn upload_begun(&self) -> &Self {
        self.ok(json!({ "publish_id": PUBLISH_ID, "upload_url": UPLOAD_URL }))
    }

    pub(crate) fn status(&self, data: Value) -> &Self {
        self.ok(data)
    }

    pub(crate) fn put(&self, status: u16) -> &Self {
        self.reply_raw(status, &[], b"")
    }

    pub(crate) fn requests(&self) -> Vec<HttpRequest> {
        self.requests.lock().unwrap().clone()
    }

    /// The last request's body as JSON.
    pub(crate) fn last_json(&self) -> Value {
        let requests = self.requests();
        serde_json::from_slice(&requests.last().unwrap().body).unwrap()
    }

    /// What was asked, as method and path.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.requests().iter().map(name).collect()
    }
}

fn name(request: &HttpRequest) -> String {
    let path = request.url.split('?').next().unwrap();
    let path = path.trim_end_matches('/').rsplit_once("/v2/");
    path.map_or_else(|| "PUT".to_owned(), |(_, path)| path.to_owned())
}

#[async_trait]
impl HttpTransport for Script {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let asked = name(&request);
        self.requests.lock().unwrap().push(request);
        let reply = self.replies.lock().unwrap().pop_front();
        reply.unwrap_or_else(|| panic!("nobody said what to answer to {asked}"))
    }
}

/// Tokens that count their renewals.
#[derive(Default)]
pub(crate) struct Tokens {
    pub(crate) renewals: Mutex<i64>,
    pub(crate) refused: Mutex<Option<AccessError>>,
}

#[async_trait]
impl AccessTokens for Tokens {
    async fn access_token(&self, _: AccountId) -> Result<AccessToken, AccessError> {
        let version = *self.renewals.lock().unwrap();
        Ok(AccessToken {
            secret: SecretString::from(format!("act.SECRET-TOKEN-{version}")),
            version,
        })
    }

    async fn replacement(
        &self,
        account: AccountId,
        refused: i64,
    ) -> Result<AccessToken, AccessError> {
        if let Some(error) = self.refused.lock().unwrap().clone() {
            return Err(error);
        }
        *self.renewals.lock().unwrap() = refused + 1;
        self.access_token(account).await
    }
}

pub(crate) struct Bench {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) script: Arc<Script>,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) shelf: MediaShelf,
    pub(crate) adapter: TiktokAdapter,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(TiktokSettings::default())
    }

    pub(crate) fn with(settings: TiktokSettings) -> Self {
        Self::made(settings, true)
    }

    /// TikTok fetches the media itself.
    pub(crate) fn pulling(settings: TiktokSettings) -> Self {
        Self::made(settings, false)
    }

    fn made(settings: TiktokSettings, uploads: bool) -> Self {
        let clock = Arc::new(ManualClock::new(due()));
        let script = Arc::new(Script::default());
        let tokens = Arc::new(Tokens::default());
        let shelf = MediaShelf::default();
        shelf.put(VIDEO, video_file(66_259_900));
        let media = uploads.then(|| Arc::new(shelf.clone()) as Arc<dyn MediaSource>);
        let ports = TiktokPorts {
            transport: script.clone(),
            media,
            tokens: tokens.clone(),
            clock: clock.clone(),
        };
        Self {
            adapter: TiktokAdapter::new(ports, settings).unwrap(),
            clock,
            script,
            tokens,
            shelf,
        }
    }

    /// An adapter as another worker has it: nothing in memory, the same world.
    pub(crate) fn another(&self, settings: TiktokSettings) -> TiktokAdapter {
        let ports = TiktokPorts {
            transport: self.script.clone(),
            media: Some(Arc::new(self.shelf.clone())),
            tokens: self.tokens.clone(),
            clock: self.clock.clone(),
        };
        TiktokAdapter::new(ports, settings).unwrap()
    }

    pub(crate) fn advance(&self, post: &Post, progress: &Progress) -> Result<Step, AdapterError> {
        block_on(self.adapter.advance(post.clone(), progress.clone()))
    }

    pub(crate) fn reconcile(&self, post: &Post, progress: &Progress) -> Reconciled {
        block_on(self.adapter.reconcile(post.clone(), progress.clone())).unwrap()
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }

    /// Takes steps until the one called `stage` comes next.
    pub(crate) fn up_to(&self, post: &Post, stage: &str) -> Progress {
        let mut progress = self.adapter.begin(post);
        while progress.stage != stage {
            progress = next(self.advance(post, &progress));
        }
        progress
    }

    /// The last chunk of a video in one piece comes next.
    pub(crate) fn at_last_chunk(&self, post: &Post) -> Progress {
        self.shelf.put(VIDEO, video_file(5_000_000));
        self.script.creator().upload_begun();
        self.up_to(post, "last_chunk")
    }
}

/// The progress to the next step.
pub(crate) fn next(step: Result<Step, AdapterError>) -> Progress {
    match step {
        Ok(Step::Pending { progress, .. }) => progress,
        other => panic!("there is no next step: {other:?}"),
    }
}

pub(crate) fn wait(step: &Result<Step, AdapterError>) -> Duration {
    match step {
        Ok(Step::Pending { poll_after, .. }) => *poll_after,
        other => panic!("there is no next step: {other:?}"),
    }
}

pub(crate) fn due() -> Timestamp {
    "2026-11-20T10:15:00Z".parse().unwrap()
}

pub(crate) fn video_file(bytes: u64) -> ShelvedFile {
    ShelvedFile::new("video/mp4", *b"ftyp").padded_to(bytes)
}

pub(crate) fn creator() -> Value {
    json!({
        "creator_avatar_url": "https://cdn.sim/avatar/1.webp", "creator_username": "sim.baker",
        "creator_nickname": "Sim Baker",
        "privacy_level_options": ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"],
        "comment_disabled": false, "duet_disabled": false, "stitch_disabled": true,
        "max_video_post_duration_sec": 600,
    })
}

pub(crate) fn account() -> ChannelAccount {
    serde_json::from_value(json!({
        "id": deterministic_uuid(&["account"]).to_string(),
        "userId": deterministic_uuid(&["ana"]).to_string(), "channel": "tiktok",
        "externalAccountId": "sim-open-id-0001", "displayName": "Sim Baker",
        "timezone": "Europe/Madrid", "status": "ok",
        "scopes": ["user.info.basic", "video.publish", "video.upload"],
    }))
    .unwrap()
}

/// A video with the choices of the reference's example.
pub(crate) fn video_entry() -> CalendarEntry {
    serde_json::from_value(json!({
        "id": deterministic_uuid(&["entry"]).to_string(),
        "calendarId": deterministic_uuid(&["calendar"]).to_string(),
        "accountId": account().id, "scheduledAt": due(), "reviewed": true,
        "piece": { "title": "Bread", "channel": "tiktok", "format": "video",
                   "copy": "Fresh bread at six #bakery @sim.friend",
                   "date": "2026-11-20", "time": "11:15" },
        "media": [{ "kind": "video", "url": VIDEO, "mimeType": "video/mp4",
                    "sizeBytes": 66_259_900, "width": 1080, "height": 1920,
                    "durationMs": 30_000, "frameRate": 30.0, "videoCodec": "h264" }],
        "cover": { "type": "frame", "offsetMs": 1500 },
        "tiktok": { "privacy": "PUBLIC_TO_EVERYONE", "allowComment": true,
                    "discloseCommercial": true, "yourBrand": true,
                    "consent": { "givenAt": due(),
                                 "text": "By posting, you agree to TikTok's Music Usage Confirmation" } },
    }))
    .unwrap()
}

pub(crate) fn photo_entry() -> CalendarEntry {
    let mut entry = video_entry();
    let photo = |name: &str, mime: &str| {
        serde_json::from_value(json!({
            "kind": "image", "url": format!("https://media.host.example/p/{name}"), "mimeType": mime,
            "sizeBytes": 400_000, "width": 1080, "height": 1350,
        }))
        .unwrap()
    };
    entry.piece.title = "Autumn menu".to_owned();
    entry.piece.copy = "Three new cakes #bakery".to_owned();
    entry.piece.format = serde_json::from_value(json!("carousel")).unwrap();
    entry.media = vec![photo("1.jpg", "image/jpeg"), photo("2.webp", "image/webp")];
    entry.cover = None;
    let chosen = entry.tiktok.as_mut().unwrap();
    chosen.privacy = serde_json::from_value(json!("MUTUAL_FOLLOW_FRIENDS")).unwrap();
    chosen.disclose_commercial = false;
    chosen.your_brand = false;
    entry
}

/// The same for the creator's inbox.
pub(crate) fn draft(mut entry: CalendarEntry) -> CalendarEntry {
    let chosen = entry.tiktok.as_mut().unwrap();
    chosen.mode = serde_json::from_value(json!("inbox")).unwrap();
    entry
}

pub(crate) fn post(entry: CalendarEntry) -> Post {
    Post {
        job_id: JobId::new(deterministic_uuid(&["job"])),
        attempt: 1,
        entry,
        content_hash: "00".to_owned(),
        account: account(),
        begin_by: Timestamp::from_millis(i64::MAX),
    }
}

pub(crate) fn code(error: &AdapterError) -> calendar_publish::Code {
    match error {
        AdapterError::NotPublished { error, .. } | AdapterError::Unknown { error, .. } => {
            error.code
        }
    }
}
