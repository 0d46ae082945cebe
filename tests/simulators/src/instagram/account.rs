//! The application and the accounts that a test sets up.

use std::fmt;

use calendar_publish::model::Timestamp;

/// The application as Meta's dashboard knows it.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    /// The Instagram app id, the `client_id` of Instagram Login.
    pub instagram_app_id: String,
    /// The secret of the Instagram app. It signs webhooks too.
    pub app_secret: String,
    /// The Meta app id, the `client_id` of Facebook Login.
    pub facebook_app_id: String,
    /// The secret of the Meta app, with which `appsecret_proof` is made.
    pub facebook_app_secret: String,
    /// The registered addresses; a `redirect_uri` must equal one of them.
    pub redirect_uris: Vec<String>,
    /// Whether calls of `graph.facebook.com` without `appsecret_proof` are refused.
    pub requires_proof: bool,
    /// The `hub.verify_token` that was set for webhooks.
    pub verify_token: String,
}

impl Default for App {
    /// An application whose only redirect address is `https://app.test/cb`.
    fn default() -> Self {
        Self {
            instagram_app_id: "5550001".to_owned(),
            app_secret: "instagram-app-secret".to_owned(),
            facebook_app_id: "6660001".to_owned(),
            facebook_app_secret: "facebook-app-secret".to_owned(),
            redirect_uris: vec!["https://app.test/cb".to_owned()],
            requires_proof: false,
            verify_token: "verify-me".to_owned(),
        }
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "App {} / {}",
            self.instagram_app_id, self.facebook_app_id
        )
    }
}

/// An Instagram account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The professional account's id, `<IG_ID>` in every publishing path.
    pub ig_id: String,
    /// The app-scoped id: `user_id` of the code exchange, `id` of `/me`. No publishing path takes it.
    pub app_scoped_id: String,
    /// The user name, without `@`.
    pub username: String,
    /// The shown name.
    pub name: String,
    /// `BUSINESS` or `MEDIA_CREATOR`.
    pub account_type: String,
    /// Whether it is a professional account; with `false` everything answers code 10.
    pub professional: bool,
    /// Whether only followers see it.
    pub private: bool,
    /// Whether it is inactive, checkpointed or restricted: create and publish answer 25/2207050.
    pub restricted: bool,
    /// Whether the linked Page demands an authorization that nobody has given.
    pub needs_page_authorization: bool,
    /// Whether its reels may be trials.
    pub trial_eligible: bool,
    /// Whether it has a shop, so that products can be tagged.
    pub shop: bool,
    /// The linked Facebook Page; none: Facebook Login doesn't reach the account.
    pub page_id: Option<String>,
    /// The Facebook user who manages the Page. Accounts of one person appear together in `/me/accounts`.
    pub person: String,
    /// Posts that may be published in a moving day.
    pub quota_total: u32,
}

impl Account {
    /// A healthy business account with a Page.
    pub fn new(ig_id: &str, username: &str) -> Self {
        let tail = ig_id.get(5..).unwrap_or(ig_id);
        Self {
            ig_id: ig_id.to_owned(),
            app_scoped_id: format!("25500{tail}"),
            username: username.to_owned(),
            name: username.to_owned(),
            account_type: "BUSINESS".to_owned(),
            professional: true,
            private: false,
            restricted: false,
            needs_page_authorization: false,
            trial_eligible: true,
            shop: false,
            page_id: Some(format!("10200{tail}")),
            person: "10100000000000001".to_owned(),
            quota_total: 50,
        }
    }
}

/// How somebody signed in, which decides the host that a token works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// Instagram Login: a token of the account for `graph.instagram.com`.
    Instagram,
    /// Facebook Login: a token of the person for `graph.facebook.com`.
    FacebookUser,
    /// Facebook Login: the token of the account's Page.
    FacebookPage,
}

impl Flavour {
    /// The permissions that publishing needs.
    ///
    /// Source: Instagram Platform, Content Publishing guide, read 2026-09-11.
    pub const fn publishing_permissions(self) -> &'static [&'static str] {
        match self {
            Self::Instagram => &[
                "instagram_business_basic",
                "instagram_business_content_publish",
            ],
            Self::FacebookUser | Self::FacebookPage => &[
                "instagram_basic",
                "instagram_content_publish",
                "pages_read_engagement",
            ],
        }
    }

    pub(super) const fn basic(self) -> &'static str {
        match self {
            Self::Instagram => "instagram_business_basic",
            Self::FacebookUser | Self::FacebookPage => "instagram_basic",
        }
    }
}

/// What a person answers on the consent page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Everything that was asked for.
    All,
    /// Only these of what was asked for.
    Permissions(Vec<String>),
    /// Nothing: the callback brings `access_denied`.
    Deny,
}

/// A token that was given out.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) flavour: Flavour,
    /// Whether it still is the short-lived one of the code exchange.
    pub(super) short: bool,
    /// The account it was given for. A person's token reaches the person's other accounts too.
    pub(super) ig_id: String,
    pub(super) permissions: Vec<String>,
    /// What was asked for and not granted.
    pub(super) declined: Vec<String>,
    pub(super) issued: Timestamp,
    /// `None`: a Page token doesn't expire.
    pub(super) expires: Option<Timestamp>,
    /// The sub-code of 190 with which it has been answered since it was revoked.
    pub(super) revoked: Option<Option<u32>>,
}

impl Token {
    pub(super) fn has(&self, permission: &str) -> bool {
        self.permissions.iter().any(|own| own == permission)
    }
}
