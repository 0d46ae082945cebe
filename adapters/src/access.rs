//! The token that a channel adapter calls its platform with, wherever it comes from.
//!
//! A channel adapter holds no token. It asks [`AccessTokens`] for the account's right before a call, and
//! says so when the platform refuses it. On a server that is `accounts` with its vault; a phone or a
//! browser asks its own server.

use async_trait::async_trait;
use calendar_publish::model::AccountId;
use calendar_publish::ports::{MaybeSend, MaybeSync};
use calendar_publish::{Code, Error};
use secrecy::SecretString;

/// An account's access token. `Debug` doesn't show it.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The token.
    pub secret: SecretString,
    /// Which of the account's tokens it is: each renewal counts up.
    pub version: i64,
}

/// Why there is no token to call with. Nothing was sent to the platform for the post.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The account isn't linked (any more), or the person or the platform withdrew the authorisation.
    #[error("the account isn't linked, or its authorisation was withdrawn")]
    Revoked,
    /// The token has run out and can't be renewed.
    #[error("the token has run out")]
    Expired,
    /// It may work in a while: the store or the platform's token endpoint doesn't answer.
    #[error("no token at the moment: {reason}")]
    Unavailable {
        /// Why, for developers, without any secret.
        reason: String,
    },
}

impl From<AccessError> for Error {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Revoked => Self::new(Code::ChannelAuthInvalid).at("account"),
            AccessError::Expired => Self::new(Code::TokenExpired).at("account"),
            AccessError::Unavailable { .. } => Self::new(Code::PlatformTemporary).at("account"),
        }
    }
}

/// Where channel adapters find tokens.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait AccessTokens: MaybeSend + MaybeSync {
    /// A token that will still work for some minutes, renewed first where it wouldn't.
    async fn access_token(&self, account: AccountId) -> Result<AccessToken, AccessError>;

    /// Another token, because the platform refused the one called `refused`: whichever is newer, renewed
    /// first where there is none. A platform that refuses that one too has withdrawn the
    /// authorisation, and the next call answers [`AccessError::Revoked`] or
    /// [`AccessError::Expired`].
    async fn replacement(
        &self,
        account: AccountId,
        refused: i64,
    ) -> Result<AccessToken, AccessError>;
}
