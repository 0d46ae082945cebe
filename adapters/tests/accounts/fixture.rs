//! A scripted platform, a service over it, and a clock that is set by hand.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use calendar_publish::memory::ManualClock;
use calendar_publish::model::{ChannelAccount, Timestamp, UserId, Zone, deterministic_uuid};
use calendar_publish::ports::{
    Clock, Header, HttpRequest, HttpResponse, HttpTransport, SealingKey, TransportError,
};
use calendar_publish_adapters::accounts::{
    AccountService, AppCredentials, FacebookLogin, InstagramLogin, LinkOutcome, Login, Logins,
    MemoryTokens, RandomError, RandomSource, StaticKeys, TiktokLogin, TokenStore, Vault,
};
use chrono::TimeDelta;

/// The worked examples' redirect of a desktop app, and of a website.
pub(crate) const DESKTOP: &str = "http://127.0.0.1:43210/callback/";
pub(crate) const WEB: &str = "https://app.test/cb";

pub(crate) fn start() -> Timestamp {
    "2026-11-20T10:15:00Z".parse().unwrap()
}

pub(crate) fn user(name: &str) -> UserId {
    UserId::new(deterministic_uuid(&["user", name]))
}

pub(crate) fn madrid() -> Zone {
    "Europe/Madrid".parse().unwrap()
}

/// What the platform answers next: a status and a body, or no answer.
#[derive(Clone, Debug)]
pub(crate) enum Next {
    Json(u16, String),
    Limited(u64),
    Lost,
    NotSent,
}

pub(crate) fn json(status: u16, body: &str) -> Next {
    Next::Json(status, body.to_owned())
}

/// A platform that answers from a list, and remembers what it was asked.
#[derive(Default)]
pub(crate) struct Script {
    answers: Mutex<VecDeque<Next>>,
    asked: Mutex<Vec<HttpRequest>>,
}

impl Script {
    pub(crate) fn then(&self, answers: impl IntoIterator<Item = Next>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// What was asked since the last look: each as address, header lines and body in one text.
    pub(crate) fn asked(&self) -> Vec<String> {
        let asked = std::mem::take(&mut *self.asked.lock().unwrap());
        assert_eq!(
            self.answers.lock().unwrap().len(),
            0,
            "answers nobody asked for"
        );
        asked.iter().map(written).collect()
    }
}

fn written(request: &HttpRequest) -> String {
    let headers: String = request
        .headers
        .iter()
        .map(|Header { name, value }| format!("\n{name}: {value}"))
        .collect();
    let body = String::from_utf8_lossy(&request.body);
    format!("{:?} {}{headers}\n\n{body}", request.method, request.url)
}

#[async_trait]
impl HttpTransport for Script {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let shown = written(&request);
        self.asked.lock().unwrap().push(request);
        let next = self.answers.lock().unwrap().pop_front();
        let response = |status, body: &str, headers| HttpResponse {
            status,
            headers,
            body: body.as_bytes().to_vec(),
        };
        match next {
            Some(Next::Json(status, body)) => Ok(response(status, &body, Vec::new())),
            Some(Next::Limited(seconds)) => {
                let header = Header {
                    name: "Retry-After".to_owned(),
                    value: seconds.to_string(),
                };
                Ok(response(429, "{}", vec![header]))
            }
            Some(Next::Lost) => Err(TransportError::NoAnswer {
                reason: "reset".to_owned(),
            }),
            Some(Next::NotSent) => Err(TransportError::NotSent {
                reason: "refused".to_owned(),
            }),
            None => panic!("nothing more was to be asked: {shown}"),
        }
    }
}

/// Bytes that count up: never the same twice, and the same in each run.
#[derive(Debug, Default)]
pub(crate) struct Counting(AtomicU64);

