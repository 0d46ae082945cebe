//! Tokens for the channel adapters: renewed by one caller at a time, and durable before they are used.

use std::collections::hash_map::Entry;
use std::sync::PoisonError;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::model::{AccountId, AccountStatus, Timestamp};
use calendar_publish::ports::StoreError;
use chrono::TimeDelta;
use secrecy::SecretString;

use super::instagram::YOUNGEST_SECONDS;
use super::oauth::{IssuedTokens, OauthError, OauthKind};
use super::service::AccountService;
use super::token_store::{
    ClaimRefresh, Login, RefreshClaim, RefreshEnd, RenewedTokens, SealedTokens, TokenRecord,
};
use crate::access::{AccessError, AccessToken, AccessTokens};
use crate::sealing::{SecretKind, VaultError};

/// A token that is handed out works for at least this long, where it can be renewed.
const MARGIN: TimeDelta = TimeDelta::minutes(5);

/// A token is used until this long before its end where it couldn't be renewed.
const LAST_USE: TimeDelta = TimeDelta::seconds(30);

/// An Instagram token is renewed when it has this long to go: half of its 60 days are left for a platform
/// that doesn't answer.
const INSTAGRAM_MARGIN: TimeDelta = TimeDelta::days(30);

/// A TikTok account at rest is renewed when its authorisation has this long to go.
const TIKTOK_REST: TimeDelta = TimeDelta::days(14);

/// A platform that refuses tokens made this recently for refused ones has withdrawn the authorisation.
const REFUSED_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// How often a caller looks whether somebody else's renewal has ended.
const LOOK_AGAIN: TimeDelta = TimeDelta::milliseconds(150);

/// How long nobody tries again after a passing fault.
const REST_MILLIS: i64 = 30_000;

/// How long nobody tries again after a refusal that says nothing against the account, or that a token which
/// still works outlives.
const LONG_REST_MILLIS: i64 = 600_000;

/// How long nobody tries again after a rate limit that named no time.
const LIMIT_REST_MILLIS: i64 = 60_000;

/// How long renewing rests at most, in milliseconds: an hour, whatever a platform asks for, or one absurd answer would
/// let the account run out.
const LONGEST_REST_MILLIS: i64 = 3_600_000;

/// When the store doesn't take new tokens: how often to try, and how long to wait at first.
const SAVES: u32 = 5;
const FIRST_PAUSE_MILLIS: i64 = 100;

#[async_trait]
impl AccessTokens for AccountService {
    async fn access_token(&self, account: AccountId) -> Result<AccessToken, AccessError> {
        self.obtain(account, None).await
    }

    async fn replacement(
        &self,
        account: AccountId,
        refused: i64,
    ) -> Result<AccessToken, AccessError> {
        self.obtain(account, Some(refused)).await
    }
}

/// Until when the account's token can be called with; `None` where it has no end.
pub(super) fn usable_until(record: &TokenRecord) -> Option<Timestamp> {
    record.account.expires_at.map(|at| at.plus(-LAST_USE))
}

/// Whether the token is to be renewed before it is used.
fn is_due(record: &TokenRecord, now: Timestamp) -> bool {
    let Some(expires_at) = record.account.expires_at else {
        return false;
    };
    let left = expires_at.since(now);
    match record.login {
        Login::Tiktok => left <= MARGIN,
        Login::Instagram => {
            left <= TimeDelta::zero() || (left <= INSTAGRAM_MARGIN && is_old_enough(record, now))
        }
        Login::Facebook => left <= TimeDelta::zero(),
    }
}

/// From when tokens are renewed although nobody uses them: an account that nothing is published to for months
/// would lose them otherwise. A Page's token has no end.
pub(super) fn renew_at(login: Login, issued: &IssuedTokens) -> Option<Timestamp> {
    match login {
        Login::Tiktok => issued.renewable_until.map(|at| at.plus(-TIKTOK_REST)),
        Login::Instagram => issued.expires_at.map(|at| at.plus(-INSTAGRAM_MARGIN)),
        Login::Facebook => None,
    }
}

fn is_old_enough(record: &TokenRecord, now: Timestamp) -> bool {
    now.since(record.issued_at) >= TimeDelta::seconds(YOUNGEST_SECONDS)
}

