//! The adapter: which step does what.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calendar_publish::model::{Channel, MediaKind};
use calendar_publish::ports::{
    AdapterError, ChannelAdapter, Clock, HttpTransport, MediaSource, Post, Progress, Reconciled,
    Step,
};
use calendar_publish::rules::PostKind;
use calendar_publish::{Code, Error};

use super::error::Failure;
use super::settings::TiktokSettings;
use super::state::{Stage, State};
use super::urls::UploadUrls;
use crate::access::AccessTokens;

/// What the adapter works with.
#[derive(Clone)]
pub struct TiktokPorts {
    /// Speaks HTTP.
    pub transport: Arc<dyn HttpTransport>,
    /// Reads videos, which are then uploaded. Without it TikTok fetches them from their addresses.
    pub media: Option<Arc<dyn MediaSource>>,
    /// The accounts' tokens.
    pub tokens: Arc<dyn AccessTokens>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl fmt::Debug for TiktokPorts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TiktokPorts")
            .field("media", &self.media.is_some())
            .finish_non_exhaustive()
    }
}

/// Publishes to TikTok. The module's documentation says how.
pub struct TiktokAdapter {
    pub(super) ports: TiktokPorts,
    pub(super) settings: TiktokSettings,
    pub(super) urls: UploadUrls,
}

impl fmt::Debug for TiktokAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TiktokAdapter")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl TiktokAdapter {
    /// An adapter over `ports`.
    ///
    /// # Errors
    /// [`Code::FieldValueInvalid`] or [`Code::FieldMissing`] at the setting that can't be meant.
    pub fn new(ports: TiktokPorts, settings: TiktokSettings) -> Result<Self, Error> {
        settings.check()?;
        Ok(Self {
            ports,
            settings,
            urls: UploadUrls::default(),
        })
    }

    /// Whether we read the file and send it; otherwise TikTok fetches it.
    pub(super) fn uploads(&self, post: &Post) -> bool {
        self.ports.media.is_some()
            && matches!(
                PostKind::of(&post.entry),
                PostKind::TiktokVideo | PostKind::TiktokVideoDraft
            )
    }

    /// The step behind what is read of the creator.
    pub(super) fn first_of_the_media(&self, post: &Post) -> Stage {
        if self.uploads(post) {
            Stage::Media
        } else {
            Stage::Pull
        }
    }
}

#[cfg_attr(not(target_family = "wasm"), async_trait)]
#[cfg_attr(target_family = "wasm", async_trait(?Send))]
impl ChannelAdapter for TiktokAdapter {
    fn channel(&self) -> Channel {
        Channel::Tiktok
    }

    fn call_deadline(&self) -> Duration {
        self.settings.call_deadline()
    }

    fn begin(&self, post: &Post) -> Progress {
        let state = State {
            handed_over_at: Some(self.now()),
            ..State::default()
        };
        // What may be seen by whom is chosen in the app for a draft.
        let stage = if PostKind::of(&post.entry).is_draft() {
            self.first_of_the_media(post)
        } else {
            Stage::Creator
        };
        state.at(stage)
    }

    async fn advance(&self, post: Post, progress: Progress) -> Result<Step, AdapterError> {
        let (stage, state) = read(&progress).ok_or_else(|| unreadable().at(progress.kind))?;
        let taken = match stage {
            Stage::Creator => self.creator(&post, state).await,
            Stage::Media => self.media(&post, state).await,
            Stage::Init => self.init(&post, state).await,
            Stage::Chunk => self.chunk(&post, state).await,
            Stage::LastChunk => self.last_chunk(&post, state).await,
            Stage::Pull => self.pull(&post, state).await,
            // What these say of the post is more than whether they were answered.
            Stage::Resume | Stage::Recheck => return self.resume(&post, state, stage).await,
            Stage::Status => return self.status(&post, state).await,
        };
        taken.map_err(|failure| failure.at(stage.kind()))
    }

    async fn reconcile(&self, post: Post, progress: Progress) -> Result<Reconciled, AdapterError> {
        let Some((stage, state)) = read(&progress) else {
            return Ok(Reconciled::StillUnknown {
                look_again_after: None,
                progress,
            });
        };
        self.look(&post, state, stage).await
    }
}

fn read(progress: &Progress) -> Option<(Stage, State)> {
    let stage = Stage::read(&progress.stage)?;
    Some((stage, State::read(&progress.state)?))
}

/// The stored progress can't have been written here.
fn unreadable() -> Failure {
    let mut failure = Failure::certain(Error::new(Code::StoreCorrupt).at("progress"));
    // It isn't known what was done.
    failure.effect = super::error::Effect::Possible;
    failure
}

/// The file of a post with one, and its place.
pub(super) fn video(post: &Post) -> Result<&calendar_publish::model::Media, Failure> {
    let first = post.entry.media.first();
    first
        .filter(|media| media.kind == MediaKind::Video)
        .ok_or_else(|| Failure::certain(Error::new(Code::MediaMissing).at("media")))
}
