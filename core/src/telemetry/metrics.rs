//! The metrics that a host should expose, as data: names, kinds, units and labels.

/// How a metric behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// A distribution.
    Histogram,
}

/// A metric's name and meaning. Labels have few values each: no id is ever one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// The name, as Prometheus writes names.
    pub name: &'static str,
    /// How it behaves.
    pub kind: MetricKind,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// What it counts or measures, and in which unit.
    pub help: &'static str,
}

/// Every metric.
pub const METRICS: &[Metric] = &[
    Metric {
        name: "calendar_publish_streams_total",
        kind: MetricKind::Counter,
        labels: &["status"],
        help: "Generation streams that ended, by how they ended.",
    },
    Metric {
        name: "calendar_publish_attempts_total",
        kind: MetricKind::Counter,
        labels: &["channel", "status", "error_code"],
        help: "Writes to a platform that ended, by how they ended.",
    },
    Metric {
        name: "calendar_publish_outcomes_total",
        kind: MetricKind::Counter,
        labels: &["channel", "status", "error_code"],
        help: "Outcomes of single entries whose publication was asked for.",
    },
    Metric {
        name: "calendar_publish_attempt_duration_seconds",
        kind: MetricKind::Histogram,
        labels: &["channel", "status"],
        help: "Seconds from the start of an attempt to its outcome.",
    },
    Metric {
        name: "calendar_publish_jobs",
        kind: MetricKind::Gauge,
        labels: &["channel", "status"],
        help: "Jobs that aren't finished: the depth of the queue.",
    },
    Metric {
        name: "calendar_publish_oldest_due_job_seconds",
        kind: MetricKind::Gauge,
        labels: &[],
        help: "Seconds since the oldest job that no worker has taken became due; 0 if none is due.",
    },
    Metric {
        name: "calendar_publish_outbox_intents",
        kind: MetricKind::Gauge,
        labels: &[],
        help: "Intents that wait in memory while the store is down.",
    },
    Metric {
        name: "calendar_publish_incidents_total",
        kind: MetricKind::Counter,
        labels: &["channel", "status", "error_code"],
        help: "Pauses of a channel because many accounts failed alike, by beginning and end.",
    },
    Metric {
        name: "calendar_publish_leases_total",
        kind: MetricKind::Counter,
        labels: &["channel", "status"],
        help: "Claims that ended before their work did, by what became of them.",
    },
    Metric {
        name: "calendar_publish_ledger_checks_total",
        kind: MetricKind::Counter,
        labels: &["status"],
        help: "Ledgers that were checked or exported, by what was found.",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_follow_prometheus() {
        // Prometheus, Metric and label naming: counters end in `_total`, units are base units.
        let mut names = BTreeSet::new();
        for metric in METRICS {
            assert!(names.insert(metric.name), "{} stands twice", metric.name);
            let words = metric.labels.iter().chain([&metric.name]);
            for word in words {
                let fits = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
                assert!(word.bytes().all(fits), "{word}");
            }
            let total = metric.name.ends_with("_total");
            assert_eq!(total, metric.kind == MetricKind::Counter, "{}", metric.name);
        }
    }
}
