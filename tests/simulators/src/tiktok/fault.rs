//! What goes wrong on a real platform, when a test says so.

use crate::{Answer, Request};

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// The consent page.
    Authorize,
    /// The token endpoint: exchange and refresh.
    Token,
    /// The end of a grant.
    Revoke,
    /// `creator_info/query`.
    CreatorInfo,
    /// `video/init`.
    VideoInit,
    /// `inbox/video/init`.
    InboxInit,
    /// `content/init`.
    PhotoInit,
    /// `status/fetch`.
    Status,
    /// `cancel`.
    Cancel,
    /// A chunk's `PUT`.
    Upload,
    /// `user/info`.
    UserInfo,
    /// `video/list`.
    VideoList,
}

impl Endpoint {
    /// What a request calls, by its host, path and method.
    pub(super) fn of(request: &Request) -> Option<Self> {
        use calendar_publish::ports::Method::{Get, Post, Put};
        match (request.host.as_str(), request.method, request.path.as_str()) {
            ("www.tiktok.com", Get, "/v2/auth/authorize/") => Some(Self::Authorize),
            ("open.tiktokapis.com", method, path) => match (method, path) {
                (Post, "/v2/oauth/token/") => Some(Self::Token),
                (Post, "/v2/oauth/revoke/") => Some(Self::Revoke),
                (Post, "/v2/post/publish/creator_info/query/") => Some(Self::CreatorInfo),
                (Post, "/v2/post/publish/video/init/") => Some(Self::VideoInit),
                (Post, "/v2/post/publish/inbox/video/init/") => Some(Self::InboxInit),
                (Post, "/v2/post/publish/content/init/") => Some(Self::PhotoInit),
                (Post, "/v2/post/publish/status/fetch/") => Some(Self::Status),
                (Post, "/v2/post/publish/cancel/") => Some(Self::Cancel),
                (Get, "/v2/user/info/") => Some(Self::UserInfo),
                (Post, "/v2/video/list/") => Some(Self::VideoList),
                _ => None,
            },
            (host, Put, "/upload") if host.ends_with(".tiktokapis.com") => Some(Self::Upload),
            _ => None,
        }
    }

    pub(super) const fn is_oauth(self) -> bool {
        matches!(self, Self::Token | Self::Revoke)
    }

    pub(super) const fn is_init(self) -> bool {
        matches!(self, Self::VideoInit | Self::InboxInit | Self::PhotoInit)
    }
}

/// What goes wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The connection closes, and the call has had no effect.
    LostBefore,
    /// The call takes effect, and the connection closes.
    LostAfter,
    /// An answer of this status with an empty body; no effect. 502 is what wrong bytes were seen to give at the upload host.
    StatusBefore(u16),
    /// The call takes effect and is answered with this status and an empty body.
    StatusAfter(u16),
    /// A refusal by its code, with the documented status; no effect. Unknown codes too.
    Code(String),
    /// The same without `data`.
    CodeWithoutData(String),
    /// The call takes effect; what it answers has no `data`.
    WithoutData,
    /// A page of HTML with this status; no effect.
    HtmlBefore(u16),
    /// The call takes effect; the answer is a page of HTML with this status.
    HtmlAfter(u16),
    /// The access token of the call has just expired: this call and all later ones.
    TokenExpires,
    /// At a status: what is said is that processing goes on, whatever is true.
    StatusStuck,
    /// At a status: this `status`, whatever is true.
    StatusSays(String),
    /// At an init: the publish is taken and fails in the end, with this `fail_reason`, known or not.
    FailsWith(String),
    /// At an init: the publish is taken and never ends.
    NeverEnds,
}

impl FaultKind {
    /// The answer of a call that doesn't get to take effect, of a kind that needs no code.
    pub(super) fn instead(&self) -> Option<Answer> {
        match self {
            Self::LostBefore => Some(Answer::Lost),
            Self::StatusBefore(status) => Some(empty(*status)),
            Self::HtmlBefore(status) => Some(html(*status)),
            _ => None,
        }
    }

    /// What becomes of the answer to a call that took effect.
    pub(super) fn afterwards(&self, answer: Answer) -> Answer {
        match self {
            Self::LostAfter => Answer::Lost,
            Self::StatusAfter(status) => empty(*status),
            Self::HtmlAfter(status) => html(*status),
            _ => answer,
        }
    }
}

pub(super) fn empty(status: u16) -> Answer {
    Answer::body(status, "text/plain", Vec::new())
}

fn html(status: u16) -> Answer {
    let page = "<!DOCTYPE html><html><head><title>Error</title></head><body>Something went wrong</body></html>";
    Answer::body(status, "text/html", page.into())
}

/// Something that goes wrong at one endpoint: by default once, with its next call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    endpoint: Endpoint,
    kind: FaultKind,
    account: Option<String>,
    /// Calls that come before it.
    skipped: u32,
    /// Calls that it still meets.
    left: u32,
}

impl Fault {
    /// The next call of `endpoint` meets `kind`.
    pub const fn on(endpoint: Endpoint, kind: FaultKind) -> Self {
        Self {
            endpoint,
            kind,
            account: None,
            skipped: 0,
            left: 1,
        }
    }

    /// The `n`-th call from now on, counted from 1, and not the next.
    #[must_use]
    pub const fn nth(mut self, n: u32) -> Self {
        self.skipped = n.saturating_sub(1);
        self
    }

    /// That many calls in a row.
    #[must_use]
    pub const fn times(mut self, times: u32) -> Self {
        self.left = times;
        self
    }

    /// Every call, until the faults are cleared.
    #[must_use]
    pub const fn always(self) -> Self {
        self.times(u32::MAX)
    }

    /// Only calls for this creator.
    #[must_use]
    pub fn of(mut self, open_id: &str) -> Self {
        self.account = Some(open_id.to_owned());
        self
    }

    /// Counts a call, and says what it meets.
    pub(super) fn meets(&mut self, endpoint: Endpoint, account: Option<&str>) -> Option<FaultKind> {
        let concerns = self.endpoint == endpoint
            && (self.account.is_none() || self.account.as_deref() == account);
        if !concerns || self.left == 0 {
            return None;
        }
        if self.skipped > 0 {
            self.skipped -= 1;
            return None;
        }
        if self.left < u32::MAX {
            self.left -= 1;
        }
        Some(self.kind.clone())
    }
}
