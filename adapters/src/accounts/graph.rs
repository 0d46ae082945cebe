//! What Meta's hosts answer to tokens: two shapes of errors, judged by code and sub-code.
//!
//! Instagram Platform, Error Codes; Graph API, Handle Errors; Instagram API with Instagram Login, Business
//! Login: read 2026-09-11.

use serde_json::Value;

use super::oauth::{OauthError, OauthKind, Told, harmless};

/// What an answer without what was asked for is.
pub(super) fn refusal(told: &Told) -> OauthError {
    if told.status >= 500 {
        return told.by_status();
    }
    let Some(body) = &told.body else {
        return told.by_status();
    };
    match body.get("error").filter(|error| error.is_object()) {
        Some(error) => graph(told, error),
        None if body.get("error_type").is_some() => flat(told),
        None => told.by_status(),
    }
}

/// `{"error_type", "code", "error_message"}`, as the host that exchanges codes answers.
fn flat(told: &Told) -> OauthError {
    let message = told.text("error_message").unwrap_or_default();
    let message = message.to_ascii_lowercase();
    // Which refusals are the app's isn't documented: these name what only the app sends.
    let of_the_app = message.contains("client") || message.contains("redirect");
    let kind = match told.status {
        429 => OauthKind::Limited,
        _ if of_the_app => OauthKind::App,
        _ => OauthKind::Refused,
    };
    OauthError {
        retry_after: told.retry_after,
        ..OauthError::new(kind, format!("HTTP {}", told.status))
    }
}

/// `{"error": {"code", "error_subcode", …}}`.
fn graph(told: &Told, error: &Value) -> OauthError {
    let number = |name| error.get(name).and_then(Value::as_i64);
    let text = |name| error.get(name).and_then(Value::as_str).unwrap_or_default();
    let (code, subcode) = (number("code"), number("error_subcode"));
    let message = text("message").to_ascii_lowercase();
    let kind = match (code, subcode) {
        (Some(190 | 102), Some(463)) => OauthKind::Expired,
        (Some(190 | 102), Some(459 | 464 | 483)) => OauthKind::ActionRequired,
        (Some(190), _) if is_checkpoint(&message) => OauthKind::ActionRequired,
        (Some(190 | 102), _) => OauthKind::Refused,
        (Some(1 | 2 | -1 | -2), _) => OauthKind::Temporary,
        (Some(4 | 17 | 32 | 613 | 80001 | 80002 | 341 | 368), _) => OauthKind::Limited,
        (Some(10 | 200..=299), _) => OauthKind::ScopeMissing,
        (Some(3 | 104 | 2500 | 2635), _) => OauthKind::App,
        (Some(100), Some(33)) => OauthKind::Temporary,
        (Some(100), _) => OauthKind::App,
        _ if told.status == 429 => OauthKind::Limited,
        _ => OauthKind::Permanent,
    };
    let code = code.map_or_else(|| "?".to_owned(), |code| code.to_string());
    let subcode = subcode.map_or_else(String::new, |subcode| format!("/{subcode}"));
    OauthError {
        kind,
        remark: format!(
            "code {code}{subcode}, HTTP {}, fbtrace_id {}",
            told.status,
            harmless(text("fbtrace_id"))
        ),
        retry_after: told.retry_after,
        may_have_worked: kind == OauthKind::Temporary,
    }
}

fn is_checkpoint(message: &str) -> bool {
    message.contains("cannot access the app till you log in")
        || message.contains("session key is malformed")
}

/// Whether it is how the Instagram host answers to a wrong path, and to a token whose app connection is broken.
pub(super) fn is_unsupported_request(told: &Told) -> bool {
    let error = told.body.as_ref().and_then(|body| body.get("error"));
    let message = error.and_then(|error| error.get("message")?.as_str());
    error.and_then(|error| error.get("code")?.as_i64()) == Some(100)
        && message.is_some_and(|text| text.to_ascii_lowercase().contains("unsupported request"))
}
