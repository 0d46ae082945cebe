//! Both platforms as servers on this machine, and what publishes to them.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use calendar_publish::ledger;
use calendar_publish::memory::ManualClock;
use calendar_publish::model::{CalendarEntry, Channel, ChannelAccount, Cover, Media, MediaKind};
use calendar_publish::ports::{HttpTransport, JobStore, SealingKey};
use calendar_publish_adapters::accounts::{
    AccountService, AppCredentials, InstagramLogin, Logins, StaticKeys, TiktokLogin, Vault,
};
use calendar_publish_adapters::http::{AddressPolicy, HttpSettings, ReqwestTransport};
use calendar_publish_adapters::instagram::{
    InstagramAdapter, InstagramLogin as InstagramFlavour, InstagramPorts, InstagramSettings,
};
use calendar_publish_adapters::sqlite::SqliteStore;
use calendar_publish_adapters::tiktok::{TiktokAdapter, TiktokPorts, TiktokSettings};
use calendar_publish_simulators::instagram::{Account, InstagramSimulator};
use calendar_publish_simulators::tiktok::{Creator, TiktokSimulator};
use calendar_publish_simulators::{
    MediaShelf, PublishedPost, Served, ShelvedFile, instagram, tiktok,
};

use super::Material;
use super::bars::Bars;
use crate::view::Screen;

const VIDEO: &[u8] = include_bytes!("../../data/media/obrador.mp4");
const SQUARE: &[u8] = include_bytes!("../../data/media/pan-1080x1080.jpg");
const PORTRAIT: &[u8] = include_bytes!("../../data/media/pan-1080x1350.jpg");
const TALL: &[u8] = include_bytes!("../../data/media/pan-1080x1440.jpg");

/// Where the platforms send the person back to after signing in.
pub(super) const REDIRECT: &str = "http://127.0.0.1:43210/callback/";

/// Everything the live part plays on.
pub(super) struct Stage {
    pub(super) clock: Arc<ManualClock>,
    pub(super) store: Arc<SqliteStore>,
    pub(super) service: Arc<AccountService>,
    pub(super) transport: Arc<dyn HttpTransport>,
    pub(super) tiktok: Arc<TiktokSimulator>,
    pub(super) instagram: Arc<InstagramSimulator>,
    vault: Vault,
    shelf: MediaShelf,
    tiktok_served: Served,
    instagram_served: Served,
}

impl Stage {
    /// Serves both platforms, each with the account that the calendar is for, and opens the file.
    pub(super) async fn set(screen: &Screen, material: &Material<'_>) -> Result<Self> {
        let clock = Arc::new(ManualClock::new(material.now));
        let shelf = MediaShelf::default();
        material
            .entries
            .iter()
            .for_each(|entry| put_on(&shelf, entry));
        let tiktok = TiktokSimulator::new(clock.clone(), Arc::new(shelf.clone()));
        let instagram = InstagramSimulator::new(clock.clone(), Arc::new(shelf.clone()));
        open_accounts(&tiktok, &instagram, material);
        let here = ([127, 0, 0, 1], 0).into();
        let tiktok_served = Served::start(tiktok.clone(), here).await?;
        let instagram_served = Served::start(instagram.clone(), here).await?;
        screen.aside(&format!(
            "TikTok: http://{} · Instagram: http://{}",
            tiktok_served.address(),
            instagram_served.address()
        ));
        let store = SqliteStore::open(material.database)?.with_clock(clock.clone());
        let store = Arc::new(store);
        // Simulators are on the loopback interface, which the default refuses.
        let settings = HttpSettings::default().with_addresses(AddressPolicy::Any);
        let transport: Arc<dyn HttpTransport> = Arc::new(ReqwestTransport::new(&settings)?);
        let vault = Vault::new(Arc::new(demo_keys()?));
        let service = AccountService::new(
            store.clone(),
            vault.clone(),
            transport.clone(),
            clock.clone(),
            logins(&tiktok_served, &instagram_served),
        );
        Ok(Self {
            clock,
            store,
            service: Arc::new(service),
            vault,
            transport,
            tiktok,
            instagram,
            shelf,
            tiktok_served,
            instagram_served,
        })
    }

    /// The adapter for TikTok, whose uploads `bars` show.
    pub(super) fn tiktok_adapter(&self, bars: Arc<Bars>) -> Result<TiktokAdapter> {
        let mut settings = TiktokSettings {
            api: self.tiktok_served.base("open.tiktokapis.com"),
            sealer: Some(Arc::new(self.vault.clone())),
            on_upload: Some(bars),
            ..TiktokSettings::default()
        };
        let origin = format!("http://{}", self.tiktok_served.address());
        settings.upload_hosts.push(origin);
        let ports = TiktokPorts {
            transport: self.transport.clone(),
            media: Some(Arc::new(self.shelf.clone())),
            tokens: self.service.clone(),
            clock: self.clock.clone(),
        };
        Ok(TiktokAdapter::new(ports, settings)?)
    }

