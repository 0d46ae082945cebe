//! The token endpoint, and what it gave out.

use std::collections::BTreeMap;

use calendar_publish::model::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::app::Tokens;
use super::state::State;
use crate::request::value_of;
use crate::{Answer, Request};

/// What a creator allowed.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) open_id: String,
    pub(super) scopes: Vec<String>,
    pub(super) expires: Timestamp,
}

/// An authorization code that waits for its exchange.
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
}

/// Codes and tokens that are alive. A refresh ends the refresh token that it used; access tokens live until they expire.
#[derive(Default)]
pub(super) struct Grants {
    pub(super) codes: BTreeMap<String, Code>,
    access: BTreeMap<String, Grant>,
    refresh: BTreeMap<String, Grant>,
    issued: u64,
}

impl std::fmt::Debug for Grants {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Grants")
    }
}

impl Grants {
    /// Whom a token stands for, alive or expired.
    pub(super) fn of_access(&self, token: &str) -> Option<&Grant> {
        self.access.get(token)
    }

    /// Whom a form's code or token stands for.
    pub(super) fn account_in(&self, form: &[(String, String)]) -> Option<String> {
        let refresh = value_of(form, "refresh_token").and_then(|token| self.refresh.get(token));
        let code = value_of(form, "code").and_then(|code| self.codes.get(code));
        let access = value_of(form, "token").and_then(|token| self.access.get(token));
        let grant = refresh.or(code.map(|code| &code.grant)).or(access)?;
        Some(grant.open_id.clone())
    }

    /// Lets an access token expire at `now`.
    pub(super) fn expire(&mut self, token: &str, now: Timestamp) {
        if let Some(grant) = self.access.get_mut(token) {
            grant.expires = grant.expires.min(now);
        }
    }

    /// Lets all access tokens of a creator expire at `now`.
    pub(super) fn expire_of(&mut self, open_id: &str, now: Timestamp) {
        for grant in self.access.values_mut() {
            if grant.open_id == open_id {
                grant.expires = grant.expires.min(now);
            }
        }
    }

    /// Ends everything that a creator allowed.
    pub(super) fn end(&mut self, open_id: &str) {
        self.access.retain(|_, grant| grant.open_id != open_id);
        self.refresh.retain(|_, grant| grant.open_id != open_id);
        self.codes.retain(|_, code| code.grant.open_id != open_id);
    }

    fn issue(&mut self, access: Grant, refresh: Grant) -> Tokens {
        self.issued += 1;
        let tokens = Tokens {
            access: format!("act.sim-A{}", self.issued),
            refresh: format!("rft.sim-R{}", self.issued),
        };
        self.access.insert(tokens.access.clone(), access);
        self.refresh.insert(tokens.refresh.clone(), refresh);
        tokens
    }
}

impl State {
    /// Gives out a new pair. `refresh_ends` is when its refresh token dies, where that isn't a full life from now.
    pub(super) fn issue(
        &mut self,
        open_id: &str,
        scopes: Vec<String>,
        refresh_ends: Option<Timestamp>,
        now: Timestamp,
    ) -> Tokens {
        let profile = self.app.token_profile;
        let grant = |expires| Grant {
            open_id: open_id.to_owned(),
            scopes: scopes.clone(),
            expires,
        };
        let refresh_ends = refresh_ends.unwrap_or_else(|| now.plus(profile.refresh()));
        self.grants
            .issue(grant(now.plus(profile.access())), grant(refresh_ends))
    }

    /// Takes an exchange or a refresh; says whose it was.
    pub(super) fn token(&mut self, request: &Request, now: Timestamp) -> Settled {
        let form = match self.oauth_form(request) {
            Ok(form) => form,
            Err(refused) => return self.settled(refused, now),
        };
        let outcome = match value_of(&form, "grant_type") {
            Some("authorization_code") => self.exchange(&form, now),
            Some("refresh_token") => self.refresh(&form, now),
            Some(_) => Err(("unsupported_grant_type", "The grant type is not supported.")),
            None => Err(MALFORMED),
        };
        match outcome {
            Ok((open_id, answer)) => Settled {
                answer,
                code: "ok".to_owned(),
                account: Some(open_id),
            },
            Err(refused) => self.settled(refused, now),
        }
    }

    /// Takes the end of a grant; says whose it was.
    pub(super) fn revoke(&mut self, request: &Request, now: Timestamp) -> Settled {
        let token = self.oauth_form(request).and_then(|form| {
            let token = value_of(&form, "token").ok_or(MALFORMED)?;
            match self.grants.of_access(token) {
                Some(grant) if grant.expires > now => Ok(grant.open_id.clone()),
                _ => Err(("invalid_grant", "The access token is invalid or expired.")),
            }
        });
        match token {
            Ok(open_id) => {
                self.disconnect(&open_id, 5, now);
                Settled {
                    answer: Answer::json(200, &json!({})),
                    code: "ok".to_owned(),
                    account: Some(open_id),
                }
            }
            Err(refused) => self.settled(refused, now),
        }
    }

