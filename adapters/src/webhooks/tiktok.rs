//! TikTok's webhooks.

use std::time::Duration;

use calendar_publish::model::{Channel, Timestamp};
use calendar_publish::ports::Header;
use calendar_publish::{Code, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::hint::{PlatformSaid, WebhookHint};
use super::signature::{check_size, key, mac_bytes, the_header};
use super::{AppSecrets, WebhookError};

/// TikTok prints it in two cases; headers have none.
/// Source: TikTok, Webhooks, verification, read 2026-09-11.
const SIGNATURE: &str = "tiktok-signature";
const PATTERN: &str = "t=<unix seconds>,s=<64 hexadecimal digits>";

/// Checks and reads TikTok's webhooks.
#[derive(Clone, Debug)]
pub struct TiktokWebhooks {
    secrets: AppSecrets,
    tolerance: Duration,
    max_body_bytes: usize,
}

impl TiktokWebhooks {
    /// How far a signature's time may be from now. TikTok names none; public code uses this one.
    pub const TOLERANCE: Duration = Duration::from_secs(300);
    /// The most bytes of a body that are read. TikTok names no bound; an event is a few hundred.
    pub const MAX_BODY_BYTES: usize = 64 * 1024;

    /// Webhooks that are signed with the client secret.
    pub const fn new(secrets: AppSecrets) -> Self {
        Self {
            secrets,
            tolerance: Self::TOLERANCE,
            max_body_bytes: Self::MAX_BODY_BYTES,
        }
    }

    /// Allows a signature's time to be further from now, or less far.
    #[must_use]
    pub const fn with_tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Reads bodies of at most `bytes` bytes.
    #[must_use]
    pub const fn with_max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Checks the signature of `body`, the raw bytes as they came, and reads it. An event that isn't
    /// known is read as [`TiktokEvent::Unknown`].
    ///
    /// # Errors
    /// [`WebhookError`] says which of the checks it doesn't pass.
    pub fn read(
        &self,
        headers: &[Header],
        body: &[u8],
        now: Timestamp,
    ) -> Result<TiktokWebhook, WebhookError> {
        check_size(body, self.max_body_bytes)?;
        let header = the_header(headers, SIGNATURE)?;
        let (time, at, mac) = parts(header).ok_or(WebhookError::SignatureMalformed {
            header: SIGNATURE,
            pattern: PATTERN,
        })?;
        // The age is looked at only once the signature is right, so that a stranger learns nothing of
        // this clock.
        if !self.secrets.signed(&[time.as_bytes(), b".", body], &mac) {
            return Err(WebhookError::SignatureWrong { header: SIGNATURE });
        }
        let seconds = now.millis().div_euclid(1000).saturating_sub(at);
        let max = i64::try_from(self.tolerance.as_secs()).unwrap_or(i64::MAX);
        if seconds.saturating_abs() > max {
            return Err(WebhookError::SignatureStale {
                header: SIGNATURE,
                seconds,
                max,
            });
        }
        let text = std::str::from_utf8(body).map_err(|_| WebhookError::NotUtf8)?;
        let envelope: Envelope = serde_json::from_str(text)
            .map_err(|error| WebhookError::Unreadable(unreadable(&error)))?;
        envelope.webhook().map_err(WebhookError::Unreadable)
    }
}

/// The time as it is written, the time, and the signature. What else TikTok may add is passed over.
fn parts(header: &str) -> Option<(&str, i64, [u8; 32])> {
    let mut time = None;
    let mut signature = None;
    for part in header.split(',') {
        let (name, value) = part.trim().split_once('=')?;
        let place = match name {
            "t" => &mut time,
            "s" => &mut signature,
            _ => continue,
        };
        if place.replace(value).is_some() {
            return None;
        }
    }
    let time = time?;
    if !time.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((time, time.parse().ok()?, mac_bytes(signature?)?))
}

/// What is wrong with a document, and where.
pub(super) fn unreadable(error: &serde_json::Error) -> Error {
    let code = if error.is_data() {
        Code::FieldTypeInvalid
    } else {
        Code::InputInvalid
    };
    let line = i64::try_from(error.line()).unwrap_or(i64::MAX);
    let column = i64::try_from(error.column()).unwrap_or(i64::MAX);
    Error::new(code).positioned(line, column)
}

/// A webhook of TikTok whose signature is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TiktokWebhook {
    /// The app it is for.
    pub client_key: String,
    /// The `open_id` of the person.
    pub user_openid: String,
    /// When it happened, by TikTok's clock, to the second. Webhooks come in no certain order.
    pub at: Timestamp,
    /// What happened.
    pub event: TiktokEvent,
    /// Recognises the webhook when it comes again: TikTok gives it no id.
    pub key: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TiktokEvent {
    /// A post failed.
    PublishFailed {
        /// Which one.
        publish_id: String,
        /// One of the `fail_reason`s of TikTok's status.
        reason: String,
        /// Whether it was a draft.
        publish_type: PublishType,
    },
    /// A post is out; or the person posted a draft, which can happen several times with one draft.
    PublishComplete {
        /// Which one.
        publish_id: String,
        /// Whether it was a draft.
        publish_type: PublishType,
    },
    /// A draft waits in the person's inbox.
    InboxDelivered {
        /// Which one.
        publish_id: String,
        /// Whether it was a draft.
        publish_type: PublishType,
    },
    /// A post became public.
    PubliclyAvailable {
        /// Which one.
        publish_id: String,
        /// The id of the post itself: a string, since such ids exceed 2^53.
        post_id: String,
        /// Whether it was a draft.
        publish_type: PublishType,
    },
    /// A post stopped being public.
    NoLongerPublic {
        /// Which one.
        publish_id: String,
        /// The id of the post itself.
        post_id: String,
        /// Whether it was a draft.
        publish_type: PublishType,
    },
    /// The person, TikTok or the developer withdrew the authorisation; the tokens are dead already.
    AuthorizationRemoved {
        /// Why.
        reason: RemovalReason,
    },
    /// An event that isn't known here, or one whose content isn't what was expected.
    Unknown {
        /// Its name.
        event: String,
        /// Its content, as it came.
        content: String,
    },
}

/// Whether a post was sent directly or as a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishType {
    /// Directly. Source: payloads in public code; the reference doesn't name it.
    Direct,
    /// As a draft into the inbox. Source: TikTok, Content Posting API, Get Post Status, read 2026-09-11.
    Inbox,
    /// Something else; empty where TikTok said nothing.
    Other(String),
}

