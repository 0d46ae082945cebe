//! A request as a simulator reads it.

use std::fmt;

use calendar_publish::ports::{Header, HttpRequest, Method};
use url::Url;

/// A request with its address taken apart.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// The host, in lower case.
    pub host: String,
    /// The path, with its first slash.
    pub path: String,
    /// The query's pairs, decoded, in order.
    pub query: Vec<(String, String)>,
    /// Header lines, names in lower case.
    pub headers: Vec<Header>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// The request to `url`; `None` where that isn't an address with a host.
    pub fn read(method: Method, url: &str, headers: Vec<Header>, body: Vec<u8>) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        Some(Self {
            method,
            host: url.host_str()?.to_ascii_lowercase(),
            path: url.path().to_owned(),
            query: url.query_pairs().into_owned().collect(),
            headers,
            body,
        })
    }

    /// The request that a transport was given.
    pub fn of(request: HttpRequest) -> Option<Self> {
        Self::read(request.method, &request.url, request.headers, request.body)
    }

    /// The first header of that name, given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))
            .map(|header| header.value.as_str())
    }

    /// The value of the query's first pair of that name.
    pub fn query(&self, name: &str) -> Option<&str> {
        value_of(&self.query, name)
    }

    /// The pairs of a form body.
    pub fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// What stands behind `Bearer ` in the authorization header.
    pub fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }
}

/// The value of the first pair of that name.
pub(crate) fn value_of<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(other, _)| other == name)
        .map(|(_, value)| value.as_str())
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} https://{}{}", self.method, self.host, self.path)
    }
}
