//! What happens, for the tools that a host watches its services with: lines of `tracing` and metrics of
//! the facade `metrics`. Where both go is the host's business.
//!
//! ```
//! use std::sync::Arc;
//!
//! use calendar_publish::ports::Telemetry;
//! use calendar_publish::telemetry::Tee;
//! use calendar_publish_adapters::tracing::{MetricsTelemetry, TracingTelemetry, describe_metrics};
//!
//! describe_metrics();
//! let sinks: [Arc<dyn Telemetry>; 2] = [Arc::new(TracingTelemetry), Arc::new(MetricsTelemetry)];
//! let telemetry = Tee::new(sinks);
//! # let _ = telemetry;
//! ```

mod lines;
mod metrics;

pub use lines::{NONE, TARGET, TracingTelemetry};
pub use metrics::{
    ATTEMPT_BUCKETS_SECONDS, MetricsTelemetry, describe_metrics, record_outbox, record_queue_depth,
};
