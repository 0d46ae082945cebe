//! Metrics under the names of core's list.

use calendar_publish::error::Code;
use calendar_publish::model::{AttemptStatus, Channel, JobStatus};
use calendar_publish::ports::{QueueDepth, Telemetry};
use calendar_publish::telemetry::{Event, EventKind, METRICS, MetricKind, StreamStatus};
use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use serde::Serialize;

use super::NONE;

/// Upper bounds for the histogram of attempts, in seconds: from an answer at once to the ten minutes
/// for which an unknown outcome is looked after.
pub const ATTEMPT_BUCKETS_SECONDS: [f64; 10] =
    [0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0];

/// Counts events. Gauges aren't events: see [`record_queue_depth`] and [`record_outbox`].
#[derive(Clone, Copy, Debug, Default)]
pub struct MetricsTelemetry;

impl Telemetry for MetricsTelemetry {
    fn record(&self, event: Event) {
        let channel = event.context.channel.map_or(NONE, Channel::as_str);
        let code = |code: Option<Code>| code.map_or(NONE, Code::as_str);
        match event.kind {
            EventKind::Stream { status, .. } if status != StreamStatus::Started => {
                counter!("calendar_publish_streams_total", "status" => word(&status)).increment(1);
            }
            EventKind::Attempt {
                status,
                latency_ms,
                error_code,
                ..
            } if status != AttemptStatus::Open => {
                counter!(
                    "calendar_publish_attempts_total",
                    "channel" => channel, "status" => word(&status), "error_code" => code(error_code)
                )
                .increment(1);
                histogram!(
                    "calendar_publish_attempt_duration_seconds",
                    "channel" => channel, "status" => word(&status)
                )
                .record(seconds(latency_ms));
            }
            EventKind::Publish {
                status, error_code, ..
            } => counter!(
                "calendar_publish_outcomes_total",
                "channel" => channel, "status" => word(&status), "error_code" => code(error_code)
            )
            .increment(1),
            EventKind::Incident { status, error_code } => counter!(
                "calendar_publish_incidents_total",
                "channel" => channel, "status" => word(&status), "error_code" => error_code.as_str()
            )
            .increment(1),
            EventKind::Lease { status, .. } => counter!(
                "calendar_publish_leases_total", "channel" => channel, "status" => word(&status)
            )
            .increment(1),
            EventKind::Ledger { status, .. } => {
                counter!("calendar_publish_ledger_checks_total", "status" => word(&status))
                    .increment(1);
            }
            _ => {}
        }
    }
}

/// Sets the gauges of the queue. Whoever runs the service asks the store, once a minute say. What has
/// no jobs is set to zero, so that no gauge keeps an old number.
pub fn record_queue_depth(depth: &QueueDepth) {
    let unfinished = [
        JobStatus::Scheduled,
        JobStatus::Publishing,
        JobStatus::Failed,
        JobStatus::NeedsAttention,
    ];
    for channel in Channel::ALL {
        for status in unfinished {
            let counts = depth.counts.iter();
            let count: u64 = counts
                .filter(|count| count.channel == channel && count.status == status)
                .map(|count| count.count)
                .sum();
            gauge!(
                "calendar_publish_jobs", "channel" => channel.as_str(), "status" => word(&status)
            )
            .set(count as f64);
        }
    }
    let waited = depth
        .oldest_due_at
        .map_or(0, |due| depth.at.since(due).num_milliseconds());
    gauge!("calendar_publish_oldest_due_job_seconds").set(seconds(waited));
}

/// Sets the gauge of the intents that wait in memory.
pub fn record_outbox(count: usize) {
    gauge!("calendar_publish_outbox_intents").set(count as f64);
}

/// Tells the recorder what every metric means. Called once, after the recorder was installed.
pub fn describe_metrics() {
    for metric in METRICS {
        let unit = if metric.name.ends_with("_seconds") {
            Unit::Seconds
        } else {
            Unit::Count
        };
        match metric.kind {
            MetricKind::Counter => describe_counter!(metric.name, unit, metric.help),
            MetricKind::Gauge => describe_gauge!(metric.name, unit, metric.help),
            MetricKind::Histogram => describe_histogram!(metric.name, unit, metric.help),
        }
    }
}

fn seconds(millis: i64) -> f64 {
    millis.max(0) as f64 / 1000.0
}

/// A status as it is written on the wire.
fn word<T: Serialize>(status: &T) -> String {
    match serde_json::to_value(status) {
        Ok(serde_json::Value::String(word)) => word,
        // Statuses are plain words.
        _ => NONE.to_owned(),
    }
}
