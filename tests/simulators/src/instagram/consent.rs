//! The consent pages: Instagram's `oauth/authorize` and Facebook's dialog.

use std::fmt::Write as _;

use calendar_publish::model::Timestamp;
use chrono::TimeDelta;
use serde_json::Value;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::account::{Consent, Flavour, Token};
use super::call::Call;
use super::endpoint::WWW_FACEBOOK;
use super::oauth::GivenCode;
use super::reply::{Outcome, Refusal, Reply};
use super::setup::LONG_LIVED;
use super::state::State;

/// How long a code works.
///
/// Source: Instagram Platform, Business Login for Instagram, read 2026-03-13.
const CODE: TimeDelta = TimeDelta::hours(1);

/// The permissions of Instagram Login.
///
/// Source: Instagram Platform, Business Login for Instagram and Insights reference, read 2026-03-13.
const INSTAGRAM_SCOPES: [&str; 5] = [
    "instagram_business_basic",
    "instagram_business_content_publish",
    "instagram_business_manage_comments",
    "instagram_business_manage_messages",
    "instagram_business_manage_insights",
];

pub(super) fn authorize(state: &mut State, call: &Call, now: Timestamp) -> Outcome {
    let facebook = call.request.host == WWW_FACEBOOK;
    let client = match facebook {
        true => &state.app.facebook_app_id,
        false => &state.app.instagram_app_id,
    };
    if call.get("client_id") != Some(client) {
        return Err(Refusal::Page(400, "Invalid platform app"));
    }
    let redirect = call.get("redirect_uri").unwrap_or_default().to_owned();
    if !state.app.redirect_uris.contains(&redirect) {
        return Err(Refusal::Page(400, "Invalid redirect_uri"));
    }
    let implicit = facebook && call.get("response_type") == Some("token");
    // Only the Facebook dialog may go without: `code` is what it then means.
    let code = call.get("response_type").or(facebook.then_some("code")) == Some("code");
    if !implicit && !code {
        return Err(Refusal::Page(400, "Invalid response_type"));
    }
    let asked = scopes(call, facebook)?;
    let (ig_id, consent) = match decision(state, call) {
        Some(decision) => decision,
        None => return Ok(Reply::Html(page(state, call, &asked))),
    };
    let granted = match consent {
        Consent::Deny => {
            let query = [
                ("error", "access_denied"),
                ("error_reason", "user_denied"),
                ("error_description", "The user denied your request"),
            ];
            return back(call, &redirect, &query, "");
        }
        Consent::All => asked.clone(),
        Consent::Permissions(some) => asked
            .iter()
            .filter(|name| some.contains(name))
            .cloned()
            .collect(),
    };
    if implicit {
        let fragment = implicit_fragment(state, &ig_id, &asked, granted, now);
        return back(call, &redirect, &[], &fragment);
    }
    let code = state.next_secret("AQD-");
    let given = GivenCode {
        ig_id,
        facebook,
        redirect_uri: redirect.clone(),
        asked,
        permissions: granted,
        expires: now.plus(CODE),
        used: false,
    };
    state.codes.insert(code.clone(), given);
    // `#_` isn't part of the code, and stands behind it all the same.
    back(call, &redirect, &[("code", &code)], "_")
}

fn scopes(call: &Call, facebook: bool) -> Result<Vec<String>, Refusal> {
    let text = match call.get("scope") {
        Some(text) => text,
        // A configuration of Facebook Login for Business names the permissions itself.
        None if facebook && call.get("config_id").is_some() => {
            "instagram_basic,instagram_content_publish,pages_read_engagement,pages_show_list"
        }
        None => return Err(Refusal::Page(400, "Invalid scope")),
    };
    let asked: Vec<String> = text
        .split([',', ' '])
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let known = |name: &String| INSTAGRAM_SCOPES.contains(&name.as_str());
    let basic = asked.iter().any(|name| name == INSTAGRAM_SCOPES[0]);
    let usable = basic && asked.iter().all(known);
    if !facebook && !usable {
        return Err(Refusal::Page(400, "Invalid scope"));
    }
    Ok(asked)
}

