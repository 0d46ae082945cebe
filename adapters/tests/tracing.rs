//! What a host's log and its metrics really hold, read back from a JSON layer and a Prometheus exporter.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::io::Write;
use std::sync::{Arc, Mutex};

use calendar_publish::model::{Channel, JobStatus, Timestamp};
use calendar_publish::ports::{JobCount, QueueDepth, Telemetry};
use calendar_publish::telemetry::{Event, METRICS, MetricKind, Tee};
use calendar_publish_adapters::tracing::{
    ATTEMPT_BUCKETS_SECONDS, MetricsTelemetry, TracingTelemetry, describe_metrics, record_outbox,
    record_queue_depth,
};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};

const SECRET: &str = "Bearer EAABsbCS1iHgBAKZC/planted+secret=";

/// One event of every kind and status, as the log lines of core are written.
fn events() -> Vec<Value> {
    let job = json!({ "jobId": "018f0000-0000-7000-8000-00000000000a", "attempt": 2 });
    let account = json!({ "accountId": "018f0000-0000-7000-8000-0000000000a1", "rowCount": 4 });
    let entry = json!({ "entryId": "018f0000-0000-7000-8000-0000000000e1" });
    let kinds = [
        (
            "stream",
            "started completed timeout failed cancelled",
            json!({ "pieceCount": 7, "latencyMs": 840 }),
        ),
        ("publish", "dry_run disabled scheduled refused", entry),
        (
            "job",
            "scheduled publishing published delivered_to_inbox failed needs_attention cancelled",
            job.clone(),
        ),
        (
            "attempt",
            "open ok failed unknown",
            with(job.clone(), json!({ "latencyMs": 1200 })),
        ),
        (
            "incident",
            "opened closed",
            json!({ "errorCode": "PLATFORM_TEMPORARY" }),
        ),
        (
            "worker",
            "started ticked stopped",
            json!({ "jobCount": 3, "latencyMs": 12 }),
        ),
        ("lease", "lost taken_over", job),
        ("ledger", "whole broken exported", account),
        (
            "setup",
            "auth_missing config_missing",
            json!({ "errorCode": "CHANNEL_AUTH_MISSING" }),
        ),
        (
            "deploy",
            "deployed rolled_back",
            json!({ "release": "v1.4.2" }),
        ),
        ("save", "saved conflict failed", json!({ "entryCount": 30 })),
        ("outbox", "queued flushed", json!({ "intentCount": 5 })),
        (
            "export",
            "exported disabled failed",
            json!({ "entryCount": 30 }),
        ),
    ];
    let mut events = Vec::new();
    for (event, statuses, fields) in kinds {
        for status in statuses.split(' ') {
            let line = json!({
                "at": "2026-04-02T09:00:00Z", "requestId": "worker-1",
                "userId": "018f0000-0000-7000-8000-0000000000b1", "channel": "tiktok",
                "calendarId": "018f0000-0000-7000-8000-0000000000c1", "runId": "legacy",
                "errorCode": null, "event": event, "status": status,
            });
            events.push(with(line, fields.clone()));
        }
    }
    events
}

fn with(mut line: Value, fields: Value) -> Value {
    let fields = fields.as_object().unwrap().clone();
    line.as_object_mut().unwrap().extend(fields);
    line
}

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The lines that a JSON layer writes, and what Prometheus reads.
fn record(events: &[Event]) -> (Vec<Value>, String) {
    let buffer = Buffer::default();
    let writer = buffer.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let recorder = PrometheusBuilder::new()
        .set_buckets(&ATTEMPT_BUCKETS_SECONDS)
        .unwrap()
        .build_recorder();
    let metrics = recorder.handle();
    let sinks: [Arc<dyn Telemetry>; 2] = [Arc::new(TracingTelemetry), Arc::new(MetricsTelemetry)];
    let tee = Tee::new(sinks);
    tracing::subscriber::with_default(subscriber, || {
        metrics::with_local_recorder(&recorder, || {
            describe_metrics();
            for event in events {
                tee.record(event.clone());
            }
        });
    });
    let text = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    (lines, metrics.render())
}

