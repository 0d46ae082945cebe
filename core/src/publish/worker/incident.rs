//! Watching for many accounts that fail alike, and pausing their channel.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::desk::Shared;
use crate::error::Code;
use crate::model::{Channel, ChannelAccount, Timestamp};
use crate::ports::ChannelPause;
use crate::publish::{IncidentMonitor, IncidentRule};
use crate::telemetry::{Event, EventContext, EventKind, IncidentStatus};

/// What this worker has seen of the channels, and what the store says is paused.
#[derive(Debug)]
pub(super) struct Incidents(Mutex<IncidentMonitor>);

impl Incidents {
    pub(super) const fn new(rule: IncidentRule) -> Self {
        Self(Mutex::new(IncidentMonitor::new(rule)))
    }

    /// What the store said is paused.
    pub(super) fn set_pauses(&self, pauses: &[ChannelPause]) {
        self.monitor().set_pauses(pauses);
    }

    /// The pause while nothing is begun on the channel; `None` where it has ended or there is none.
    pub(super) fn lasting(&self, channel: Channel, now: Timestamp) -> Option<ChannelPause> {
        let pause = self.monitor().pause(channel)?;
        (pause.until > now).then_some(pause)
    }

    /// A post of the account failed for certain.
    pub(super) async fn failure(
        &self,
        shared: Shared<'_>,
        account: &ChannelAccount,
        code: Code,
        now: Timestamp,
    ) {
        let failure = Some(code);
        let pause = self
            .monitor()
            .observe(account.channel, account.id, failure, now);
        let Some(pause) = pause else { return };
        // A store that can't be told now is told by the next failure.
        let is_new = shared.ports.store.pause_channel(pause).await == Ok(true);
        if is_new {
            tell(
                shared,
                pause.channel,
                IncidentStatus::Opened,
                pause.code,
                now,
            );
        }
    }

    /// A post of the account came out.
    pub(super) async fn success(
        &self,
        shared: Shared<'_>,
        account: &ChannelAccount,
        now: Timestamp,
    ) {
        let channel = account.channel;
        let Some(pause) = self.end_of_pause(account, now) else {
            return;
        };
        if shared.ports.store.lift_pause(channel).await == Ok(true) {
            tell(shared, channel, IncidentStatus::Closed, pause.code, now);
        }
    }

    /// Counts a success. The pause that it ended, if any.
    fn end_of_pause(&self, account: &ChannelAccount, now: Timestamp) -> Option<ChannelPause> {
        let mut monitor = self.monitor();
        let before = monitor.pause(account.channel);
        monitor.observe(account.channel, account.id, None, now);
        before.filter(|_| monitor.pause(account.channel).is_none())
    }

    /// A panic while the monitor was held can't leave it half changed.
    fn monitor(&self) -> MutexGuard<'_, IncidentMonitor> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tell(
    shared: Shared<'_>,
    channel: Channel,
    status: IncidentStatus,
    error_code: Code,
    at: Timestamp,
) {
    shared.ports.telemetry.record(Event {
        at,
        context: EventContext {
            request_id: shared.settings.name.clone(),
            user_id: None,
            channel: Some(channel),
            calendar_id: None,
            run_id: None,
        },
        kind: EventKind::Incident { status, error_code },
    });
}
