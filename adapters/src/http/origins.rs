//! Addresses that a host allows beside the public ones.

use async_trait::async_trait;
use calendar_publish::ports::{
    HttpRequest, HttpResponse, HttpTransport, MediaChunk, MediaError, MediaRange, MediaSource,
    TransportError,
};

use super::{AddressPolicy, HttpMedia, HttpSettings, HttpSetupError, ReqwestTransport};

/// A client for public addresses, and one for the origins (`http://127.0.0.1:8080`) that may be called
/// although they aren't public, such as a simulator's. It is a transport or a media source, as its clients
/// are.
///
/// ```
/// use calendar_publish_adapters::http::{AllowedOrigins, HttpSettings, ReqwestTransport};
///
/// let origins = vec!["http://127.0.0.1:8080".to_owned()];
/// let transport = AllowedOrigins::new(HttpSettings::default(), origins, ReqwestTransport::new)?;
/// # let _ = transport;
/// # Ok::<(), calendar_publish_adapters::http::HttpSetupError>(())
/// ```
#[derive(Clone, Debug)]
pub struct AllowedOrigins<C> {
    public: C,
    allowed: Option<C>,
    origins: Vec<String>,
}

impl<C> AllowedOrigins<C> {
    /// Both clients, made with `settings` but for which addresses they may call.
    ///
    /// # Errors
    /// What `make` says.
    pub fn new(
        settings: HttpSettings,
        origins: Vec<String>,
        make: impl Fn(&HttpSettings) -> Result<C, HttpSetupError>,
    ) -> Result<Self, HttpSetupError> {
        let allowed = match origins.is_empty() {
            true => None,
            false => Some(make(&settings.clone().with_addresses(AddressPolicy::Any))?),
        };
        Ok(Self {
            public: make(&settings.with_addresses(AddressPolicy::PublicOnly))?,
            allowed,
            origins,
        })
    }

    /// The client that may call `url`.
    fn of(&self, url: &str) -> &C {
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

#[async_trait]
impl HttpTransport for AllowedOrigins<ReqwestTransport> {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.of(&request.url).send(request).await
    }
}

#[async_trait]
impl MediaSource for AllowedOrigins<HttpMedia> {
    async fn read(&self, range: MediaRange) -> Result<MediaChunk, MediaError> {
        self.of(&range.url).read(range).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_allowed_origin_goes_around_the_rule_of_public_addresses() {
        let clients = AllowedOrigins {
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
