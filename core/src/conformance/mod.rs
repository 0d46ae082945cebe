//! Suites that check anyone's own ports (feature `conformance`).
//!
//! They need no runtime: run them on any executor. They report instead of panicking, so that they fit
//! any test harness.
//!
//! ```
//! use std::pin::pin;
//! use std::task::{Context, Poll, Waker};
//!
//! use calendar_publish::conformance::store_suite;
//! use calendar_publish::memory::MemoryStore;
//!
//! // A store in memory never waits, so that one poll will do; use your executor's `block_on`.
//! let suite = pin!(store_suite(async || MemoryStore::default()));
//! let Poll::Ready(Ok(passed)) = suite.poll(&mut Context::from_waker(Waker::noop())) else {
//!     panic!("the store doesn't conform");
//! };
//! assert!(passed > 15);
//! ```

mod accounts;
mod calendars;
mod fixture;
mod intents;
mod jobs;
mod transport;

pub use self::jobs::job_store_suite;
pub use self::transport::{TransportTarget, transport_suite};
use crate::ports::{Store, StoreError};

/// A case that an implementation doesn't fulfil.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{case}`: {reason}")]
pub struct ConformanceError {
    /// The case, in words.
    pub case: &'static str,
    /// What differs.
    pub reason: String,
}

/// Runs every case of [`Store`] and gives their number. Each case gets a store of its own from
/// `make_store`, which must be empty.
///
/// # Errors
/// The first case that isn't fulfilled.
pub async fn store_suite<S: Store>(
    make_store: impl AsyncFn() -> S,
) -> Result<usize, ConformanceError> {
    let mut cases = Cases {
        make_store,
        passed: 0,
    };
    calendars::run(&mut cases).await?;
    accounts::run(&mut cases).await?;
    intents::run(&mut cases).await?;
    Ok(cases.passed)
}

struct Cases<M> {
    make_store: M,
    passed: usize,
}

impl<S: Store, M: AsyncFn() -> S> Cases<M> {
    async fn check(
        &mut self,
        case: &'static str,
        run: impl AsyncFn(&dyn Store) -> Verdict,
    ) -> Result<(), ConformanceError> {
        let store = (self.make_store)().await;
        run(&store)
            .await
            .map_err(|Broken(reason)| ConformanceError { case, reason })?;
        self.passed += 1;
        Ok(())
    }
}

/// How a case ended.
type Verdict = Result<(), Broken>;

/// What differs.
struct Broken(String);

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self(format!("was refused: {error}"))
    }
}

impl From<serde_json::Error> for Broken {
    fn from(error: serde_json::Error) -> Self {
        Self(format!("the suite's own fixture can't be read: {error}"))
    }
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, actual: &T, expected: &T) -> Verdict {
    if actual == expected {
        Ok(())
    } else {
        Err(Broken(format!(
            "{what}: expected {expected:?}, got {actual:?}"
        )))
    }
}

fn refused<T: std::fmt::Debug>(
    what: &str,
    answer: Result<T, StoreError>,
    expected: &StoreError,
) -> Verdict {
    match answer {
        Err(error) => equal(what, &error, expected),
        Ok(answer) => Err(Broken(format!(
            "{what}: expected `{expected}`, got {answer:?}"
        ))),
    }
}