impl From<VaultError> for AccessError {
    fn from(error: VaultError) -> Self {
        Self::Unavailable {
            reason: error.to_string(),
        }
    }
}

/// How a renewal that wasn't answered with tokens goes on.
enum Next {
    /// The account's tokens are looked at again.
    Look,
    /// That is the answer.
    Answer(AccessError),
    /// No new tokens for now; the old one serves while it works.
    Keep(AccessError),
}

impl AccountService {
    async fn obtain(
        &self,
        account: AccountId,
        refused: Option<i64>,
    ) -> Result<AccessToken, AccessError> {
        self.save_what_is_unsaved(account).await?;
        let mut give_up_at = None;
        loop {
            let found = self.tokens.tokens(account).await.map_err(unavailable)?;
            let record = found.ok_or(AccessError::Revoked)?;
            match record.account.status {
                AccountStatus::Ok => {}
                AccountStatus::Revoked => return Err(AccessError::Revoked),
                AccountStatus::Expired => return Err(AccessError::Expired),
            }
            let now = self.clock.now();
            let demanded = refused.is_some_and(|refused| record.version <= refused);
            if !demanded && !is_due(&record, now) {
                return self.open(&record).await;
            }
            let lease_millis = self.lease_millis(record.login);
            let claimed = self
                .tokens
                .claim_refresh(account, record.version, lease_millis)
                .await
                .map_err(unavailable)?;
            let kept = match claimed {
                ClaimRefresh::Granted(claim) => match self.renew(&record, claim, demanded).await {
                    Ok(token) => return Ok(token),
                    Err(Next::Answer(error)) => return Err(error),
                    Err(Next::Keep(error)) => error,
                    Err(Next::Look) => continue,
                },
                ClaimRefresh::Changed(_) => continue,
                ClaimRefresh::Missing => return Err(AccessError::Revoked),
                ClaimRefresh::Resting { .. } => unavailable("renewing failed a moment ago"),
                ClaimRefresh::Busy { .. } => {
                    let patience = TimeDelta::milliseconds(lease_millis.saturating_mul(2));
                    let give_up_at = *give_up_at.get_or_insert(now.plus(patience));
                    if now < give_up_at {
                        self.clock.sleep_until(now.plus(LOOK_AGAIN)).await;
                        continue;
                    }
                    unavailable("somebody else is renewing and doesn't come to an end")
                }
            };
            return if !demanded && Self::is_usable(&record, self.clock.now()) {
                self.open(&record).await
            } else {
                Err(kept)
            };
        }
    }

    async fn open(&self, record: &TokenRecord) -> Result<AccessToken, AccessError> {
        let context = Self::seal_context(record, SecretKind::Access);
        Ok(AccessToken {
            secret: self.vault.open(&record.tokens.access, &context).await?,
            version: record.version,
        })
    }

    /// A claim outlasts two calls.
    fn lease_millis(&self, login: Login) -> i64 {
        let logins = &self.logins;
        let deadline = match login {
            Login::Tiktok => logins.tiktok.as_ref().map(|login| login.deadline),
            Login::Instagram => logins.instagram.as_ref().map(|login| login.deadline),
            Login::Facebook => None,
        };
        let deadline = deadline.unwrap_or(Duration::from_secs(20));
        i64::try_from(deadline.as_millis().saturating_mul(3)).unwrap_or(i64::MAX)
    }

    async fn renew(
        &self,
        record: &TokenRecord,
        claim: RefreshClaim,
        demanded: bool,
    ) -> Result<AccessToken, Next> {
        let now = self.clock.now();
        let just_replaced = record.replaced_refused && now.since(record.issued_at) < REFUSED_AGAIN;
        if demanded && just_replaced {
            return Err(self.end(claim, AccountStatus::Revoked).await);
        }
        // Tokens that can't be sealed couldn't be stored: nothing is asked of the platform then.
        if let Err(error) = self.vault.current_prefix().await {
            return Err(self.closed(claim, &error).await);
        }
        let answer = match record.login {
            Login::Tiktok => self.renew_tiktok(record, claim, now).await?,
            Login::Instagram => self.renew_instagram(record, claim, demanded, now).await?,
            // A Page's token has no renewal.
            Login::Facebook => {
                let status = if demanded {
                    AccountStatus::Revoked
                } else {
                    AccountStatus::Expired
                };
                return Err(self.end(claim, status).await);
            }
        };
        match answer {
            (Ok(issued), _) => self.keep(record, claim, issued, demanded).await,
            (Err(error), lost) => Err(self.judge(record, claim, demanded, &error, lost).await),
        }
    }

