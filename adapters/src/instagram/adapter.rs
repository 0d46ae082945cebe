//! The adapter: which step follows which, and what each of them is allowed to do.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::model::{Channel, Timestamp};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Clock, HttpTransport, MediaSource, Post, Progress, Reconciled,
    Step, StepKind,
};
use calendar_publish::{Code, Error};

use super::response::is_id;
use super::session::Session;
use super::settings::InstagramSettings;
use super::state::{Slot, Stage, State, left};
use super::{reconcile, request, steps, upload};
use crate::access::AccessTokens;

/// What the adapter works with.
#[derive(Clone)]
pub struct InstagramPorts {
    /// Sends the requests.
    pub transport: Arc<dyn HttpTransport>,
    /// Where an account's token is.
    pub tokens: Arc<dyn AccessTokens>,
    /// The adapter's own time, by which calls end and waits are measured.
    pub clock: Arc<dyn Clock>,
    /// Where videos are read from that are [uploaded](super::VideoDelivery::Resumable).
    pub media: Option<Arc<dyn MediaSource>>,
}

impl fmt::Debug for InstagramPorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstagramPorts")
            .field("media", &self.media.is_some())
            .finish_non_exhaustive()
    }
}

/// Instagram as a [`ChannelAdapter`]. The [module](super) says which steps it takes.
#[derive(Clone, Debug)]
pub struct InstagramAdapter {
    ports: InstagramPorts,
    settings: InstagramSettings,
}

impl InstagramAdapter {
    /// An adapter with these ports and settings.
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`] with the path of the setting that makes no sense: an address without
    /// `https`, a version that isn't one, deadlines that exceed that of a whole call, what only Facebook
    /// Login can with Instagram Login, an upload without a [`MediaSource`].
    pub fn new(ports: InstagramPorts, settings: InstagramSettings) -> Result<Self, Error> {
        settings.check(ports.media.is_some())?;
        Ok(Self { ports, settings })
    }

    pub(super) const fn ports(&self) -> &InstagramPorts {
        &self.ports
    }

    pub(super) const fn settings(&self) -> &InstagramSettings {
        &self.settings
    }

    pub(super) fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }
}

/// One step of one post.
pub(super) struct Turn<'a> {
    pub(super) adapter: &'a InstagramAdapter,
    pub(super) post: &'a Post,
    pub(super) session: Session<'a>,
    pub(super) state: State,
}

impl Turn<'_> {
    /// Instagram's id of the account.
    pub(super) fn account(&self) -> &str {
        &self.post.account.external_account_id
    }

    /// The end of the step: `stage` comes next, after `wait`.
    pub(super) fn pending(self, stage: Stage, wait: Duration) -> Result<Step, AdapterError> {
        Ok(Step::Pending {
            progress: stage.with(&self.state),
            poll_after: wait,
        })
    }

    /// The end of the step for an account that has to be left alone. What was made stays good: the step in
    /// between asks nothing and tells the engine so.
    pub(super) fn resting(self, code: Code, wait: Duration) -> Result<Step, AdapterError> {
        let now = self.adapter.now();
        let mut turn = self;
        turn.state.rest(code, now, wait);
        turn.state.since = None;
        turn.pending(Stage::Poll, Duration::ZERO)
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl ChannelAdapter for InstagramAdapter {
    fn channel(&self) -> Channel {
        Channel::Instagram
    }

    fn call_deadline(&self) -> Duration {
        self.settings.call_deadline
    }

    fn begin(&self, post: &Post) -> Progress {
        let mut state = State::default();
        if request::is_carousel(&post.entry) {
            state.items = post.entry.media.iter().map(|_| Slot::default()).collect();
        }
        Stage::Quota.with(&state)
    }

    async fn advance(&self, post: Post, progress: Progress) -> Result<Step, AdapterError> {
        let refuse = |error: Error| match progress.kind {
            StepKind::Read | StepKind::Repeatable => certain(error),
            StepKind::Decisive | StepKind::Confirm => AdapterError::Unknown { error, meta: None },
        };
        let (stage, mut state) = State::read(&progress).map_err(refuse)?;
        check(&post).map_err(refuse)?;
        if matches!(progress.kind, StepKind::Read | StepKind::Repeatable)
            && let Some(rest) = state.rest.take()
        {
            let wait = left(rest.until, self.now());
            if !wait.is_zero() {
                return Err(AdapterError::NotPublished {
                    error: Error::new(rest.code).at("account"),
                    retry_after: Some(wait),
                    meta: None,
                });
            }
        }
        let turn = Turn {
            adapter: self,
            post: &post,
            session: Session::new(self, &post),
            state,
        };
        match stage {
            Stage::Quota => steps::quota(turn).await,
            Stage::Create => steps::create(turn).await,
            Stage::Upload => upload::upload(turn).await,
            Stage::Poll => steps::poll(turn).await,
            Stage::Snapshot => steps::snapshot(turn).await,
            Stage::Publish => steps::publish(turn).await,
            Stage::Doubt => Err(steps::doubt(&turn.state)),
            Stage::Link => steps::link(turn).await,
            Stage::Find => reconcile::find(turn).await,
        }
    }

    async fn reconcile(&self, post: Post, progress: Progress) -> Result<Reconciled, AdapterError> {
        let unknown = |error: Error| AdapterError::Unknown { error, meta: None };
        let (stage, state) = State::read(&progress).map_err(unknown)?;
        check(&post).map_err(unknown)?;
        let turn = Turn {
            adapter: self,
            post: &post,
            session: Session::new(self, &post),
            state,
        };
        reconcile::reconcile(turn, stage).await
    }
}

/// Nothing was sent.
fn certain(error: Error) -> AdapterError {
    AdapterError::NotPublished {
        error,
        retry_after: None,
        meta: None,
    }
}

/// The account's id becomes part of every path, and there is nothing to publish without a file.
fn check(post: &Post) -> Result<(), Error> {
    if !is_id(&post.account.external_account_id) {
        return Err(Error::new(Code::AppMisconfigured).at("account.externalAccountId"));
    }
    if post.entry.media.is_empty() {
        return Err(Error::new(Code::MediaMissing).at("media"));
    }
    Ok(())
}
