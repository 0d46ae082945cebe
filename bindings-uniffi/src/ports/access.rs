//! The tokens that channel adapters call their platforms with.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::model::AccountId;
use calendar_publish_adapters::access;
use secrecy::SecretString;

use super::{AccessError, opaque_debug};

/// A token, for one call.
#[derive(Clone, uniffi::Record)]
pub struct AccessToken {
    /// The token itself.
    pub secret: String,
    /// Counts the account's tokens: a newer one has a higher number.
    pub version: i64,
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// The accounts' tokens, asked for right before each call. A phone asks its own server: app secrets
/// don't belong on phones.
#[uniffi::export(with_foreign)]
#[async_trait]
pub trait AccessTokens: Send + Sync {
    /// A token that is good now.
    async fn access_token(&self, account: AccountId) -> Result<AccessToken, AccessError>;

    /// Another token, because the platform refused the one of version `refused`.
    async fn replacement(
        &self,
        account: AccountId,
        refused: i64,
    ) -> Result<AccessToken, AccessError>;
}

/// A host's tokens, as the adapters see them.
pub(crate) struct HostTokens(pub(crate) Arc<dyn AccessTokens>);

opaque_debug!(HostTokens);

fn sealed(token: AccessToken) -> access::AccessToken {
    access::AccessToken {
        secret: SecretString::from(token.secret),
        version: token.version,
    }
}

#[async_trait]
impl access::AccessTokens for HostTokens {
    async fn access_token(
        &self,
        account: AccountId,
    ) -> Result<access::AccessToken, access::AccessError> {
        Ok(sealed(self.0.access_token(account).await?))
    }

    async fn replacement(
        &self,
        account: AccountId,
        refused: i64,
    ) -> Result<access::AccessToken, access::AccessError> {
        Ok(sealed(self.0.replacement(account, refused).await?))
    }
}
