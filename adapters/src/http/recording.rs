//! Writing down what was said, without its secrets.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use calendar_publish::ledger::redact;
use calendar_publish::ports::{HttpRequest, HttpResponse, HttpTransport, Method, TransportError};
use serde::Serialize;

use super::redaction::{
    REDACTED, ShownBody, ShownHeader, Side, secrets_of, shown_body, shown_headers, shown_url,
};

/// A transport that gives each exchange to a sink as one line of JSON, for finding out what a platform
/// really says.
///
/// Left out of the lines are: header lines, pairs of queries and forms, and fields of JSON that are
/// named a token, key, signature, password, cookie or one of OAuth's codes; the query of every
/// address in any value; the whole query of a request that carries a file (its address is
/// signed); whatever looks like a token; what the request held under such a name, wherever the answer
/// repeats it; e-mail addresses. Files are shown as their size and
/// SHA-256, as are texts above 16 KiB. A secret that neither its name nor its looks give away
/// can't be told from other text: keep recordings as carefully as logs.
///
/// A line has the fields `request` (`method`, `url`, `headers`, `body`), then `response` (`status`,
/// `headers`, `body`) or `error`, and `millis`. Lines come in the order in which exchanges end; one whose
/// caller stops waiting has none.
///
/// ```
/// use std::io::Write as _;
/// use std::sync::{Arc, Mutex};
///
/// use calendar_publish::ports::HttpTransport;
/// use calendar_publish_adapters::http::Recording;
///
/// fn recorded(transport: Arc<dyn HttpTransport>, file: std::fs::File) -> impl HttpTransport {
///     let file = Mutex::new(file);
///     Recording::new(transport, move |line| {
///         if let Ok(mut file) = file.lock() {
///             // An exchange mustn't fail because the disk is full.
///             let _ = writeln!(file, "{line}");
///         }
///     })
/// }
/// ```
pub struct Recording {
    transport: Arc<dyn HttpTransport>,
    sink: Box<dyn Fn(&str) + Send + Sync>,
}

impl Recording {
    /// Records what goes through `transport`. The sink is called on the task that sends, with a line
    /// without its end.
    pub fn new(
        transport: Arc<dyn HttpTransport>,
        sink: impl Fn(&str) + Send + Sync + 'static,
    ) -> Self {
        Self {
            transport,
            sink: Box::new(sink),
        }
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording").finish_non_exhaustive()
    }
}

#[async_trait]
impl HttpTransport for Recording {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let shown = ShownRequest::of(&request);
        let secrets = secrets_of(&request);
        let start = Instant::now();
        let answer = self.transport.send(request).await;
        let exchange = Exchange {
            request: shown,
            response: answer.as_ref().ok().map(ShownResponse::of),
            error: answer
                .as_ref()
                .err()
                .map(|error| redact(&error.to_string())),
            millis: start.elapsed().as_millis(),
        };
        // What has only texts, numbers and JSON in it can be written as JSON.
        if let Ok(mut line) = serde_json::to_string(&exchange) {
            for secret in &secrets {
                line = line.replace(secret, REDACTED);
            }
            (self.sink)(&line);
        }
        answer
    }
}

#[derive(Serialize)]
struct Exchange {
    request: ShownRequest,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<ShownResponse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    millis: u128,
}

#[derive(Serialize)]
struct ShownRequest {
    method: &'static str,
    url: String,
    headers: Vec<ShownHeader>,
    body: Option<ShownBody>,
}

impl ShownRequest {
    fn of(request: &HttpRequest) -> Self {
        let body = shown_body(Side::Request, &request.headers, &request.body);
        let uploads =
            request.method == Method::Put || matches!(body, Some(ShownBody::Opaque { .. }));
        Self {
            method: match request.method {
                Method::Get => "GET",
                Method::Post => "POST",
                Method::Put => "PUT",
                Method::Delete => "DELETE",
            },
            url: shown_url(&request.url, uploads),
            headers: shown_headers(&request.headers),
            body,
        }
    }
}

#[derive(Serialize)]
struct ShownResponse {
    status: u16,
    headers: Vec<ShownHeader>,
    body: Option<ShownBody>,
}

impl ShownResponse {
    fn of(response: &HttpResponse) -> Self {
        Self {
            status: response.status,
            headers: shown_headers(&response.headers),
            body: shown_body(Side::Response, &response.headers, &response.body),
        }
    }
}
