//! Which of Meta's endpoints a request is for.

use calendar_publish::ports::Method;

use crate::Request;

/// The host of the API with Instagram Login.
pub const GRAPH_INSTAGRAM: &str = "graph.instagram.com";
/// The host of the API with Facebook Login.
pub const GRAPH_FACEBOOK: &str = "graph.facebook.com";
/// The host that takes a video's bytes.
pub const RUPLOAD: &str = "rupload.facebook.com";
/// The host of Instagram's code exchange.
pub const API_INSTAGRAM: &str = "api.instagram.com";
/// The host of Instagram's consent page.
pub const WWW_INSTAGRAM: &str = "www.instagram.com";
/// The host of Facebook's consent page.
pub const WWW_FACEBOOK: &str = "www.facebook.com";

/// An endpoint. Faults are addressed to it, and the log names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// The consent pages, Instagram's and Facebook's.
    Authorize,
    /// Code to token: `POST api.instagram.com/oauth/access_token`.
    CodeExchange,
    /// Short to long-lived token: `GET graph.instagram.com/access_token`.
    LongLived,
    /// `GET graph.instagram.com/refresh_access_token`.
    Refresh,
    /// `GET graph.facebook.com/{v}/oauth/access_token`: code exchange and `fb_exchange_token`.
    FacebookToken,
    /// `GET /me`.
    Me,
    /// `GET graph.facebook.com/{v}/me/permissions`.
    Permissions,
    /// `GET graph.facebook.com/{v}/me/accounts`.
    Pages,
    /// `POST /{ig-id}/media`.
    CreateContainer,
    /// `GET /{container-id}`.
    ReadContainer,
    /// `POST rupload.facebook.com/ig-api-upload/{v}/{container-id}`.
    Upload,
    /// `POST /{ig-id}/media_publish`.
    Publish,
    /// `GET /{media-id}`.
    ReadMedia,
    /// `DELETE /{media-id}`.
    DeleteMedia,
    /// `GET /{ig-id}/media`.
    ListMedia,
    /// `GET /{ig-id}/stories`.
    ListStories,
    /// `GET /{ig-id}/content_publishing_limit`.
    PublishingLimit,
    /// `POST /{media-id}/comments`.
    Comment,
    /// `POST /{media-id}`: switches comments on or off.
    EditMedia,
    /// `POST /{ig-id}/subscribed_apps`.
    Subscribe,
    /// Nothing that the documentation knows.
    Unknown,
}

/// A request's endpoint and the parts of its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) endpoint: Endpoint,
    /// `v25.0`, where the path has one.
    pub(super) version: Option<String>,
    /// The object in the path: an account, a container, a media or `me`.
    pub(super) object: String,
}

impl Route {
    pub(super) fn of(request: &Request) -> Self {
        let mut parts: Vec<&str> = request
            .path
            .split('/')
            .filter(|part| !part.is_empty())
            .collect();
        if request.host == RUPLOAD {
            return Self::upload(request, &parts);
        }
        let version = parts
            .first()
            .filter(|part| is_version(part))
            .map(|part| (*part).to_owned());
        if version.is_some() {
            parts.remove(0);
        }
        let (endpoint, object) = endpoint(request, version.is_some(), &parts);
        Self {
            endpoint,
            version,
            object: object.to_owned(),
        }
    }

    fn upload(request: &Request, parts: &[&str]) -> Self {
        let (endpoint, version, object) = match parts {
            ["ig-api-upload", version, object] if is_version(version) => {
                (Endpoint::Upload, Some((*version).to_owned()), *object)
            }
            _ => (Endpoint::Unknown, None, ""),
        };
        let endpoint = match request.method {
            Method::Post => endpoint,
            _ => Endpoint::Unknown,
        };
        Self {
            endpoint,
            version,
            object: object.to_owned(),
        }
    }

    /// Whether the object is a number, as all but `me` are.
    pub(super) fn is_me(&self) -> bool {
        self.object == "me"
    }
}

fn endpoint<'a>(request: &Request, versioned: bool, parts: &[&'a str]) -> (Endpoint, &'a str) {
    use Endpoint as E;
    let graph = matches!(request.host.as_str(), GRAPH_INSTAGRAM | GRAPH_FACEBOOK);
    let facebook = request.host == GRAPH_FACEBOOK;
    let instagram = request.host == GRAPH_INSTAGRAM;
    match (request.method, parts) {
        (Method::Get, ["oauth", "authorize"])
            if !versioned && matches!(request.host.as_str(), WWW_INSTAGRAM | API_INSTAGRAM) =>
        {
            (E::Authorize, "")
        }
        (Method::Get, ["dialog", "oauth"]) if request.host == WWW_FACEBOOK => (E::Authorize, ""),
        (Method::Post, ["oauth", "access_token"])
            if request.host == API_INSTAGRAM && !versioned =>
        {
            (E::CodeExchange, "")
        }
        (Method::Get, ["oauth", "access_token"]) if facebook => (E::FacebookToken, ""),
        (Method::Get, ["access_token"]) if instagram && !versioned => (E::LongLived, ""),
        (Method::Get, ["refresh_access_token"]) if instagram && !versioned => (E::Refresh, ""),
        (Method::Get, ["me"]) if graph => (E::Me, "me"),
        (Method::Get, ["me", "permissions"]) if facebook => (E::Permissions, "me"),
        (Method::Get, ["me", "accounts"]) if facebook => (E::Pages, "me"),
        (Method::Post, [id, "media"]) if graph => (E::CreateContainer, id),
        (Method::Post, [id, "media_publish"]) if graph => (E::Publish, id),
        (Method::Get, [id, "media"]) if graph => (E::ListMedia, id),
        (Method::Get, [id, "stories"]) if graph => (E::ListStories, id),
        (Method::Get, [id, "content_publishing_limit"]) if graph => (E::PublishingLimit, id),
        (Method::Post, [id, "subscribed_apps"]) if graph => (E::Subscribe, id),
        (Method::Post, [id, "comments"]) if graph => (E::Comment, id),
        (Method::Post, [id]) if graph && is_number(id) => (E::EditMedia, id),
        // What the object is shows when it is looked up.
        (Method::Get, [id]) if graph && is_number(id) => (E::ReadMedia, id),
        (Method::Delete, [id]) if facebook && is_number(id) => (E::DeleteMedia, id),
        (_, [id, ..]) => (E::Unknown, id),
        (_, []) => (E::Unknown, ""),
    }
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v')
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