fn read(line: &Value) -> Event {
    serde_json::from_value(line.clone()).unwrap_or_else(|error| panic!("{line}: {error}"))
}

#[test]
fn every_line_holds_what_the_event_says() {
    let events = events();
    let (lines, _) = record(&events.iter().map(read).collect::<Vec<_>>());
    assert_eq!(lines.len(), events.len());
    for (event, line) in events.iter().zip(&lines) {
        let fields = &line["fields"];
        assert_eq!(line["target"], "calendar_publish");
        for (name, wire) in [
            ("at", "at"),
            ("request_id", "requestId"),
            ("user_id", "userId"),
            ("channel", "channel"),
            ("calendar_id", "calendarId"),
            ("run_id", "runId"),
            ("event", "event"),
            ("status", "status"),
        ] {
            assert_eq!(fields[name], event[wire], "{name} of {event}");
        }
        let code = event["errorCode"].as_str().unwrap_or("none");
        assert_eq!(fields["error_code"], code, "{event}");
        for (name, wire) in [
            ("job_id", "jobId"),
            ("attempt", "attempt"),
            ("latency_ms", "latencyMs"),
        ] {
            assert_eq!(fields[name], event[wire], "{name} of {event}");
        }
    }
}

#[test]
fn a_line_without_user_or_calendar_says_so() {
    let line = json!({
        "at": "2026-04-02T09:00:00Z", "requestId": "worker-1", "userId": null, "channel": null,
        "calendarId": null, "runId": null, "event": "worker", "status": "stopped", "jobCount": 0,
        "latencyMs": 0, "errorCode": "STORE_UNAVAILABLE",
    });
    let (lines, _) = record(&[read(&line)]);
    for name in ["user_id", "channel", "calendar_id", "run_id"] {
        assert_eq!(lines[0]["fields"][name], "none", "{name}");
    }
    assert_eq!(lines[0]["fields"]["error_code"], "STORE_UNAVAILABLE");
    assert_eq!(lines[0]["level"], "ERROR");
}

#[test]
fn the_level_says_who_is_woken_up() {
    let events = events();
    let (lines, _) = record(&events.iter().map(read).collect::<Vec<_>>());
    let level = |event: &str, status: &str| {
        let found = lines
            .iter()
            .find(|line| line["fields"]["event"] == event && line["fields"]["status"] == status);
        found.unwrap()["level"].as_str().unwrap().to_owned()
    };
    assert_eq!(level("attempt", "ok"), "INFO");
    assert_eq!(level("attempt", "open"), "DEBUG");
    assert_eq!(level("attempt", "failed"), "WARN");
    assert_eq!(level("attempt", "unknown"), "ERROR");
    assert_eq!(level("job", "needs_attention"), "WARN");
    assert_eq!(level("ledger", "broken"), "ERROR");
    assert_eq!(level("incident", "opened"), "WARN");
    assert_eq!(level("incident", "closed"), "INFO");
    assert_eq!(level("lease", "lost"), "WARN");
    assert_eq!(level("save", "failed"), "ERROR");
}

#[test]
fn every_metric_comes_out_with_its_labels_and_no_other() {
    let events: Vec<Event> = events().iter().map(read).collect();
    let (_, text) = record(&events);
    let gauges = PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&gauges, || {
        record_queue_depth(&depth(2));
        record_outbox(3);
    });
    let text = text + &gauges.handle().render();
    for metric in METRICS {
        let mut series = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter(|line| {
                let name = line.split(['{', ' ']).next().unwrap();
                let parts = ["_bucket", "_sum", "_count"];
                name == metric.name
                    || (metric.kind == MetricKind::Histogram
                        && parts
                            .iter()
                            .any(|part| name == format!("{}{part}", metric.name)))
            })
            .peekable();
        assert!(series.peek().is_some(), "{} isn't measured", metric.name);
        for line in series {
            let labels = line.split_once('{').map_or("", |(_, rest)| rest);
            let labels = labels.split_once('}').map_or("", |(labels, _)| labels);
            let mut names: Vec<&str> = labels
                .split(',')
                .filter(|label| !label.is_empty())
                .map(|label| label.split('=').next().unwrap())
                .filter(|name| *name != "le")
                .collect();
            names.sort_unstable();
            let mut expected = metric.labels.to_vec();
            expected.sort_unstable();
            assert_eq!(names, expected, "{line}");
        }
    }
    let known = |name: &str| METRICS.iter().any(|metric| name.starts_with(metric.name));
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        assert!(known(line), "{line} isn't in the list");
    }
}

