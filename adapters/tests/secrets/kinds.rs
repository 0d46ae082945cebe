//! The kinds of posts, whose media have signed addresses.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use calendar_publish::Error;
use calendar_publish::model::{
    CalendarEntry, CalendarId, ChannelAccount, EntryId, JobId, Timestamp, deterministic_uuid,
};
use calendar_publish::ports::{ChannelAdapter, HttpTransport, MediaRange, MediaSource};
use calendar_publish::rules::consent_text;
use calendar_publish_adapters::access::AccessTokens;
use calendar_publish_adapters::accounts::Login;
use calendar_publish_adapters::instagram::{
    InstagramAdapter, InstagramLogin, InstagramPorts, InstagramSettings, VideoDelivery,
};
use calendar_publish_adapters::tiktok::{
    PullFate, PullFile, PullUrls, TiktokAdapter, TiktokPorts, TiktokSettings,
};
use calendar_publish_simulators::sample::{self, UPRIGHT};
use calendar_publish_simulators::{MediaShelf, ShelvedFile};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::haystack::{Haystack, Secrets};
use crate::world::{FACEBOOK_SECRET, MEDIA, World};

/// More than two chunks.
const LARGE: u64 = 20_000_001;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    InstagramImage,
    InstagramCarousel,
    InstagramReel,
    /// Uploaded, by Facebook Login and with `appsecret_proof`.
    InstagramUpload,
    TiktokVideo,
    TiktokChunks,
    /// Nothing seals the upload's address.
    TiktokUnsealed,
    TiktokPull,
    /// From the file's usual address.
    TiktokPullBlind,
    TiktokPhotos,
    TiktokVideoDraft,
    TiktokPhotosDraft,
}

impl Kind {
    pub(crate) const fn login(self) -> Login {
        match self {
            Self::InstagramUpload => Login::Facebook,
            Self::InstagramImage | Self::InstagramCarousel | Self::InstagramReel => {
                Login::Instagram
            }
            _ => Login::Tiktok,
        }
    }

    const fn format(self) -> &'static str {
        match self {
            Self::InstagramImage => "post",
            Self::InstagramCarousel | Self::TiktokPhotos | Self::TiktokPhotosDraft => "carousel",
            Self::InstagramReel | Self::InstagramUpload => "reel",
            _ => "video",
        }
    }

    fn media(self) -> Vec<Value> {
        let image = |name| {
            json!({ "kind": "image", "url": url(name), "mimeType": "image/jpeg", "sizeBytes": 50,
                    "width": 1080, "height": 1080 })
        };
        let video = |name, bytes: u64| {
            json!({ "kind": "video", "url": url(name), "mimeType": "video/mp4", "sizeBytes": bytes,
                    "width": 1080, "height": 1920, "durationMs": 10_000, "frameRate": 30.0,
                    "bitRate": 26_000, "videoCodec": "h264", "moovFirst": true, "editList": false })
        };
        let film = UPRIGHT.mp4().len() as u64;
        match self {
            Self::InstagramImage => vec![image("bread.jpg")],
            Self::InstagramCarousel => vec![image("bread.jpg"), video("oven.mp4", film)],
            Self::TiktokPhotos | Self::TiktokPhotosDraft => {
                vec![image("bread.jpg"), image("buns.jpg")]
            }
            Self::TiktokChunks | Self::TiktokUnsealed => vec![video("large.mp4", LARGE)],
            _ => vec![video("oven.mp4", film)],
        }
    }

    pub(crate) fn entry(
        self,
        name: &str,
        account: &ChannelAccount,
        due: Timestamp,
    ) -> CalendarEntry {
        let mut entry = json!({
            "id": EntryId::new(deterministic_uuid(&["secrets entry", name])),
            "calendarId": CalendarId::new(deterministic_uuid(&["secrets calendar"])),
            "accountId": account.id, "scheduledAt": due, "reviewed": true, "media": self.media(),
            "piece": { "title": name, "channel": account.channel, "format": self.format(),
                       "copy": name, "date": "2026-11-20", "time": "11:16" },
        });
        if self == Self::InstagramReel {
            let media = json!({ "kind": "image", "url": url("cover.jpg"), "mimeType": "image/jpeg",
                                "sizeBytes": 50, "width": 1080, "height": 1920 });
            entry["cover"] = json!({ "type": "image", "media": media });
        }
        if self.login() == Login::Tiktok {
            let is_draft = matches!(self, Self::TiktokVideoDraft | Self::TiktokPhotosDraft);
            entry["tiktok"] = json!({
                "mode": if is_draft { "inbox" } else { "direct" }, "privacy": "PUBLIC_TO_EVERYONE",
                "consent": { "givenAt": "2026-11-18T09:00:00Z",
                             "text": consent_text(&Default::default()) },
            });
        }
        serde_json::from_value(entry).unwrap()
    }

    /// The adapter; with its settings, it is shown to whoever looks.
    pub(crate) fn adapter(
        self,
        world: &World,
        transport: Arc<dyn HttpTransport>,
        tokens: Arc<dyn AccessTokens>,
    ) -> Arc<dyn ChannelAdapter> {
        let haystack = &world.haystack;
        if self.login() == Login::Tiktok {
            let pulls = matches!(self, Self::TiktokPull | Self::TiktokPullBlind);
            let ports = TiktokPorts {
                transport,
                media: (!pulls).then(|| Arc::new(world.shelf.clone()) as Arc<_>),
                tokens,
                clock: world.clock.clone(),
            };
            let mut settings = TiktokSettings::default();
            if self != Self::TiktokUnsealed {
                settings.sealer = Some(Arc::new(world.vault.clone()));
            }
            if self != Self::TiktokPullBlind {
                settings.pull_urls = Some(Arc::new(Lent::new(world)));
            }
            shown(haystack, &ports, &settings);
            let adapter = TiktokAdapter::new(ports, settings).unwrap();
            haystack.debug("adapter", &adapter);
            return Arc::new(adapter);
        }
        let ports = InstagramPorts {
            transport,
            tokens,
            clock: world.clock.clone(),
            media: Some(Arc::new(world.shelf.clone())),
        };
        let settings = if self == Self::InstagramUpload {
            let mut settings = InstagramSettings::new(InstagramLogin::Facebook);
            settings.video = VideoDelivery::Resumable { piece_bytes: 4096 };
            settings.app_secret_proof = Some(Arc::new(proof));
            settings
        } else {
            InstagramSettings::new(InstagramLogin::Instagram)
        };
        shown(haystack, &ports, &settings);
        let adapter = InstagramAdapter::new(ports, settings).unwrap();
        haystack.debug("adapter", &adapter);
        Arc::new(adapter)
    }
}