impl RandomSource for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        for chunk in bytes.chunks_mut(8) {
            let number = self.0.fetch_add(1, Ordering::SeqCst) + 0x0102_0304_0506_0708;
            chunk.copy_from_slice(&number.to_be_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

pub(crate) fn key(id: &str, byte: u8) -> SealingKey {
    SealingKey {
        id: id.to_owned(),
        bytes: [byte; 32],
    }
}

pub(crate) fn vault(keys: Vec<SealingKey>) -> Vault {
    Vault::with_random(
        Arc::new(StaticKeys::new(keys).unwrap()),
        Arc::new(Counting::default()),
    )
}

pub(crate) fn logins() -> Logins {
    let app = |name: &str| AppCredentials {
        client_key: format!("{name}_client_key"),
        client_secret: format!("{name}_client_secret").into(),
    };
    Logins {
        tiktok: Some(TiktokLogin::new(app("sim"))),
        instagram: Some(InstagramLogin::new(app("ig"))),
        facebook: Some(FacebookLogin::new(app("fb"))),
    }
}

/// A service over a scripted platform.
pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) script: Arc<Script>,
    pub(crate) store: Arc<dyn TokenStore>,
    pub(crate) service: AccountService,
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::new(start()));
        Self::over(Arc::new(MemoryTokens::new(clock.clone())), clock)
    }

    pub(crate) fn over(store: Arc<dyn TokenStore>, clock: Arc<ManualClock>) -> Self {
        let script = Arc::new(Script::default());
        let service = AccountService::new(
            store.clone(),
            vault(vec![key("k1", 1)]),
            script.clone(),
            Arc::new(Hasty(clock.clone())),
            logins(),
        )
        .with_random(Arc::new(Counting::default()));
        Self {
            clock,
            script,
            store,
            service,
        }
    }

    pub(crate) fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    /// Signs in with TikTok, as the worked example does, with tokens `A1` and `R1`.
    pub(crate) async fn link_tiktok(&self, owner: &str) -> ChannelAccount {
        let state = self.begin(owner, Login::Tiktok, DESKTOP).await;
        self.script.then([
            json(200, TIKTOK_TOKENS),
            json(200, TIKTOK_USER),
            json(200, TIKTOK_CREATOR),
        ]);
        let callback = format!("{DESKTOP}?code=sim.code.41%2A1&state={state}");
        let linked = self.service.finish_link(user(owner), &callback).await;
        self.script.asked();
        account(linked.unwrap())
    }

    /// Signs in with Instagram, as the worked example does, with the token `IG.LONG1`.
    pub(crate) async fn link_instagram(&self, owner: &str) -> ChannelAccount {
        let state = self.begin(owner, Login::Instagram, WEB).await;
        self.script.then([
            json(200, INSTAGRAM_SHORT),
            json(200, INSTAGRAM_LONG),
            json(200, INSTAGRAM_ME),
        ]);
        let callback = format!("{WEB}?code=AQD-demo&state={state}#_");
        let linked = self.service.finish_link(user(owner), &callback).await;
        self.script.asked();
        account(linked.unwrap())
    }

    /// Begins to link; the state.
    pub(crate) async fn begin(&self, owner: &str, login: Login, redirect: &str) -> String {
        let begun = self
            .service
            .begin_link(user(owner), login, redirect, madrid())
            .await;
        begun.unwrap().state
    }

    /// The account's row.
    pub(crate) async fn row(&self, account: &ChannelAccount) -> ChannelAccount {
        let linked = self.service.accounts(account.user_id).await.unwrap();
        linked.into_iter().find(|row| row.id == account.id).unwrap()
    }
}

pub(crate) fn account(outcome: LinkOutcome) -> ChannelAccount {
    match outcome {
        LinkOutcome::Linked(account) => *account,
        LinkOutcome::ChoosePage(choice) => panic!("{choice:?}"),
    }
}

/// A clock for which sleeping moves the hand.
#[derive(Debug)]
pub(crate) struct Hasty(pub(crate) Arc<ManualClock>);

#[async_trait]
impl Clock for Hasty {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn sleep_until(&self, instant: Timestamp) {
        if instant > self.0.now() {
            self.0.set(instant);
        }
    }
}

pub(crate) const TIKTOK_TOKENS: &str = r#"{"open_id":"sim-open-id-0001","scope":"user.info.basic,video.publish","access_token":"act.sim-A1",
 "expires_in":7200,"refresh_token":"rft.sim-R1","refresh_expires_in":15552000,"token_type":"Bearer"}"#;

pub(crate) const TIKTOK_RENEWED: &str = r#"{"open_id":"sim-open-id-0001","scope":"user.info.basic,video.publish","access_token":"act.sim-A2",
 "expires_in":7200,"refresh_token":"rft.sim-R2","refresh_expires_in":15552000,"token_type":"Bearer"}"#;

pub(crate) const TIKTOK_USER: &str = r#"{"data":{"user":{"open_id":"sim-open-id-0001","display_name":"Sim Baker"}},
 "error":{"code":"ok","message":"","log_id":"20261120101500SIM0000000000000001"}}"#;

pub(crate) const TIKTOK_CREATOR: &str = r#"{"data":{"creator_avatar_url":"https://cdn.sim/avatar/1.webp","creator_username":"sim.baker","creator_nickname":"Sim Baker",
 "privacy_level_options":["PUBLIC_TO_EVERYONE","MUTUAL_FOLLOW_FRIENDS","SELF_ONLY"],
 "comment_disabled":false,"duet_disabled":false,"stitch_disabled":true,"max_video_post_duration_sec":600},
 "error":{"code":"ok","message":"","log_id":"20261120101501SIM0000000000000002"}}"#;

pub(crate) const INVALID_GRANT: &str = r#"{"error":"invalid_grant","error_description":"Refresh token is not valid any more.","log_id":"20261120101500SIM0000000000000001"}"#;

pub(crate) const INSTAGRAM_SHORT: &str = r#"{"data":[{"access_token":"IG.SHORT","user_id":"25500000000000001","permissions":"instagram_business_basic,instagram_business_content_publish"}]}"#;

pub(crate) const INSTAGRAM_LONG: &str =
    r#"{"access_token":"IG.LONG1","token_type":"bearer","expires_in":5183999}"#;

pub(crate) const INSTAGRAM_RENEWED: &str =
    r#"{"access_token":"IG.LONG2","token_type":"bearer","expires_in":5184000}"#;

pub(crate) const INSTAGRAM_ME: &str = r#"{"user_id":"17841499000000001","username":"bakery.demo","account_type":"BUSINESS","id":"25500000000000001"}"#;
