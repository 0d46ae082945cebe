//! Simulators without sockets.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::ports::{HttpRequest, HttpResponse, HttpTransport, TransportError};

use crate::{Answer, Request, Simulator};

/// A transport on which the platforms' own addresses lead to simulators, without a socket and without a
/// runtime: for deterministic tests on any executor.
#[derive(Clone)]
pub struct InProcess {
    simulators: Vec<Arc<dyn Simulator>>,
}

impl InProcess {
    /// A transport that reaches these simulators and nothing else.
    pub fn new(simulators: Vec<Arc<dyn Simulator>>) -> Self {
        Self { simulators }
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts: Vec<_> = self
            .simulators
            .iter()
            .map(|simulator| simulator.hosts())
            .collect();
        f.debug_tuple("InProcess").field(&hosts).finish()
    }
}

#[async_trait]
impl HttpTransport for InProcess {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let not_sent = |reason: &str| TransportError::NotSent {
            reason: reason.to_owned(),
        };
        let request = Request::of(request).ok_or_else(|| not_sent("not an address"))?;
        let simulator = self
            .simulators
            .iter()
            .find(|simulator| {
                simulator
                    .hosts()
                    .iter()
                    .any(|host| fits(host, &request.host))
            })
            .ok_or_else(|| not_sent("no such host"))?;
        match simulator.answer(request).await {
            Answer::Response(response) => Ok(response),
            Answer::Lost => Err(TransportError::NoAnswer {
                reason: "the connection was closed".to_owned(),
            }),
        }
    }
}

fn fits(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('.') {
        Some(_) => host.ends_with(pattern),
        None => host == pattern,
    }
}
