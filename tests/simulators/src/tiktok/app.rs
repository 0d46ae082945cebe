//! Who posts, and for whom: the app, its creators and what they allowed.

use std::fmt;

use chrono::TimeDelta;

/// How long tokens live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenProfile {
    /// Two hours and 180 days (TikTok, Refresh a user access token, page of 2026-11-02).
    #[default]
    Nov2026,
    /// A day and 365 days (TikTok, User access token management, the older page).
    Legacy,
}

impl TokenProfile {
    pub(super) const fn access(self) -> TimeDelta {
        TimeDelta::seconds(match self {
            Self::Nov2026 => 7_200,
            Self::Legacy => 86_400,
        })
    }

    pub(super) const fn refresh(self) -> TimeDelta {
        TimeDelta::seconds(match self {
            Self::Nov2026 => 15_552_000,
            Self::Legacy => 31_536_000,
        })
    }
}

/// The app as the developer portal knows it.
#[derive(Clone)]
pub struct App {
    /// Its key.
    pub client_key: String,
    /// Its secret; it also signs webhooks.
    pub client_secret: String,
    /// Whether TikTok has audited it for Direct Post. An unaudited app posts for five users a day, to private accounts, for
    /// themselves only (TikTok, Content sharing guidelines, read 2026-09-11).
    pub audited: bool,
    /// Its redirect addresses; `http://127.0.0.1:*/callback/` stands for every port.
    pub redirect_uris: Vec<String>,
    /// Verified URL properties: a domain (`host.example`, with all below it) or a prefix (`https://host.example/media/`).
    pub verified_prefixes: Vec<String>,
    /// How many users may post in 24 hours, where the audit has set that.
    pub active_user_cap: Option<usize>,
    /// How long its tokens live.
    pub token_profile: TokenProfile,
    /// The scopes it may ask for.
    pub scopes_approved: Vec<String>,
}

impl Default for App {
    /// An audited app with every scope, the desktop redirect `http://127.0.0.1:*/callback/`, and `host.example` verified.
    fn default() -> Self {
        let scopes = [
            "user.info.basic",
            "user.info.profile",
            "video.publish",
            "video.upload",
            "video.list",
        ];
        Self {
            client_key: "sim_client_key".to_owned(),
            client_secret: "sim_client_secret".to_owned(),
            audited: true,
            redirect_uris: vec!["http://127.0.0.1:*/callback/".to_owned()],
            verified_prefixes: vec!["host.example".to_owned()],
            active_user_cap: None,
            token_profile: TokenProfile::default(),
            scopes_approved: scopes.map(str::to_owned).to_vec(),
        }
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("client_key", &self.client_key)
            .field("audited", &self.audited)
            .finish_non_exhaustive()
    }
}

/// A TikTok account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Creator {
    /// Its id for this app.
    pub open_id: String,
    /// The handle, without `@`.
    pub username: String,
    /// The display name.
    pub nickname: String,
    /// Whether only followers see it.
    pub private: bool,
    /// Whether comments are set to "No one".
    pub comment_disabled: bool,
    /// Whether duets are set to "No one".
    pub duet_disabled: bool,
    /// Whether stitches are set to "No one".
    pub stitch_disabled: bool,
    /// The longest video it may post, in seconds.
    pub max_video_seconds: u32,
    /// Whether TikTok has banned it from posting.
    pub banned: bool,
    /// Its TikTok app's version: 31.8 is the first that takes photo drafts.
    pub app_version: (u32, u32),
    /// Posts of the last 24 hours that came from other apps: the cap is shared.
    pub daily_posts_elsewhere: usize,
}

impl Creator {
    /// A public account that may post ten minutes and allows everything.
    pub fn new(open_id: &str, username: &str) -> Self {
        Self {
            open_id: open_id.to_owned(),
            username: username.to_owned(),
            nickname: username.to_owned(),
            private: false,
            comment_disabled: false,
            duet_disabled: false,
            stitch_disabled: false,
            max_video_seconds: 600,
            banned: false,
            app_version: (40, 0),
            daily_posts_elsewhere: 0,
        }
    }

    /// What it may choose as privacy (TikTok, Query creator info).
    pub(super) const fn privacy_level_options(&self) -> [&'static str; 3] {
        if self.private {
            ["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
        } else {
            ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
        }
    }
}

/// What a creator answers on the consent page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Everything that was asked for.
    All,
    /// Only these of the scopes that were asked for.
    Scopes(Vec<String>),
    /// Nothing.
    Deny,
}

/// A pair of tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}
