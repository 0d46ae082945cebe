//! A simulator with one account, and a caller who speaks HTTP to it.

use std::sync::Arc;
use std::time::Duration;

use calendar_publish::memory::ManualClock;
use calendar_publish::ports::{
    Header, HttpRequest, HttpResponse, HttpTransport, Method, TransportError,
};
use calendar_publish_simulators::instagram::{Account, Flavour, InstagramSimulator};
use calendar_publish_simulators::sample::jpeg;
use calendar_publish_simulators::{InProcess, MediaShelf, ShelvedFile};
use chrono::TimeDelta;
use futures_executor::block_on;
use serde_json::Value;

pub(crate) const ACCOUNT: &str = "17841499000000001";
pub(crate) const GRAPH: &str = "https://graph.instagram.com/v25.0";
pub(crate) const FACEBOOK: &str = "https://graph.facebook.com/v25.0";

pub(crate) struct Bench {
    pub(crate) instagram: Arc<InstagramSimulator>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) shelf: MediaShelf,
    pub(crate) token: String,
    transport: InProcess,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::new("2026-11-20T10:00:00Z".parse().unwrap()));
        let shelf = MediaShelf::default();
        for name in ["bun", "s", "1", "3"] {
            let url = format!("https://cdn.test/{name}.jpg");
            shelf.put(&url, ShelvedFile::new("image/jpeg", jpeg(1080, 1080)));
        }
        let instagram = InstagramSimulator::new(clock.clone(), Arc::new(shelf.clone()));
        instagram.add_account(Account::new(ACCOUNT, "bakery.demo"));
        let permissions = Flavour::Instagram.publishing_permissions();
        let token = instagram.grant(ACCOUNT, Flavour::Instagram, permissions);
        Self {
            transport: InProcess::new(vec![instagram.clone()]),
            instagram,
            clock,
            shelf,
            token,
        }
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }

    pub(crate) fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<HttpResponse, TransportError> {
        let headers = headers.iter().map(|(name, value)| Header {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        });
        block_on(self.transport.send(HttpRequest {
            method,
            url: url.to_owned(),
            headers: headers.collect(),
            body: body.to_vec(),
            deadline: Duration::from_secs(30),
        }))
    }

    /// Status and JSON of a GET with the account's token.
    pub(crate) fn get(&self, url: &str) -> (u16, Value) {
        self.get_as(&self.token, url)
    }

    pub(crate) fn get_as(&self, token: &str, url: &str) -> (u16, Value) {
        let bearer = format!("Bearer {token}");
        json(self.send(Method::Get, url, &[("authorization", &bearer)], &[]))
    }

    /// Status and JSON of a POST of a form with the account's token.
    pub(crate) fn post(&self, url: &str, form: &str) -> (u16, Value) {
        self.post_as(&self.token, url, form)
    }

    pub(crate) fn post_as(&self, token: &str, url: &str, form: &str) -> (u16, Value) {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        json(self.send(Method::Post, url, &headers, form.as_bytes()))
    }

    /// Creates a container, which must work.
    pub(crate) fn create(&self, form: &str) -> String {
        let (status, body) = self.post(&format!("{GRAPH}/{ACCOUNT}/media"), form);
        assert_eq!(status, 200, "{body}");
        body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn image(&self) -> String {
        self.create("image_url=https%3A%2F%2Fcdn.test%2Fbun.jpg&caption=Fresh%20buns%20%23bakery")
    }

    pub(crate) fn status(&self, container: &str) -> Value {
        let (status, body) = self.get(&format!("{GRAPH}/{container}?fields=status_code,status"));
        assert_eq!(status, 200, "{body}");
        body
    }

    pub(crate) fn status_code(&self, container: &str) -> String {
        self.status(container)["status_code"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) fn publish(&self, container: &str) -> (u16, Value) {
        let url = format!("{GRAPH}/{ACCOUNT}/media_publish");
        self.post(&url, &format!("creation_id={container}"))
    }

    /// A container that is finished.
    pub(crate) fn finished_image(&self) -> String {
        let container = self.image();
        self.wait(60);
        assert_eq!(self.status_code(&container), "FINISHED");
        container
    }
}

pub(crate) fn json(answer: Result<HttpResponse, TransportError>) -> (u16, Value) {
    let answer = answer.unwrap();
    let body = serde_json::from_slice(&answer.body)
        .unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&answer.body)));
    (answer.status, body)
}

/// Code and sub-code of an error.
pub(crate) fn error((_, body): (u16, Value)) -> (i64, Option<u64>) {
    let error = &body["error"];
    let code = error["code"]
        .as_i64()
        .unwrap_or_else(|| panic!("no error: {body}"));
    (code, error["error_subcode"].as_u64())
}