/// Why an authorisation was removed. Source: TikTok, Webhooks, events, read 2026-09-11.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovalReason {
    /// TikTok doesn't say.
    Unknown,
    /// The person disconnected the app.
    Disconnected,
    /// The account was deleted.
    AccountDeleted,
    /// The person's age was changed.
    AgeChanged,
    /// The account was banned.
    AccountBanned,
    /// The developer revoked it.
    DeveloperRevoked,
    /// A reason that isn't known here.
    Other(i64),
}

impl TiktokWebhook {
    /// What the engine should look at; `None` where it is about nothing that the engine knows.
    pub fn hint(&self) -> Option<WebhookHint> {
        use TiktokEvent as Event;
        let (publish_id, said) = match &self.event {
            Event::PublishFailed {
                publish_id, reason, ..
            } => {
                let reason = reason.clone();
                (publish_id, PlatformSaid::Failed { reason })
            }
            Event::PublishComplete { publish_id, .. } => (publish_id, PlatformSaid::Complete),
            Event::InboxDelivered { publish_id, .. } => (publish_id, PlatformSaid::InInbox),
            Event::PubliclyAvailable {
                publish_id,
                post_id,
                ..
            } => {
                let post_id = post_id.clone();
                (publish_id, PlatformSaid::Public { post_id })
            }
            Event::NoLongerPublic {
                publish_id,
                post_id,
                ..
            } => {
                let post_id = post_id.clone();
                (publish_id, PlatformSaid::NoLongerPublic { post_id })
            }
            Event::AuthorizationRemoved { .. } => {
                return Some(WebhookHint::AuthorizationRemoved {
                    channel: Channel::Tiktok,
                    external_account_id: self.user_openid.clone(),
                    at: self.at,
                });
            }
            Event::Unknown { .. } => return None,
        };
        Some(WebhookHint::Post {
            channel: Channel::Tiktok,
            external_account_id: self.user_openid.clone(),
            publish_id: publish_id.clone(),
            said,
        })
    }
}

