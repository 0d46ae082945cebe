//! Instagram Login: sign-in, the code for a short-lived token and that for a long-lived one, renewal, and who
//! it is. There is no documented way to revoke a token.
//!
//! Instagram API with Instagram Login, Business Login and Get Started, read 2026-09-11.

use std::time::Duration;

use calendar_publish::model::Timestamp;
use calendar_publish::ports::HttpTransport;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::graph::{is_unsupported_request, refusal};
use super::oauth::{
    AppCredentials, Form, Identity, IssuedTokens, OauthError, OauthKind, Told, after, ask, bearer,
    id_text, scope_list,
};

/// How long a renewal makes a token last, in seconds: 60 days.
const LIFETIME_SECONDS: i64 = 60 * 86_400;

/// How old a token must be to be renewed, in seconds: 24 hours.
pub(super) const YOUNGEST_SECONDS: i64 = 86_400;

/// The app at Instagram, and where Instagram is.
#[derive(Clone, Debug)]
pub struct InstagramLogin {
    /// The Instagram app id and secret: not those of the Meta app.
    pub credentials: AppCredentials,
    /// What the person is asked to grant.
    pub scopes: Vec<String>,
    /// What the person must grant for the account to be linked.
    pub required_scopes: Vec<String>,
    /// Whether Instagram asks for the password although the person is signed in.
    pub force_reauth: bool,
    /// Where people sign in: `https://www.instagram.com`.
    pub sign_in_base: String,
    /// Where codes are exchanged: `https://api.instagram.com`.
    pub token_base: String,
    /// Where everything else is: `https://graph.instagram.com`.
    pub graph_base: String,
    /// The version of the API: `v25.0`.
    pub version: String,
    /// How long one call may take.
    pub deadline: Duration,
}

impl InstagramLogin {
    /// The app at Instagram itself, asking for what publishing needs.
    pub fn new(credentials: AppCredentials) -> Self {
        let scopes = [
            "instagram_business_basic",
            "instagram_business_content_publish",
        ];
        let scopes = scopes.map(str::to_owned).to_vec();
        Self {
            credentials,
            required_scopes: scopes.clone(),
            scopes,
            force_reauth: false,
            sign_in_base: "https://www.instagram.com".to_owned(),
            token_base: "https://api.instagram.com".to_owned(),
            graph_base: "https://graph.instagram.com".to_owned(),
            version: "v25.0".to_owned(),
            deadline: Duration::from_secs(20),
        }
    }

    /// Where the person signs in.
    pub(super) fn sign_in(&self, redirect: &str, state: &str) -> String {
        let scope = self.scopes.join(",");
        let mut fields = vec![
            ("client_id", self.credentials.client_key.as_str()),
            ("redirect_uri", redirect),
            ("response_type", "code"),
            ("scope", &scope),
            ("state", state),
        ];
        if self.force_reauth {
            fields.push(("force_reauth", "true"));
        }
        Form::new(&fields).address(&format!("{}/oauth/authorize", self.sign_in_base))
    }

    /// The code for a long-lived token.
    pub(super) async fn exchange(
        &self,
        transport: &dyn HttpTransport,
        code: &SecretString,
        redirect: &str,
        now: Timestamp,
    ) -> Result<IssuedTokens, OauthError> {
        let form = Form::new(&[
            ("client_id", &self.credentials.client_key),
            (
                "client_secret",
                self.credentials.client_secret.expose_secret(),
            ),
            ("grant_type", "authorization_code"),
            ("redirect_uri", redirect),
            ("code", code.expose_secret()),
        ]);
        let url = format!("{}/oauth/access_token", self.token_base);
        let told = ask(transport, form.post(url, self.deadline)).await?;
        // The documented shape has the fields in `data[0]`, what is answered may have them at the top.
        let body = told.body.as_ref();
        let fields = body.and_then(|body| body.pointer("/data/0")).or(body);
        let Some(short) = fields.and_then(|fields| fields.get("access_token")?.as_str()) else {
            return Err(refusal(&told));
        };
        let scopes = fields
            .and_then(|fields| fields.get("permissions"))
            .map(scope_list);
        let form = Form::new(&[
            ("grant_type", "ig_exchange_token"),
            (
                "client_secret",
                self.credentials.client_secret.expose_secret(),
            ),
            ("access_token", short),
        ]);
        // Without a version: with one the host answers that the request is unsupported.
        let url = format!("{}/access_token", self.graph_base);
        let told = ask(transport, form.get(&url, self.deadline)).await?;
        let mut issued = long_lived(&told, now)?;
        issued.scopes = scopes;
        Ok(issued)
    }

    /// A new long-lived token for one that is at least 24 hours old and hasn't run out.
    pub(super) async fn renew(
        &self,
        transport: &dyn HttpTransport,
        access: &SecretString,
        now: Timestamp,
    ) -> Result<IssuedTokens, OauthError> {
        let form = Form::new(&[
            ("grant_type", "ig_refresh_token"),
            ("access_token", access.expose_secret()),
        ]);
        let url = format!("{}/refresh_access_token", self.graph_base);
        let told = ask(transport, form.get(&url, self.deadline)).await?;
        match long_lived(&told, now) {
            // No secret of the app's is in the call, and the path is right: it is the token.
            Err(error) if is_unsupported_request(&told) => Err(OauthError {
                kind: OauthKind::Refused,
                ..error
            }),
            answer => answer,
        }
    }

    /// Whose token it is: `user_id` is the professional account, `id` only the app's name for it.
    pub(super) async fn who(
        &self,
        transport: &dyn HttpTransport,
        access: &SecretString,
    ) -> Result<Identity, OauthError> {
        let fields = [("fields", "user_id,username,name,account_type")];
        let url = format!("{}/{}/me", self.graph_base, self.version);
        let mut request = Form::new(&fields).get(&url, self.deadline);
        request.headers.push(bearer(access));
        let told = ask(transport, request).await?;
        let body = told.body.as_ref();
        let Some(external_id) = body.and_then(|body| id_text(body.get("user_id")?)) else {
            return Err(refusal(&told));
        };
        let name = told.text("username").or_else(|| told.text("name"));
        Ok(Identity {
            external_id,
            display_name: name.unwrap_or_default().to_owned(),
            tiktok_creator: None,
        })
    }
}

fn long_lived(told: &Told, now: Timestamp) -> Result<IssuedTokens, OauthError> {
    let Some(access) = told.text("access_token") else {
        return Err(refusal(told));
    };
    let body = told.body.as_ref();
    let seconds = body.and_then(|body| body.get("expires_in")?.as_i64());
    let expires_at = after(now, seconds.unwrap_or(LIFETIME_SECONDS));
    Ok(IssuedTokens {
        access: SecretString::from(access),
        refresh: None,
        expires_at: Some(expires_at),
        // A renewal in time adds 60 days: that far ahead nobody needs the person.
        renewable_until: Some(after(expires_at, LIFETIME_SECONDS)),
        scopes: body
            .and_then(|body: &Value| body.get("permissions"))
            .map(scope_list),
    })
}
