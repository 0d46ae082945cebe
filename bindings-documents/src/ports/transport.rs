//! A host's HTTP.

use async_trait::async_trait;
use calendar_publish::ports::{
    Header, HttpRequest, HttpResponse, HttpTransport, Method, TransportError,
};
use serde::{Deserialize, Serialize};

use super::BytesPort;
use crate::document::write;

/// A header line. Its value may be a token.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_debug_implementations)]
pub struct HeaderLine {
    /// The name, in lower case.
    pub name: String,
    /// The value.
    pub value: String,
}

/// A request, but for its body.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_debug_implementations)]
pub struct RequestHead {
    /// What it does.
    pub method: Method,
    /// The address, absolute. It may hold a token.
    pub url: String,
    /// Header lines.
    pub headers: Vec<HeaderLine>,
    /// How long the whole exchange may take before it counts as unanswered, in milliseconds.
    pub deadline_millis: u64,
}

/// An answer, but for its body.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_debug_implementations)]
pub struct ResponseHead {
    /// The status.
    pub status: u16,
    /// Header lines.
    #[serde(default)]
    pub headers: Vec<HeaderLine>,
}

/// [`HttpTransport`] over a host's port: a [`RequestHead`] and the body in, a [`ResponseHead`] and the
/// body out.
///
/// Only a host that says so with a document, [`TransportError::NotSent`] or
/// [`TransportError::AddressForbidden`], is believed that no byte left. Whatever else it throws, and an
/// answer that can't be read, is [`TransportError::NoAnswer`]: the request may have taken effect.
#[derive(Clone, Debug)]
pub struct DocumentTransport<P>(P);

impl<P: BytesPort> DocumentTransport<P> {
    /// HTTP that `port` speaks.
    pub const fn new(port: P) -> Self {
        Self(port)
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl<P: BytesPort> HttpTransport for DocumentTransport<P> {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let lines = request.headers.into_iter();
        let head = RequestHead {
            method: request.method,
            url: request.url,
            headers: lines
                .map(|Header { name, value }| HeaderLine { name, value })
                .collect(),
            deadline_millis: u64::try_from(request.deadline.as_millis()).unwrap_or(u64::MAX),
        };
        let head = write(&head).map_err(|error| TransportError::NotSent {
            reason: error.to_string(),
        })?;
        let answer = self.0.exchange(head, request.body).await;
        let answer = answer.map_err(|failure| {
            failure
                .read()
                .unwrap_or_else(|reason| TransportError::NoAnswer { reason })
        })?;
        // What is wrong with the answer stays untold: it may hold a token.
        let head: ResponseHead =
            serde_json::from_str(&answer.head).map_err(|_| TransportError::NoAnswer {
                reason: "the host's answer can't be read".to_owned(),
            })?;
        let lines = head.headers.into_iter();
        Ok(HttpResponse {
            status: head.status,
            headers: lines
                .map(|HeaderLine { name, value }| Header {
                    name: name.to_ascii_lowercase(),
                    value,
                })
                .collect(),
            body: answer.body,
        })
    }
}
