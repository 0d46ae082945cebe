//! TikTok's Login Kit: sign-in, exchange, renewal with rotation, revocation, and who it is.
//!
//! TikTok, Login Kit for Web and for Desktop, Manage User Access Tokens, OAuth Error Handling, and Query
//! Creator Info, read 2026-09-11; the pages on tokens as of 2026-11-02.

use std::time::Duration;

use calendar_publish::model::{TiktokCreator, TiktokPrivacy, Timestamp};
use calendar_publish::ports::{HttpRequest, HttpTransport, Method};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::oauth::{
    AppCredentials, Form, Identity, IssuedTokens, OauthError, OauthKind, Told, after, ask, bearer,
    harmless, header, scope_list,
};

/// The app at TikTok, and where TikTok is.
#[derive(Clone, Debug)]
pub struct TiktokLogin {
    /// The app's credentials.
    pub credentials: AppCredentials,
    /// What the person is asked to grant.
    pub scopes: Vec<String>,
    /// What the person must grant for the account to be linked.
    pub required_scopes: Vec<String>,
    /// Whether TikTok shows the consent page although the person has a session there: without it nobody can
    /// choose another account.
    pub always_ask: bool,
    /// Where people sign in: `https://www.tiktok.com`.
    pub sign_in_base: String,
    /// Where the API is: `https://open.tiktokapis.com`.
    pub api_base: String,
    /// How long one call may take.
    pub deadline: Duration,
}

impl TiktokLogin {
    /// The app at TikTok itself, asking for what posting and drafts need.
    pub fn new(credentials: AppCredentials) -> Self {
        let scopes = ["user.info.basic", "video.publish", "video.upload"];
        Self {
            credentials,
            scopes: scopes.map(str::to_owned).to_vec(),
            required_scopes: vec!["video.publish".to_owned()],
            always_ask: true,
            sign_in_base: "https://www.tiktok.com".to_owned(),
            api_base: "https://open.tiktokapis.com".to_owned(),
            deadline: Duration::from_secs(20),
        }
    }

    /// Where the person signs in. `verifier` is given for redirects to the device itself.
    pub(super) fn sign_in(
        &self,
        redirect: &str,
        state: &str,
        verifier: Option<&SecretString>,
    ) -> String {
        let scope = self.scopes.join(",");
        let mut fields = vec![
            ("client_key", self.credentials.client_key.as_str()),
            ("response_type", "code"),
            ("scope", &scope),
            ("redirect_uri", redirect),
            ("state", state),
        ];
        let challenge = verifier.map(|verifier| challenge(verifier.expose_secret()));
        match &challenge {
            Some(challenge) => {
                fields.push(("code_challenge", challenge));
                fields.push(("code_challenge_method", "S256"));
            }
            // The parameter is described for the web alone.
            None if self.always_ask => fields.push(("disable_auto_auth", "1")),
            None => {}
        }
        Form::new(&fields).address(&format!("{}/v2/auth/authorize/", self.sign_in_base))
    }

