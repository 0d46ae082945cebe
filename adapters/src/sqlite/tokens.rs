//! Sealed tokens, renewals and sign-ins under way, beside the accounts' rows.

use async_trait::async_trait;
use calendar_publish::model::{AccountId, ChannelAccount, Timestamp, UserId, Zone};
use calendar_publish::ports::{Missing, StoreError};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::row::{failed, number, read, read_optional, word};
use super::{SqliteStore, accounts};
use crate::accounts::renewal::{self, Renewal};
use crate::accounts::{
    ClaimRefresh, NewLink, PendingLink, PutLink, RefreshClaim, RefreshEnd, SealedTokens, TakenLink,
    TokenRecord, TokenStore,
};

const TABLE: &str = "account_tokens";

fn begin(connection: &mut Connection) -> Result<Transaction<'_>, StoreError> {
    connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)
}

/// The account with its tokens and renewals; `None` where either is missing.
fn load(
    connection: &Connection,
    account: AccountId,
) -> Result<Option<(TokenRecord, Renewal)>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM account_tokens WHERE account_id = ?1")
        .map_err(failed)?;
    let mut rows = statement.query([account.to_string()]).map_err(failed)?;
    match rows.next().map_err(failed)? {
        Some(row) => read_record(connection, row),
        None => Ok(None),
    }
}

fn read_record(
    connection: &Connection,
    row: &Row<'_>,
) -> Result<Option<(TokenRecord, Renewal)>, StoreError> {
    let (user, id) = (
        read(row, TABLE, "user_id")?,
        read(row, TABLE, "account_id")?,
    );
    let Some(account) = accounts::find(connection, user, id)? else {
        return Ok(None);
    };
    let record = TokenRecord {
        account,
        login: read(row, TABLE, "login")?,
        version: number(row, TABLE, "version")?,
        tokens: SealedTokens {
            access: read(row, TABLE, "access_sealed")?,
            refresh: read_optional(row, TABLE, "refresh_sealed")?,
        },
        issued_at: instant(row, "issued_at")?.unwrap_or(Timestamp::MIN),
        renew_at: instant(row, "renew_at")?,
        replaced_refused: number::<i64>(row, TABLE, "replaced_refused")? != 0,
    };
    let renewal = Renewal {
        fence: number(row, TABLE, "fence")?,
        claimed_until: instant(row, "claimed_until")?,
        rests_until: instant(row, "rests_until")?,
        unanswered: number(row, TABLE, "unanswered")?,
        refusals: number(row, TABLE, "refusals")?,
    };
    Ok(Some((record, renewal)))
}

fn instant(row: &Row<'_>, column: &str) -> Result<Option<Timestamp>, StoreError> {
    let millis: Option<i64> = row
        .get(column)
        .map_err(|error| StoreError::corrupt(format!("{TABLE}.{column}"), error))?;
    Ok(millis.map(Timestamp::from_millis))
}

fn write(
    connection: &Connection,
    record: &TokenRecord,
    renewal: &Renewal,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO account_tokens (account_id, user_id, login, version, access_sealed,
                refresh_sealed, issued_at, renew_at, replaced_refused, fence, claimed_until,
                rests_until, unanswered, refusals)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )
        .map_err(failed)?
        .execute(params![
            record.account.id.to_string(),
            record.account.user_id.to_string(),
            word(&record.login)?,
            record.version,
            record.tokens.access,
            record.tokens.refresh,
            record.issued_at.millis(),
            record.renew_at.map(Timestamp::millis),
            record.replaced_refused,
            renewal.fence,
            renewal.claimed_until.map(Timestamp::millis),
            renewal.rests_until.map(Timestamp::millis),
            renewal.unanswered,
            renewal.refusals,
        ])
        .map(drop)
        .map_err(failed)
}

fn put_link(connection: &mut Connection, link: NewLink) -> Result<PutLink, StoreError> {
    let transaction = begin(connection)?;
    let account = &link.account;
    let known: Option<String> = transaction
        .query_row(
            "SELECT id FROM channel_accounts
             WHERE user_id = ?1 AND channel = ?2 AND external_account_id = ?3 ORDER BY id LIMIT 1",
            params![
                account.user_id.to_string(),
                account.channel.as_str(),
                account.external_account_id
            ],
            |row| row.get(0),
        )
        .optional()
        .map_err(failed)?;
    let mut fence = 0;
    let known = match known {
        None => None,
        Some(id) => {
            let id: AccountId = id
                .parse()
                .map_err(|error| StoreError::corrupt("channel_accounts.id", error))?;
            let tokens = load(&transaction, id)?;
            fence = tokens.as_ref().map_or(0, |(_, renewal)| renewal.fence);
            let version = tokens.map_or(0, |(record, _)| record.version);
            accounts::find(&transaction, account.user_id, id)?.map(|known| (known, version))
        }
    };
    let record = match renewal::link(link, known) {
        Err(id) => return Ok(PutLink::KnownAs(id)),
        Ok(record) => record,
    };
    accounts::write(&transaction, &record.account)?;
    let renewal = Renewal {
        fence,
        ..Renewal::default()
    };
    write(&transaction, &record, &renewal)?;
    transaction.commit().map_err(failed)?;
    Ok(PutLink::Stored(Box::new(record)))
}

