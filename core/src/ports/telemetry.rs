//! Where events go.

use super::{MaybeSend, MaybeSync};
use crate::error::Code;
use crate::model::{CalendarId, Channel, RunId, Timestamp, UserId};

/// Something that happened, with the fields every event must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened: `publish.entry`, `publish.queued`.
    pub name: &'static str,
    /// When.
    pub at: Timestamp,
    /// The request it belongs to.
    pub request_id: String,
    /// Whose it is.
    pub user_id: UserId,
    /// The platform, where one is concerned.
    pub channel: Option<Channel>,
    /// The calendar.
    pub calendar_id: CalendarId,
    /// The run.
    pub run_id: RunId,
    /// How it ended: `dry_run`, `refused`, `queued`.
    pub status: &'static str,
    /// Why, where it failed.
    pub error_code: Option<Code>,
}

/// A sink for events. It must not block, and has no way to fail: losing an event never loses a post.
pub trait Telemetry: MaybeSend + MaybeSync {
    /// Takes an event.
    fn record(&self, event: Event);
}

/// Telemetry that goes nowhere, for hosts that want none.
impl Telemetry for () {
    fn record(&self, _: Event) {}
}