    /// The code for tokens.
    pub(super) async fn exchange(
        &self,
        transport: &dyn HttpTransport,
        code: &SecretString,
        redirect: &str,
        verifier: Option<&SecretString>,
        now: Timestamp,
    ) -> Result<IssuedTokens, OauthError> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", redirect),
        ];
        if let Some(verifier) = verifier {
            fields.push(("code_verifier", verifier.expose_secret()));
        }
        self.token(transport, &fields, now).await
    }

    /// New tokens for a refresh token, which stops working with that.
    pub(super) async fn renew(
        &self,
        transport: &dyn HttpTransport,
        refresh: &SecretString,
        now: Timestamp,
    ) -> Result<IssuedTokens, OauthError> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose_secret()),
        ];
        self.token(transport, &fields, now).await
    }

    async fn token(
        &self,
        transport: &dyn HttpTransport,
        fields: &[(&str, &str)],
        now: Timestamp,
    ) -> Result<IssuedTokens, OauthError> {
        let told = self.post(transport, "token", fields).await?;
        if told
            .body
            .as_ref()
            .is_some_and(|body| body.get("error").is_some())
        {
            return Err(refusal(&told));
        }
        let (Some(access), Some(body)) = (told.text("access_token"), &told.body) else {
            return Err(told.by_status());
        };
        let seconds = |name| body.get(name).and_then(Value::as_i64);
        let refresh = told.text("refresh_token").map(SecretString::from);
        let renewable = refresh.is_some().then(|| seconds("refresh_expires_in"));
        Ok(IssuedTokens {
            access: SecretString::from(access),
            refresh,
            expires_at: seconds("expires_in").map(|seconds| after(now, seconds)),
            renewable_until: renewable.flatten().map(|seconds| after(now, seconds)),
            scopes: body.get("scope").map(scope_list),
        })
    }

    /// Ends the authorisation at TikTok.
    pub(super) async fn revoke(
        &self,
        transport: &dyn HttpTransport,
        access: &SecretString,
    ) -> Result<(), OauthError> {
        let fields = [("token", access.expose_secret())];
        let told = self.post(transport, "revoke", &fields).await?;
        let refused = told
            .body
            .as_ref()
            .is_some_and(|body| body.get("error").is_some());
        match told.status {
            _ if refused => Err(refusal(&told)),
            200..=299 => Ok(()),
            _ => Err(told.by_status()),
        }
    }

    async fn post(
        &self,
        transport: &dyn HttpTransport,
        endpoint: &str,
        fields: &[(&str, &str)],
    ) -> Result<Told, OauthError> {
        let credentials = [
            ("client_key", self.credentials.client_key.as_str()),
            (
                "client_secret",
                self.credentials.client_secret.expose_secret(),
            ),
        ];
        let url = format!("{}/v2/oauth/{endpoint}/", self.api_base);
        let form = Form::new(&[&credentials, fields].concat());
        ask(transport, form.post(url, self.deadline)).await
    }

    /// Whose token it is, and, where the scope allows, what the creator may do.
    pub(super) async fn who(
        &self,
        transport: &dyn HttpTransport,
        access: &SecretString,
        scopes: &[String],
        now: Timestamp,
    ) -> Result<Identity, OauthError> {
        let fields = [("fields", "open_id,display_name")];
        let mut request =
            Form::new(&fields).get(&format!("{}/v2/user/info/", self.api_base), self.deadline);
        request.headers.push(bearer(access));
        let told = ask(transport, request).await?;
        let body = told.body.as_ref();
        let user = body.and_then(|body| body.pointer("/data/user"));
        let field = |name| user.and_then(|user| user.get(name)).and_then(Value::as_str);
        let Some(external_id) = field("open_id").filter(|id| !id.is_empty()) else {
            return Err(api_refusal(&told));
        };
        let mut identity = Identity {
            external_id: external_id.to_owned(),
            display_name: field("display_name").unwrap_or_default().to_owned(),
            tiktok_creator: None,
        };
        // Without it the account is linked all the same: it is read again before each post.
        if scopes.iter().any(|scope| scope == "video.publish") {
            let creator = self.creator(transport, access, now).await.ok();
            if let Some((name, creator)) = creator {
                if identity.display_name.is_empty() {
                    identity.display_name = name;
                }
                identity.tiktok_creator = Some(creator);
            }
        }
        Ok(identity)
    }

    /// What the creator may do, and the name to show.
    pub(super) async fn creator(
        &self,
        transport: &dyn HttpTransport,
        access: &SecretString,
        now: Timestamp,
    ) -> Result<(String, TiktokCreator), OauthError> {
        let request = HttpRequest {
            method: Method::Post,
            url: format!("{}/v2/post/publish/creator_info/query/", self.api_base),
            headers: vec![
                header("content-type", "application/json; charset=UTF-8"),
                bearer(access),
            ],
            body: b"{}".to_vec(),
            deadline: self.deadline,
        };
        let told = ask(transport, request).await?;
        let data = told.body.as_ref().and_then(|body| body.get("data"));
        let Some(options) = data.and_then(|data| data.get("privacy_level_options")) else {
            return Err(api_refusal(&told));
        };
        let known = |option: &Value| serde_json::from_value::<TiktokPrivacy>(option.clone()).ok();
        let field = |name| data.and_then(|data| data.get(name));
        let is = |name| field(name).and_then(Value::as_bool).unwrap_or(false);
        let creator = TiktokCreator {
            privacy_options: options
                .as_array()
                .map(|options| options.iter().filter_map(known).collect())
                .unwrap_or_default(),
            comment_disabled: is("comment_disabled"),
            duet_disabled: is("duet_disabled"),
            stitch_disabled: is("stitch_disabled"),
            max_video_seconds: field("max_video_post_duration_sec")
                .and_then(Value::as_u64)
                .and_then(|seconds| u32::try_from(seconds).ok()),
            app_audited: None,
            account_private: None,
            read_at: now,
        };
        let name = field("creator_nickname").and_then(Value::as_str);
        Ok((name.unwrap_or_default().to_owned(), creator))
    }
}