fn claim(
    connection: &mut Connection,
    account: AccountId,
    version: i64,
    lease_millis: i64,
    now: Timestamp,
) -> Result<ClaimRefresh, StoreError> {
    let transaction = begin(connection)?;
    let Some((record, mut renewal)) = load(&transaction, account)? else {
        return Ok(ClaimRefresh::Missing);
    };
    let claimed = renewal.claim(&record, version, lease_millis, now);
    if matches!(claimed, ClaimRefresh::Granted(_)) {
        write(&transaction, &record, &renewal)?;
        transaction.commit().map_err(failed)?;
    }
    Ok(claimed)
}

fn finish(
    connection: &mut Connection,
    claim: RefreshClaim,
    end: RefreshEnd,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let transaction = begin(connection)?;
    let Some((mut record, mut renewal)) = load(&transaction, claim.account)? else {
        return Ok(false);
    };
    let before = record.account.clone();
    if !renewal.finish(&mut record, claim, end, now) {
        return Ok(false);
    }
    if record.account != before {
        accounts::write(&transaction, &record.account)?;
    }
    write(&transaction, &record, &renewal)?;
    transaction.commit().map_err(failed)?;
    Ok(true)
}

fn put_pending(
    connection: &mut Connection,
    pending: &PendingLink,
    now: Timestamp,
) -> Result<(), StoreError> {
    let transaction = begin(connection)?;
    transaction
        .execute(
            "DELETE FROM pending_links WHERE expires_at <= ?1",
            [now.millis()],
        )
        .map_err(failed)?;
    transaction
        .execute(
            "INSERT OR REPLACE INTO pending_links
                (state_hash, user_id, login, redirect, timezone, secret, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                pending.state_hash,
                pending.user_id.to_string(),
                word(&pending.login)?,
                pending.redirect,
                pending.timezone.name(),
                pending.secret,
                pending.expires_at.millis(),
            ],
        )
        .map_err(failed)?;
    transaction.commit().map_err(failed)
}

fn take_pending(
    connection: &mut Connection,
    state_hash: &str,
    user: UserId,
    now: Timestamp,
) -> Result<TakenLink, StoreError> {
    let transaction = begin(connection)?;
    let found = find_pending(&transaction, state_hash)?;
    let Some(pending) = found else {
        return Ok(TakenLink::Unknown);
    };
    if pending.user_id != user {
        return Ok(TakenLink::OtherUser);
    }
    transaction
        .execute(
            "DELETE FROM pending_links WHERE state_hash = ?1",
            [state_hash],
        )
        .map_err(failed)?;
    transaction.commit().map_err(failed)?;
    Ok(if pending.expires_at > now {
        TakenLink::Taken(pending)
    } else {
        TakenLink::Expired
    })
}

fn find_pending(
    connection: &Connection,
    state_hash: &str,
) -> Result<Option<PendingLink>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM pending_links WHERE state_hash = ?1")
        .map_err(failed)?;
    let mut rows = statement.query([state_hash]).map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else {
        return Ok(None);
    };
    let table = "pending_links";
    Ok(Some(PendingLink {
        state_hash: read(row, table, "state_hash")?,
        user_id: read(row, table, "user_id")?,
        login: read(row, table, "login")?,
        redirect: read(row, table, "redirect")?,
        timezone: read(row, table, "timezone")?,
        secret: read_optional(row, table, "secret")?,
        expires_at: Timestamp::from_millis(number(row, table, "expires_at")?),
    }))
}

/// The accounts that a query over `account_tokens` finds. One snapshot: tokens and the row beside them must not
/// be of different times.
fn select(
    connection: &mut Connection,
    query: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<TokenRecord>, StoreError> {
    let connection = connection.transaction().map_err(failed)?;
    let mut statement = connection.prepare_cached(query).map_err(failed)?;
    let mut rows = statement.query(values).map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        found.extend(read_record(&connection, row)?.map(|(record, _)| record));
    }
    Ok(found)
}