    /// The adapter for Instagram.
    pub(super) fn instagram_adapter(&self) -> Result<InstagramAdapter> {
        let settings = InstagramSettings {
            graph: self.instagram_served.base(instagram::GRAPH_INSTAGRAM),
            ..InstagramSettings::new(InstagramFlavour::Instagram)
        };
        let ports = InstagramPorts {
            transport: self.transport.clone(),
            media: None,
            tokens: self.service.clone(),
            clock: self.clock.clone(),
        };
        Ok(InstagramAdapter::new(ports, settings)?)
    }

    /// What the platforms hold.
    pub(super) fn posts(&self) -> Vec<PublishedPost> {
        let mut posts = self.tiktok.posts();
        posts.extend(self.instagram.posts());
        posts
    }

    /// How many requests they were sent.
    pub(super) fn requests(&self) -> usize {
        self.tiktok.requests().len() + self.instagram.requests().len()
    }

    /// Checks the chain of every account's ledger; how many rows there are.
    pub(super) async fn check_ledgers(&self, accounts: &[ChannelAccount]) -> Result<usize> {
        let mut count = 0;
        for account in accounts {
            let rows = self.store.ledger(account.id, 0, u32::MAX).await?;
            if let Err(broken) = ledger::verify(&rows) {
                bail!(
                    "the ledger of {} is broken: {broken:?}",
                    account.display_name
                );
            }
            count += rows.len();
        }
        Ok(count)
    }
}

/// Puts a file at every address of the entry: of its kind and format, and as large as it is said to be.
fn put_on(shelf: &MediaShelf, entry: &CalendarEntry) {
    let cover = entry.cover.as_ref().and_then(|cover| match cover {
        Cover::Image { media } => Some(&**media),
        Cover::Frame { .. } | Cover::Item { .. } => None,
    });
    for media in entry.media.iter().chain(cover) {
        let (mime_type, bytes) = match (media.kind, media.height) {
            (MediaKind::Video, _) => ("video/mp4", VIDEO),
            (MediaKind::Image, Some(1080)) => ("image/jpeg", SQUARE),
            (MediaKind::Image, Some(1440)) => ("image/jpeg", TALL),
            (MediaKind::Image, _) => ("image/jpeg", PORTRAIT),
        };
        let size = u64::try_from(media.size_bytes.unwrap_or(0)).unwrap_or(0);
        shelf.put(
            &media.url,
            ShelvedFile::new(mime_type, bytes).padded_to(size),
        );
    }
}

/// The recording's accounts exist at the platforms, and the bakery's files are on a domain that the app has
/// verified at TikTok.
fn open_accounts(
    tiktok: &TiktokSimulator,
    instagram: &InstagramSimulator,
    material: &Material<'_>,
) {
    let mut app = tiktok::App::default();
    let urls = material.entries.iter().flat_map(|entry| &entry.media);
    app.verified_prefixes.extend(urls.filter_map(folder));
    tiktok.set_app(app);
    instagram.set_app(instagram::App {
        redirect_uris: vec![REDIRECT.to_owned()],
        ..instagram::App::default()
    });
    for account in material.accounts {
        let name = account.display_name.trim_start_matches('@');
        let id = &account.external_account_id;
        match account.channel {
            Channel::Tiktok => tiktok.add_creator(Creator::new(id, name)),
            Channel::Instagram => instagram.add_account(Account::new(id, name)),
        }
    }
}

/// `https://host/` of a file's address.
fn folder(media: &Media) -> Option<String> {
    let rest = media.url.strip_prefix("https://")?;
    let (host, _) = rest.split_once('/')?;
    Some(format!("https://{host}/"))
}

/// The key that the demonstration's tokens are sealed with; a service reads its own from the environment.
fn demo_keys() -> Result<StaticKeys> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("no randomness for a key")?;
    let key = SealingKey {
        id: "demo".to_owned(),
        bytes,
    };
    Ok(StaticKeys::new(vec![key])?)
}

/// The app at both platforms, which are on this machine.
fn logins(tiktok: &Served, instagram: &Served) -> Logins {
    let app = tiktok::App::default();
    let tiktok_login = TiktokLogin {
        sign_in_base: tiktok.base("www.tiktok.com"),
        api_base: tiktok.base("open.tiktokapis.com"),
        ..TiktokLogin::new(AppCredentials {
            client_key: app.client_key,
            client_secret: app.client_secret.into(),
        })
    };
    let app = instagram::App::default();
    let instagram_login = InstagramLogin {
        sign_in_base: instagram.base(instagram::WWW_INSTAGRAM),
        token_base: instagram.base(instagram::API_INSTAGRAM),
        graph_base: instagram.base(instagram::GRAPH_INSTAGRAM),
        ..InstagramLogin::new(AppCredentials {
            client_key: app.instagram_app_id,
            client_secret: app.app_secret.into(),
        })
    };
    Logins {
        tiktok: Some(tiktok_login),
        instagram: Some(instagram_login),
        facebook: None,
    }
}
