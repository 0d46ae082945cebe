//! Tokens and Pages of Facebook Login.
//!
//! Source: Instagram Platform, Facebook Login for Business, read 2025-05-29, and what publishers' code calls.

use calendar_publish::model::Timestamp;
use serde_json::{Value, json};

use super::access;
use super::account::{Account, Flavour, Token};
use super::call::Call;
use super::consent::expires_in;
use super::error::GraphError;
use super::fields::{object, select};
use super::setup::LONG_LIVED;
use super::state::State;

/// `GET /oauth/access_token`: a code, or a short-lived token (`fb_exchange_token`), becomes a token.
pub(super) fn token(state: &mut State, call: &Call, now: Timestamp) -> Result<Value, GraphError> {
    access::version(state, call, now)?;
    if call.required("client_id")? != state.app.facebook_app_id {
        return Err(GraphError::parameter("Error validating application"));
    }
    if call.required("client_secret")? != state.app.facebook_app_secret {
        return Err(GraphError::parameter("Error validating client secret"));
    }
    let token = match call.get("grant_type") {
        None | Some("authorization_code") => {
            call.only(&[
                "client_id",
                "client_secret",
                "redirect_uri",
                "code",
                "grant_type",
            ])?;
            let given = state
                .redeem(call, true, now)
                .ok_or_else(|| GraphError::parameter("This authorization code has been used"))?;
            Token::of_person(&given.ig_id, &given.asked, given.permissions, now)
        }
        Some("fb_exchange_token") => {
            call.only(&[
                "client_id",
                "client_secret",
                "grant_type",
                "fb_exchange_token",
            ])?;
            let old = state
                .tokens
                .get(call.required("fb_exchange_token")?)
                .filter(|token| token.flavour == Flavour::FacebookUser)
                .ok_or_else(|| GraphError::new(190, None))?;
            access::living(old, now)?;
            Token {
                short: false,
                issued: now,
                expires: Some(now.plus(LONG_LIVED)),
                ..old.clone()
            }
        }
        Some(_) => return Err(GraphError::parameter("Invalid grant_type")),
    };
    let seconds = expires_in(&token, now);
    Ok(json!({"access_token": state.give(token), "token_type": "bearer", "expires_in": seconds}))
}

/// `GET /me/permissions`: what the person granted and declined.
pub(super) fn permissions(state: &State, call: &Call, now: Timestamp) -> Result<Value, GraphError> {
    let token = person(state, call, now)?;
    call.only(&[])?;
    let granted = token.permissions.iter().map(|name| (name, "granted"));
    let declined = token.declined.iter().map(|name| (name, "declined"));
    let data: Vec<Value> = granted
        .chain(declined)
        .map(|(name, status)| json!({"permission": name, "status": status}))
        .collect();
    Ok(json!({ "data": data }))
}

/// `GET /me/accounts`: the person's Pages, each with a token of its own.
pub(super) fn pages(state: &mut State, call: &Call, now: Timestamp) -> Result<Value, GraphError> {
    const KNOWN: [&str; 6] = [
        "id",
        "name",
        "access_token",
        "category",
        "tasks",
        "instagram_business_account",
    ];
    let token = person(state, call, now)?;
    call.only(&["limit", "after"])?;
    let managed: Vec<Account> = state
        .accounts
        .values()
        .filter(|account| access::reaches(state, &token, account))
        .cloned()
        .collect();
    let mut data = Vec::new();
    for account in managed {
        let page = state.give(Token {
            flavour: Flavour::FacebookPage,
            ig_id: account.ig_id.clone(),
            issued: now,
            // A Page's token that was made from a long-lived one doesn't expire.
            expires: token.expires.filter(|_| token.short),
            ..token.clone()
        });
        let instagram = match account.professional {
            true => json!({ "id": account.ig_id }),
            false => Value::Null,
        };
        let whole = object([
            ("id", account.page_id.into()),
            ("name", account.name.into()),
            ("access_token", page.into()),
            ("category", "Bakery".into()),
            ("tasks", json!(["MANAGE", "CREATE_CONTENT"])),
            ("instagram_business_account", instagram),
        ]);
        data.push(select(call, &KNOWN, &KNOWN[..5], &whole)?);
    }
    Ok(json!({ "data": data }))
}

/// The token, which must be a person's.
fn person(state: &State, call: &Call, now: Timestamp) -> Result<Token, GraphError> {
    let token = access::token(state, call, now)?;
    match token.flavour {
        Flavour::FacebookUser => Ok(token),
        _ => Err(GraphError::missing_object()),
    }
}