fn shown(haystack: &Haystack, ports: &impl Debug, settings: &impl Debug) {
    haystack.debug("ports", ports);
    haystack.debug("settings", settings);
}

fn proof(token: &SecretString) -> SecretString {
    let mut mac = Hmac::<Sha256>::new_from_slice(FACEBOOK_SECRET.as_bytes()).unwrap();
    mac.update(token.expose_secret().as_bytes());
    let bytes = mac.finalize().into_bytes();
    let proof: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    proof.into()
}

const FILES: [&str; 5] = [
    "bread.jpg",
    "buns.jpg",
    "cover.jpg",
    "oven.mp4",
    "large.mp4",
];

fn query(name: &str) -> String {
    let name = name.split('.').next().unwrap();
    format!("sig=planted{name}signature5f0e&until=1795000000")
}

fn url(name: &str) -> String {
    format!("{MEDIA}media/{name}?{}", query(name))
}

/// The queries of the media addresses, which the host's own rows hold.
pub(crate) fn media_queries() -> Vec<String> {
    FILES.iter().map(|name| query(name)).collect()
}

/// The media, whose addresses are secrets.
pub(crate) fn shelf(secrets: &Secrets) -> MediaShelf {
    let shelf = MediaShelf::default();
    for name in FILES {
        let file = match name {
            "cover.jpg" => ShelvedFile::new("image/jpeg", sample::jpeg(1080, 1920)),
            "oven.mp4" => ShelvedFile::new("video/mp4", UPRIGHT.mp4()),
            "large.mp4" => ShelvedFile::new("video/mp4", UPRIGHT.mp4()).padded_to(LARGE),
            _ => ShelvedFile::new("image/jpeg", sample::jpeg(1080, 1080)),
        };
        secrets.add(&query(name));
        shelf.put(&url(name), file);
    }
    shelf
}

/// Lends signed addresses, which are secrets.
struct Lent {
    shelf: MediaShelf,
    secrets: Secrets,
    haystack: Haystack,
    urls: Mutex<Vec<(JobId, u32, String)>>,
}

impl Lent {
    fn new(world: &World) -> Self {
        Self {
            shelf: world.shelf.clone(),
            secrets: world.secrets.clone(),
            haystack: world.haystack.clone(),
            urls: Mutex::default(),
        }
    }
}

#[async_trait]
impl PullUrls for Lent {
    async fn lend(&self, file: PullFile) -> Result<String, Error> {
        self.haystack.debug("pull file", &file);
        let query = format!(
            "lent=planted{}x{}x{}",
            file.job_id, file.attempt, file.index
        );
        self.secrets.add(&query);
        let address = format!("{MEDIA}once/{}?{query}", file.index);
        let whole = MediaRange {
            url: file.url,
            offset: 0,
            length: LARGE,
        };
        self.haystack.debug("media range", &whole);
        let read = self.shelf.read(whole).await.unwrap();
        let shelved = ShelvedFile::new(&read.mime_type.unwrap(), read.bytes);
        self.shelf.put(&address, shelved);
        let lent = (file.job_id, file.attempt, address.clone());
        self.urls.lock().unwrap().push(lent);
        Ok(address)
    }

    async fn withdraw(&self, job_id: JobId, attempt: u32) -> Result<PullFate, Error> {
        let fetches = self.shelf.fetches();
        let urls = self.urls.lock().unwrap();
        let lent = urls
            .iter()
            .filter(|lent| (lent.0, lent.1) == (job_id, attempt));
        let mut fate = PullFate::Withdrawn;
        for (_, _, url) in lent {
            if fetches.iter().any(|fetch| fetch.url == *url) {
                fate = PullFate::Fetched;
            } else {
                self.shelf.withdraw(url);
            }
        }
        Ok(fate)
    }
}
