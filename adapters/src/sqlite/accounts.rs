//! Linked accounts.

use calendar_publish::model::{AccountId, ChannelAccount, UserId};
use calendar_publish::ports::{Missing, StoreError};
use rusqlite::{Connection, Row, params};

use crate::details::AccountDetails;

use super::row::{document, failed, json, read, read_optional, word};

pub(super) fn put(connection: &Connection, account: &ChannelAccount) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO channel_accounts (user_id, id, channel, external_account_id,
                display_name, timezone, status, expires_at, details)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
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
        .map(drop)
        .map_err(failed)
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

pub(super) fn remove(
    connection: &Connection,
    user_id: UserId,
    account_id: AccountId,
) -> Result<(), StoreError> {
    let removed = connection
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
    Ok(())
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
