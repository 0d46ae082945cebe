//! What a host may choose.

use std::time::Duration;

use rustls::pki_types::CertificateDer;

use super::AddressPolicy;

/// The largest answer that is taken if nothing else is said. The platforms' answers have some kilobytes.
const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// How long opening a connection may take if nothing else is said. It is shared by all addresses of a name.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long reading one range of a file may take if nothing else is said: 64 MB, TikTok's largest
/// chunk, at a little more than 4 Mbit/s.
const READ_DEADLINE: Duration = Duration::from_secs(120);

/// How [`ReqwestTransport`](super::ReqwestTransport) and [`HttpMedia`](super::HttpMedia) behave. The
/// default is meant for production: `https` to public addresses only.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    pub(super) addresses: AddressPolicy,
    pub(super) max_answer_bytes: usize,
    pub(super) connect_timeout: Duration,
    pub(super) read_deadline: Duration,
    pub(super) root_certificates: Vec<CertificateDer<'static>>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            addresses: AddressPolicy::PublicOnly,
            max_answer_bytes: MAX_ANSWER_BYTES,
            connect_timeout: CONNECT_TIMEOUT,
            read_deadline: READ_DEADLINE,
            root_certificates: Vec::new(),
        }
    }
}

impl HttpSettings {
    /// Which addresses may be called; [`AddressPolicy::PublicOnly`] by default.
    #[must_use]
    pub const fn with_addresses(mut self, addresses: AddressPolicy) -> Self {
        self.addresses = addresses;
        self
    }

    /// How many bytes an answer's body may have; 8 MiB by default. A larger one isn't kept, and its request
    /// counts as unanswered, since it took effect. [`HttpMedia`](super::HttpMedia) has its own
    /// bound: what is asked for.
    #[must_use]
    pub const fn with_max_answer_bytes(mut self, bytes: usize) -> Self {
        self.max_answer_bytes = bytes;
        self
    }

    /// How long resolving a name, connecting and the TLS handshake may take together; 10 s by default. A
    /// request's own deadline counts too, whichever is shorter.
    #[must_use]
    pub const fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long [`HttpMedia`](super::HttpMedia) may take to read one range; 120 s by default. Requests of a
    /// transport bring their own deadline.
    #[must_use]
    pub const fn with_read_deadline(mut self, deadline: Duration) -> Self {
        self.read_deadline = deadline;
        self
    }

    /// Trusts this certificate authority beside the system's: an X.509 certificate in DER form. For hosts
    /// behind an inspecting proxy, and for tests. Call it once for each certificate.
    #[must_use]
    pub fn with_root_certificate(mut self, der: Vec<u8>) -> Self {
        self.root_certificates.push(CertificateDer::from(der));
        self
    }
}

/// Why no client could be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the HTTP client can't be set up: {reason}")]
pub struct HttpSetupError {
    /// Why, for developers: no certificate authorities on this machine, or one given that can't be read.
    pub reason: String,
}