#[test]
fn numbers_are_those_of_the_events() {
    let events: Vec<Event> = events().iter().map(read).collect();
    let (_, text) = record(&events);
    for series in [
        r#"calendar_publish_streams_total{status="timeout"} 1"#,
        r#"calendar_publish_attempts_total{channel="tiktok",status="unknown",error_code="none"} 1"#,
        r#"calendar_publish_attempt_duration_seconds_sum{channel="tiktok",status="ok"} 1.2"#,
        r#"calendar_publish_attempt_duration_seconds_bucket{channel="tiktok",status="ok",le="1"} 0"#,
        r#"calendar_publish_attempt_duration_seconds_bucket{channel="tiktok",status="ok",le="2.5"} 1"#,
        r#"calendar_publish_ledger_checks_total{status="broken"} 1"#,
        "# TYPE calendar_publish_attempts_total counter",
        "# HELP calendar_publish_attempts_total Writes to a platform that ended, by how they ended.",
    ] {
        assert!(text.contains(series), "{series} isn't in\n{text}");
    }
    assert!(!text.contains(r#"status="open""#) && !text.contains(r#"status="started""#));
}

fn depth(count: u64) -> QueueDepth {
    let at: Timestamp = "2026-04-02T09:00:00Z".parse().unwrap();
    QueueDepth {
        at,
        counts: vec![JobCount {
            channel: Channel::Instagram,
            status: JobStatus::Scheduled,
            count,
        }],
        oldest_due_at: (count > 0).then(|| "2026-04-02T08:58:30Z".parse().unwrap()),
    }
}

#[test]
fn a_queue_that_is_empty_again_reads_zero() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let series = |count| {
        metrics::with_local_recorder(&recorder, || {
            let counts = match count {
                0 => QueueDepth {
                    counts: Vec::new(),
                    ..depth(0)
                },
                count => depth(count),
            };
            record_queue_depth(&counts);
        });
        recorder.handle().render()
    };
    let scheduled = r#"calendar_publish_jobs{channel="instagram",status="scheduled"}"#;
    let full = series(2);
    assert!(full.contains(&format!("{scheduled} 2\n")), "{full}");
    assert!(
        full.contains("calendar_publish_oldest_due_job_seconds 90\n"),
        "{full}"
    );
    let empty = series(0);
    assert!(empty.contains(&format!("{scheduled} 0\n")), "{empty}");
    assert!(
        empty.contains("calendar_publish_oldest_due_job_seconds 0\n"),
        "{empty}"
    );
}

#[test]
fn no_secret_planted_in_any_field_comes_out() {
    let (mut refused, mut recorded) = (0, Vec::new());
    for line in events() {
        let mut fields: Vec<String> = line.as_object().unwrap().keys().cloned().collect();
        fields.push("accessToken".to_owned());
        for field in fields {
            let planted = with(line.clone(), json!({ field: SECRET }));
            match serde_json::from_value::<Event>(planted) {
                Ok(event) => recorded.push(event),
                Err(_) => refused += 1,
            }
        }
    }
    assert!(
        refused > 300 && !recorded.is_empty(),
        "{refused}, {}",
        recorded.len()
    );
    let (lines, text) = record(&recorded);
    assert_eq!(lines.len(), recorded.len());
    for part in ["EAAB", "planted", "Bearer"] {
        assert!(!text.contains(part));
        assert!(lines.iter().all(|line| !line.to_string().contains(part)));
    }
}