/// What somebody decided: on the page, or by the test that speaks for them.
fn decision(state: &State, call: &Call) -> Option<(String, Consent)> {
    let account = call
        .get("account")
        .filter(|account| state.accounts.contains_key(*account));
    match (account, call.get("decision")) {
        (Some(account), Some("allow")) => Some((account.to_owned(), Consent::All)),
        (Some(account), Some("deny")) => Some((account.to_owned(), Consent::Deny)),
        _ => state.consent.clone(),
    }
}

/// Sends the browser back to the application.
fn back(call: &Call, redirect: &str, query: &[(&str, &str)], fragment: &str) -> Outcome {
    let Ok(mut url) = Url::parse(redirect) else {
        return Err(Refusal::Page(400, "Invalid redirect_uri"));
    };
    let state = call.get("state").map(|state| ("state", state));
    if !query.is_empty() {
        let pairs = query.iter().copied().chain(state);
        url.query_pairs_mut().extend_pairs(pairs);
    }
    if !fragment.is_empty() {
        url.set_fragment(Some(fragment));
    }
    Ok(Reply::Redirect(url.into()))
}

/// `response_type=token`: short and long-lived token stand in the fragment.
fn implicit_fragment(
    state: &mut State,
    ig_id: &str,
    asked: &[String],
    granted: Vec<String>,
    now: Timestamp,
) -> String {
    let mut token = Token::of_person(ig_id, asked, granted, now);
    let short = state.give(token.clone());
    token.short = false;
    token.expires = Some(now.plus(LONG_LIVED));
    let long = state.give(token);
    let access_until = now.plus(TimeDelta::days(90)).millis() / 1000;
    Serializer::new(String::new())
        .append_pair("access_token", &short)
        .append_pair("expires_in", "5400")
        .append_pair("data_access_expiration_time", &access_until.to_string())
        .append_pair("long_lived_token", &long)
        .finish()
}

/// The page for people: a link for each account and answer.
fn page(state: &State, call: &Call, asked: &[String]) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in &call.request.query {
        query.append_pair(name, value);
    }
    let query = query.finish();
    let mut links = String::new();
    for account in state.accounts.values() {
        let name = escaped(&account.username);
        let id: String = byte_serialize(account.ig_id.as_bytes()).collect();
        // `query` is percent-encoded, `&` is what HTML needs more. Writing to a `String` can't fail.
        let link = format!("?{query}&account={id}").replace('&', "&amp;");
        let _ = write!(
            links,
            "<li>{name}: <a href=\"{link}&amp;decision=allow\">Allow</a> \
             <a href=\"{link}&amp;decision=deny\">Deny</a></li>"
        );
    }
    let asked: Vec<String> = asked.iter().map(|name| escaped(name)).collect();
    let asked = asked.join(", ");
    format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Simulated consent</title>\
         <h1>Simulated consent</h1><p>An application asks for {asked}.</p><ul>{links}</ul></html>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

impl Token {
    /// The short-lived token of Facebook Login.
    pub(super) fn of_person(
        ig_id: &str,
        asked: &[String],
        permissions: Vec<String>,
        now: Timestamp,
    ) -> Self {
        let refused = |name: &&String| !permissions.contains(name);
        Self {
            flavour: Flavour::FacebookUser,
            short: true,
            ig_id: ig_id.to_owned(),
            declined: asked.iter().filter(refused).cloned().collect(),
            permissions,
            issued: now,
            expires: Some(now.plus(TimeDelta::minutes(90))),
            revoked: None,
        }
    }
}

/// Seconds until `token` expires, as `expires_in` says it.
pub(super) fn expires_in(token: &Token, now: Timestamp) -> Value {
    match token.expires {
        Some(expires) => expires.since(now).num_seconds().into(),
        None => Value::Null,
    }
}
