//! The ports that the library's own adapters speak through.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::model::AccountId;
use calendar_publish::ports::{HttpRequest, HttpResponse, HttpTransport, TransportError};
use calendar_publish::{Code, Error};
use calendar_publish_adapters::access::{AccessError, AccessToken, AccessTokens};

use super::EngineSettings;

/// What the library's adapters of TikTok and Instagram speak through.
#[derive(Clone)]
pub struct PlatformPorts {
    /// What speaks HTTP.
    pub transport: Arc<dyn HttpTransport>,
    /// The accounts' tokens.
    pub tokens: Arc<dyn AccessTokens>,
}

impl fmt::Debug for PlatformPorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlatformPorts").finish_non_exhaustive()
    }
}

impl EngineSettings {
    /// The transport and the tokens of an engine, for a host that may leave both out while it works neither
    /// TikTok nor Instagram through the library: then something stands in that sends nothing.
    ///
    /// # Errors
    /// [`Code::AppMisconfigured`] at `transport` or `tokens`, where it is missing.
    pub fn platform_ports(
        &self,
        transport: Option<Arc<dyn HttpTransport>>,
        tokens: Option<Arc<dyn AccessTokens>>,
    ) -> Result<PlatformPorts, Error> {
        if self.tiktok.is_none() && self.instagram.is_none() {
            return Ok(PlatformPorts {
                transport: transport.unwrap_or_else(|| Arc::new(Nobody)),
                tokens: tokens.unwrap_or_else(|| Arc::new(Nobody)),
            });
        }
        let missing = |port: &str| Error::new(Code::AppMisconfigured).at(port);
        Ok(PlatformPorts {
            transport: transport.ok_or_else(|| missing("transport"))?,
            tokens: tokens.ok_or_else(|| missing("tokens"))?,
        })
    }
}

/// In place of a transport and tokens.
struct Nobody;

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl HttpTransport for Nobody {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        Err(TransportError::NotSent {
            reason: "the engine was given no transport".to_owned(),
        })
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl AccessTokens for Nobody {
    async fn access_token(&self, _: AccountId) -> Result<AccessToken, AccessError> {
        Err(AccessError::Revoked)
    }

    async fn replacement(&self, _: AccountId, _: i64) -> Result<AccessToken, AccessError> {
        Err(AccessError::Revoked)
    }
}
