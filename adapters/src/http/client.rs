//! The client that transport and media share their set-up of.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls_platform_verifier::Verifier;

use super::address::CheckedResolver;
use super::{HttpSettings, HttpSetupError};

/// How many idle connections a host may keep open to one platform.
const IDLE_CONNECTIONS: usize = 4;

/// How long a connection may idle. Front ends close theirs after a minute or more; one that is closed
/// before isn't found dead by a request.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// A client that does what it is told and nothing else.
///
/// Features of `reqwest` are united over a whole program. What another crate may switch on (HTTP/2,
/// decompression, the system's proxy) is therefore switched off here by name: a proxy would resolve
/// names that nobody checked, and a decompressed body has other ranges than the file.
pub(super) fn build(settings: &HttpSettings) -> Result<Client, HttpSetupError> {
    Client::builder()
        .tls_backend_preconfigured(tls(settings)?)
        .dns_resolver(CheckedResolver::new(settings.addresses))
        .connect_timeout(settings.connect_timeout)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .http1_only()
        .build()
        .map_err(setup)
}

/// TLS with the system's certificate authorities. The provider of cryptography is handed over, so that
/// none has to be installed for the process, where a host may have its own.
fn tls(settings: &HttpSettings) -> Result<ClientConfig, HttpSetupError> {
    let provider = Arc::new(ring::default_provider());
    let verifier = verifier(settings, Arc::clone(&provider))?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(setup)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(not(target_os = "android"))]
fn verifier(
    settings: &HttpSettings,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, HttpSetupError> {
    let roots = settings.root_certificates.iter().cloned();
    Verifier::new_with_extra_roots(roots, provider).map_err(setup)
}

/// Android's verifier takes no further authorities.
#[cfg(target_os = "android")]
fn verifier(
    settings: &HttpSettings,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, HttpSetupError> {
    if !settings.root_certificates.is_empty() {
        return Err(setup(
            "Android takes certificate authorities from its settings only",
        ));
    }
    Verifier::new(provider).map_err(setup)
}

fn setup(error: impl ToString) -> HttpSetupError {
    HttpSetupError {
        reason: error.to_string(),
    }
}
