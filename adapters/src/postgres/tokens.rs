//! Sealed tokens, renewals and sign-ins under way, beside the accounts' rows.

use async_trait::async_trait;
use calendar_publish::model::{AccountId, ChannelAccount, Timestamp, UserId, Zone};
use calendar_publish::ports::{Missing, StoreError};
use chrono::{DateTime, Utc};
use deadpool_postgres::Client;
use tokio_postgres::types::ToSql;

use super::database::attempt;
use super::failure::Failure;
use super::row::{document, get, instant, present, read, word};
use super::token_rows::{hold, record, select_records, time, write_account, write_renewal};
use super::{PostgresStore, accounts};
use crate::accounts::renewal::{self, Renewal};
use crate::accounts::{
    ClaimRefresh, NewLink, PendingLink, PutLink, RefreshClaim, RefreshEnd, SealedTokens, TakenLink,
    TokenRecord, TokenStore,
};

async fn put_link(client: &mut Client, link: &NewLink) -> Result<PutLink, Failure> {
    let transaction = client.transaction().await?;
    let account = &link.account;
    let user = account.user_id.uuid();
    let (channel, external) = (account.channel.as_str(), &account.external_account_id);
    // Two sign-ins of one account take turns: the second finds what the first stored.
    transaction
        .execute(
            "select pg_advisory_xact_lock(hashtextextended($1, 5316803425791267541))",
            &[&format!("{user} {channel} {external}")],
        )
        .await?;
    let row = transaction
        .query_opt(
            "select (to_jsonb(a) - 'access_token_encrypted' - 'refresh_token_encrypted')::text as account,
                coalesce(t.version, 0) as version, coalesce(t.fence, 0) as fence
             from public.channel_accounts a
             left join calendar_publish.account_tokens t on t.account_id = a.id and t.user_id = a.user_id
             where a.user_id = $1 and a.channel = $2 and a.external_account_id = $3
             order by a.id limit 1 for update of a",
            &[&user, &channel, external],
        )
        .await?;
    let mut renewal = Renewal::default();
    let mut known = None;
    if let Some(row) = &row {
        let found: accounts::AccountRow =
            document(get(row, "channel_accounts", "account")?, "channel_accounts")?;
        renewal.fence = get(row, "account_tokens", "fence")?;
        known = Some((found.account()?, get(row, "account_tokens", "version")?));
    }
    let record = match renewal::link(link.clone(), known) {
        Err(id) => return Ok(PutLink::KnownAs(id)),
        Ok(record) => record,
    };
    accounts::put(&transaction, &record.account).await?;
    write_account(&transaction, &record).await?;
    write_renewal(&transaction, &record, &renewal).await?;
    transaction.commit().await?;
    Ok(PutLink::Stored(Box::new(record)))
}

async fn select(
    client: &Client,
    query: &str,
    values: &[&(dyn ToSql + Sync)],
) -> Result<Vec<TokenRecord>, Failure> {
    let statement = client.prepare_cached(query).await?;
    let rows = client.query(&statement, values).await?;
    rows.iter().map(|row| Ok(record(row)?.0)).collect()
}

async fn claim(
    client: &mut Client,
    account: AccountId,
    version: i64,
    lease_millis: i64,
    now: Option<DateTime<Utc>>,
) -> Result<ClaimRefresh, Failure> {
    let transaction = client.transaction().await?;
    let Some((record, mut renewal)) = hold(&transaction, account).await? else {
        return Ok(ClaimRefresh::Missing);
    };
    let now = time(&transaction, now).await?;
    let claimed = renewal.claim(&record, version, lease_millis, now);
    if matches!(claimed, ClaimRefresh::Granted(_)) {
        write_renewal(&transaction, &record, &renewal).await?;
        transaction.commit().await?;
    }
    Ok(claimed)
}