/// Whether the redirect leads to the device the person sits at, which TikTok wants PKCE for and nowhere else.
pub(super) fn needs_pkce(redirect: &url::Url) -> bool {
    matches!(redirect.host_str(), Some("localhost" | "127.0.0.1"))
        || !matches!(redirect.scheme(), "http" | "https")
}

/// TikTok's challenge is hexadecimal, not base64url as RFC 7636 has it.
pub(super) fn challenge(verifier: &str) -> String {
    hex(&Sha256::digest(verifier.as_bytes()))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A refusal of the OAuth endpoints: flat, and often with HTTP 200.
fn refusal(told: &Told) -> OauthError {
    let code = told.text("error").unwrap_or_default();
    let log_id = told.text("log_id").or_else(|| told.text("logid"));
    let kind = match code {
        // Whoever answers in the place of a server that is down says nothing about the account.
        _ if told.status >= 500 => OauthKind::Temporary,
        "invalid_grant" => OauthKind::Refused,
        "invalid_client" | "unauthorized_client" | "invalid_request" | "invalid_scope" => {
            OauthKind::App
        }
        "rate_limit_exceeded" => OauthKind::Limited,
        "server_error" | "temporarily_unavailable" => OauthKind::Temporary,
        "unsupported_grant_type" | "unsupported_response_type" => OauthKind::Permanent,
        // What isn't known is judged by the status; without one it isn't held against the account.
        _ if told.status < 400 => OauthKind::Temporary,
        _ => told.by_status().kind,
    };
    OauthError {
        kind,
        remark: format!(
            "{}, HTTP {}, log_id {}",
            harmless(code),
            told.status,
            harmless(log_id.unwrap_or_default())
        ),
        retry_after: told.retry_after,
        may_have_worked: kind == OauthKind::Temporary,
    }
}

/// A refusal of the API's endpoints: `error` is an object there.
fn api_refusal(told: &Told) -> OauthError {
    let error = told.body.as_ref().and_then(|body| body.get("error"));
    let field = |name| {
        error
            .and_then(|error| error.get(name))
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let code = field("code");
    let kind = match code {
        "access_token_invalid" => OauthKind::Refused,
        "scope_not_authorized" => OauthKind::ScopeMissing,
        "rate_limit_exceeded" => OauthKind::Limited,
        // With HTTP 200, on purpose: the question was answered (TikTok, Query Creator Info, read 2026-11-20).
        "spam_risk_too_many_posts" | "reached_active_user_cap" => OauthKind::Quota,
        "spam_risk_user_banned_from_posting" => OauthKind::Blocked,
        _ => told.by_status().kind,
    };
    OauthError {
        remark: format!("{}, log_id {}", harmless(code), harmless(field("log_id"))),
        kind,
        ..told.by_status()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_hexadecimal() {
        // The verifier of RFC 7636, appendix B; `printf %s … | sha256sum` gives the digits.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(
            challenge(verifier),
            "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3"
        );
    }
}
