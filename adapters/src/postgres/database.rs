//! Connections, and how long and how often an operation is tried.

use std::time::Duration;

use calendar_publish::ports::StoreError;
use deadpool_postgres::{
    Client, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts,
};
use tokio_postgres::{Config, NoTls};

use super::failure::{Failure, no_connection};

/// How long an operation may take. A connection that doesn't answer by then is given up.
const DEADLINE: Duration = Duration::from_secs(60);

/// How long to wait for a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often an operation is made again after it met another writer.
const TRIES: u32 = 8;

/// A pool of connections without TLS.
pub(super) fn pool(config: Config) -> Result<Pool, StoreError> {
    let recycling = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = Manager::from_config(config, NoTls, recycling);
    Pool::builder(manager)
        .runtime(Runtime::Tokio1)
        .timeouts(Timeouts {
            wait: Some(PATIENCE),
            create: Some(PATIENCE),
            recycle: Some(PATIENCE),
        })
        .build()
        .map_err(|error| StoreError::unavailable(error.to_string()))
}

pub(super) async fn connection(pool: &Pool) -> Result<Client, StoreError> {
    match tokio::time::timeout(PATIENCE, pool.get()).await {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(no_connection(&error)),
        Err(_) => Err(StoreError::unavailable("no connection in time")),
    }
}

/// How often an operation was tried.
#[derive(Default)]
pub(super) struct Tries(u32);

impl Tries {
    /// What the outcome of a try means: an answer, or `None` to try again.
    pub(super) async fn judge<T>(
        &mut self,
        outcome: Result<Result<T, Failure>, tokio::time::error::Elapsed>,
        client: Client,
    ) -> Result<Option<T>, StoreError> {
        match outcome {
            Ok(Ok(answer)) => Ok(Some(answer)),
            Ok(Err(failure)) if failure.is_collision() && self.0 < TRIES => {
                self.0 += 1;
                drop(client);
                tokio::time::sleep(Duration::from_millis(2 << self.0)).await;
                Ok(None)
            }
            Ok(Err(failure)) => Err(failure.into()),
            Err(_) => {
                // Nobody knows what it is still waiting for: the pool mustn't hand it out again.
                drop(Object::take(client));
                Err(StoreError::unavailable("no answer in time"))
            }
        }
    }
}

pub(super) const fn deadline() -> Duration {
    DEADLINE
}

/// Does `$work` with a connection named `$client`, again where it meets another writer.
macro_rules! attempt {
    ($pool:expr, $client:ident => $work:expr) => {{
        let mut tries = $crate::postgres::database::Tries::default();
        loop {
            #[allow(unused_mut)]
            let mut $client = $crate::postgres::database::connection($pool).await?;
            let deadline = $crate::postgres::database::deadline();
            let outcome = tokio::time::timeout(deadline, $work).await;
            if let Some(answer) = tries.judge(outcome, $client).await? {
                break Ok(answer);
            }
        }
    }};
}
pub(super) use attempt;
