//! HTTP, as far as the channel adapters need it.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use super::{MaybeSend, MaybeSync};

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or starts something.
    Post,
    /// Writes the bytes of an upload.
    Put,
    /// Removes.
    Delete,
}

/// One header line.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    /// The name, in lower case.
    pub name: String,
    /// The value. It may be a token: `Debug` leaves it out.
    pub value: String,
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: …", self.name)
    }
}

/// A request. `Debug` shows neither query, header values nor body: tokens travel there.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// What it does.
    pub method: Method,
    /// The address, absolute.
    pub url: String,
    /// Header lines.
    pub headers: Vec<Header>,
    /// The body; empty where there is none.
    pub body: Vec<u8>,
    /// How long the whole exchange may take before it counts as unanswered.
    pub deadline: Duration,
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.url.split(['?', '#']).next().unwrap_or_default();
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &address)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.len())
            .field("deadline", &self.deadline)
            .finish()
    }
}

/// An answer. One of 500 is an answer too.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// Header lines.
    pub headers: Vec<Header>,
    /// The body. It may hold tokens: `Debug` leaves it out.
    pub body: Vec<u8>,
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// Why there is no answer. What matters is whether the request may have taken effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeserializeTagged, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum TransportError {
    /// No byte of the request left: it certainly had no effect.
    #[error("the request wasn't sent: {reason}")]
    NotSent {
        /// Why, for developers, without address or token.
        reason: String,
    },
    /// The request left and no (whole) answer came: it may have taken effect.
    #[error("the request wasn't answered: {reason}")]
    NoAnswer {
        /// Why, for developers, without address or token.
        reason: String,
    },
    /// The address must not be called: not `https`, or inside the host's own network.
    #[error("the address isn't allowed: {reason}")]
    AddressForbidden {
        /// Which rule it breaks.
        reason: String,
    },
}

/// Whatever speaks HTTP. It follows no redirect (one of those is an answer), retries nothing and keeps
/// nothing: no cookies, no cache. `conformance::transport_suite` (feature `conformance`) holds anyone's
/// to that.
#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
pub trait HttpTransport: MaybeSend + MaybeSync {
    /// Sends one request. Any status is `Ok`; `Err` means that there is no answer.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_token() {
        let request = HttpRequest {
            method: Method::Post,
            url: "https://graph.instagram.com/me?access_token=SECRET".to_owned(),
            headers: vec![Header {
                name: "authorization".to_owned(),
                value: "Bearer SECRET".to_owned(),
            }],
            body: b"client_secret=SECRET".to_vec(),
            deadline: Duration::from_secs(30),
        };
        let response = HttpResponse {
            status: 200,
            headers: request.headers.clone(),
            body: request.body.clone(),
        };
        let shown = format!("{request:?} {response:?}");
        assert!(shown.contains("https://graph.instagram.com/me"));
        assert!(!shown.contains("SECRET"), "{shown}");
    }
}
