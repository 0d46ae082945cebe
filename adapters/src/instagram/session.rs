//! One call of the adapter: a token, and requests that end in time.

use calendar_publish::model::{AccountId, Timestamp};
use calendar_publish::ports::{AdapterError, TransportError};
use calendar_publish::{Code, Error};

use super::adapter::InstagramAdapter;
use super::error::{Place, Refusal};
use super::request::Call;
use super::response::{GraphError, UploadError};
use super::state::later;
use super::usage::Usage;
use crate::access::{AccessError, AccessToken};

/// An answer that says yes.
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    pub(super) usage: Usage,
}

/// Why there is no such answer.
pub(super) enum Trouble {
    /// There is no token to call with.
    NoToken(AccessError),
    /// The request didn't leave.
    NotSent(String),
    /// The request must not leave.
    Forbidden(String),
    /// The request left, and nobody knows what became of it.
    NoAnswer(String),
    /// The platform said no.
    Refused(Refusal),
}

/// The requests of one call of the adapter.
pub(super) struct Session<'a> {
    adapter: &'a InstagramAdapter,
    account: AccountId,
    ends: Timestamp,
    token: Option<AccessToken>,
    has_replaced: bool,
}

impl<'a> Session<'a> {
    pub(super) fn new(adapter: &'a InstagramAdapter, account: AccountId) -> Self {
        let ends = later(adapter.now(), adapter.settings().call_deadline);
        Self {
            adapter,
            account,
            ends,
            token: None,
            has_replaced: false,
        }
    }

    /// Sends `call`. A token that the platform refuses is replaced once: such a call had no effect, so that it is
    /// sent again.
    pub(super) async fn send(&mut self, call: Call) -> Result<Answer, Trouble> {
        loop {
            let token = self.token().await.map_err(Trouble::NoToken)?;
            let refusal = match self.send_once(&call, &token).await {
                Err(Trouble::Refused(refusal)) if refusal.is_of_token() => refusal,
                other => return other,
            };
            if self.has_replaced {
                return Err(Trouble::Refused(refusal));
            }
            self.has_replaced = true;
            let tokens = &self.adapter.ports().tokens;
            match tokens.replacement(self.account, token.version).await {
                Ok(token) => self.token = Some(token),
                Err(error @ AccessError::Unavailable { .. }) => {
                    return Err(Trouble::NoToken(error));
                }
                // What the platform said tells more.
                Err(AccessError::Revoked | AccessError::Expired) => {
                    return Err(Trouble::Refused(refusal));
                }
            }
        }
    }

    /// Sends `call` once, whatever the platform says of the token: for a call that nobody repeats without having looked.
    pub(super) async fn send_as_it_is(&mut self, call: Call) -> Result<Answer, Trouble> {
        let token = self.token().await.map_err(Trouble::NoToken)?;
        self.send_once(&call, &token).await
    }

    /// Has the token replaced that the platform refused. Whether there is another one.
    pub(super) async fn replace_token(&mut self) -> bool {
        let Some(token) = self.token.take() else {
            return false;
        };
        let tokens = &self.adapter.ports().tokens;
        self.token = tokens.replacement(self.account, token.version).await.ok();
        self.token.is_some()
    }

    async fn token(&mut self) -> Result<AccessToken, AccessError> {
        if let Some(token) = &self.token {
            return Ok(token.clone());
        }
        let token = self
            .adapter
            .ports()
            .tokens
            .access_token(self.account)
            .await?;
        self.token = Some(token.clone());
        Ok(token)
    }

    async fn send_once(&self, call: &Call, token: &AccessToken) -> Result<Answer, Trouble> {
        if later(self.adapter.now(), call.deadline) > self.ends {
            let reason = "too little time was left of the call".to_owned();
            return Err(Trouble::NotSent(reason));
        }
        let request = call.signed(&token.secret, self.adapter.settings());
        let response = match self.adapter.ports().transport.send(request).await {
            Ok(response) => response,
            Err(TransportError::NotSent { reason }) => return Err(Trouble::NotSent(reason)),
            Err(TransportError::NoAnswer { reason }) => return Err(Trouble::NoAnswer(reason)),
            Err(TransportError::AddressForbidden { reason }) => {
                return Err(Trouble::Forbidden(reason));
            }
        };
        let usage = Usage::read(&response.headers);
        let error = GraphError::read(&response.body);
        if (200..300).contains(&response.status) && error.is_none() {
            return Ok(Answer {
                body: response.body,
                usage,
            });
        }
        Err(Trouble::Refused(Refusal {
            http_status: response.status,
            error,
            upload: UploadError::read(&response.body),
            usage,
        }))
    }
}

impl Trouble {
    /// The code that the user is told, where nothing helped.
    pub(super) fn code(&self, place: Place) -> Code {
        match self {
            Self::NoToken(error) => Error::from(error.clone()).code,
            Self::NotSent(_) | Self::NoAnswer(_) => Code::PlatformTemporary,
            Self::Forbidden(_) => Code::AppMisconfigured,
            Self::Refused(refusal) => refusal.verdict(place).code,
        }
    }

    /// Whether the same may work in a moment.
    pub(super) fn is_passing(&self, place: Place) -> bool {
        use super::error::Remedy;
        match self {
            Self::NoToken(error) => matches!(error, AccessError::Unavailable { .. }),
            Self::NotSent(_) | Self::NoAnswer(_) => true,
            Self::Forbidden(_) => false,
            Self::Refused(refusal) => {
                let verdict = refusal.verdict(place);
                verdict.remedy == Remedy::Same
                    || (verdict.code == Code::PlatformTemporary
                        && verdict.remedy != Remedy::Nothing)
            }
        }
    }

    /// What the engine is told where it is certain that nothing was published.
    pub(super) fn not_published(self, code: Code, path: &str) -> AdapterError {
        let (error, retry_after, meta) = self.told(code, path);
        AdapterError::NotPublished {
            error,
            retry_after,
            meta,
        }
    }

    /// What the engine is told where the post may be out.
    pub(super) fn unknown(self, code: Code) -> AdapterError {
        let (error, _, meta) = self.told(code, "");
        AdapterError::Unknown { error, meta }
    }

    fn told(self, code: Code, path: &str) -> (Error, Option<std::time::Duration>, Option<String>) {
        match self {
            Self::NoToken(error) => (Error::from(error), None, None),
            Self::NotSent(reason) | Self::Forbidden(reason) | Self::NoAnswer(reason) => {
                let meta = serde_json::json!({ "transport": reason }).to_string();
                (Error::new(code).at(path), None, Some(meta))
            }
            Self::Refused(refusal) => {
                let meta = refusal.meta();
                (refusal.error(code, path), refusal.retry_after(), Some(meta))
            }
        }
    }
}