    /// Asks TikTok, once more where the answer was lost. The flag says whether one was.
    async fn renew_tiktok(
        &self,
        record: &TokenRecord,
        claim: RefreshClaim,
        now: Timestamp,
    ) -> Result<(Result<IssuedTokens, OauthError>, bool), Next> {
        let Some(login) = &self.logins.tiktok else {
            return Err(self.no_login(claim).await);
        };
        let over = record
            .account
            .renewable_until
            .is_some_and(|until| until <= now);
        let Some(sealed) = record.tokens.refresh.as_ref().filter(|_| !over) else {
            return Err(self.end(claim, AccountStatus::Expired).await);
        };
        let context = Self::seal_context(record, SecretKind::Refresh);
        let refresh = match self.vault.open(sealed, &context).await {
            Ok(refresh) => refresh,
            Err(error) => return Err(self.closed(claim, &error).await),
        };
        let first = login.renew(&*self.transport, &refresh, now).await;
        match first {
            Err(error) if error.may_have_worked => {
                let second = login
                    .renew(&*self.transport, &refresh, self.clock.now())
                    .await;
                Ok((second, true))
            }
            answer => Ok((answer, false)),
        }
    }

    async fn renew_instagram(
        &self,
        record: &TokenRecord,
        claim: RefreshClaim,
        demanded: bool,
        now: Timestamp,
    ) -> Result<(Result<IssuedTokens, OauthError>, bool), Next> {
        let Some(login) = &self.logins.instagram else {
            return Err(self.no_login(claim).await);
        };
        if record.account.expires_at.is_some_and(|at| at <= now) {
            return Err(self.end(claim, AccountStatus::Expired).await);
        }
        if demanded && !is_old_enough(record, now) {
            return Err(self.end(claim, AccountStatus::Revoked).await);
        }
        let context = Self::seal_context(record, SecretKind::Access);
        let access = match self.vault.open(&record.tokens.access, &context).await {
            Ok(access) => access,
            Err(error) => return Err(self.closed(claim, &error).await),
        };
        Ok((login.renew(&*self.transport, &access, now).await, false))
    }

    /// Makes new tokens durable, and only then hands them out.
    async fn keep(
        &self,
        record: &TokenRecord,
        claim: RefreshClaim,
        issued: IssuedTokens,
        demanded: bool,
    ) -> Result<AccessToken, Next> {
        let sealed = self.seal(record, &issued).await;
        let tokens = match sealed {
            Ok(tokens) => tokens,
            Err(error) => return Err(Next::Answer(error.into())),
        };
        let end = RefreshEnd::Renewed(RenewedTokens {
            tokens,
            issued_at: self.clock.now(),
            renew_at: renew_at(record.login, &issued),
            expires_at: issued.expires_at,
            renewable_until: issued.renewable_until,
            scopes: issued.scopes,
            replaced_refused: demanded,
        });
        match self.save(claim, end.clone()).await {
            Ok(true) => Ok(AccessToken {
                secret: issued.access,
                version: claim.version.saturating_add(1),
            }),
            Ok(false) => Err(Next::Look),
            Err(error) => {
                let mut unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
                unsaved.insert(claim.account, (claim, end));
                Err(Next::Answer(unavailable(error)))
            }
        }
    }

    async fn seal(
        &self,
        record: &TokenRecord,
        issued: &IssuedTokens,
    ) -> Result<SealedTokens, VaultError> {
        let access = Self::seal_context(record, SecretKind::Access);
        let context = Self::seal_context(record, SecretKind::Refresh);
        let refresh: Option<&SecretString> = issued.refresh.as_ref();
        Ok(SealedTokens {
            access: self.vault.seal(&issued.access, &access).await?,
            refresh: match refresh {
                Some(refresh) => Some(self.vault.seal(refresh, &context).await?),
                // An answer without one leaves the one that was used.
                None => record.tokens.refresh.clone(),
            },
        })
    }

