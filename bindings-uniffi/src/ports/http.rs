//! HTTP.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::ports::{self, HttpRequest, HttpResponse};
use calendar_publish_adapters::http::{
    AllowedOrigins, HttpSettings, HttpSetupError, ReqwestTransport,
};

use super::errors::misconfigured;
use super::{TransportError, opaque_debug};
use crate::CalendarPublishError;

/// Speaks HTTP for the channel adapters. It follows no redirect, repeats nothing, and ends within the
/// request's `deadline`.
#[uniffi::export(with_foreign, async_runtime = "tokio")]
#[async_trait]
pub trait HttpTransport: Send + Sync {
    /// Sends one request.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;
}

/// A host's transport, as the adapters see it.
pub(crate) struct HostTransport(pub(crate) Arc<dyn HttpTransport>);

opaque_debug!(HostTransport);

#[async_trait]
impl ports::HttpTransport for HostTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ports::TransportError> {
        Ok(self.0.send(request).await?)
    }
}

/// How the ready-made transport and media source behave. The default is meant for production: `https`
/// to public addresses only.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct HttpOptions {
    /// Origins (`http://127.0.0.1:8080`) that may be called although they aren't public: simulators.
    #[uniffi(default)]
    pub allowed_origins: Vec<String>,
    /// How many bytes an answer's body may have; 8 MiB by default.
    #[uniffi(default = None)]
    pub max_answer_bytes: Option<u64>,
    /// How long resolving a name, connecting and the TLS handshake may take together; 10 s by default.
    #[uniffi(default = None)]
    pub connect_timeout: Option<Duration>,
    /// How long reading one range of a media file may take; 120 s by default.
    #[uniffi(default = None)]
    pub read_deadline: Option<Duration>,
}

impl HttpOptions {
    /// The ready-made client that `make` makes one of.
    pub(super) fn client<C>(
        self,
        make: impl Fn(&HttpSettings) -> Result<C, HttpSetupError>,
    ) -> Result<AllowedOrigins<C>, CalendarPublishError> {
        let mut settings = HttpSettings::default();
        if let Some(bytes) = self.max_answer_bytes {
            settings = settings.with_max_answer_bytes(usize::try_from(bytes).unwrap_or(usize::MAX));
        }
        if let Some(timeout) = self.connect_timeout {
            settings = settings.with_connect_timeout(timeout);
        }
        if let Some(deadline) = self.read_deadline {
            settings = settings.with_read_deadline(deadline);
        }
        let client = AllowedOrigins::new(settings, self.allowed_origins, make);
        Ok(client.map_err(|error| misconfigured("options", error.reason))?)
    }
}

struct Native(AllowedOrigins<ReqwestTransport>);

#[async_trait]
impl HttpTransport for Native {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        Ok(ports::HttpTransport::send(&self.0, request).await?)
    }
}

/// The ready-made transport: HTTP/1.1 with TLS, by the system's certificate authorities.
#[uniffi::export]
pub fn http_transport(
    options: HttpOptions,
) -> Result<Arc<dyn HttpTransport>, CalendarPublishError> {
    Ok(Arc::new(Native(options.client(ReqwestTransport::new)?)))
}
