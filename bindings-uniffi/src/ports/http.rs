//! HTTP.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::ports::{self, HttpRequest, HttpResponse};
use calendar_publish_adapters::http::{
    AddressPolicy, HttpSettings, HttpSetupError, ReqwestTransport,
};

use super::errors::misconfigured;
use super::{TransportError, opaque_debug};
use crate::CalendarPublishError;

/// Speaks HTTP for the channel adapters. It follows no redirect, repeats nothing, and ends within the
/// request's `deadline`.
#[uniffi::export(with_foreign)]
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
    /// The settings for public addresses, and those for the origins that are allowed beside them.
    pub(super) fn settings(&self) -> (HttpSettings, Option<HttpSettings>) {
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
        let allowed = (!self.allowed_origins.is_empty())
            .then(|| settings.clone().with_addresses(AddressPolicy::Any));
        (settings, allowed)
    }
}

/// A client for public addresses, and one for the origins that are allowed beside them.
pub(super) struct Clients<C> {
    public: C,
    allowed: Option<C>,
    origins: Vec<String>,
}

impl<C> Clients<C> {
    pub(super) fn new(
        options: HttpOptions,
        make: impl Fn(&HttpSettings) -> Result<C, HttpSetupError>,
    ) -> Result<Self, CalendarPublishError> {
        let make =
            |settings| make(settings).map_err(|error| misconfigured("options", error.reason));
        let (public, allowed) = options.settings();
        Ok(Self {
            public: make(&public)?,
            allowed: allowed.as_ref().map(make).transpose()?,
            origins: options.allowed_origins,
        })
    }

    /// The client that may call `url`.
    pub(super) fn of(&self, url: &str) -> &C {
        let is_at = |origin: &String| {
            let path = url.strip_prefix(origin.trim_end_matches('/'));
            path.is_some_and(|path| path.is_empty() || path.starts_with(['/', '?', '#']))
        };
        match &self.allowed {
            Some(client) if self.origins.iter().any(is_at) => client,
            _ => &self.public,
        }
    }
}

struct Native(Clients<ReqwestTransport>);

#[async_trait]
impl HttpTransport for Native {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let client = self.0.of(&request.url);
        Ok(ports::HttpTransport::send(client, request).await?)
    }
}

/// The ready-made transport: HTTP/1.1 with TLS, by the system's certificate authorities.
#[uniffi::export]
pub fn http_transport(
    options: HttpOptions,
) -> Result<Arc<dyn HttpTransport>, CalendarPublishError> {
    Ok(Arc::new(Native(Clients::new(
        options,
        ReqwestTransport::new,
    )?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_allowed_origin_goes_around_the_rule_of_public_addresses() {
        let clients = Clients {
            public: "public",
            allowed: Some("allowed"),
            origins: vec!["http://127.0.0.1:8080".to_owned()],
        };
        assert_eq!(*clients.of("http://127.0.0.1:8080/v2/post"), "allowed");
        assert_eq!(*clients.of("http://127.0.0.1:8080?x"), "allowed");
        for url in [
            "http://127.0.0.1:80801/",
            "http://127.0.0.1:8080@example.com/",
            "http://127.0.0.1:8080.example.com/",
            "https://127.0.0.1:8080/",
            "http://169.254.169.254/",
        ] {
            assert_eq!(*clients.of(url), "public", "{url}");
        }
    }
}
