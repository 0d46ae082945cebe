//! Linked accounts.

use calendar_publish::model::{
    AccountId, AccountStatus, Channel, ChannelAccount, Timestamp, UserId, Zone,
};
use calendar_publish::ports::{Missing, StoreError};
use deadpool_postgres::{Client, GenericClient};
use serde::Deserialize;

use super::failure::Failure;
use super::row::{document, json, word};
use crate::details::AccountDetails;

/// Stores an account; its sealed tokens, which stand beside it, stay as they are.
pub(super) async fn put(
    client: &impl GenericClient,
    account: &ChannelAccount,
) -> Result<(), Failure> {
    let statement = client
        .prepare_cached(
            "insert into public.channel_accounts (user_id, id, channel, external_account_id, display_name,
                timezone, status, expires_at, cooling_down_until, grace_minutes, quota_read_at, details)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             on conflict (user_id, id) do update set
                channel = excluded.channel, external_account_id = excluded.external_account_id,
                display_name = excluded.display_name, timezone = excluded.timezone, status = excluded.status,
                expires_at = excluded.expires_at, cooling_down_until = excluded.cooling_down_until,
                grace_minutes = excluded.grace_minutes, quota_read_at = excluded.quota_read_at,
                details = excluded.details",
        )
        .await?;
    client
        .execute(
            &statement,
            &[
                &account.user_id.uuid(),
                &account.id.uuid(),
                &account.channel.as_str(),
                &account.external_account_id,
                &account.display_name,
                &account.timezone.name(),
                &word(&account.status)?,
                &account.expires_at.map(Timestamp::utc),
                &account.cooling_down_until.map(Timestamp::utc),
                &account.grace_minutes.map(i64::from),
                &account.quota.map(|quota| quota.read_at.utc()),
                &json(&AccountDetails::of(account))?,
            ],
        )
        .await?;
    Ok(())
}

pub(super) async fn list(client: &Client, user_id: UserId) -> Result<Vec<ChannelAccount>, Failure> {
    let statement = client
        .prepare_cached(
            "select (to_jsonb(a) - 'access_token_encrypted' - 'refresh_token_encrypted')::text
             from public.channel_accounts a where a.user_id = $1
             order by a.channel collate \"C\", a.display_name collate \"C\", a.id",
        )
        .await?;
    let rows = client.query(&statement, &[&user_id.uuid()]).await?;
    rows.iter()
        .map(|row| {
            let account: AccountRow = document(row.try_get(0)?, "channel_accounts")?;
            Ok(account.account()?)
        })
        .collect()
}

/// Every user's accounts of that id on the platform.
#[cfg(feature = "webhooks")]
pub(super) async fn linked(
    client: &Client,
    channel: Channel,
    external_account_id: &str,
) -> Result<Vec<ChannelAccount>, Failure> {
    let statement = client
        .prepare_cached(
            "select (to_jsonb(a) - 'access_token_encrypted' - 'refresh_token_encrypted')::text
             from public.channel_accounts a where a.channel = $1 and a.external_account_id = $2
             order by a.id",
        )
        .await?;
    let rows = client
        .query(&statement, &[&channel.as_str(), &external_account_id])
        .await?;
    rows.iter()
        .map(|row| {
            let account: AccountRow = document(row.try_get(0)?, "channel_accounts")?;
            Ok(account.account()?)
        })
        .collect()
}

pub(super) async fn remove(
    client: &Client,
    user_id: UserId,
    account_id: AccountId,
) -> Result<(), Failure> {
    let statement = client
        .prepare_cached("delete from public.channel_accounts where user_id = $1 and id = $2")
        .await?;
    let removed = client
        .execute(&statement, &[&user_id.uuid(), &account_id.uuid()])
        .await?;
    if removed == 0 {
        return Err(StoreError::NotFound {
            what: Missing::Account,
        }
        .into());
    }
    Ok(())
}

/// An account's row, as PostgreSQL writes it in JSON.
#[derive(Deserialize)]
pub(super) struct AccountRow {
    id: AccountId,
    user_id: UserId,
    channel: Channel,
    external_account_id: String,
    display_name: String,
    timezone: Zone,
    status: AccountStatus,
    expires_at: Option<Timestamp>,
    cooling_down_until: Option<Timestamp>,
    grace_minutes: Option<u32>,
    /// `None` where only the host has written the row.
    details: Option<String>,
}

impl AccountRow {
    pub(super) fn account(self) -> Result<ChannelAccount, StoreError> {
        let details: AccountDetails = match &self.details {
            Some(json) => document(json, "channel_accounts.details")?,
            None => AccountDetails::default(),
        };
        Ok(ChannelAccount {
            id: self.id,
            user_id: self.user_id,
            channel: self.channel,
            external_account_id: self.external_account_id,
            display_name: self.display_name,
            timezone: self.timezone,
            status: self.status,
            expires_at: self.expires_at,
            renewable_until: details.renewable_until,
            scopes: details.scopes,
            // The engine moves it without touching the rest.
            cooling_down_until: self.cooling_down_until,
            grace_minutes: self.grace_minutes,
            quota: details.quota,
            tiktok_creator: details.tiktok_creator,
        })
    }
}
