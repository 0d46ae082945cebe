//! What a test does to the simulator, and what it may look at.

use std::sync::{Arc, Mutex};

use calendar_publish::model::{Channel, Timestamp};
use calendar_publish::ports::{Clock, MediaSource};
use chrono::TimeDelta;

use super::InstagramSimulator;
use super::account::{Account, App, Consent, Flavour, Token};
use super::comment::Comment;
use super::container::Kind;
use super::fault::Fault;
use super::knobs::Knobs;
use super::state::{Media, State};
use crate::{LoggedRequest, PublishedPost};

/// How long a long-lived token works.
///
/// Source: Instagram Platform, Business Login for Instagram, read 2026-03-13.
pub(super) const LONG_LIVED: TimeDelta = TimeDelta::days(60);

impl InstagramSimulator {
    /// Instagram without accounts. `media` is the web from which it fetches images and videos.
    pub fn new(clock: Arc<dyn Clock>, media: Arc<dyn MediaSource>) -> Arc<Self> {
        Arc::new(Self {
            clock,
            media,
            state: Mutex::new(State::default()),
        })
    }

    /// Registers the application, in place of the one before.
    pub fn set_app(&self, app: App) {
        self.state().app = app;
    }

    /// Adds an account, in place of the one with its id.
    pub fn add_account(&self, account: Account) {
        self.state().accounts.insert(account.ig_id.clone(), account);
    }

    /// Changes an account: restricts it, makes it a personal one…
    pub fn account(&self, ig_id: &str, change: impl FnOnce(&mut Account)) {
        if let Some(account) = self.state().accounts.get_mut(ig_id) {
            change(account);
        }
    }

    /// Gives out a long-lived token without a browser. With Instagram Login it works for 60 days, and so does a
    /// person's token of Facebook Login; a Page's doesn't expire.
    pub fn grant(&self, ig_id: &str, flavour: Flavour, permissions: &[&str]) -> String {
        let now = self.clock.now();
        let mut state = self.state();
        let token = Token {
            flavour,
            short: false,
            ig_id: ig_id.to_owned(),
            permissions: permissions.iter().map(|&name| name.to_owned()).collect(),
            declined: Vec::new(),
            issued: now,
            expires: (flavour != Flavour::FacebookPage).then(|| now.plus(LONG_LIVED)),
            revoked: None,
        };
        state.give(token)
    }

    /// From now on every token of the account answers 190 with this sub-code: 460 after a change of the password, 458
    /// after the application was removed…
    pub fn revoke(&self, ig_id: &str, subcode: Option<u32>) {
        for token in self.state().tokens.values_mut() {
            if token.ig_id == ig_id {
                token.revoked = Some(subcode);
            }
        }
    }

    /// Who is at the consent page from now on, and what they answer. Without it the page is shown.
    pub fn consent(&self, ig_id: &str, consent: Consent) {
        self.state().consent = Some((ig_id.to_owned(), consent));
    }

    /// Changes settings.
    pub fn knobs(&self, change: impl FnOnce(&mut Knobs)) {
        change(&mut self.state().knobs);
    }

    /// Adds a mishap. Where several could strike, the one that was added first does.
    pub fn fault(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// Takes all mishaps away.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// Somebody posts an image in the app, past the API. It appears in the list of media, not among
    /// [`posts`](Self::posts); gives its id.
    pub fn post_by_hand(&self, ig_id: &str, caption: &str, at: Timestamp) -> String {
        let mut state = self.state();
        let media = Media {
            id: state.next_media(),
            account: ig_id.to_owned(),
            container: None,
            kind: Kind::Image,
            caption: caption.to_owned(),
            hashes: Vec::new(),
            at,
            missed: 0,
            deleted: false,
            comments_off: false,
        };
        let id = media.id.clone();
        state.media.push(media);
        id
    }

    /// Everything that the API has published, in order, deleted posts and past stories too.
    pub fn posts(&self) -> Vec<PublishedPost> {
        let state = self.state();
        let made = state.media.iter().filter_map(|media| {
            Some(PublishedPost {
                channel: Channel::Instagram,
                account: media.account.clone(),
                id: media.id.clone(),
                handle: media.container.clone()?,
                caption: media.caption.clone(),
                media: media.hashes.clone(),
                is_draft: false,
                at: media.at,
            })
        });
        made.collect()
    }

    /// Every comment that the API has made, in order.
    pub fn comments(&self) -> Vec<Comment> {
        self.state().comments.clone()
    }

    /// Every request so far, in order.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.state().log.clone()
    }
}

impl State {
    /// Gives a token out under a new name.
    pub(super) fn give(&mut self, token: Token) -> String {
        let prefix = match token.flavour {
            Flavour::Instagram => "IGAA",
            Flavour::FacebookUser | Flavour::FacebookPage => "EAA",
        };
        let name = self.next_secret(prefix);
        self.tokens.insert(name.clone(), token);
        name
    }
}
