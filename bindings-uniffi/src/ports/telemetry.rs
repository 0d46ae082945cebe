//! Where events go.

use std::sync::Arc;

use calendar_publish::ports;
use calendar_publish::telemetry::Event;

use super::{HostError, opaque_debug};

/// Takes the events of the engine, for logs and metrics. It must not block, and what it throws is
/// swallowed: publishing doesn't stop because a log is full.
#[uniffi::export(with_foreign)]
pub trait Telemetry: Send + Sync {
    /// Takes one event.
    fn record(&self, event: Event) -> Result<(), HostError>;
}

/// A host's telemetry, as core sees it.
pub(crate) struct HostTelemetry(pub(crate) Arc<dyn Telemetry>);

opaque_debug!(HostTelemetry);

impl ports::Telemetry for HostTelemetry {
    fn record(&self, event: Event) {
        // Nobody is left to tell.
        drop(self.0.record(event));
    }
}
