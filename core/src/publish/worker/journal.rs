//! Group commit: the writes of many jobs become few transactions.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;
use std::{future, mem};

use futures_channel::oneshot;

use super::store_time::delta;
use crate::error::Error;
use crate::ports::{Clock, JobOutcome, JobResult, JobStore, JobWrite, StoreError};
use crate::retry::RetryPolicy;

/// The longest pause between two tries to reach a store that is down.
const MAX_BACKOFF: Duration = Duration::from_secs(5);
const FIRST_BACKOFF: Duration = Duration::from_millis(100);

/// Collects the writes of jobs that are worked on at the same time. While one batch is being written
/// the next one gathers, so that the store is never asked for less than there is to do.
#[derive(Debug, Default)]
pub(super) struct Journal {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    queued: Vec<Queued>,
    flusher: Option<Waker>,
    /// Nobody will try again: what can't be written now is answered so.
    is_closing: bool,
}

#[derive(Debug)]
struct Queued {
    write: JobWrite,
    answer: oneshot::Sender<Result<JobOutcome, StoreError>>,
}

impl Journal {
    /// Writes, together with whatever else is waiting. While the store is down it waits for it: a
    /// write that carries a stamp can be repeated without harm.
    ///
    /// # Errors
    /// What the store answered, and [`StoreError::Unavailable`] once the journal is closing.
    pub(super) async fn write(&self, write: JobWrite) -> Result<JobOutcome, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.queue(Queued { write, answer });
        match answered.await {
            Ok(answer) => answer,
            Err(oneshot::Canceled) => Err(StoreError::unavailable("the worker has stopped")),
        }
    }

    fn queue(&self, queued: Queued) {
        let mut state = self.state();
        state.queued.push(queued);
        if let Some(flusher) = state.flusher.take() {
            flusher.wake();
        }
    }

    /// From now on a store that is down isn't waited for.
    pub(super) fn close(&self) {
        self.state().is_closing = true;
    }

    /// Writes whatever is queued, for ever.
    pub(super) async fn flush_forever(
        &self,
        store: &dyn JobStore,
        clock: &dyn Clock,
        policy: &RetryPolicy,
    ) {
        loop {
            let batch = self.next_batch().await;
            self.flush(store, clock, policy, batch).await;
        }
    }

    async fn next_batch(&self) -> Vec<Queued> {
        future::poll_fn(|context| {
            let mut state = self.state();
            if state.queued.is_empty() {
                state.flusher = Some(context.waker().clone());
                Poll::Pending
            } else {
                Poll::Ready(mem::take(&mut state.queued))
            }
        })
        .await
    }

    async fn flush(
        &self,
        store: &dyn JobStore,
        clock: &dyn Clock,
        policy: &RetryPolicy,
        batch: Vec<Queued>,
    ) {
        let (writes, mut answers): (Vec<JobWrite>, Vec<_>) = batch
            .into_iter()
            .map(|queued| (queued.write, queued.answer))
            .unzip();
        let mut backoff = FIRST_BACKOFF;
        let refusal = loop {
            match store.advance_jobs(policy.clone(), writes.clone()).await {
                Ok(outcomes) => {
                    for (answer, outcome) in answers.drain(..).zip(outcomes) {
                        // Whoever asked may be gone.
                        let _ = answer.send(Ok(outcome));
                    }
                    return;
                }
                Err(StoreError::Unavailable { .. }) if !self.state().is_closing => {
                    clock.sleep_until(clock.now().plus(delta(backoff))).await;
                    backoff = MAX_BACKOFF.min(backoff * 2);
                }
                Err(error) => break error,
            }
        };
        // One write that the store can't take must not keep the others from it.
        let alone = answers.len() == 1;
        for (answer, write) in answers.into_iter().zip(writes) {
            let outcome = if alone || matches!(refusal, StoreError::Unavailable { .. }) {
                Err(refusal.clone())
            } else {
                single(store, policy, write).await
            };
            let _ = answer.send(outcome);
        }
    }

    /// A panic while the state was held can't leave it half changed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn single(
    store: &dyn JobStore,
    policy: &RetryPolicy,
    write: JobWrite,
) -> Result<JobOutcome, StoreError> {
    let outcomes = store.advance_jobs(policy.clone(), vec![write]).await?;
    outcomes
        .into_iter()
        .next()
        .ok_or_else(|| StoreError::corrupt("advance_jobs", "no outcome for the write"))
}

/// The job as a write left it.
pub(super) fn done(
    outcome: JobOutcome,
) -> Result<(crate::model::PublishJob, Vec<crate::job::JobEffect>), Error> {
    match outcome.result {
        JobResult::Done { job, effects } => Ok((*job, effects)),
        JobResult::Refused { error } => Err(error),
    }
}
