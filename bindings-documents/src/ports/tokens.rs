//! A host's tokens.

use async_trait::async_trait;
use calendar_publish::model::AccountId;
use calendar_publish_adapters::access::{AccessError, AccessToken, AccessTokens};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{DocumentPort, HostFailure};
use crate::document::write;

/// The request of `accessToken`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AccessTokenRequest {
    /// The account.
    pub(crate) account_id: AccountId,
}

/// The request of `replacement`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ReplacementRequest {
    /// The account.
    pub(crate) account_id: AccountId,
    /// The version of the token that the platform refused.
    pub(crate) refused: i64,
}

/// What the port answers. It holds a secret, so that it has no `Debug`.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_debug_implementations)]
pub struct TokenAnswer {
    /// The token.
    token: String,
    /// Which of the account's tokens it is: each renewal counts up.
    version: i64,
}

/// Why there is no token: the document of a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum TokenFailure {
    /// The account isn't linked (any more), or the authorisation was withdrawn.
    Revoked,
    /// The token has run out and can't be renewed.
    Expired,
    /// It may work in a while.
    Unavailable {
        /// Why, for developers, without any secret.
        #[serde(default)]
        reason: String,
    },
}

/// [`AccessTokens`] over a host's port.
///
/// | method | request | answer |
/// |---|---|---|
/// | `accessToken` | `{accountId}` | `{token, version}` |
/// | `replacement` | `{accountId, refused}`: the version that the platform refused | `{token, version}` |
///
/// The host refuses with a [`TokenFailure`]. Whatever else it throws, and an answer that can't be read, is
/// [`AccessError::Unavailable`]: nothing was sent to the platform, and it is tried again.
#[derive(Clone, Debug)]
pub struct DocumentTokens<P>(P);

impl<P: DocumentPort> DocumentTokens<P> {
    /// Tokens that `port` gives.
    pub const fn new(port: P) -> Self {
        Self(port)
    }

    async fn ask(
        &self,
        method: &'static str,
        request: Result<String, calendar_publish::Error>,
    ) -> Result<AccessToken, AccessError> {
        let unavailable = |reason: String| AccessError::Unavailable { reason };
        let request = request.map_err(|error| unavailable(error.to_string()))?;
        let answer = self.0.call(method, request).await.map_err(refusal)?;
        // What is wrong with the answer stays untold: it holds a token.
        let answer: TokenAnswer = serde_json::from_str(&answer)
            .map_err(|_| unavailable(format!("the answer of `{method}` can't be read")))?;
        Ok(AccessToken {
            secret: SecretString::from(answer.token),
            version: answer.version,
        })
    }
}

fn refusal(failure: HostFailure) -> AccessError {
    match failure.read() {
        Ok(TokenFailure::Revoked) => AccessError::Revoked,
        Ok(TokenFailure::Expired) => AccessError::Expired,
        Ok(TokenFailure::Unavailable { reason }) | Err(reason) => {
            AccessError::Unavailable { reason }
        }
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl<P: DocumentPort> AccessTokens for DocumentTokens<P> {
    async fn access_token(&self, account: AccountId) -> Result<AccessToken, AccessError> {
        let request = AccessTokenRequest {
            account_id: account,
        };
        self.ask("accessToken", write(&request)).await
    }

    async fn replacement(
        &self,
        account: AccountId,
        refused: i64,
    ) -> Result<AccessToken, AccessError> {
        let request = ReplacementRequest {
            account_id: account,
            refused,
        };
        self.ask("replacement", write(&request)).await
    }
}
