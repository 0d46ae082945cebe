//! Watching events and saying when an alert begins and ends.

use super::alert::{Alert, AlertKind, AlertState, PUBLISH_FAILURES, RateRule, STREAM_ERRORS};
use super::event::{Event, EventKind};
use super::status::{IncidentStatus, LedgerStatus, SetupStatus};
use super::window::{Window, has_left};
use super::word::RequestId;
use crate::model::{Channel, Timestamp};
use crate::order::sort_by_key;

/// Watches events and says when an alert begins and ends.
///
/// | alert | raised | cleared |
/// |---|---|---|
/// | [`StreamErrorRate`](AlertKind::StreamErrorRate) | by [`STREAM_ERRORS`]; cancelled streams aren't counted | at 1 % or less |
/// | [`PublishFailureRate`](AlertKind::PublishFailureRate) | by [`PUBLISH_FAILURES`]; ended attempts and outcomes of dry runs count, refusals that the content is to blame for don't | at 2.5 % or less |
/// | [`FirstFailureAfterDeploy`](AlertKind::FirstFailureAfterDeploy) | by the first failed stream, publication, save or export after a release, once per release | by a window without failures, or the next release |
/// | [`PlatformIncident`](AlertKind::PlatformIncident) | when a channel is paused | when it goes on, or by a window without a new pause |
/// | [`LedgerBroken`](AlertKind::LedgerBroken) | by the first ledger that isn't whole | by a window without one |
/// | [`AuthMissing`](AlertKind::AuthMissing), [`ConfigMissing`](AlertKind::ConfigMissing) | by the first event, for each channel | by a window without one |
///
/// Its memory is bounded: it counts by the second, so that a window holds at most 900 counts however
/// many events arrive, and an event leaves the window 15 minutes after the second it happened in.
/// Events may arrive late; one that is older than the window is too late to count.
///
/// ```
/// use calendar_publish::telemetry::{AlertKind, AlertMonitor, Event};
///
/// let event: Event = serde_json::from_str(
///     r#"{"at":"2026-04-02T09:00:00Z","requestId":"req-1","userId":null,"channel":"tiktok",
///         "calendarId":null,"runId":null,"event":"setup","status":"auth_missing",
///         "errorCode":"CHANNEL_AUTH_MISSING"}"#,
/// )?;
/// let mut monitor = AlertMonitor::new();
/// let alerts = monitor.observe(&event, event.at);
/// assert_eq!(alerts[0].kind, AlertKind::AuthMissing);
/// assert!(monitor.observe(&event, event.at).is_empty()); // the same episode
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AlertMonitor {
    now: Option<i64>,
    /// When the release that runs went live.
    deployed_at: Option<i64>,
    /// Nothing has failed since then.
    is_fresh: bool,
    watches: [Watch; 12],
}

impl Default for AlertMonitor {
    fn default() -> Self {
        Self::new()
    }
}

impl AlertMonitor {
    /// A monitor that has seen nothing.
    pub fn new() -> Self {
        Self {
            now: None,
            deployed_at: None,
            is_fresh: false,
            watches: [
                Watch::new(AlertKind::StreamErrorRate, None),
                Watch::new(AlertKind::PublishFailureRate, None),
                Watch::new(AlertKind::FirstFailureAfterDeploy, None),
                Watch::new(AlertKind::PlatformIncident, Some(Channel::Tiktok)),
                Watch::new(AlertKind::PlatformIncident, Some(Channel::Instagram)),
                Watch::new(AlertKind::LedgerBroken, None),
                Watch::new(AlertKind::AuthMissing, None),
                Watch::new(AlertKind::AuthMissing, Some(Channel::Tiktok)),
                Watch::new(AlertKind::AuthMissing, Some(Channel::Instagram)),
                Watch::new(AlertKind::ConfigMissing, None),
                Watch::new(AlertKind::ConfigMissing, Some(Channel::Tiktok)),
                Watch::new(AlertKind::ConfigMissing, Some(Channel::Instagram)),
            ],
        }
    }

    /// Takes in an event at `now` and gives the alerts that begin or end.
    ///
    /// `now` never runs backwards: an earlier one than the last counts as the last. An event from the
    /// future counts as happening now, so that a wrong clock somewhere can't empty the window.
    pub fn observe(&mut self, event: &Event, now: Timestamp) -> Vec<Alert> {
        let mut alerts = self.tick(now);
        let now = self.now.unwrap_or(now.millis());
        let at = event.at.millis().min(now);
        let request = Some(&event.context.request_id);
        if has_left(at, now) {
            return alerts;
        }
        if let EventKind::Deploy { .. } = event.kind {
            self.deployed_at = Some(at);
            self.is_fresh = true;
            let watch = self.watch(AlertKind::FirstFailureAfterDeploy, None);
            alerts.extend(watch.and_then(|watch| watch.end(now)));
        }
        if let EventKind::Incident { status, .. } = event.kind
            && status == IncidentStatus::Closed
        {
            let watch = self.watch(AlertKind::PlatformIncident, event.context.channel);
            alerts.extend(watch.and_then(|watch| watch.end(now)));
        }
        for (kind, channel, failed) in self.samples(event, at) {
            if let Some(watch) = self.watch(kind, channel) {
                watch.window.count(at, failed);
                alerts.extend(watch.judge(now, request));
            }
        }
        alerts
    }

