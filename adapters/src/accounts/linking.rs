//! Linking an account: where the person is sent, and what they come back with.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use calendar_publish::error::{Allowed, Measure, Unit};
use calendar_publish::model::{
    AccountId, AccountStatus, Channel, ChannelAccount, Timestamp, UserId, Zone, time_ordered_uuid,
};
use calendar_publish::{Code, Error};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

use super::access::renew_at;
use super::callback::Callback;
use super::oauth::{Identity, IssuedTokens};
use super::pages::PageChoice;
use super::service::{AccountService, no_login};
use super::tiktok::{hex, needs_pkce};
use super::token_store::{
    Login, NewLink, PendingLink, PutLink, SealedTokens, TakenLink, TokenRecord,
};
use crate::sealing::random::draw;
use crate::sealing::{SealContext, SecretKind, VaultError};

/// How long a sign-in can be finished, in minutes.
pub const LINK_MINUTES: i64 = 10;

/// The longest redirect, in bytes: TikTok's limit (TikTok, Login Kit for Web, read 2026-09-11: shorter than
/// 512), kept for Meta too, which names none.
const LONGEST_REDIRECT: usize = 511;

/// A sign-in that was begun. `Debug` shows neither the address nor the state.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkRequest {
    /// Where the person signs in and consents.
    pub url: String,
    /// What the platform sends back unchanged; it is in the address too.
    pub state: String,
    /// Until when it can be finished.
    pub expires_at: Timestamp,
}

impl fmt::Debug for LinkRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkRequest")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What a sign-in came to.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkOutcome {
    /// The account is linked.
    Linked(Box<ChannelAccount>),
    /// The person has several Pages with an Instagram account and must choose one.
    ChoosePage(PageChoice),
}

impl AccountService {
    /// Begins to link an account: the person is to be sent to [`LinkRequest::url`].
    ///
    /// The sign-in belongs to `user` and `redirect`, can be finished once, and for [`LINK_MINUTES`] minutes.
    /// For TikTok, a redirect to the device itself (`http://127.0.0.1:PORT/…`) uses PKCE, as TikTok wants it
    /// of desktop apps; the web must not.
    ///
    /// # Errors
    /// `FIELD_VALUE_INVALID` at `redirect`, `APP_MISCONFIGURED` where the app has no such sign-in, or the store's.
    pub async fn begin_link(
        &self,
        user: UserId,
        login: Login,
        redirect: &str,
        timezone: Zone,
    ) -> Result<LinkRequest, Error> {
        let address = check_redirect(login, redirect)?;
        let state = self.token_text::<32>()?;
        let verifier = match login {
            Login::Tiktok if needs_pkce(&address) => Some(self.token_text::<48>()?),
            _ => None,
        };
        let logins = &self.logins;
        let shown = state.expose_secret();
        let url = match login {
            Login::Tiktok => {
                let tiktok = logins.tiktok.as_ref();
                tiktok.map(|tiktok| tiktok.sign_in(redirect, shown, verifier.as_ref()))
            }
            Login::Instagram => {
                let instagram = logins.instagram.as_ref();
                instagram.map(|instagram| instagram.sign_in(redirect, shown))
            }
            Login::Facebook => {
                let facebook = logins.facebook.as_ref();
                facebook.map(|facebook| facebook.sign_in(redirect, shown))
            }
        };
        let url = url.ok_or_else(|| no_login(login))?;
        let pending = PendingLink {
            state_hash: hash(&state),
            user_id: user,
            login,
            redirect: redirect.to_owned(),
            timezone,
            secret: None,
            expires_at: self.link_end(),
        };
        let expires_at = pending.expires_at;
        self.keep_pending(pending, verifier).await?;
        Ok(LinkRequest {
            url,
            state: shown.to_owned(),
            expires_at,
        })
    }

