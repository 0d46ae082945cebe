//! A store under which its process dies when it is to store new tokens.

use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::model::{AccountId, ChannelAccount, Timestamp, UserId, Zone};
use calendar_publish::ports::StoreError;
use calendar_publish_adapters::accounts::{
    ClaimRefresh, NewLink, PendingLink, PutLink, RefreshClaim, RefreshEnd, SealedTokens, TakenLink,
    TokenRecord, TokenStore,
};

pub(crate) struct Dying(pub(crate) Arc<dyn TokenStore>);

#[async_trait]
impl TokenStore for Dying {
    async fn put_link(&self, link: NewLink) -> Result<PutLink, StoreError> {
        self.0.put_link(link).await
    }
    async fn tokens(&self, account: AccountId) -> Result<Option<TokenRecord>, StoreError> {
        self.0.tokens(account).await
    }
    async fn claim_refresh(
        &self,
        account: AccountId,
        version: i64,
        lease_millis: i64,
    ) -> Result<ClaimRefresh, StoreError> {
        self.0.claim_refresh(account, version, lease_millis).await
    }
    async fn finish_refresh(
        &self,
        claim: RefreshClaim,
        end: RefreshEnd,
    ) -> Result<bool, StoreError> {
        let _ = (claim, end);
        std::process::abort()
    }
    async fn put_pending(&self, pending: PendingLink) -> Result<(), StoreError> {
        self.0.put_pending(pending).await
    }
    async fn take_pending(&self, state: String, user: UserId) -> Result<TakenLink, StoreError> {
        self.0.take_pending(state, user).await
    }
    async fn sealed_otherwise(
        &self,
        prefix: String,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<TokenRecord>, StoreError> {
        self.0.sealed_otherwise(prefix, after, limit).await
    }
    async fn reseal(
        &self,
        account: AccountId,
        version: i64,
        tokens: SealedTokens,
    ) -> Result<bool, StoreError> {
        self.0.reseal(account, version, tokens).await
    }
    async fn renewal_due(
        &self,
        now: Timestamp,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<TokenRecord>, StoreError> {
        self.0.renewal_due(now, after, limit).await
    }
    async fn set_timezone(
        &self,
        user: UserId,
        account: AccountId,
        timezone: Zone,
    ) -> Result<ChannelAccount, StoreError> {
        self.0.set_timezone(user, account, timezone).await
    }
    async fn unlink(&self, user: UserId, account: AccountId) -> Result<(), StoreError> {
        self.0.unlink(user, account).await
    }
    async fn linked(&self, user: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        self.0.linked(user).await
    }
}
