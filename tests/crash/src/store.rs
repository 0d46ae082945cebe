//! The databases that the workers share.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use calendar_publish::ports::JobStore;
use calendar_publish_adapters::postgres::PostgresStore;
use calendar_publish_adapters::sqlite::SqliteStore;

/// Opens `sqlite:<path>` or `postgres://…`.
///
/// # Errors
/// Where the store can't be opened, or the address is neither.
pub async fn open_store(address: &str) -> Result<Arc<dyn JobStore>> {
    if let Some(path) = address.strip_prefix("sqlite:") {
        Ok(Arc::new(SqliteStore::open(path)?))
    } else if address.starts_with("postgres") {
        Ok(Arc::new(
            PostgresStore::connect(address)
                .await
                .context("PostgreSQL")?,
        ))
    } else {
        bail!("`{address}` is neither sqlite:<path> nor postgres://…")
    }
}