    /// Finishes a sign-in with what the platform sent the person back with: the whole address that was
    /// called, or its query.
    ///
    /// An account that the same user has linked before keeps its id; its tokens are replaced.
    ///
    /// # Errors
    /// `LINK_INVALID` at `callback.state` (unknown, used, run out, or another user's: what was measured says
    /// which) or at `callback.code`; `CHANNEL_AUTH_MISSING` where the person refused; `SCOPE_MISSING` where they
    /// didn't grant what publishing needs, with the scopes that lack; `APP_MISCONFIGURED`, `RATE_LIMITED`,
    /// `ACCOUNT_ACTION_REQUIRED`, `PLATFORM_TEMPORARY` as the platform answers; or the store's. Nothing was stored
    /// then, and the person starts again.
    pub async fn finish_link(&self, user: UserId, callback: &str) -> Result<LinkOutcome, Error> {
        let mut callback = Callback::parse(callback)?;
        let state = callback.state.take();
        let state = state.ok_or_else(|| invalid("missing"))?;
        let pending = self.take(&state, user).await?;
        let channel = pending.login.channel();
        if let Some(refusal) = callback.refusal(channel) {
            return Err(refusal);
        }
        let code = callback
            .code
            .take()
            .ok_or_else(|| Error::new(Code::LinkInvalid).at("callback.code"))?;
        match pending.login {
            Login::Tiktok => self.finish_tiktok(pending, &code, callback.scopes).await,
            Login::Instagram => self.finish_instagram(pending, &code).await,
            Login::Facebook => self.finish_facebook(pending, &code).await,
        }
    }

    async fn finish_tiktok(
        &self,
        pending: PendingLink,
        code: &SecretString,
        granted: Option<Vec<String>>,
    ) -> Result<LinkOutcome, Error> {
        let login = self.logins.tiktok.as_ref();
        let login = login.ok_or_else(|| no_login(Login::Tiktok))?;
        let failed = |error: super::oauth::OauthError| error.while_linking(Channel::Tiktok);
        let verifier = self.secret_of(&pending).await?;
        let now = self.clock.now();
        let transport = &*self.transport;
        let mut issued = login
            .exchange(transport, code, &pending.redirect, verifier.as_ref(), now)
            .await
            .map_err(failed)?;
        let scopes = issued.scopes.take().or(granted).unwrap_or_default();
        check_scopes(&login.required_scopes, &scopes)?;
        let identity = login
            .who(transport, &issued.access, &scopes, now)
            .await
            .map_err(failed)?;
        self.link(&pending, identity, issued, scopes).await
    }

    async fn finish_instagram(
        &self,
        pending: PendingLink,
        code: &SecretString,
    ) -> Result<LinkOutcome, Error> {
        let login = self.logins.instagram.as_ref();
        let login = login.ok_or_else(|| no_login(Login::Instagram))?;
        let failed = |error: super::oauth::OauthError| error.while_linking(Channel::Instagram);
        let transport = &*self.transport;
        let mut issued = login
            .exchange(transport, code, &pending.redirect, self.clock.now())
            .await
            .map_err(failed)?;
        let scopes = issued.scopes.take().unwrap_or_default();
        check_scopes(&login.required_scopes, &scopes)?;
        let identity = login.who(transport, &issued.access).await.map_err(failed)?;
        self.link(&pending, identity, issued, scopes).await
    }

    pub(super) async fn link(
        &self,
        pending: &PendingLink,
        identity: Identity,
        issued: IssuedTokens,
        scopes: Vec<String>,
    ) -> Result<LinkOutcome, Error> {
        let now = self.clock.now();
        let random = draw(&*self.random).map_err(VaultError::from)?;
        let named = !identity.display_name.is_empty();
        let mut account = ChannelAccount {
            id: AccountId::new(time_ordered_uuid(now, random)),
            user_id: pending.user_id,
            channel: pending.login.channel(),
            display_name: if named {
                identity.display_name
            } else {
                identity.external_id.clone()
            },
            external_account_id: identity.external_id,
            timezone: pending.timezone,
            status: AccountStatus::Ok,
            expires_at: issued.expires_at,
            renewable_until: issued.renewable_until,
            scopes,
            cooling_down_until: None,
            grace_minutes: None,
            quota: None,
            tiktok_creator: identity.tiktok_creator,
        };
        loop {
            let context = |kind| SealContext::account(account.id, account.channel, kind);
            let refresh = match &issued.refresh {
                Some(token) => Some(
                    self.vault
                        .seal(token, &context(SecretKind::Refresh))
                        .await?,
                ),
                None => None,
            };
            let access = self
                .vault
                .seal(&issued.access, &context(SecretKind::Access))
                .await?;
            let link = NewLink {
                account: account.clone(),
                login: pending.login,
                tokens: SealedTokens { access, refresh },
                issued_at: now,
                renew_at: renew_at(pending.login, &issued),
            };
            match self.tokens.put_link(link).await? {
                PutLink::Stored(record) => {
                    let TokenRecord { account, .. } = *record;
                    return Ok(LinkOutcome::Linked(Box::new(account)));
                }
                PutLink::KnownAs(id) => account.id = id,
            }
        }
    }

