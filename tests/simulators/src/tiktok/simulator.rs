//! The simulator as a test holds it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use calendar_publish::model::{Channel, Timestamp};
use calendar_publish::ports::{Clock, MediaSource};

use super::app::{App, Consent, Creator, Tokens};
use super::fault::Fault;
use super::knobs::Knobs;
use super::publish::{DraftPost, PostInfo, Publish, Stage};
use super::pull;
use super::state::State;
use super::webhook::Webhook;
use crate::{Answer, LoggedRequest, PublishedPost, Request, Simulator};

/// TikTok, for one app.
pub struct TiktokSimulator {
    clock: Arc<dyn Clock>,
    media: Arc<dyn MediaSource>,
    state: Mutex<State>,
}

impl fmt::Debug for TiktokSimulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TiktokSimulator")
    }
}

impl TiktokSimulator {
    /// A platform without creators, for the app of [`App::default`]. It fetches what it is told to pull from `media`.
    pub fn new(clock: Arc<dyn Clock>, media: Arc<dyn MediaSource>) -> Arc<Self> {
        Arc::new(Self {
            clock,
            media,
            state: Mutex::default(),
        })
    }

    /// Takes this app in place of the one before.
    pub fn set_app(&self, app: App) {
        self.state().app = app;
    }

    /// Changes the app: audits it, verifies a domain…
    pub fn update_app(&self, change: impl FnOnce(&mut App)) {
        change(&mut self.state().app);
    }

    /// Opens an account, in place of one of the same `open_id`.
    pub fn add_creator(&self, creator: Creator) {
        self.state()
            .creators
            .insert(creator.open_id.clone(), creator);
    }

    /// Changes an account: it turns private, is banned… Without an account of that id nothing changes.
    pub fn update_creator(&self, open_id: &str, change: impl FnOnce(&mut Creator)) {
        if let Some(creator) = self.state().creators.get_mut(open_id) {
            change(creator);
        }
    }

    /// Gives out tokens for a creator without a browser.
    pub fn grant(&self, open_id: &str, scopes: &[&str]) -> Tokens {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let now = self.clock.now();
        self.state().issue(open_id, scopes, None, now)
    }

    /// Puts a creator before the consent page, who answers like this until somebody else is put there.
    pub fn consent(&self, open_id: &str, consent: Consent) {
        self.state().consent = Some((open_id.to_owned(), consent));
    }

    /// The creator's access tokens expire now; refresh tokens stay.
    pub fn expire_access(&self, open_id: &str) {
        let now = self.clock.now();
        self.state().grants.expire_of(open_id, now);
    }

    /// The creator takes the app's access back. `reason` is what the webhook says: 1 for the creator themselves.
    pub fn disconnect(&self, open_id: &str, reason: u8) {
        let now = self.clock.now();
        self.state().disconnect(open_id, reason, now);
    }

    /// Turns knobs.
    pub fn knobs(&self, turn: impl FnOnce(&mut Knobs)) {
        turn(&mut self.state().knobs);
    }

    /// Lets something go wrong.
    pub fn fault(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// The creator posts a draft from the inbox, so that everybody may see it or not. A draft may be posted more than once; one
    /// that isn't in the inbox can't be, and `false` comes back.
    pub fn post_draft(&self, publish_id: &str, is_public: bool) -> bool {
        let now = self.clock.now();
        let mut state = self.state();
        let moderation = state.knobs.moderation;
        let id = state.next_post_id();
        let Some(publish) = state.publish_mut(publish_id) else {
            return false;
        };
        let is_there = publish.is_draft
            && matches!(
                publish.stage(now),
                Stage::Inbox { .. } | Stage::Complete { .. }
            );
        if is_there {
            publish.draft_posts.push(DraftPost {
                at: now,
                moderated: is_public.then(|| now.plus(moderation)),
                id,
            });
        }
        is_there
    }

    /// The public posts of a publish stop being public: the webhook of that is sent, the truth of what came out stays.
    pub fn withdraw(&self, publish_id: &str) {
        let now = self.clock.now();
        self.state().withdraw(publish_id, now);
    }

    /// What came out by now, in the order of the inits, drafts marked. An id is that of the post, and of a draft its `publish_id`.
    pub fn posts(&self) -> Vec<PublishedPost> {
        let now = self.clock.now();
        let state = self.state();
        let publishes = state.publishes.iter();
        publishes.flat_map(|one| posts_of(one, now)).collect()
    }

    /// What an accepted init said about its post.
    pub fn post_info(&self, publish_id: &str) -> Option<PostInfo> {
        let state = self.state();
        let mut publishes = state.publishes.iter();
        publishes
            .find(|publish| publish.id == publish_id)
            .map(|publish| publish.info.clone())
    }

    /// Every request so far, in order.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.state().log.clone()
    }

    /// Webhooks that are to be sent now; they come again until [`Self::webhook_answered`] is told of a 200, or 72 hours have
    /// passed.
    pub fn webhooks_due(&self) -> Vec<Webhook> {
        let now = self.clock.now();
        self.state().webhooks_due(now)
    }

    /// What the receiver answered; `None` where it didn't.
    pub fn webhook_answered(&self, id: &str, status: Option<u16>) {
        let now = self.clock.now();
        self.state().webhook_answered(id, status, now);
    }

    /// Tries downloads that are due, as each request does too: for tests that look at the truth without asking.
    pub async fn settle(&self) {
        loop {
            let now = self.clock.now();
            let Some(due) = self.state().due_pull(now) else {
                return;
            };
            let files = pull::fetch(self.media.as_ref(), &due).await;
            let now = self.clock.now();
            self.state().pulled(&due, files, now);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Simulator for TiktokSimulator {
    fn hosts(&self) -> Vec<&'static str> {
        vec!["www.tiktok.com", "open.tiktokapis.com", ".tiktokapis.com"]
    }

    fn served_at(&self, origin: &str) {
        self.state().origin = Some(origin.to_owned());
    }

    async fn answer(&self, request: Request) -> Answer {
        self.settle().await;
        let now = self.clock.now();
        let answer = self.state().take(&request, now);
        // A download that this request began is on its way, whether or not the caller waits for its answer.
        self.settle().await;
        answer
    }
}

fn posts_of(publish: &Publish, now: Timestamp) -> Vec<PublishedPost> {
    let post = |id: String, at: Timestamp, is_draft: bool| PublishedPost {
        channel: Channel::Tiktok,
        account: publish.open_id.clone(),
        id,
        handle: publish.id.clone(),
        caption: publish.info.caption().to_owned(),
        media: publish
            .arrival
            .as_ref()
            .map(|arrival| arrival.media.clone())
            .unwrap_or_default(),
        is_draft,
        at,
    };
    match publish.stage(now) {
        Stage::Inbox { at } => vec![post(publish.id.clone(), at, true)],
        Stage::Complete { at } if !publish.is_draft => {
            vec![post(publish.post_id.to_string(), at, false)]
        }
        Stage::Complete { .. } => publish
            .draft_posts
            .iter()
            .map(|draft| post(draft.id.to_string(), draft.at, false))
            .collect(),
        Stage::Transferring | Stage::Processing | Stage::Failed { .. } => Vec::new(),
    }
}
