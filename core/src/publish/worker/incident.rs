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
pub(super) struct Incidents(Mutex<State>);

#[derive(Debug)]
struct State {
    monitor: IncidentMonitor,
    pauses: Vec<ChannelPause>,
}

impl Incidents {
    pub(super) fn new(rule: IncidentRule) -> Self {
        Self(Mutex::new(State {
            monitor: IncidentMonitor::new(rule),
            pauses: Vec::new(),
        }))
    }

    /// What the store said is paused.
    pub(super) fn set_pauses(&self, pauses: Vec<ChannelPause>) {
        self.state().pauses = pauses;
    }

    /// Until when nothing is begun on the channel; `None` where the pause has ended or there is none.
    pub(super) fn paused_until(&self, channel: Channel, now: Timestamp) -> Option<Timestamp> {
        self.pause(channel)
            .map(|pause| pause.until)
            .filter(|until| *until > now)
    }

    /// A post of the account failed for certain.
    pub(super) async fn failure(
        &self,
        shared: Shared<'_>,
        account: &ChannelAccount,
        code: Code,
        now: Timestamp,
    ) {
        let pause = self
            .state()
            .monitor
            .observe(account.channel, account.id, Some(code), now);
        let Some(pause) = pause else { return };
        // A store that can't be told now is told by the next failure.
        let Ok(is_new) = shared.ports.store.pause_channel(pause).await else {
            return;
        };
        let mut state = self.state();
        state.pauses.retain(|other| other.channel != pause.channel);
        state.pauses.push(pause);
        drop(state);
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
        self.state().monitor.observe(channel, account.id, None, now);
        let Some(pause) = self.pause(channel) else {
            return;
        };
        if shared.ports.store.lift_pause(channel).await == Ok(true) {
            tell(shared, channel, IncidentStatus::Closed, pause.code, now);
        }
        self.state().pauses.retain(|other| other.channel != channel);
    }

    fn pause(&self, channel: Channel) -> Option<ChannelPause> {
        let state = self.state();
        let mut pauses = state.pauses.iter();
        pauses.find(|pause| pause.channel == channel).copied()
    }

    /// A panic while the state was held can't leave it half changed.
    fn state(&self) -> MutexGuard<'_, State> {
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
