//! What the platforms' sign-in endpoints have in common: requests, and what refusals come to.

use std::fmt;
use std::time::Duration;

use calendar_publish::error::Measure;
use calendar_publish::ledger::redact;
use calendar_publish::model::{Channel, Timestamp};
use calendar_publish::ports::{
    Header, HttpRequest, HttpResponse, HttpTransport, Method, TransportError,
};
use calendar_publish::{Code, Error};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use zeroize::Zeroize;

use crate::access::AccessError;

/// An app's credentials at a platform. The secret belongs on servers alone; `Debug` doesn't show it.
#[derive(Clone, Debug)]
pub struct AppCredentials {
    /// TikTok's `client_key`; Meta's `client_id`: the Instagram app id for Instagram Login, the Meta app id for
    /// Facebook Login.
    pub client_key: String,
    /// The app secret.
    pub client_secret: SecretString,
}

/// What kind of refusal it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OauthKind {
    /// The code or token isn't valid (any more): only the person can go on.
    Refused,
    /// The token has run out.
    Expired,
    /// The person must do something in the platform's app first.
    ActionRequired,
    /// The person didn't grant what the call needs.
    ScopeMissing,
    /// The app isn't set up correctly: nothing is wrong with the account.
    App,
    /// Fewer calls were asked for.
    Limited,
    /// The posts of the day are spent.
    Quota,
    /// The platform has blocked the account from posting.
    Blocked,
    /// A passing fault: the platform said so, or didn't answer sensibly.
    Temporary,
    /// A refusal that repeating can't mend.
    Permanent,
}

/// Why a sign-in endpoint didn't do what it was asked. It holds codes and trace ids, no token and no text of the
/// platform's, which can echo what it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OauthError {
    /// What kind of refusal it was.
    pub kind: OauthKind,
    /// The platform's code and trace id, for developers.
    pub remark: String,
    /// How long the platform asked to wait.
    pub retry_after: Option<Duration>,
    /// Whether the call may have taken effect all the same.
    pub may_have_worked: bool,
}

impl fmt::Display for OauthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.remark)
    }
}

impl std::error::Error for OauthError {}

impl OauthError {
    pub(super) fn new(kind: OauthKind, remark: impl Into<String>) -> Self {
        Self {
            kind,
            remark: remark.into(),
            retry_after: None,
            may_have_worked: false,
        }
    }

    /// A faulty answer, after which nobody knows whether the call took effect.
    pub(super) fn unclear(remark: impl Into<String>) -> Self {
        Self {
            may_have_worked: true,
            ..Self::new(OauthKind::Temporary, remark)
        }
    }

    /// What a person reads while linking an account.
    pub(super) fn while_linking(&self, channel: Channel) -> Error {
        let (code, path) = match self.kind {
            OauthKind::Refused | OauthKind::Expired => (Code::LinkInvalid, "callback.code"),
            OauthKind::ActionRequired => (Code::AccountActionRequired, "account"),
            OauthKind::ScopeMissing => (Code::ScopeMissing, "account.scopes"),
            // What can't be mended by repeating is a request that the app shouldn't have made.
            OauthKind::App | OauthKind::Permanent => (Code::AppMisconfigured, "app"),
            OauthKind::Limited => (Code::RateLimited, "account"),
            OauthKind::Quota => (Code::QuotaExhausted, "account"),
            OauthKind::Blocked => (Code::AccountBlocked, "account"),
            OauthKind::Temporary => (Code::PlatformTemporary, "account"),
        };
        let error = Error::new(code).at(path);
        match code {
            Code::RateLimited => error,
            _ => error.measured(Measure::text(channel.as_str())),
        }
    }
}

impl From<OauthError> for AccessError {
    fn from(error: OauthError) -> Self {
        Self::Unavailable {
            reason: error.to_string(),
        }
    }
}

impl From<TransportError> for OauthError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::NotSent { .. } => Self::new(OauthKind::Temporary, error.to_string()),
            TransportError::NoAnswer { .. } => Self::unclear(error.to_string()),
            TransportError::AddressForbidden { .. } => Self::new(OauthKind::App, error.to_string()),
        }
    }
}