    fn exchange(
        &mut self,
        form: &[(String, String)],
        now: Timestamp,
    ) -> Result<(String, Answer), Refused> {
        let code = value_of(form, "code").ok_or(MALFORMED)?;
        let redirect_uri = value_of(form, "redirect_uri").ok_or(MALFORMED)?;
        // A code that was shown once is used up, whatever comes of it.
        let code = self
            .grants
            .codes
            .remove(code)
            .filter(|code| code.grant.expires > now)
            .ok_or(("invalid_grant", "Authorization code is invalid or expired."))?;
        if code.redirect_uri != redirect_uri {
            return Err((
                "invalid_grant",
                "Redirect_uri is not matched with the uri when requesting code.",
            ));
        }
        let verifier = value_of(form, "code_verifier");
        let is_proven = match &code.challenge {
            Some(challenge) => verifier.and_then(challenge_of).as_ref() == Some(challenge),
            None => verifier.is_none(),
        };
        if !is_proven {
            return Err((
                "invalid_request",
                "Code verifier or code challenge is invalid.",
            ));
        }
        let Code { grant, .. } = code;
        let tokens = self.issue(&grant.open_id, grant.scopes.clone(), None, now);
        Ok((grant.open_id, self.token_answer(&tokens, now)))
    }

    fn refresh(
        &mut self,
        form: &[(String, String)],
        now: Timestamp,
    ) -> Result<(String, Answer), Refused> {
        let token = value_of(form, "refresh_token").ok_or(MALFORMED)?;
        let grant = self
            .grants
            .refresh
            .remove(token)
            .filter(|grant| grant.expires > now)
            .ok_or(("invalid_grant", "Refresh token is not valid any more."))?;
        let ends = (!self.knobs.refresh_renews).then_some(grant.expires);
        let tokens = self.issue(&grant.open_id, grant.scopes.clone(), ends, now);
        Ok((grant.open_id, self.token_answer(&tokens, now)))
    }

    fn token_answer(&self, tokens: &Tokens, now: Timestamp) -> Answer {
        let access = self.grants.access.get(&tokens.access);
        let refresh = self.grants.refresh.get(&tokens.refresh);
        let left =
            |grant: Option<&Grant>| grant.map_or(0, |grant| grant.expires.since(now).num_seconds());
        Answer::json(
            200,
            &json!({
                "open_id": access.map(|grant| grant.open_id.as_str()),
                "scope": access.map(|grant| grant.scopes.join(",")),
                "access_token": tokens.access,
                "expires_in": left(access),
                "refresh_token": tokens.refresh,
                "refresh_expires_in": left(refresh),
                "token_type": "Bearer",
            }),
        )
    }

    /// The form of an OAuth request, after its content type and the app's credentials have been checked.
    fn oauth_form(&self, request: &Request) -> Result<Vec<(String, String)>, Refused> {
        let is_form = request
            .header("content-type")
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim() == "application/x-www-form-urlencoded");
        if !is_form {
            return Err((
                "invalid_request",
                "Only `application/x-www-form-urlencoded` is accepted as Content-Type.",
            ));
        }
        let form = request.form();
        let given = (
            value_of(&form, "client_key"),
            value_of(&form, "client_secret"),
        );
        let (Some(key), Some(secret)) = given else {
            return Err(MALFORMED);
        };
        if key != self.app.client_key || secret != self.app.client_secret {
            return Err(("invalid_client", "Client key or secret is incorrect."));
        }
        Ok(form)
    }

    fn settled(&mut self, (error, description): Refused, now: Timestamp) -> Settled {
        Settled {
            answer: self.oauth_refused(error, description, now),
            code: error.to_owned(),
            account: None,
        }
    }
}

/// An `error` and its description.
type Refused = (&'static str, &'static str);

const MALFORMED: Refused = ("invalid_request", "The request parameters are malformed.");

/// What an OAuth endpoint decided.
pub(super) struct Settled {
    pub(super) answer: Answer,
    pub(super) code: String,
    pub(super) account: Option<String>,
}

/// The challenge of a verifier: SHA-256 in lower-case hexadecimal, not base64url (TikTok, Login Kit for Desktop). `None`
/// where the verifier isn't one.
fn challenge_of(verifier: &str) -> Option<String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(is_allowed) {
        return None;
    }
    Some(hex(&Sha256::digest(verifier)))
}

/// Bytes in lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string doesn't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
