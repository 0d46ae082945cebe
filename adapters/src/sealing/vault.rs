//! The vault: secrets as sealed text, and back.
//!
//! Sealed text is `v1.KEY.NONCE.SEALED`: a version, the key's id, and nonce and ciphertext in base64url.
//! It is sealed with XChaCha20-Poly1305, whose nonces are long enough to be drawn at random. What the
//! text belongs to (account, channel, and which of its secrets it is) is authenticated with it, so that
//! a row copied to another account, or a refresh token put where an access token stands, doesn't open.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use calendar_publish::model::{AccountId, Channel};
use calendar_publish::ports::{KeyError, KeyProvider, SealingKey};
use calendar_publish::{Code, Error};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use zeroize::{Zeroize, Zeroizing};

use super::StateSealer;
use super::random::{RandomError, RandomSource, SystemRandom, draw};

const VERSION: &str = "v1";

/// The length of an XChaCha20 nonce, in bytes.
const NONCE: usize = 24;

/// Which secret a text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
    /// What a sign-in under way needs: a PKCE verifier, a token before its page is chosen.
    Linking,
    /// What a channel adapter keeps of a post under way.
    State,
}

impl SecretKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Linking => "linking",
            Self::State => "state",
        }
    }
}

/// What a sealed text belongs to: it opens for this and for nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealContext {
    /// The account's id; for anything else what its keeper calls it.
    pub owner: String,
    /// The channel; `None` where the owner alone says it.
    pub channel: Option<Channel>,
    /// Which secret it is.
    pub kind: SecretKind,
}

impl SealContext {
    /// A secret of an account.
    pub fn account(account: AccountId, channel: Channel, kind: SecretKind) -> Self {
        Self {
            owner: account.to_string(),
            channel: Some(channel),
            kind,
        }
    }

    /// Every part with its length before it: no two contexts have the same bytes.
    fn bytes(&self, key_id: &str) -> Vec<u8> {
        let channel = self.channel.map_or("", Channel::as_str);
        let parts = [VERSION, key_id, &self.owner, channel, self.kind.as_str()];
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }
}

/// Why something can't be sealed or opened. No error shows plain or sealed text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The text isn't sealed text of a version that is known here.
    #[error("the text isn't sealed text of a known version")]
    NotSealed,
    /// The text was changed, belongs to another account or purpose, or another key has the same id.
    #[error("the sealed text was changed, or belongs elsewhere; key `{key_id}`")]
    Refused {
        /// The key that it names.
        key_id: String,
    },
    /// The key's id has other characters than letters, digits, `-` and `_`, or not 1 to 64 of them.
    #[error("the current key's id can't stand in sealed text")]
    KeyIdInvalid,
    /// The key is missing or can't be reached.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There is no randomness for a nonce.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::NotSealed | VaultError::Refused { .. } => {
                Self::new(Code::StoreCorrupt).at("account.tokens")
            }
            VaultError::KeyIdInvalid => Self::new(Code::AppMisconfigured).at("sealingKey"),
            VaultError::Key(error) => error.into(),
            VaultError::Random(RandomError) => Self::new(Code::StoreUnavailable).at("random"),
        }
    }
}

/// Seals and opens secrets with the keys of a [`KeyProvider`].
#[derive(Clone)]
pub struct Vault {
    keys: Arc<dyn KeyProvider>,
    random: Arc<dyn RandomSource>,
}

impl Vault {
    /// A vault with the system's randomness.
    pub fn new(keys: Arc<dyn KeyProvider>) -> Self {
        Self::with_random(keys, Arc::new(SystemRandom))
    }

    /// A vault whose nonces come from `random`.
    pub fn with_random(keys: Arc<dyn KeyProvider>, random: Arc<dyn RandomSource>) -> Self {
        Self { keys, random }
    }

