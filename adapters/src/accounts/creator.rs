//! What a TikTok creator may do at this moment, for the form in which a post is made.

use calendar_publish::error::Measure;
use calendar_publish::model::{AccountId, Channel, ChannelAccount, UserId};
use calendar_publish::{Code, Error};

use super::oauth::{OauthError, OauthKind};
use super::service::{AccountService, no_login};
use super::token_store::Login;
use crate::access::AccessTokens;

impl AccountService {
    /// A user's TikTok account with what its creator may do now, asked of TikTok.
    ///
    /// TikTok wants this read whenever a post form is shown, and the form made of nothing older (TikTok,
    /// Content Sharing Guidelines and Query Creator Info, read 2026-09-11): hand the account to
    /// `rules::tiktok_form` and to readiness. It isn't stored; `Store::put_account` does that where a calendar should judge
    /// by it too. A post is held against the creator once more right before it is sent.
    ///
    /// # Errors
    /// `ACCOUNT_NOT_FOUND`; `CHANNEL_UNSUPPORTED` for an account that isn't TikTok's. Where the form should say "try again
    /// later": `QUOTA_EXHAUSTED` (the creator's or the app's posts of the day are spent), `ACCOUNT_BLOCKED`,
    /// `RATE_LIMITED` (20 calls a minute and token), `PLATFORM_TEMPORARY`. `SCOPE_MISSING`, `CHANNEL_AUTH_INVALID` and
    /// `TOKEN_EXPIRED` ask for a new link.
    pub async fn fresh_creator(
        &self,
        user: UserId,
        account: AccountId,
    ) -> Result<ChannelAccount, Error> {
        let record = self.tokens.tokens(account).await?;
        let record = record
            .filter(|record| record.account.user_id == user)
            .ok_or_else(|| Error::new(Code::AccountNotFound).at("accountId"))?;
        if record.account.channel != Channel::Tiktok {
            return Err(Error::new(Code::ChannelUnsupported)
                .at("account.channel")
                .measured(Measure::text(record.account.channel.as_str())));
        }
        let login = self.logins.tiktok.as_ref();
        let login = login.ok_or_else(|| no_login(Login::Tiktok))?;
        let token = self.access_token(account).await?;
        let now = self.clock.now();
        let mut asked = login.creator(&*self.transport, &token.secret, now).await;
        if matches!(&asked, Err(refusal) if refusal.kind == OauthKind::Refused) {
            let token = self.replacement(account, token.version).await?;
            asked = login.creator(&*self.transport, &token.secret, now).await;
        }
        let (_, creator) = asked.map_err(|refusal| told(&refusal))?;
        Ok(ChannelAccount {
            tiktok_creator: Some(creator),
            ..record.account
        })
    }
}

/// What a person reads beside the form.
fn told(refusal: &OauthError) -> Error {
    match refusal.kind {
        OauthKind::Refused => Error::new(Code::ChannelAuthInvalid).at("account"),
        OauthKind::Expired => Error::new(Code::TokenExpired).at("account"),
        _ => refusal.while_linking(Channel::Tiktok),
    }
}
