//! Facebook Login: sign-in, tokens, and the Pages whose Instagram accounts can be linked.
//!
//! Instagram API with Facebook Login, Get Started and Business Login for Instagram, read 2026-09-11. A Page's token
//! made from a long-lived one reports no end and can't be renewed.

use std::fmt;
use std::time::Duration;

use calendar_publish::ports::{HttpRequest, HttpTransport, Method};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;

use super::graph::refusal;
use super::oauth::{AppCredentials, Form, OauthError, OauthKind, Told, ask, bearer, id_text};
use super::tiktok::hex;

/// The app at Meta, and where Facebook is.
#[derive(Clone, Debug)]
pub struct FacebookLogin {
    /// The Meta app's id and secret.
    pub credentials: AppCredentials,
    /// What the person is asked to grant.
    pub scopes: Vec<String>,
    /// What the person must grant for the account to be linked.
    pub required_scopes: Vec<String>,
    /// A configuration of Facebook Login for Business, which then says what is asked for.
    pub config_id: Option<String>,
    /// Whether calls carry `appsecret_proof`, which an app can be set to require.
    pub prove: bool,
    /// Where people sign in: `https://www.facebook.com`.
    pub sign_in_base: String,
    /// Where the API is: `https://graph.facebook.com`.
    pub graph_base: String,
    /// The version of the API: `v25.0`.
    pub version: String,
    /// How long one call may take.
    pub deadline: Duration,
}

/// A Page with the Instagram account that belongs to it.
#[derive(Clone)]
pub(super) struct Page {
    pub(super) name: String,
    pub(super) instagram_id: String,
    pub(super) token: SecretString,
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("name", &self.name)
            .field("instagram_id", &self.instagram_id)
            .finish_non_exhaustive()
    }
}

/// How many Pages are listed: more than anybody chooses from.
const MOST_PAGES: &str = "100";

impl FacebookLogin {
    /// The app at Meta itself, asking for what publishing needs.
    pub fn new(credentials: AppCredentials) -> Self {
        let required = [
            "instagram_basic",
            "instagram_content_publish",
            "pages_read_engagement",
        ];
        let required_scopes = required.map(str::to_owned).to_vec();
        let mut scopes = required_scopes.clone();
        scopes.push("pages_show_list".to_owned());
        Self {
            credentials,
            scopes,
            required_scopes,
            config_id: None,
            prove: true,
            sign_in_base: "https://www.facebook.com".to_owned(),
            graph_base: "https://graph.facebook.com".to_owned(),
            version: "v25.0".to_owned(),
            deadline: Duration::from_secs(20),
        }
    }

    /// Where the person signs in.
    pub(super) fn sign_in(&self, redirect: &str, state: &str) -> String {
        let scope = self.scopes.join(",");
        let asked = match &self.config_id {
            Some(config) => ("config_id", config.as_str()),
            None => ("scope", scope.as_str()),
        };
        let fields = [
            ("client_id", self.credentials.client_key.as_str()),
            ("redirect_uri", redirect),
            ("response_type", "code"),
            asked,
            ("state", state),
        ];
        let url = format!("{}/{}/dialog/oauth", self.sign_in_base, self.version);
        Form::new(&fields).address(&url)
    }

    /// The code for a long-lived token of the person.
    pub(super) async fn exchange(
        &self,
        transport: &dyn HttpTransport,
        code: &SecretString,
        redirect: &str,
    ) -> Result<SecretString, OauthError> {
        let short = self
            .token(
                transport,
                &[("redirect_uri", redirect), ("code", code.expose_secret())],
            )
            .await?;
        self.token(
            transport,
            &[
                ("grant_type", "fb_exchange_token"),
                ("fb_exchange_token", short.expose_secret()),
            ],
        )
        .await
    }

