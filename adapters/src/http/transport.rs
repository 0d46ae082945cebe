//! The transport.

use async_trait::async_trait;
use calendar_publish::ports::{
    Header, HttpRequest, HttpResponse, HttpTransport, Method, TransportError,
};
use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use reqwest::{Body, Client, Request};
use tokio::time::timeout;
use url::Url;

use super::failure::transport_error;
use super::tracked_body::{Departure, TrackedBody};
use super::{AddressPolicy, HttpSettings, HttpSetupError, client};

/// How much memory is reserved for an answer before any of its body has come, however long it claims
/// to be.
const MAX_RESERVED_BYTES: u64 = 64 * 1024;

/// [`HttpTransport`] over `reqwest`, for servers and desktops. It needs tokio.
///
/// It follows no redirect (one of those is an answer), retries nothing, keeps no cookies, asks no proxy, and
/// gives a request up with its deadline, whatever it is waiting for. Its errors tell what didn't leave
/// from what wasn't answered. Clones share their connections.
///
/// The one thing that is done again is looking for a connection: one that idled and turns out closed
/// before anything was written to it is replaced.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: Client,
    addresses: AddressPolicy,
    max_answer_bytes: usize,
}

impl ReqwestTransport {
    /// A transport with connections of its own. Make one and share it: this reads the system's certificate
    /// authorities.
    ///
    /// # Errors
    /// Where there are none, or a given one can't be read.
    pub fn new(settings: &HttpSettings) -> Result<Self, HttpSetupError> {
        Ok(Self {
            client: client::build(settings)?,
            addresses: settings.addresses,
            max_answer_bytes: settings.max_answer_bytes,
        })
    }

    async fn exchange(
        &self,
        request: Request,
        departure: &Departure,
    ) -> Result<HttpResponse, TransportError> {
        let failed = |error| transport_error(error, departure);
        let mut response = self.client.execute(request).await.map_err(failed)?;
        let status = response.status().as_u16();
        let headers = response.headers().iter().map(header).collect();
        let claimed = response.content_length().unwrap_or(0);
        let too_large = || TransportError::NoAnswer {
            reason: format!("its answer has more than {} bytes", self.max_answer_bytes),
        };
        if claimed > self.max_answer_bytes as u64 {
            return Err(too_large());
        }
        let mut body = Vec::with_capacity(claimed.min(MAX_RESERVED_BYTES) as usize);
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if chunk.len() > self.max_answer_bytes - body.len() {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(HttpResponse {
            status,
            headers,
            body,
        })
    }
}

#[async_trait]
impl HttpTransport for ReqwestTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let deadline = request.deadline;
        let (request, departure) = translate(request, self.addresses)?;
        // What is waited for is dropped first; only then is it certain whether it has left.
        match timeout(deadline, self.exchange(request, &departure)).await {
            Ok(answer) => answer,
            Err(_) if departure.prevent() => Err(not_sent("no connection by the deadline")),
            Err(_) => Err(TransportError::NoAnswer {
                reason: "no whole answer by the deadline".to_owned(),
            }),
        }
    }
}

/// The client's request; the address is checked as far as it can be without resolving a name.
fn translate(
    request: HttpRequest,
    addresses: AddressPolicy,
) -> Result<(Request, Departure), TransportError> {
    let url = Url::parse(&request.url).map_err(|error| not_sent(&error.to_string()))?;
    addresses
        .check_url(&url)
        .map_err(|forbidden| TransportError::AddressForbidden {
            reason: forbidden.to_string(),
        })?;
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    };
    let headers = header_map(request.headers, request.body.len())?;
    let is_announced = matches!(request.method, Method::Post | Method::Put);
    let (body, departure) = TrackedBody::new(request.body, is_announced);
    let mut request = Request::new(method, url);
    *request.headers_mut() = headers;
    *request.body_mut() = Some(Body::wrap(body));
    Ok((request, departure))
}

/// The header lines; those that say where the body ends are the client's own.
fn header_map(headers: Vec<Header>, body_bytes: usize) -> Result<HeaderMap, TransportError> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for Header { name, value } in headers {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| not_sent("a header's name can't be sent"))?;
        // The value stays out of the reason: it may be a token.
        let mut value = HeaderValue::from_str(&value)
            .map_err(|_| not_sent(&format!("the value of `{name}` can't be sent")))?;
        value.set_sensitive(true);
        if name == TRANSFER_ENCODING {
            return Err(not_sent("`transfer-encoding` is the transport's"));
        }
        if name == CONTENT_LENGTH {
            // Another length would make the rest of the body a request of its own.
            if value != body_bytes.to_string() {
                return Err(not_sent("`content-length` isn't the body's length"));
            }
        } else {
            map.append(name, value);
        }
    }
    Ok(map)
}

fn header((name, value): (&HeaderName, &HeaderValue)) -> Header {
    Header {
        name: name.as_str().to_owned(),
        value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
    }
}

fn not_sent(reason: &str) -> TransportError {
    TransportError::NotSent {
        reason: reason.to_owned(),
    }
}
