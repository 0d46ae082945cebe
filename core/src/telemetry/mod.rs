//! What is logged, what is measured, and when somebody is woken up.
//!
//! An [`Event`] can't be built without the fields that a log line needs, and has no room for a token
//! or a caption: it holds ids, numbers and words from fixed lists. [`AlertMonitor`] turns events into
//! alerts. [`METRICS`] names what a host should measure.

mod alert;
mod event;
mod metrics;
mod monitor;
mod status;
mod window;
mod word;

pub use alert::{Alert, AlertKind, AlertState, PUBLISH_FAILURES, RateRule, STREAM_ERRORS};
pub use event::{Event, EventContext, EventKind};
pub use metrics::{METRICS, Metric, MetricKind};
pub use monitor::{AlertMonitor, replay};
pub use status::{
    DeployStatus, ExportStatus, IncidentStatus, OutboxStatus, SaveStatus, SetupStatus, StreamStatus,
};
pub use window::WINDOW_SECONDS;
pub use word::{Release, RequestId};
