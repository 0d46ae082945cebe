//! Both platforms, accounts that are linked by the real service, a SQLite file, and a worker.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::Error;
use calendar_publish::flags::Flags;
use calendar_publish::memory::ManualClock;
use calendar_publish::model::{
    ChannelAccount, JobId, JobStatus, Timestamp, UserId, deterministic_uuid,
};
use calendar_publish::ports::{
    ChannelAdapter, Clock, HttpRequest, HttpTransport, JobStore, Method, SealingKey,
};
use calendar_publish::publish::{PublishWorker, WorkerPorts, WorkerSettings};
use calendar_publish_adapters::accounts::{
    AccountService, AppCredentials, FacebookLogin, InstagramLogin, LinkOutcome, Login, Logins,
    StaticKeys, TiktokLogin, Vault,
};
use calendar_publish_adapters::http::Recording;
use calendar_publish_adapters::sqlite::SqliteStore;
use calendar_publish_simulators::instagram::{self, InstagramSimulator};
use calendar_publish_simulators::tiktok::{self, TiktokSimulator};
use calendar_publish_simulators::{InProcess, MediaShelf, Simulator};
use chrono::TimeDelta;
use futures_executor::block_on;

use crate::haystack::{Haystack, Secrets};
use crate::kinds::Kind;
use crate::observed::{Events, ObservedAdapter, ObservedTokens};
use crate::wire::Wire;

/// Where media are; TikTok has verified the domain.
pub(crate) const MEDIA: &str = "https://host.example/";

/// The secrets that the host brings.
pub(crate) const TIKTOK_SECRET: &str = "PLANTED-tiktok-client-secret-5f0e";
pub(crate) const INSTAGRAM_SECRET: &str = "PLANTED-instagram-app-secret-5f0e";
pub(crate) const FACEBOOK_SECRET: &str = "PLANTED-facebook-app-secret-5f0e";
pub(crate) const VERIFY_TOKEN: &str = "PLANTED-verify-token-5f0e";
pub(crate) const KEY: [u8; 32] = *b"PLANTED-sealing-key-5f0e-5f0e-5f";

const DESKTOP: &str = "http://127.0.0.1:43210/callback/";
const WEB: &str = "https://app.test/cb";

pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) secrets: Secrets,
    pub(crate) haystack: Haystack,
    pub(crate) tiktok: Arc<TiktokSimulator>,
    pub(crate) instagram: Arc<InstagramSimulator>,
    pub(crate) shelf: MediaShelf,
    pub(crate) wire: Arc<Wire>,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) service: Arc<AccountService>,
    pub(crate) vault: Vault,
    transport: Arc<dyn HttpTransport>,
    folder: tempfile::TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::new("2026-11-18T10:15:00Z".parse().unwrap()));
        let secrets = Secrets::default();
        for planted in [
            TIKTOK_SECRET,
            INSTAGRAM_SECRET,
            FACEBOOK_SECRET,
            VERIFY_TOKEN,
        ] {
            secrets.add(planted);
        }
        secrets.add(std::str::from_utf8(&KEY).unwrap());
        let haystack = Haystack::default();
        let shelf = crate::kinds::shelf(&secrets);
        let tiktok = TiktokSimulator::new(clock.clone(), Arc::new(shelf.clone()));
        tiktok.update_app(|app| app.client_secret = TIKTOK_SECRET.to_owned());
        let instagram = InstagramSimulator::new(clock.clone(), Arc::new(shelf.clone()));
        instagram.set_app(instagram::App {
            app_secret: INSTAGRAM_SECRET.to_owned(),
            facebook_app_secret: FACEBOOK_SECRET.to_owned(),
            verify_token: VERIFY_TOKEN.to_owned(),
            ..instagram::App::default()
        });
        let simulators: Vec<Arc<dyn Simulator>> = vec![tiktok.clone(), instagram.clone()];
        let inner = Arc::new(InProcess::new(simulators));
        let wire = Wire::new(inner, secrets.clone(), haystack.clone());
        let lines = haystack.clone();
        let transport = Arc::new(Recording::new(wire.clone(), move |line| {
            lines.add("recording", line);
        }));
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("calendar.db")).unwrap();
        let store = Arc::new(store.with_clock(clock.clone()));
        let keys = StaticKeys::new(vec![SealingKey {
            id: "k1".to_owned(),
            bytes: KEY,
        }]);
        let keys = keys.unwrap();
        haystack.debug("keys", &keys);
        let vault = Vault::new(Arc::new(keys));
        let logins = logins();
        haystack.debug("logins", &logins);
        let service = AccountService::new(
            store.clone(),
            vault.clone(),
            transport.clone(),
            Arc::new(Hasty(clock.clone())),
            logins,
        );
        haystack.debug("service", &service);
        haystack.debug("vault", &vault);
        haystack.debug("store", &store);
        haystack.debug("recording", &transport);
        Self {
            clock,
            secrets,
            haystack,
            tiktok,
            instagram,
            shelf,
            wire,
            store,
            service: Arc::new(service),
            vault,
            transport,
            folder,
        }
    }

    pub(crate) fn user() -> UserId {
        UserId::new(deterministic_uuid(&["secrets user"]))
    }

    pub(crate) fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    /// Opens the platform's account number `number`.
    fn open(&self, login: Login, number: u32) -> String {
        match login {
            Login::Tiktok => {
                let id = format!("sim-open-id-{number:04}");
                let creator = tiktok::Creator::new(&id, &format!("sim.baker.{number}"));
                self.tiktok.add_creator(creator);
                self.tiktok.consent(&id, tiktok::Consent::All);
                id
            }
            Login::Instagram | Login::Facebook => {
                let id = format!("1784149900000{number:04}");
                let mut account = instagram::Account::new(&id, &format!("bakery.{number}"));
                account.person = format!("10100000000{number:06}");
                self.instagram.add_account(account);
                self.instagram.consent(&id, instagram::Consent::All);
                id
            }
        }
    }

    /// Begins to sign in and consents: what the platform sends the browser back with.
    pub(crate) fn consent(&self, login: Login, number: u32) -> Result<String, Error> {
        self.open(login, number);
        let redirect = match login {
            Login::Tiktok => DESKTOP,
            Login::Instagram | Login::Facebook => WEB,
        };
        let zone = "Europe/Madrid".parse().unwrap();
        let begun = self.service.begin_link(Self::user(), login, redirect, zone);
        let begun = block_on(begun)?;
        self.haystack.debug("link request", &begun);
        self.secrets.add(&begun.state);
        // The browser is no part of the library: what goes wrong doesn't there.
        let page = HttpRequest {
            method: Method::Get,
            url: begun.url,
            headers: Vec::new(),
            body: Vec::new(),
            deadline: Duration::from_secs(10),
        };
        let answer = block_on(self.wire.browse(page));
        let location = answer
            .headers
            .iter()
            .find(|header| header.name == "location");
        Ok(location.unwrap().value.clone())
    }

    /// Finishes a sign-in.
    pub(crate) fn finish(&self, callback: &str) -> Result<ChannelAccount, Error> {
        let outcome = block_on(self.service.finish_link(Self::user(), callback));
        self.haystack.debug("link outcome", &outcome);
        match outcome? {
            LinkOutcome::Linked(account) => Ok(*account),
            LinkOutcome::ChoosePage(choice) => {
                self.secrets.add(&choice.state);
                let first = &choice.accounts[0].external_id;
                let chosen = self.service.choose_page(Self::user(), &choice.state, first);
                block_on(chosen)
            }
        }
    }

    pub(crate) fn link(&self, login: Login, number: u32) -> ChannelAccount {
        let callback = self.consent(login, number).unwrap();
        self.finish(&callback).unwrap()
    }

    /// The adapter of a kind of post, as a process that has just begun has it.
    pub(crate) fn adapter(&self, kind: Kind) -> Arc<dyn ChannelAdapter> {
        let tokens = Arc::new(ObservedTokens {
            tokens: self.service.clone(),
            haystack: self.haystack.clone(),
        });
        let adapter = kind.adapter(self, self.transport.clone(), tokens);
        Arc::new(ObservedAdapter {
            adapter,
            haystack: self.haystack.clone(),
        })
    }

    pub(crate) fn worker(&self, kind: Kind) -> PublishWorker {
        let flags = Flags {
            publish_service: true,
            ..Flags::OFF
        };
        let ports = WorkerPorts {
            store: self.store.clone(),
            adapters: vec![self.adapter(kind)],
            clock: self.clock.clone(),
            telemetry: Arc::new(Events(self.haystack.clone())),
        };
        self.haystack.debug("worker ports", &ports);
        let mut settings = WorkerSettings::new("worker-1".parse().unwrap());
        // Nothing is waited for: the clock moves between two ticks only.
        settings.park_after = Duration::ZERO;
        PublishWorker::new(flags.publishing().unwrap(), ports, settings).unwrap()
    }

    /// Lets time pass until the job rests, for at most four hours.
    pub(crate) fn run(&self, kind: Kind, id: JobId) -> JobStatus {
        let end = self.clock.now().plus(TimeDelta::hours(4));
        loop {
            let worker = self.worker(kind);
            let report = block_on(worker.tick(10));
            self.haystack.debug("work report", &report);
            let history = block_on(self.store.job(Self::user(), id)).unwrap().unwrap();
            let job = history.record.job;
            let works = matches!(
                job.status,
                JobStatus::Scheduled | JobStatus::Publishing | JobStatus::Failed
            );
            let now = self.clock.now();
            if !works || now >= end {
                return job.status;
            }
            let waits = [
                job.lease.map(|lease| lease.expires_at),
                job.next_attempt_at,
                job.held_until,
            ];
            let soonest = waits.into_iter().flatten().filter(|at| *at > now).min();
            let least = now.plus(TimeDelta::seconds(1));
            self.clock.set(soonest.unwrap_or(least).max(least).min(end));
        }
    }

    /// The store's files, with the write-ahead log.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    }
}

pub(crate) fn logins() -> Logins {
    let app = |key: &str, secret: &str| AppCredentials {
        client_key: key.to_owned(),
        client_secret: secret.into(),
    };
    let mut facebook = FacebookLogin::new(app("6660001", FACEBOOK_SECRET));
    facebook.prove = true;
    Logins {
        tiktok: Some(TiktokLogin::new(app("sim_client_key", TIKTOK_SECRET))),
        instagram: Some(InstagramLogin::new(app("5550001", INSTAGRAM_SECRET))),
        facebook: Some(facebook),
    }
}

/// A clock for which sleeping moves the hand.
#[derive(Debug)]
struct Hasty(Arc<ManualClock>);

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
