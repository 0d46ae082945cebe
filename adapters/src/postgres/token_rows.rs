//! An account's tokens and renewals as rows.

use calendar_publish::model::{AccountId, Timestamp};
use calendar_publish::ports::StoreError;
use chrono::{DateTime, Utc};
use deadpool_postgres::GenericClient;
use tokio_postgres::Row;

use super::accounts::AccountRow;
use super::failure::Failure;
use super::row::{document, get, instant, json, number, present, read, word};
use crate::accounts::renewal::Renewal;
use crate::accounts::{SealedTokens, TokenRecord};
use crate::details::AccountDetails;

const TABLE: &str = "account_tokens";

/// The columns that [`record`] reads, of the tables that it reads them from.
macro_rules! select_records {
    ($rest:literal) => {
        concat!(
            "select (to_jsonb(a) - 'access_token_encrypted' - 'refresh_token_encrypted')::text as account,
                a.access_token_encrypted, a.refresh_token_encrypted, t.login, t.version, t.issued_at,
                t.renew_at, t.replaced_refused, t.fence, t.claimed_until, t.rests_until, t.unanswered, t.refusals
             from calendar_publish.account_tokens t
             join public.channel_accounts a on a.id = t.account_id and a.user_id = t.user_id
                and a.access_token_encrypted is not null ",
            $rest
        )
    };
}
pub(super) use select_records;

/// An account with its tokens and renewals.
pub(super) fn record(row: &Row) -> Result<(TokenRecord, Renewal), StoreError> {
    let account: AccountRow = document(get(row, TABLE, "account")?, "channel_accounts")?;
    let count = |column| number(row, TABLE, column);
    let record = TokenRecord {
        account: account.account()?,
        login: present(read(row, TABLE, "login")?, TABLE, "login")?,
        version: number(row, TABLE, "version")?,
        tokens: SealedTokens {
            access: get(row, "channel_accounts", "access_token_encrypted")?,
            refresh: get(row, "channel_accounts", "refresh_token_encrypted")?,
        },
        issued_at: present(instant(row, TABLE, "issued_at")?, TABLE, "issued_at")?,
        renew_at: instant(row, TABLE, "renew_at")?,
        replaced_refused: get(row, TABLE, "replaced_refused")?,
    };
    let renewal = Renewal {
        fence: number(row, TABLE, "fence")?,
        claimed_until: instant(row, TABLE, "claimed_until")?,
        rests_until: instant(row, TABLE, "rests_until")?,
        unanswered: count("unanswered")?,
        refusals: count("refusals")?,
    };
    Ok((record, renewal))
}

/// The account, held until the transaction ends; `None` where it isn't linked.
pub(super) async fn hold(
    client: &impl GenericClient,
    account: AccountId,
) -> Result<Option<(TokenRecord, Renewal)>, Failure> {
    let statement = client
        .prepare_cached(select_records!(
            "where t.account_id = $1 for update of a, t"
        ))
        .await?;
    let row = client.query_opt(&statement, &[&account.uuid()]).await?;
    Ok(row.as_ref().map(record).transpose()?)
}

/// The database's time, or the one that was set. It is asked for when the locks are held.
pub(super) async fn time(
    client: &impl GenericClient,
    now: Option<DateTime<Utc>>,
) -> Result<Timestamp, Failure> {
    let row = client
        .query_one("select coalesce($1, clock_timestamp())", &[&now])
        .await?;
    Ok(row.try_get::<_, DateTime<Utc>>(0)?.into())
}

/// Writes the renewals, and the version and login of the tokens they are about.
pub(super) async fn write_renewal(
    client: &impl GenericClient,
    record: &TokenRecord,
    renewal: &Renewal,
) -> Result<(), Failure> {
    let statement = client
        .prepare_cached(
            "insert into calendar_publish.account_tokens (account_id, user_id, login, version, issued_at,
                replaced_refused, fence, claimed_until, rests_until, unanswered, refusals, renew_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             on conflict (account_id) do update set
                user_id = excluded.user_id, login = excluded.login, version = excluded.version,
                issued_at = excluded.issued_at, replaced_refused = excluded.replaced_refused,
                fence = excluded.fence, claimed_until = excluded.claimed_until,
                rests_until = excluded.rests_until, unanswered = excluded.unanswered,
                refusals = excluded.refusals, renew_at = excluded.renew_at",
        )
        .await?;
    client
        .execute(
            &statement,
            &[
                &record.account.id.uuid(),
                &record.account.user_id.uuid(),
                &word(&record.login)?,
                &record.version,
                &record.issued_at.utc(),
                &record.replaced_refused,
                &renewal.fence,
                &renewal.claimed_until.map(Timestamp::utc),
                &renewal.rests_until.map(Timestamp::utc),
                &i64::from(renewal.unanswered),
                &i64::from(renewal.refusals),
                &record.renew_at.map(Timestamp::utc),
            ],
        )
        .await?;
    Ok(())
}

/// Writes what a renewal changes in the account's row, and its tokens. Nothing else is touched: the engine
/// moves the rest.
pub(super) async fn write_account(
    client: &impl GenericClient,
    record: &TokenRecord,
) -> Result<(), Failure> {
    let statement = client
        .prepare_cached(
            "update public.channel_accounts set status = $3, expires_at = $4, details = $5,
                access_token_encrypted = $6, refresh_token_encrypted = $7
             where user_id = $1 and id = $2",
        )
        .await?;
    client
        .execute(
            &statement,
            &[
                &record.account.user_id.uuid(),
                &record.account.id.uuid(),
                &word(&record.account.status)?,
                &record.account.expires_at.map(Timestamp::utc),
                &json(&AccountDetails::of(&record.account))?,
                &record.tokens.access,
                &record.tokens.refresh,
            ],
        )
        .await?;
    Ok(())
}
