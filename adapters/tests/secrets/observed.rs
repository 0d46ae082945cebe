//! Everything that passes between the engine, its adapters and its tokens, written down as a careless host would.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::model::{AccountId, Channel};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Post, Progress, Reconciled, Step, Telemetry,
};
use calendar_publish::telemetry::Event;
use calendar_publish_adapters::access::{AccessError, AccessToken, AccessTokens};
use calendar_publish_adapters::tracing::{MetricsTelemetry, TracingTelemetry};

use crate::haystack::Haystack;

pub(crate) struct ObservedAdapter {
    pub(crate) adapter: Arc<dyn ChannelAdapter>,
    pub(crate) haystack: Haystack,
}

impl ObservedAdapter {
    fn progress(&self, progress: &Progress) {
        self.haystack.debug("progress", progress);
        self.haystack.add("progress", progress.state.clone());
    }

    fn failed(&self, error: &AdapterError) {
        self.haystack.error("adapter error", error);
        let (AdapterError::NotPublished { error, meta, .. }
        | AdapterError::Unknown { error, meta }) = error;
        self.haystack.error("adapter error", error);
        self.haystack.add("meta", meta.clone().unwrap_or_default());
    }
}

#[async_trait]
impl ChannelAdapter for ObservedAdapter {
    fn channel(&self) -> Channel {
        self.adapter.channel()
    }

    fn call_deadline(&self) -> Duration {
        self.adapter.call_deadline()
    }

    fn begin(&self, post: &Post) -> Progress {
        self.haystack.debug("post", post);
        self.adapter.begin(post)
    }

    async fn advance(&self, post: Post, progress: Progress) -> Result<Step, AdapterError> {
        self.progress(&progress);
        let step = self.adapter.advance(post, progress).await;
        self.haystack.debug("step", &step);
        match &step {
            Ok(Step::Pending { progress, .. }) => self.progress(progress),
            Ok(Step::Done(_)) => {}
            Err(error) => self.failed(error),
        }
        step
    }

    async fn reconcile(&self, post: Post, progress: Progress) -> Result<Reconciled, AdapterError> {
        let found = self.adapter.reconcile(post, progress).await;
        self.haystack.debug("reconciled", &found);
        if let Err(error) = &found {
            self.failed(error);
        }
        found
    }
}

pub(crate) struct ObservedTokens {
    pub(crate) tokens: Arc<dyn AccessTokens>,
    pub(crate) haystack: Haystack,
}

impl ObservedTokens {
    fn answered(&self, answer: &Result<AccessToken, AccessError>) {
        self.haystack.debug("access token", answer);
        if let Err(error) = answer {
            self.haystack.error("access error", error);
            let error = calendar_publish::Error::from(error.clone());
            self.haystack.error("access error", &error);
        }
    }
}

#[async_trait]
impl AccessTokens for ObservedTokens {
    async fn access_token(&self, account: AccountId) -> Result<AccessToken, AccessError> {
        let answer = self.tokens.access_token(account).await;
        self.answered(&answer);
        answer
    }

    async fn replacement(
        &self,
        account: AccountId,
        refused: i64,
    ) -> Result<AccessToken, AccessError> {
        let answer = self.tokens.replacement(account, refused).await;
        self.answered(&answer);
        answer
    }
}

/// Events as core writes them, as lines of `tracing` and as metrics.
pub(crate) struct Events(pub(crate) Haystack);

impl Telemetry for Events {
    fn record(&self, event: Event) {
        self.0.debug("event", &event);
        self.0.add("event", serde_json::to_string(&event).unwrap());
        TracingTelemetry.record(event.clone());
        MetricsTelemetry.record(event);
    }
}