/// Tokens as a platform gave them.
#[derive(Clone, Debug)]
pub(super) struct IssuedTokens {
    /// The access token.
    pub access: SecretString,
    /// The refresh token, where there is one.
    pub refresh: Option<SecretString>,
    /// When the access token runs out.
    pub expires_at: Option<Timestamp>,
    /// Until when it can be renewed without the person.
    pub renewable_until: Option<Timestamp>,
    /// The scopes, where the answer named them.
    pub scopes: Option<Vec<String>>,
}

/// Whose tokens they are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Identity {
    /// The platform's id of the account.
    pub external_id: String,
    /// The name to show.
    pub display_name: String,
    /// What TikTok says this creator may do, where it was asked.
    pub tiktok_creator: Option<calendar_publish::model::TiktokCreator>,
}

/// A form, whose values may be secrets: it is wiped when it is dropped.
pub(super) struct Form(String);

impl Form {
    pub(super) fn new(fields: &[(&str, &str)]) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        Self(form.finish())
    }

    /// The form as the body of a request.
    pub(super) fn post(mut self, url: String, deadline: Duration) -> HttpRequest {
        HttpRequest {
            method: Method::Post,
            url,
            headers: vec![header("content-type", "application/x-www-form-urlencoded")],
            body: std::mem::take(&mut self.0).into_bytes(),
            deadline,
        }
    }

    /// The form as the query of a request.
    pub(super) fn get(mut self, url: &str, deadline: Duration) -> HttpRequest {
        HttpRequest {
            method: Method::Get,
            url: format!("{url}?{}", std::mem::take(&mut self.0)),
            headers: Vec::new(),
            body: Vec::new(),
            deadline,
        }
    }

    /// The form as the query of an address that a person opens; it holds no secret.
    pub(super) fn address(mut self, url: &str) -> String {
        format!("{url}?{}", std::mem::take(&mut self.0))
    }
}

impl Drop for Form {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

pub(super) fn header(name: &str, value: &str) -> Header {
    Header {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

/// The token as a header line.
pub(super) fn bearer(token: &SecretString) -> Header {
    header(
        "authorization",
        &format!("Bearer {}", token.expose_secret()),
    )
}

/// An answer that came, and its body as JSON where it is some.
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) body: Option<Value>,
    pub(super) retry_after: Option<Duration>,
}

/// Sends the request and reads the answer.
pub(super) async fn ask(
    transport: &dyn HttpTransport,
    request: HttpRequest,
) -> Result<Told, OauthError> {
    let mut response: HttpResponse = transport.send(request).await?;
    let body = serde_json::from_slice(&response.body).ok();
    response.body.zeroize();
    let retry_after = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("retry-after"))
        .and_then(|header| header.value.trim().parse().ok())
        .map(Duration::from_secs);
    Ok(Told {
        status: response.status,
        body,
        retry_after,
    })
}

impl Told {
    /// What the answer is where the body says nothing that is known.
    pub(super) fn by_status(&self) -> OauthError {
        let remark = format!("HTTP {}", self.status);
        let mut error = match self.status {
            429 => OauthError::new(OauthKind::Limited, remark),
            // Not JSON with a success, or a server's fault: it may have worked behind whoever answered.
            200..=299 | 500.. => OauthError::unclear(remark),
            _ => OauthError::new(OauthKind::Permanent, remark),
        };
        error.retry_after = self.retry_after;
        error
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.body.as_ref()?.get(name)?.as_str()
    }
}

/// A code or trace id as the platform wrote it, if it looks like one and not like a token.
pub(super) fn harmless(text: &str) -> &str {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if text.len() <= 64 && text.bytes().all(is_word) && redact(text) == text {
        text
    } else {
        "?"
    }
}

/// The scopes in a list that is written with commas or spaces, or is an array.
pub(super) fn scope_list(value: &Value) -> Vec<String> {
    let split = |text: &str| -> Vec<String> {
        text.split([',', ' '])
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect()
    };
    match value {
        Value::String(text) => split(text),
        Value::Array(items) => items
            .iter()
            .filter_map(Value::as_str)
            .flat_map(split)
            .collect(),
        _ => Vec::new(),
    }
}

/// The platform's lifetime in seconds from `now`.
pub(super) fn after(now: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_millis(now.millis().saturating_add(seconds.saturating_mul(1_000)))
}

/// An id, which may be written as a number; it is kept to the digit.
pub(super) fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}
