//! What is logged, what is measured, and when somebody is woken up.
//!
//! An [`Event`] can't be built without the fields that a log line needs, and has no room for a token
//! or a caption: it holds ids, numbers and words from fixed lists. [`AlertMonitor`] turns events into
//! alerts, and [`AlertingTelemetry`] does it as they happen. [`METRICS`] names what a host should
//! measure. [`Tee`] hands the same events to several sinks.

mod alert;
mod alerting;
mod event;
mod metrics;
mod monitor;
mod status;
mod tee;
mod window;
mod word;

pub use alert::{Alert, AlertKind, AlertState, PUBLISH_FAILURES, RateRule, STREAM_ERRORS};
pub use alerting::{AlertSink, AlertingTelemetry};
pub use event::{Event, EventContext, EventKind};
pub use metrics::{METRICS, Metric, MetricKind};
pub use monitor::{AlertMonitor, replay};
pub use status::{
    DeployStatus, ExportStatus, IncidentStatus, LeaseStatus, LedgerStatus, OutboxStatus,
    SaveStatus, SetupStatus, StreamStatus, WorkerStatus,
};
pub use tee::Tee;
pub use window::WINDOW_SECONDS;
pub use word::{Release, RequestId};
