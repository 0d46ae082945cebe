//! Cases of [`JobStore`].

mod bench;
mod claiming;
mod commands;
mod fencing;
mod leases;
mod limits;
mod outcomes;
mod reading;
mod saving;
mod scheduling;
mod walk;

use std::sync::Arc;

use self::bench::{Bench, start};
use super::{Broken, ConformanceError, Verdict};
use crate::memory::ManualClock;
use crate::ports::{Clock, JobStore};

/// Runs every case of [`JobStore`] and gives their number. Each case gets a store of its own from
/// `make_store`, which must be empty and take its time from the clock that it is given: the cases
/// set it. What [`Store`](crate::ports::Store) promises is checked by
/// [`store_suite`](super::store_suite).
///
/// # Errors
/// The first case that isn't fulfilled.
///
/// ```
/// use std::pin::pin;
/// use std::task::{Context, Poll, Waker};
///
/// use calendar_publish::conformance::job_store_suite;
/// use calendar_publish::memory::MemoryStore;
///
/// let suite = pin!(job_store_suite(async |clock| MemoryStore::new(clock)));
/// let Poll::Ready(Ok(passed)) = suite.poll(&mut Context::from_waker(Waker::noop())) else {
///     panic!("the store doesn't conform");
/// };
/// assert!(passed > 50);
/// ```
pub async fn job_store_suite<S: JobStore>(
    make_store: impl AsyncFn(Arc<dyn Clock>) -> S,
) -> Result<usize, ConformanceError> {
    let mut cases = JobCases {
        make_store,
        passed: 0,
    };
    scheduling::run(&mut cases).await?;
    claiming::run(&mut cases).await?;
    limits::run(&mut cases).await?;
    leases::run(&mut cases).await?;
    outcomes::run(&mut cases).await?;
    commands::run(&mut cases).await?;
    fencing::run(&mut cases).await?;
    saving::run(&mut cases).await?;
    reading::run(&mut cases).await?;
    cases
        .check("five thousand jobs at once", scheduling::bulk)
        .await?;
    walk::run(&mut cases).await?;
    Ok(cases.passed)
}

struct JobCases<M> {
    make_store: M,
    passed: usize,
}

impl<S: JobStore, M: AsyncFn(Arc<dyn Clock>) -> S> JobCases<M> {
    async fn check(
        &mut self,
        case: &'static str,
        run: impl AsyncFn(&Bench<'_>) -> Verdict,
    ) -> Result<(), ConformanceError> {
        let clock = Arc::new(ManualClock::new(start()));
        let store = (self.make_store)(clock.clone()).await;
        let bench = Bench {
            store: &store,
            clock: &clock,
        };
        run(&bench)
            .await
            .map_err(|Broken(reason)| ConformanceError { case, reason })?;
        self.passed += 1;
        Ok(())
    }
}
