//! A host's sink for events.

use std::sync::Arc;

use calendar_publish::ports::{MaybeSend, MaybeSync, Telemetry};
use calendar_publish::telemetry::Event;

use super::HostFailure;
use crate::document::write;

/// Where a host takes events, each as a document. It must not block.
pub trait EventPort: MaybeSend + MaybeSync {
    /// Takes an event. What it fails with is swallowed: losing an event never loses a post.
    fn record(&self, event: String) -> Result<(), HostFailure>;
}

impl<P: EventPort + ?Sized> EventPort for Arc<P> {
    fn record(&self, event: String) -> Result<(), HostFailure> {
        (**self).record(event)
    }
}

/// [`Telemetry`] over a host's sink.
#[derive(Clone, Debug)]
pub struct DocumentTelemetry<P>(P);

impl<P: EventPort> DocumentTelemetry<P> {
    /// Telemetry that goes to `port`.
    pub const fn new(port: P) -> Self {
        Self(port)
    }
}

impl<P: EventPort> Telemetry for DocumentTelemetry<P> {
    fn record(&self, event: Event) {
        if let Ok(document) = write(&event) {
            // Whoever publishes can do nothing about a sink that is broken.
            let _ = self.0.record(document);
        }
    }
}
