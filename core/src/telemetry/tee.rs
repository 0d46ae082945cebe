//! The same events for several sinks.

use std::fmt;
use std::sync::Arc;

use super::Event;
use crate::ports::Telemetry;

/// Hands every event to each of its sinks, in their order.
#[derive(Clone, Default)]
pub struct Tee(Vec<Arc<dyn Telemetry>>);

impl Tee {
    /// A sink for `sinks`.
    pub fn new(sinks: impl IntoIterator<Item = Arc<dyn Telemetry>>) -> Self {
        Self(sinks.into_iter().collect())
    }
}

impl Telemetry for Tee {
    fn record(&self, event: Event) {
        for sink in &self.0 {
            sink.record(event.clone());
        }
    }
}

impl fmt::Debug for Tee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tee").field(&self.0.len()).finish()
    }
}
