//! What of an exchange may be shown.

use calendar_publish::ledger::{is_secret_name, redact, redact_json};
use calendar_publish::ports::{Header, HttpRequest};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

pub(super) const REDACTED: &str = "[redacted]";

/// The longest text that is shown.
const MAX_TEXT_BYTES: usize = 16 * 1024;

/// What OAuth calls its secrets beside tokens (RFC 6749, 7636, 8628), and Meta what it signs. In answers
/// these names mean other things: an error's `code`, a job's `state`.
const REQUEST_SECRETS: [&str; 9] = [
    "code",
    "code_verifier",
    "code_challenge",
    "device_code",
    "user_code",
    "state",
    "nonce",
    "signed_request",
    "assertion",
];

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Response,
}

impl Side {
    fn is_secret(self, name: &str) -> bool {
        let by_oauth = || {
            REQUEST_SECRETS
                .iter()
                .any(|secret| name.eq_ignore_ascii_case(secret))
        };
        is_secret_name(name) || (self == Self::Request && by_oauth())
    }
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ShownHeader {
    name: String,
    value: String,
}

pub(super) fn shown_headers(headers: &[Header]) -> Vec<ShownHeader> {
    let shown = |Header { name, value }: &Header| ShownHeader {
        name: name.clone(),
        value: if is_secret_name(name) {
            REDACTED.to_owned()
        } else {
            redact(value)
        },
    };
    headers.iter().map(shown).collect()
}

/// The address without its secrets. That of an upload is signed by its query as a whole.
pub(super) fn shown_url(url: &str, uploads: bool) -> String {
    let url = url.split('#').next().unwrap_or_default();
    match url.split_once('?') {
        Some((address, _)) if uploads => format!("{}?{REDACTED}", redact(address)),
        Some((address, query)) => {
            format!("{}?{}", redact(address), shown_pairs(Side::Request, query))
        }
        None => redact(url),
    }
}

/// The shortest value that is looked for where it has no name: a shorter one could be there by chance.
const SHORTEST_REPEATED: usize = 8;

/// What a request holds as secrets by their names: an answer may repeat them where nothing gives them away.
pub(super) fn secrets_of(request: &HttpRequest) -> Vec<String> {
    let mut secrets = Vec::new();
    for Header { name, value } in &request.headers {
        if is_secret_name(name) {
            secrets.extend(value.split_whitespace().map(str::to_owned));
        }
    }
    let query = request.url.split_once('?').map_or("", |(_, query)| query);
    let form = std::str::from_utf8(&request.body)
        .ok()
        .filter(|text| text.len() <= MAX_TEXT_BYTES)
        .unwrap_or_default();
    for pair in query.split('&').chain(form.split('&')) {
        let Some((name, value)) = form_urlencoded::parse(pair.as_bytes()).next() else {
            continue;
        };
        if Side::Request.is_secret(&name) {
            secrets.push(value.into_owned());
            secrets.extend(pair.split_once('=').map(|(_, raw)| raw.to_owned()));
        }
    }
    secrets.retain(|secret| secret.len() >= SHORTEST_REPEATED);
    // One may be the beginning of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum ShownBody {
    Json { json: Value },
    Form { form: String },
    Text { text: String },
    Opaque { bytes: usize, sha256: String },
}

/// The body, `None` where it is empty.
pub(super) fn shown_body(side: Side, headers: &[Header], body: &[u8]) -> Option<ShownBody> {
    if body.is_empty() {
        return None;
    }
    let opaque = || ShownBody::Opaque {
        bytes: body.len(),
        sha256: hex(&Sha256::digest(body)),
    };
    let text = match std::str::from_utf8(body) {
        Ok(text) if body.len() <= MAX_TEXT_BYTES => text,
        _ => return Some(opaque()),
    };
    if serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_object() || value.is_array())
    {
        return Some(match serde_json::from_str(&redact_json(text)) {
            Ok(clean) => ShownBody::Json {
                json: without_secrets(side, clean),
            },
            Err(_) => opaque(),
        });
    }
    let kind = headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-type"))
        .map(|header| header.value.to_ascii_lowercase())
        .unwrap_or_default();
    let is_form = kind.starts_with("application/x-www-form-urlencoded")
        || (text.contains('=') && !text.contains(char::is_whitespace));
    Some(if is_form {
        ShownBody::Form {
            form: shown_pairs(side, text),
        }
    } else if kind.starts_with("text/") {
        ShownBody::Text { text: redact(text) }
    } else {
        opaque()
    })
}

/// The pairs as they are written, with the values of secret ones removed.
fn shown_pairs(side: Side, query: &str) -> String {
    let shown = |pair: &str| {
        let (raw_name, raw_value) = pair.split_once('=').unwrap_or(("", pair));
        let decoded = form_urlencoded::parse(pair.as_bytes()).next();
        let (name, value) = match &decoded {
            // A pair without `=` is a name for the decoder; it could as well be a bare token.
            Some((value, _)) if !pair.contains('=') => ("", &**value),
            Some((name, value)) => (&**name, &**value),
            None => return String::new(),
        };
        let clean = redact(value);
        let shown_value = if side.is_secret(name) && !value.is_empty() {
            REDACTED
        } else if clean == value {
            raw_value
        } else {
            &clean
        };
        if pair.contains('=') {
            format!("{}={shown_value}", redact(raw_name))
        } else {
            shown_value.to_owned()
        }
    };
    query.split('&').map(shown).collect::<Vec<_>>().join("&")
}

fn without_secrets(side: Side, value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| {
                    let hidden = side.is_secret(&name) && !value.is_null() && !value.is_boolean();
                    let value = if hidden {
                        REDACTED.into()
                    } else {
                        without_secrets(side, value)
                    };
                    (name, value)
                })
                .collect(),
        ),
        Value::Array(items) => items
            .into_iter()
            .map(|item| without_secrets(side, item))
            .collect(),
        other => other,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
