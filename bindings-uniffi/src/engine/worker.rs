//! The worker.

use calendar_publish::publish::WorkReport;
use tokio::sync::watch;

use super::Engine;
use crate::CalendarPublishError;

/// How running workers are told to stop: each waits for the number to change.
#[derive(Debug)]
pub(super) struct Stop(watch::Sender<u64>);

impl Default for Stop {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl Engine {
    /// Claims up to `limit` due jobs and works on them until each has ended or waits: for hosts that are
    /// woken by a timer.
    pub async fn tick(&self, limit: u32) -> Result<WorkReport, CalendarPublishError> {
        Ok(self.worker()?.tick(limit).await?)
    }

    /// Works until `stop` is called, and gives what was done. Jobs under way are then brought to a point
    /// from where another worker goes on.
    ///
    /// Cancelling the task instead is safe, too: its jobs are taken over when their leases have run out.
    pub async fn run(&self) -> Result<WorkReport, CalendarPublishError> {
        let mut stop = self.stop.0.subscribe();
        let stopped = async move {
            // The sender lives as long as this engine: an error can't come before a change.
            drop(stop.changed().await);
        };
        Ok(self.worker()?.run(stopped).await)
    }

    /// Tells every `run` of this engine to stop, and returns at once.
    pub fn stop(&self) {
        self.stop
            .0
            .send_modify(|times| *times = times.wrapping_add(1));
    }
}
