//! The service: what it is made of, and the accounts it knows.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use calendar_publish::model::{AccountId, AccountStatus, ChannelAccount, Timestamp, UserId, Zone};
use calendar_publish::ports::{Clock, HttpTransport};
use calendar_publish::{Code, Error};

use super::access::usable_until;
use super::facebook::FacebookLogin;
use super::instagram::InstagramLogin;
use super::tiktok::TiktokLogin;
use super::token_store::{Login, RefreshClaim, RefreshEnd, TokenRecord, TokenStore};
use crate::access::{AccessError, AccessTokens};
use crate::sealing::{RandomSource, SystemRandom};
use crate::sealing::{SealContext, SecretKind, Vault};

/// How many accounts are read at once.
const PAGE: u32 = 100;

/// The sign-ins that the app has.
#[derive(Clone, Debug, Default)]
pub struct Logins {
    /// TikTok's.
    pub tiktok: Option<TiktokLogin>,
    /// Instagram's own.
    pub instagram: Option<InstagramLogin>,
    /// Instagram's by Facebook.
    pub facebook: Option<FacebookLogin>,
}

/// Links accounts and keeps their tokens: sealed at rest, renewed in time, and by one caller at a time
/// however many processes ask.
///
/// It implements [`AccessTokens`] for the channel adapters.
pub struct AccountService {
    pub(super) tokens: Arc<dyn TokenStore>,
    pub(super) vault: Vault,
    pub(super) transport: Arc<dyn HttpTransport>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn RandomSource>,
    pub(super) logins: Logins,
    /// Tokens that a platform gave and the store couldn't take yet: they are stored before anything else.
    pub(super) unsaved: Mutex<HashMap<AccountId, (RefreshClaim, RefreshEnd)>>,
}

/// What became of an account's authorisation at the platform when the account was unlinked here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// The platform has ended it.
    Done,
    /// The platform offers no way: the person can remove the app in the platform's settings.
    NotOffered,
    /// It couldn't be ended now; the tokens are forgotten here all the same.
    Failed {
        /// Why, for developers, without any secret.
        reason: String,
    },
}

/// What a round of renewals came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RenewalReport {
    /// How many accounts have new tokens.
    pub renewed: u32,
    /// How many accounts keep what they have for now: it works, and the platform gives nothing new yet.
    pub kept: u32,
    /// Accounts whose authorisation has ended: their status says so now.
    pub ended: Vec<AccountId>,
    /// Accounts that couldn't be renewed now, and why, for developers.
    pub failed: Vec<(AccountId, String)>,
}

impl AccountService {
    /// A service over a store, with the system's randomness.
    pub fn new(
        tokens: Arc<dyn TokenStore>,
        vault: Vault,
        transport: Arc<dyn HttpTransport>,
        clock: Arc<dyn Clock>,
        logins: Logins,
    ) -> Self {
        Self {
            tokens,
            vault,
            transport,
            clock,
            random: Arc::new(SystemRandom),
            logins,
            unsaved: Mutex::default(),
        }
    }

    /// Draws states and verifiers from `random`.
    #[must_use]
    pub fn with_random(mut self, random: Arc<dyn RandomSource>) -> Self {
        self.random = random;
        self
    }

    /// The user's accounts, by channel, name and id. No token is among them.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE` or `STORE_CORRUPT`.
    pub async fn accounts(&self, user: UserId) -> Result<Vec<ChannelAccount>, Error> {
        Ok(self.tokens.linked(user).await?)
    }

    /// Sets the zone that the wall-clock times of the account's entries are meant in. Instants that are
    /// planned already stay.
    ///
    /// # Errors
    /// `ACCOUNT_NOT_FOUND`, or the store's.
    pub async fn set_timezone(
        &self,
        user: UserId,
        account: AccountId,
        timezone: Zone,
    ) -> Result<ChannelAccount, Error> {
        Ok(self.tokens.set_timezone(user, account, timezone).await?)
    }

    /// Ends the authorisation at the platform where that can be done, and forgets the account and its tokens
    /// in any case. TikTok ends it for the app as a whole: where another user has linked the same TikTok account, theirs
    /// ends too, and they are asked to link it again.
    ///
    /// # Errors
    /// `ACCOUNT_NOT_FOUND`, or the store's: the account is still linked then.
    pub async fn unlink(&self, user: UserId, account: AccountId) -> Result<Revocation, Error> {
        let record = self.tokens.tokens(account).await?;
        let revocation = match record.filter(|record| record.account.user_id == user) {
            Some(record) => self.revoke(&record).await,
            None => Revocation::NotOffered,
        };
        self.tokens.unlink(user, account).await?;
        Ok(revocation)
    }

    async fn revoke(&self, record: &TokenRecord) -> Revocation {
        let (Login::Tiktok, Some(login)) = (record.login, &self.logins.tiktok) else {
            return Revocation::NotOffered;
        };
        if record.account.status == AccountStatus::Revoked {
            return Revocation::Done;
        }
        // TikTok refuses to revoke with a token that has run out: it is renewed first.
        let token = match self.access_token(record.account.id).await {
            Ok(token) => token,
            Err(AccessError::Revoked) => return Revocation::Done,
            Err(error) => {
                return Revocation::Failed {
                    reason: error.to_string(),
                };
            }
        };
        match login.revoke(&*self.transport, &token.secret).await {
            Ok(()) => Revocation::Done,
            Err(error) => Revocation::Failed {
                reason: error.to_string(),
            },
        }
    }

    /// Renews the accounts that nobody has used for long: one that nothing is published to for two months would
    /// lose its Instagram token otherwise. Call it once a day.
    ///
    /// # Errors
    /// The store's. One account's failure leaves the others alone.
    pub async fn renew_due(&self) -> Result<RenewalReport, Error> {
        let now = self.clock.now();
        let mut report = RenewalReport::default();
        let mut after = None;
        loop {
            let due = self.tokens.renewal_due(now, after, PAGE).await?;
            let Some(last) = due.last() else {
                return Ok(report);
            };
            after = Some(last.account.id);
            for record in due {
                let account = record.account.id;
                match self.access_token(account).await {
                    Ok(token) if token.version > record.version => report.renewed += 1,
                    Ok(_) => report.kept += 1,
                    Err(AccessError::Revoked | AccessError::Expired) => report.ended.push(account),
                    Err(error @ AccessError::Unavailable { .. }) => {
                        report.failed.push((account, error.to_string()));
                    }
                }
            }
        }
    }

    pub(super) fn seal_context(record: &TokenRecord, kind: SecretKind) -> SealContext {
        SealContext::account(record.account.id, record.account.channel, kind)
    }

    /// Whether the token can be called with at `now`.
    pub(super) fn is_usable(record: &TokenRecord, now: Timestamp) -> bool {
        usable_until(record).is_none_or(|until| until > now)
    }
}

impl fmt::Debug for AccountService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountService")
            .field("logins", &self.logins)
            .finish_non_exhaustive()
    }
}

/// The app has no such sign-in.
pub(super) fn no_login(login: Login) -> Error {
    Error::new(Code::AppMisconfigured)
        .at("app")
        .measured(calendar_publish::error::Measure::text(
            login.channel().as_str(),
        ))
}
