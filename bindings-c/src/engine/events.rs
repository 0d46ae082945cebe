//! Events on their way to the host.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use calendar_publish_documents::ports::{EventPort, HostFailure};

use super::host::Host;

/// How many events wait for a host that is slow to take them.
const MAX_WAITING: usize = 4096;

/// Hands events to the host one after another, on a thread of its own: whoever publishes waits for no log.
/// Those that find no place are counted, and the host is told how many they were.
pub(super) struct Events {
    waiting: SyncSender<String>,
    lost: Arc<AtomicU64>,
}

impl Events {
    /// Begins to hand them over, on the runtime that is entered.
    pub(super) fn to(host: Arc<Host>) -> Self {
        let (waiting, taken) = sync_channel(MAX_WAITING);
        let lost = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&lost);
        tokio::task::spawn_blocking(move || hand_over(&host, &taken, &counted));
        Self { waiting, lost }
    }
}

fn hand_over(host: &Host, taken: &Receiver<String>, lost: &AtomicU64) {
    for event in taken {
        host.call(c"telemetry", c"record", &event, &[], 0);
        let lost = lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            let told = format!(r#"{{"events":{lost}}}"#);
            host.call(c"telemetry", c"lost", &told, &[], 0);
        }
    }
}

impl EventPort for Events {
    fn record(&self, event: String) -> Result<(), HostFailure> {
        if let Err(TrySendError::Full(_)) = self.waiting.try_send(event) {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}
