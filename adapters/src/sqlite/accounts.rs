//! Linked accounts.

#[cfg(feature = "webhooks")]
use calendar_publish::model::Channel;
use calendar_publish::model::{AccountId, ChannelAccount, Timestamp, UserId};
use calendar_publish::ports::{Missing, StoreError};
use rusqlite::{Connection, Row, TransactionBehavior, params};

use crate::details::AccountDetails;

use super::lanes;
use super::row::{document, failed, json, read, read_optional, word};

/// Stores an account; its sealed tokens, which stand beside it, stay as they are.
pub(super) fn put(connection: &mut Connection, account: &ChannelAccount) -> Result<(), StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    write(&transaction, account)?;
    transaction.commit().map_err(failed)
}

/// Writes the account's row, inside a transaction of the caller's. Its tokens stay as they are.
pub(super) fn write(connection: &Connection, account: &ChannelAccount) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO channel_accounts (user_id, id, channel, external_account_id,
                display_name, timezone, status, expires_at, details)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (user_id, id) DO UPDATE SET
                channel = excluded.channel, external_account_id = excluded.external_account_id,
                display_name = excluded.display_name, timezone = excluded.timezone,
                status = excluded.status, expires_at = excluded.expires_at,
                details = excluded.details",
        )
        .map_err(failed)?
        .execute(params![
            account.user_id.to_string(),
            account.id.to_string(),
            account.channel.as_str(),
            account.external_account_id,
            account.display_name,
            account.timezone.name(),
            word(&account.status)?,
            account.expires_at.map(|at| at.to_string()),
            json(&AccountDetails::of(account))?,
        ])
        .map_err(failed)?;
    lanes::account_changed(connection, account)
}

/// The user's account of that id.
pub(super) fn find(
    connection: &Connection,
    user_id: UserId,
    account_id: AccountId,
) -> Result<Option<ChannelAccount>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM channel_accounts WHERE user_id = ?1 AND id = ?2")
        .map_err(failed)?;
    let mut rows = statement
        .query(params![user_id.to_string(), account_id.to_string()])
        .map_err(failed)?;
    rows.next().map_err(failed)?.map(read_account).transpose()
}

/// Leaves the account alone until then, or for as long as it was to be left alone before. An account
/// that is gone stays gone.
pub(super) fn cool_down(
    connection: &Connection,
    user_id: UserId,
    account_id: AccountId,
    until: Timestamp,
) -> Result<(), StoreError> {
    let Some(mut account) = find(connection, user_id, account_id)? else {
        return Ok(());
    };
    account.cooling_down_until = account.cooling_down_until.max(Some(until));
    connection
        .prepare_cached("UPDATE channel_accounts SET details = ?3 WHERE user_id = ?1 AND id = ?2")
        .map_err(failed)?
        .execute(params![
            user_id.to_string(),
            account_id.to_string(),
            json(&AccountDetails::of(&account))?,
        ])
        .map_err(failed)?;
    lanes::account_changed(connection, &account)
}

pub(super) fn list(
    connection: &Connection,
    user_id: UserId,
) -> Result<Vec<ChannelAccount>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT * FROM channel_accounts WHERE user_id = ?1 ORDER BY channel, display_name, id",
        )
        .map_err(failed)?;
    let mut rows = statement.query([user_id.to_string()]).map_err(failed)?;
    let mut accounts = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        accounts.push(read_account(row)?);
    }
    Ok(accounts)
}

/// Every user's accounts of that id on the platform.
#[cfg(feature = "webhooks")]
pub(super) fn linked(
    connection: &Connection,
    channel: Channel,
    external_account_id: &str,
) -> Result<Vec<ChannelAccount>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT * FROM channel_accounts WHERE channel = ?1 AND external_account_id = ?2
             ORDER BY id",
        )
        .map_err(failed)?;
    let mut rows = statement
        .query(params![channel.as_str(), external_account_id])
        .map_err(failed)?;
    let mut accounts = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        accounts.push(read_account(row)?);
    }
    Ok(accounts)
}

pub(super) fn remove(
    connection: &mut Connection,
    user_id: UserId,
    account_id: AccountId,
) -> Result<(), StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let removed = transaction
        .execute(
            "DELETE FROM channel_accounts WHERE user_id = ?1 AND id = ?2",
            params![user_id.to_string(), account_id.to_string()],
        )
        .map_err(failed)?;
    if removed == 0 {
        return Err(StoreError::NotFound {
            what: Missing::Account,
        });
    }
    lanes::account_removed(&transaction, user_id, account_id)?;
    transaction.commit().map_err(failed)
}

fn read_account(row: &Row<'_>) -> Result<ChannelAccount, StoreError> {
    let table = "channel_accounts";
    let details: AccountDetails = document(row, table, "details")?;
    Ok(ChannelAccount {
        id: read(row, table, "id")?,
        user_id: read(row, table, "user_id")?,
        channel: read(row, table, "channel")?,
        external_account_id: read(row, table, "external_account_id")?,
        display_name: read(row, table, "display_name")?,
        timezone: read(row, table, "timezone")?,
        status: read(row, table, "status")?,
        expires_at: read_optional(row, table, "expires_at")?,
        renewable_until: details.renewable_until,
        scopes: details.scopes,
        cooling_down_until: details.cooling_down_until,
        grace_minutes: details.grace_minutes,
        quota: details.quota,
        tiktok_creator: details.tiktok_creator,
    })
}
