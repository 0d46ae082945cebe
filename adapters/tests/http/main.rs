//! The transport and the media source over real sockets.
#![allow(clippy::unwrap_used, clippy::panic)]

mod answers;
mod echo;
mod media;
mod policy;
mod recording;
mod sending;
mod server;
mod tls;
mod wrong;

use std::time::Duration;

use calendar_publish::ports::{
    Header, HttpRequest, HttpResponse, HttpTransport, Method, TransportError,
};
use calendar_publish_adapters::http::{AddressPolicy, HttpSettings, ReqwestTransport};

/// Settings for servers on the loopback interface.
fn local() -> HttpSettings {
    HttpSettings::default().with_addresses(AddressPolicy::Any)
}

fn transport() -> ReqwestTransport {
    ReqwestTransport::new(&local()).unwrap()
}

fn request(method: Method, url: &str) -> HttpRequest {
    HttpRequest {
        method,
        url: url.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        deadline: Duration::from_secs(20),
    }
}

fn header(name: &str, value: &str) -> Header {
    Header {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

/// The value of the only header of that name.
fn value<'a>(response: &'a HttpResponse, name: &str) -> Option<&'a str> {
    response
        .headers
        .iter()
        .find(|header| header.name == name)
        .map(|header| header.value.as_str())
}

async fn post(url: &str, body: &[u8]) -> Result<HttpResponse, TransportError> {
    let mut request = request(Method::Post, url);
    request.body = body.to_vec();
    transport().send(request).await
}

#[track_caller]
fn not_sent(answer: &Result<HttpResponse, TransportError>) -> &str {
    match answer {
        Err(TransportError::NotSent { reason }) => reason,
        other => panic!("expected `NotSent`, got {other:?}"),
    }
}

#[track_caller]
fn no_answer(answer: &Result<HttpResponse, TransportError>) -> &str {
    match answer {
        Err(TransportError::NoAnswer { reason }) => reason,
        other => panic!("expected `NoAnswer`, got {other:?}"),
    }
}
