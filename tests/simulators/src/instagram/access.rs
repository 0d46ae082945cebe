//! Whether a token may do what a call asks.

use calendar_publish::model::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::account::{Account, Flavour, Token};
use super::call::Call;
use super::endpoint::{GRAPH_FACEBOOK, GRAPH_INSTAGRAM};
use super::error::GraphError;
use super::state::State;

/// Versions of the Graph API and the millisecond at which each ends (Graph API changelog, read 2026-10-01).
const VERSIONS: [(&str, Option<i64>); 7] = [
    ("v20.0", Some(1_790_208_000_000)), // 2026-09-24
    ("v21.0", Some(1_800_489_600_000)), // 2027-01-21
    ("v22.0", Some(1_810_771_200_000)), // 2027-05-20
    ("v23.0", Some(1_822_953_600_000)), // 2027-10-08
    ("v24.0", Some(1_834_444_800_000)), // 2028-02-18
    ("v25.0", Some(1_848_441_600_000)), // 2028-07-29
    ("v26.0", None),
];

/// Checks version, limits and token.
pub(super) fn token(state: &State, call: &Call, now: Timestamp) -> Result<Token, GraphError> {
    version(state, call, now)?;
    let facebook = call.request.host == GRAPH_FACEBOOK;
    let text = call.token();
    let bad = GraphError::new(190, None).with_status(state.knobs.bad_token_status);
    let token = text.and_then(|text| state.tokens.get(text));
    let (Some(text), Some(token)) = (text, token) else {
        return Err(bad);
    };
    // A token of the one login is gibberish on the other's host.
    let own = (call.request.host == GRAPH_INSTAGRAM) == (token.flavour == Flavour::Instagram);
    if !own {
        return Err(bad);
    }
    living(token, now)?;
    if facebook {
        proof(state, call, text)?;
    }
    if state
        .knobs
        .business_usage
        .is_some_and(|usage| usage.usage.call_count >= 100)
    {
        return Err(GraphError::new(80_002, None));
    }
    Ok(token.clone())
}

/// Refuses a token that was revoked or has expired.
pub(super) fn living(token: &Token, now: Timestamp) -> Result<(), GraphError> {
    if let Some(subcode) = token.revoked {
        return Err(GraphError::new(190, subcode));
    }
    if token.expires.is_some_and(|expires| now >= expires) {
        return Err(GraphError::new(190, Some(463)));
    }
    Ok(())
}

/// Refuses versions that don't exist (any more).
pub(super) fn version(state: &State, call: &Call, now: Timestamp) -> Result<(), GraphError> {
    let Some(version) = &call.route.version else {
        // An unversioned call gets the application's own version.
        return Ok(());
    };
    let known = VERSIONS.iter().find(|(name, _)| name == version);
    match known {
        _ if state.knobs.retired_versions.contains(version) => Err(GraphError::new(2635, None)),
        None => Err(GraphError::new(2500, None)),
        Some((_, Some(end))) if now.millis() >= *end => Err(GraphError::new(2635, None)),
        Some(_) => Ok(()),
    }
}

/// `appsecret_proof` is the HMAC of the token with the application's secret; it may be left out unless
/// the application requires it.
///
/// Source: Graph API, Secure requests, read 2026-09-11.
fn proof(state: &State, call: &Call, token: &str) -> Result<(), GraphError> {
    let wrong = || {
        let error = GraphError::new(100, None);
        Err(error.with_message("Invalid appsecret_proof provided in the API argument"))
    };
    match call.get("appsecret_proof") {
        None if state.app.requires_proof => wrong(),
        None => Ok(()),
        Some(proof) if proof == hmac_hex(&state.app.facebook_app_secret, token.as_bytes()) => {
            Ok(())
        }
        Some(_) => wrong(),
    }
}

/// HMAC-SHA256 in hexadecimal.
pub(super) fn hmac_hex(key: &str, message: &[u8]) -> String {
    // A key of any length is a key.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(message);
    mac.finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The account in the path, if the token reaches it.
pub(super) fn account<'a>(
    state: &'a State,
    call: &Call,
    token: &Token,
) -> Result<&'a Account, GraphError> {
    let instagram = token.flavour == Flavour::Instagram;
    let id = match call.route.is_me() && instagram {
        true => &token.ig_id,
        false => &call.route.object,
    };
    let account = state
        .accounts
        .get(id)
        .filter(|account| reaches(state, token, account))
        .ok_or_else(GraphError::missing_object)?;
    if !account.professional {
        let error = GraphError::new(10, None);
        return Err(error.with_message("(#10) The user is not an Instagram Business"));
    }
    Ok(account)
}

/// Whether the token is one of this account, its Page or the Page's manager.
pub(super) fn reaches(state: &State, token: &Token, account: &Account) -> bool {
    match token.flavour {
        Flavour::Instagram => token.ig_id == account.ig_id,
        Flavour::FacebookPage => token.ig_id == account.ig_id && account.page_id.is_some(),
        Flavour::FacebookUser => {
            let person = state.accounts.get(&token.ig_id).map(|own| &own.person);
            account.page_id.is_some() && person == Some(&account.person)
        }
    }
}

/// Refuses a token without the permission to read.
pub(super) fn may_read(token: &Token) -> Result<(), GraphError> {
    match token.has(token.flavour.basic()) {
        true => Ok(()),
        false => Err(GraphError::new(200, None)),
    }
}

/// Refuses a token without the permissions to publish, and an account that can't.
pub(super) fn may_publish(
    state: &State,
    token: &Token,
    account: &Account,
) -> Result<(), GraphError> {
    let needed = token.flavour.publishing_permissions();
    if !needed.iter().all(|permission| token.has(permission)) {
        return Err(GraphError::new(10, None));
    }
    if account.restricted {
        return Err(GraphError::sub(2_207_050));
    }
    if account.needs_page_authorization {
        return Err(state.knobs.page_authorization_error.clone());
    }
    Ok(())
}