fn set_timezone(
    connection: &mut Connection,
    user: UserId,
    account: AccountId,
    timezone: Zone,
) -> Result<ChannelAccount, StoreError> {
    let transaction = begin(connection)?;
    let found = accounts::find(&transaction, user, account)?;
    let mut found = found.ok_or(StoreError::NotFound {
        what: Missing::Account,
    })?;
    found.timezone = timezone;
    accounts::write(&transaction, &found)?;
    transaction.commit().map_err(failed)?;
    Ok(found)
}

#[async_trait]
impl TokenStore for SqliteStore {
    async fn put_link(&self, link: NewLink) -> Result<PutLink, StoreError> {
        self.run(move |connection| put_link(connection, link)).await
    }

    async fn tokens(&self, account: AccountId) -> Result<Option<TokenRecord>, StoreError> {
        self.run(move |connection| {
            let found = select(
                connection,
                "SELECT * FROM account_tokens WHERE account_id = ?1",
                [account.to_string()],
            )?;
            Ok(found.into_iter().next())
        })
        .await
    }

    async fn claim_refresh(
        &self,
        account: AccountId,
        version: i64,
        lease_millis: i64,
    ) -> Result<ClaimRefresh, StoreError> {
        let time = self.time.clone();
        self.run(move |connection| claim(connection, account, version, lease_millis, time.now()))
            .await
    }

    async fn finish_refresh(
        &self,
        claim: RefreshClaim,
        end: RefreshEnd,
    ) -> Result<bool, StoreError> {
        let time = self.time.clone();
        self.run(move |connection| finish(connection, claim, end, time.now()))
            .await
    }

    async fn put_pending(&self, pending: PendingLink) -> Result<(), StoreError> {
        let now = self.time.now();
        self.run(move |connection| put_pending(connection, &pending, now))
            .await
    }

    async fn take_pending(
        &self,
        state_hash: String,
        user: UserId,
    ) -> Result<TakenLink, StoreError> {
        let now = self.time.now();
        self.run(move |connection| take_pending(connection, &state_hash, user, now))
            .await
    }

    async fn sealed_otherwise(
        &self,
        prefix: String,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<TokenRecord>, StoreError> {
        let after = after.map_or_else(String::new, |after| after.to_string());
        self.run(move |connection| {
            select(
                connection,
                "SELECT * FROM account_tokens
                 WHERE account_id > ?2 AND (substr(access_sealed, 1, length(?1)) <> ?1
                    OR substr(refresh_sealed, 1, length(?1)) <> ?1)
                 ORDER BY account_id LIMIT ?3",
                params![prefix, after, limit],
            )
        })
        .await
    }

    async fn reseal(
        &self,
        account: AccountId,
        version: i64,
        tokens: SealedTokens,
    ) -> Result<bool, StoreError> {
        self.run(move |connection| {
            let changed = connection
                .execute(
                    "UPDATE account_tokens SET access_sealed = ?3, refresh_sealed = ?4
                     WHERE account_id = ?1 AND version = ?2",
                    params![account.to_string(), version, tokens.access, tokens.refresh],
                )
                .map_err(failed)?;
            Ok(changed == 1)
        })
        .await
    }

    async fn renewal_due(
        &self,
        now: Timestamp,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<TokenRecord>, StoreError> {
        let after = after.map_or_else(String::new, |after| after.to_string());
        self.run(move |connection| {
            select(
                connection,
                "SELECT t.* FROM account_tokens t JOIN channel_accounts a
                    ON a.user_id = t.user_id AND a.id = t.account_id
                 WHERE t.renew_at <= ?1 AND a.status = 'ok' AND t.account_id > ?2
                 ORDER BY t.account_id LIMIT ?3",
                params![now.millis(), after, limit],
            )
        })
        .await
    }

    async fn set_timezone(
        &self,
        user: UserId,
        account: AccountId,
        timezone: Zone,
    ) -> Result<ChannelAccount, StoreError> {
        self.run(move |connection| set_timezone(connection, user, account, timezone))
            .await
    }

    async fn unlink(&self, user: UserId, account: AccountId) -> Result<(), StoreError> {
        self.run(move |connection| accounts::remove(connection, user, account))
            .await
    }

    async fn linked(&self, user: UserId) -> Result<Vec<ChannelAccount>, StoreError> {
        self.run(move |connection| accounts::list(connection, user))
            .await
    }
}
