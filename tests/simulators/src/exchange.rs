//! A request, and what becomes of it.

use async_trait::async_trait;
use calendar_publish::ports::{Header, HttpResponse};

use crate::Request;

/// What a caller gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// An answer.
    Response(HttpResponse),
    /// The connection is closed without one. Whatever the request did stays done.
    Lost,
}

impl Answer {
    /// A JSON document.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::body(status, "application/json", body.to_string().into_bytes())
    }

    /// Any other body.
    pub fn body(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self::Response(HttpResponse {
            status,
            headers: vec![Header {
                name: "content-type".to_owned(),
                value: content_type.to_owned(),
            }],
            body,
        })
    }

    /// The same answer with one more header line; a lost one stays lost.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        if let Self::Response(response) = &mut self {
            response.headers.push(Header {
                name: name.to_owned(),
                value: value.into(),
            });
        }
        self
    }
}

/// A platform that answers requests.
#[async_trait]
pub trait Simulator: Send + Sync {
    /// The hosts it plays: `open.tiktokapis.com`… A name that begins with `.` stands for all below it.
    fn hosts(&self) -> Vec<&'static str>;

    /// Tells the simulator where it is served, so that addresses that it hands out lead back to it: a request for
    /// `https://HOST/path` comes in at `ORIGIN/HOST/path`.
    fn served_at(&self, origin: &str);

    /// Takes a request, whose address is that of the real platform.
    async fn answer(&self, request: Request) -> Answer;
}
