//! Tokens of Instagram Login.
//!
//! Source: Instagram Platform, Business Login for Instagram, read 2026-03-13.

use calendar_publish::model::Timestamp;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::access;
use super::account::{Flavour, Token};
use super::call::Call;
use super::consent::expires_in;
use super::error::GraphError;
use super::knobs::TokenAnswer;
use super::reply::{Outcome, Refusal, Reply};
use super::setup::LONG_LIVED;
use super::state::State;

/// How old a token must be to be refreshed.
const OLD_ENOUGH: TimeDelta = TimeDelta::hours(24);

/// A code of a consent page.
#[derive(Clone)]
pub(super) struct GivenCode {
    pub(super) ig_id: String,
    /// Whether it came from Facebook's dialog.
    pub(super) facebook: bool,
    pub(super) redirect_uri: String,
    pub(super) asked: Vec<String>,
    pub(super) permissions: Vec<String>,
    pub(super) expires: Timestamp,
    pub(super) used: bool,
}

impl State {
    /// Takes a code, which works once; `None` where it doesn't.
    pub(super) fn redeem(
        &mut self,
        call: &Call,
        facebook: bool,
        now: Timestamp,
    ) -> Option<GivenCode> {
        let redirect = call.get("redirect_uri")?;
        let given = self.codes.get_mut(call.get("code")?)?;
        if given.used || now >= given.expires || given.facebook != facebook {
            return None;
        }
        if given.redirect_uri != redirect {
            return None;
        }
        given.used = true;
        Some(given.clone())
    }
}

/// `POST api.instagram.com/oauth/access_token`: everything travels in a form.
pub(super) fn exchange_code(state: &mut State, call: &Call, now: Timestamp) -> Outcome {
    let refused = |message| Err(Refusal::TokenHost(message));
    if !call.request.query.is_empty() || call.names().is_err() {
        return refused("The parameters belong into a form body");
    }
    if call.get("grant_type") != Some("authorization_code") {
        return refused("Invalid grant_type");
    }
    if call.get("client_id") != Some(&state.app.instagram_app_id) {
        return refused("Invalid platform app");
    }
    if call.get("client_secret") != Some(&state.app.app_secret) {
        return refused("Error validating client secret");
    }
    let Some(given) = state.redeem(call, false, now) else {
        return refused("Matching code was not found or was already used");
    };
    let user = state
        .accounts
        .get(&given.ig_id)
        .map(|account| account.app_scoped_id.clone())
        .unwrap_or_default();
    let permissions = given.permissions.clone();
    let name = state.give(Token {
        flavour: Flavour::Instagram,
        short: true,
        ig_id: given.ig_id,
        permissions: given.permissions,
        declined: Vec::new(),
        issued: now,
        expires: Some(now.plus(TimeDelta::hours(1))),
        revoked: None,
    });
    let answer = match state.knobs.token_answer {
        TokenAnswer::Nested => json!({"data": [{
            "access_token": name,
            "user_id": user,
            "permissions": permissions.join(","),
        }]}),
        TokenAnswer::Flat => json!({
            "access_token": name,
            "user_id": user.parse::<u64>().map_or_else(|_| user.into(), Value::from),
            "permissions": permissions,
        }),
    };
    Ok(Reply::Json(answer))
}

/// `ig_exchange_token`: a short-lived token becomes a long-lived one.
pub(super) fn long_lived(
    state: &mut State,
    call: &Call,
    now: Timestamp,
) -> Result<Value, GraphError> {
    call.only(&["grant_type", "client_secret"])?;
    if call.required("grant_type")? != "ig_exchange_token" {
        return Err(GraphError::parameter("Invalid grant_type"));
    }
    if call.required("client_secret")? != state.app.app_secret {
        return Err(GraphError::parameter("Error validating client secret"));
    }
    let (_, old) = own_token(state, call, now)?;
    if !old.short {
        // One from the dashboard or of an earlier exchange already is long-lived.
        return Err(GraphError::new(190, Some(467)));
    }
    Ok(give_long(state, old, now))
}

/// `ig_refresh_token`: a long-lived token that is a day old becomes a new one.
pub(super) fn refresh(state: &mut State, call: &Call, now: Timestamp) -> Result<Value, GraphError> {
    call.only(&["grant_type"])?;
    if call.required("grant_type")? != "ig_refresh_token" {
        return Err(GraphError::parameter("Invalid grant_type"));
    }
    let (name, old) = own_token(state, call, now)?;
    access::may_read(&old)?;
    if old.short {
        return Err(GraphError::new(190, Some(467)));
    }
    let private = state
        .accounts
        .get(&old.ig_id)
        .is_some_and(|own| own.private);
    if private && !state.knobs.private_refresh {
        return Err(GraphError::new(10, None));
    }
    if now.since(old.issued) < OLD_ENOUGH {
        return Err(state.knobs.early_refresh_error.clone());
    }
    if !state.knobs.old_token_survives
        && let Some(token) = state.tokens.get_mut(&name)
    {
        token.revoked = Some(Some(467));
    }
    Ok(give_long(state, old, now))
}

/// The token of a token endpoint, which reads it from the query and nowhere else.
fn own_token(state: &State, call: &Call, now: Timestamp) -> Result<(String, Token), GraphError> {
    let bad = || GraphError::new(190, None).with_status(state.knobs.bad_token_status);
    let name = call.request.query("access_token").ok_or_else(bad)?;
    let token = state
        .tokens
        .get(name)
        .filter(|token| token.flavour == Flavour::Instagram)
        .ok_or_else(bad)?;
    access::living(token, now)?;
    Ok((name.to_owned(), token.clone()))
}

fn give_long(state: &mut State, old: Token, now: Timestamp) -> Value {
    let token = Token {
        short: false,
        issued: now,
        expires: Some(now.plus(LONG_LIVED)),
        ..old
    };
    let seconds = expires_in(&token, now);
    json!({"access_token": state.give(token), "token_type": "bearer", "expires_in": seconds})
}