    /// Seals `plain` with the current key.
    ///
    /// # Errors
    /// [`VaultError`] where there is no key or no randomness.
    pub async fn seal(
        &self,
        plain: &SecretString,
        context: &SealContext,
    ) -> Result<String, VaultError> {
        let mut key = self.keys.current_key().await?;
        let sealed = self.seal_with(&key, plain, context);
        key.bytes.zeroize();
        sealed
    }

    fn seal_with(
        &self,
        key: &SealingKey,
        plain: &SecretString,
        context: &SealContext,
    ) -> Result<String, VaultError> {
        if !is_key_id(&key.id) {
            return Err(VaultError::KeyIdInvalid);
        }
        let nonce: [u8; NONCE] = draw(&*self.random)?;
        let refused = || VaultError::Refused {
            key_id: key.id.clone(),
        };
        let payload = Payload {
            msg: plain.expose_secret().as_bytes(),
            aad: &context.bytes(&key.id),
        };
        let sealed = cipher(key)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| refused())?;
        Ok(format!(
            "{VERSION}.{}.{}.{}",
            key.id,
            URL_SAFE_NO_PAD.encode(nonce),
            URL_SAFE_NO_PAD.encode(sealed)
        ))
    }

    /// Opens `sealed`, whichever known key sealed it.
    ///
    /// # Errors
    /// [`VaultError`] where the text was changed or belongs elsewhere, or its key is missing.
    pub async fn open(
        &self,
        sealed: &str,
        context: &SealContext,
    ) -> Result<SecretString, VaultError> {
        let parts = SealedParts::of(sealed).ok_or(VaultError::NotSealed)?;
        let mut key = self.keys.key(parts.key_id.to_owned()).await?;
        let opened = parts.open(&key, context);
        key.bytes.zeroize();
        opened
    }

    /// How everything begins that the current key sealed: what doesn't is to be sealed anew.
    ///
    /// # Errors
    /// [`VaultError`] where there is no current key, or its id can't stand in sealed text.
    pub async fn current_prefix(&self) -> Result<String, VaultError> {
        let mut key = self.keys.current_key().await?;
        key.bytes.zeroize();
        if is_key_id(&key.id) {
            Ok(format!("{VERSION}.{}.", key.id))
        } else {
            Err(VaultError::KeyIdInvalid)
        }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl StateSealer for Vault {
    async fn seal(&self, plain: SecretString, context: String) -> Result<String, Error> {
        Ok(Self::seal(self, &plain, &state_of(context)).await?)
    }

    async fn open(&self, sealed: String, context: String) -> Result<SecretString, Error> {
        Ok(Self::open(self, &sealed, &state_of(context)).await?)
    }
}

fn state_of(owner: String) -> SealContext {
    SealContext {
        owner,
        channel: None,
        kind: SecretKind::State,
    }
}

struct SealedParts<'a> {
    key_id: &'a str,
    nonce: [u8; NONCE],
    sealed: Vec<u8>,
}

impl<'a> SealedParts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mut parts = text.split('.');
        let (version, key_id) = (parts.next()?, parts.next()?);
        let nonce = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        let sealed = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        if version != VERSION || !is_key_id(key_id) || parts.next().is_some() {
            return None;
        }
        Some(Self {
            key_id,
            nonce: nonce.try_into().ok()?,
            sealed,
        })
    }

    fn open(&self, key: &SealingKey, context: &SealContext) -> Result<SecretString, VaultError> {
        let refused = || VaultError::Refused {
            key_id: self.key_id.to_owned(),
        };
        let payload = Payload {
            msg: &self.sealed,
            aad: &context.bytes(self.key_id),
        };
        let plain = cipher(key)
            .decrypt(&XNonce::from(self.nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| refused())?;
        let plain = std::str::from_utf8(&plain).map_err(|_| refused())?;
        Ok(SecretString::from(plain))
    }
}

fn cipher(key: &SealingKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.bytes.into())
}

pub(super) fn is_key_id(id: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=64).contains(&id.len()) && id.bytes().all(fits)
}