    async fn token(
        &self,
        transport: &dyn HttpTransport,
        fields: &[(&str, &str)],
    ) -> Result<SecretString, OauthError> {
        let credentials = [
            ("client_id", self.credentials.client_key.as_str()),
            (
                "client_secret",
                self.credentials.client_secret.expose_secret(),
            ),
        ];
        let form = Form::new(&[&credentials, fields].concat());
        let request = form.get(&self.url("oauth/access_token"), self.deadline);
        let told = ask(transport, request).await?;
        match told.text("access_token") {
            Some(token) => Ok(SecretString::from(token)),
            None => Err(code_refusal(&told)),
        }
    }

    /// What the person granted.
    pub(super) async fn scopes(
        &self,
        transport: &dyn HttpTransport,
        token: &SecretString,
    ) -> Result<Vec<String>, OauthError> {
        let told = ask(transport, self.read("me/permissions", &[], token)).await?;
        let granted = |item: &Value| {
            let is = item.get("status")?.as_str()? == "granted";
            is.then(|| item.get("permission")?.as_str().map(str::to_owned))?
        };
        Ok(list(&told)?.iter().filter_map(granted).collect())
    }

    /// The person's Pages that have an Instagram account.
    pub(super) async fn pages(
        &self,
        transport: &dyn HttpTransport,
        token: &SecretString,
    ) -> Result<Vec<Page>, OauthError> {
        let fields = [
            ("fields", "id,name,access_token,instagram_business_account"),
            ("limit", MOST_PAGES),
        ];
        let told = ask(transport, self.read("me/accounts", &fields, token)).await?;
        let page = |item: &Value| {
            Some(Page {
                name: item.get("name")?.as_str()?.to_owned(),
                instagram_id: id_text(item.pointer("/instagram_business_account/id")?)?,
                token: SecretString::from(item.get("access_token")?.as_str()?),
            })
        };
        Ok(list(&told)?.iter().filter_map(page).collect())
    }

    /// The Instagram account's name; `None` where it isn't told.
    pub(super) async fn username(
        &self,
        transport: &dyn HttpTransport,
        page: &Page,
    ) -> Option<String> {
        let request = self.read(&page.instagram_id, &[("fields", "username")], &page.token);
        let told = ask(transport, request).await.ok()?;
        told.text("username").map(str::to_owned)
    }

    fn read(&self, path: &str, fields: &[(&str, &str)], token: &SecretString) -> HttpRequest {
        let proof = self.prove.then(|| self.proof(token)).flatten();
        let mut fields = fields.to_vec();
        if let Some(proof) = &proof {
            fields.push(("appsecret_proof", proof));
        }
        let mut request = if fields.is_empty() {
            HttpRequest {
                method: Method::Get,
                url: self.url(path),
                headers: Vec::new(),
                body: Vec::new(),
                deadline: self.deadline,
            }
        } else {
            Form::new(&fields).get(&self.url(path), self.deadline)
        };
        request.headers.push(bearer(token));
        request
    }

    /// HMAC-SHA256 of the token with the app secret, in hexadecimal (Graph API, Secure Requests, read 2026-09-11).
    fn proof(&self, token: &SecretString) -> Option<String> {
        let secret = self.credentials.client_secret.expose_secret();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
        mac.update(token.expose_secret().as_bytes());
        Some(hex(&mac.finalize().into_bytes()))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{}/{path}", self.graph_base, self.version)
    }
}

/// At the exchange, code 100 means that the code isn't valid any more or wasn't made for this redirect.
fn code_refusal(told: &Told) -> OauthError {
    let error = refusal(told);
    match error.kind {
        OauthKind::App if told.status == 400 => OauthError {
            kind: OauthKind::Refused,
            ..error
        },
        _ => error,
    }
}

fn list(told: &Told) -> Result<&Vec<Value>, OauthError> {
    let body = told.body.as_ref();
    body.and_then(|body| body.get("data")?.as_array())
        .ok_or_else(|| refusal(told))
}
