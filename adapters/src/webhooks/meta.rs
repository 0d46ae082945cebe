//! Meta's webhooks, as Instagram apps get them.
//!
//! None of them reports what became of a post: polling is the only way there. They are checked and read
//! for hosts that subscribe to comments and the like.
//! Source: Meta, Instagram Platform, Webhooks, read 2026-09-11.

use calendar_publish::model::Timestamp;
use calendar_publish::ports::Header;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use super::signature::{alike, check_size, key, mac_bytes, the_header};
use super::tiktok::unreadable;
use super::{AppSecrets, WebhookError};

const SIGNATURE: &str = "x-hub-signature-256";
const PATTERN: &str = "sha256=<64 hexadecimal digits>";

/// Checks and reads Meta's webhooks.
#[derive(Clone, Debug)]
pub struct MetaWebhooks {
    secrets: AppSecrets,
    verify_token: SecretString,
    max_body_bytes: usize,
}

impl MetaWebhooks {
    /// The most bytes of a body that are read. Meta names no bound, but batches of up to 1000 changes.
    pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;
    /// The longest challenge that is answered. Meta sends a number.
    const MAX_CHALLENGE: usize = 256;

    /// Webhooks that are signed with the app secret. `verify_token` is the one that was typed into the
    /// app's dashboard; with an empty one no challenge is answered.
    pub const fn new(secrets: AppSecrets, verify_token: SecretString) -> Self {
        Self {
            secrets,
            verify_token,
            max_body_bytes: Self::MAX_BODY_BYTES,
        }
    }

    /// Reads bodies of at most `bytes` bytes.
    #[must_use]
    pub const fn with_max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// What to answer a GET with the query `query` (what stands behind the `?`), with status 200 and as
    /// `text/plain`: Meta asks so whether the address is the app's.
    ///
    /// # Errors
    /// [`WebhookError::ChallengeRefused`] names the parameter that isn't right.
    pub fn challenge(&self, query: &str) -> Result<String, WebhookError> {
        let the = |parameter: &'static str| {
            let mut values = form_urlencoded::parse(query.as_bytes())
                .filter(|(name, _)| name == parameter)
                .map(|(_, value)| value);
            match (values.next(), values.next()) {
                (Some(value), None) => Ok(value),
                _ => Err(WebhookError::ChallengeRefused { parameter }),
            }
        };
        if the("hub.mode")? != "subscribe" {
            return Err(WebhookError::ChallengeRefused {
                parameter: "hub.mode",
            });
        }
        let expected = self.verify_token.expose_secret();
        if expected.is_empty() || !alike(&the("hub.verify_token")?, expected) {
            return Err(WebhookError::ChallengeRefused {
                parameter: "hub.verify_token",
            });
        }
        let challenge = the("hub.challenge")?;
        if challenge.is_empty() || challenge.len() > Self::MAX_CHALLENGE {
            return Err(WebhookError::ChallengeRefused {
                parameter: "hub.challenge",
            });
        }
        Ok(challenge.into_owned())
    }

    /// Checks the signature of `body`, the raw bytes as they came, and reads it.
    ///
    /// Meta signs what it sends, with `\uXXXX` for every character that isn't ASCII: a body that was
    /// parsed and written again has another signature.
    ///
    /// # Errors
    /// [`WebhookError`] says which of the checks it doesn't pass.
    pub fn read(&self, headers: &[Header], body: &[u8]) -> Result<MetaWebhook, WebhookError> {
        check_size(body, self.max_body_bytes)?;
        let header = the_header(headers, SIGNATURE)?;
        let mac = header.strip_prefix("sha256=").and_then(mac_bytes).ok_or(
            WebhookError::SignatureMalformed {
                header: SIGNATURE,
                pattern: PATTERN,
            },
        )?;
        if !self.secrets.signed(&[body], &mac) {
            return Err(WebhookError::SignatureWrong { header: SIGNATURE });
        }
        let text = std::str::from_utf8(body).map_err(|_| WebhookError::NotUtf8)?;
        let envelope: Envelope = serde_json::from_str(text)
            .map_err(|error| WebhookError::Unreadable(unreadable(&error)))?;
        Ok(MetaWebhook {
            object: envelope.object,
            entries: envelope.entry.into_iter().map(Entry::read).collect(),
        })
    }
}

/// A webhook of Meta whose signature is right: a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct MetaWebhook {
    /// What it is about: `instagram`, or anything that the app has subscribed to.
    pub object: String,
    /// What happened, account by account.
    pub entries: Vec<MetaEntry>,
}

/// What happened to one account.
#[derive(Clone, Debug, PartialEq)]
pub struct MetaEntry {
    /// The platform's id of the account.
    pub id: String,
    /// When it was sent; Meta uses seconds for some objects and milliseconds for others, so it is left
    /// as it came. 0 where there is none.
    pub time: i64,
    /// What changed.
    pub changes: Vec<MetaChange>,
}

/// One change. All are kept as they came: none of them concerns publishing.
#[derive(Clone, Debug, PartialEq)]
pub struct MetaChange {
    /// The field that was subscribed to: `comments`, `mentions`, `story_insights`, `messaging`…
    pub field: String,
    /// What came with it.
    pub value: Value,
    /// Recognises the change when it comes again, also in another batch.
    pub key: String,
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    object: String,
    #[serde(default)]
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    time: Value,
    #[serde(default)]
    changes: Vec<Change>,
    #[serde(default)]
    messaging: Vec<Value>,
}

#[derive(Deserialize)]
struct Change {
    #[serde(default)]
    field: String,
    #[serde(default)]
    value: Value,
}

impl Entry {
    fn read(self) -> MetaEntry {
        let id = match self.id {
            Value::String(id) => id,
            Value::Null => String::new(),
            other => other.to_string(),
        };
        let time = self.time.as_i64().unwrap_or_default();
        let messages = self.messaging.into_iter().map(|value| Change {
            field: "messaging".to_owned(),
            value,
        });
        let change = |Change { field, value }| MetaChange {
            key: key(&[&id, &time.to_string(), &field, &value.to_string()]),
            field,
            value,
        };
        let changes = self
            .changes
            .into_iter()
            .chain(messages)
            .map(change)
            .collect();
        MetaEntry { id, time, changes }
    }
}

/// The instant of an entry's `time`, in whichever unit it came.
impl MetaEntry {
    /// When it was sent. Seconds until the year 5138 are smaller than milliseconds since 1973.
    pub const fn at(&self) -> Timestamp {
        let millis = if self.time.unsigned_abs() < 100_000_000_000 {
            self.time.saturating_mul(1000)
        } else {
            self.time
        };
        Timestamp::from_millis(millis)
    }
}
