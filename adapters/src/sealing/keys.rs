//! Sealing keys that a program is started with.

use std::fmt;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use calendar_publish::ports::{KeyError, KeyProvider, SealingKey};
use calendar_publish::{Code, Error};
use zeroize::{Zeroize, Zeroizing};

use super::vault::is_key_id;

/// Keys held in memory: the first seals, every one opens. Their bytes are wiped when this is dropped.
pub struct StaticKeys {
    keys: Vec<SealingKey>,
}

/// Why keys can't be used. No error shows any part of a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// The variable isn't set, or is empty.
    #[error("the environment variable `{variable}` isn't set; it holds `id:base64[,id:base64…]`")]
    Missing {
        /// The variable.
        variable: String,
    },
    /// There is no key at all.
    #[error("there is no sealing key")]
    Empty,
    /// A key isn't Base64, or what should be a key isn't written `id:base64`.
    #[error("`{origin}`: key {number} isn't Base64, or isn't written `id:base64`")]
    Malformed {
        /// The variable, or where else the key came from.
        origin: String,
        /// Which of the keys, from 1.
        number: usize,
    },
    /// The id has other characters than letters, digits, `-` and `_`, or not 1 to 64 of them.
    #[error("`{origin}`: the id of key {number} must have 1 to 64 letters, digits, `-` or `_`")]
    IdInvalid {
        /// The variable, or where else the key came from.
        origin: String,
        /// Which of the keys, from 1.
        number: usize,
    },
    /// A key has another length than 32 bytes.
    #[error(
        "`{origin}`: key {number} has {bytes} bytes; `openssl rand -base64 32` makes one of 32"
    )]
    LengthInvalid {
        /// The variable, or where else the key came from.
        origin: String,
        /// Which of the keys, from 1.
        number: usize,
        /// How many bytes it has.
        bytes: usize,
    },
    /// Two keys have the same id.
    #[error("`{origin}`: key {number} has the id of an earlier one")]
    IdTwice {
        /// The variable, or where else the key came from.
        origin: String,
        /// Which of the keys, from 1.
        number: usize,
    },
}

impl From<KeysError> for Error {
    fn from(_: KeysError) -> Self {
        Self::new(Code::AppMisconfigured).at("sealingKeys")
    }
}

impl StaticKeys {
    /// The variable that [`from_env`](Self::from_env) is usually given.
    pub const VARIABLE: &'static str = "CALENDAR_PUBLISH_KEYS";

    /// The keys given, the current one first.
    ///
    /// # Errors
    /// [`KeysError`] where there is none, or an id can't stand in sealed text or stands twice.
    pub fn new(keys: Vec<SealingKey>) -> Result<Self, KeysError> {
        Self::checked(keys, "keys")
    }

    /// Keys written `id:base64,id:base64…`, the current one first, from the environment variable
    /// `variable`. Rotation puts a new key before the old ones.
    ///
    /// # Errors
    /// [`KeysError`] names the variable and which key is wrong, never what it holds.
    pub fn from_env(variable: &str) -> Result<Self, KeysError> {
        match std::env::var(variable) {
            Ok(text) if !text.trim().is_empty() => Self::parse(&Zeroizing::new(text), variable),
            _ => Err(KeysError::Missing {
                variable: variable.to_owned(),
            }),
        }
    }

    /// As [`from_env`](Self::from_env), from a text that came from `origin`: a file, a key service.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn parse(text: &str, origin: &str) -> Result<Self, KeysError> {
        let mut keys = Vec::new();
        for (number, part) in (1..).zip(text.split(',')) {
            let Some((id, encoded)) = part.split_once(':') else {
                let origin = origin.to_owned();
                return Err(KeysError::Malformed { origin, number });
            };
            keys.push((id.trim(), encoded));
        }
        Self::from_base64(keys, origin)
    }

    /// Ids and keys in Base64, the current one first, from `origin`.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    ///
    /// ```
    /// use calendar_publish_adapters::sealing::{KeysError, StaticKeys};
    ///
    /// let keys = StaticKeys::from_base64([("2026-11", "c2hvcnQ=")], "settings");
    /// assert!(matches!(keys, Err(KeysError::LengthInvalid { number: 1, bytes: 5, .. })));
    /// ```
    pub fn from_base64<'a>(
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
        origin: &str,
    ) -> Result<Self, KeysError> {
        let mut keys = Vec::new();
        for (number, (id, encoded)) in (1..).zip(given) {
            let origin = origin.to_owned();
            let Some(decoded) = decode(encoded.trim()).map(Zeroizing::new) else {
                return Err(KeysError::Malformed { origin, number });
            };
            let Ok(bytes) = <[u8; 32]>::try_from(decoded.as_slice()) else {
                return Err(KeysError::LengthInvalid {
                    origin,
                    number,
                    bytes: decoded.len(),
                });
            };
            keys.push(SealingKey {
                id: id.to_owned(),
                bytes,
            });
        }
        Self::checked(keys, origin)
    }

    fn checked(keys: Vec<SealingKey>, origin: &str) -> Result<Self, KeysError> {
        let keys = Self { keys };
        if keys.keys.is_empty() {
            return Err(KeysError::Empty);
        }
        for (place, key) in keys.keys.iter().enumerate() {
            let (origin, number) = (origin.to_owned(), place + 1);
            if !is_key_id(&key.id) {
                return Err(KeysError::IdInvalid { origin, number });
            }
            if keys.keys[..place].iter().any(|other| other.id == key.id) {
                return Err(KeysError::IdTwice { origin, number });
            }
        }
        Ok(keys)
    }
}

/// Base64 in either alphabet, padded or not: key services differ.
fn decode(text: &str) -> Option<Vec<u8>> {
    [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
        .iter()
        .find_map(|engine| engine.decode(text).ok())
}

impl Drop for StaticKeys {
    fn drop(&mut self) {
        for key in &mut self.keys {
            key.bytes.zeroize();
        }
    }
}

impl fmt::Debug for StaticKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticKeys")
            .field("keys", &self.keys)
            .finish()
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl KeyProvider for StaticKeys {
    async fn current_key(&self) -> Result<SealingKey, KeyError> {
        self.keys.first().cloned().ok_or(KeyError::Missing {
            id: "current".to_owned(),
        })
    }

    async fn key(&self, id: String) -> Result<SealingKey, KeyError> {
        let found = self.keys.iter().find(|key| key.id == id);
        found.cloned().ok_or(KeyError::Missing { id })
    }
}
