//! The accounts that a webhook is about.

use async_trait::async_trait;
use calendar_publish::model::{Channel, ChannelAccount};
use calendar_publish::ports::StoreError;

use super::database::attempt;
use super::{PostgresStore, accounts};
use crate::webhooks::LinkedAccounts;

#[async_trait]
impl LinkedAccounts for PostgresStore {
    async fn linked_accounts(
        &self,
        channel: Channel,
        external_account_id: &str,
    ) -> Result<Vec<ChannelAccount>, StoreError> {
        attempt!(&self.pool, client => accounts::linked(&client, channel, external_account_id))
    }
}
