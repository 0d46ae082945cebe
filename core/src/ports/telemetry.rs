//! Where events go.

use super::{MaybeSend, MaybeSync};
use crate::telemetry::Event;

/// A sink for events. It must not block, and has no way to fail: losing an event never loses a post.
pub trait Telemetry: MaybeSend + MaybeSync {
    /// Takes an event.
    fn record(&self, event: Event);
}

/// Telemetry that goes nowhere, for hosts that want none.
impl Telemetry for () {
    fn record(&self, _: Event) {}
}
