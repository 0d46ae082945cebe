//! The transport: secrets are collected here, and here the platforms go wrong.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use calendar_publish::ports::{Header, HttpRequest, HttpResponse, HttpTransport, TransportError};
use serde_json::{Value, json};

use crate::haystack::{Haystack, Secrets};

/// How an exchange goes wrong. Every answer repeats all that was asked, secrets too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// The request took effect, and its answer is lost.
    Lost,
    /// It never left.
    NotSent,
    /// A page of HTML from whoever stands before the platform.
    Html,
    /// The platform refuses, permanently.
    Refused,
    /// The platform refuses, and what it calls codes are what was asked too.
    Garbled,
    /// The token isn't valid any more.
    Token,
    /// Too many calls.
    Limited,
    /// The request took effect, and nobody can read the answer.
    Unreadable,
}

impl Mishap {
    pub(crate) const ALL: [Self; 8] = [
        Self::Lost,
        Self::NotSent,
        Self::Html,
        Self::Refused,
        Self::Garbled,
        Self::Token,
        Self::Limited,
        Self::Unreadable,
    ];
}

/// Between the library and the simulators.
pub(crate) struct Wire {
    inner: Arc<dyn HttpTransport>,
    secrets: Secrets,
    haystack: Haystack,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    exchanges: u32,
    /// At which exchange from now on what goes wrong.
    planned: Option<(u32, Mishap)>,
}

impl Wire {
    pub(crate) fn new(
        inner: Arc<dyn HttpTransport>,
        secrets: Secrets,
        haystack: Haystack,
    ) -> Arc<Self> {
        Arc::new(Self {
            inner,
            secrets,
            haystack,
            state: Mutex::default(),
        })
    }

    /// Lets the `number`th exchange from now on go wrong, and no other.
    pub(crate) fn plan(&self, number: u32, mishap: Mishap) {
        *self.state.lock().unwrap() = State {
            exchanges: 0,
            planned: Some((number, mishap)),
        };
    }

    /// Nothing goes wrong any more, and exchanges are counted from here.
    pub(crate) fn calm(&self) {
        *self.state.lock().unwrap() = State::default();
    }

    pub(crate) fn exchanges(&self) -> u32 {
        self.state.lock().unwrap().exchanges
    }

    /// What a browser is answered, whatever goes wrong for others.
    pub(crate) async fn browse(&self, request: HttpRequest) -> HttpResponse {
        self.collect(&request.url, &request.headers, &request.body);
        let answer = self.inner.send(request).await.unwrap();
        self.collect("", &answer.headers, &answer.body);
        answer
    }

    fn next(&self) -> Option<Mishap> {
        let mut state = self.state.lock().unwrap();
        state.exchanges += 1;
        let (number, mishap) = state.planned?;
        (number == state.exchanges).then_some(mishap)
    }

    /// Everything secret in a request or an answer.
    fn collect(&self, url: &str, headers: &[Header], body: &[u8]) {
        self.address(url);
        for Header { name, value } in headers {
            if name == "authorization" {
                self.secrets.add(value.split_once(' ').unwrap().1);
            }
            if name == "location" {
                self.address(value);
            }
        }
        if let Ok(json) = serde_json::from_slice::<Value>(body) {
            self.json("", &json);
        } else if body.len() < 100_000 {
            for (name, value) in form_urlencoded::parse(body) {
                self.named(&name, &value);
            }
        }
    }

    fn address(&self, url: &str) {
        let Some((address, query)) = url.split_once('?') else {
            return;
        };
        // The address of an upload, and of a file, is its own authorisation.
        if address.contains("upload") || address.starts_with(crate::world::MEDIA) {
            self.secrets.add(query);
        }
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            self.named(&name, &value);
        }
    }

    fn json(&self, name: &str, value: &Value) {
        match value {
            Value::Object(fields) => fields
                .iter()
                .for_each(|(name, value)| self.json(name, value)),
            Value::Array(items) => items.iter().for_each(|item| self.json(name, item)),
            Value::String(text) => self.named(name, text),
            _ => {}
        }
    }

    fn named(&self, name: &str, value: &str) {
        const NAMES: [&str; 12] = [
            "access_token",
            "appsecret_proof",
            "client_secret",
            "code",
            "code_verifier",
            "fb_exchange_token",
            "long_lived_token",
            "refresh_token",
            "signature",
            "state",
            "token",
            "upload_token",
        ];
        // `code` is also what the platforms call the number or name of an error.
        let is_error = name == "code" && !value.contains("code.") && !value.starts_with("AQD-");
        if NAMES.contains(&name) && !is_error {
            self.secrets.add(value);
        }
        if value.starts_with("https://") {
            self.address(value);
        }
    }
}

