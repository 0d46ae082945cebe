//! Channel adapters that a host writes itself.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::error::Measure;
use calendar_publish::model::Channel;
use calendar_publish::ports::{self, Post, Progress, Reconciled, Step, StepKind};
use calendar_publish::{Code, Error};

use super::{AdapterError, opaque_debug};

/// A platform, as the publish engine sees it: a state machine whose every step is safe to lose.
#[uniffi::export(with_foreign)]
#[async_trait]
pub trait ChannelAdapter: Send + Sync {
    /// The channel it publishes to.
    fn channel(&self) -> Result<Channel, AdapterError>;

    /// The longest that one step may take. A lease has to be twice as long.
    fn call_deadline(&self) -> Result<Duration, AdapterError>;

    /// Where a post begins. It calls nobody.
    fn begin(&self, post: Post) -> Result<Progress, AdapterError>;

    /// Takes one step.
    async fn advance(&self, post: Post, progress: Progress) -> Result<Step, AdapterError>;

    /// Finds out what a step came to whose answer was lost.
    async fn reconcile(&self, post: Post, progress: Progress) -> Result<Reconciled, AdapterError>;
}

/// A host's adapter, as the engine sees it.
pub(crate) struct HostAdapter {
    adapter: Arc<dyn ChannelAdapter>,
    channel: Channel,
    call_deadline: Duration,
}

opaque_debug!(HostAdapter);

/// The stage of a post whose beginning threw: it begins again, under the worker's retries.
const UNBEGUN: &str = "unbegun";

impl HostAdapter {
    /// # Errors
    /// [`Code::AppMisconfigured`] where the adapter doesn't know its channel or deadline.
    pub(crate) fn new(adapter: Arc<dyn ChannelAdapter>) -> Result<Self, Error> {
        let misconfigured = |error: AdapterError| {
            Error::new(Code::AppMisconfigured)
                .at("adapters")
                .measured(Measure::text(error.to_string()))
        };
        Ok(Self {
            channel: adapter.channel().map_err(misconfigured)?,
            call_deadline: adapter.call_deadline().map_err(misconfigured)?,
            adapter,
        })
    }
}

impl From<AdapterError> for ports::AdapterError {
    fn from(error: AdapterError) -> Self {
        match error {
            AdapterError::NotPublished {
                problem,
                retry_after,
                meta,
            } => Self::NotPublished {
                error: problem,
                retry_after,
                meta,
            },
            AdapterError::Unknown { problem, meta } => Self::Unknown {
                error: problem,
                meta,
            },
            AdapterError::Unexpected { reason } => Self::Unknown {
                error: Error::new(Code::OutcomeUnknown),
                meta: Some(reason),
            },
        }
    }
}

#[async_trait]
impl ports::ChannelAdapter for HostAdapter {
    fn channel(&self) -> Channel {
        self.channel
    }

    fn call_deadline(&self) -> Duration {
        self.call_deadline
    }

    fn begin(&self, post: &Post) -> Progress {
        self.adapter
            .begin(post.clone())
            .unwrap_or_else(|_| Progress {
                stage: UNBEGUN.to_owned(),
                kind: StepKind::Read,
                state: String::new(),
            })
    }

    async fn advance(&self, post: Post, progress: Progress) -> Result<Step, ports::AdapterError> {
        if progress.stage == UNBEGUN {
            let progress = self.adapter.begin(post)?;
            return Ok(Step::Pending {
                progress,
                poll_after: Duration::ZERO,
            });
        }
        Ok(self.adapter.advance(post, progress).await?)
    }

    async fn reconcile(
        &self,
        post: Post,
        progress: Progress,
    ) -> Result<Reconciled, ports::AdapterError> {
        Ok(self.adapter.reconcile(post, progress).await?)
    }
}
