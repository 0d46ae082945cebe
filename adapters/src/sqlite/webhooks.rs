//! The accounts that a webhook is about.

use async_trait::async_trait;
use calendar_publish::model::{Channel, ChannelAccount};
use calendar_publish::ports::StoreError;

use super::{SqliteStore, accounts};
use crate::webhooks::LinkedAccounts;

#[async_trait]
impl LinkedAccounts for SqliteStore {
    async fn linked_accounts(
        &self,
        channel: Channel,
        external_account_id: &str,
    ) -> Result<Vec<ChannelAccount>, StoreError> {
        let id = external_account_id.to_owned();
        self.run(move |connection| accounts::linked(connection, channel, &id))
            .await
    }
}
