//! What a host brings: tokens, addresses for its files, and a sealer. All of it outlives a worker.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use calendar_publish::model::{AccountId, JobId};
use calendar_publish::ports::{MediaRange, MediaSource};
use calendar_publish::{Code, Error};
use calendar_publish_adapters::access::{AccessError, AccessToken, AccessTokens};
use calendar_publish_adapters::sealing::StateSealer;
use calendar_publish_adapters::tiktok::{PullFate, PullFile, PullUrls};
use calendar_publish_simulators::{MediaShelf, ShelvedFile};
use secrecy::{ExposeSecret, SecretString};

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives out a new token for an account.
type Grant = Box<dyn Fn() -> String + Send + Sync>;

/// The accounts' tokens, renewed when the platform refuses one.
#[derive(Default)]
pub struct Tokens(Mutex<HashMap<AccountId, Held>>);

struct Held {
    token: String,
    version: i64,
    grant: Grant,
}

impl Tokens {
    /// Links an account, whose tokens `grant` makes.
    pub fn link(&self, account: AccountId, grant: impl Fn() -> String + Send + Sync + 'static) {
        let held_token = Held {
            token: grant(),
            version: 1,
            grant: Box::new(grant),
        };
        held(&self.0).insert(account, held_token);
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens({})", held(&self.0).len())
    }
}

impl Held {
    fn access(&self) -> AccessToken {
        AccessToken {
            secret: self.token.clone().into(),
            version: self.version,
        }
    }
}

#[async_trait]
impl AccessTokens for Tokens {
    async fn access_token(&self, account: AccountId) -> Result<AccessToken, AccessError> {
        let tokens = held(&self.0);
        tokens
            .get(&account)
            .map(Held::access)
            .ok_or(AccessError::Revoked)
    }

    async fn replacement(
        &self,
        account: AccountId,
        refused: i64,
    ) -> Result<AccessToken, AccessError> {
        let mut tokens = held(&self.0);
        let held_token = tokens.get_mut(&account).ok_or(AccessError::Revoked)?;
        if held_token.version == refused {
            held_token.token = (held_token.grant)();
            held_token.version += 1;
        }
        Ok(held_token.access())
    }
}

/// Addresses for one attempt each, on the shelf that TikTok fetches from.
#[derive(Debug)]
pub struct LentUrls {
    shelf: MediaShelf,
    lent: Mutex<BTreeMap<(JobId, u32), Vec<String>>>,
}

impl LentUrls {
    /// Lends addresses of files that lie on `shelf`.
    pub fn new(shelf: MediaShelf) -> Arc<Self> {
        Arc::new(Self {
            shelf,
            lent: Mutex::default(),
        })
    }
}

/// More than any file here has bytes.
const WHOLE: u64 = 1 << 40;

#[async_trait]
impl PullUrls for LentUrls {
    async fn lend(&self, file: PullFile) -> Result<String, Error> {
        let PullFile {
            job_id,
            attempt,
            index,
            url,
        } = file;
        let name = url.rsplit('/').next().unwrap_or_default();
        let address = format!("https://host.example/once/{job_id}/{attempt}/{index}/{name}");
        let whole = MediaRange {
            url,
            offset: 0,
            length: WHOLE,
        };
        let read = self.shelf.read(whole).await;
        let read = read.map_err(|_| Error::new(Code::MediaUnreachable))?;
        let mime_type = read.mime_type.unwrap_or_default();
        let mut lent = held(&self.lent);
        let urls = lent.entry((job_id, attempt)).or_default();
        if !urls.contains(&address) {
            let file = ShelvedFile::new(&mime_type, read.bytes);
            self.shelf.put(&address, file);
            urls.push(address.clone());
        }
        Ok(address)
    }

    async fn withdraw(&self, job_id: JobId, attempt: u32) -> Result<PullFate, Error> {
        let urls = held(&self.lent)
            .get(&(job_id, attempt))
            .cloned()
            .unwrap_or_default();
        let fetches = self.shelf.fetches();
        let unasked: Vec<&String> = urls
            .iter()
            .filter(|url| !fetches.iter().any(|fetch| fetch.url == **url))
            .collect();
        for url in &unasked {
            self.shelf.withdraw(url);
        }
        if unasked.is_empty() && !urls.is_empty() {
            Ok(PullFate::Fetched)
        } else {
            Ok(PullFate::Withdrawn)
        }
    }
}

/// Keeps what it seals in a drawer, and gives out the drawer's number.
#[derive(Default)]
pub struct Drawer(Mutex<Vec<(String, SecretString)>>);

impl fmt::Debug for Drawer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Drawer({})", held(&self.0).len())
    }
}

#[async_trait]
impl StateSealer for Drawer {
    async fn seal(&self, plain: SecretString, context: String) -> Result<String, Error> {
        let mut drawer = held(&self.0);
        drawer.push((context, plain));
        Ok((drawer.len() - 1).to_string())
    }

    async fn open(&self, sealed: String, context: String) -> Result<SecretString, Error> {
        let drawer = held(&self.0);
        let place: Option<usize> = sealed.parse().ok();
        place
            .and_then(|place| drawer.get(place))
            .filter(|(sealed_for, _)| *sealed_for == context)
            .map(|(_, plain)| plain.expose_secret().into())
            .ok_or_else(|| Error::new(Code::StoreCorrupt))
    }
}