async fn finish(
    client: &mut Client,
    claim: RefreshClaim,
    end: &RefreshEnd,
    now: Option<DateTime<Utc>>,
) -> Result<bool, Failure> {
    let transaction = client.transaction().await?;
    let Some((mut record, mut renewal)) = hold(&transaction, claim.account).await? else {
        return Ok(false);
    };
    let now = time(&transaction, now).await?;
    let before = record.account.clone();
    let version = record.version;
    if !renewal.finish(&mut record, claim, end.clone(), now) {
        return Ok(false);
    }
    if record.account != before || record.version != version {
        write_account(&transaction, &record).await?;
    }
    write_renewal(&transaction, &record, &renewal).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn put_pending(
    client: &mut Client,
    pending: &PendingLink,
    now: Option<DateTime<Utc>>,
) -> Result<(), Failure> {
    let transaction = client.transaction().await?;
    let now = time(&transaction, now).await?.utc();
    transaction
        .execute(
            "delete from calendar_publish.pending_links where expires_at <= $1",
            &[&now],
        )
        .await?;
    transaction
        .execute(
            "insert into calendar_publish.pending_links
                (state_hash, user_id, login, redirect, timezone, secret, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
            &[
                &pending.state_hash,
                &pending.user_id.uuid(),
                &word(&pending.login)?,
                &pending.redirect,
                &pending.timezone.name(),
                &pending.secret,
                &pending.expires_at.utc(),
            ],
        )
        .await?;
    transaction.commit().await?;
    Ok(())
}

async fn take_pending(
    client: &mut Client,
    state_hash: &str,
    user: UserId,
    now: Option<DateTime<Utc>>,
) -> Result<TakenLink, Failure> {
    let transaction = client.transaction().await?;
    let table = "pending_links";
    let row = transaction
        .query_opt(
            "select * from calendar_publish.pending_links where state_hash = $1 for update",
            &[&state_hash],
        )
        .await?;
    let Some(row) = row else {
        return Ok(TakenLink::Unknown);
    };
    let pending = PendingLink {
        state_hash: get(&row, table, "state_hash")?,
        user_id: UserId::new(get(&row, table, "user_id")?),
        login: present(read(&row, table, "login")?, table, "login")?,
        redirect: get(&row, table, "redirect")?,
        timezone: present(read(&row, table, "timezone")?, table, "timezone")?,
        secret: get(&row, table, "secret")?,
        expires_at: present(instant(&row, table, "expires_at")?, table, "expires_at")?,
    };
    if pending.user_id != user {
        return Ok(TakenLink::OtherUser);
    }
    let now = time(&transaction, now).await?;
    transaction
        .execute(
            "delete from calendar_publish.pending_links where state_hash = $1",
            &[&state_hash],
        )
        .await?;
    transaction.commit().await?;
    Ok(if pending.expires_at > now {
        TakenLink::Taken(pending)
    } else {
        TakenLink::Expired
    })
}

async fn reseal(
    client: &mut Client,
    account: AccountId,
    version: i64,
    tokens: &SealedTokens,
) -> Result<bool, Failure> {
    let transaction = client.transaction().await?;
    let held = hold(&transaction, account).await?;
    let Some((mut record, _)) = held.filter(|(record, _)| record.version == version) else {
        return Ok(false);
    };
    record.tokens = tokens.clone();
    write_account(&transaction, &record).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn set_timezone(
    client: &Client,
    user: UserId,
    account: AccountId,
    timezone: Zone,
) -> Result<ChannelAccount, Failure> {
    let row = client
        .query_opt(
            "update public.channel_accounts a set timezone = $3 where a.user_id = $1 and a.id = $2
             returning (to_jsonb(a) - 'access_token_encrypted' - 'refresh_token_encrypted')::text",
            &[&user.uuid(), &account.uuid(), &timezone.name()],
        )
        .await?;
    let row = row.ok_or(StoreError::NotFound {
        what: Missing::Account,
    })?;
    let found: accounts::AccountRow = document(row.try_get(0)?, "channel_accounts")?;
    Ok(found.account()?)
}

#[async_trait]
impl TokenStore for PostgresStore {
    async fn put_link(&self, link: NewLink) -> Result<PutLink, StoreError> {
        attempt!(&self.pool, client => put_link(&mut client, &link))
    }

    async fn tokens(&self, account: AccountId) -> Result<Option<TokenRecord>, StoreError> {
        let found: Result<Vec<TokenRecord>, StoreError> = attempt!(&self.pool, client => select(
            &client,
            select_records!("where t.account_id = $1"),
            &[&account.uuid()]
        ));
        Ok(found?.into_iter().next())
    }

    async fn claim_refresh(
        &self,
        account: AccountId,
        version: i64,
        lease_millis: i64,
    ) -> Result<ClaimRefresh, StoreError> {
        let now = self.now();
        attempt!(&self.pool, client => claim(&mut client, account, version, lease_millis, now))
    }

    async fn finish_refresh(
        &self,
        claim: RefreshClaim,
        end: RefreshEnd,
    ) -> Result<bool, StoreError> {
        let now = self.now();
        attempt!(&self.pool, client => finish(&mut client, claim, &end, now))
    }

    async fn put_pending(&self, pending: PendingLink) -> Result<(), StoreError> {
        let now = self.now();
        attempt!(&self.pool, client => put_pending(&mut client, &pending, now))
    }

    async fn take_pending(
        &self,
        state_hash: String,
        user: UserId,
    ) -> Result<TakenLink, StoreError> {
        let now = self.now();
        attempt!(&self.pool, client => take_pending(&mut client, &state_hash, user, now))
    }

    async fn sealed_otherwise(
        &self,
        prefix: String,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<TokenRecord>, StoreError> {
        let after = after.map(AccountId::uuid);
        attempt!(&self.pool, client => select(
            &client,
            select_records!(
                "where ($2::uuid is null or t.account_id > $2)
                    and (not starts_with(a.access_token_encrypted, $1)
                        or not starts_with(a.refresh_token_encrypted, $1))
                 order by t.account_id limit $3"
            ),
            &[&prefix, &after, &i64::from(limit)]
        ))
    }

    async fn reseal(
        &self,
        account: AccountId,
        version: i64,
        tokens: SealedTokens,
    ) -> Result<bool, StoreError> {
        attempt!(&self.pool, client => reseal(&mut client, account, version, &tokens))
    }

    async fn renewal_due(
        &self,
        now: Timestamp,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<TokenRecord>, StoreError> {
        let after = after.map(AccountId::uuid);
        attempt!(&self.pool, client => select(
            &client,
            select_records!(
                "where t.renew_at <= $1 and a.status = 'ok' and ($2::uuid is null or t.account_id > $2)
                 order by t.account_id limit $3"
            ),
            &[&now.utc(), &after, &i64::from(limit)]
        ))
    }

    async fn set_timezone(
        &self,
        user: UserId,
        account: AccountId,
        timezone: Zone,
    ) -> Result<ChannelAccount, StoreError> {
        attempt!(&self.pool, client => set_timezone(&client, user, account, timezone))
    }

    async fn unlink(&self, user: UserId, account: AccountId) -> Result<(), StoreError> {
        attempt!(&self.pool, client => accounts::remove(&client, user, account))
    }

    async fn linked(&self, user: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        attempt!(&self.pool, client => accounts::list(&client, user))
    }
}