#[async_trait]
impl HttpTransport for Wire {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.collect(&request.url, &request.headers, &request.body);
        self.haystack.debug("request", &request);
        let mishap = self.next();
        let asked = request.clone();
        let happens = matches!(mishap, None | Some(Mishap::Lost | Mishap::Unreadable));
        let mut answer = Err(TransportError::NotSent {
            reason: "refused".to_owned(),
        });
        if happens {
            answer = self.inner.send(request).await;
            if let Ok(response) = &answer {
                self.collect("", &response.headers, &response.body);
            }
        }
        let answer = match mishap {
            None => answer,
            Some(mishap) => wrong(mishap, &asked, answer.ok()),
        };
        match &answer {
            Ok(response) => self.haystack.debug("response", response),
            Err(error) => self.haystack.error("transport error", error),
        }
        answer
    }
}

fn wrong(
    mishap: Mishap,
    asked: &HttpRequest,
    answer: Option<HttpResponse>,
) -> Result<HttpResponse, TransportError> {
    let mut dump = format!("{:?} {}", asked.method, asked.url);
    for Header { name, value } in &asked.headers {
        dump.push_str(&format!("\n{name}: {value}"));
    }
    dump.push_str("\n\n");
    let length = asked.body.len().min(4_000);
    dump.push_str(&String::from_utf8_lossy(&asked.body[..length]));
    // What an answer that can't be read holds is asked to be kept secret as well.
    let told = answer.map(|answer| String::from_utf8_lossy(&answer.body).into_owned());
    let token = asked
        .headers
        .iter()
        .find(|header| header.name == "authorization");
    let token = token.map_or_else(
        || form(asked).unwrap_or_else(|| "nothing".to_owned()),
        |header| header.value.rsplit(' ').next().unwrap().to_owned(),
    );
    let is_graph = asked.url.contains("facebook.com") || asked.url.contains("instagram.com");
    let is_oauth = asked.url.contains("/oauth/");
    let error = |status, name: &str, number: u32, id: &str| {
        let body = if is_graph {
            json!({ "error_type": name, "error_message": dump, "error": {
                "message": dump, "type": name, "code": number, "error_subcode": 0,
                "error_user_title": dump, "error_user_msg": dump, "fbtrace_id": id } })
        } else if is_oauth {
            json!({ "error": name, "error_description": dump, "log_id": id })
        } else {
            json!({ "data": {}, "error": { "code": name, "message": dump, "log_id": id } })
        };
        respond(status, "application/json", body.to_string(), id)
    };
    match mishap {
        Mishap::Lost => Err(TransportError::NoAnswer {
            reason: "the connection was closed".to_owned(),
        }),
        Mishap::NotSent => Err(TransportError::NotSent {
            reason: "no route".to_owned(),
        }),
        Mishap::Html => respond(
            502,
            "text/html",
            format!("<html><pre>{dump}</pre></html>"),
            "id",
        ),
        Mishap::Refused if is_oauth => error(400, "invalid_grant", 100, "trace"),
        Mishap::Refused => error(400, "invalid_params", 100, "trace"),
        Mishap::Garbled => error(400, &token, 100, &token),
        Mishap::Token => error(401, "access_token_invalid", 190, "trace"),
        Mishap::Limited => error(429, "rate_limit_exceeded", 4, "trace"),
        Mishap::Unreadable => {
            let told = told.unwrap_or_default();
            respond(200, "application/json", format!("{{{told}{dump}"), &token)
        }
    }
}

/// The token that stands in a form or a query.
fn form(asked: &HttpRequest) -> Option<String> {
    let query = asked.url.split_once('?').map_or("", |(_, query)| query);
    let pairs = form_urlencoded::parse(query.as_bytes()).chain(form_urlencoded::parse(&asked.body));
    let mut tokens = pairs.filter(|(name, _)| name.contains("token") || name == "client_secret");
    Some(tokens.next()?.1.into_owned())
}

fn respond(
    status: u16,
    content_type: &str,
    body: String,
    id: &str,
) -> Result<HttpResponse, TransportError> {
    let header = |name: &str, value: &str| Header {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    Ok(HttpResponse {
        status,
        headers: vec![
            header("content-type", content_type),
            header("x-fb-trace-id", id),
            header("x-tt-logid", id),
            header("retry-after", "30"),
        ],
        body: body.into_bytes(),
    })
}
