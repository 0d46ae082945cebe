//! One line of `tracing` an event.

use calendar_publish::ports::Telemetry;
use calendar_publish::telemetry::Event;
use serde_json::{Map, Value};
use tracing::Level;

/// The target of every line, for filters.
pub const TARGET: &str = "calendar_publish";

/// What a required field holds where there is nothing to say: `tracing` has no null, and a line that
/// lacks a field can't be searched by it.
pub const NONE: &str = "none";

/// A line's level is part of its place in the code, so that each level needs a place of its own.
macro_rules! emit {
    ($level:expr, $line:ident) => {
        tracing::event!(
            target: TARGET,
            $level,
            at = $line.text("at"),
            request_id = $line.text("requestId"),
            user_id = $line.text("userId"),
            channel = $line.text("channel"),
            calendar_id = $line.text("calendarId"),
            run_id = $line.text("runId"),
            event = $line.text("event"),
            status = $line.text("status"),
            error_code = $line.text("errorCode"),
            job_id = $line.named("jobId"),
            attempt = $line.number("attempt"),
            latency_ms = $line.number("latencyMs"),
            entry_id = $line.named("entryId"),
            account_id = $line.named("accountId"),
            release = $line.named("release"),
            count = $line.count(),
        )
    };
}
/// Writes each event as one line under the target [`TARGET`].
///
/// Every line has `at`, `request_id`, `user_id`, `channel`, `calendar_id`, `run_id`, `event` and
/// `status`, as texts; `error_code` too, [`NONE`] where nothing went wrong. Lines about a job have
/// `job_id` and `attempt`, those that took time `latency_ms`. What else an event tells stands in
/// `entry_id`, `account_id`, `release` and `count`.
///
/// | level | lines |
/// |---|---|
/// | error | an attempt whose outcome is unknown, a ledger that is broken, a failed save or export, a setting that is missing, a worker that stopped for an error |
/// | warn | anything else that went wrong or must be looked at |
/// | info | what went well |
/// | debug | beginnings, and the looks of a worker |
#[derive(Clone, Copy, Debug, Default)]
pub struct TracingTelemetry;

impl Telemetry for TracingTelemetry {
    fn record(&self, event: Event) {
        // An event is plain data of fixed words, numbers and ids: it can always be written.
        let Ok(Value::Object(fields)) = serde_json::to_value(&event) else {
            return;
        };
        let line = Line(&fields);
        match level(
            line.text("event"),
            line.text("status"),
            line.text("errorCode"),
        ) {
            Level::ERROR => emit!(Level::ERROR, line),
            Level::WARN => emit!(Level::WARN, line),
            Level::INFO => emit!(Level::INFO, line),
            _ => emit!(Level::DEBUG, line),
        }
    }
}

/// The fields of an event as they are logged.
struct Line<'a>(&'a Map<String, Value>);

impl<'a> Line<'a> {
    fn text(&self, name: &str) -> &'a str {
        self.named(name).unwrap_or(NONE)
    }

    fn named(&self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_str()
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    /// How many of whatever the event counts: pieces, entries, intents, jobs or rows.
    fn count(&self) -> Option<i64> {
        [
            "pieceCount",
            "entryCount",
            "intentCount",
            "jobCount",
            "rowCount",
        ]
        .iter()
        .find_map(|name| self.number(name))
    }
}

fn level(event: &str, status: &str, error_code: &str) -> Level {
    match (event, status) {
        ("attempt", "unknown") | ("ledger", "broken") => Level::ERROR,
        ("save" | "export", "failed") | ("setup", "config_missing") => Level::ERROR,
        ("worker", "stopped") if error_code != NONE => Level::ERROR,
        (_, "failed" | "timeout" | "refused" | "conflict" | "needs_attention" | "queued")
        | ("setup" | "lease", _)
        | ("incident", "opened")
        | ("deploy", "rolled_back") => Level::WARN,
        ("attempt", "open") | ("stream", "started") | ("job", "publishing" | "scheduled") => {
            Level::DEBUG
        }
        ("worker", "ticked") if error_code == NONE => Level::DEBUG,
        ("worker", "ticked") => Level::WARN,
        _ => Level::INFO,
    }
}