/// Source of the fields: TikTok, Webhooks, events, read 2026-09-11.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    client_key: String,
    event: Option<String>,
    create_time: Option<i64>,
    #[serde(default)]
    user_openid: String,
    /// A string that holds JSON; taken as an object too.
    #[serde(default)]
    content: Value,
}

#[derive(Deserialize)]
struct PostContent {
    publish_id: String,
    #[serde(default)]
    publish_type: String,
    #[serde(default, deserialize_with = "number_or_text")]
    post_id: String,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
struct RemovalContent {
    reason: i64,
}

/// TikTok's documents print post ids as numbers and as strings.
fn number_or_text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Signed(i64),
        Unsigned(u64),
    }
    Ok(match Either::deserialize(from)? {
        Either::Text(text) => text,
        Either::Signed(number) => number.to_string(),
        Either::Unsigned(number) => number.to_string(),
    })
}

impl Envelope {
    fn webhook(self) -> Result<TiktokWebhook, Error> {
        let missing = |field: &str| Error::new(Code::FieldMissing).at(field);
        let name = self.event.ok_or_else(|| missing("event"))?;
        let at = self.create_time.ok_or_else(|| missing("create_time"))?;
        let content = match self.content {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        };
        let key = key(&[&name, &self.user_openid, &at.to_string(), &content]);
        let event = known(&name, &content).unwrap_or(TiktokEvent::Unknown {
            event: name,
            content,
        });
        Ok(TiktokWebhook {
            client_key: self.client_key,
            user_openid: self.user_openid,
            at: Timestamp::from_millis(at.saturating_mul(1000)),
            event,
            key,
        })
    }
}

fn known(event: &str, content: &str) -> Option<TiktokEvent> {
    use TiktokEvent as Event;
    if event == "authorization.removed" {
        let content: RemovalContent = serde_json::from_str(content).ok()?;
        let reason = RemovalReason::of(content.reason);
        return Some(Event::AuthorizationRemoved { reason });
    }
    let is_about_a_post = event.strip_prefix("post.publish.")?;
    let PostContent {
        publish_id,
        publish_type,
        post_id,
        reason,
    } = serde_json::from_str(content).ok()?;
    let publish_type = PublishType::of(publish_type);
    Some(match is_about_a_post {
        "failed" => Event::PublishFailed {
            publish_id,
            reason,
            publish_type,
        },
        "complete" => Event::PublishComplete {
            publish_id,
            publish_type,
        },
        "inbox_delivered" => Event::InboxDelivered {
            publish_id,
            publish_type,
        },
        "publicly_available" => Event::PubliclyAvailable {
            publish_id,
            post_id,
            publish_type,
        },
        // TikTok's spelling, and the one it may be corrected to.
        "no_longer_publicaly_available" | "no_longer_publicly_available" => Event::NoLongerPublic {
            publish_id,
            post_id,
            publish_type,
        },
        _ => return None,
    })
}

impl PublishType {
    fn of(word: String) -> Self {
        match word.as_str() {
            "DIRECT_PUBLISH" => Self::Direct,
            "INBOX_SHARE" => Self::Inbox,
            _ => Self::Other(word),
        }
    }
}

impl RemovalReason {
    const fn of(number: i64) -> Self {
        match number {
            0 => Self::Unknown,
            1 => Self::Disconnected,
            2 => Self::AccountDeleted,
            3 => Self::AgeChanged,
            4 => Self::AccountBanned,
            5 => Self::DeveloperRevoked,
            other => Self::Other(other),
        }
    }
}
