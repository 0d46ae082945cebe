//! A host's own channel adapter.

use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::error::Measure;
use calendar_publish::model::Channel;
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Post, Progress, Reconciled, Step, StepKind,
};
use calendar_publish::{Code, Error};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::DocumentPort;
use crate::document::{read, write};

/// What a host says of its adapter once, when the engine is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdapterPlace {
    /// Which platform it is.
    pub channel: Channel,
    /// The longest that one call can take, after which nothing that it sent can still take effect. Leases
    /// must last at least twice as long.
    pub call_deadline_seconds: u32,
    /// The first step of every post.
    pub first: Progress,
}

/// The request of `advance` and `reconcile`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StepRequest {
    post: Post,
    progress: Progress,
}

/// [`ChannelAdapter`] over a host's port.
///
/// | method | request | answer |
/// |---|---|---|
/// | `advance` | `{post, progress}` | a [`Step`] |
/// | `reconcile` | `{post, progress}` | a [`Reconciled`] |
///
/// The host refuses with an [`AdapterError`]. Whatever else it throws, and an answer that can't be read, is
/// [`AdapterError::NotPublished`] for a step that can't have published, to be tried again, and
/// [`AdapterError::Unknown`] for one that can have.
#[derive(Clone, Debug)]
pub struct DocumentAdapter<P> {
    port: P,
    place: AdapterPlace,
}

impl<P: DocumentPort> DocumentAdapter<P> {
    /// An adapter that `port` is.
    pub const fn new(port: P, place: AdapterPlace) -> Self {
        Self { port, place }
    }

    async fn ask<A: DeserializeOwned>(
        &self,
        method: &'static str,
        post: Post,
        progress: Progress,
    ) -> Result<A, AdapterError> {
        let kind = progress.kind;
        let request = write(&StepRequest { post, progress }).map_err(not_published)?;
        let answer = self.port.call(method, request).await.map_err(|failure| {
            failure
                .read()
                .unwrap_or_else(|reason| unanswered(kind, reason))
        })?;
        read(&answer).map_err(|error| unanswered(kind, error.to_string()))
    }
}

const fn not_published(error: Error) -> AdapterError {
    AdapterError::NotPublished {
        error,
        retry_after: None,
        meta: None,
    }
}

fn unanswered(kind: StepKind, reason: String) -> AdapterError {
    match kind {
        StepKind::Read | StepKind::Repeatable => {
            not_published(Error::new(Code::PlatformTemporary).measured(Measure::text(reason)))
        }
        StepKind::Decisive | StepKind::Confirm => AdapterError::Unknown {
            error: Error::new(Code::OutcomeUnknown).measured(Measure::text(reason)),
            meta: None,
        },
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl<P: DocumentPort> ChannelAdapter for DocumentAdapter<P> {
    fn channel(&self) -> Channel {
        self.place.channel
    }

    fn call_deadline(&self) -> Duration {
        Duration::from_secs(self.place.call_deadline_seconds.into())
    }

    fn begin(&self, _: &Post) -> Progress {
        self.place.first.clone()
    }

    async fn advance(&self, post: Post, progress: Progress) -> Result<Step, AdapterError> {
        self.ask("advance", post, progress).await
    }

    async fn reconcile(&self, post: Post, progress: Progress) -> Result<Reconciled, AdapterError> {
        self.ask("reconcile", post, progress).await
    }
}