    pub(super) fn link_end(&self) -> Timestamp {
        self.clock.now().plus(TimeDelta::minutes(LINK_MINUTES))
    }

    pub(super) async fn keep_pending(
        &self,
        mut pending: PendingLink,
        secret: Option<SecretString>,
    ) -> Result<(), Error> {
        if let Some(secret) = &secret {
            let context = pending_context(&pending);
            pending.secret = Some(self.vault.seal(secret, &context).await?);
        }
        Ok(self.tokens.put_pending(pending).await?)
    }

    pub(super) async fn secret_of(
        &self,
        pending: &PendingLink,
    ) -> Result<Option<SecretString>, Error> {
        match &pending.secret {
            Some(sealed) => Ok(Some(
                self.vault.open(sealed, &pending_context(pending)).await?,
            )),
            None => Ok(None),
        }
    }

    pub(super) async fn take(
        &self,
        state: &SecretString,
        user: UserId,
    ) -> Result<PendingLink, Error> {
        match self.tokens.take_pending(hash(state), user).await? {
            TakenLink::Taken(pending) => Ok(pending),
            TakenLink::OtherUser => Err(invalid("another user")),
            TakenLink::Expired => Err(invalid("expired")),
            TakenLink::Unknown => Err(invalid("unknown")),
        }
    }

    /// `N` random bytes in base64url: characters that states and verifiers may have.
    pub(super) fn token_text<const N: usize>(&self) -> Result<SecretString, Error> {
        let bytes = zeroize::Zeroizing::new(draw::<N>(&*self.random).map_err(VaultError::from)?);
        Ok(SecretString::from(URL_SAFE_NO_PAD.encode(*bytes)))
    }
}

fn pending_context(pending: &PendingLink) -> SealContext {
    SealContext {
        owner: format!("{} {}", pending.user_id, pending.state_hash),
        channel: Some(pending.login.channel()),
        kind: SecretKind::Linking,
    }
}

pub(super) fn hash(state: &SecretString) -> String {
    hex(&Sha256::digest(state.expose_secret().as_bytes()))
}

pub(super) fn invalid(why: &str) -> Error {
    Error::new(Code::LinkInvalid)
        .at("callback.state")
        .measured(Measure::text(why))
}

pub(super) fn check_scopes(required: &[String], granted: &[String]) -> Result<(), Error> {
    let lacking: Vec<&str> = required
        .iter()
        .filter(|scope| !granted.contains(scope))
        .map(String::as_str)
        .collect();
    if lacking.is_empty() {
        return Ok(());
    }
    Err(Error::new(Code::ScopeMissing)
        .at("account.scopes")
        .measured(Measure::text(lacking.join(", ")))
        .allowed(Allowed::one_of(required.iter().map(String::as_str))))
}

/// A redirect that the platform can have registered.
fn check_redirect(login: Login, redirect: &str) -> Result<Url, Error> {
    let refused = |pattern: &str| {
        Error::new(Code::FieldValueInvalid)
            .at("redirect")
            .allowed(Allowed::pattern(pattern))
    };
    if redirect.len() > LONGEST_REDIRECT {
        let length = i64::try_from(redirect.len()).unwrap_or(i64::MAX);
        return Err(Error::new(Code::FieldValueInvalid)
            .at("redirect")
            .measured(Measure::integer(length, Unit::Bytes))
            .allowed(Allowed::at_most(LONGEST_REDIRECT as f64, Unit::Bytes)));
    }
    // Readers of addresses pass over tabs, line ends and outer spaces; what is sent to the platform wouldn't.
    if !redirect.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(refused("https://host/path"));
    }
    let address = Url::parse(redirect).map_err(|_| refused("https://host/path"))?;
    if !address.username().is_empty() || address.password().is_some() {
        return Err(refused("https://host/path"));
    }
    let local = matches!(address.host_str(), Some("localhost" | "127.0.0.1"));
    match address.scheme() {
        "https" => {}
        "http" if local => {}
        _ => return Err(refused("https://host/path")),
    }
    if address.fragment().is_some() {
        return Err(refused("https://host/path"));
    }
    if login == Login::Tiktok {
        // TikTok, Login Kit for Web and for Desktop, read 2026-09-11: static, and with a port on the device.
        if address.query().is_some() {
            return Err(refused("https://host/path"));
        }
        if local && address.port().is_none() {
            return Err(refused("http://127.0.0.1:PORT/path"));
        }
    }
    Ok(address)
}
