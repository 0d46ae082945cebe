//! Time.

use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::model::Timestamp;
use calendar_publish::ports;
use calendar_publish_adapters::clock::SystemClock;

use super::{HostError, opaque_debug};

/// The time, for what runs by itself. `system_clock` is the machine's; own ones are for tests.
#[uniffi::export(with_foreign, async_runtime = "tokio")]
#[async_trait]
pub trait Clock: Send + Sync {
    /// The present. Where it throws, the machine's clock is asked.
    fn now(&self) -> Result<Timestamp, HostError>;

    /// Returns when `instant` has come. Where it throws, the machine's clock waits.
    async fn sleep_until(&self, instant: Timestamp) -> Result<(), HostError>;
}

/// A host's clock, as core sees it.
pub(crate) struct HostClock(pub(crate) Arc<dyn Clock>);

opaque_debug!(HostClock);

#[async_trait]
impl ports::Clock for HostClock {
    fn now(&self) -> Timestamp {
        self.0
            .now()
            .unwrap_or_else(|_| ports::Clock::now(&SystemClock))
    }

    async fn sleep_until(&self, instant: Timestamp) {
        if self.0.sleep_until(instant).await.is_err() {
            ports::Clock::sleep_until(&SystemClock, instant).await;
        }
    }
}

struct Machine;

#[async_trait]
impl Clock for Machine {
    fn now(&self) -> Result<Timestamp, HostError> {
        Ok(ports::Clock::now(&SystemClock))
    }

    async fn sleep_until(&self, instant: Timestamp) -> Result<(), HostError> {
        ports::Clock::sleep_until(&SystemClock, instant).await;
        Ok(())
    }
}

/// The machine's clock. It never goes back while the program runs.
#[uniffi::export]
pub fn system_clock() -> Arc<dyn Clock> {
    Arc::new(Machine)
}