    async fn save(&self, claim: RefreshClaim, end: RefreshEnd) -> Result<bool, StoreError> {
        let mut tries = 1;
        loop {
            match self.tokens.finish_refresh(claim, end.clone()).await {
                Err(StoreError::Unavailable { .. }) if tries < SAVES => {
                    let pause = TimeDelta::milliseconds(FIRST_PAUSE_MILLIS << tries);
                    self.clock.sleep_until(self.clock.now().plus(pause)).await;
                    tries += 1;
                }
                answer => return answer,
            }
        }
    }

    async fn save_what_is_unsaved(&self, account: AccountId) -> Result<(), AccessError> {
        let unsaved = || self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((claim, end)) = unsaved().get(&account).cloned() else {
            return Ok(());
        };
        self.tokens
            .finish_refresh(claim, end)
            .await
            .map_err(unavailable)?;
        // A later renewal may have left a newer pair here meanwhile.
        if let Entry::Occupied(kept) = unsaved().entry(account)
            && kept.get().0 == claim
        {
            kept.remove();
        }
        Ok(())
    }

    /// What a refusal comes to. `lost` says whether an answer of this renewal was lost before.
    async fn judge(
        &self,
        record: &TokenRecord,
        claim: RefreshClaim,
        demanded: bool,
        error: &OauthError,
        lost: bool,
    ) -> Next {
        let rotates = record.login == Login::Tiktok;
        match error.kind {
            OauthKind::Refused if rotates => {
                // What an unanswered renewal made of the refresh token nobody knows: one more refusal tells.
                let doubt = (lost || claim.unanswered_before) && claim.refusals == 0;
                if !doubt {
                    return self.end(claim, AccountStatus::Revoked).await;
                }
                if let Err(error) = self.tokens.finish_refresh(claim, RefreshEnd::Doubted).await {
                    return Next::Answer(unavailable(error));
                }
                // Whoever holds the lost answer has this long to store it.
                self.clock
                    .sleep_until(self.clock.now().plus(LOOK_AGAIN * 4))
                    .await;
                Next::Look
            }
            OauthKind::Refused if demanded => self.end(claim, AccountStatus::Revoked).await,
            OauthKind::Expired if demanded => self.end(claim, AccountStatus::Expired).await,
            _ => {
                let named = error.retry_after.map(|wait| wait.as_millis());
                let named = named.map(|wait| i64::try_from(wait).unwrap_or(i64::MAX));
                let named = named.map(|wait| wait.min(LONGEST_REST_MILLIS));
                let rest_millis = match error.kind {
                    OauthKind::Limited => named.unwrap_or(0).max(LIMIT_REST_MILLIS),
                    OauthKind::Temporary => named.unwrap_or(0).max(REST_MILLIS),
                    _ => LONG_REST_MILLIS,
                };
                let unanswered = lost || error.may_have_worked;
                self.release(claim, unanswered, rest_millis, error.clone().into())
                    .await
            }
        }
    }

    async fn end(&self, claim: RefreshClaim, status: AccountStatus) -> Next {
        match self
            .tokens
            .finish_refresh(claim, RefreshEnd::Ended { status })
            .await
        {
            Ok(true) if status == AccountStatus::Expired => Next::Answer(AccessError::Expired),
            Ok(true) => Next::Answer(AccessError::Revoked),
            Ok(false) => Next::Look,
            Err(error) => Next::Answer(unavailable(error)),
        }
    }

    /// Nothing was sent: the app has no such sign-in (any more).
    async fn no_login(&self, claim: RefreshClaim) -> Next {
        let why = unavailable("the app's sign-in isn't set up");
        self.release(claim, false, 0, why).await
    }

    /// Nothing was sent: the token can't be opened.
    async fn closed(&self, claim: RefreshClaim, error: &VaultError) -> Next {
        self.release(claim, false, 0, unavailable(error)).await
    }

    async fn release(
        &self,
        claim: RefreshClaim,
        unanswered: bool,
        rest_millis: i64,
        why: AccessError,
    ) -> Next {
        let end = RefreshEnd::Released {
            unanswered,
            rest_millis,
        };
        // Where the store doesn't take it, the claim ends by itself.
        let _ = self.tokens.finish_refresh(claim, end).await;
        Next::Keep(why)
    }
}

fn unavailable(reason: impl ToString) -> AccessError {
    AccessError::Unavailable {
        reason: reason.to_string(),
    }
}
