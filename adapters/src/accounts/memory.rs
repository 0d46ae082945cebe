//! A [`TokenStore`] in memory: for tests, and as the simplest model of what one must do.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use calendar_publish::model::{AccountId, AccountStatus, ChannelAccount, Timestamp, UserId, Zone};
use calendar_publish::ports::{Clock, Missing, StoreError};

use super::renewal::{self, Renewal};
use super::token_store::{
    ClaimRefresh, NewLink, PendingLink, PutLink, RefreshClaim, RefreshEnd, SealedTokens, TakenLink,
    TokenRecord, TokenStore,
};

/// A [`TokenStore`] that forgets everything when it is dropped. It keeps the accounts' rows itself.
pub struct MemoryTokens {
    clock: Arc<dyn Clock>,
    rows: Mutex<Rows>,
}

#[derive(Default)]
struct Rows {
    records: BTreeMap<AccountId, (TokenRecord, Renewal)>,
    pending: BTreeMap<String, PendingLink>,
}

impl MemoryTokens {
    /// An empty store, whose claims end by `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            rows: Mutex::default(),
        }
    }

    /// Every operation checks first and then only moves values: a poisoned lock is taken all the same.
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTokens").finish_non_exhaustive()
    }
}

impl Rows {
    fn own(&mut self, user: UserId, account: AccountId) -> Result<&mut TokenRecord, StoreError> {
        let found = self.records.get_mut(&account);
        found
            .map(|(record, _)| record)
            .filter(|record| record.account.user_id == user)
            .ok_or(StoreError::NotFound {
                what: Missing::Account,
            })
    }
}

#[async_trait]
impl TokenStore for MemoryTokens {
    async fn put_link(&self, link: NewLink) -> Result<PutLink, StoreError> {
        let mut rows = self.rows();
        let is_same = |record: &TokenRecord| {
            let account = &record.account;
            account.user_id == link.account.user_id
                && account.channel == link.account.channel
                && account.external_account_id == link.account.external_account_id
        };
        let known = rows.records.values().find(|(record, _)| is_same(record));
        let fence = known.map_or(0, |(_, renewal)| renewal.fence);
        let known = known.map(|(record, _)| (record.account.clone(), record.version));
        match renewal::link(link, known) {
            Err(id) => Ok(PutLink::KnownAs(id)),
            Ok(record) => {
                let renewal = Renewal {
                    fence,
                    ..Renewal::default()
                };
                rows.records
                    .insert(record.account.id, (record.clone(), renewal));
                Ok(PutLink::Stored(Box::new(record)))
            }
        }
    }

    async fn tokens(&self, account: AccountId) -> Result<Option<TokenRecord>, StoreError> {
        let rows = self.rows();
        Ok(rows.records.get(&account).map(|(record, _)| record.clone()))
    }

    async fn claim_refresh(
        &self,
        account: AccountId,
        version: i64,
        lease_millis: i64,
    ) -> Result<ClaimRefresh, StoreError> {
        let now = self.clock.now();
        let mut rows = self.rows();
        let Some((record, renewal)) = rows.records.get_mut(&account) else {
            return Ok(ClaimRefresh::Missing);
        };
        Ok(renewal.claim(record, version, lease_millis, now))
    }

    async fn finish_refresh(
        &self,
        claim: RefreshClaim,
        end: RefreshEnd,
    ) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let mut rows = self.rows();
        let Some((record, renewal)) = rows.records.get_mut(&claim.account) else {
            return Ok(false);
        };
        Ok(renewal.finish(record, claim, end, now))
    }

    async fn put_pending(&self, pending: PendingLink) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut rows = self.rows();
        rows.pending.retain(|_, other| other.expires_at > now);
        rows.pending.insert(pending.state_hash.clone(), pending);
        Ok(())
    }

    async fn take_pending(
        &self,
        state_hash: String,
        user: UserId,
    ) -> Result<TakenLink, StoreError> {
        let now = self.clock.now();
        let mut rows = self.rows();
        let Some(pending) = rows.pending.get(&state_hash) else {
            return Ok(TakenLink::Unknown);
        };
        if pending.user_id != user {
            return Ok(TakenLink::OtherUser);
        }
        Ok(match rows.pending.remove(&state_hash) {
            Some(pending) if pending.expires_at > now => TakenLink::Taken(pending),
            Some(_) => TakenLink::Expired,
            None => TakenLink::Unknown,
        })
    }

    async fn sealed_otherwise(
        &self,
        prefix: String,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<TokenRecord>, StoreError> {
        let other = |sealed: &String| !sealed.starts_with(&prefix);
        let rows = self.rows();
        let found = rows.records.values().map(|(record, _)| record);
        Ok(found
            .filter(|record| after.is_none_or(|after| record.account.id > after))
            .filter(|record| {
                other(&record.tokens.access) || record.tokens.refresh.as_ref().is_some_and(other)
            })
            .take(limit as usize)
            .cloned()
            .collect())
    }

    async fn reseal(
        &self,
        account: AccountId,
        version: i64,
        tokens: SealedTokens,
    ) -> Result<bool, StoreError> {
        let mut rows = self.rows();
        match rows.records.get_mut(&account) {
            Some((record, _)) if record.version == version => {
                record.tokens = tokens;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn renewal_due(
        &self,
        now: Timestamp,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<TokenRecord>, StoreError> {
        let rows = self.rows();
        let found = rows.records.values().map(|(record, _)| record);
        Ok(found
            .filter(|record| after.is_none_or(|after| record.account.id > after))
            .filter(|record| record.account.status == AccountStatus::Ok)
            .filter(|record| record.renew_at.is_some_and(|at| at <= now))
            .take(limit as usize)
            .cloned()
            .collect())
    }

    async fn set_timezone(
        &self,
        user: UserId,
        account: AccountId,
        timezone: Zone,
    ) -> Result<ChannelAccount, StoreError> {
        let mut rows = self.rows();
        let record = rows.own(user, account)?;
        record.account.timezone = timezone;
        Ok(record.account.clone())
    }

    async fn unlink(&self, user: UserId, account: AccountId) -> Result<(), StoreError> {
        let mut rows = self.rows();
        rows.own(user, account)?;
        rows.records.remove(&account);
        Ok(())
    }

    async fn linked(&self, user: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        let rows = self.rows();
        let mut found: Vec<ChannelAccount> = rows
            .records
            .values()
            .map(|(record, _)| record.account.clone())
            .filter(|account| account.user_id == user)
            .collect();
        found.sort_by(|a, b| {
            let key = |account: &ChannelAccount| {
                (
                    account.channel.as_str(),
                    account.display_name.clone(),
                    account.id,
                )
            };
            key(a).cmp(&key(b))
        });
        Ok(found)
    }
}
