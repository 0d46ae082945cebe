//! What stands between an entry and its publication.

use calendar_publish_derive::DeserializeTagged;
use serde::{Deserialize, Serialize};

use super::Timestamp;
use crate::error::{Actor, Allowed, Code, Measure};

/// The readiness the host stores with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReadinessState {
    /// Nothing stands in the way.
    Ready,
    /// It has no media, or not enough.
    MissingMedia,
    /// The account's token has run out, or will have when the entry is due.
    TokenExpired,
    /// An attempt failed for certain and a retry is pending.
    FailedRetry,
    /// It is out. Terminal.
    Published,
    /// A person must act.
    NeedsAttention,
}

impl ReadinessState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::MissingMedia => "missing_media",
            Self::TokenExpired => "token_expired",
            Self::FailedRetry => "failed_retry",
            Self::Published => "published",
            Self::NeedsAttention => "needs_attention",
        }
    }
}

/// What a calendar's tile shows: the readiness, or what the entry is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tile {
    /// Nothing stands in the way, but nothing is scheduled.
    Ready,
    /// It has no media, or not enough.
    MissingMedia,
    /// The account's token has run out, or will have when the entry is due.
    TokenExpired,
    /// An attempt failed for certain and a retry is pending.
    FailedRetry,
    /// It is out.
    Published,
    /// A person must act.
    NeedsAttention,
    /// It isn't meant to be published yet.
    Draft,
    /// A job waits for its time.
    Scheduled,
    /// A worker is publishing it.
    Publishing,
    /// A TikTok draft waits in the creator's inbox: not published.
    DeliveredToInbox,
}

impl Tile {
    /// Every tile, in the order of their declaration.
    pub const ALL: [Self; 10] = [
        Self::Ready,
        Self::MissingMedia,
        Self::TokenExpired,
        Self::FailedRetry,
        Self::Published,
        Self::NeedsAttention,
        Self::Draft,
        Self::Scheduled,
        Self::Publishing,
        Self::DeliveredToInbox,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::MissingMedia => "missing_media",
            Self::TokenExpired => "token_expired",
            Self::FailedRetry => "failed_retry",
            Self::Published => "published",
            Self::NeedsAttention => "needs_attention",
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Publishing => "publishing",
            Self::DeliveredToInbox => "delivered_to_inbox",
        }
    }
}

/// How heavy a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The entry can't be published like this.
    Blocking,
    /// It can be published, but probably not as the person wants it.
    Warning,
    /// Good to know.
    Notice,
}

/// At which instant a finding is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// Already now.
    Now,
    /// Not yet, but at the scheduled instant: a forecast.
    AtSchedule,
}

/// One thing that stands, or may stand, between an entry and its publication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Finding {
    /// What it is.
    pub code: Code,
    /// How heavy it weighs.
    pub severity: Severity,
    /// Whether it is so now or will be at the scheduled instant.
    pub judged: Judged,
    /// Where in the entry: `piece.copy`, `media[2].durationMs`, `account.expiresAt`.
    pub path: String,
    /// What was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Measure>,
    /// What is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Allowed>,
}

impl Finding {
    /// A blocking finding that is true now.
    pub fn blocking(code: Code, path: impl Into<String>) -> Self {
        Self::new(code, Severity::Blocking, path)
    }

    /// A warning that is true now.
    pub fn warning(code: Code, path: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, path)
    }

    /// A finding that is true now.
    pub fn new(code: Code, severity: Severity, path: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            judged: Judged::Now,
            path: path.into(),
            measured: None,
            allowed: None,
        }
    }

    /// The same finding, true only at the scheduled instant.
    #[must_use]
    pub fn at_schedule(mut self) -> Self {
        self.judged = Judged::AtSchedule;
        self
    }

    /// The same finding with what was measured.
    #[must_use]
    pub fn measured(mut self, measured: Measure) -> Self {
        self.measured = Some(measured);
        self
    }

    /// The same finding with what is allowed.
    #[must_use]
    pub fn allowed(mut self, allowed: Allowed) -> Self {
        self.allowed = Some(allowed);
        self
    }
}

/// Something a person can do about an entry. An interface offers these and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Upload media.
    UploadMedia,
    /// Replace a file that doesn't fit.
    ReplaceMedia,
    /// Edit text or options.
    EditContent,
    /// Link an account.
    LinkAccount,
    /// Link the account again.
    RelinkAccount,
    /// Act in the platform's own app.
    OpenPlatformApp,
    /// Choose another time.
    Reschedule,
    /// Schedule it.
    Schedule,
    /// Try again now.
    Retry,
    /// Withdraw it.
    Cancel,
    /// Look on the platform whether the post is there.
    LookOnPlatform,
    /// Say that it was published.
    ConfirmPublished,
    /// Say that it wasn't.
    ConfirmNotPublished,
    /// Finish the draft in TikTok's inbox.
    FinishInInbox,
    /// Ask whoever runs the app to mend its configuration.
    ContactSupport,
}

/// An entry's readiness, everything that was found, and what to do next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Readiness {
    /// What the host stores.
    pub state: ReadinessState,
    /// What the tile shows.
    pub tile: Tile,
    /// Everything that was found, blocking findings first; every one is listed, whatever the tile.
    pub findings: Vec<Finding>,
    /// The one thing to do next, if anything is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_action: Option<Action>,
}

/// What happens next without anybody's doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DeserializeTagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum NextStep {
    /// It is published at an instant.
    PublishesAt {
        /// The instant.
        at: Timestamp,
    },
    /// It is tried again at an instant.
    RetriesAt {
        /// The instant.
        at: Timestamp,
        /// Which attempt that will be, from 1.
        attempt: u32,
    },
    /// Its outcome is being looked up; the worker's claim ends at an instant at the latest.
    ResolvesBy {
        /// The instant.
        at: Timestamp,
    },
    /// Nothing happens until somebody acts.
    WaitsForPerson,
    /// Nothing more happens.
    Done,
}

/// Why an entry is where it is: cause, who must act, what happens next, which actions are safe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Explanation {
    /// What the tile shows.
    pub tile: Tile,
    /// The finding that decided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Finding>,
    /// Who must act, if anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
    /// What happens next, and when.
    pub next: NextStep,
    /// What can safely be done, the best first.
    pub actions: Vec<Action>,
}
