//! Alerts as events happen.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Alert, AlertMonitor, Event};
use crate::ports::{Clock, MaybeSend, MaybeSync, Telemetry};

/// Where alerts go. It must not block: whoever calls a pager puts the alert in a queue of its own.
pub trait AlertSink: MaybeSend + MaybeSync {
    /// Takes the beginning or the end of an alert.
    fn alert(&self, alert: Alert);
}

/// Telemetry that watches events by an [`AlertMonitor`] and tells a sink when an alert begins or ends.
///
/// Alerts reach the sink one at a time and in the order in which they came about. Silence is no event:
/// a host calls [`tick`](Self::tick) now and then, once a minute say, so that alerts end.
pub struct AlertingTelemetry {
    clock: Arc<dyn Clock>,
    sink: Arc<dyn AlertSink>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    monitor: AlertMonitor,
    untold: VecDeque<Alert>,
    /// Somebody is telling them, in this thread or another.
    is_telling: bool,
}

impl AlertingTelemetry {
    /// Telemetry that has seen nothing. `clock` says when an event arrives.
    pub fn new(clock: Arc<dyn Clock>, sink: Arc<dyn AlertSink>) -> Self {
        Self {
            clock,
            sink,
            state: Mutex::default(),
        }
    }

    /// Lets time pass, so that alerts end that nothing keeps alive.
    pub fn tick(&self) {
        let now = self.clock.now();
        self.watch(|monitor| monitor.tick(now));
    }

    fn watch(&self, look: impl FnOnce(&mut AlertMonitor) -> Vec<Alert>) {
        let mut state = self.state();
        let alerts = look(&mut state.monitor);
        state.untold.extend(alerts);
        if state.untold.is_empty() || std::mem::replace(&mut state.is_telling, true) {
            return;
        }
        drop(state);
        // The sink is called without the lock, so that it may itself record events.
        let mut telling = Telling {
            telemetry: self,
            is_done: false,
        };
        while let Some(alert) = telling.next() {
            self.sink.alert(alert);
        }
    }

    /// A panic while the state was held can't leave it half changed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Telemetry for AlertingTelemetry {
    fn record(&self, event: Event) {
        let now = self.clock.now();
        self.watch(|monitor| monitor.observe(&event, now));
    }
}

/// The one who tells the alerts; the next event finds another where the sink panicked.
struct Telling<'a> {
    telemetry: &'a AlertingTelemetry,
    is_done: bool,
}

impl Telling<'_> {
    /// The next alert. Whoever finds none has stopped telling before anybody can add another.
    fn next(&mut self) -> Option<Alert> {
        let mut state = self.telemetry.state();
        let alert = state.untold.pop_front();
        self.is_done = alert.is_none();
        state.is_telling = !self.is_done;
        alert
    }
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            self.telemetry.state().is_telling = false;
        }
    }
}

impl fmt::Debug for AlertingTelemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AlertingTelemetry").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::ManualClock;
    use crate::telemetry::{AlertKind, AlertState, Tee};

    #[derive(Default)]
    struct Pager {
        alerts: Mutex<Vec<(AlertKind, AlertState)>>,
        back: Mutex<Option<Arc<AlertingTelemetry>>>,
    }

    impl AlertSink for Pager {
        fn alert(&self, alert: Alert) {
            self.alerts.lock().unwrap().push((alert.kind, alert.state));
            // A sink that logs to the telemetry that called it.
            let back = self.back.lock().unwrap().take();
            if let Some(telemetry) = back {
                telemetry.record(event(r#""incident","status":"closed""#));
            }
        }
    }

    fn event(kind: &str) -> Event {
        serde_json::from_str(&format!(
            r#"{{"at":"2026-04-02T09:00:00Z","requestId":"w-1","userId":null,"channel":"tiktok",
                "calendarId":null,"runId":null,"errorCode":"PLATFORM_TEMPORARY","event":{kind}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn alerts_come_in_their_order_even_from_within_the_sink() {
        let clock = Arc::new(ManualClock::new("2026-04-02T09:00:00Z".parse().unwrap()));
        let pager = Arc::new(Pager::default());
        let telemetry = Arc::new(AlertingTelemetry::new(clock.clone(), pager.clone()));
        *pager.back.lock().unwrap() = Some(telemetry.clone());
        let sinks: [Arc<dyn Telemetry>; 2] = [telemetry.clone(), Arc::new(())];
        let tee = Tee::new(sinks);
        tee.record(event(r#""incident","status":"opened""#));
        let incident = AlertKind::PlatformIncident;
        let expected = [
            (incident, AlertState::Raised),
            (incident, AlertState::Cleared),
        ];
        assert_eq!(*pager.alerts.lock().unwrap(), expected);
    }

    #[test]
    fn silence_ends_an_alert() {
        let clock = Arc::new(ManualClock::new("2026-04-02T09:00:00Z".parse().unwrap()));
        let pager = Arc::new(Pager::default());
        let telemetry = AlertingTelemetry::new(clock.clone(), pager.clone());
        let broken = r#""ledger","status":"broken","rowCount":3,
            "accountId":"018f0000-0000-7000-8000-0000000000a1""#;
        telemetry.record(event(broken));
        clock.advance(chrono::TimeDelta::seconds(899));
        telemetry.tick();
        assert_eq!(pager.alerts.lock().unwrap().len(), 1);
        clock.advance(chrono::TimeDelta::seconds(1));
        telemetry.tick();
        let expected = (AlertKind::LedgerBroken, AlertState::Cleared);
        assert_eq!(pager.alerts.lock().unwrap().last(), Some(&expected));
    }
}
