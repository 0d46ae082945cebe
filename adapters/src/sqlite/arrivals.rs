//! Telling waiting workers of this process that there is something to do.

use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_channel::oneshot;

/// Who waits for jobs, and whether some came that no claim has looked for yet.
#[derive(Default)]
pub(super) struct Arrivals {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    unseen: bool,
    waiting: Vec<oneshot::Sender<()>>,
}

impl Arrivals {
    /// Jobs may have been made or moved.
    pub(super) fn tell(&self) {
        let waiting = {
            let mut state = self.state();
            state.unseen = true;
            std::mem::take(&mut state.waiting)
        };
        for worker in waiting {
            // A worker that doesn't wait any more looks again by itself.
            let _ = worker.send(());
        }
    }

    /// A claim is about to look at all there is.
    pub(super) fn looked(&self) {
        self.state().unseen = false;
    }

    /// Returns at once where something came since the last claim began, else when something does.
    pub(super) async fn wait(&self) {
        let told = {
            let mut state = self.state();
            if state.unseen {
                return;
            }
            state.waiting.retain(|worker| !worker.is_canceled());
            let (worker, told) = oneshot::channel();
            state.waiting.push(worker);
            told
        };
        // The sender is dropped only after it has told.
        let _ = told.await;
    }

    /// Nothing is left half done while it is held, so that a poisoned lock can be taken.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