    /// Lets time pass and gives the alerts that end. A host calls it now and then, since silence is no
    /// event.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Alert> {
        let now = self.now.map_or(now.millis(), |last| last.max(now.millis()));
        self.now = Some(now);
        let mut alerts = Vec::new();
        for watch in &mut self.watches {
            watch.window.forget(now);
            alerts.extend(watch.judge(now, None));
        }
        alerts
    }

    fn watch(&mut self, kind: AlertKind, channel: Option<Channel>) -> Option<&mut Watch> {
        let mut watches = self.watches.iter_mut();
        watches.find(|watch| watch.kind == kind && watch.channel == channel)
    }

    /// What an event counts for: the alert, its channel, and whether it is a failure.
    fn samples(&mut self, event: &Event, at: i64) -> Vec<(AlertKind, Option<Channel>, bool)> {
        let kind = &event.kind;
        let mut samples = Vec::new();
        if let Some(failed) = kind.stream_error() {
            samples.push((AlertKind::StreamErrorRate, None, failed));
        }
        if let Some(failed) = kind.publish_failure() {
            samples.push((AlertKind::PublishFailureRate, None, failed));
        }
        if let EventKind::Setup { status, .. } = kind {
            let kind = match status {
                SetupStatus::AuthMissing => AlertKind::AuthMissing,
                SetupStatus::ConfigMissing => AlertKind::ConfigMissing,
            };
            samples.push((kind, event.context.channel, true));
        }
        if let EventKind::Incident { status, .. } = kind
            && *status == IncidentStatus::Opened
        {
            samples.push((AlertKind::PlatformIncident, event.context.channel, true));
        }
        if let EventKind::Ledger { status, .. } = kind
            && *status == LedgerStatus::Broken
        {
            samples.push((AlertKind::LedgerBroken, None, true));
        }
        if kind.is_failure() && self.deployed_at.is_some_and(|deployed| deployed <= at) {
            // After the first failure the alert is only kept alive, never raised again.
            let first = std::mem::replace(&mut self.is_fresh, false);
            let kind = AlertKind::FirstFailureAfterDeploy;
            if first || self.watch(kind, None).is_some_and(|watch| watch.is_raised) {
                samples.push((kind, None, true));
            }
        }
        samples
    }

    /// Lets time pass up to `until`, stopping wherever something leaves a window, so that what ends in
    /// between ends at its own time.
    fn pass_to(&mut self, until: Timestamp, alerts: &mut Vec<Alert>) {
        let next = |monitor: &Self| {
            let windows = monitor.watches.iter().map(|watch| &watch.window);
            windows.filter_map(Window::next_change).min()
        };
        while let Some(next) = next(self).filter(|next| *next < until.millis()) {
            alerts.extend(self.tick(Timestamp::from_millis(next)));
        }
        alerts.extend(self.tick(until));
    }
}

/// The alerts that `events` would have raised and cleared, in order of time; `until` says how long to
/// watch after the last of them.
///
/// Every event is taken as observed when it happened, whatever the order of the list.
pub fn replay(events: &[Event], until: Option<Timestamp>) -> Vec<Alert> {
    let mut events: Vec<&Event> = events.iter().collect();
    sort_by_key(&mut events, |event| event.at);
    let mut monitor = AlertMonitor::new();
    let mut alerts = Vec::new();
    for event in events {
        monitor.pass_to(event.at, &mut alerts);
        alerts.extend(monitor.observe(event, event.at));
    }
    if let Some(until) = until {
        monitor.pass_to(until, &mut alerts);
    }
    alerts
}

/// One alert that may be raised, and what it looks at.
#[derive(Clone, Debug)]
struct Watch {
    kind: AlertKind,
    channel: Option<Channel>,
    window: Window,
    is_raised: bool,
}

impl Watch {
    fn new(kind: AlertKind, channel: Option<Channel>) -> Self {
        Self {
            kind,
            channel,
            window: Window::default(),
            is_raised: false,
        }
    }

    /// The rule of a rate; everything else is raised by one failure and cleared by none.
    const fn rule(&self) -> RateRule {
        match self.kind {
            AlertKind::StreamErrorRate => STREAM_ERRORS,
            AlertKind::PublishFailureRate => PUBLISH_FAILURES,
            AlertKind::FirstFailureAfterDeploy
            | AlertKind::PlatformIncident
            | AlertKind::LedgerBroken
            | AlertKind::AuthMissing
            | AlertKind::ConfigMissing => RateRule {
                raise_percent: 0,
                min_samples: 1,
                min_failures: 1,
            },
        }
    }

    /// Begins or ends the alert, if what is in the window says so.
    fn judge(&mut self, now: i64, request: Option<&RequestId>) -> Option<Alert> {
        let Window {
            failures, samples, ..
        } = self.window;
        let turns = if self.is_raised {
            self.rule().clears(failures, samples)
        } else {
            self.rule().raises(failures, samples)
        };
        turns.then(|| self.turn(now, request))
    }

    /// Ends the alert, whatever is in the window.
    fn end(&mut self, now: i64) -> Option<Alert> {
        self.window.clear();
        self.is_raised.then(|| self.turn(now, None))
    }

    fn turn(&mut self, now: i64, request: Option<&RequestId>) -> Alert {
        self.is_raised = !self.is_raised;
        let (state, request_id) = if self.is_raised {
            (AlertState::Raised, request.cloned())
        } else {
            (AlertState::Cleared, None)
        };
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        Alert {
            kind: self.kind,
            state,
            at: Timestamp::from_millis(now),
            channel: self.channel,
            request_id,
            failures: count(self.window.failures),
            samples: count(self.window.samples),
        }
    }
}

#[cfg(test)]
mod tests;
